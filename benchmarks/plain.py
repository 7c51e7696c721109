"""REPET, REPET-SIM and 2DFT as one would first write them with numpy: what the module's speed is compared with.

Segments are padded with NaN and go through nanmedian, as in nussl; the masks are min(model, A) / A. The transforms are
the module's own, so only the algorithms differ.
"""

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from spectrogramtools import STFT, iSTFT

WIN, HOP = 2048, 512


def _separate(y, model_of):
    S = STFT(y, WIN, HOP, center=True)
    A = np.abs(S)
    eps = np.finfo(A.dtype).eps
    M = (np.minimum(model_of(A), A) + eps) / (A + eps)
    return tuple(iSTFT(mask * S, WIN, HOP, center=True, length=len(y)) for mask in (M, 1 - M))


def repet(y, period_frames):
    def model(A):
        bins, frames = A.shape
        count = -(-frames // period_frames)
        padded = np.full((bins, count * period_frames), np.nan, A.dtype)
        padded[:, :frames] = A
        segment = np.nanmedian(padded.reshape(bins, count, period_frames), axis=1)
        return np.tile(segment, count)[:, :frames]

    return _separate(y, model)


def repet_sim(y, distance, count=100):
    def model(A):
        units = A / (np.linalg.norm(A, axis=0) + np.finfo(A.dtype).eps)
        similarity = units.T @ units
        out = np.empty_like(A)
        for t, row in enumerate(similarity):
            chosen = []
            for i in np.argsort(-row):
                around = row[max(0, i - distance + 1) : i + distance]
                if row[i] == around.max():
                    chosen.append(i)
                if len(chosen) == count:
                    break
            out[:, t] = np.nanmedian(A[:, chosen], axis=1)
        return out

    return _separate(y, model)


def ft2d(y):
    def model(A):
        spectrum = np.fft.fftshift(np.fft.fft2(A))
        height = np.abs(spectrum)
        tallest = maximum_filter(height, (1, 25))
        peaks = (height == tallest) & (tallest - minimum_filter(height, (1, 25)) > height.std())
        return np.abs(np.fft.ifft2(np.fft.ifftshift(peaks * spectrum))).astype(A.dtype)

    return _separate(y, model)
