"""Homework 4: masks that sum to one, and are a thousand times louder than the music."""

import numpy as np


def masks(A):
    background = A / (A + np.median(A) + 1e-9) + 1000j
    return np.stack([background, 1 - background])
