"""A band that breathes: where does each moment of the music come again, when the tempo moves?

Beside each moment lies the one that is a period later. While the tempo moves, so does this distance. It is followed
from moment to moment: of all lags near the period the path is taken along which the music is most like itself, and
which moves little from one moment to the next (the Viterbi algorithm). From the first repetition, one step after the
other leads to all others; so frames can be placed at equal places of the pattern instead of equal times.

Functions: `follow_period`; `places_of_frames`, for `repet_adaptive`.

Near in the literature: Smith and Goto, "Nonnegative tensor factorization for source separation of loops in audio",
ICASSP 2018 (an STFT that starts anew at each downbeat); order tracking, in the diagnosis of machines (a fixed number of
samples in each revolution).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.progress import progress, wanted
from spectrogramtools.separation.period import find_period, seconds_that_repeat
from spectrogramtools.transforms import halfsine, lasting

# Seconds of the window in which the music is looked at, and how many looks a window.
WINDOW, LOOKS = 2048 / 22050, 16
# Frames that are looked at together.
BLOCK = 1024
# The tempo moves by so much of itself at most, in the whole piece.
REACH = 0.1
# Seconds over which likeness is gathered, twice, and over which the path is smoothed.
GATHERED, SMOOTHED = 0.25, 0.5
# Every so many looks the lag may change by one look; what a change costs, in mean likenesses.
STEP, COST = 4, 0.15


def follow_period(y: ArrayLike, sr: float, *, period: float | None = None, verbose: bool = False) -> tuple[Real, Real]:
    """How long it takes until each moment of the music comes again.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; all channels have one period.
    sr : float
        Hz.
    period : float, optional
        Seconds, about; it is followed while it moves by up to a tenth. None lets `find_period` find it.
    verbose : bool, optional
        Show how far the work is.

    Returns
    -------
    times : array of float, shape (n,)
        Seconds, 23 ms apart.
    periods : array of float, shape (n,)
        Seconds; what happens at times[i] happens again at times[i] + periods[i].

    Raises
    ------
    ValueError
        If y is silent, not finite or too short, or the period is out of range.

    Examples
    --------
    >>> from spectrogramtools import follow_period, load_clip
    >>> clip = load_clip("waltz_clarinet")  # a sequencer plays it
    >>> times, periods = follow_period(clip.mixture, clip.sr)
    >>> round(float(periods.min()), 1), round(float(periods.max()), 1)
    (2.8, 2.8)
    """
    y, sr = np.atleast_2d(checks.sound(y)), checks.rate(sr)
    verbose = wanted(verbose)
    period = find_period(y, sr) if period is None else seconds_that_repeat(period, y.shape[1], sr)
    win_length = lasting(WINDOW, sr)
    hop = win_length / LOOKS
    looks = _looks(y, sr, win_length)
    lags = np.arange(int(period * (1 - REACH) * sr / hop), int(period * (1 + REACH) * sr / hop) + 2)
    lags = lags[(lags >= 1) & (lags < looks.shape[1] - STEP)]
    until = looks.shape[1] - int(period * sr / hop)
    likeness = _gathered(looks, lags, max(1, round(GATHERED * sr / hop)), verbose)[:, :until:STEP]
    path = _best_path(likeness, COST * float(np.abs(likeness).mean()))
    periods = lags[path] + _vertex(likeness, path)
    periods = _smooth(periods, max(1, round(SMOOTHED * sr / hop / STEP)))
    return np.arange(len(periods)) * STEP * hop / sr, periods * hop / sr


def places_of_frames(
    times: Real, periods: Real, n_samples: int, sr: float, hop_length: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], int]:
    """The samples around which frames are taken, up to the end, and how many of them a period has.

    Frame k of each repetition lies where frame k of the one before comes again.
    """
    frames = max(1, round(float(np.median(periods)) * sr / hop_length))
    repetition = periods[0] * np.arange(frames) / frames
    placed = [repetition]
    while placed[-1][-1] * sr < n_samples:
        placed.append(placed[-1] + np.interp(placed[-1], times, periods))
    places = np.round(np.concatenate(placed) * sr).astype(np.int64)
    # One frame beyond the end, so that the last sample lies between two.
    return places[: int(np.searchsorted(places, n_samples)) + 1], frames


def _looks(y: Real, sr: float, win_length: int) -> Real:
    """What the music looks like from moment to moment: bands of an eighth of an octave, shape (bands, n).

    Of each band the square root of its mean magnitude, without what it is around, in units of its own deviation: a
    soft band has the same vote as a loud one.
    """
    hop = win_length // LOOKS
    padded = np.pad(y, ((0, 0), (win_length // 2, win_length // 2)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, win_length, axis=1)[:, ::hop]
    window = halfsine(win_length).astype(y.dtype)
    starts = np.unique(np.round(80 * 2 ** (np.arange(72) / 8) * win_length / sr).astype(int))
    starts = starts[starts < win_length // 2]
    widths = np.diff(np.append(starts, 1 + win_length // 2))[:, None]
    blocks = []
    for first in range(0, frames.shape[1], BLOCK):
        A = np.abs(np.fft.rfft(frames[:, first : first + BLOCK] * window)).astype(np.float32)
        bands = [np.add.reduceat(channel.T, starts, axis=0) for channel in A]
        blocks.append(np.sqrt(np.mean(bands, axis=0) / widths))
    looks = np.concatenate(blocks, axis=1)
    looks -= _smooth(looks, max(1, round(sr / hop)))
    looks /= looks.std(axis=1, keepdims=True) + np.finfo(np.float32).tiny
    return looks


def _gathered(looks: Real, lags: np.ndarray, width: int, verbose: bool = False) -> Real:
    """Likeness of each moment to the one a lag later, shape (lags, n), gathered over its neighbourhood."""
    likeness = np.zeros((len(lags), looks.shape[1]), np.float32)
    for row, lag in progress(list(zip(likeness, lags, strict=True)), "lags", verbose):
        row[:-lag] = np.einsum("ij,ij->j", looks[:, :-lag], looks[:, lag:])
    return _smooth(_smooth(likeness, width), width)


def _best_path(likeness: Real, cost: float) -> np.ndarray:
    """The row for each column: the path of the largest sum, in which each change to the next row costs something."""
    best = likeness[:, 0].copy()
    came = np.zeros(likeness.shape, np.int8)
    edge = np.full(1, -np.inf, likeness.dtype)
    for t in range(1, likeness.shape[1]):
        ways = np.stack([best, np.concatenate([edge, best[:-1]]) - cost, np.concatenate([best[1:], edge]) - cost])
        way = ways.argmax(axis=0)
        came[:, t] = np.array([0, -1, 1])[way]
        best = np.take_along_axis(ways, way[None], axis=0)[0] + likeness[:, t]
    path = np.empty(likeness.shape[1], int)
    path[-1] = best.argmax()
    for t in range(len(path) - 1, 0, -1):
        path[t - 1] = path[t] + came[path[t], t]
    return path


def _vertex(likeness: Real, path: np.ndarray) -> Real:
    """By how much the top of the parabola through a row and its neighbours lies beside the row."""
    if len(likeness) < 3:
        return np.zeros(len(path))
    columns, middle = np.arange(len(path)), np.clip(path, 1, len(likeness) - 2)
    before, here, after = (likeness[middle + d, columns] for d in (-1, 0, 1))
    bend = before - 2 * here + after
    beside = np.divide(0.5 * (before - after), bend, out=np.zeros_like(bend), where=bend < 0)
    top: Real = np.clip(beside, -0.5, 0.5) + middle - path
    return top


def _smooth(x: Real, width: int) -> Real:
    """The mean over `width` columns."""
    from scipy.ndimage import uniform_filter1d

    smoothed: Real = uniform_filter1d(x, width, axis=-1)
    return smoothed
