"""The discrete Fourier transform: lengths of every kind."""

import numpy as np
from inputs import noise

LENGTHS = [*range(1, 33), 41, 53, 64, 97, 100, 106, 210, 257, 343, 441, 512, 1000, 1025, 1031, 2048, 2187]


def cases():
    for n in LENGTHS:
        x = noise(n, seed=n, dtype=np.float64)
        z = x + 1j * noise(n, seed=n + 1, dtype=np.float64)
        half = np.fft.rfft(x)
        # What is no spectrum of real numbers: imaginary parts at both ends, which count for nothing.
        yield dict(
            n=n,
            x=x,
            z=z,
            fft=np.fft.fft(z),
            ifft=np.fft.ifft(z),
            rfft=half,
            padded=np.fft.rfft(x, n + 5),
            cut=np.fft.rfft(x, max(1, n - 3)),
            irfft=np.fft.irfft(half + 0.5j, n),
        )
