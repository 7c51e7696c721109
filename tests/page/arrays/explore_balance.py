"""The explorer of two sounds' balance, from end to end; in stereo."""

import numpy as np
from explored import explored

from spectrogramtools import explore_balance, load_clip

SETTINGS = [{}, *(dict(balance=balance) for balance in (-1, -0.35, 0.05, 0.8, 1)), {}]


def cases():
    clip = load_clip("violin_castanets")
    y = {name: stem[: clip.sr] for name, stem in clip.stems.items()}
    yield explored("violin and castanets", explore_balance(y, clip.sr), SETTINGS)
    sides = np.stack(list(y.values()))
    both = {"as it is": sides, "sides exchanged": sides[::-1] * np.float32(1.5)}
    yield explored("stereo", explore_balance(both, clip.sr, y_axis="log"), [{}, dict(balance=-0.5)])
