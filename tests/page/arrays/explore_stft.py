"""The explorer of the STFT with every window, at several lengths and hops; one frame's spectrum; in stereo."""

from itertools import product

import numpy as np
from explored import explored

from spectrogramtools import STFT, explore_stft, load_clip
from spectrogramtools.explorers.stft import WINDOWS

FLOOR = -120


def cases():
    clip = load_clip("violin_castanets")
    y = clip.mixture[: 2 * clip.sr]
    lengths_and_hops = [(64, 8), (256, 4), (1024, 3), (2048, 4), (4096, 2), (8192, 1)]
    settings = [
        dict(length=length, hop=hop, shape=shape, time=0.7 if hop > 3 else 2.0)
        for (length, hop), shape in product(lengths_and_hops, WINDOWS)
    ]
    yield explored("violin and castanets", explore_stft(y, clip.sr), [{}, *settings], spectrum)
    two = np.stack([y, 0.5 * clip.stems["violin"][: len(y)]])
    yield explored("stereo", explore_stft(two, clip.sr), [{}, dict(hop=2, shape="Hann")], spectrum)


def spectrum(e):
    """In dB of full scale, the frame nearest to the time that the slider names."""
    length, window = e.length.value, WINDOWS[e.shape.value]
    columns = []
    for channel in np.atleast_2d(e.y):
        S = STFT(channel.astype(float), length, e.hop_length, window, center=True)
        columns.append(np.abs(S[:, min(round(e.time.value * e.sr / e.hop_length), S.shape[1] - 1)]))
    level = np.sqrt(np.mean(np.square(columns), axis=0)) / (window(length).sum() / 2)
    decibels = 20 * np.log10(np.maximum(level, 10 ** (FLOOR / 20)))
    hertz = np.arange(1 + length // 2) * e.sr / length
    return dict(curves={"frame": [[hertz.astype(np.float32), decibels.astype(np.float32)]]})
