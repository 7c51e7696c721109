"""What the chapters compute with: a few seconds of every clip, and random numbers in awkward shapes."""

from functools import cache

import numpy as np

from spectrogramtools import STFT, clips, load_clip
from spectrogramtools.transforms import lengths

SECONDS = 4
# Bins and frames.
SHAPES = [(1, 1), (1, 9), (9, 1), (2, 2), (3, 40), (7, 8), (8, 7), (9, 31), (10, 30), (33, 17), (65, 64), (130, 50)]


@cache
def channels(seconds=SECONDS):
    """Name, sampling rate and samples of each channel of each clip."""
    return [
        (clip.name if clip.mixture.ndim == 1 else f"{clip.name} {side}", clip.sr, channel[: round(seconds * clip.sr)])
        for clip in map(load_clip, clips())
        for side, channel in zip(("left", "right"), np.atleast_2d(clip.mixture), strict=False)
    ]


@cache
def spectrograms(seconds=SECONDS):
    """Name, sampling rate, window and hop, and spectrogram of each channel, centred."""
    return [
        (name, sr, *lengths(None, None, sr), STFT(y, *lengths(None, None, sr), center=True))
        for name, sr, y in channels(seconds)
    ]


def noise(*shape, seed=0, dtype=np.float32):
    """Normally distributed numbers."""
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def matrices():
    """Name and magnitudes: random numbers, of which some are equal and some are 0, in awkward shapes; and silence."""
    for bins, frames in SHAPES:
        A = np.abs(noise(bins, frames, seed=bins + frames))
        A[A < 0.2] = 0
        A[A > 1.8] = 2
        yield f"{bins} x {frames}", A
    yield "silence", np.zeros((12, 10), np.float32)


@cache
def whole_clips():
    """Name, sampling rate and mixture of each clip."""
    return [(clip.name, clip.sr, clip.mixture) for clip in map(load_clip, clips())]


def stopped(function, *args, **how):
    """What a function stops with, and "" if it doesn't."""
    try:
        function(*args, **how)
    except ValueError as error:
        return str(error)
    return ""
