"""Homework 4, an honest method that is no answer to the question: what stays is background, what strikes is not."""

import numpy as np


def median(A, width):
    P = np.pad(A, ((0, 0), (width // 2, width // 2)), mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(P, width, axis=1), axis=2)


def masks(A):
    stays, strikes = median(A, 17) + 1e-9, median(A.T, 17).T + 1e-9
    background = stays / (stays + strikes)
    return np.stack([background, 1 - background])
