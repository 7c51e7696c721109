"""How each peer's result is got from our functions: written down once, used by tests and benchmarks.

Each function names the peer's conventions and does nothing but choose arguments. `A` is a magnitude spectrogram.
"""

import numpy as np

from spectrogramtools import (
    STFT,
    apply_mask,
    beat_spectrum,
    ft2d_masks,
    hpss_masks,
    iSTFT,
    median_across_similar,
    repeating_mask,
    repet_masks,
    similar_frames,
    similarity_matrix,
    soft_masks,
)


def tralie_hpss_masks(A, winh=20, winv=40):
    """Class notes: medfilt (zero edges), 2 winh + 1 frames, 2 winv + 1 bins, on magnitudes, SH / (SH + SP)."""
    return hpss_masks(A, winh_frames=winh, winv_bins=winv, mask="soft", power=1, edges="zero")


def librosa_hpss_masks(A, kernel_size=(31, 31), power=2.0, margin=(1.0, 1.0)):
    """librosa.decompose.hpss: reflected edges, on magnitudes, power 2, odd kernels (harmonic, percussive)."""
    winh, winv = kernel_size[0] // 2, kernel_size[1] // 2
    return hpss_masks(A, winh_frames=winh, winv_bins=winv, mask="soft", power=power, margin=margin)


def libfmp_hpss_masks(A, frames=31, bins=31):
    """libfmp's hps: medfilt (zero edges) on powers, binary masks, a tie is harmonic."""
    return hpss_masks(A**2, winh_frames=frames // 2, winv_bins=bins // 2, mask="binary", edges="zero")


def nussl_period_frames(A, sr, hop_length):
    """nussl's Repet: the largest value of the unbiased beat spectrum of |X|^2 from 0.8 s to min(8 s, a third)."""
    b = beat_spectrum(A)
    first = int(np.ceil(0.8 * sr / hop_length))
    last = min(int(np.ceil(8 * sr / hop_length)), len(b) // 3)
    return first + int(np.argmax(b[first : last + 1]))


def nussl_repet_masks(A, period_frames, sr, highpass=100.0):
    """nussl's Repet: all repetitions, soft mask; rows below the bin nearest to 100 Hz, DC too, are background."""
    win_length = 2 * (len(A) - 1)
    return repet_masks(A, period_frames, mask="soft", power=1, highpass_bins=round(highpass * win_length / sr))


def nussl_repet(y, sr, win_length=2048, hop_length=512):
    """nussl's Repet from end to end, blind: square root of Hann (our half-sine), centred, hop 512."""
    S = STFT(y, win_length, hop_length, center=True)
    A = np.abs(S)
    masks = nussl_repet_masks(A, nussl_period_frames(A, sr, hop_length), sr)
    return tuple(iSTFT(apply_mask(S, M), win_length, hop_length, center=True, length=len(y)) for M in masks)


def repet_python_period_frames(A, sr, hop_length):
    """REPET-Python: the largest value from 1 to 10 s, at most a third. It returns lag + 1; here it is the lag."""
    b = beat_spectrum(A)
    first, last = round(sr / hop_length), min(round(10 * sr / hop_length), len(b) // 3)
    return first + int(np.argmax(b[first : last + 1]))


def repet_python_masks(A, period_frames, sr, highpass=100.0):
    """REPET-Python: as nussl, but rows 1 … round(100 N / sr) are background, and DC is masked like any other row."""
    return without_dc(*repet_masks(A, period_frames, mask="soft", power=1), A, sr, highpass)


def repet_python_sim_masks(A, sr, hop_length, highpass=100.0):
    """REPET-Python's sim: cosine, threshold 0, at least 1 s apart, at most 100 frames, the frame itself counts."""
    # Its peaks are strictly higher than all within `distance` on each side; ours may lie `distance` apart.
    distance = round(sr / hop_length) + 1
    neighbours = similar_frames(similarity_matrix(A), count=100, distance_frames=distance)
    M = repeating_mask(A, median_across_similar(A, neighbours))
    return without_dc(M, 1 - M, A, sr, highpass)


def nussl_sim_masks(A, distance, count=100):
    """nussl's RepetSim: as REPET-Python's, but the frame itself does not count."""
    neighbours = similar_frames(similarity_matrix(A), count=count + 1, distance_frames=distance)
    others = [near[near != t] if len(near) > 1 else near for t, near in enumerate(neighbours)]
    M = repeating_mask(A, median_across_similar(A, others))
    return M, 1 - M


def nussl_ft2d_masks(A):
    """nussl's FT2D: peaks of |fft2(A)| in neighbourhoods of (1, 25), a mask from the minimum with A."""
    return ft2d_masks(A, neighbourhood=(1, 25), mask="soft", power=1)


def librosa_vocals_masks(A, neighbours, margins=(2, 10), power=2):
    """librosa's gallery, "vocal separation": medians over nearest neighbours, soft masks with margins 2 and 10."""
    background = np.minimum(A, median_across_similar(A, neighbours))
    foreground = A - background
    return (
        soft_masks(background, margins[0] * foreground, power=power)[0],
        soft_masks(foreground, margins[1] * background, power=power)[0],
    )


def without_dc(background, foreground, A, sr, highpass):
    win_length = 2 * (len(A) - 1)
    background = background.copy()
    background[1 : round(highpass * win_length / sr) + 1] = 1
    return background, 1 - background
