"""Compare what a student's function returned with what it should return: a share, and a sentence with numbers.

Where it is wrong, it may be what a classic mistake gives; then the sentence says which one, and where a lecture treats
it. And it may be right but for another function that it calls; then that one's mistake is charged there alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from grading.sandbox import StudentError

# Written differently, or in float32, the right numbers differ by less than this from ours.
ALIKE = -100.0
# The smallest energy that is divided by, where silence is what should have come.
NOTHING = 1e-24
# What a classic mistake gives, in whatever way it was made.
ALIKE_ENOUGH = -60.0


class Found(NamedTuple):
    """What a part found: how much is right, from 0 to 1; a sentence; the classic mistake that it looks like; and, if it
    is right but for a mistake of another function, that one's name."""

    share: float
    sentence: str
    mistake: str = ""
    counted_at: str = ""


@dataclass(frozen=True)
class Classic:
    """A mistake that many make: "the mean, not the median", and where it is treated: "lecture 8, section 5"."""

    title: str
    lecture: str

    def __str__(self):
        return f"It looks like {self.title}: {self.lecture}."


@dataclass(frozen=True)
class Leaning:
    """A function may call another one of the student's: `theirs()` is what it gives if that one is taken as it is.

    Whoever hands back what comes in would be right by that, so it counts only where the other one is half right.
    """

    student: object
    function: str
    theirs: Callable

    def explains(self, mine):
        if self.student.shares.get(f"check_{self.function}", 0) < 0.5:
            return False
        try:
            return error_db(mine, array(self.theirs())) < ALIKE
        except StudentError:
            return False


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


def alike(what, mine, right, limit=ALIKE, known=(), leaning=None):
    """All or nothing: is it the right array?

    `known` are pairs of a Classic and what it gives, `leaning` is a Leaning.
    """
    mine, right = array(mine), np.asarray(right)
    error = error_db(mine, right)
    if error < limit:
        return Found(1.0, f"{what}: right.")
    if leaning and leaning.explains(mine):
        sentence = f"{what}: right, given your {leaning.function}, where its mistake is counted."
        return Found(1.0, sentence, counted_at=leaning.function)
    if mine.shape != right.shape:
        wrong = f"the shape is {mine.shape}, it should be {right.shape}"
    elif not np.isfinite(mine).all():
        wrong = "it holds NaN or infinity"
    else:
        wrong = f"the error is {error:.1f} dB, it should be below {limit:g} dB"
    for classic, gives in known:
        if error_db(mine, gives) < ALIKE_ENOUGH:
            return Found(0.0, f"{what}: {wrong}. {classic}", classic.title)
    return Found(0.0, f"{what}: {wrong}.")


def between(what, reached, baseline, full):
    """A score in dB: no share at the baseline, the whole at `full`, in proportion between."""
    if np.isnan(reached):
        return Found(0.0, f"{what}: it can't be measured.")
    share = float(np.clip((reached - baseline) / (full - baseline), 0, 1))
    return Found(share, f"{what}: {reached:.1f} dB; {baseline:.1f} dB earn nothing, {full:.1f} dB all.")
