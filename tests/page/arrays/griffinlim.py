"""Griffin-Lim: all clips, both forms, phases zero and given, windows that cover badly."""

import numpy as np
from inputs import noise, spectrograms

from spectrogramtools import STFT, griffinLimInverse


def cases():
    for name, _, win_length, hop_length, S in spectrograms(2):
        A = np.abs(S)
        for how in (dict(NIters=3), dict(NIters=3, momentum=0.99)):
            yield of(name, A, win_length, hop_length, how)
    A = np.abs(STFT(noise(2500), 256, 64, center=True))
    A[:, 7] = A[3] = 0
    phase = np.random.default_rng(0).uniform(-np.pi, np.pi, A.shape).astype(np.float32)
    for how in [
        dict(NIters=0),
        dict(NIters=0, phase=phase),
        dict(NIters=5, phase=phase),
        dict(NIters=5, phase=phase, momentum=0.5),
        dict(NIters=5, length=2400),
        dict(NIters=10),
    ]:
        yield of("noise", A, 256, 64, how)
    yield of("few windows", np.abs(noise(33, 20)), 64, 60, dict(NIters=4))
    yield of("double", np.abs(noise(51, 20, dtype=np.float64)), 100, 25, dict(NIters=10, momentum=0.9))
    yield of("silence", np.zeros((33, 5), np.float32), 64, 16, dict(NIters=2, momentum=0.9))


def of(name, A, win_length, hop_length, how):
    y = griffinLimInverse(A, win_length, hop_length, center=True, verbose=False, **how)
    return dict(name=name, A=A, win_length=win_length, hop_length=hop_length, how=how, y=y)
