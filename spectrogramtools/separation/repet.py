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

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.medians import median_across_periods
from spectrogramtools.separation.background import background_masks, check_settings, rows_below
from spectrogramtools.separation.period import find_period
from spectrogramtools.separation.separate import separate
from spectrogramtools.transforms import lengths


def repet_masks(
    A: ArrayLike,
    period_frames: int | ArrayLike,
    *,
    mask: str = "soft",
    power: float = 2.0,
    highpass_bins: int = 0,
    nearest: int | None = None,
) -> tuple[Real, Real]:
    """Masks of the repeating background and of the foreground.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    period_frames : int or array_like of int, shape (n_frames,)
        Frames; one period, or one for each frame.
    mask : {"soft", "binary"}, optional
        "soft": a share of each cell; "binary": all of a cell of which the model explains at least half.
    power : float, optional
        Of the soft mask. With 1 the share is min(model, A) / A, as in the paper; 2 has the Wiener filter's form, and
        scores about half a decibel higher on exact loops.
    highpass_bins : int, optional
        So many of the lowest rows go to the background altogether.
    nearest : int, optional
        Take the median over so many repetitions around each frame only; None takes all.

    Returns
    -------
    background : array of float, shaped like A
        The mask of what repeats.
    foreground : array of float, shaped like A
        1 - background.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite, or a period or another argument is out of range.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013, sections II.B and II.C.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import repet_masks
    >>> A = np.array([[1.0, 5.0, 1.0, 5.0, 9.0, 5.0]])  # 1 5 three times, and once a voice above the 1
    >>> background, foreground = repet_masks(A, 2, power=1)
    >>> (A * background).tolist()
    [[1.0, 5.0, 1.0, 5.0, 1.0, 5.0]]
    """
    A = checks.magnitudes(A)
    check_settings(mask, power, highpass_bins)
    model = median_across_periods(A, period_frames, nearest=nearest)
    return background_masks(A, model, mask=mask, power=power, highpass_bins=highpass_bins)


def repet(
    y: ArrayLike,
    sr: float,
    *,
    period: float | None = None,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int | None = None,
    hop_length: int | None = None,
) -> tuple[Real, Real]:
    """Separate what repeats from what does not.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; the channels have one common period and are separated one by one.
    sr : float
        Hz.
    period : float, optional
        Seconds, at most half of y; None lets `find_period` find it.
    highpass : float, optional
        Hz; everything below goes to the background. 100 helps most singers, but not a bass.
    mask : {"soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes one near a quarter of win_length of which the period is a whole
        multiple.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        If y is not a finite float waveform or is too short, or an argument is out of range.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import load_clip, repet, si_sdr
    >>> clip = load_clip("band_singer")
    >>> band, voice = repet(clip.mixture, clip.sr)
    >>> bool(si_sdr(clip.stems["voice"], voice) > si_sdr(clip.stems["voice"], clip.mixture) + 10)
    True
    """
    y, sr, win_length = _waveform(y, sr, win_length, hop_length)
    settings = _settings(highpass, mask, power, sr, win_length)
    if period is not None:
        period = seconds_that_repeat(period, y.shape[-1], sr)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    period = find_period(y, sr) if period is None else period
    hop = _hop(hop_length, period * sr, win_length)
    frames = max(1, round(period * sr / hop))
    background, foreground = separate(
        y, sr, lambda A: repet_masks(A, frames, **settings), win_length=win_length, hop_length=hop
    )
    return background, foreground


def repet_extended(
    y: ArrayLike,
    sr: float,
    *,
    segment: float = 10.0,
    period: float | None = None,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int | None = None,
    hop_length: int | None = None,
) -> tuple[Real, Real]:
    """REPET piece by piece, for a background that changes: overlapping segments, each with a period of its own.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; the channels have one common period and are separated one by one.
    sr : float
        Hz.
    segment : float, optional
        Seconds a piece lasts; the next one begins half of it later, and pieces are faded into one another.
    period : float, optional
        Seconds, at most half of a segment; None finds one in each piece.
    highpass : float, optional
        Hz; everything below goes to the background. 100 helps most singers, but not a bass.
    mask : {"soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes one near a quarter of win_length of which the period is a whole
        multiple.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        As for `repet`, and if segment is longer than y.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013: its extension to longer pieces.

    Examples
    --------
    >>> from spectrogramtools import load_clip, repet_extended
    >>> clip = load_clip("verse_chorus")
    >>> background, foreground = repet_extended(clip.mixture, clip.sr, segment=10)
    >>> background.shape == clip.mixture.shape
    True
    """
    y, sr, win_length = _waveform(y, sr, win_length, hop_length)
    _settings(highpass, mask, power, sr, win_length)
    how: dict[str, Any] = dict(highpass=highpass, mask=mask, power=power, win_length=win_length, hop_length=hop_length)
    background = np.zeros_like(y)
    for start, stop in _pieces(y.shape[-1], sr, segment):
        fade = np.ones(stop - start, y.dtype)
        half = int(segment * sr / 2)
        ramp = (np.arange(half, dtype=y.dtype) + y.dtype.type(0.5)) / half
        if start > 0:
            fade[:half] = ramp
        if stop < y.shape[-1]:
            fade[half:] = ramp[::-1]
        background[..., start:stop] += fade * repet(y[..., start:stop], sr, period=period, **how)[0]
    return background, y - background


def repet_adaptive(
    y: ArrayLike,
    sr: float,
    *,
    segment: float = 10.0,
    nearest: int = 5,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int | None = None,
    hop_length: int | None = None,
) -> tuple[Real, Real]:
    """REPET with a period for each frame, and only the nearest repetitions in the median.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; the channels have common periods and are separated one by one.
    sr : float
        Hz.
    segment : float, optional
        Seconds in which a local period is found; the next one begins half of it later.
    nearest : int, optional
        Repetitions in the median, those nearest to a frame, itself among them.
    highpass : float, optional
        Hz; everything below goes to the background. 100 helps most singers, but not a bass.
    mask : {"soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes one near a quarter of win_length of which the most common period is a
        whole multiple.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        As for `repet`, and if segment is longer than y.

    References
    ----------
    Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering for music/voice separation exploiting the repeating
    musical structure", ICASSP 2012.

    Examples
    --------
    >>> from spectrogramtools import load_clip, repet_adaptive
    >>> clip = load_clip("verse_chorus")
    >>> background, foreground = repet_adaptive(clip.mixture, clip.sr, nearest=7)
    >>> background.shape == clip.mixture.shape
    True
    """
    y, sr, win_length = _waveform(y, sr, win_length, hop_length)
    settings = _settings(highpass, mask, power, sr, win_length)
    nearest = checks.whole_number(nearest, "nearest", 1)
    pieces = _pieces(y.shape[-1], sr, segment)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    sounding = [(start, stop) for start, stop in pieces if y[..., start:stop].any()]
    periods = np.array([find_period(y[..., start:stop], sr) * sr for start, stop in sounding])
    middles = np.array([(start + stop) / 2 for start, stop in sounding])
    hop = _hop(hop_length, float(np.median(periods)), win_length)

    def masks(A: Real) -> tuple[Real, Real]:
        centres = np.arange(A.shape[1]) * hop
        nearest_piece = np.abs(centres[:, None] - middles).argmin(axis=1)
        frames = np.clip(np.round(periods[nearest_piece] / hop).astype(int), 1, A.shape[1] // 2)
        return repet_masks(A, frames, nearest=nearest, **settings)

    background, foreground = separate(y, sr, masks, win_length=win_length, hop_length=hop)
    return background, foreground


def _waveform(y: ArrayLike, sr: float, win_length: int | None, hop_length: int | None) -> tuple[Real, float, int]:
    """The mixture, its rate and the window, checked; the hop is checked as well, though the period decides later."""
    y, sr = checks.sound(y), checks.rate(sr)
    win_length, _ = lengths(win_length, hop_length, sr)
    return y, sr, checks.whole_number(win_length, "win_length", 16)


def _settings(highpass: float, mask: str, power: float, sr: float, win_length: int) -> dict[str, Any]:
    """What `repet_masks` is told, beside the period."""
    check_settings(mask, power)
    return dict(mask=mask, power=power, highpass_bins=rows_below(highpass, sr, win_length))


def fitting_hop(period: float, win_length: int) -> int:
    """The hop near a quarter of the window of which the period, in samples, is most nearly a whole multiple."""
    hops = np.arange(win_length // 6, win_length // 3 + 1)
    hops = hops[hops <= period] if (hops <= period).any() else hops[:1]
    slide = np.abs(period - hops * np.round(period / hops))
    # A sample of sliding weighs as much as a hop that is fifty samples away from the usual.
    return int(hops[np.argmin(slide + 0.02 * np.abs(hops - win_length / 4))])


def _hop(hop_length: int | None, period: float, win_length: int) -> int:
    """The hop that was asked for, or the one that fits the period."""
    return fitting_hop(period, win_length) if hop_length is None else int(hop_length)


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
    # Even, so that one half fades out exactly where the other fades in.
    length = 2 * int(min(segment * sr, n_samples + 2) / 2)
    if length > n_samples or length < 2:
        raise ValueError(
            f"segment is {segment:g} s, but y lasts {n_samples / sr:g} s: use a shorter one, or repet itself."
        )
    starts = range(0, max(1, n_samples - length + 1), length // 2)
    return [(start, n_samples if start == starts[-1] else start + length) for start in starts]
