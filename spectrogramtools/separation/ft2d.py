"""2DFT: what repeats has peaks in the two-dimensional spectrum of the spectrogram.

A pattern that comes back every second makes the spectrogram, seen as a picture, periodic along time. The
two-dimensional Fourier transform gathers whatever is periodic in few tall peaks; keep these, transform back, and the
picture holds the background. No period has to be found.

Functions: `ft2d_masks` (on magnitudes), `ft2d` (on a waveform).

Reference: Seetharaman, Pishdadian and Pardo, "Music/voice separation using the 2D Fourier transform", WASPAA 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.separation.background import background_masks, check_settings, rows_below
from spectrogramtools.separation.separate import separate
from spectrogramtools.transforms import lengths


def ft2d_masks(
    A: ArrayLike,
    *,
    neighbourhood: tuple[int, int] = (1, 25),
    mask: str = "fitted",
    power: float = 1.0,
    highpass_bins: int = 0,
) -> tuple[Real, Real]:
    """Masks of the repeating background and of the foreground.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    neighbourhood : tuple of two ints, optional
        Cells of the 2-D spectrum (along frequency, along time) in which a peak is the tallest. A cell is a peak if it
        also stands out: tallest minus lowest in its neighbourhood exceed the standard deviation of all.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    highpass_bins : int, optional
        As for `repet_masks`.

    Returns
    -------
    background : array of float, shaped like A
        The mask of what repeats.
    foreground : array of float, shaped like A
        1 - background.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite, or an argument is out of range.

    References
    ----------
    Seetharaman, Pishdadian and Pardo, "Music/voice separation using the 2D Fourier transform", WASPAA 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import ft2d_masks
    >>> A = np.tile([1.0, 0.0, 2.0, 0.0], (8, 16))  # repeats every four frames
    >>> A[3, 30] = 5.0  # and once something happens
    >>> background, foreground = ft2d_masks(A)
    >>> bool(foreground[3, 30] > 0.5), bool(background[3, 28] > 0.9)
    (True, True)
    """
    from scipy.fft import fft2, ifft2
    from scipy.ndimage import maximum_filter, minimum_filter

    A = checks.magnitudes(A)
    check_settings(mask, power, highpass_bins)
    size = _size(neighbourhood)
    loudest = A.max() or A.dtype.type(1)
    spectrum = fft2(A / loudest)
    height = np.fft.fftshift(np.abs(spectrum))
    # Beyond the whole spectrum there is nothing more to see.
    size = tuple(min(n, 2 * cells + 1) for n, cells in zip(size, A.shape, strict=True))
    tallest = maximum_filter(height, size)
    peaks = height == tallest
    tallest -= minimum_filter(height, size)
    peaks &= tallest > height.std()
    del height, tallest
    spectrum[np.fft.ifftshift(~peaks)] = 0
    model = np.abs(ifft2(spectrum, overwrite_x=True)) * loudest
    return background_masks(A, model.astype(A.dtype), mask=mask, power=power, highpass_bins=highpass_bins)


def ft2d(
    y: ArrayLike,
    sr: float,
    *,
    neighbourhood: tuple[int, int] = (1, 25),
    highpass: float = 100.0,
    mask: str = "fitted",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
) -> tuple[Real, Real]:
    """Separate what repeats from what does not, without a period.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; its channels are separated one by one.
    sr : float
        Hz.
    neighbourhood : tuple of two ints, optional
        As for `ft2d_masks`.
    highpass : float, optional
        Hz; everything below goes to the background, where few voices are. For a bass in the foreground, 0.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or an argument is out of range.

    References
    ----------
    Seetharaman, Pishdadian and Pardo, "Music/voice separation using the 2D Fourier transform", WASPAA 2017.

    Examples
    --------
    >>> from spectrogramtools import ft2d, load_clip
    >>> clip = load_clip("band_singer")
    >>> background, foreground = ft2d(clip.mixture[: 5 * clip.sr], clip.sr)
    >>> background.shape
    (110250,)
    """
    sr = checks.rate(sr)
    win_length, hop_length = lengths(win_length, hop_length, sr)
    settings: dict[str, Any] = dict(
        neighbourhood=neighbourhood, mask=mask, power=power, highpass_bins=rows_below(highpass, sr, win_length)
    )
    background, foreground = separate(
        y, sr, lambda A: ft2d_masks(A, **settings), win_length=win_length, hop_length=hop_length
    )
    return background, foreground


def _size(neighbourhood: tuple[int, int]) -> tuple[int, ...]:
    if not isinstance(neighbourhood, tuple | list) or len(neighbourhood) != 2:
        raise ValueError(
            f"neighbourhood is {checks.shown(neighbourhood)}, but two numbers are wanted: "
            "cells along frequency and time."
        )
    return tuple(checks.whole_number(n, "neighbourhood", 1) for n in neighbourhood)
