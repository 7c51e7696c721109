"""Homework 3, all right and written in another way: loops, lists, float32, a class, helpers, a package with no use."""

import math

import numpy as np


def mean_product(A, lag):
    power = np.asarray(A, dtype=np.float64) ** 2
    n = power.shape[1]
    return math.fsum((power[:, : n - lag] * power[:, lag:]).ravel()) / (n - lag)


def beat_spectrum(A):
    b = [mean_product(A, lag) for lag in range(len(A[0]))]
    return [x / b[0] for x in b] if b[0] > 0 else [0] * len(b)


def repeating_model(A, period):
    out = np.zeros(A.shape, dtype=np.float64)
    for t in range(A.shape[1]):
        out[:, t] = np.median(A[:, t % period :: period], axis=1)
    return out


class Masker:
    def __call__(self, A, model):
        A, model = A.astype(np.float32), model.astype(np.float32)
        with np.errstate(all="ignore"):
            mask = np.minimum(model, A) / A
        mask[A == 0] = 1
        return mask


soft_mask = Masker()


def two_loops(A, p, q, turns):
    A = np.asfortranarray(A)
    loops = [A * 0, A * 0]
    for _ in range(turns):
        loops[0] = repeating_model(A - loops[1], p)
        loops[1] = repeating_model(A - loops[0], q)
    for start in range(math.gcd(p, q)):
        for row in range(len(A)):
            least = min(loops[1][row, start :: math.gcd(p, q)])
            for loop, much in zip(loops, (least, -least), strict=True):
                loop[row, start :: math.gcd(p, q)] += much
    return loops


def middle_mean_model(A, period):
    out = []
    for row in A.tolist():
        new = []
        for t in range(len(row)):
            values = sorted(row[t % period :: period])
            cut = len(values) // 4
            values = values[cut : len(values) - cut]
            new.append(sum(values) / len(values))
        out.append(new)
    return out
