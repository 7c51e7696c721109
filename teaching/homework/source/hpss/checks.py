"""Checks for homework 2: they say what is wrong, and decide no mark."""

import numpy as np

from spectrogramtools.homework import attempt, error_db, has_shape, say, spelt_as_in_the_table

MISTAKES = ("swapped", "no phase", "binary", "short windows", "long frames", "mean")


def median_time(function):
    """A line with a click across it; then the edges."""
    line_and_click(function, np.eye(15)[7][:, None] * np.ones(21), "row")
    got = attempt(function, np.array([[9.0, 1.0, 2.0, 3.0, 8.0]]), 3)
    if got is not None and has_shape(got, (1, 5), "a row of five"):
        say(got[0, 0] == 9, "at the left edge 9 9 1 gives 9", f"at the left edge 9 9 1 gives {got[0, 0]:g}, not 9")
        say(got[0, 4] == 8, "at the right edge 3 8 8 gives 8", f"at the right edge 3 8 8 gives {got[0, 4]:g}, not 8")
        middle = got[0, 1:4]
        say(np.array_equal(middle, [2, 2, 3]), "the middle is right", f"the middle gives {middle}, not 2 2 3")


def median_frequency(function):
    """A click with a line across it."""
    line_and_click(function, np.eye(21)[7][None, :] * np.ones((15, 1)), "column")


def line_and_click(function, kept, what):
    A = kept.copy()
    if what == "row":
        A[:, 10] = 5
    else:
        A[4, :] = 5
    got = attempt(function, A, 5)
    if got is not None and has_shape(got, A.shape, f"a {what} to keep"):
        error = error_db(got, kept)
        say(error < -100, f"the {what} stays, what crosses it goes", f"the {what} is off by {error:.1f} dB")


def soft_masks(function):
    """Known ratios, silence, and a whisper."""
    H, P = np.array([[3.0, 0.0, 0.0, 3e-200]]), np.array([[1.0, 2.0, 0.0, 1e-200]])
    masks = attempt(function, H, P, 2)
    if masks is None or not has_shape(masks, (2, 1, 4), "two masks of 1 × 4 cells"):
        return
    sum_to_one(masks)
    cells = (("H = 3, P = 1", 0.9), ("H = 0, P = 2", 0.0), ("both 0", 0.5), ("H = 3e-200, P = 1e-200", 0.9))
    for place, (case, right) in enumerate(cells):
        got = masks[0, 0, place]
        say(np.isclose(got, right), f"{case}: the mask is {right:g}", f"{case}: the mask is {got:.3g}, not {right:g}")


def sum_to_one(masks):
    total = masks.sum(axis=0)
    off = np.nanmax(np.abs(total - 1))
    fine = np.isfinite(masks).all() and off < 1e-6
    say(fine, "the masks sum to one", f"the masks hold NaN or sum to 1 only within {off:.3g}")


def binary_masks(function):
    """Louder by the margin, a tie, neither."""
    H, P = np.array([[4.0, 1.0, 2.0, 3.0]]), np.array([[2.0, 3.0, 2.0, 2.0]])
    for margin, right in ((1, [[1, 0, 1, 1], [0, 1, 0, 0]]), (2, [[1, 0, 0, 0], [0, 1, 0, 0]])):
        masks = attempt(function, H, P, margin)
        if masks is None:
            return
        if has_shape(masks, (2, 1, 4), "two masks of 1 × 4 cells"):
            fine = np.array_equal(masks[:, 0], right)
            told = f"margin {margin}: H = {H[0]}, P = {P[0]}"
            say(fine, f"{told}: right", f"{told} give {masks[:, 0].tolist()}, not {right}")


def growing_median(function):
    """Each row for itself."""
    A = np.array([[1.0, 9.0, 1.0, 1.0, 1.0], [2.0, 9.0, 9.0, 2.0, 2.0], [3.0, 9.0, 9.0, 3.0, 3.0]])
    got = attempt(function, A, [1, 3, 5])
    if got is None or not has_shape(got, A.shape, "three rows"):
        return
    rows = (A[0], [2, 9, 9, 2, 2], [9, 3, 3, 3, 3])
    for k, right in enumerate(rows):
        told = f"row {k}, width {2 * k + 1}"
        say(np.array_equal(got[k], right), f"{told}: right", f"{told}: {got[k]}, it should be {np.array(right, float)}")


def three_masks(function):
    """What is left over, silence, a whisper."""
    A = np.array([[6.0, 2.0, 0.0, 3e-200]])
    H, P = np.array([[2.0, 2.0, 0.0, 1e-200]]), np.array([[4.0, 1.0, 0.0, 1e-200]])
    masks = attempt(function, A, H, P, 2)
    if masks is None or not has_shape(masks, (3, 1, 4), "three masks of 1 × 4 cells"):
        return
    sum_to_one(masks)
    right = np.array([[4, 16, 4], [16, 4, 0], [8, 8, 8], [4, 4, 16]]) / np.array([[24], [20], [24], [24]])
    for place, case in enumerate(("A = 6, H = 2, P = 4", "A = 2, H = 2, P = 1", "all 0", "A = 3e-200, H = P = 1e-200")):
        got, true = np.round(masks[:, 0, place], 3), np.round(right[place], 3)
        say(np.allclose(got, true, atol=2e-3), f"{case}: right", f"{case}: {got}, it should be {true}")


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
