"""Explorers: an algorithm with its controls, its picture and its sound, in one widget.

The page computes what is heard and seen, so that a slider answers as fast as where it stands allows, with or without a
kernel. Each control has a `value`, which a cell may read and set, and `observe`; `sounds` is what is heard now, as
arrays, computed by the module when they are asked for, and "code" shows the lines that give them.

Functions: `explore_stft`, `explore_hpss`, `explore_repet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from spectrogramtools.explorers.hpss import HpssExplorer
    from spectrogramtools.explorers.repet import RepetExplorer
    from spectrogramtools.explorers.stft import StftExplorer


def explore_stft(y: ArrayLike, sr: int, *, y_axis: str = "linear") -> StftExplorer:
    """The STFT with sliders for window length and hop, a choice of windows, and one frame's spectrum.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The waveform, full scale 1.0, one or two channels.
    sr : int
        Hz.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : StftExplorer
        A widget with the controls `length` (samples), `hop` (part of the window), `shape` and `time` (seconds: which
        frame is drawn). It plays the signal, what comes back from the inverse, and their difference, and tells the
        error.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or a browser can't play at sr.

    Examples
    --------
    >>> from spectrogramtools import explore_stft, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_stft(clip.mixture[: clip.sr], clip.sr)
    >>> e.length.value = 1024
    >>> sorted(e.sounds)
    ['difference', 'signal', 'there and back']
    """
    needs("explore_stft", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.stft import StftExplorer

    return StftExplorer(y, sr, y_axis)


def explore_hpss(
    y: ArrayLike,
    sr: int,
    *,
    references: Mapping[str, ArrayLike] | None = None,
    mask: str = "soft",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
    y_axis: str = "linear",
) -> HpssExplorer:
    """Harmonic-percussive separation with sliders for the medians and a choice of masks and phases.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture, full scale 1.0, one or two channels.
    sr : int
        Hz.
    references : dict from str to array_like of float, optional
        The true stems, if there are any: the harmonic one first, then the percussive one. With them the widget shows
        the SI-SDR of what is heard, beside the baselines.
    mask : {"soft", "binary", "none"}, optional
        What the menu shows at first; "none" is for the medians themselves.
    power : float, optional
        Of the soft mask, at first.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : HpssExplorer
        A widget with the controls `winh_frames`, `winv_bins`, `mask`, `power`, `margin`, `phase` and `shown` ("sound"
        or "mask": of what there is a picture).

    Raises
    ------
    ValueError
        If y is not a finite float waveform, the references are not two waveforms shaped like y, or another argument is
        not on the menu.

    Examples
    --------
    >>> from spectrogramtools import explore_hpss, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_hpss(clip.mixture[: clip.sr], clip.sr)
    >>> e.winh_frames.value = 10
    >>> sorted(e.sounds)
    ['harmonic', 'mixture', 'percussive']
    """
    needs("explore_hpss", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.hpss import HpssExplorer

    return HpssExplorer(y, sr, references, mask, power, win_length, hop_length, y_axis)


def explore_repet(
    y: ArrayLike,
    sr: int,
    *,
    references: Mapping[str, ArrayLike] | None = None,
    period: float | None = None,
    y_axis: str = "linear",
) -> RepetExplorer:
    """REPET with the beat spectrum, on which the period is a line that can be dragged.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture, full scale 1.0, one or two channels.
    sr : int
        Hz.
    references : dict from str to array_like of float, optional
        The true stems, if there are any: the background first, then the foreground. With them the widget shows the
        SI-SDR of what is heard, beside the baselines, and as a curve over the period.
    period : float, optional
        Seconds, at first; None takes the one that `find_period` finds.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : RepetExplorer
        A widget with the controls `period` (seconds), `mask`, `phase`, `highpass` (Hz), `fit` (a hop of which the
        period is a whole multiple) and `shown` ("sound" or "mask": of what there is a picture).

    Raises
    ------
    ValueError
        If y is not a finite float waveform, is silent or too short, the references are not two waveforms shaped like y,
        or the period is not at most half of y.

    Examples
    --------
    >>> from spectrogramtools import explore_repet, load_clip
    >>> clip = load_clip("speech_loop")
    >>> e = explore_repet(clip.mixture[: 8 * clip.sr], clip.sr, period=1.0)
    >>> e.period.value = 1.2
    >>> sorted(e.sounds)
    ['background', 'foreground', 'mixture']
    """
    needs("explore_repet", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.repet import RepetExplorer

    return RepetExplorer(y, sr, references, period, y_axis)
