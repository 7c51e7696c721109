"""Homework 4: each row has a number of its own, tuned to leave out where voices are, whatever is played."""

import numpy as np


def masks(A):
    octaves = np.log2(np.maximum(np.arange(len(A)), 1) * 11025 / len(A) / 700)
    background = np.repeat(1 - 0.6 * np.exp(-(octaves[:, None] ** 2)), A.shape[1], axis=1)
    return np.stack([background, 1 - background])
