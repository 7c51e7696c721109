"""Masks: how much of each spectrogram cell belongs to a source.

A mask has the shape of the spectrogram and lies between 0 and 1. Multiplied with the mixture's spectrogram it turns
the mixture down where the source is not, and leaves the mixture's phase as it is.

Functions: `soft_masks`, `binary_masks`, `repeating_mask`, `foreground_trust`, `fitted_mask`, `apply_mask`.

References: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010: binary masks and masks of a
power p, of which 2 is the Wiener filter's. Driedger, Müller and Disch, "Extending harmonic-percussive separation of
audio signals", ISMIR 2014: the margin, there called separation factor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.arrays import Complex, Real


def soft_masks(A: ArrayLike, B: ArrayLike, *, power: float = 1.0) -> tuple[Real, Real]:
    """Share each cell between two sources in proportion to their magnitudes: A^p / (A^p + B^p), and the rest.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The first source's magnitudes, not negative.
    B : array_like of float, shaped like A
        The second source's magnitudes, not negative.
    power : float, optional
        p, more than 0; 1 is the class's mask, 2 the Wiener filter. The higher, the nearer to a binary mask.

    Returns
    -------
    M_A : array of float, shaped like A
        The first source's mask; 0.5 where both magnitudes are 0.
    M_B : array of float, shaped like A
        1 - M_A.

    Raises
    ------
    ValueError
        If A or B is complex, negative or not finite, their shapes differ, or power is not above 0.

    References
    ----------
    FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import soft_masks
    >>> soft_masks(np.array([[3.0, 1.0, 0.0]]), np.array([[1.0, 1.0, 0.0]]))[0]
    array([[0.75, 0.5 , 0.5 ]])
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


def binary_masks(A: ArrayLike, B: ArrayLike, *, margin: float = 1.0) -> tuple[Real, Real]:
    """Give each cell to the source that is at least `margin` times the other: A >= margin * B, and B > margin * A.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The first source's magnitudes, not negative.
    B : array_like of float, shaped like A
        The second source's magnitudes, not negative.
    margin : float, optional
        From 1 to a million. With 1 the masks sum to one and a tie goes to A; above 1 some cells belong to neither.

    Returns
    -------
    M_A : array of float, shaped like A
        The first source's mask, zeros and ones.
    M_B : array of float, shaped like A
        The second source's.

    Raises
    ------
    ValueError
        If A or B is complex, negative or not finite, their shapes differ, or margin is below 1.

    References
    ----------
    FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010. With a margin: Driedger, Müller and
    Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import binary_masks
    >>> binary_masks(np.array([[3.0, 1.0, 1.0]]), np.array([[1.0, 1.0, 3.0]]), margin=2)
    (array([[1., 0., 0.]]), array([[0., 0., 1.]]))
    """
    A, B = _pair(A, B)
    margin = checks.number(margin, "margin", 1, 1e6)
    # A product that overflows to infinity is larger than any magnitude, as it should be.
    with np.errstate(over="ignore"):
        return (A >= margin * B).astype(A.dtype), (B > margin * A).astype(A.dtype)


def repeating_mask(A: ArrayLike, model: ArrayLike) -> Real:
    """The share of each cell that the repeating model explains: min(model, A) / A, and 1 where A is 0.

    A mask can't make louder, hence the minimum. (What repeats may be louder than the mixture in a cell where the two
    sounds cancel each other; on average it is not.)

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    model : array_like of float, shaped like A
        The repeating model's.

    Returns
    -------
    M : array of float, shaped like A
        The background's mask; the rest, 1 minus it, is the foreground's.

    Raises
    ------
    ValueError
        If A or model is complex, negative or not finite, or their shapes differ.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013, section II.C.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import repeating_mask
    >>> repeating_mask(np.array([[4.0, 4.0, 0.0]]), np.array([[1.0, 9.0, 1.0]]))
    array([[0.25, 1.  , 1.  ]])
    """
    A, model = _pair(A, model, "A", "model")
    return np.divide(np.minimum(model, A), A, out=np.ones_like(A), where=A > 0)


def foreground_trust(A: ArrayLike, model: ArrayLike) -> Real:
    """How much of what sticks out of the model is foreground, row by row: 1 all of it, 0 nothing.

    On average a foreground adds, so where the mixture is weaker than the model, the model is wrong. It is wrong as
    often in the other direction: the energy that is missing there sticks out elsewhere, and is no foreground. In each
    third of an octave the trust is 1 - missing / sticking out, of energies, and at least 0. Where a loop repeats
    exactly, almost nothing is missing; where people play, no two bars are the same, most of all in the cymbals.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    model : array_like of float, shaped like A
        The repeating model's.

    Returns
    -------
    trust : array of float, shape (n_bins,)
        From 0 to 1; between the middles of the bands on straight lines.

    Raises
    ------
    ValueError
        If A or model is complex, negative or not finite, or their shapes differ.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import foreground_trust
    >>> model = np.full((1, 4), 2.0)
    >>> foreground_trust(np.array([[2.0, 2.0, 2.0, 6.0]]), model)  # a voice in the last frame
    array([1.])
    >>> foreground_trust(np.array([[1.0, 3.0, 1.0, 3.0]]), model)  # as often too little as too much
    array([0.])
    """
    A, model = _pair(A, model, "A", "model")
    scale = max(float(A.max(initial=0)), float(model.max(initial=0))) or 1.0
    over = (A.astype(np.float64) - model) / scale
    starts = _band_starts(len(A))
    sticks_out = np.add.reduceat(np.sum(np.maximum(over, 0) ** 2, axis=1), starts)
    is_missing = np.add.reduceat(np.sum(np.minimum(over, 0) ** 2, axis=1), starts)
    share = np.divide(is_missing, sticks_out, out=np.ones_like(is_missing), where=sticks_out > is_missing)
    middles = (starts + np.append(starts[1:], len(A)) - 1) / 2
    trust: Real = np.interp(np.arange(len(A)), middles, 1 - share).astype(A.dtype)
    return trust


def fitted_mask(A: ArrayLike, model: ArrayLike) -> Real:
    """The background's mask, fitted to how exactly it repeats.

    The model explains min(model, A) of a cell. From this `soft_masks` makes the foreground's mask, with a power of
    1 + trust**8, so 2 where the loop is exact and 1 where it is not, and the trust is how much of it is taken out.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    model : array_like of float, shaped like A
        The repeating model's.

    Returns
    -------
    M : array of float, shaped like A
        1 - trust * (the foreground's share), and 1 where A is 0.

    Raises
    ------
    ValueError
        If A or model is complex, negative or not finite, or their shapes differ.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import fitted_mask
    >>> fitted_mask(np.array([[2.0, 2.0, 2.0, 6.0]]), np.full((1, 4), 2.0))
    array([[1. , 1. , 1. , 0.2]])
    """
    A, model = _pair(A, model, "A", "model")
    trust = foreground_trust(A, model)[:, None]
    repeating = np.minimum(model, A)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        M = (A - repeating) / repeating
        M **= 1 + trust**8
        M += 1
        np.divide(1, M, out=M)
    M[A == 0] = 1
    M -= 1
    M *= trust
    M += 1
    return M


def apply_mask(S: ArrayLike, M: ArrayLike, *, phase: str | ArrayLike = "mixture") -> Complex:
    """The masked spectrogram, complex and shaped like S.

    Parameters
    ----------
    S : array_like of complex, shape (n_bins, n_frames)
        The mixture's spectrogram.
    M : array_like of float, shaped like S
        A mask, in [0, 1].
    phase : {"mixture", "zero"} or array_like of float, shaped like S, optional
        "mixture" keeps the phase of S, "zero" throws it away, an array of angles in radians replaces it.

    Returns
    -------
    masked : array of complex, shaped like S
        Of the precision of S.

    Raises
    ------
    ValueError
        If shapes differ, S is not finite, or M leaves [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import apply_mask
    >>> apply_mask(np.array([[2j, 4.0]]), np.array([[0.5, 0.25]]), phase="zero")
    array([[1.+0.j, 1.+0.j]])
    """
    S = checks.complex_spectrogram(S)
    M = checks.mask(M).astype(S.real.dtype)
    checks.same_shape(M, S, "M", "S")
    if isinstance(phase, str):
        checks.one_of(phase, "phase", ("mixture", "zero"))
        return M * S if phase == "mixture" else (M * np.abs(S)).astype(S.dtype)
    angles = checks.angles(phase).astype(S.real.dtype)
    checks.same_shape(angles, S, "phase", "S")
    masked: Complex = M * np.abs(S) * np.exp(1j * angles)
    return masked


def _pair(A: ArrayLike, B: ArrayLike, name_a: str = "A", name_b: str = "B") -> tuple[Real, Real]:
    """Two magnitude spectrograms of one shape and, so that both masks have it, of one precision."""
    A, B = checks.magnitudes(A, name_a), checks.magnitudes(B, name_b)
    checks.same_shape(A, B, name_a, name_b)
    precision = np.result_type(A, B)
    return A.astype(precision, copy=False), B.astype(precision, copy=False)


def _band_starts(n_bins: int) -> NDArray[np.int64]:
    """The first rows of bands of a third of an octave, the lowest seven rows in one."""
    thirds = np.round(7 * 2 ** (np.arange(3 * 20) / 3)).astype(np.int64)
    # A last band of a few rows would say little.
    return np.concatenate([[0], thirds[thirds * 2 ** (1 / 6) < n_bins]])
