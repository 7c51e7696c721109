"""What numpy draws with a seed."""

import numpy as np


def cases():
    for seed in (0, 1, 7, 12345, 2**31, 2**32 - 1):
        yield dict(seed=seed, low=0.0, high=2 * np.pi, drawn=np.random.default_rng(seed).uniform(0, 2 * np.pi, 2000))
    yield dict(seed=3, low=-5.0, high=0.5, drawn=np.random.default_rng(3).uniform(-5, 0.5, 7))
