"""The running median, fast: a sorted window for 64 neighbouring lanes at once.

What a student needs to know is in `medians.py`; this file is about speed alone. A naive running median sorts every
window anew. Here the window stays sorted: at each step one value leaves and one enters, and a single pass over the
window does both with nothing but comparisons. That pass is the same for every lane (a lane is a column of the matrix),
so it is written for 64 lanes side by side, and the compiler turns it into vector instructions.

The result equals scipy's to the last bit. Where numba is not installed, scipy computes it.

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


def running_median(X: NDArray, width: int, edges: str) -> NDArray:
    """Median of `width` neighbours along the first axis of a finite float matrix; edges "reflect" or "zero"."""
    slide = _compiled_slide()
    if slide is None:
        return _with_scipy(X, width, edges)
    out = np.empty_like(X)
    rows = _rows_with_edges(X.shape[0], width // 2, edges)
    blocks = range(0, X.shape[1], LANES)
    # numba releases the GIL. Its own parallel=True would abort the process when two threads call it at once.
    with ThreadPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
        for done in [pool.submit(slide, X, rows, width, out, first) for first in blocks]:
            done.result()
    return out


def _with_scipy(X: NDArray, width: int, edges: str) -> NDArray:
    from scipy.ndimage import median_filter

    # scipy's own reflection reads beyond the matrix where the window is many times as long, so the edges are made here.
    half = width // 2
    padded = np.pad(X, ((half, half), (0, 0)), mode="symmetric" if edges == "reflect" else "constant")
    return median_filter(padded, size=(width, 1))[half : half + len(X)]


def _rows_with_edges(n: int, half: int, edges: str) -> NDArray[np.int64]:
    """Which row stands at each place of the padded axis; -1 is a row of zeros."""
    if edges == "reflect":
        return np.pad(np.arange(n), half, mode="symmetric")
    return np.pad(np.arange(n), half, constant_values=-1)


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

    sorted_ holds the window's values in ascending order, place k of lane i at [k * LANES + i]. It starts with zeros,
    which
    the first `width` values replace one by one; from then on each value that enters replaces the one that leaves.
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
