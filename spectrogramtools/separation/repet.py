"""REPET, the repeating pattern extraction technique: what repeats is background.

Cut the spectrogram into periods, lay them on one another and take the median: what repeats stays, the voice above it
goes. A mask keeps of each cell what this model explains; the rest is foreground.

Beyond the paper, `repet` takes a hop of which the period is a whole multiple. With a fixed hop the periods slide
against each other by a part of a frame, and the median blurs.

Functions: `repet_masks` (on magnitudes) and `repet` (on a waveform); for a background that changes, `repet_extended`
(piece by piece) and `repet_adaptive` (a period for each frame).

References: Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice
separation", IEEE TASLP 21(1), 2013. Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering for music/voice
separation exploiting the repeating musical structure", ICASSP 2012.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.medians import median_across_periods
from spectrogramtools.separation.background import background_masks, rows_below, separate
from spectrogramtools.separation.period import find_period


def repet_masks(
    A: ArrayLike,
    period_frames: int | ArrayLike,
    mask: str = "soft",
    power: float = 2.0,
    highpass_bins: int = 0,
    nearest: int | None = None,
) -> tuple[NDArray, NDArray]:
    """Masks of the repeating background and of the foreground.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), not negative: the mixture's magnitudes.
    period_frames : frames; or an array of shape (n_frames,), a period for each frame.
    mask : "soft": a share of each cell; "binary": all of a cell of which the model explains at least half.
    power : of the soft mask. With 1 the share is min(model, A) / A, as in the paper; 2, the Wiener filter's form,
        scores about half a decibel higher.
    highpass_bins : so many of the lowest rows go to the background altogether.
    nearest : take the median over so many repetitions around each frame only; None takes all.

    Returns
    -------
    background, foreground : masks shaped like A that sum to one.

    Raises
    ------
    ValueError : A is complex, negative or not finite; a period or another argument is out of range.
    """
    A = checks.magnitudes(A)
    return background_masks(A, median_across_periods(A, period_frames, nearest), mask, power, highpass_bins)


def repet(
    y: ArrayLike,
    sr: int,
    period: float | None = None,
    hop_length: int | None = None,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int = 2048,
) -> tuple[NDArray, NDArray]:
    """Separate what repeats from what does not.

    Parameters
    ----------
    y : float array, shape (n_samples,) or (channels, n_samples); the channels have one common period and are separated
        one by one.
    sr : Hz.
    period : seconds, at most half of y; None lets `find_period` find it.
    hop_length : samples; None takes one near a quarter of win_length of which the period is a whole multiple.
    highpass : Hz; everything below goes to the background. 100 helps most singers, but not a bass.
    mask, power : as for `repet_masks`; win_length : samples.

    Returns
    -------
    background, foreground : shaped like y; they sum to y.

    Raises
    ------
    ValueError : y is not a finite float waveform, or too short; an argument is out of range.
    """
    y = checks.channels(y)
    sr = checks.number(sr, "sr", 0, above=True)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    n_samples = y.shape[-1]
    period = find_period(y, sr) if period is None else seconds_that_repeat(period, n_samples, sr)
    hop = _hop(hop_length, period * sr, win_length)
    settings = dict(
        period_frames=max(1, round(period * sr / hop)),
        mask=mask,
        power=power,
        highpass_bins=rows_below(highpass, sr, win_length),
    )
    return separate(y, win_length, hop, lambda A: repet_masks(A, **settings)[0])


def repet_extended(
    y: ArrayLike,
    sr: int,
    segment: float = 10.0,
    period: float | None = None,
    hop_length: int | None = None,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int = 2048,
) -> tuple[NDArray, NDArray]:
    """REPET piece by piece, for a background that changes: overlapping segments, each with a period of its own.

    Parameters
    ----------
    segment : seconds a piece lasts; the next one begins half of it later, and pieces are faded into one another.
    y, sr, period, hop_length, highpass, mask, power, win_length : as for `repet`; period None is found in each piece.

    Returns
    -------
    background, foreground : shaped like y; they sum to y.

    Raises
    ------
    ValueError : as for `repet`; segment is longer than y.
    """
    y = checks.channels(y)
    sr = checks.number(sr, "sr", 0, above=True)
    background = np.zeros_like(y)
    for start, stop in _pieces(y.shape[-1], sr, segment):
        piece = y[..., start:stop]
        fade = np.ones(stop - start, y.dtype)
        half = int(segment * sr / 2)
        ramp = (np.arange(half, dtype=y.dtype) + y.dtype.type(0.5)) / half
        if start > 0:
            fade[:half] = ramp
        if stop < y.shape[-1]:
            fade[half:] = ramp[::-1]
        background[..., start:stop] += fade * repet(piece, sr, period, hop_length, highpass, mask, power, win_length)[0]
    return background, y - background


def repet_adaptive(
    y: ArrayLike,
    sr: int,
    segment: float = 10.0,
    nearest: int = 5,
    hop_length: int | None = None,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int = 2048,
) -> tuple[NDArray, NDArray]:
    """REPET with a period for each frame, and only the nearest repetitions in the median.

    Parameters
    ----------
    segment : seconds in which a local period is found; the next one begins half of it later.
    nearest : repetitions in the median, those nearest to a frame, itself among them.
    hop_length : samples; None takes one of which the most common period is a whole multiple.
    y, sr, highpass, mask, power, win_length : as for `repet`.

    Returns
    -------
    background, foreground : shaped like y; they sum to y.

    Raises
    ------
    ValueError : as for `repet`; segment is longer than y.
    """
    y = checks.channels(y)
    sr = checks.number(sr, "sr", 0, above=True)
    pieces = _pieces(y.shape[-1], sr, segment)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    sounding = [(start, stop) for start, stop in pieces if y[..., start:stop].any()]
    periods = np.array([find_period(y[..., start:stop], sr) * sr for start, stop in sounding])
    middles = np.array([(start + stop) / 2 for start, stop in sounding])
    hop = _hop(hop_length, float(np.median(periods)), win_length)

    def background(A: NDArray) -> NDArray:
        centres = np.arange(A.shape[1]) * hop
        nearest_piece = np.abs(centres[:, None] - middles).argmin(axis=1)
        frames = np.clip(np.round(periods[nearest_piece] / hop).astype(int), 1, A.shape[1] // 2)
        return repet_masks(A, frames, mask, power, rows_below(highpass, sr, win_length), nearest)[0]

    return separate(y, win_length, hop, background)


def fitting_hop(period: float, win_length: int) -> int:
    """The hop near a quarter of the window of which the period, in samples, is most nearly a whole multiple."""
    win_length = checks.whole_number(win_length, "win_length", 16)
    hops = np.arange(win_length // 6, win_length // 3 + 1)
    hops = hops[hops <= period] if (hops <= period).any() else hops[:1]
    slide = np.abs(period - hops * np.round(period / hops))
    # A sample of sliding weighs as much as a hop that is fifty samples away from the usual.
    return int(hops[np.argmin(slide + 0.02 * np.abs(hops - win_length / 4))])


def _hop(hop_length: int | None, period: float, win_length: int) -> int:
    """The hop that was asked for, or the one that fits the period."""
    return fitting_hop(period, win_length) if hop_length is None else checks.window_and_hop(win_length, hop_length)[1]


def seconds_that_repeat(period: float, n_samples: int, sr: float) -> float:
    """A period given by hand: it must occur twice."""
    period = checks.number(period, "period", 0, above=True)
    if period > n_samples / sr / 2:
        raise ValueError(
            f"period is {period:g} s, but y lasts {n_samples / sr:g} s: what does not occur twice does not repeat; "
            f"use at most {n_samples / sr / 2:g} s."
        )
    return period


def _pieces(n_samples: int, sr: float, segment: float) -> list[tuple[int, int]]:
    """Start and stop of segments that overlap by half; the last one reaches to the end."""
    segment = checks.number(segment, "segment", 0, above=True)
    length = 2 * int(segment * sr / 2)  # even, so that one half fades out exactly where the other fades in
    if length > n_samples or length < 2:
        raise ValueError(
            f"segment is {segment:g} s, but y lasts {n_samples / sr:g} s: use a shorter one, or repet itself."
        )
    starts = range(0, max(1, n_samples - length + 1), length // 2)
    return [(start, n_samples if start == starts[-1] else start + length) for start in starts]
