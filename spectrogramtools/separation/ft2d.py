"""2DFT: what repeats has peaks in the two-dimensional spectrum of the spectrogram.

A pattern that comes back every second makes the spectrogram, seen as a picture, periodic along time. The
two-dimensional Fourier transform gathers whatever is periodic in few tall peaks; keep these, transform back, and the
picture holds the background. No period has to be found.

Functions: `ft2d_masks` (on magnitudes), `ft2d` (on a waveform).

Reference: Seetharaman, Pishdadian and Pardo, "Music/voice separation using the 2D Fourier transform", WASPAA 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.separation.background import background_masks, rows_below, separate


def ft2d_masks(
    A: ArrayLike,
    neighbourhood: tuple[int, int] = (1, 25),
    mask: str = "soft",
    power: float = 2.0,
    highpass_bins: int = 0,
) -> tuple[NDArray, NDArray]:
    """Masks of the repeating background and of the foreground.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), not negative: the mixture's magnitudes.
    neighbourhood : cells (along frequency, along time) of the 2-D spectrum in which a peak is the tallest. A cell is a
        peak if it also stands out: tallest minus lowest in its neighbourhood exceed the standard deviation of all.
    mask, power, highpass_bins : as for `repet_masks`.

    Returns
    -------
    background, foreground : masks shaped like A that sum to one.

    Raises
    ------
    ValueError : A is complex, negative or not finite; an argument is out of range.
    """
    from scipy.fft import fft2, ifft2
    from scipy.ndimage import maximum_filter, minimum_filter

    A = checks.magnitudes(A)
    size = tuple(checks.whole_number(n, "neighbourhood", 1) for n in np.ravel(neighbourhood).tolist())
    if len(size) != 2:
        raise ValueError(
            f"neighbourhood is {neighbourhood!r}, but two numbers are wanted: cells along frequency and time."
        )
    loudest = A.max() or A.dtype.type(1)
    spectrum = np.fft.fftshift(fft2(A / loudest))
    height = np.abs(spectrum)
    tallest = maximum_filter(height, size)
    stands_out = tallest - minimum_filter(height, size) > height.std()
    peaks = np.where((height == tallest) & stands_out, spectrum, 0)
    model = np.abs(ifft2(np.fft.ifftshift(peaks))) * loudest
    return background_masks(A, model.astype(A.dtype), mask, power, highpass_bins)


def ft2d(
    y: ArrayLike,
    sr: int,
    neighbourhood: tuple[int, int] = (1, 25),
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int = 2048,
    hop_length: int = 512,
) -> tuple[NDArray, NDArray]:
    """Separate what repeats from what does not, without a period.

    Parameters
    ----------
    y : float array, shape (n_samples,) or (channels, n_samples), channels one by one; sr : Hz.
    neighbourhood : as for `ft2d_masks`; highpass : Hz, everything below goes to the background.
    mask, power : as for `repet_masks`; win_length, hop_length : samples.

    Returns
    -------
    background, foreground : shaped like y; they sum to y.

    Raises
    ------
    ValueError : y is not a finite float waveform; an argument is out of range.
    """
    y = checks.channels(y)
    win_length, hop_length = checks.window_and_hop(win_length, hop_length)
    rows = rows_below(highpass, checks.number(sr, "sr", 0, above=True), win_length)
    return separate(y, win_length, hop_length, lambda A: ft2d_masks(A, neighbourhood, mask, power, rows)[0])
