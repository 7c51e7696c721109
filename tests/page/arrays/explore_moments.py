"""The explorer of moments that are alike: both comparisons, the ends, few and many, the music itself; in stereo."""

import numpy as np
from explored import explored

from spectrogramtools import STFT, explore_moments, load_clip, similar_frames, similarity_matrix

SETTINGS = [
    {},
    dict(moment=0),
    dict(moment=10.0),
    dict(count=1),
    dict(count=12, moment=2.34),
    dict(compared="magnitudes"),
    dict(heard="music"),
    dict(heard="music", moment=7.5),
    dict(moment=7.5, count=4),
    dict(heard="music", moment=3.3, compared="magnitudes"),
]


def cases():
    clip = load_clip("verse_chorus")
    y = clip.mixture[: 10 * clip.sr]
    yield explored("verse", explore_moments(y, clip.sr, moment=5.0), SETTINGS, curves)
    two = np.stack([y, 0.5 * clip.stems["background"][: len(y)]])[:, : 5 * clip.sr]
    yield explored("stereo", explore_moments(two, clip.sr, heard="music", count=3), [{}, dict(heard="pieces")], curves)


def curves(e):
    """How much every frame is like the one under the line, and the peaks of that."""
    sides = [np.abs(STFT(side, 2048, 512, center=True)) for side in np.atleast_2d(e.y)]
    A = np.sqrt(np.mean(np.square(sides), axis=0))
    row = similarity_matrix(np.sqrt(A) if e.compared.value == "roots" else A)[e.facts()["frame"]]
    found = np.sort(similar_frames(row[None], count=e.count.value, distance_frames=43)[0])
    seconds = (np.arange(len(row)) * 512 / e.sr).astype(np.float32)
    return dict(curves={"likeness": [[seconds, row], [seconds[found], row[found]]]})
