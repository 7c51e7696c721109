"""What is compared on recordings: ours with their defaults, the peers with theirs, and what they all are measured by.

Each is a function of (y, sr, background, foreground) that returns the two estimates; only the ideal masks look at the
stems. The peers' conventions are those of `tests/peers.py`, with each peer's own window: nussl's lasts 32 ms and hops a
quarter of it, REPET-Python's 40 ms (a Hamming window) and hops half. Where there are two channels they have one period,
which is found in their mean, and masks of their own.
"""

import functools

import librosa
import numpy as np
import peers

from spectrogramtools import (
    STFT,
    ft2d,
    hpss,
    repet,
    repet_adaptive,
    repet_extended,
    repet_masks,
    repet_sim,
    separate,
    soft_masks,
)


def _above(seconds, sr):
    return 2 ** int(np.ceil(np.log2(seconds * sr)))


def _hamming(n):
    return np.hamming(n + 1)[:-1]


def _mean(y):
    return np.atleast_2d(y).mean(axis=0)


def mixture(y, sr, *_):
    return y, y


def highpass(y, sr, *_):
    def masks(A):
        low = np.zeros_like(A)
        low[: round(100 * 2 * (len(A) - 1) / sr)] = 1
        return low, 1 - low

    return separate(y, sr, masks)


def ideal_ratio_mask(y, sr, background, foreground):
    return _ideal(y, sr, background, foreground, lambda B, F: soft_masks(B, F))


def ideal_binary_mask(y, sr, background, foreground):
    return _ideal(y, sr, background, foreground, lambda B, F: ((B >= F).astype(B.dtype), (B < F).astype(B.dtype)))


def _ideal(y, sr, background, foreground, masks_of):
    found = []
    for channel, b, f in zip(*map(np.atleast_2d, (y, background, foreground)), strict=True):
        window = _above(0.09, sr)
        B, F = (np.abs(STFT(x, window, window // 4, center=True)) for x in (b, f))
        found.append(separate(channel, sr, lambda A, B=B, F=F: masks_of(B, F), win_length=window))
    return tuple(np.stack(parts).reshape(y.shape) for parts in zip(*found, strict=True))


def nussl_repet(y, sr, *_):
    win = _above(0.032, sr)
    A = np.abs(STFT(_mean(y), win, win // 4, center=True))
    period = peers.nussl_period_frames(A, sr, win // 4)
    return separate(y, sr, lambda A: peers.nussl_repet_masks(A, period, sr), win_length=win)


def nussl_ft2d(y, sr, *_):
    return separate(y, sr, peers.nussl_ft2d_masks, win_length=_above(0.032, sr))


def nussl_sim(y, sr, *_):
    win = _above(0.032, sr)
    distance = round(sr / (win // 4))
    return separate(y, sr, lambda A: peers.nussl_sim_masks(A, distance), win_length=win)


def _repet_python(y, sr, masks_of):
    """Masks from the magnitudes and the magnitudes of the channels' mean."""
    win = _above(0.04, sr)
    M = np.abs(STFT(_mean(y), win, win // 2, _hamming, center=True))
    return separate(y, sr, lambda A: masks_of(A, M, win // 2), win_length=win, hop_length=win // 2, winfunc=_hamming)


def repet_python(y, sr, *_):
    def masks_of(A, M, hop):
        return peers.repet_python_masks(A, peers.repet_python_period_frames(M, sr, hop), sr)

    return _repet_python(y, sr, masks_of)


def repet_python_sim(y, sr, *_):
    return _repet_python(y, sr, lambda A, M, hop: peers.repet_python_sim_masks(A, sr, hop))


def repet_python_adaptive(y, sr, *_, segment=10.0, step=5.0):
    """A period for each 10 s, 5 s apart, and the median of the five nearest repetitions."""

    def masks_of(A, M, hop):
        n, length, step_frames = M.shape[1], round(segment * sr / hop), round(step * sr / hop)
        centres = np.arange(0, n, step_frames)
        padded = np.pad(M, ((0, 0), (length // 2, length)))
        pieces = [padded[:, c : c + length] for c in centres]
        periods = np.array(
            [peers.repet_python_period_frames(p, sr, hop) if p.any() else round(sr / hop) for p in pieces]
        )
        each = np.minimum(periods[np.abs(np.arange(n)[:, None] - centres).argmin(axis=1)], n // 2)
        return peers.without_dc(*repet_masks(A, each, mask="soft", power=1, nearest=5), A, sr, 100.0)

    return _repet_python(y, sr, masks_of)


def repet_python_extended(y, sr, *_, segment=10.0, step=5.0):
    """Segments of 10 s, 5 s apart, faded into one another."""
    n, length, half = y.shape[-1], round(segment * sr), round(step * sr)
    if n < length + half:
        return repet_python(y, sr)
    background = np.zeros_like(y)
    starts = range(0, n - length + 1, half)
    ramp = ((np.arange(half) + 0.5) / half).astype(y.dtype)
    for start in starts:
        stop = n if start == starts[-1] else start + length
        fade = np.ones(stop - start, y.dtype)
        if start > 0:
            fade[:half] = ramp
        if stop < n:
            fade[-half:] = ramp[::-1]
        background[..., start:stop] += fade * repet_python(y[..., start:stop], sr)[0]
    return background, y - background


def librosa_vocals(y, sr, *_):
    """librosa's gallery, "vocal separation", with librosa itself."""

    def masks(A):
        A = A.astype(np.float64)
        width = int(librosa.time_to_frames(2, sr=sr))
        smooth = librosa.decompose.nn_filter(A, aggregate=np.median, metric="cosine", width=width)
        background = np.minimum(A, smooth)
        return (
            librosa.util.softmask(background, 2 * (A - background), power=2),
            librosa.util.softmask(A - background, 10 * background, power=2),
        )

    return separate(y, sr, masks, win_length=2048, hop_length=512)


def librosa_hpss(y, sr, *_):
    return tuple(
        np.stack(part).reshape(y.shape) for part in zip(*map(librosa.effects.hpss, np.atleast_2d(y)), strict=True)
    )


def libfmp_hpss(y, sr, *_):
    """Frames of 1024 samples at 22.05 kHz, hop a half; medians over 0.2 s and 500 Hz."""
    win = _above(0.04, sr)
    frames, bins = (2 * round(x / 2) + 1 for x in (0.2 * sr / (win // 2), 500 * win / sr))
    return separate(y, sr, lambda A: peers.libfmp_hpss_masks(A, frames, bins), win_length=win, hop_length=win // 2)


def _ours(method):
    return functools.wraps(method)(lambda y, sr, *_: method(y, sr))


REFERENCES = {
    "mixture": mixture,
    "high-pass 100 Hz": highpass,
    "ideal binary mask": ideal_binary_mask,
    "ideal ratio mask": ideal_ratio_mask,
}
# By kind: ours, and the peers' that do the same.
KINDS = {
    "repet": (_ours(repet), {"nussl REPET": nussl_repet, "REPET-Python": repet_python}),
    "repet_extended": (_ours(repet_extended), {"REPET-Python extended": repet_python_extended}),
    "repet_adaptive": (_ours(repet_adaptive), {"REPET-Python adaptive": repet_python_adaptive}),
    "repet_sim": (
        _ours(repet_sim),
        {"nussl REPET-SIM": nussl_sim, "REPET-Python SIM": repet_python_sim, "librosa vocals": librosa_vocals},
    ),
    "ft2d": (_ours(ft2d), {"nussl 2DFT": nussl_ft2d}),
}
DRUMS = {"hpss": (_ours(hpss), {"librosa HPSS": librosa_hpss, "libfmp HPSS": libfmp_hpss})}
