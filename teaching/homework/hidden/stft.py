"""Homework 1: what its marks are made of, and how its broken sounds were made."""

import numpy as np
from grading import course, diagnosis
from grading.compare import ALIKE, alike, array, error_db
from grading.marking import Parts

from spectrogramtools import STFT, halfsine, iSTFT, load_clip

part = Parts()

MISTAKES = ("wrong hop", "no phase", "no window sum", "power", "conjugate", "lost frames")
CLIPS = ("violin_castanets", "guitar_drums", "speech_loop")
# Seconds of each clip that are handed out.
PASSAGE = (2, 6)


def noise(purpose, n):
    return course.random("stft", purpose).standard_normal(n)


def between(purpose, low, high):
    return int(course.random("stft", "size", purpose).integers(low, high + 1))


def sine(W):
    return np.sin(np.pi * (np.arange(W) + 0.5) / W)


def spectra(y, window, hop):
    return STFT(np.asarray(y), len(window), hop, winfunc=lambda _: window)


def signal(S, window, hop):
    return iSTFT(S, len(window), hop, winfunc=lambda _: window)


# 1 · Build


@part("check_stft", weight=3)
def spectra_of_noise(student):
    hop = between("values", 17, 25)
    y, window = noise("values", 600), sine(64)
    return alike(f"W = 64, hop = {hop}", student.stft(y, window, hop), spectra(y, window, hop))


@part("check_stft")
def odd_window(student):
    y, window = noise("odd", 500), sine(51)
    return alike("An odd window, W = 51", student.stft(y, window, 20), spectra(y, window, 20))


@part("check_stft")
def one_frame(student):
    y, window = noise("one", 40), sine(32)
    return alike("A signal of one frame and a bit", student.stft(y, window, 16), spectra(y, window, 16))


@part("check_stft")
def lopsided_window(student):
    y, window = noise("lopsided", 300).astype(np.float32), np.linspace(0.1, 1, 40).astype(np.float32)
    return alike("A lopsided window, in float32", student.stft(y, window, 10), spectra(y, window, 10), -80)


def there_and_back(student, purpose, W, hop):
    y, window = noise(purpose, W + 12 * hop), sine(W)
    # From our own spectra: a wrong stft costs nothing here, and a y that it may have kept is of no use.
    result = array(student.istft(spectra(y, window, hop), window, hop))
    middle = slice(W, len(y) - W)
    error = error_db(result[middle], y[middle]) if result.shape == y.shape else np.inf
    told = f"The way back, W = {W}, hop = {hop}: the error is {error:.0f} dB."
    return float(error < ALIKE), told


@part("check_istft", weight=2)
def hop_that_divides(student):
    return there_and_back(student, "divides", 64, 32)


@part("check_istft")
def hop_that_does_not(student):
    return there_and_back(student, "does not", 64, between("does not", 21, 29))


@part("check_istft")
def odd_window_back(student):
    return there_and_back(student, "odd back", 63, 20)


@part("check_istft", weight=2)
def masked(student):
    window = halfsine(64)
    mask = course.random("stft", "mask").uniform(size=(33, 21))
    S = mask * spectra(noise("masked", 64 + 20 * 24), window, 24)
    return alike("A spectrogram after a mask, edges and all", student.istft(S, window, 24), signal(S, window, 24))


@part("check_istft")
def edges(student):
    window = halfsine(64)
    S = spectra(noise("edges", 640), window, 32) * np.linspace(0.1, 1, 33)[:, None]
    result = array(student.istft(S, window, 32))
    if result.shape != (640,) or error_db(result[64:-64], signal(S, window, 32)[64:-64]) > ALIKE:
        return 0.0, "The edges after a mask: what lies between them is not right either."
    most = float(np.abs(result).max())
    return float(most < 10), f"After a mask the loudest sample is {most:.3g}; an edge that explodes is louder than 10."


# 2 · Twist


def padded(y, W, hop):
    y = np.concatenate([np.zeros(W), y, np.zeros(W)])
    return np.concatenate([y, np.zeros(-(len(y) - W) % hop)])


def long_spectra(y, window, hop, n_fft):
    W = len(window)
    frames = np.lib.stride_tricks.sliding_window_view(padded(y, W, hop), W)[::hop]
    return np.fft.rfft(frames * window, n=n_fft, axis=1).T


def long_signal(S, window, hop, n_fft, length):
    W = len(window)
    frames = np.fft.irfft(S, n=n_fft, axis=0)[:W]
    return signal(np.fft.rfft(frames, axis=0), window, hop)[W : W + length]


@part("check_stft_padded", weight=3)
def padded_values(student):
    hop = between("padded", 11, 15)
    y, window = noise("padded", 170), sine(40)
    what = f"W = 40, hop = {hop}, n_fft = 96"
    return alike(what, student.stft_padded(y, window, hop, 96), long_spectra(y, window, hop, 96))


@part("check_stft_padded")
def nothing_to_fill(student):
    y, window = noise("fits", 160), sine(32)
    what = "A hop that fits, n_fft = W"
    return alike(what, student.stft_padded(y, window, 16, 32), long_spectra(y, window, 16, 32))


@part("check_stft_padded", weight=2)
def shorter_than_a_window(student):
    y, window = noise("short", 11), sine(32)
    what = "A signal shorter than a window, an odd n_fft"
    return alike(what, student.stft_padded(y, window, 10, 45), long_spectra(y, window, 10, 45))


def every_sample(student, purpose, n, W, hop, n_fft):
    y, window = noise(purpose, n), sine(W)
    S = long_spectra(y, window, hop, n_fft)
    error = error_db(student.istft_padded(S, window, hop, n_fft, n), y)
    told = f"{n} samples, W = {W}, hop = {hop}, n_fft = {n_fft}: the error is {error:.0f} dB."
    return float(error < ALIKE), told


@part("check_istft_padded", weight=2)
def every_sample_back(student):
    return every_sample(student, "every", between("every", 190, 230), 48, 17, 100)


@part("check_istft_padded")
def every_sample_of_few(student):
    return every_sample(student, "few", 7, 32, 9, 64)


@part("check_istft_padded", weight=2)
def every_sample_odd(student):
    return every_sample(student, "odd every", 150, 33, 14, 65)


@part("check_istft_padded", weight=2)
def padded_mask(student):
    window = sine(40)
    S = long_spectra(noise("long mask", 200), window, 13, 128)
    S = S * course.random("stft", "long mask").uniform(size=S.shape)
    right = long_signal(S, window, 13, 128, 200)
    return alike("After a mask", student.istft_padded(S, window, 13, 128, 200), right, ALIKE)


def heard_as(student, purpose, loudness, apart):
    """Five tones with a partner each: the worst one counts."""
    random = course.random("stft", purpose)
    t, worst = np.arange(900) / 8000, 0.0
    for frequency, phase in zip(random.uniform(500, 1500, size=5), np.arange(5), strict=True):
        y = np.sin(2 * np.pi * frequency * t + phase) + loudness * np.sin(2 * np.pi * (frequency + apart) * t)
        found = array(student.tuner(y, 8000, 65536))
        real = found.shape == () and found.dtype.kind in "iuf"
        worst = max(worst, abs(float(found) - frequency) if real and np.isfinite(found) else np.inf)
    told = f"Five tones, each with a partner {apart} Hz above it: up to {worst:.2f} Hz off; two steps are 0.24 Hz."
    return float(worst <= 2 * 8000 / 65536), told


@part("check_tuner")
def tones_with_a_far_partner(student):
    return heard_as(student, "far", 0.7, 1500)


@part("check_tuner", weight=2)
def tones_with_a_near_partner(student):
    return heard_as(student, "near", 0.7, 45)


# 3 · Diagnose

part += diagnosis.parts("stft", MISTAKES, CLIPS)

# Two windows overlap in a quarter only: their sum is not constant, and every mistake is heard well.
WINDOW, HOP = 2048, 1536


def broken(mistake, name):
    """A clip there and back, as a program with this mistake does it; as the right one does, if it has none of them."""
    y = load_clip(name).mixture[: 12 * 22050]
    S = STFT(y, WINDOW, HOP, center=True)
    if mistake == "no phase":
        S = np.abs(S).astype(S.dtype)
    elif mistake == "power":
        S = S * np.abs(S)
    elif mistake == "conjugate":
        S = np.conj(S)
    elif mistake == "lost frames":
        S = S.copy()
        S[:, ::8] = 0
    if mistake == "no window sum":
        out = added(S)
    else:
        out = iSTFT(S, WINDOW, HOP * 7 // 8 if mistake == "wrong hop" else HOP, center=True, length=len(y))
    return diagnosis.equally_loud(out, PASSAGE)


def added(S):
    """The frames laid over one another, and divided by nothing."""
    frames = np.fft.irfft(S, axis=0) * halfsine(WINDOW)[:, None]
    out = np.zeros(WINDOW + HOP * (S.shape[1] - 1))
    for i in range(S.shape[1]):
        out[i * HOP : i * HOP + WINDOW] += frames[:, i]
    return out[WINDOW // 2 :]
