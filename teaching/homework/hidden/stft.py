"""Homework 1: what its marks are made of, and how its broken sounds were made."""

import numpy as np
from grading import course, diagnosis
from grading.compare import ALIKE, Classic, Found, Leaning, alike, array, error_db
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
    return STFT(np.asarray(y, np.result_type(y, np.float32)), len(window), hop, winfunc=lambda _: window)


def signal(S, window, hop):
    return iSTFT(S, len(window), hop, winfunc=lambda _: window)


# 1 · Build

LOST = Classic("the last frame lost, though it just fits", "lecture 1, section 5")
FILLED = Classic("a frame that reaches beyond the end", "lecture 1, section 5")
NO_WINDOW = Classic("frames without their window", "lecture 1, section 2")
MAGNITUDES = Classic("magnitudes, without the angles", "lecture 1, section 4")


def spectra_of(student, what, y, window, hop, limit=ALIKE):
    right = spectra(y, window, hop)
    filled = np.concatenate([y, np.zeros(hop)])
    known = (
        (LOST, right[:, :-1]),
        (FILLED, spectra(filled, window, hop)),
        (NO_WINDOW, spectra(y, np.ones(len(window)), hop)),
        (MAGNITUDES, np.abs(right)),
    )
    return alike(what, student.stft(y, window, hop), right, limit, known)


@part("check_stft", weight=3)
def spectra_of_noise(student):
    hop = between("values", 17, 25)
    y = noise("values", 64 + 26 * hop)
    return spectra_of(student, f"W = 64, hop = {hop}, and no sample is left", y, sine(64), hop)


@part("check_stft")
def odd_window(student):
    return spectra_of(student, "An odd window, W = 51", noise("odd", 500), sine(51), 20)


@part("check_stft")
def one_frame(student):
    y = np.round(9 * noise("one", 40)).astype(int)
    return spectra_of(student, "One frame and a bit, in whole numbers", y, sine(32), 16)


@part("check_stft")
def lopsided_window(student):
    y, window = noise("lopsided", 305).astype(np.float32), np.linspace(0.1, 1, 40).astype(np.float32)
    return spectra_of(student, "A lopsided window, in float32", y, window, 10, -80)


NO_SECOND = Classic("frames that are not faded once more", "lecture 2, section 2")
WINDOWS = Classic("a division by the sum of the windows, not of their squares", "lecture 2, section 3")
UNDIVIDED = Classic("frames that are added and divided by nothing", "lecture 2, section 3")
EXPLODES = Classic("an edge that explodes", "lecture 2, section 7")


def put_together(frames, hop):
    """Frames, as columns, each in its place, and added."""
    W, n = frames.shape
    y = np.zeros(W + hop * (n - 1))
    for i in range(n):
        y[i * hop : i * hop + W] += frames[:, i]
    return y


def classic_ways_back(frames, window, hop, keep=slice(None)):
    """Classic mistakes, each with the samples that it makes."""
    fading = np.repeat(window[:, None], frames.shape[1], axis=1)
    once, twice = put_together(frames, hop), put_together(frames * fading, hop)
    windows, squares = put_together(fading, hop), put_together(fading**2, hop)
    ways = ((NO_SECOND, once, windows), (NO_SECOND, once, squares), (WINDOWS, twice, windows))
    known = [(classic, np.where(by >= 0.01 * by.max(), y / by, 0)) for classic, y, by in ways]
    known += [(UNDIVIDED, twice), (EXPLODES, twice / squares)]
    return [(classic, y[keep]) for classic, y in known]


def way_back(student, what, S, window, hop, right, keep=slice(None)):
    result = array(student.istft(S, window, hop))
    frames = np.fft.irfft(S, n=len(window), axis=0)
    if result.shape == (len(window) + hop * (S.shape[1] - 1),):
        result = result[keep]
    return alike(what, result, right[keep], known=classic_ways_back(frames, window, hop, keep))


def there_and_back(student, purpose, W, hop):
    y, window = noise(purpose, W + 12 * hop), sine(W)
    # From our own spectra: a wrong stft costs nothing here, and a y that it may have kept is of no use.
    what = f"The way back, W = {W}, hop = {hop}"
    return way_back(student, what, spectra(y, window, hop), window, hop, y, slice(W, len(y) - W))


@part("check_istft", weight=2)
def hop_that_divides(student):
    return there_and_back(student, "divides", 64, 32)


@part("check_istft")
def hop_that_does_not(student):
    return there_and_back(student, "does not", 64, between("does not", 21, 29))


@part("check_istft", weight=2)
def odd_window_back(student):
    return there_and_back(student, "odd back", 63, 20)


@part("check_istft", weight=3)
def masked(student):
    # So long a window that its squares pass a hundredth in small steps.
    window = sine(512)
    S = spectra(noise("masked", 512 + 8 * 160), window, 160)
    S = S * course.random("stft", "mask").uniform(size=S.shape)
    return way_back(student, "A spectrogram after a mask, edges and all", S, window, 160, signal(S, window, 160))


@part("check_istft")
def just_a_hundredth(student):
    # The sums of the squared windows are 1 64 26 100 26 100 25 36.
    window = np.array([1.0, 8, 5, 6])
    S = course.random("stft", "hundredth").uniform(1, 2, size=(3, 3)).astype(complex)
    return way_back(student, "Where the sum is just a hundredth", S, window, 2, signal(S, window, 2))


@part("check_istft")
def edges(student):
    # A Hann window's squares are next to nothing at its ends, where frames without their high frequencies are not.
    window, most = sine(64) ** 2, 0.0
    for take in range(5):
        S = spectra(noise(f"edges {take}", 640), window, 32)
        S[8:] = 0
        result = array(student.istft(S, window, 32))
        if result.shape != (640,) or error_db(result[64:-64], signal(S, window, 32)[64:-64]) > ALIKE:
            return 0.0, "The edges after a mask: what lies between them is not right either."
        most = max(most, float(np.abs(result).max()))
    told = f"After a mask the loudest sample is {most:.3g}; an edge that explodes is louder than 10."
    return Found(1.0, told) if most < 10 else Found(0.0, f"{told} {EXPLODES}", EXPLODES.title)


# 2 · Twist

IN_FRONT = Classic("zeros before a frame, not behind it, which is a delay", "lecture 1, section 4")


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


def long_spectra_of(student, what, y, window, hop, n_fft):
    right, more = long_spectra(y, window, hop, n_fft), n_fft - len(window)
    rows = np.arange(1 + n_fft // 2)[:, None]
    known = [
        (LOST, right[:, :-1]),
        (NO_WINDOW, long_spectra(y, np.ones(len(window)), hop, n_fft)),
        *((IN_FRONT, right * np.exp(-2j * np.pi * rows * late / n_fft)) for late in {more, more // 2} if late),
    ]

    def with_theirs():
        # stft does it, for a window and a signal with zeros behind them.
        behind = np.zeros(more)
        return student.stft(
            np.concatenate([padded(y, len(window), hop), behind]), np.concatenate([window, behind]), hop
        )

    leaning = Leaning(student, "stft", with_theirs)
    return alike(what, student.stft_padded(y, window, hop, n_fft), right, known=known, leaning=leaning)


@part("check_stft_padded", weight=3)
def padded_values(student):
    hop = between("padded", 11, 15)
    # 171 and 40 are a prime number together: no hop fits.
    return long_spectra_of(
        student, f"W = 40, hop = {hop}, n_fft = 96, where zeros must be put", noise("padded", 171), sine(40), hop, 96
    )


@part("check_stft_padded", weight=2)
def nothing_to_fill(student):
    return long_spectra_of(student, "A hop that fits, n_fft = W", noise("fits", 160), sine(32), 16, 32)


@part("check_stft_padded", weight=2)
def shorter_than_a_window(student):
    what = "A signal shorter than a window, an odd n_fft"
    return long_spectra_of(student, what, noise("short", 11), sine(32), 10, 45)


RESTS = Classic("the rest of a frame, which the window never touched, left in", "lecture 2, section 2")


def long_way_back(student, what, S, window, hop, n_fft, right):
    W = len(window)
    keep = slice(W, W + len(right))
    frames = np.fft.irfft(S, n=n_fft, axis=0)
    squares = put_together(np.repeat(window[:, None] ** 2, S.shape[1], axis=1), hop)[keep]
    faded = frames.copy()
    faded[:W] *= window[:, None]
    known = [
        *classic_ways_back(frames[:W], window, hop, keep),
        *((RESTS, put_together(some, hop)[keep] / squares) for some in (faded, frames)),
    ]

    def with_theirs():
        back = array(student.istft(np.fft.rfft(frames[:W], axis=0), window, hop))
        return np.ravel(back)[keep]

    result = student.istft_padded(S, window, hop, n_fft, len(right))
    return alike(what, result, right, known=known, leaning=Leaning(student, "istft", with_theirs))


def every_sample(student, purpose, n, W, hop, n_fft):
    y, window = noise(purpose, n), sine(W)
    what = f"{n} samples, W = {W}, hop = {hop}, n_fft = {n_fft}"
    return long_way_back(student, what, long_spectra(y, window, hop, n_fft), window, hop, n_fft, y)


@part("check_istft_padded", weight=2)
def every_sample_back(student):
    return every_sample(student, "every", between("every", 190, 230), 48, 17, 100)


@part("check_istft_padded")
def every_sample_of_few(student):
    return every_sample(student, "few", 7, 32, 9, 64)


@part("check_istft_padded", weight=2)
def every_sample_odd(student):
    return every_sample(student, "odd every", 150, 33, 14, 65)


@part("check_istft_padded", weight=5)
def padded_mask(student):
    window = sine(40)
    S = long_spectra(noise("long mask", 200), window, 13, 128)
    S = S * course.random("stft", "long mask").uniform(size=S.shape)
    return long_way_back(student, "After a mask", S, window, 13, 128, long_signal(S, window, 13, 128, 200))


LEAKAGE = Classic("a tone without a window, on whose side another one leans", "lecture 1, section 8")
COARSE = Classic("a grid as coarse as the tone is short, without zeros behind it", "lecture 1, section 3")
ROWS = Classic("a row, not its frequency", "lecture 1, section 3")
PARTNER = Classic("the partner, which is fainter", "lecture 1, section 8")


def highest(y, n):
    """Where a spectrum of n samples is highest, in periods a sample."""
    return np.argmax(np.abs(np.fft.rfft(y, n=n))) / n


def heard_as(student, purpose, apart):
    """Five tones with a partner each: the worst one counts."""
    random = course.random("stft", purpose)
    t, window, found, right = np.arange(900) / 8000, np.hanning(900), [], random.uniform(500, 1500, size=5)
    known = {LEAKAGE: [], COARSE: [], ROWS: [], PARTNER: right + apart}
    for frequency, phase in zip(right, np.arange(5), strict=True):
        y = np.sin(2 * np.pi * frequency * t + phase) + 0.7 * np.sin(2 * np.pi * (frequency + apart) * t)
        told = array(student.tuner(y, 8000, 65536))
        real = told.shape == () and told.dtype.kind in "iuf" and np.isfinite(told)
        found.append(float(told) if real else np.inf)
        known[LEAKAGE].append(8000 * highest(y, 65536))
        known[COARSE].append(8000 * highest(window * y, 900))
        known[ROWS].append(65536 * highest(window * y, 65536))
    worst = np.abs(found - right).max()
    where = f"{abs(apart)} Hz {'above' if apart > 0 else 'below'} it"
    told = f"Five tones, each with a partner {where}: up to {worst:.2f} Hz off; two steps are 0.24 Hz."
    if worst <= 2 * 8000 / 65536:
        return Found(1.0, told)
    for classic, gives in known.items():
        if np.allclose(found, gives, rtol=0, atol=0.2):
            return Found(0.0, f"{told} {classic}", classic.title)
    return Found(0.0, told)


@part("check_tuner")
def tones_with_a_far_partner(student):
    return heard_as(student, "far", 1500)


@part("check_tuner", weight=2)
def tones_with_a_near_partner(student):
    return heard_as(student, "near", 45)


@part("check_tuner", weight=2)
def tones_with_a_partner_below(student):
    return heard_as(student, "below", -45)


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
