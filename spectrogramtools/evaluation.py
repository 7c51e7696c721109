"""How good is a separation? Scores against the true stems, in dB.

Conventions: signals are mono, of one length, and used as they are (no mean is taken off); sums are made in float64.

Function: `si_sdr`.

Reference: Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019: the definition of SI-SDR.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks


def si_sdr(reference: ArrayLike, estimate: ArrayLike) -> float:
    """Scale-invariant signal-to-distortion ratio, in dB: the higher, the nearer.

    The reference is first scaled to lie as near to the estimate as it can, so a change of level costs nothing. What is
    left of the estimate counts as distortion.

    Parameters
    ----------
    reference : float array, shape (n_samples,): the true source, not silent.
    estimate : float array of the same shape.

    Returns
    -------
    dB; inf for a perfect estimate, -inf for one that holds nothing of the reference.

    Raises
    ------
    ValueError : the lengths differ, the reference is silent, or a signal is not a finite mono waveform.
    """
    reference = checks.waveform(reference, "reference").astype(np.float64)
    estimate = checks.waveform(estimate, "estimate").astype(np.float64)
    checks.same_shape(reference, estimate, "reference", "estimate")
    # The score does not depend on either level; at full scale no square can overflow or underflow.
    loudest = np.abs(reference).max()
    if loudest == 0:
        raise ValueError("reference is silent: nothing can be scored against silence.")
    reference = reference / loudest
    estimate = estimate / (np.abs(estimate).max() or 1)
    target = np.dot(estimate, reference) / np.dot(reference, reference) * reference
    distortion = estimate - target
    target_energy, distortion_energy = np.dot(target, target), np.dot(distortion, distortion)
    if target_energy == 0:
        return -np.inf
    if distortion_energy == 0:
        return np.inf
    return float(10 * np.log10(target_energy / distortion_energy))
