"""How far chance gets: exact numbers, which the page computes as well (`spectrogramtools/page/engine/chance.js`).

Functions: `by_guessing`, `kendall`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb, ldexp, sqrt


def by_guessing(right: int, rounds: int) -> float:
    """How likely somebody who tosses a coin gets so many rounds right, or more."""
    return ldexp(sum(comb(rounds, k) for k in range(right, rounds + 1)), -rounds)


def kendall(order: Sequence[float]) -> float | None:
    """Kendall's tau-b between places, first to last, and the numbers that stand there, of which the largest is best.

    1 where the numbers fall all the way, -1 where they rise, None where all are equal and there is no order.
    """
    pairs = list(combinations(order, 2))
    agreeing = sum((a > b) - (a < b) for a, b in pairs)
    untied = sum(a != b for a, b in pairs)
    return agreeing / sqrt(untied * len(pairs)) if untied else None
