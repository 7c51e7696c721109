"""The four medians: all clips, awkward shapes, windows wider than the matrix, both edges."""

import numpy as np
from inputs import matrices, spectrograms

from spectrogramtools import (
    median_across_frequency,
    median_across_periods,
    median_across_similar,
    median_across_time,
)

WIDTHS = [1, 3, 5, 9, 17, 31, 63]


def cases():
    for name, _, _, _, S in spectrograms(3):
        yield of(name, np.abs(S), (41, 81), ("reflect",), (50, 61))
    for name, A in matrices():
        n_frames = A.shape[1]
        yield of(
            name,
            A,
            WIDTHS,
            ("reflect", "zero"),
            sorted({p for p in (1, 2, 3, n_frames // 2) if 1 <= p <= n_frames // 2}),
        )


def of(name, A, widths, edges, periods):
    rng = np.random.default_rng(A.size)
    n_frames = A.shape[1]
    neighbours = [rng.integers(0, n_frames, rng.integers(1, 30)) for _ in range(n_frames)]
    running = [
        dict(
            width=width,
            edges=how,
            time=median_across_time(A, width, edges=how),
            frequency=median_across_frequency(A, width, edges=how),
        )
        for width in widths
        for how in edges
    ]
    repeating = [
        dict(period=period, nearest=nearest, model=median_across_periods(A, period, nearest=nearest))
        for period in [*periods, *([rng.integers(1, n_frames // 2 + 1, n_frames)] if n_frames > 1 else [])]
        for nearest in (None, 1, 2, 5)
    ]
    similar = dict(neighbours=[list(map(int, some)) for some in neighbours], model=median_across_similar(A, neighbours))
    return dict(name=name, A=A, running=running, repeating=repeating, similar=similar)
