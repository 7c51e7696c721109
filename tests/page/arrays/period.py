"""The beat spectrum; the period of every clip, of loops of noise, and what can't have one; hops that fit."""

import numpy as np
from inputs import matrices, noise, spectrograms, stopped, whole_clips

from spectrogramtools import beat_spectrum, find_period
from spectrogramtools.separation.period import fitting_hop, seconds_that_repeat


def cases():
    for name, A in matrices():
        yield dict(name=name, A=A, beats=beat_spectrum(A))
    A = np.abs(noise(20, 300, dtype=np.float64))
    yield dict(name="in double precision", A=A, beats=beat_spectrum(A))
    for name, _, _, _, S in spectrograms():
        yield dict(name=name, A=np.abs(S), beats=beat_spectrum(np.abs(S)))
    for name, sr, y in whole_clips():
        yield of(name, y, sr)
    for samples in (9000, 12345):
        loop = noise(samples, seed=samples)
        y = np.concatenate([loop] * 5)[: int(4.4 * samples)] + 0.3 * noise(int(4.4 * samples), seed=1)
        yield of(f"a loop of {samples}", y, 8000)
        yield of(f"a loop of {samples}, in double precision", y.astype(np.float64), 8000)
        yield of(f"two channels with a loop of {samples}", np.stack([y, 0.5 * noise(len(y), seed=2)]), 8000)
        yield of(f"longer ones than {samples}", y, 8000, min_period=1.3 * samples / 8000)
        yield of(f"shorter ones than {samples}", y, 8000, min_period=0.3, max_period=0.9 * samples / 8000)
    yield of("noise", noise(40000), 8000)
    yield of("a hum", np.sin(0.05 * np.arange(40000)).astype(np.float32) + 0.01 * noise(40000), 8000)
    for y, how in [
        (noise(8000), dict()),
        (noise(8000), dict(min_period=0.5)),
        (noise(2500), dict(min_period=0.1, max_period=0.15)),
        (noise(80000), dict(min_period=3.0, max_period=2.0)),
        (noise(80000), dict(min_period=0.0)),
        (noise(80000), dict(max_period=6.0)),
        (noise(80000), dict(max_period=-1.0)),
        (np.zeros(80000, np.float32), dict()),
    ]:
        yield dict(name="no room", channels=[y], sr=8000, how=how, error=stopped(find_period, y, 8000, **how))
    for seconds in (1.0, 5.0, 5.1, 0.0, -1.0):
        yield dict(
            name="by hand",
            seconds=seconds,
            samples=80000,
            sr=8000,
            error=stopped(seconds_that_repeat, seconds, 80000, 8000),
        )
    periods = np.concatenate([np.random.default_rng(0).uniform(1, 300000, 200), [2.0, 340.0, 512.0, 81920.0, 81920.5]])
    for win_length in (16, 255, 2048, 4096):
        hops = np.array([fitting_hop(period, win_length) for period in periods])
        yield dict(name="hops", win_length=win_length, periods=periods, hops=hops)


def of(name, y, sr, **how):
    return dict(name=name, channels=list(np.atleast_2d(y)), sr=sr, how=how, period=find_period(y, sr, **how))
