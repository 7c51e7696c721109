"""The explorer of errors made by hand, with its three scores; in stereo."""

import numpy as np
from explored import explored
from inputs import noise

from spectrogramtools import explore_errors, load_clip, si_sar, si_sdr, si_sir

SETTINGS = [
    {},
    *(
        dict(interference=interference, artefacts=artefacts)
        for interference, artefacts in ((0, -60), (-60, 0), (-20, -20), (-60, -60), (-3, -41))
    ),
]


def cases():
    clip = load_clip("violin_castanets")
    n = 2 * clip.sr
    three = {**{name: stem[:n] for name, stem in clip.stems.items()}, "noise": noise(n)}
    yield explored("violin and castanets", explore_errors(three, clip.sr), SETTINGS, scores)
    sides = {name: np.stack([sound, np.roll(sound, 999)]) for name, sound in three.items()}
    yield explored("stereo", explore_errors(sides, clip.sr), SETTINGS[:3], scores)


def scores(e):
    source, estimate = e.sounds.values()
    other = list(e.given.values())[1]
    found = si_sdr(source, estimate), si_sir(source, estimate, [other]), si_sar(source, estimate, [other])
    return dict(scores=[list(found)])
