"""The running median, fast: a sorted window for 64 neighbouring lanes at once.

What a student needs to know is in `medians.py`; this file is about speed alone. A naive running median sorts every
window anew. Here the window stays sorted: at each step one value leaves and one enters, and a single pass over the
window does both with nothing but comparisons. That pass is the same for every lane (a lane is a column of the matrix),
so it is written for 64 lanes side by side, and the compiler turns it into vector instructions.

Where numba is not installed, numpy computes the same: not step by step, where Python itself would be what takes time,
but all windows that begin at the same place of their piece at once. That is two to seven times slower.

Both equal scipy's result to the last bit.

Function: `running_median`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Measured at widths 31 to 81: 16 lanes are ten times slower, 32 nearly half as fast, 128 no faster.
LANES = 64
# For numpy: so many lanes at once, of which what is sorted stays in the cache, and so many numbers kept at the most.
NUMPY_LANES, NUMPY_KEPT = 1024, 2**24


def running_median(X: NDArray, width: int, edges: str) -> NDArray:
    """Median of `width` neighbours along the first axis of a finite float matrix; edges "reflect" or "zero"."""
    n, half, rounds = len(X), width // 2, 0
    if edges == "zero":
        half = min(half, n)  # from there on zeros are the majority
    else:
        # Mirrored, the matrix comes again after 2 n rows. A round of it on both sides holds every row four times; after
        # n // 4 of them the middle of all the values decides, and more change nothing.
        rounds, half = divmod(half, 2 * n)
        rounds = min(rounds, n)
    rows, width = _rows_with_edges(n, half, edges), 2 * half + 1
    slide = _compiled_slide()
    if rounds or (slide is None and width * width // 2 > NUMPY_KEPT):
        return _by_counting(X, rows, width, rounds)
    return _with_numpy(X, rows, width) if slide is None else _with_numba(slide, X, rows, width)


def _rows_with_edges(n: int, half: int, edges: str) -> NDArray[np.int64]:
    """Which row stands at each place of the padded axis; -1 is a row of zeros."""
    if edges == "reflect":
        return np.pad(np.arange(n), half, mode="symmetric")
    return np.pad(np.arange(n), half, constant_values=-1)


def _with_numba(slide: Callable, X: NDArray, rows: NDArray[np.int64], width: int) -> NDArray:
    out = np.empty_like(X)
    blocks = range(0, X.shape[1], LANES)
    # numba releases the GIL. Its own parallel=True would abort the process when two threads call it at once.
    with ThreadPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
        for done in [pool.submit(slide, X, rows, width, out, first) for first in blocks]:
            done.result()
    return out


def _with_numpy(X: NDArray, rows: NDArray[np.int64], width: int) -> NDArray:
    """Cut the rows into pieces of `width`: every window begins in one and ends in the next."""
    out = np.empty_like(X)
    n_pieces = -(-len(X) // width)
    lanes = min(NUMPY_LANES, NUMPY_KEPT // (width * width // 2 + 1))
    step = max(1, lanes // n_pieces)
    for first in range(0, X.shape[1], step):
        columns = X[:, first : first + step]
        padded = np.zeros(((n_pieces + 1) * width, columns.shape[1]), X.dtype)
        padded[: len(rows)] = np.where(rows[:, None] >= 0, columns[rows], 0)
        # Row k of every piece side by side: a column of a piece is a lane.
        pieces = padded.reshape(n_pieces + 1, width, -1).transpose(1, 0, 2)
        medians = _medians_between(pieces[:, :-1].reshape(width, -1), pieces[:, 1:].reshape(width, -1))
        in_order = medians.reshape(width, n_pieces, -1).transpose(1, 0, 2).reshape(n_pieces * width, -1)
        out[:, first : first + step] = in_order[: len(X)]
    return out


def _medians_between(here: NDArray, there: NDArray) -> NDArray:
    """Medians of the windows that begin at row 0, 1, 2 … of `here` and go on in `there`, one below the other.

    Such a window is the end of `here` and the beginning of `there`. Each end is the next one and one row more, each
    beginning the last one and one row more, so both are easily kept sorted. Of two sorted columns the median is found
    without sorting them together: to have the `middle` smallest take i from one and middle - i from the other; the
    largest taken is the median if i is right and larger if not, so it is the smallest over all i.
    """
    width, lanes = here.shape
    middle = width // 2 + 1
    # Place 0 stands for taking nothing, places 1, 2 … hold values in ascending order, no more than the middle needs.
    ends = np.full((width + 1, middle + 1, lanes), np.inf, here.dtype)
    ends[:, 0] = -np.inf
    for k in reversed(range(width)):
        _insert(here[k], ends[k + 1], ends[k], min(width - k, middle))
    beginning, longer = ends[width].copy(), ends[width].copy()
    medians = np.empty_like(here)
    for k in range(width):
        fewest, most = max(0, middle - k), min(width - k, middle)
        largest = np.maximum(ends[k, fewest : most + 1], beginning[middle - most : middle - fewest + 1][::-1])
        largest.min(axis=0, out=medians[k])
        _insert(there[k], beginning, longer, min(k + 1, middle))
        beginning, longer = longer, beginning
    return medians


def _insert(values: NDArray, column: NDArray, out: NDArray, count: int) -> None:
    """Insert a value in each lane of a sorted column, of which afterwards `count` places are taken."""
    np.maximum(column[:count], np.minimum(column[1 : count + 1], values), out=out[1 : count + 1])


def _by_counting(X: NDArray, rows: NDArray[np.int64], width: int, rounds: int) -> NDArray:
    """For windows far beyond the matrix: how often is each row in it, and at which value is half of it reached?"""
    n = len(X)
    values = np.concatenate([X, np.zeros((1, X.shape[1]), X.dtype)])  # row -1, the last one, is zero
    order = values.argsort(axis=0)
    ascending = np.take_along_axis(values, order, axis=0)
    out = np.empty_like(X)
    for i in range(n):
        counts = np.bincount(rows[i : i + width] % (n + 1), minlength=n + 1)
        counts[:n] += 4 * rounds
        reached = np.cumsum(counts[order], axis=0) > width // 2 + 2 * n * rounds
        out[i] = np.take_along_axis(ascending, reached.argmax(axis=0)[None], axis=0)[0]
    return out


@cache
def _compiled_slide() -> Callable | None:
    """The kernel, compiled for float32 and float64 when it is first needed; None without numba."""
    try:
        import numba
    except ImportError:
        return None
    from numba import types

    def signature(t: types.Float) -> types.Type:
        # Arrays that may be written to can stand in for read-only ones, but not the other way round.
        matrix = types.Array(t, 2, "A", readonly=True)
        return types.void(matrix, types.int64[::1], types.int64, t[:, :], types.int64)

    signatures = [signature(types.float32), signature(types.float64)]
    try:
        return numba.njit(signatures, nogil=True, cache=True)(_slide)
    except RuntimeError:  # no folder in which numba may keep the compiled code: compile anew in each session
        return numba.njit(signatures, nogil=True)(_slide)


def _slide(X, rows, width, out, first):
    """Slide a window over the lanes first … first + 63 of X.

    sorted_ holds the window's values in ascending order, place k of lane i at [k * LANES + i]. It starts with zeros.
    The first `width` values replace them one by one; from then on each value that enters replaces the one that leaves.
    """
    m = min(LANES, X.shape[1] - first)
    sorted_ = np.zeros((width + 1) * LANES, X.dtype)
    sorted_[width * LANES :] = np.inf
    below = np.empty(LANES, X.dtype)
    leaving = np.zeros(LANES, X.dtype)
    entering = np.zeros(LANES, X.dtype)
    for step in range(len(rows)):
        row = rows[step]
        for i in range(m):
            entering[i] = X[row, first + i] if row >= 0 else 0
        if step >= width:
            row = rows[step - width]
            for i in range(m):
                leaving[i] = X[row, first + i] if row >= 0 else 0
        below[:] = -np.inf
        for k in range(width):
            here = sorted_[k * LANES : (k + 1) * LANES]
            above = sorted_[(k + 1) * LANES : (k + 2) * LANES]
            for i in range(LANES):
                # Without the leaving value, place k holds `stays`; the entering one goes between `below` and `stays`.
                stays = here[i] if here[i] < leaving[i] else above[i]
                smaller = entering[i] if entering[i] < stays else stays
                here[i] = below[i] if below[i] > smaller else smaller
                below[i] = stays
        if step >= width - 1:
            middle = (width // 2) * LANES
            for i in range(m):
                out[step - width + 1, first + i] = sorted_[middle + i]
