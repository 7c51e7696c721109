"""The medians: one idea, four neighbourhoods.

A source is what stays the same in some neighbourhood of a spectrogram cell; the median over that neighbourhood keeps it
and drops whatever is there only for a moment. Before and after the cell in time, the median keeps steady partials;
above and below it in frequency, it keeps clicks and drums. One, two, three periods away, it keeps what repeats; in the
frames that sound most alike, it keeps what recurs.

Functions: `median_across_time`, `median_across_frequency`, `median_across_periods`, `median_across_similar`.

Conventions: `width` counts all cells of the window and is odd. edges "reflect" continues the matrix mirrored, the
edge cell repeated (d c b a | a b c d | d c b a), as scipy.ndimage and librosa do; "zero" continues it with zeros, as
scipy.signal.medfilt does, and pulls the medians at the borders down.

A median of an even number of values is the mean of the two in the middle.

References: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010: its two filters.
Rafii and Pardo, "Repeating pattern extraction technique (REPET)", IEEE TASLP 21(1), 2013: the repeating segment.
Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering for music/voice separation exploiting the repeating
musical structure", ICASSP 2012: the period that varies. Rafii and Pardo, "Music/voice separation using the similarity
matrix", ISMIR 2012: the similar frames.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.running_median import running_median

# So many rows or fewer are sorted by swapping neighbours.
FEW = 12


def median_across_time(A: ArrayLike, width: int, edges: str = "reflect") -> NDArray:
    """Median of the `width` frames around each cell, each row for itself: promotes what is harmonic.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), finite.
    width : frames, odd; may be longer than the matrix.
    edges : "reflect" or "zero".

    Returns
    -------
    Array like A: equal to scipy.ndimage.median_filter(A, (1, width)), or with edges="zero" to
    scipy.signal.medfilt(A, (1, width)).

    Raises
    ------
    ValueError : A is complex, not a matrix or not finite; width is even.
    """
    A, width = _checked(A, width, edges)
    return running_median(A.T, width, edges).T


def median_across_frequency(A: ArrayLike, width: int, edges: str = "reflect") -> NDArray:
    """Median of the `width` bins around each cell, each column for itself: promotes what is percussive.

    Parameters, result and errors as for `median_across_time`, with `width` in bins.
    """
    A, width = _checked(A, width, edges)
    return running_median(A, width, edges)


def median_across_periods(A: ArrayLike, period_frames: int | ArrayLike, nearest: int | None = None) -> NDArray:
    """Median of the cells that lie whole periods apart: the repeating model of REPET.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), finite.
    period_frames : frames, at least 1 and at most half of A's; or an array of shape (n_frames,), a period for each
        frame.
    nearest : take only so many repetitions, those nearest to each frame, itself among them; None takes all.

    Returns
    -------
    Array like A. A frame of the last, partial period counts where it exists and nowhere else.

    Raises
    ------
    ValueError : A is complex, not a matrix or not finite; a period is out of range.
    """
    A = checks.real_spectrogram(A)
    n_frames = A.shape[1]
    periods = _periods(period_frames, n_frames)
    nearest = None if nearest is None else checks.whole_number(nearest, "nearest", 1)
    if periods.ndim == 0 and nearest is None:
        return _overlay(A.T, int(periods)).T
    return median_across_similar(A, [_repetitions(t, p, n_frames, nearest) for t, p in _each_frame(periods, n_frames)])


def median_across_similar(A: ArrayLike, neighbours: Sequence[ArrayLike]) -> NDArray:
    """Median over the frames that are named for each frame.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), finite.
    neighbours : for every frame the indices of the frames to take, at least one.

    Returns
    -------
    Array like A.

    Raises
    ------
    ValueError : A is complex, not a matrix or not finite; neighbours are missing or outside of A.
    """
    A = checks.real_spectrogram(A)
    frames = np.ascontiguousarray(A.T)
    if len(neighbours) != len(frames):
        raise ValueError(
            f"neighbours has {len(neighbours)} entries, but A has {len(frames)} frames: give one for each."
        )
    model = np.empty_like(frames)
    for t, chosen in enumerate(neighbours):
        model[t] = _middle(frames[checks.indices(chosen, f"neighbours[{t}]", len(frames))])
    return model.T


def _overlay(frames: NDArray, period: int) -> NDArray:
    """Cut into periods, lay them on one another, take the median, and lay it out again."""
    n_frames, n_bins = frames.shape
    whole, rest = divmod(n_frames, period)
    segments = frames[: whole * period].reshape(whole, period, n_bins)
    segment = np.empty((period, n_bins), frames.dtype)
    # The first `rest` frames of the pattern occur once more, in the last, partial period.
    partial = frames[whole * period :]
    segment[:rest] = _middle(np.concatenate([segments[:, :rest], partial[None]]))
    segment[rest:] = _middle(segments[:, rest:])
    model = np.empty_like(frames)
    model[: whole * period].reshape(segments.shape)[:] = segment
    model[whole * period :] = segment[:rest]
    return model


def _middle(values: NDArray) -> NDArray:
    """The median along the first axis; numpy's own is many times slower, because it sorts cell by cell."""
    values = _sorted_by_swaps(values) if len(values) <= FEW else np.sort(values, axis=0)
    low, high = (len(values) - 1) // 2, len(values) // 2
    if low == high:
        return values[low]
    return values[low] / 2 + values[high] / 2  # halved first: a sum could overflow


def _sorted_by_swaps(values: NDArray) -> NDArray:
    """Sort a few rows by comparing neighbours, all cells at once: for few rows this beats any clever way."""
    values = values.copy()
    for turn in range(len(values)):
        for i in range(turn % 2, len(values) - 1, 2):
            smaller = np.minimum(values[i], values[i + 1])
            np.maximum(values[i], values[i + 1], out=values[i + 1])
            values[i] = smaller
    return values


def _periods(period_frames: int | ArrayLike, n_frames: int) -> NDArray[np.int64]:
    """One period or one per frame, checked."""
    periods = np.asarray(period_frames)
    if periods.ndim > 1 or (periods.ndim == 1 and len(periods) != n_frames):
        raise ValueError(
            f"period_frames has shape {periods.shape}: give one number, or one for each of {n_frames} frames."
        )
    if periods.dtype.kind not in "iu":
        raise ValueError(f"period_frames is {period_frames!r}, but a period is a whole number of frames: round it.")
    if periods.min() < 1 or periods.max() > n_frames // 2:
        wrong = periods.min() if periods.min() < 1 else periods.max()
        raise ValueError(
            f"period_frames is {wrong}, but it must be at least 1 and at most {n_frames // 2}, half of the {n_frames} "
            "frames: what does not occur twice does not repeat."
        )
    return periods.astype(np.int64)


def _each_frame(periods: NDArray, n_frames: int) -> zip:
    return zip(range(n_frames), np.broadcast_to(periods, n_frames).tolist(), strict=True)


def _repetitions(frame: int, period: int, n_frames: int, nearest: int | None) -> NDArray[np.int64]:
    """The frames whole periods away from this one, the nearest first if only some are wanted."""
    all_of_them = np.arange(frame % period, n_frames, period)
    if nearest is None or nearest >= len(all_of_them):
        return all_of_them
    first = np.clip(frame // period - nearest // 2, 0, len(all_of_them) - nearest)
    return all_of_them[first : first + nearest]


def _checked(A: ArrayLike, width: int, edges: str) -> tuple[NDArray[np.floating], int]:
    checks.one_of(edges, "edges", ("reflect", "zero"))
    return checks.real_spectrogram(A), checks.odd_width(width)
