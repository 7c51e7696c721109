"""The explorer of music beside itself: who votes, the ends, in between; in stereo; and fewer frames than cells."""

import numpy as np
from explored import explored

from spectrogramtools import STFT, explore_similarity, load_clip

SETTINGS = [
    {},
    dict(lag=0),
    dict(lag=4.35),
    dict(votes="rows"),
    dict(votes="rows", lag=0.5),
    dict(votes="moments"),
    dict(lag=2.786),
]
CELLS = 320


def cases():
    clip = load_clip("verse_chorus")
    y = clip.mixture[: 9 * clip.sr]
    yield explored("verse", explore_similarity(y, clip.sr, lag=1.5), SETTINGS, answer)
    two = np.stack([y, 0.5 * clip.stems["background"][: len(y)]])[:, : 3 * clip.sr]
    yield explored("stereo", explore_similarity(two, clip.sr, votes="moments"), [{}, dict(lag=1)], answer)
    halves = np.concatenate([y[:40_000], np.zeros(40_000, np.float32)])
    yield explored(
        "half silent", explore_similarity(halves, clip.sr, votes="rows"), [{}, dict(votes="moments")], answer
    )


def answer(e):
    """The means of the diagonals, each taken from the whole matrix, and the matrix as it is drawn."""
    y = np.atleast_2d(e.y).mean(axis=0)
    P = np.abs(STFT(y, 2048, 512, center=True)).astype(float) ** 2
    if e.votes.value == "rows":
        P /= np.sqrt(np.mean(P**2, axis=1, keepdims=True))
    if e.votes.value == "moments":
        P = np.sqrt(P / np.maximum(np.sum(P, axis=0), 1e-30))
    similarity = P.T @ P
    b = np.array([np.mean(np.diagonal(similarity, lag)) for lag in range(len(y) // 2 // 512 + 1)])
    b /= b[0]
    seconds = np.arange(len(b)) * 512 / e.sr
    curves = [[seconds.astype(np.float32), b]]
    first = np.arange(min(len(similarity), CELLS)) * len(similarity) // min(len(similarity), CELLS)
    sizes = np.diff([*first, len(similarity)])
    blocks = np.add.reduceat(np.add.reduceat(similarity, first, 0), first, 1) / np.outer(sizes, sizes)
    if e.votes.value == "moments":
        levels = 255 * blocks
    else:
        levels = 255 * (1 + 10 * np.log10(np.maximum(blocks / blocks.max(), 1e-30)) / 40)
    return dict(curves={"beats": curves}, matrix=np.clip(levels, 0, 255))
