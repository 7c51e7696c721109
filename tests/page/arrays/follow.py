"""The period as it moves, frames placed by it, and their inverse."""

import numpy as np
from inputs import noise, whole_clips

from spectrogramtools import find_period, follow_period
from spectrogramtools.separation.follow import places_of_frames
from spectrogramtools.separation.placed import PlacedMixture


def cases():
    for name, sr, y in whole_clips():
        yield of(name, y, sr, find_period(y, sr), 500)
    loop = np.concatenate([noise(9000)] * 5)
    yield of("a loop", loop, 8000, 1.1, 250)
    yield of("a loop, in double precision", loop.astype(np.float64), 8000, 1.15, 250)
    yield of("two channels", np.stack([loop, noise(len(loop), seed=1)]), 8000, 1.1, 300)
    yield of("half of it", loop[:18000], 8000, 1.125, 256)
    # The second half a twentieth slower.
    slower = np.interp(np.arange(0, 22500, 0.95), np.arange(22500), loop[:22500]).astype(np.float32)
    yield of("it moves", np.concatenate([loop[:22500], slower]), 8000, 1.125, 256)
    yield of("too short for lags", noise(500), 8000, 0.01, 64)
    gaps = np.array([0, 100, 480, 990, 1000, 2000, 3100])
    yield dict(name="with gaps", channels=[noise(3000)]) | placed(noise(3000), gaps)


def of(name, y, sr, period, hop):
    times, periods = follow_period(y, sr, period=period)
    channels = list(np.atleast_2d(y))
    places, frames = places_of_frames(times, periods, len(channels[0]), sr, hop)
    found = dict(name=name, channels=channels, sr=sr, period=period, hop=hop, times=times, periods=periods)
    found |= dict(places=places, frames=frames)
    return found if len(channels[0]) > 60000 else found | placed(channels[0], places)


def placed(y, places):
    mixture = PlacedMixture(y, 512, places)
    halved = mixture.sound(mixture.S * np.float32(0.5))
    return dict(places=places, S=mixture.S, A=mixture.A, back=mixture.sound(mixture.S), halved=halved)
