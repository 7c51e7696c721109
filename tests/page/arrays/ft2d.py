"""2DFT: the two-dimensional transform of awkward sizes, masks and sounds."""

import numpy as np
from inputs import channels, matrices, noise

from spectrogramtools import ft2d, ft2d_masks

SETTINGS = [
    dict(),
    dict(neighbourhood=(3, 4)),
    dict(neighbourhood=(4, 9), mask="soft", power=2.0, highpass_bins=2),
    dict(neighbourhood=(1, 10**6), mask="soft"),
]


def cases():
    for bins, frames in [(1, 1), (2, 3), (16, 9), (41, 53), (59, 4), (25, 106), (1025, 127)]:
        A = np.abs(noise(bins, frames, seed=bins))
        yield dict(name=f"{bins} x {frames}", A=A, spectrum=np.fft.fft2(A.astype(np.float64)))
    for name, A in matrices():
        for how in SETTINGS:
            yield dict(name=name, A=A, how=how, masks=ft2d_masks(A, **how))
    loop = np.tile(np.abs(noise(40, 12)), 9) + 0.1 * np.abs(noise(40, 108, seed=1))
    for how in SETTINGS:
        yield dict(name="a loop", A=loop, how=how, masks=ft2d_masks(loop, **how))
    for name, sr, y in channels(10):
        yield on_sound(name, y, sr, {})
    stereo = noise(2, 30000)
    yield on_sound("two channels", stereo, 8000, dict(neighbourhood=(3, 15), mask="soft", power=2.0, highpass=0.0))
    yield on_sound("two channels", stereo, 8000, dict(win_length=600, hop_length=200))
    yield on_sound("silence", 0 * stereo[0], 8000, {})


def on_sound(name, y, sr, how):
    background, _ = ft2d(y, sr, **how)
    return dict(name=name, channels=list(np.atleast_2d(y)), sr=sr, how=how, background=list(np.atleast_2d(background)))
