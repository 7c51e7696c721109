"""Homework 4, right in places: the masks add up, but what stays the same is not what repeats."""

import numpy as np


def masks(A):
    usual = np.median(A, axis=1, keepdims=True)
    background = np.clip(usual / np.maximum(A, 1e-9), 0, 1)
    return np.stack([background, 1 - background])
