"""A transform whose frames lie where one wants them, not equally far apart.

The inverse is the least-squares one, as with equal hops: overlap-add the windowed frames and divide by the sum of the
squared windows, wherever they lie (Griffin and Lim, 1984). It gives the sound back as long as the windows cover it.
"""

from __future__ import annotations

import numpy as np

from spectrogramtools.arrays import Complex, Frames, Real
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import COVERED, blocks, halfsine


class PlacedMixture(Mixture):
    """One channel, of which frame k is centred on sample places[k]; places ascend."""

    def __init__(self, y: Real, win_length: int, places: Frames) -> None:
        from scipy.fft import rfft

        self.y, self.starts = y, places
        self.samples = halfsine(win_length).astype(y.dtype)
        padded = self._around(y)
        frames = np.lib.stride_tricks.sliding_window_view(padded, win_length)
        S = np.empty((len(places), 1 + win_length // 2), np.result_type(y.dtype, np.complex64))
        for block in blocks(len(places)):
            S[block] = rfft(frames[places[block]] * self.samples, axis=1)
        self.S = S.T
        self.A: Real = np.abs(self.S)

    def sound(self, S: Complex | Real) -> Real:
        """The sound of a spectrogram of this shape, as long as the channel."""
        from scipy.fft import irfft

        n = len(self.samples)
        total, squares = self._around(np.zeros_like(self.y)), self._around(np.zeros_like(self.y))
        for block in blocks(len(self.starts)):
            frames = irfft(S.T[block], n=n, axis=1)
            frames *= self.samples
            for start, frame in zip(self.starts[block], frames, strict=True):
                total[start : start + n] += frame
                squares[start : start + n] += self.samples**2
        inside = slice(n // 2, n // 2 + len(self.y))
        covered = squares[inside] > COVERED
        return np.divide(total[inside], squares[inside], out=np.zeros_like(self.y), where=covered)

    def _around(self, y: Real) -> Real:
        """With room for the frames at both ends: a frame centred on sample k of y starts at sample k of this."""
        n = len(self.samples)
        return np.pad(y, (n // 2, max(n, int(self.starts[-1]) + n - n // 2 - len(y))))
