"""The explorer of HPSS at every mask, phase and margin; with stems to score, in stereo, and silent."""

from itertools import product

import numpy as np
from explored import explored, scores_of

from spectrogramtools import explore_hpss, load_clip

SETTINGS = [
    {},
    *(
        dict(mask=mask, phase=phase, margin=margin, winh_frames=9, winv_bins=21)
        for mask, phase, margin in product(("soft", "binary", "none"), ("mixture", "zero", "Griffin-Lim"), (1, 2.5))
    ),
    dict(power=0.5, winh_frames=0, winv_bins=0),
    dict(power=6, winh_frames=80, winv_bins=160),
    dict(shown="mask", margin=1.25, power=2),
    {},
]


def cases():
    clip = load_clip("violin_castanets")
    n = 2 * clip.sr
    stems = {name: stem[:n] for name, stem in clip.stems.items()}
    e = explore_hpss(clip.mixture[:n], clip.sr, references=stems)
    yield explored("violin and castanets", e, SETTINGS, scores_of(stems))
    two = np.stack([clip.mixture[:n], 0.5 * clip.stems["violin"][:n]])
    e = explore_hpss(two, clip.sr, power=2)
    some = [{}, dict(phase="zero"), dict(mask="none"), dict(margin=2, mask="binary"), dict(phase="Griffin-Lim")]
    some.append(dict(phase="zero", margin=2))
    yield explored("stereo", e, some)
    e = explore_hpss(clip.mixture[:9000], clip.sr, win_length=500, hop_length=130, mask="none")
    yield explored("another window", e, [{}, dict(mask="soft"), dict(phase="zero")])
    e = explore_hpss(np.zeros(5000), 8000)
    yield explored("silence", e, [{}, dict(mask="binary"), dict(mask="none", phase="zero")])
