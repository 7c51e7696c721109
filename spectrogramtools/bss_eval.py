"""BSS Eval's SDR, the score of most published tables: what may be done to the true source before it is compared?

Nothing, says the SDR of images: error = estimate - reference. A filter, says the SDR of sources, by default of 512
taps (23 ms at 22.05 kHz): what it makes of the reference is the target, whatever it makes of it. So an estimate that
comes a little late, or without its treble, is forgiven. SI-SDR stands between them: one channel and one tap.

Conventions: as in `spectrogramtools.evaluation`, but channels are no longer one long signal here. Each channel of the
estimate has filters of its own, one from each channel of the reference.

Functions: `sdr`; `framewise_sdr`, for pieces of a second.

References: Vincent, Gribonval and Févotte, "Performance measurement in blind audio source separation", IEEE TASLP
14(4), 2006. Stöter, Liutkus and Ito, "The 2018 signal separation evaluation campaign", LVA/ICA 2018 (BSS Eval v4).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.evaluation import ratio

# The filters' equations have channels * taps unknowns: a square matrix of at most 128 MB.
MOST_UNKNOWNS = 4096


def sdr(reference: ArrayLike, estimate: ArrayLike, *, taps: int = 512) -> float:
    """BSS Eval's signal-to-distortion ratio, in dB: the higher, the nearer to the reference, or to a filtered one.

    10 log10(||target||^2 / ||estimate - target||^2), where the target is the estimate's projection on the reference
    and its copies that are delayed by 1, 2, … taps - 1 samples. Without taps it is the reference itself.

    Parameters
    ----------
    reference : array_like of float, shape (n_samples,) or (channels, n_samples)
        The true source, not silent. With several channels each one of the estimate may be made of all of these.
    estimate : array_like of float, shaped like reference
        What a method made of it.
    taps : int, optional
        Samples in the filter. 512 is the SDR of sources, that of museval's and mir_eval's `bss_eval_sources`. 0 is the
        SDR of images, as in the tables of MUSDB18, for which museval takes the median over pieces of a second. With 1,
        one channel's score is its `si_sdr`.

    Returns
    -------
    score : float
        dB; inf for the reference itself (with taps more than 100, since rounding is all that is wrong). Silence gets
        -inf, or 0 where taps is 0.

    Raises
    ------
    ValueError
        If the shapes differ, the reference is silent, a signal is not a finite waveform, or there are too many taps for
        so many channels.

    References
    ----------
    Vincent, Gribonval and Févotte, "Performance measurement in blind audio source separation", IEEE TASLP 14(4), 2006,
    section III.B. Stöter, Liutkus and Ito, "The 2018 signal separation evaluation campaign", LVA/ICA 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import sdr
    >>> source = np.random.default_rng(0).uniform(-1, 1, 4000)
    >>> half_as_loud = source / 2
    >>> round(sdr(source, half_as_loud, taps=0), 1), sdr(source, half_as_loud) > 100
    (6.0, True)
    >>> late = np.append([0, 0], source[:-2])  # two samples
    >>> round(sdr(source, late, taps=0)), round(sdr(source, late, taps=1)), round(sdr(source, late))
    (-3, -38, 31)
    """
    taps = checks.whole_number(taps, "taps", 0)
    s, e = checks.channels(reference, "reference"), checks.channels(estimate, "estimate")
    checks.same_shape(s, e, "reference", "estimate")
    s, e = (np.atleast_2d(y).astype(np.float64) for y in (s, e))
    channels, n_samples = s.shape
    if channels * taps > MOST_UNKNOWNS:
        most = MOST_UNKNOWNS // channels
        raise ValueError(
            f"taps is {taps}, but channels times taps may be {MOST_UNKNOWNS} at most: use {most} or fewer."
        )
    loudest, peak = np.abs(s).max(), np.abs(e).max()
    if loudest == 0:
        raise ValueError("reference is silent: nothing can be scored against silence.")
    if taps == 0:
        both = max(loudest, peak)  # at full scale no square can overflow
        return ratio(s.ravel() / both, (e / both - s / both).ravel())
    if peak == 0:
        return -np.inf
    e /= peak
    target = _filtered(s / loudest, e, taps)
    distortion = -target
    distortion[:, :n_samples] += e
    return ratio(target.ravel(), distortion.ravel())


def framewise_sdr(
    references: Sequence[ArrayLike], estimates: Sequence[ArrayLike], sr: float, *, window: float = 1.0
) -> NDArray[np.float64]:
    """The SDR of images in each piece of a song: its median over pieces is the SDR in the tables of MUSDB18.

    Parameters
    ----------
    references : sequence of array_like of float, each of shape (n_samples,) or (channels, n_samples)
        The true sources.
    estimates : sequence of array_like of float, each shaped like the references
        What a method made of them, in the same order.
    sr : float
        Hz.
    window : float, optional
        Seconds in a piece. What is left over at the end is not scored.

    Returns
    -------
    scores : array of float64, shape (n_sources, n_pieces)
        dB; NaN for all sources where one of them, or an estimate, is silent throughout the piece.

    Raises
    ------
    ValueError
        If there is not one estimate for each reference, or shapes differ.

    References
    ----------
    Stöter, Liutkus and Ito, "The 2018 signal separation evaluation campaign", LVA/ICA 2018; their program museval.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import framewise_sdr
    >>> source = np.random.default_rng(0).uniform(-1, 1, 3000)
    >>> estimate = source.copy()
    >>> estimate[1000:2000] /= 2
    >>> framewise_sdr([source], [estimate], 1000).round(1)
    array([[inf,  6., inf]])
    """
    s, e = (_signals(ys, name) for ys, name in ((references, "references"), (estimates, "estimates")))
    if len(s) != len(e):
        raise ValueError(f"references has {len(s)} sources and estimates has {len(e)}: give one estimate for each.")
    checks.same_shape(s[0], e[0], "references[0]", "estimates[0]")
    length = max(1, round(min(checks.number(window, "window", 0, above=True) * checks.rate(sr), s[0].shape[-1])))
    pieces = [slice(k * length, (k + 1) * length) for k in range(s[0].shape[-1] // length)]
    return np.array([_of_piece(*(_cut(ys, piece) for ys in (s, e))) for piece in pieces]).T


def _signals(ys: Sequence[ArrayLike], name: str) -> list[Real]:
    """Each of shape (channels, n_samples)."""
    listed = [checks.channels(y, f"{name}[{i}]") for i, y in enumerate(checks.sequence(ys, name, "waveforms"))]
    if not listed:
        raise ValueError(f"{name} is empty: give at least one source.")
    for i, y in enumerate(listed):
        checks.same_shape(y, listed[0], f"{name}[{i}]", f"{name}[0]")
    return [np.atleast_2d(y) for y in listed]


def _cut(ys: Sequence[Real], piece: slice) -> Real:
    """A piece of each source, shape (n_sources, channels, n_samples)."""
    return np.stack([y[:, piece] for y in ys], dtype=np.float64)


def _of_piece(s: Real, e: Real) -> list[float]:
    # As museval does it: what cancels between the channels counts as silent, too.
    if not all(ys.sum(axis=1).any(axis=1).all() for ys in (s, e)):
        return [np.nan] * len(s)
    loudest = max(np.abs(s).max(), np.abs(e).max())  # at full scale no square can overflow
    s, e = s / loudest, e / loudest
    return [ratio(true.ravel(), (found - true).ravel()) for true, found in zip(s, e, strict=True)]


def _filtered(s: Real, e: Real, taps: int) -> Real:
    """What filters can make of the reference s to come nearest to the estimate e: (channels, n_samples + taps - 1)."""
    from scipy.fft import irfft, next_fast_len, rfft
    from scipy.linalg import cho_factor, cho_solve, toeplitz

    channels, n_samples = s.shape
    size = next_fast_len(n_samples + taps - 1, real=True)
    R, E = rfft(s, size), rfft(e, size)
    # Inner products of the delayed references with each other (they depend on the delays' difference alone, so each
    # pair of channels makes a Toeplitz block) and with the estimate's channels.
    lags = np.arange(taps)
    among = irfft(np.conj(R[:, None]) * R[None], size)
    gram = np.block([[toeplitz(pair[lags], pair[-lags]) for pair in row] for row in among])
    with_estimate = irfft(np.conj(R[:, None]) * E[None], size)[..., :taps]
    # References that are alike, or lack whole bands, leave the filters open. So little costs no score below 100 dB.
    gram[np.diag_indices_from(gram)] += 1e-14 * np.trace(gram)
    right = with_estimate.transpose(0, 2, 1).reshape(channels * taps, channels)
    filters = cho_solve(cho_factor(gram), right).reshape(channels, taps, channels)
    F = rfft(filters, size, axis=1)
    found: Real = irfft(np.einsum("cf,cfe->ef", R, F), size)[:, : n_samples + taps - 1]
    return found
