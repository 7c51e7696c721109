"""How good is a separation? Scores against the true stems, in dB.

An estimate is taken apart by projections: on its own reference (the target), on all references together (target and
interference), and what no reference explains (artefacts). Energies of these parts make the ratios; scaling the estimate
changes none of them.

Conventions: signals are mono, of one length, and used as they are (no mean is taken off); sums are made in float64.

Functions: `si_sdr`, `si_sir`, `si_sar`; `scoreboard` compares methods with each other and with what costs nothing.

Reference: Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.extras import needs
from spectrogramtools.masks import binary_masks, soft_masks
from spectrogramtools.transforms import STFT, iSTFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    target, estimate = _target(reference, estimate)
    return _ratio(target, estimate - target)


def si_sir(reference: ArrayLike, estimate: ArrayLike, others: Sequence[ArrayLike]) -> float:
    """Scale-invariant signal-to-interference ratio, in dB: how little of the other sources is in the estimate.

    Parameters
    ----------
    reference, estimate : as for `si_sdr`.
    others : the true other sources, each shaped like reference.

    Returns
    -------
    dB; inf where none of the others is heard.

    Raises
    ------
    ValueError : as for `si_sdr`; others is empty.
    """
    target, estimate = _target(reference, estimate)
    return _ratio(target, _explained(reference, estimate, others) - target)


def si_sar(reference: ArrayLike, estimate: ArrayLike, others: Sequence[ArrayLike]) -> float:
    """Scale-invariant signal-to-artefacts ratio, in dB: how little of the estimate is in none of the sources.

    Arguments, result and errors as for `si_sir`. The three belong together: 10^(-SDR/10) is the sum of 10^(-SIR/10) and
    10^(-SAR/10).
    """
    target, estimate = _target(reference, estimate)
    return _ratio(target, estimate - _explained(reference, estimate, others))


@dataclass(frozen=True)
class Score:
    """One line of a scoreboard: a method's estimate of one source, in dB."""

    method: str
    source: str
    si_sdr: float
    si_sir: float
    si_sar: float


class Scoreboard:
    """Scores as a table (printed, or shown in a notebook) and as a picture (`plot`); `rows` holds the numbers."""

    def __init__(self, rows: Sequence[Score]) -> None:
        self.rows = tuple(rows)

    def __repr__(self) -> str:
        lines = [f"{'method':24} {'source':14} {'SI-SDR':>7} {'SI-SIR':>7} {'SI-SAR':>7}"]
        for r in self.rows:
            lines.append(
                f"{r.method:24} {r.source:14} {rounded(r.si_sdr):>7} {rounded(r.si_sir):>7} {rounded(r.si_sar):>7}"
            )
        return "\n".join(lines)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the SI-SDR of each method as a bar for each source, and return the axes."""
        needs("a plot", "matplotlib")
        import matplotlib.pyplot as plt

        ax = plt.gca() if ax is None else ax
        methods = list(dict.fromkeys(r.method for r in self.rows))
        sources = list(dict.fromkeys(r.source for r in self.rows))
        scores = {(r.method, r.source): r.si_sdr for r in self.rows}
        colours = plt.get_cmap("cividis")(np.linspace(0.1, 0.9, len(sources)))
        for k, source in enumerate(sources):
            places = np.arange(len(methods)) + 0.8 * (k / len(sources) - 0.5 + 0.5 / len(sources))
            heights = np.clip([scores[m, source] for m in methods], -20, 60)
            ax.barh(places, heights, 0.8 / len(sources), color=colours[k], label=source)
        ax.set_yticks(range(len(methods)), methods)
        ax.invert_yaxis()
        ax.axvline(0, color="black", lw=1)
        ax.set_xlabel("SI-SDR (dB)")
        ax.legend()
        return ax


def scoreboard(
    estimates: Mapping[str, Sequence[ArrayLike]],
    references: Mapping[str, ArrayLike],
    mixture: ArrayLike,
    sr: int = 22050,
    win_length: int = 2048,
    hop_length: int = 512,
    highpass: float = 100.0,
) -> Scoreboard:
    """Every method beside the baselines: the mixture itself, a high-pass alone, and the ideal masks.

    Parameters
    ----------
    estimates : for each method its estimates, in the order of the references.
    references : the true sources, at least two, each of shape (n_samples,). For the high-pass the first is the
        background, which gets what lies below; all others get what lies above.
    mixture : shape (n_samples,); sr : Hz.
    win_length, hop_length : of the ideal masks, in samples; highpass : Hz.

    Returns
    -------
    A `Scoreboard`: baselines first, then the methods, then the ideal binary and the ideal ratio mask, which know the
    sources.

    Raises
    ------
    ValueError : a method gives another number of estimates than there are references, or a signal is not a finite mono
        waveform as long as the others.
    """
    mixture = checks.waveform(mixture, "mixture")
    if len(references) < 2:
        raise ValueError(f"references has {len(references)} sources, but interference needs at least two.")
    truth = {str(name): checks.waveform(y, str(name)) for name, y in references.items()}
    for name, y in truth.items():
        checks.same_shape(y, mixture, name, "mixture")
    sr = checks.number(sr, "sr", 0, above=True)
    highpass = checks.number(highpass, "highpass", 0)
    S = STFT(mixture, win_length, hop_length, center=True)

    def sound(M: NDArray) -> NDArray:
        return iSTFT(M * S, win_length, hop_length, center=True, length=len(mixture))

    low = (np.arange(S.shape[0]) * sr / win_length < highpass)[:, None]
    binary, ratio = _ideal_masks([np.abs(STFT(y, win_length, hop_length, center=True)) for y in truth.values()])
    contest = {
        "mixture": [mixture] * len(truth),
        f"high-pass {highpass:g} Hz": [sound(low)] + [sound(~low)] * (len(truth) - 1),
        **estimates,
        "ideal binary mask": [sound(M) for M in binary],
        "ideal ratio mask": [sound(M) for M in ratio],
    }
    rows = []
    for method, signals in contest.items():
        if len(signals) != len(truth):
            raise ValueError(f"{method} gives {len(signals)} estimates for {len(truth)} references: give one for each.")
        for (name, reference), estimate in zip(truth.items(), signals, strict=True):
            others = [y for other, y in truth.items() if other != name]
            rows.append(
                Score(
                    method,
                    name,
                    si_sdr(reference, estimate),
                    si_sir(reference, estimate, others),
                    si_sar(reference, estimate, others),
                )
            )
    return Scoreboard(rows)


def _ideal_masks(magnitudes: Sequence[NDArray]) -> tuple[list[NDArray], list[NDArray]]:
    """For each source its mask against all the others together, binary and as a ratio."""
    pairs = [(A, sum(B for B in magnitudes if B is not A)) for A in magnitudes]
    return [binary_masks(A, rest)[0] for A, rest in pairs], [soft_masks(A, rest)[0] for A, rest in pairs]


def _target(reference: ArrayLike, estimate: ArrayLike) -> tuple[NDArray, NDArray]:
    """The part of the estimate that lies along the reference, and the estimate."""
    reference = checks.waveform(reference, "reference").astype(np.float64)
    estimate = checks.waveform(estimate, "estimate").astype(np.float64)
    checks.same_shape(reference, estimate, "reference", "estimate")
    reference = _full_scale(reference, "reference")
    if estimate.any():
        estimate = _full_scale(estimate, "estimate")
    return _inner(estimate, reference) / _inner(reference, reference) * reference, estimate


def _explained(reference: ArrayLike, estimate: NDArray, others: Sequence[ArrayLike]) -> NDArray:
    """The part of the estimate that the sources explain together: its projection on the space that they span."""
    if len(others) == 0:
        raise ValueError("others is empty: interference needs at least one other source.")
    sources = [_full_scale(checks.waveform(reference, "reference").astype(np.float64), "reference")]
    for i, other in enumerate(others):
        other = checks.waveform(other, f"others[{i}]").astype(np.float64)
        checks.same_shape(other, estimate, f"others[{i}]", "estimate")
        sources.append(_full_scale(other, f"others[{i}]"))
    basis = np.stack(sources, axis=1)
    return basis @ np.linalg.lstsq(basis, estimate, rcond=None)[0]


def _full_scale(y: NDArray, name: str) -> NDArray:
    """The signal at a level at which no square can overflow or underflow; no score depends on a level."""
    loudest = max(y.max(), -y.min())
    if loudest == 0:
        raise ValueError(f"{name} is silent: nothing can be scored against silence.")
    return y if 1e-60 < loudest < 1e60 else y / loudest


def _ratio(wanted: NDArray, unwanted: NDArray) -> float:
    """Their energies' ratio in dB."""
    wanted_energy, unwanted_energy = _inner(wanted, wanted), _inner(unwanted, unwanted)
    if wanted_energy == 0:
        return -np.inf
    if unwanted_energy == 0:
        return np.inf
    return float(10 * np.log10(wanted_energy / unwanted_energy))


def _inner(a: NDArray, b: NDArray) -> float:
    """The inner product. Not by np.dot: its library's threads go on waiting busily, in the way of all that follows."""
    return float(np.einsum("i,i->", a, b))


def rounded(score: float) -> str:
    """To 0.1 dB; beyond 99 dB the digits are rounding noise."""
    return f"{score:.1f}" if abs(score) < 99 else ("> 99" if score > 0 else "< -99")
