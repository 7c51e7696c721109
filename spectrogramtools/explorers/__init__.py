"""Explorers: an algorithm with its controls, its picture and its sound, in one widget.

All of them hold ipywidgets, so that `.observe` and `.value` work as usual; `sounds` is what is heard now, as arrays,
and the button "code" shows the lines that give it.

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


def explore_stft(y: ArrayLike, sr: int) -> StftExplorer:
    """The STFT with sliders for window length and hop, a choice of windows, and one frame's spectrum.

    Parameters
    ----------
    y : float array, shape (n_samples,), full scale 1.0; sr : Hz.

    Returns
    -------
    A widget with the controls `length` (samples), `hop` (part of the window), `shape` and `time` (seconds: which frame
        is drawn). It plays the signal, what comes back from the inverse, and their difference, and tells the error.

    Raises
    ------
    ValueError : y is not a finite mono float waveform, or a browser can't play at sr.
    """
    needs("explore_stft", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.stft import StftExplorer

    return StftExplorer(y, sr)


def explore_hpss(
    y: ArrayLike,
    sr: int,
    references: Mapping[str, ArrayLike] | None = None,
    mask: str = "soft",
    power: float = 1.0,
    win_length: int = 2048,
    hop_length: int = 512,
) -> HpssExplorer:
    """Harmonic-percussive separation with sliders for the medians and a choice of masks and phases.

    Parameters
    ----------
    y : float array, shape (n_samples,), full scale 1.0; sr : Hz.
    references : the true stems, if there are any: the harmonic one first, then the percussive one. With them the
        widget shows the SI-SDR of what is heard, beside the baselines.
    mask : what the menu shows at first: "soft", "binary", or "none" for the medians themselves.
    power : of the soft mask, at first.
    win_length, hop_length : samples.

    Returns
    -------
    A widget with the controls `winh`, `winv`, `mask`, `power`, `margin` and `phase`.

    Raises
    ------
    ValueError : y is not a finite mono float waveform; the references are not two waveforms as long as y; mask is not
        on the menu.
    """
    needs("explore_hpss", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.hpss import HpssExplorer

    return HpssExplorer(y, sr, references, mask, power, win_length, hop_length)


def explore_repet(
    y: ArrayLike, sr: int, references: Mapping[str, ArrayLike] | None = None, period: float | None = None
) -> RepetExplorer:
    """REPET with the beat spectrum, on which the period is a line that can be dragged.

    Parameters
    ----------
    y : float array, shape (n_samples,), full scale 1.0; sr : Hz.
    references : the true stems, if there are any: the background first, then the foreground. With them the widget
        shows the SI-SDR of what is heard, beside the baselines, and as a curve over the period.
    period : seconds, at first; None takes the one that `find_period` finds.

    Returns
    -------
    A widget with the controls `period` (seconds), `mask`, `phase`, `highpass` (Hz) and `fit` (a hop of which the period
        is a whole multiple).

    Raises
    ------
    ValueError : y is not a finite mono float waveform, is silent or too short; the references are not two waveforms as
        long as y; the period is not at most half of y.
    """
    needs("explore_repet", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.repet import RepetExplorer

    return RepetExplorer(y, sr, references, period)
