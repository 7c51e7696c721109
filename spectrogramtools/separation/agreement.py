"""How well do the repetitions agree? Leave each one out, and see how far the median of the others is from it.

Of two periods, or of a steady and a moving one, the better is the one with the smaller error. A median of few
repetitions is less sure of itself; where that must not count, because few long periods are compared with many short
ones, the error is brought to what it would be with any number of them.

Functions: `repetitions` stacks them, `left_out_error` compares them, `of_endless` corrects for their number, and
`stands_out` asks whether a period is better than any other lag.
"""

from __future__ import annotations

import numpy as np

from spectrogramtools.arrays import Real
from spectrogramtools.medians import middle

# Every fourth row says the same as all of them, and the lowest rows are the high-pass's.
ROWS = slice(5, None, 4)
# A period stands out if its error is less than so many times the usual one. Of a melody it is 0.96 or more, because the
# best lag is never quite usual; of a loop under a voice that is 10 dB louder, 0.96 or less.
STANDS_OUT = 0.97


def repetitions(A: Real, period_frames: float) -> Real:
    """The whole repetitions, shape (n, frames in a period, rows); a period need not be a whole number of frames."""
    length = int(period_frames)
    starts = np.round(np.arange(A.shape[1] / period_frames) * period_frames).astype(int)
    frames = np.ascontiguousarray(A[ROWS].T)
    return np.stack([frames[start : start + length] for start in starts if start + length <= len(frames)])


def left_out_error(stack: Real, nearest: int | None = None, among: slice = slice(None)) -> float:
    """How far each repetition is from the median of all others, or of the nearest: 0 where all are equal.

    In magnitudes, relative to their sum; only the repetitions `among` are looked at, and silence gives 0.
    """
    total = float(stack[among].sum(dtype=np.float64))
    if total == 0 or len(stack) < 2:
        return 0.0
    ordered = np.sort(stack, axis=0)
    error = 0.0
    for i in range(len(stack))[among]:
        if nearest is not None and nearest < len(stack) - 1:
            first = int(np.clip(i - nearest // 2, 0, len(stack) - nearest - 1))
            others = middle(np.delete(stack[first : first + nearest + 1], i - first, axis=0))
        else:
            others = _median_without(stack[i], ordered)
        error += float(np.abs(stack[i] - others).sum(dtype=np.float64))
    return error / total


def _median_without(one: Real, ordered: Real) -> Real:
    """The median of sorted values but for one of them: near the middle, on the other side of the one."""
    h = len(ordered) // 2
    if len(ordered) % 2 == 0:
        middle_of_rest: Real = np.where(one <= ordered[h - 1], ordered[h], ordered[h - 1])
        return middle_of_rest
    below, here, above = ordered[h - 1 : h + 2]
    others: Real = np.where(one < here, here + above, np.where(one > here, below + here, below + above)) / 2
    return others


def of_endless(error: float, n: int) -> float:
    """The error of n repetitions, as it would be with endlessly many.

    A median of m values has pi / 2m of their variance (of normal ones, and nearly so for others), so the difference
    between a value and the median of n - 1 others is larger by the root of 1 + pi / (2 (n - 1)). That is for many: of
    three repetitions it takes off 8 % too much, of five 4 %. The long periods that it so favours are the better ones,
    on recordings of bands by 0.3 dB.
    """
    return float(error / np.sqrt(1 + np.pi / (2 * (n - 1))))


def stands_out(A: Real, period_frames: float) -> bool:
    """Whether repetitions of this period agree better than pieces of about the same length do."""

    # Not near the period and not near a simple fraction or multiple of it.
    others = [period_frames * factor for factor in (0.63, 0.71, 0.79, 0.87, 1.13, 1.21, 1.29)]
    others = [frames for frames in others if 1 <= frames <= A.shape[1] / 3]
    # Equally many of each, because a median of few is less sure of itself.
    n = int(A.shape[1] / max([period_frames, *others]))

    def error(frames: float) -> float:
        return left_out_error(repetitions(A, frames)[:n])

    return not others or error(period_frames) < STANDS_OUT * float(np.median([error(frames) for frames in others]))
