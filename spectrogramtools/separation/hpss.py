"""Harmonic-percussive source separation by median filtering.

In a spectrogram a held tone is a horizontal line and a click a vertical one. A median across time keeps the first, a
median across frequency the second; a mask compares the two in every cell, and the mixture's phase is kept.

Functions: `hpss_masks` (on magnitudes) and `hpss` (on a waveform); `hpss_two_stage` takes long windows for the tones
and short ones for the clicks.

Conventions: `winh` and `winv` are half-widths, as in class: a median reaches so far to each side. On magnitudes they
count frames and bins, on a waveform they are seconds and hertz, so that they mean the same at every sampling rate.

References: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010.
Driedger, Müller and Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014 (margins, residual).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.masks import binary_masks, soft_masks
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.separation.separate import separate
from spectrogramtools.transforms import WindowFunction, lasting, lengths

# Rates at which nobody samples sound, but which are windows that everybody uses.
WINDOWS = (256, 512, 1024, 2048, 4096)


def hpss_masks(
    A: ArrayLike,
    *,
    winh_frames: int = 20,
    winv_bins: int = 40,
    mask: str = "soft",
    power: float = 1.0,
    margin: float | tuple[float, float] = 1.0,
    edges: str = "reflect",
) -> tuple[Real, Real]:
    """Masks of the harmonic and the percussive part.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    winh_frames : int, optional
        Half-width of the median across time, which has 2 * winh_frames + 1 frames. The default is the class notes';
        `hpss` has one that is shorter.
    winv_bins : int, optional
        Half-width of the median across frequency, which has 2 * winv_bins + 1 bins. The default is the class notes';
        `hpss` has one that is much narrower.
    mask : {"soft", "binary"}, optional
        Share each cell, or give it to the larger median.
    power : float, optional
        Of the soft mask; 1 as in class, 2 for the Wiener filter.
    margin : float or tuple of two floats, optional
        At least 1; how many times the other part a cell must be to count as one's own, for both parts or one for each
        (harmonic, percussive). Above 1 the two masks leave a residual, which is neither.
    edges : {"reflect", "zero"}, optional
        Of the medians.

    Returns
    -------
    harmonic : array of float, shaped like A
        The mask of what is steady.
    percussive : array of float, shaped like A
        The mask of what is sudden. With margin 1 the two sum to one.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite, or an argument is out of range.

    References
    ----------
    FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010. With a margin: Driedger, Müller and
    Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import hpss_masks
    >>> A = np.zeros((9, 9))
    >>> A[4, :] = 1  # a tone
    >>> A[:, 6] = 1  # and a click
    >>> harmonic, percussive = hpss_masks(A, winh_frames=2, winv_bins=2)
    >>> float(harmonic[4, 0]), float(percussive[0, 6]), float(harmonic[4, 6])  # tone, click, where they cross
    (1.0, 1.0, 0.5)
    """
    A = checks.magnitudes(A)
    check_settings(mask, power, margin, edges)
    H, P = medians(A, winh_frames, winv_bins, edges)
    return masks_of_medians(H, P, mask=mask, power=power, margin=margin)


def medians(A: Real, winh_frames: int, winv_bins: int, edges: str = "reflect") -> tuple[Real, Real]:
    """The first half of `hpss_masks`: the two medians, across time and across frequency."""
    winh = checks.half_width(winh_frames, "winh_frames", A.shape[1])
    winv = checks.half_width(winv_bins, "winv_bins", A.shape[0])
    return median_across_time(A, 2 * winh + 1, edges=edges), median_across_frequency(A, 2 * winv + 1, edges=edges)


def masks_of_medians(
    H: Real, P: Real, *, mask: str, power: float, margin: float | tuple[float, float]
) -> tuple[Real, Real]:
    """The second half of `hpss_masks`: compare the two medians in every cell."""
    for_harmonic, for_percussive = _margins(margin)
    if mask == "binary":
        return binary_masks(H, P, margin=for_harmonic)[0], binary_masks(H, P, margin=for_percussive)[1]
    harmonic, rest = soft_masks(H / for_harmonic, P, power=power)
    if for_harmonic == for_percussive == 1:
        return harmonic, rest
    return harmonic, soft_masks(P / for_percussive, H, power=power)[0]


def hpss(
    y: ArrayLike,
    sr: float,
    *,
    winh: float = 0.35,
    winv: float = 80.0,
    mask: str = "soft",
    power: float = 1.0,
    margin: float | tuple[float, float] = 1.0,
    edges: str = "reflect",
    win_length: int | None = None,
    hop_length: int | None = None,
    winfunc: WindowFunction | None = None,
) -> tuple[Real, Real]:
    """Separate a waveform into its harmonic and its percussive part.

    The default half-widths were chosen on recordings: drums, each under the rest of its music, the tuning half of a
    benchmark. There both scores together rose by 8.7 dB in the median; with the class notes' 20 frames and 40 bins,
    which are the defaults of `hpss_masks`, they rose by 1.0.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; each channel is separated for itself.
    sr : float
        Hz.
    winh : float, optional
        Half-width of the median across time in seconds: at 22.05 kHz and a hop of 512 the default is 15 frames.
    winv : float, optional
        Half-width of the median across frequency in Hz: at 22.05 kHz and a window of 2048 the default is 7 bins.
    mask : {"soft", "binary"}, optional
        As for `hpss_masks`.
    power : float, optional
        As for `hpss_masks`.
    margin : float or tuple of two floats, optional
        As for `hpss_masks`.
    edges : {"reflect", "zero"}, optional
        As for `hpss_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    winfunc : callable, optional
        As for `STFT`.

    Returns
    -------
    harmonic : array of float, shaped like y
        What is steady.
    percussive : array of float, shaped like y
        What is sudden. With margin 1 the two sum to y; above 1 they leave the residual y - harmonic - percussive.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or an argument is out of range.

    References
    ----------
    FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010. With a margin: Driedger, Müller and
    Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014.

    Examples
    --------
    >>> from spectrogramtools import hpss, load_clip, si_sdr
    >>> clip = load_clip("violin_castanets")
    >>> harmonic, percussive = hpss(clip.mixture, clip.sr)
    >>> bool(si_sdr(clip.stems["violin"], harmonic) > si_sdr(clip.stems["violin"], clip.mixture) + 6)
    True
    """
    y = checks.sound(y)
    sr = _rate(sr)
    win_length, hop_length = lengths(win_length, hop_length, sr)
    check_settings(mask, power, margin, edges)
    seconds, winv = checks.number(winh, "winh", 0), checks.number(winv, "winv", 0)
    if seconds > max(1, y.shape[-1] / sr):
        raise ValueError(
            f"winh is {seconds:g} s, but y lasts {y.shape[-1] / sr:.4g} s: winh counts seconds here and winv hertz; "
            "frames and bins are counted by hpss_masks."
        )
    winh_frames = half_width(seconds * sr / hop_length, 1 + y.shape[-1] // hop_length)
    winv_bins = half_width(winv * win_length / sr, 1 + win_length // 2)

    def masks(A: Real) -> tuple[Real, Real]:
        H, P = medians(A, winh_frames, winv_bins, edges)
        return masks_of_medians(H, P, mask=mask, power=power, margin=margin)

    harmonic, percussive = separate(y, sr, masks, win_length=win_length, hop_length=hop_length, winfunc=winfunc)
    return harmonic, percussive


def hpss_two_stage(
    y: ArrayLike,
    sr: float,
    *,
    winh: float = 0.1,
    winv: float = 250.0,
    mask: str = "binary",
    power: float = 1.0,
    margin: float | tuple[float, float] = 2.0,
    edges: str = "reflect",
    long_win_length: int | None = None,
    short_win_length: int | None = None,
) -> tuple[Real, Real, Real]:
    """Tones with a long window, clicks with a short one, and what is neither.

    A long window sees close partials apart, a short one sees when a click happens. So the tones are taken out first,
    with the long window, and the clicks from what is left, with the short one.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; each channel is separated for itself.
    sr : float
        Hz.
    winh : float, optional
        As for `hpss`, in both stages.
    winv : float, optional
        As for `hpss`, in both stages.
    mask : {"soft", "binary"}, optional
        As for `hpss_masks`.
    power : float, optional
        As for `hpss_masks`.
    margin : float or tuple of two floats, optional
        As for `hpss_masks`.
    edges : {"reflect", "zero"}, optional
        As for `hpss_masks`.
    long_win_length : int, optional
        Samples; None takes the power of two nearest to 186 ms. The hop is a quarter of it.
    short_win_length : int, optional
        Samples; None takes the power of two nearest to 12 ms. The hop is a quarter of it.

    Returns
    -------
    harmonic : array of float, shaped like y
        The first stage's.
    percussive : array of float, shaped like y
        The second stage's.
    residual : array of float, shaped like y
        y - harmonic - percussive.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or an argument is out of range.

    References
    ----------
    Driedger, Müller and Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import hpss_two_stage, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> parts = hpss_two_stage(clip.mixture, clip.sr)
    >>> bool(np.abs(sum(parts) - clip.mixture).max() < 1e-6)
    True
    """
    y = checks.sound(y)
    sr = checks.rate(sr)
    long_win_length = lasting(4096 / 22050, sr) if long_win_length is None else long_win_length
    short_win_length = lasting(256 / 22050, sr) if short_win_length is None else short_win_length
    how: dict[str, Any] = dict(winh=winh, winv=winv, mask=mask, power=power, margin=margin, edges=edges)
    long = checks.whole_number(long_win_length, "long_win_length", 4)
    short = checks.whole_number(short_win_length, "short_win_length", 4)
    harmonic = hpss(y, sr, win_length=long, **how)[0]
    percussive = hpss(y - harmonic, sr, win_length=short, **how)[1]
    return harmonic, percussive, y - harmonic - percussive


def check_settings(mask: str, power: float, margin: float | tuple[float, float], edges: str) -> None:
    """What can be said of the settings before there are medians."""
    checks.one_of(mask, "mask", ("soft", "binary"))
    checks.number(power, "power", 0, above=True)
    _margins(margin)
    checks.one_of(edges, "edges", ("reflect", "zero"))


def half_width(cells: float, n_cells: int) -> int:
    """A half-width in whole cells, at most all there are: wider windows would hold the same cells again and again."""
    return round(min(cells, n_cells))


def _rate(sr: float) -> float:
    """The sampling rate; the second argument was the window's length up to version 0.6."""
    sr = checks.rate(sr)
    if sr in WINDOWS:
        raise ValueError(
            f"sr is {sr:g}, which looks like a window's length: the second argument is the sampling rate, as in "
            f"hpss(y, 22050, win_length={sr:g})."
        )
    return sr


def _margins(margin: float | tuple[float, float]) -> tuple[float, float]:
    """The margins of the harmonic and of the percussive part."""
    several = isinstance(margin, tuple | list) or (isinstance(margin, np.ndarray) and margin.ndim > 0)
    both = checks.sequence(margin, "margin", "one number or two") if several else [margin, margin]
    if len(both) != 2:
        raise ValueError(
            f"margin has {len(both)} numbers: give one, or one for the harmonic and one for the percussive part."
        )
    return checks.number(both[0], "margin", 1, 1e6), checks.number(both[1], "margin", 1, 1e6)
