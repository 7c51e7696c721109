"""Scores: every clip's sources against estimates of all qualities, one channel and two."""

import numpy as np
from inputs import noise

from spectrogramtools import clips, load_clip, si_sar, si_sdr, si_sir
from spectrogramtools.evaluation import rounded

ROUNDED = [0.0, 1.04, 1.05001, -0.26, -12.34, 98.96, 99.0, 99.1, -98.9, -99.0, np.inf, -np.inf]


def cases():
    for name in clips():
        clip = load_clip(name)
        n = 5 * clip.sr
        truth = [stem[..., :n] for stem in clip.stems.values()]
        mixture = clip.mixture[..., :n]
        for reference, *others in (truth, truth[::-1]):
            yield of(name, reference, mixture, others)
            yield of(f"{name}, filtered", reference, np.diff(mixture, prepend=0).astype(np.float32), others)
    a, b = noise(1000), noise(1000, seed=1)
    yield of("itself", a, a, [b])
    yield of("twice itself", a, 2 * a, [b])
    yield of("the other one", a, b, [b])
    yield of("silence", a, np.zeros_like(a), [b])
    yield of("nearly itself", a, a + 1e-4 * b, [noise(1000, seed=2)])
    yield of("others that depend on each other", a, a + b + noise(1000, seed=3), [b, 2 * b, a - b])
    yield dict(rounded=[dict(score=score, text=rounded(score)) for score in ROUNDED])


def of(name, reference, estimate, others):
    return dict(
        name=name,
        reference=listed(reference),
        estimate=listed(estimate),
        others=[listed(other) for other in others],
        sdr=si_sdr(reference, estimate),
        sir=si_sir(reference, estimate, others),
        sar=si_sar(reference, estimate, others),
    )


def listed(y):
    """One channel as it is, several as a list."""
    return y if y.ndim == 1 else list(y)
