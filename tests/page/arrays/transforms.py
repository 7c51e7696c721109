"""The STFT and its inverse: all clips, all windows, hops that cover well and badly, both precisions."""

import numpy as np
from inputs import channels, noise

from spectrogramtools import STFT, halfsine, hann, iSTFT
from spectrogramtools.transforms import lengths, synthesis_gain

WINDOWS = {"halfsine": halfsine, "hann": hann, "rectangular": np.ones}


def cases():
    for name, sr, y in channels():
        yield of(name, y, *lengths(None, None, sr), "halfsine", sr=sr)
    for n in (1, 255, 256, 257, 1000, 3001):
        yield of(f"{n} samples", noise(n, seed=n), 256, 64, "halfsine")
    yield of("silence", np.zeros(1000, np.float32), 256, 64, "hann")
    y = noise(3000, seed=1)
    for window in WINDOWS:
        for win_length, hop_length in [(64, 8), (64, 16), (64, 21), (64, 32), (64, 64), (2, 1), (4, 3), (8192, 2048)]:
            yield of(f"{window} {win_length}/{hop_length}", y, win_length, hop_length, window)
    for win_length, hop_length in [(3, 1), (63, 16), (100, 25), (127, 31), (441, 147), (1000, 333)]:
        yield of(f"{win_length}/{hop_length}", y, win_length, hop_length, "halfsine")
        yield of(f"{win_length}/{hop_length} double", y.astype(np.float64), win_length, hop_length, "hann")
    for win_length in (64, 2048):
        yield of(f"{win_length} double", y.astype(np.float64), win_length, win_length // 4, "halfsine")


def of(name, y, win_length, hop_length, window, **more):
    how = dict(winfunc=WINDOWS[window], center=True)
    S = STFT(y, win_length, hop_length, **how)
    # Random masks leave a spectrogram that is nobody's, so that it matters what is divided by what.
    M = np.random.default_rng(0).uniform(0, 1, S.shape).astype(y.dtype)
    return dict(
        name=name,
        y=y,
        win_length=win_length,
        hop_length=hop_length,
        window=window,
        S=S,
        A=np.abs(S),
        M=M,
        back=iSTFT(M * S, win_length, hop_length, length=len(y), **how),
        spanned=iSTFT(M * S, win_length, hop_length, **how),
        longer=iSTFT(M * S, win_length, hop_length, length=len(y) + 99, **how),
        gain=synthesis_gain(WINDOWS[window](win_length).astype(y.dtype), hop_length, S.shape[1]),
        **more,
    )
