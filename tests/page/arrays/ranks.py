"""Tests by ranks: few and many songs, as corpus and scipy have them; of few equal differences by trying all signs."""

from itertools import product

import numpy as np
from scipy.stats import mannwhitneyu, rankdata

from spectrogramtools.corpus import statistics


def cases():
    rng = np.random.default_rng(0)
    signed = [signed_rank(rng.normal(shift, 1, n)) for n in (2, 5, 9, 25, 50, 51, 200) for shift in (0, 0.3, 2)]
    # In steps of half a dB differences are equal, and some are zero.
    signed += [all_signs(in_steps(rng, n)) for n in (2, 4, 8, 13, 13)]
    signed += [all_signs(np.array(d)) for d in ([1.0, -1.0], [0.0, 0.0, 3.0], [1.0, 2.0, -3.0], [-0.5] * 12)]
    signed += [signed_rank(in_steps(rng, n)) for n in (20, 40, 80)] + [signed_rank(np.full(60, -0.5))]
    # On most songs nobody is ahead: they are no witnesses.
    signed += [signed_rank(np.append(rng.normal(1, 1, n), np.zeros(46))) for n in (5, 20, 60)]
    sums = [rank_sum(*rng.normal([[0], [shift]], 1, (2, n))) for n in (2, 3, 8, 9, 40, 150) for shift in (0, 0.5, 2)]
    sums += [rank_sum(rng.normal(size=m), rng.normal(0.5, 1, n)) for m, n in ((3, 20), (20, 8), (10, 30))]
    sums += [rank_sum(*np.round(rng.normal([[0], [1]], 1, (2, n)))) for n in (3, 8, 30)]
    yield dict(signed=signed, sums=sums)


def in_steps(rng, n):
    return np.round(rng.normal(0.4, 1, n) * 2) / 2


def all_signs(d):
    """How many of all ways that the signs can fall lie as far out, on both sides; older scipy does not count."""
    some = d[d != 0]
    ranks = rankdata(abs(some))
    sums = np.array(list(product((0, 1), repeat=len(some)))) @ ranks
    far = abs(ranks[some > 0].sum() - ranks.sum() / 2)
    return dict(d=d, p=float(np.mean(abs(sums - ranks.sum() / 2) >= far)))


def signed_rank(d):
    return dict(d=d, p=statistics.signed_rank(d))


def rank_sum(a, b):
    return dict(a=a, b=b, p=float(mannwhitneyu(a, b).pvalue))
