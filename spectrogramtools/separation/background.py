"""From a model of the background to masks: what REPET, REPET-SIM and 2DFT have in common."""

from __future__ import annotations

import numpy as np

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.masks import binary_masks, fitted_mask, soft_masks


def background_masks(A: Real, model: Real, *, mask: str, power: float, highpass_bins: int) -> tuple[Real, Real]:
    """The masks of a background of which a model is known, and of the rest.

    min(model, A) is the background's part of a cell and the rest the foreground's. "soft" shares the cell between
    them as in HPSS: with power 1 this is `repeating_mask`, with power 2 the Wiener filter's form. "binary" gives the
    cell to the larger, and "fitted" is `fitted_mask`.
    """
    check_settings(mask, power, highpass_bins)
    repeating = np.minimum(model, A)
    if mask == "fitted":
        background = fitted_mask(A, model)
    elif mask == "binary":
        background, _ = binary_masks(repeating, A - repeating)
    else:
        background, _ = soft_masks(repeating, A - repeating, power=power)
        background[A == 0] = 1
    background[:highpass_bins] = 1
    return background, 1 - background


def mask_for(mask: str, repetitions: float) -> str:
    """The mask that is asked for; but what is fitted to how exactly they repeat needs three repetitions.

    The median of two is their mean, from which both are equally far: nothing there says how exact they are.
    """
    return "soft" if mask == "fitted" and repetitions < 3 else mask


def check_settings(mask: str, power: float, highpass_bins: int = 0) -> None:
    """What can be said of a mask's settings before there is a model."""
    checks.one_of(mask, "mask", ("fitted", "soft", "binary"))
    checks.number(power, "power", 0, above=True)
    checks.whole_number(highpass_bins, "highpass_bins", 0)


def rows_below(highpass: float, sr: float, win_length: int) -> int:
    """How many rows of the spectrogram lie below `highpass` Hz."""
    highpass = checks.number(highpass, "highpass", 0)
    return int(np.ceil(min(highpass, sr) * win_length / sr))
