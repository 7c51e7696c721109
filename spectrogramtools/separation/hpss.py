"""Harmonic-percussive source separation by median filtering.

In a spectrogram a held tone is a horizontal line and a click a vertical one. A median across time keeps the first, a
median across frequency the second; a mask compares the two in every cell, and the mixture's phase is kept.

Functions: `hpss_masks` (on magnitudes) and `hpss` (on a waveform); `hpss_two_stage` takes long windows for the tones
and short ones for the clicks.

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
    margin: float | tuple[float, float] = 1.0,
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
    margin : at least 1; how many times the other part a cell must be to count as one's own, for both parts or one
        for each (harmonic, percussive). Above 1 the two masks leave a residual, which is neither.
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
    H = median_across_time(A, 2 * winh + 1, edges)
    P = median_across_frequency(A, 2 * winv + 1, edges)
    return masks_of_medians(H, P, mask, power, margin)


def masks_of_medians(
    H: NDArray, P: NDArray, mask: str, power: float, margin: float | tuple[float, float]
) -> tuple[NDArray, NDArray]:
    """The second half of `hpss_masks`: compare the two medians in every cell."""
    checks.one_of(mask, "mask", ("soft", "binary"))
    for_harmonic, for_percussive = _margins(margin)
    if mask == "binary":
        return binary_masks(H, P, for_harmonic)[0], binary_masks(H, P, for_percussive)[1]
    harmonic, rest = soft_masks(H / for_harmonic, P, power)
    if for_harmonic == for_percussive == 1:
        return harmonic, rest
    return harmonic, soft_masks(P / for_percussive, H, power)[0]


def hpss(
    y: ArrayLike,
    win_length: int = 2048,
    hop_length: int = 512,
    winh: int = 20,
    winv: int = 40,
    mask: str = "soft",
    power: float = 1.0,
    margin: float | tuple[float, float] = 1.0,
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
    percussive = y - harmonic if _margins(settings["margin"]) == (1, 1) else sound(P)
    return harmonic, percussive


def hpss_two_stage(
    y: ArrayLike,
    sr: int,
    margin: float | tuple[float, float] = 2.0,
    mask: str = "binary",
    long_window: int = 4096,
    short_window: int = 256,
    seconds: float = 0.2,
    hertz: float = 500.0,
) -> tuple[NDArray, NDArray, NDArray]:
    """Tones with a long window, clicks with a short one, and what is neither.

    A long window sees close partials apart, a short one sees when a click happens. So the tones are taken out first,
    with `long_window`, and the clicks from what is left, with `short_window` (Driedger, Müller and Disch 2014).

    Parameters
    ----------
    y : float array, shape (n_samples,) or (channels, n_samples); sr : Hz.
    margin, mask : as for `hpss_masks`, the same in both stages.
    long_window, short_window : samples; the hop is a quarter of each.
    seconds, hertz : lengths of the medians across time and across frequency, in both stages.

    Returns
    -------
    harmonic, percussive, residual : shaped like y; they sum to y.

    Raises
    ------
    ValueError : y is not a finite float waveform; an argument is out of range.
    """
    y = checks.channels(y)
    sr = checks.number(sr, "sr", 0, above=True)
    seconds = checks.number(seconds, "seconds", 0)
    hertz = checks.number(hertz, "hertz", 0)

    def stage(x: NDArray, win_length: int) -> tuple[NDArray, NDArray]:
        hop_length = max(1, win_length // 4)
        winh, winv = round(seconds * sr / hop_length / 2), round(hertz * win_length / sr / 2)
        return hpss(x, win_length, hop_length, winh, winv, mask, margin=margin)

    harmonic = stage(y, checks.whole_number(long_window, "long_window", 4))[0]
    percussive = stage(y - harmonic, checks.whole_number(short_window, "short_window", 4))[1]
    return harmonic, percussive, y - harmonic - percussive


def _margins(margin: float | tuple[float, float]) -> tuple[float, float]:
    """The margins of the harmonic and of the percussive part."""
    both = (margin, margin) if np.ndim(margin) == 0 else tuple(margin)
    if len(both) != 2:
        raise ValueError(
            f"margin has {len(both)} numbers: give one, or one for the harmonic and one for the percussive part."
        )
    return checks.number(both[0], "margin", 1), checks.number(both[1], "margin", 1)
