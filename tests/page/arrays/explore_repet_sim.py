"""The explorer of REPET-SIM: how many frames, how far apart, how much alike; masks; in stereo, and of silence."""

import numpy as np
from explored import explored, scores_of

from spectrogramtools import explore_repet_sim, load_clip

SETTINGS = [
    {},
    *(dict(count=count) for count in (1, 3, 30)),
    *(dict(distance=distance) for distance in (0.1, 2.5)),
    *(dict(threshold=threshold) for threshold in (0.5, 0.9, 0.98)),
    *(dict(mask=mask, highpass=highpass) for mask, highpass in (("soft", 0), ("binary", 250), ("fitted", 0))),
    dict(shown="mask"),
    dict(count=3, distance=0.5, threshold=0.7, mask="soft"),
    {},
]


def cases():
    clip = load_clip("band_singer")
    n = 8 * clip.sr
    stems = {name: stem[:n] for name, stem in clip.stems.items()}
    e = explore_repet_sim(clip.mixture[:n], clip.sr, references=stems)
    yield explored("a singer and her band", e, SETTINGS, scores_of(stems))
    metal = load_clip("metal_singer")
    e = explore_repet_sim(metal.mixture[:, : 5 * metal.sr], metal.sr)
    yield explored("stereo", e, [{}, dict(count=3), dict(threshold=0.9), dict(mask="binary")])
    yield explored("silence", explore_repet_sim(np.zeros(20_000), 8000), [{}, dict(threshold=0.5)])
