"""From masks to sounds: masks that share every cell out, and masks that do not quite."""

import numpy as np
from inputs import channels, noise

from spectrogramtools.separation.separate import separate


def cases():
    for name, sr, y in channels(2):
        yield of(name, y, sr, {}, shares(2))
    for n in (1, 50, 700):
        yield of(f"{n} samples", noise(n), 8000, dict(win_length=32, hop_length=8), shares(2))
    how = dict(win_length=256, hop_length=64)
    for name, masks in {
        "one": shares(1),
        "three": shares(3),
        "almost, in the last cell": missing(1e-5),
        "to rounding, in the last cell": missing(1e-7),
        "much, in the first cell": missing(0.5, (0, 0)),
        "more than all": lambda A: (np.ones_like(A), np.full_like(A, 0.25)),
    }.items():
        yield of(name, noise(3000), 8000, how, masks)


def shares(n):
    """Masks at random that sum to one."""

    def masks(A):
        parts = np.random.default_rng(0).uniform(0.1, 1, (n, *A.shape))
        return list((parts / parts.sum(axis=0)).astype(np.float32))

    return masks


def missing(amount, cell=(-1, -1)):
    """Two masks of which one lacks a little in one cell."""

    def masks(A):
        first, second = np.full_like(A, 0.5), np.full_like(A, 0.5)
        first[cell] -= amount
        return first, second

    return masks


def of(name, y, sr, how, masks):
    sounds = separate(y, sr, masks, **how)
    given = dict(win_length=None, hop_length=None) | how
    return dict(name=name, y=y, sr=sr, **given, masks=list(masks(magnitudes(y, sr, how))), sounds=list(sounds))


def magnitudes(y, sr, how):
    """What `separate` hands to the function that makes the masks."""
    found = []
    separate(y, sr, lambda A: [found.append(A) or np.ones_like(A)], **how)
    return found[0]
