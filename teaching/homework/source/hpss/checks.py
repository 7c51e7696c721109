"""Checks for homework 2: they say what is wrong, and decide no mark."""

import numpy as np

from spectrogramtools.homework import attempt, error_db, has_shape, same_numbers, say, spelt, spelt_as_in_the_table

MISTAKES = ("swapped", "no phase", "binary", "short windows", "long frames", "mean")

# A row, and its medians by width, to be followed by hand.
ROW = np.array([9.0, 1, 2, 8, 3])
MEDIANS = {1: ROW, 3: [9, 2, 2, 3, 3], 5: [2, 8, 3, 3, 3]}


def median_time(function):
    medians(function, "row", np.asarray)


def median_frequency(function):
    medians(function, "column", np.transpose)


def medians(function, line, turned):
    """A line with a click across it; five cells, by hand; noise, in which as many cells are smaller as are larger."""
    kept = np.eye(15)[7][:, None] * np.ones(21)
    A = kept.copy()
    A[:, 10] = 5
    got = attempt(function, turned(A), 5)
    if got is None or not has_shape(got, turned(A).shape, f"a {line} to keep, of 15 × 21 cells"):
        return
    error = error_db(turned(got), kept)
    crossing = np.allclose(turned(got), 5 * (np.arange(21) == 10))
    told = f"the {line} is off by {error:.1f} dB" + (
        ": are the medians taken along the other axis?" if crossing else ""
    )
    say(error < -100, f"the {line} stays, what crosses it goes", told)
    instead = {
        1: (),
        3: (
            ("are these means, not medians?", [19 / 3, 4, 11 / 3, 13 / 3, 14 / 3]),
            ("are these the smallest of the three?", [1, 1, 1, 2, 3]),
            ("are these the largest of the three?", [9, 9, 8, 8, 8]),
            ("is each cell in the middle of its window?", [2, 2, 3, 3, 3]),
            ("is each cell in the middle of its window?", [9, 9, 2, 2, 3]),
            ("`width` is the whole window: half of it lies to each side", [2, 3, 3, 3, 3]),
            ("are there zeros beyond the ends?", [1, 2, 2, 3, 3]),
            (f"beyond its ends the {line} goes on with its last cell repeated: 9 | 9 1 and 8 3 | 3", [1, 2, 2, 3, 8]),
            ("does it go on with the other end?", [3, 2, 2, 3, 8]),
            ("are the windows cut short at the ends?", [5, 2, 2, 3, 5.5]),
        ),
        5: (
            (f"beyond its ends the {line} goes on mirrored, not with the last cell alone", [9, 8, 3, 3, 3]),
            ("are the ends left as they were?", [9, 1, 3, 8, 3]),
        ),
    }
    for width, right in MEDIANS.items():
        got = attempt(function, turned(ROW[None]), width)
        if got is not None and has_shape(got, turned(ROW[None]).shape, f"a {line} of five, width {width}"):
            same_numbers(np.ravel(got), right, f"the {line} {spelt(ROW)}, width {width}", instead[width])
    A = np.random.default_rng(1).uniform(size=(7, 40))
    got = attempt(function, turned(A), 9)
    if got is not None and has_shape(got, turned(A).shape, "noise"):
        middle = turned(got)[:, 4:36]
        # By more than float32 may be off.
        smaller = sum((A[:, k : k + 32] < middle - 1e-5).astype(int) for k in range(9))
        wrong = np.argwhere(smaller != 4)
        told = "noise, width 9: 4 of the 9 cells around a median are smaller, and 4 larger"
        many = f"{told}; in {line} {wrong[0][0]} of yours {smaller[tuple(wrong[0])]} are smaller" if len(wrong) else ""
        say(len(wrong) == 0, told, many)


def soft_masks(function):
    """Known ratios, silence, and a whisper, for two powers."""
    H, P = np.array([[3.0, 0.0, 2.0, 0.0, 3e-200]]), np.array([[1.0, 2.0, 0.0, 0.0, 1e-200]])
    named = ("H = 3, P = 1", "H = 0, P = 2", "H = 2, P = 0", "both 0", "a whisper, H = 3e-200, P = 1e-200")
    hints = {
        (2, 0, 0.1): "which one comes first, the mask of H or of P?",
        (1, 0, 0.25): "which one comes first, the mask of H or of P?",
        (2, 0, 0.75): "is power used?",
        (2, 0, 0.5625): "are H and P each raised first, and then added?",
        (2, 0, 1): "it is a share, not a decision",
        (1, 0, 0.9): "is power used, whatever it is?",
    }
    for power, share in ((2, 0.9), (1, 0.75)):
        masks = attempt(function, H, P, power)
        if masks is None or not has_shape(masks, (2, 1, 5), f"power {power}: two masks of 1 × 5 cells"):
            return
        sum_to_one(masks)
        for place, (case, right) in enumerate(zip(named, (share, 0, 1, 0.5, share), strict=True)):
            got = masks[0, 0, place]
            hint = hints.get((power, place, np.round(got, 4)), "")
            if place == 4 and masks[0, 0, 0] == share:
                hint = "what is so small must be made larger before it is raised to a power, each cell by itself"
            told = f"power {power}, {case}: the mask is {got:.3g}, not {right:g}{hint and f': {hint}'}"
            say(np.isclose(got, right), f"power {power}, {case}: the mask is {right:g}", told)


def sum_to_one(masks):
    total = masks.sum(axis=0)
    off = np.nanmax(np.abs(total - 1), initial=0)
    fine = np.isfinite(masks).all() and off < 1e-6
    told = f"the masks don't sum to 1: they are off by up to {off:.3g}"
    say(fine, "the masks sum to one", told if np.isfinite(masks).all() else "the masks hold NaN: is 0 divided by 0?")


def binary_masks(function):
    """Louder by the margin, ties, neither, silence."""
    H, P = np.array([[4.0, 1.0, 2.0, 3.0, 1.0, 0.0]]), np.array([[2.0, 3.0, 2.0, 2.0, 2.0, 0.0]])
    tie, silence = "a tie is harmonic alone", "0 ≥ 0, and 0 > 0 is false"
    hints = {
        1: ("4 ≥ 2", "3 > 1", tie, "3 ≥ 2", "2 > 1", silence),
        2: (
            "4 ≥ 2 · 2",
            "3 > 2 · 1",
            *["neither is twice the other"] * 2,
            "neither is more than twice the other",
            silence,
        ),
    }
    for margin, right in ((1, [[1, 0, 1, 1, 0, 1], [0, 1, 0, 0, 1, 0]]), (2, [[1, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0]])):
        masks = attempt(function, H, P, margin)
        if masks is None or not has_shape(masks, (2, 1, 6), f"margin {margin}: two masks of 1 × 6 cells"):
            return
        wrong = np.flatnonzero((masks[:, 0] != right).any(axis=0))
        for cell in wrong:
            case = f"margin {margin}, H = {H[0, cell]:g}, P = {P[0, cell]:g}"
            true = np.array(right)[:, cell]
            same_numbers(masks[:, 0, cell], true, case, hint=hints[margin][cell])
        if len(wrong) == 0:
            say(True, f"margin {margin}: right, ties and silence too", "")


def growing_median(function):
    """Each row for itself: the row of five, once, ten and a hundred times as large."""
    for widths in ([1, 3, 5], np.array([5, 1, 3])):
        A = ROW * np.array([[1.0], [10], [100]])
        got = attempt(function, A, widths)
        if got is None or not has_shape(got, A.shape, f"three rows, widths {spelt(np.array(widths))}"):
            return
        for k, width in enumerate(widths):
            cells = got[k] / 10**k
            others = [(f"that is what width {w} gives, not width {width}", MEDIANS[w]) for w in MEDIANS if w != width]
            hint = "is it mirrored at its ends? See whether median_time is right" if width > 1 else ""
            what = f"row {k}, width {width}, {spelt(ROW)} times {10**k}"
            same_numbers(cells, MEDIANS[width], f"{what}, divided by {10**k} again" if k else what, others, hint)


def three_masks(function):
    """What is left over, and what is not; silence; a whisper."""
    cells = (
        ("A = 6, H = 2, P = 4", (6, 2, 4), {2: (1 / 6, 4 / 6, 1 / 6), 1: (1 / 4, 2 / 4, 1 / 4)}),
        ("A = 2, H = 2, P = 1", (2, 2, 1), {2: (4 / 5, 1 / 5, 0), 1: (2 / 3, 1 / 3, 0)}),
        ("A = 1, H = 2, P = 1", (1, 2, 1), {2: (4 / 5, 1 / 5, 0), 1: (2 / 3, 1 / 3, 0)}),
        ("A = 5, H = P = 0", (5, 0, 0), {2: (0, 0, 1), 1: (0, 0, 1)}),
        ("all 0", (0, 0, 0), {2: (1 / 3, 1 / 3, 1 / 3), 1: (1 / 3, 1 / 3, 1 / 3)}),
        (
            "a whisper, A = 3e-200, H = P = 1e-200",
            (3e-200, 1e-200, 1e-200),
            {2: (1 / 6, 1 / 6, 4 / 6), 1: (1 / 4, 1 / 4, 2 / 4)},
        ),
    )
    larger = "R is what A has over the larger of the two"
    instead = {
        ("A = 6, H = 2, P = 4", 2): (
            (larger, (4 / 20, 16 / 20, 0)),
            (larger, (4 / 36, 16 / 36, 16 / 36)),
            ("are these H, P and R in this order?", (4 / 6, 1 / 6, 1 / 6)),
            ("are these H, P and R in this order?", (1 / 6, 1 / 6, 4 / 6)),
            ("is power used?", (1 / 4, 2 / 4, 1 / 4)),
        ),
        ("A = 6, H = 2, P = 4", 1): (("is power used, whatever it is?", (1 / 6, 4 / 6, 1 / 6)),),
        ("A = 1, H = 2, P = 1", 2): (("R is never below 0", (4 / 6, 1 / 6, 1 / 6)),),
    }
    A, H, P = (np.array([layer], float) for layer in zip(*(values for _, values, _ in cells), strict=True))
    for power in (2, 1):
        masks = attempt(function, A, H, P, power)
        if masks is None or not has_shape(masks, (3, 1, 6), f"power {power}: three masks of 1 × 6 cells"):
            return
        sum_to_one(masks)
        for place, (case, _, right) in enumerate(cells):
            same_numbers(masks[:, 0, place], right[power], f"power {power}, {case}", instead.get((case, power), ()))


def score(across_time, across_frequency, masks):
    """Lines and clicks that cross: how much of the lines comes back?"""
    rng = np.random.default_rng(3)
    lines, clicks = np.zeros((60, 80)), np.zeros((60, 80))
    lines[5::9] = 4 + rng.uniform(size=(7, 1))
    clicks[:, 7::13] = 3 + rng.uniform(size=6)
    A = lines + clicks
    H, P = attempt(across_time, A, 9), attempt(across_frequency, A, 9)
    both = None if H is None or P is None else attempt(masks, H, P, 2)
    if both is not None and has_shape(both, (2, 60, 80), "two masks"):
        before, after = error_db(A, lines), error_db(both[0] * A, lines)
        told = f"the clicks among the lines fall from {before:.1f} to {after:.1f} dB"
        say(after < before - 8, told, f"{told}: they should fall by more than 8 dB")


def diagnosis(answers):
    spelt_as_in_the_table(answers, MISTAKES)
