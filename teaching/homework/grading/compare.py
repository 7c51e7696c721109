"""Compare what a student's function returned with what it should return: a share, and a sentence with numbers."""

import numpy as np

# Written differently, or in float32, the right numbers differ by less than this from ours.
ALIKE = -100.0
# The smallest energy that is divided by, where silence is what should have come.
NOTHING = 1e-24


def array(value):
    """What came back as an array of numbers; lists and numbers too."""
    try:
        got = np.asarray(value)
    except ValueError:
        return np.empty(0)
    return got if got.dtype.kind in "biufc" else np.empty(0)


def error_db(mine, right):
    """Energy of the difference over that of `right`, in dB; infinite for other shapes and for what is not finite.

    -inf where the difference is nothing at all.
    """
    mine, right = array(mine), np.asarray(right)
    if mine.shape != right.shape or not np.isfinite(mine).all():
        return np.inf
    # Numbers near the largest there are would overflow when they are squared.
    with np.errstate(over="ignore"):
        wrong = np.sum(np.abs(mine.astype(complex) - right) ** 2)
    if wrong == 0:
        return -np.inf
    return float(10 * np.log10(wrong / max(np.sum(np.abs(right) ** 2), NOTHING)))


def alike(what, mine, right, limit=ALIKE):
    """All or nothing: is it the right array?"""
    mine, right = array(mine), np.asarray(right)
    if mine.shape != right.shape:
        return 0.0, f"{what}: the shape is {mine.shape}, it should be {right.shape}."
    if not np.isfinite(mine).all():
        return 0.0, f"{what}: it holds NaN or infinity."
    error = error_db(mine, right)
    if error < limit:
        return 1.0, f"{what}: right."
    return 0.0, f"{what}: the error is {error:.1f} dB, it should be below {limit:g} dB."


def between(what, reached, baseline, full):
    """A score in dB: no share at the baseline, the whole at `full`, in proportion between."""
    if np.isnan(reached):
        return 0.0, f"{what}: it can't be measured."
    share = float(np.clip((reached - baseline) / (full - baseline), 0, 1))
    return share, f"{what}: {reached:.1f} dB; {baseline:.1f} dB earn nothing, {full:.1f} dB all."
