"""The bootstrap of medians and means: odd and even numbers of values, equal values, few resamples and many."""

import numpy as np


def cases():
    rng = np.random.default_rng(0)
    for middle in ("median", "mean"):
        for n, resamples in ((2, 2000), (3, 2000), (10, 2000), (11, 2000), (64, 2000), (99, 200), (5, 1)):
            yield case(rng.normal(3, 5, n), rng.random((resamples, n)), middle)
        yield case(np.round(rng.normal(0, 1, 30)), rng.random((500, 30)), middle)


def case(values, draws, middle):
    of = {"median": np.median, "mean": np.mean}[middle]
    middles = of(values[(len(values) * draws).astype(int)], axis=1)
    interval = np.percentile(middles, [2.5, 97.5])
    return dict(
        values=values, draws=draws.ravel(), middle=middle, whole=float(of(values)), middles=middles, interval=interval
    )
