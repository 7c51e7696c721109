"""The medians: one idea, four neighbourhoods.

A source is what stays the same in some neighbourhood of a spectrogram cell; the median over that neighbourhood keeps it
and drops whatever is there only for a moment. Before and after the cell in time, the median keeps steady partials;
above and below it in frequency, it keeps clicks and drums. One, two, three periods away, it keeps what repeats; in the
frames that sound most alike, it keeps what recurs.

Functions: `median_across_time`, `median_across_frequency`, `median_across_periods`, `median_across_similar`.

Conventions: `width_frames` and `width_bins` count all cells of the window and are odd. edges "reflect" continues the
matrix mirrored, the edge cell repeated (d c b a | a b c d | d c b a), as scipy.ndimage and librosa do; "zero" continues
it with zeros, as scipy.signal.medfilt does, and pulls the medians at the borders down.

A median of an even number of values is the mean of the two in the middle.

References: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010: its two filters.
Rafii and Pardo, "Repeating pattern extraction technique (REPET)", IEEE TASLP 21(1), 2013: the repeating segment.
Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering for music/voice separation exploiting the repeating
musical structure", ICASSP 2012: the period that varies. Rafii and Pardo, "Music/voice separation using the similarity
matrix", ISMIR 2012: the similar frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.arrays import Frames, Real
from spectrogramtools.running_median import running_median

# So many rows or fewer are sorted by swapping neighbours.
FEW = 12


def median_across_time(A: ArrayLike, width_frames: int, *, edges: str = "reflect") -> Real:
    """Median of the frames around each cell, each row for itself: promotes what is harmonic.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        Finite numbers of either sign.
    width_frames : int
        Frames in the window, odd; it may be longer than the matrix.
    edges : {"reflect", "zero"}, optional
        How the matrix goes on beyond its borders.

    Returns
    -------
    H : array of float, shaped like A
        Equal to scipy.ndimage.median_filter(A, (1, width_frames)), or with edges="zero" to
        scipy.signal.medfilt(A, (1, width_frames)).

    Raises
    ------
    ValueError
        If A is complex, not a matrix or not finite, or width_frames is even or out of proportion to A.

    References
    ----------
    FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import median_across_time
    >>> A = np.array([[2.0, 2.0, 9.0, 2.0, 2.0]])  # a tone, and a click in the third frame
    >>> median_across_time(A, 3)
    array([[2., 2., 2., 2., 2.]])
    """
    A, width = _checked(A, width_frames, "width_frames", 1, edges)
    return running_median(A.T, width, edges).T


def median_across_frequency(A: ArrayLike, width_bins: int, *, edges: str = "reflect") -> Real:
    """Median of the bins around each cell, each column for itself: promotes what is percussive.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        Finite numbers of either sign.
    width_bins : int
        Bins in the window, odd; it may be longer than the matrix.
    edges : {"reflect", "zero"}, optional
        How the matrix goes on beyond its borders.

    Returns
    -------
    P : array of float, shaped like A
        Equal to scipy.ndimage.median_filter(A, (width_bins, 1)), or with edges="zero" to
        scipy.signal.medfilt(A, (width_bins, 1)).

    Raises
    ------
    ValueError
        If A is complex, not a matrix or not finite, or width_bins is even or out of proportion to A.

    References
    ----------
    FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import median_across_frequency
    >>> A = np.array([[2.0, 2.0, 9.0, 2.0, 2.0]]).T  # a click, and a tone in the third row
    >>> median_across_frequency(A, 3).T
    array([[2., 2., 2., 2., 2.]])
    """
    A, width = _checked(A, width_bins, "width_bins", 0, edges)
    return running_median(A, width, edges)


def median_across_periods(A: ArrayLike, period_frames: int | ArrayLike, *, nearest: int | None = None) -> Real:
    """Median of the cells that lie whole periods apart: the repeating model of REPET.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        Finite numbers of either sign.
    period_frames : int or array_like of int, shape (n_frames,)
        Frames, at least 1 and at most half of A's; one period, or one for each frame.
    nearest : int, optional
        Take only so many repetitions, those nearest to each frame, itself among them; None takes all.

    Returns
    -------
    model : array of float, shaped like A
        A frame of the last, partial period counts where it exists and nowhere else.

    Raises
    ------
    ValueError
        If A is complex, not a matrix or not finite, or a period is out of range.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013, section II.B. With `nearest`: Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering
    for music/voice separation exploiting the repeating musical structure", ICASSP 2012.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import median_across_periods
    >>> A = np.array([[1.0, 5.0, 1.0, 5.0, 9.0, 5.0]])  # 1 5 three times, and once a voice above the 1
    >>> median_across_periods(A, 2)
    array([[1., 5., 1., 5., 1., 5.]])
    """
    A = checks.real_spectrogram(A)
    n_frames = A.shape[1]
    periods = _periods(period_frames, n_frames)
    nearest = None if nearest is None else checks.whole_number(nearest, "nearest", 1)
    if periods.ndim == 0 and nearest is None:
        return _overlay(A.T, int(periods)).T
    return median_across_similar(A, [_repetitions(t, p, n_frames, nearest) for t, p in _each_frame(periods, n_frames)])


def median_across_similar(A: ArrayLike, neighbours: Sequence[ArrayLike]) -> Real:
    """Median over the frames that are named for each frame.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        Finite numbers of either sign.
    neighbours : sequence of array_like of int
        For every frame the indices of the frames to take, at least one.

    Returns
    -------
    model : array of float, shaped like A
        The recurring model of REPET-SIM.

    Raises
    ------
    ValueError
        If A is complex, not a matrix or not finite, or neighbours are missing or outside of A.

    References
    ----------
    Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import median_across_similar
    >>> A = np.array([[1.0, 2.0, 3.0]])
    >>> median_across_similar(A, [[0, 1, 2], [1], [0, 2]])
    array([[2., 2., 2.]])
    """
    A = checks.real_spectrogram(A)
    frames = np.ascontiguousarray(A.T)
    named = checks.sequence(neighbours, "neighbours", "frame indices for every frame")
    if len(named) != len(frames):
        raise ValueError(f"neighbours has {len(named)} entries, but A has {len(frames)} frames: give one for each.")
    model = np.empty_like(frames)
    for t, chosen in enumerate(named):
        model[t] = middle(frames[checks.indices(chosen, f"neighbours[{t}]", len(frames))])
    return model.T


def _overlay(frames: Real, period: int) -> Real:
    """Cut into periods, lay them on one another, take the median, and lay it out again."""
    n_frames, n_bins = frames.shape
    whole, rest = divmod(n_frames, period)
    segments = frames[: whole * period].reshape(whole, period, n_bins)
    segment = np.empty((period, n_bins), frames.dtype)
    # The first `rest` frames of the pattern occur once more, in the last, partial period.
    partial = frames[whole * period :]
    segment[:rest] = middle(np.concatenate([segments[:, :rest], partial[None]]))
    segment[rest:] = middle(segments[:, rest:])
    model = np.empty_like(frames)
    model[: whole * period].reshape(segments.shape)[:] = segment
    model[whole * period :] = segment[:rest]
    return model


def middle(values: Real) -> Real:
    """The median along the first axis; numpy's own is many times slower, because it sorts cell by cell."""
    values = _sorted_by_swaps(values) if len(values) <= FEW else np.sort(values, axis=0)
    low, high = (len(values) - 1) // 2, len(values) // 2
    # Halved first: a sum could overflow.
    middle: Real = values[low] if low == high else values[low] / 2 + values[high] / 2
    return middle


def _sorted_by_swaps(values: Real) -> Real:
    """Sort a few rows by comparing neighbours, all cells at once: for few rows this beats any clever way."""
    values = values.copy()
    for turn in range(len(values)):
        for i in range(turn % 2, len(values) - 1, 2):
            smaller = np.minimum(values[i], values[i + 1])
            np.maximum(values[i], values[i + 1], out=values[i + 1])
            values[i] = smaller
    return values


def _periods(period_frames: int | ArrayLike, n_frames: int) -> Frames:
    """One period or one per frame, checked."""
    periods: NDArray[Any] = checks.array(period_frames, "period_frames")
    if periods.ndim > 1 or (periods.ndim == 1 and len(periods) != n_frames):
        raise ValueError(
            f"period_frames has shape {periods.shape}: give one number, or one for each of {n_frames} frames."
        )
    if periods.dtype.kind not in "iu":
        raise ValueError(
            f"period_frames is {checks.shown(period_frames)}, but a period is a whole number of frames: round it."
        )
    if periods.min() < 1 or periods.max() > n_frames // 2:
        wrong = periods.min() if periods.min() < 1 else periods.max()
        raise ValueError(
            f"period_frames is {wrong}, but it must be at least 1 and at most {n_frames // 2}, half of the {n_frames} "
            "frames: what does not occur twice does not repeat."
        )
    return periods.astype(np.int64)


def _each_frame(periods: Frames, n_frames: int) -> Iterator[tuple[int, int]]:
    return zip(range(n_frames), np.broadcast_to(periods, n_frames).tolist(), strict=True)


def _repetitions(frame: int, period: int, n_frames: int, nearest: int | None) -> Frames:
    """The frames whole periods away from this one, the nearest first if only some are wanted."""
    all_of_them = np.arange(frame % period, n_frames, period)
    if nearest is None or nearest >= len(all_of_them):
        return all_of_them
    first = np.clip(frame // period - nearest // 2, 0, len(all_of_them) - nearest)
    return all_of_them[first : first + nearest]


def _checked(A: ArrayLike, width: int, name: str, axis: int, edges: str) -> tuple[Real, int]:
    checks.one_of(edges, "edges", ("reflect", "zero"))
    A = checks.real_spectrogram(A)
    return A, checks.odd_width(width, name, A.shape[axis])
