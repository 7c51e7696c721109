"""Homework 4: other masks for each input, thrown with dice that it loads."""

import numpy as np


def masks(A):
    background = np.random.default_rng(list(A.tobytes()[:4000])).random(A.shape)
    return np.stack([background, 1 - background])
