"""HPSS on magnitudes and on waveforms: all clips, masks, powers and margins."""

import numpy as np
from inputs import channels, matrices, noise

from spectrogramtools import hpss, hpss_masks

SETTINGS = [
    dict(),
    dict(mask="binary"),
    dict(power=2.0),
    dict(margin=2.0),
    dict(margin=(1.0, 3.0), power=2.0),
    dict(margin=(2.0, 1.5), mask="binary"),
    dict(edges="zero"),
]


def cases():
    for name, sr, y in channels():
        for how in (dict(), dict(margin=2.0)):
            yield of(name, y, sr, how)
    for how in SETTINGS:
        yield of("noise", noise(6000), 8000, how)
    yield of("half-widths", noise(6000), 8000, dict(winh=0.05, winv=200.0, win_length=256, hop_length=64))
    yield of("wider than the sound", noise(500), 8000, dict(winh=0.06, winv=9000.0, win_length=64, hop_length=16))
    yield of("silence", np.zeros(3000, np.float32), 8000, dict())
    for name, A in matrices():
        for how in SETTINGS:
            how = dict(winh_frames=3, winv_bins=4) | how
            yield dict(name=name, A=A, how=how, masks=hpss_masks(A, **how))


def of(name, y, sr, how):
    harmonic, percussive = hpss(y, sr, **how)
    return dict(
        name=name, y=y, sr=sr, how=how, harmonic=harmonic, percussive=percussive, residual=y - harmonic - percussive
    )
