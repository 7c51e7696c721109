"""The explorer of Griffin-Lim at every start and momentum; in stereo, with another window, and silent."""

from itertools import product

import numpy as np
from explored import explored

from spectrogramtools import STFT, explore_griffin_lim, load_clip

SETTINGS = [
    dict(start=start, momentum=momentum, turns=turns)
    for start, momentum, turns in product(("zero", "random"), (0, 0.99), (0, 1, 5, 20, 100, 2))
]


def cases():
    clip = load_clip("violin_castanets")
    y = clip.mixture[: clip.sr]
    yield explored("violin and castanets", explore_griffin_lim(y, clip.sr), SETTINGS, convergence)
    two = np.stack([y, 0.5 * clip.stems["violin"][: len(y)]])
    some = [dict(start="random", turns=10), dict(turns=5)]
    yield explored("stereo", explore_griffin_lim(two, clip.sr), some, convergence)
    e = explore_griffin_lim(y[:9000], clip.sr, win_length=500, hop_length=130)
    yield explored("another window", e, [dict(start="random", momentum=0.99, turns=50)], convergence)
    yield explored("silence", explore_griffin_lim(np.zeros(5000), 8000), [dict(turns=2)])


def convergence(e):
    """How far the magnitudes are from those that are wanted, in dB."""
    wanted, got = (
        [np.abs(STFT(side.astype(float), e.win_length, e.hop_length, center=True)) for side in np.atleast_2d(sound)]
        for sound in e.sounds.values()
    )
    off = np.linalg.norm(np.array(got) - wanted) / np.linalg.norm(wanted)
    return dict(convergence=20 * np.log10(off))
