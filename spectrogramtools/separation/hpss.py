"""Harmonic-percussive source separation by median filtering.

In a spectrogram a held tone is a horizontal line and a click a vertical one. A median across time keeps the first, a
median across frequency the second; a mask compares the two in every cell, and the mixture's phase is kept.

Functions: `hpss_masks` (on magnitudes) and `hpss` (on a waveform).

References: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010.
Driedger, Müller and Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014 (margins, residual).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.masks import apply_mask, binary_masks, soft_masks
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.transforms import STFT, WindowFunction, iSTFT


def hpss_masks(
    A: ArrayLike,
    winh: int = 20,
    winv: int = 40,
    mask: str = "soft",
    power: float = 1.0,
    margin: float = 1.0,
    edges: str = "reflect",
) -> tuple[NDArray, NDArray]:
    """Masks of the harmonic and the percussive part.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), not negative: the mixture's magnitudes.
    winh : half-width in frames of the median across time, which has 2 * winh + 1 frames.
    winv : half-width in bins of the median across frequency, which has 2 * winv + 1 bins.
    mask : "soft" or "binary".
    power : of the soft mask; 1 as in class, 2 for the Wiener filter.
    margin : at least 1; how many times the other part a cell must be to count as one's own. Above 1 the two masks
        leave a residual, which is neither.
    edges : of the medians, "reflect" or "zero".

    Returns
    -------
    harmonic, percussive : masks shaped like A. With margin 1 they sum to one.

    Raises
    ------
    ValueError : A is complex, negative or not finite; an argument is out of range.
    """
    A = checks.magnitudes(A)
    winh = checks.whole_number(winh, "winh", 0)
    winv = checks.whole_number(winv, "winv", 0)
    checks.one_of(mask, "mask", ("soft", "binary"))
    margin = checks.number(margin, "margin", 1)
    H = median_across_time(A, 2 * winh + 1, edges)
    P = median_across_frequency(A, 2 * winv + 1, edges)
    if mask == "binary":
        return binary_masks(H, P, margin)
    if margin == 1:
        return soft_masks(H, P, power)
    return soft_masks(H / margin, P, power)[0], soft_masks(P / margin, H, power)[0]


def hpss(
    y: ArrayLike,
    win_length: int = 2048,
    hop_length: int = 512,
    winh: int = 20,
    winv: int = 40,
    mask: str = "soft",
    power: float = 1.0,
    margin: float = 1.0,
    edges: str = "reflect",
    winfunc: WindowFunction | None = None,
) -> tuple[NDArray, NDArray]:
    """Separate a waveform into its harmonic and its percussive part.

    Parameters
    ----------
    y : float array, shape (n_samples,) or (channels, n_samples); each channel is separated for itself.
    win_length, hop_length : samples; winfunc : as for `STFT`.
    winh, winv, mask, power, margin, edges : as for `hpss_masks`.

    Returns
    -------
    harmonic, percussive : shaped like y. With margin 1 they sum to y; above 1 they leave the residual
        y - harmonic - percussive.

    Raises
    ------
    ValueError : y is not a finite float waveform; an argument is out of range.
    """
    y = checks.channels(y)
    settings = dict(winh=winh, winv=winv, mask=mask, power=power, margin=margin, edges=edges)
    parts = [_hpss_mono(channel, win_length, hop_length, winfunc, settings) for channel in np.atleast_2d(y)]
    harmonic, percussive = (np.stack(part).reshape(y.shape) for part in zip(*parts, strict=True))
    return harmonic, percussive


def _hpss_mono(
    y: NDArray, win_length: int, hop_length: int, winfunc: WindowFunction | None, settings: dict
) -> tuple[NDArray, NDArray]:
    S = STFT(y, win_length, hop_length, winfunc=winfunc, center=True)
    H, P = hpss_masks(np.abs(S), **settings)

    def sound(M: NDArray) -> NDArray:
        return iSTFT(apply_mask(S, M), win_length, hop_length, winfunc=winfunc, center=True, length=len(y))

    harmonic = sound(H)
    # Masks that sum to one split the sound itself: the second part is what the first one leaves.
    percussive = y - harmonic if settings["margin"] == 1 else sound(P)
    return harmonic, percussive
