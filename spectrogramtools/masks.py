"""Masks: how much of each spectrogram cell belongs to a source.

A mask has the shape of the spectrogram and lies between 0 and 1. Multiplied with the mixture's spectrogram it turns
the mixture down where the source is not, and leaves the mixture's phase as it is.

Functions: `soft_masks`, `binary_masks`, `repeating_mask`, `apply_mask`.

References: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010: binary masks and masks of a
power p, of which 2 is the Wiener filter's. Driedger, Müller and Disch, "Extending harmonic-percussive separation of
audio signals", ISMIR 2014: the margin, there called separation factor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks


def soft_masks(A: ArrayLike, B: ArrayLike, power: float = 1.0) -> tuple[NDArray, NDArray]:
    """Share each cell between two sources in proportion to their magnitudes: A^p / (A^p + B^p), and the rest.

    Parameters
    ----------
    A, B : float arrays of one shape (n_bins, n_frames), not negative: the two sources' magnitudes.
    power : p, more than 0; 1 is the class's mask, 2 the Wiener filter. The higher, the nearer to a binary mask.

    Returns
    -------
    Two masks that sum to one; 0.5 where both magnitudes are 0.

    Raises
    ------
    ValueError : A or B is complex, negative, not finite, or their shapes differ; power is not above 0.
    """
    A, B = _pair(A, B)
    power = checks.number(power, "power", 0, above=True)
    # Written with the ratio B / A nothing is lost at any scale: a ratio that overflows to infinity gives the mask 0.
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        M = B / A
        M **= power
        M += 1
        np.divide(1, M, out=M)
    M[np.isnan(M)] = 0.5  # 0 / 0: both are silent
    return M, 1 - M


def binary_masks(A: ArrayLike, B: ArrayLike, margin: float = 1.0) -> tuple[NDArray, NDArray]:
    """Give each cell to the source that is at least `margin` times the other: A >= margin * B, and B > margin * A.

    Parameters
    ----------
    A, B : float arrays of one shape (n_bins, n_frames), not negative.
    margin : at least 1. With 1 the masks sum to one and a tie goes to A; above 1 some cells belong to neither.

    Returns
    -------
    Two masks of zeros and ones, typed like A.

    Raises
    ------
    ValueError : A or B is complex, negative, not finite, or their shapes differ; margin is below 1.
    """
    A, B = _pair(A, B)
    margin = checks.number(margin, "margin", 1)
    # A product that overflows to infinity is larger than any magnitude, as it should be.
    with np.errstate(over="ignore"):
        return (A >= margin * B).astype(A.dtype), (B > margin * A).astype(A.dtype)


def repeating_mask(A: ArrayLike, model: ArrayLike) -> NDArray:
    """The share of each cell that the repeating model explains: min(model, A) / A, and 1 where A is 0.

    What repeats can't be louder than the mixture that it is in, hence the minimum (Rafii and Pardo, TASLP 2013).

    Parameters
    ----------
    A, model : float arrays of one shape (n_bins, n_frames), not negative: the mixture's magnitudes and the model's.

    Returns
    -------
    A mask; the rest, 1 minus it, is the foreground's.

    Raises
    ------
    ValueError : A or model is complex, negative, not finite, or their shapes differ.
    """
    A, model = checks.magnitudes(A, "A"), checks.magnitudes(model, "model")
    checks.same_shape(A, model, "A", "model")
    return np.divide(np.minimum(model, A), A, out=np.ones_like(A), where=A > 0)


def apply_mask(S: ArrayLike, M: ArrayLike, phase: str | ArrayLike = "mixture") -> NDArray:
    """The masked spectrogram, complex and shaped like S.

    Parameters
    ----------
    S : complex array, shape (n_bins, n_frames): the mixture's spectrogram.
    M : mask of the same shape, in [0, 1].
    phase : "mixture" keeps the phase of S; "zero" throws it away; an array of angles in radians replaces it.

    Returns
    -------
    Complex array of the precision of S.

    Raises
    ------
    ValueError : shapes differ, S is not finite, or M leaves [0, 1].
    """
    S = checks.complex_spectrogram(S)
    M = checks.mask(M).astype(S.real.dtype)
    checks.same_shape(M, S, "M", "S")
    if isinstance(phase, str):
        checks.one_of(phase, "phase", ("mixture", "zero"))
        return M * S if phase == "mixture" else (M * np.abs(S)).astype(S.dtype)
    angles = checks.real_spectrogram(phase, "phase").astype(S.real.dtype)
    checks.same_shape(angles, S, "phase", "S")
    return M * np.abs(S) * np.exp(1j * angles)


def _pair(A: ArrayLike, B: ArrayLike) -> tuple[NDArray, NDArray]:
    A, B = checks.magnitudes(A, "A"), checks.magnitudes(B, "B")
    checks.same_shape(A, B, "A", "B")
    return A, B
