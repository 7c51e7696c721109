"""Masks: of medians and models of all clips, of random numbers, and at all scales."""

import numpy as np
from inputs import matrices, noise, spectrograms

from spectrogramtools import (
    binary_masks,
    fitted_mask,
    foreground_trust,
    median_across_frequency,
    median_across_periods,
    median_across_time,
    repeating_mask,
    soft_masks,
)

# Of which the last is no power that a slider has.
POWERS = [0.5, 1.0, 1.5, 2.0, 3.5, 6.0, 0.37]


def cases():
    for name, _, _, _, S in spectrograms(2):
        A = np.abs(S)
        yield of(name, median_across_time(A, 41), median_across_frequency(A, 81), [1.0, 2.0])
        yield of(f"{name}, period", A, median_across_periods(A, 20), [1.0])
        yield turned(name, S)
    for name, A in matrices():
        B = np.abs(noise(*A.shape, seed=1))
        B[B < 0.2] = 0
        yield of(name, A, B, POWERS)
    # Two powers of ten apart, from what rounds to nothing to what nearly overflows.
    levels = np.concatenate([[0], 10.0 ** np.arange(-44, 39, 2)]).astype(np.float32)
    yield of("all scales", *np.meshgrid(levels, levels), POWERS)
    z = noise(9, 8) + 1j * noise(9, 8, seed=1)
    z[0], z[:, 1] = 0, z[:, 1].real
    yield turned("random", z)


def of(name, A, B, powers):
    return dict(
        name=name,
        A=A,
        B=B,
        soft=[dict(power=power, masks=soft_masks(A, B, power=power)) for power in powers],
        binary=[dict(margin=margin, masks=binary_masks(A, B, margin=margin)) for margin in (1.0, 1.7, 3.0)],
        repeating=repeating_mask(A, B),
        trust=foreground_trust(A, B),
        fitted=fitted_mask(A, B),
    )


def turned(name, S):
    M = np.random.default_rng(0).uniform(0, 1, S.shape).astype(np.float32)
    return dict(name=name, S=S, M=M, turned=(M * np.exp(1j * np.angle(S))).astype(S.dtype))
