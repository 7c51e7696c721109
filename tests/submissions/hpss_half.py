"""Homework 2, right in places: each function says what is wrong with it."""

import numpy as np


def median_time(A, width):
    # Zeros beyond the edges.
    half = width // 2
    padded = np.pad(A, ((0, 0), (half, half)))
    return np.median([padded[:, i : i + A.shape[1]] for i in range(width)], axis=0)


def soft_masks(H, P, power):
    # NaN in silence, and wrong in a whisper.
    M = H**power / (H**power + P**power)
    return M, 1 - M


def growing_median(A, widths):
    # The same width in all rows.
    return median_time(A, widths[0])


def three_masks(A, H, P, power):
    raise NotImplementedError
