"""How well repetitions agree: random ones, exact ones, few of them, and those of every clip."""

import numpy as np
from inputs import noise, whole_clips

from spectrogramtools import STFT
from spectrogramtools.separation.agreement import left_out_error, of_endless, repetitions, stands_out


def cases():
    for bins, frames, period in [
        (30, 40, 7),
        (30, 40, 7.3),
        (30, 40, 13.7),
        (30, 41, 20.5),
        (6, 90, 4.5),
        (33, 30, 30),
    ]:
        A = np.abs(noise(bins, frames, seed=frames))
        yield of(f"noise {bins} x {frames}", A, period)
        yield of(f"noise {bins} x {frames}, in double precision", A.astype(np.float64), period)
    yield of("a loop", np.tile(np.abs(noise(40, 6)), 9), 6)
    yield of("silence", np.zeros((20, 60), np.float32), 6)
    for name, sr, y in whole_clips():
        y = np.atleast_2d(y)[0][: 10 * sr]
        yield of(name, np.abs(STFT(y, 2048, 512, center=True)), 1.3 * sr / 512)


def of(name, A, period):
    stack = repetitions(A, period)
    n = len(stack)
    errors = [
        dict(nearest=nearest, among=among, error=left_out_error(stack, nearest, slice(*(among or (None,)))))
        for nearest in (None, 1, 2, 3, 5)
        for among in (None, [0, 2], [1, n + 3], [n, n + 1])
    ]
    lasting = [of_endless(error["error"], n) for error in errors] if n > 1 else None
    stack = stack.reshape(n, -1).T  # written as a matrix: repetition by repetition
    return dict(
        name=name, A=A, period=period, stack=stack, errors=errors, lasting=lasting, stands_out=stands_out(A, period)
    )
