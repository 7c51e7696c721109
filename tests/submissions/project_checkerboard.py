"""Homework 4: every second cell, whatever is played."""

import numpy as np


def masks(A):
    background = np.indices(A.shape).sum(axis=0) % 2.0
    return np.stack([background, 1 - background])
