"""Explorers: an algorithm with sliders, its picture and its sound, in one widget.

Function: `explore_hpss`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from spectrogramtools.explorers.hpss import HpssExplorer


def explore_hpss(
    y: ArrayLike,
    sr: int,
    references: Mapping[str, ArrayLike] | None = None,
    mask: str = "soft, power 1",
    win_length: int = 2048,
    hop_length: int = 512,
) -> HpssExplorer:
    """Harmonic-percussive separation with sliders for winh and winv and a choice of masks.

    Parameters
    ----------
    y : float array, shape (n_samples,), full scale 1.0; sr : Hz.
    references : the true stems, if there are any: the harmonic one first, then the percussive one. With them the
        widget shows the SI-SDR of what is heard.
    mask : what the menu shows at first: "none: the medians", "soft, power 1", "soft, power 2 (Wiener)" or "binary".
        Every choice keeps the mixture's phase.
    win_length, hop_length : samples.

    Returns
    -------
    A widget: picture, sound and scores follow the sliders.

    Raises
    ------
    ValueError : y is not a finite mono float waveform; the references are not two waveforms as long as y;
        mask is not on the menu.
    """
    from spectrogramtools.explorers.hpss import HpssExplorer

    return HpssExplorer(y, sr, references, mask, win_length, hop_length)
