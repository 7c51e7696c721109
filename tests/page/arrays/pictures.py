"""Pictures: all clips, few bins and many, frames below and above the number of columns."""

from itertools import pairwise

import numpy as np
from inputs import matrices, noise, spectrograms

from spectrogramtools.player.pictures import COLUMNS, on_pixels, one_picture, picture, row_edges, row_starts


def cases():
    for name, sr, _, _, S in spectrograms():
        yield of(name, np.abs(S), sr)
    yield of("more frames than columns", np.abs(noise(257, 1000)) ** 4, 22050)
    yield of("a whole number of frames in each", np.abs(noise(65, 880)) ** 4, 8000)
    yield of("many bins", np.abs(noise(4097, 9)) ** 4, 48000)
    for name, A in matrices():
        if len(A) > 1 and A.any():
            yield of(name, A, 8000)
    for bins in (2, 3, 33, 65, 129, 257, 513, 1025, 1026, 2049, 4097, 8193):
        for sr in (8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000):
            yield dict(bins=bins, sr=sr, starts=list(row_starts(bins, sr)), edges=row_edges(bins, sr))
    spectra = [np.abs(noise(9, 8, seed=seed)) for seed in range(3)]
    for n in (1, 2, 3):
        yield dict(spectra=spectra[:n], one=one_picture(spectra[:n]))
    yield from drawings()


def drawings():
    """Fewer pixels than cells and more, on both axes, whole pictures and parts of them."""
    levels = picture(np.abs(noise(1025, 300)) ** 4, 22050, 9.0)
    edges = row_edges(1025, 22050)
    for width, height in ((1, 1), (97, 40), (300, 175), (1000, 700)):
        for low, high, start, end in ((0, 11025, 0, 300), (0, edges[-1] + 50, -3, 310), (300, 900, 20.5, 80)):
            for log in (False, True):
                hertz = np.geomspace(max(low, 50), high, height + 1) if log else np.linspace(low, high, height + 1)
                places = np.linspace(start, end, width + 1)
                drawn = on_pixels(levels, edges, hertz, places)
                yield dict(at=[width, height, low, log], cells=levels.ravel(), edges=edges, hertz=hertz, places=places,
                           drawn=drawn.T.ravel())  # fmt: skip


def of(name, A, sr):
    ref = float(A.max())
    M = np.random.default_rng(0).uniform(0, 1, A.shape).astype(np.float32)
    return dict(
        name=name,
        A=A,
        sr=sr,
        ref=ref,
        levels=picture(A, sr, ref).ravel(),
        # Louder than what is brightest, and with fewer columns.
        M=M,
        masked=picture(M * A, sr, ref).ravel(),
        share=np.round(255 * loudest_cells(M, sr)).astype(np.uint8).ravel(),
        brighter=picture(A, sr, ref / 30, 7).ravel(),
    )


def loudest_cells(M, sr):
    """The largest share in each cell of a picture, found one by one."""
    edges = [*row_starts(len(M), sr), len(M)]
    columns = min(M.shape[1], COLUMNS)
    ends = np.arange(columns + 1) * M.shape[1] // columns
    rows = np.stack([M[a:b].max(axis=0) for a, b in pairwise(edges)])
    return np.stack([rows[:, a:b].max(axis=1) for a, b in pairwise(ends)])
