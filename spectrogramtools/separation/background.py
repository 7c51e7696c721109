"""From a model of the background to two sounds: what REPET, REPET-SIM and 2DFT have in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spectrogramtools import checks
from spectrogramtools.masks import apply_mask, binary_masks, soft_masks
from spectrogramtools.transforms import STFT, iSTFT


def background_masks(
    A: NDArray, model: NDArray, mask: str, power: float, highpass_bins: int
) -> tuple[NDArray, NDArray]:
    """The masks of a background of which a model is known, and of the rest.

    min(model, A) is the background's part of a cell and the rest the foreground's. The mask shares the cell between
    them as in HPSS: with power 1 this is `repeating_mask`, with power 2 the Wiener filter's form, and "binary" gives
    the cell to the larger.
    """
    checks.one_of(mask, "mask", ("soft", "binary"))
    power = checks.number(power, "power", 0, above=True)
    highpass_bins = checks.whole_number(highpass_bins, "highpass_bins", 0)
    repeating = np.minimum(model, A)
    if mask == "binary":
        background, _ = binary_masks(repeating, A - repeating)
    else:
        background, _ = soft_masks(repeating, A - repeating, power)
        background[A == 0] = 1
    background[:highpass_bins] = 1
    return background, 1 - background


def rows_below(highpass: float, sr: float, win_length: int) -> int:
    """How many rows of the spectrogram lie below `highpass` Hz."""
    highpass = checks.number(highpass, "highpass", 0)
    return int(np.ceil(highpass * win_length / sr))


def separate(
    y: NDArray, win_length: int, hop_length: int, background_mask: Callable[[NDArray], NDArray]
) -> tuple[NDArray, NDArray]:
    """Apply to each channel the mask that is found for its magnitudes; the foreground is what the background leaves."""
    background = np.empty_like(y)
    for channel, out in zip(np.atleast_2d(y), np.atleast_2d(background), strict=True):
        S = STFT(channel, win_length, hop_length, center=True)
        M = background_mask(np.abs(S))
        out[:] = iSTFT(apply_mask(S, M), win_length, hop_length, center=True, length=len(channel))
    return background, y - background
