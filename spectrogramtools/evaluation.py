"""How good is a separation? Scores against the true stems, in dB.

An estimate is taken apart by projections: on its own reference (the target), on all references together (target and
interference), and what no reference explains (artefacts). Energies of these parts make the ratios; scaling the estimate
changes none of them.

Conventions: signals have one shape, (n_samples,) or (channels, n_samples), and are used as they are (no mean is taken
off); sums are made in float64. Channels belong together, as in BSS Eval's scores for images (the source as it is heard
in each channel): they count as one long signal, so that all of them share one scale, and a source in the wrong place is
an error. BSS Eval's filters, which forgive more than a scale, are `spectrogramtools.bss_eval`'s.

Functions: `si_sdr`, `si_sir`, `si_sar`; `scoreboard` compares methods with each other and with what costs nothing.

References: Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019.
Vincent and others, "The signal separation evaluation campaign (2007–2010)", Signal Processing 92, 2012 (images).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.extras import needs
from spectrogramtools.masks import binary_masks, soft_masks
from spectrogramtools.separation.separate import Mixture, separate
from spectrogramtools.transforms import lengths

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def si_sdr(reference: ArrayLike, estimate: ArrayLike) -> float:
    """Scale-invariant signal-to-distortion ratio, in dB: the higher, the nearer.

    The reference is first scaled to lie as near to the estimate as it can, so a change of level costs nothing. What is
    left of the estimate counts as distortion.

    Parameters
    ----------
    reference : array_like of float, shape (n_samples,) or (channels, n_samples)
        The true source, not silent.
    estimate : array_like of float, shaped like reference
        What a method made of it.

    Returns
    -------
    score : float
        dB; inf for the reference itself (more than 100 where rounding is all that is wrong), -inf for an estimate that
        holds nothing of it.

    Raises
    ------
    ValueError
        If the shapes differ, the reference is silent, or a signal is not a finite waveform.

    References
    ----------
    Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import si_sdr
    >>> source, noise = np.array([1.0, 1.0, -1.0, -1.0]), np.array([0.1, -0.1, 0.1, -0.1])
    >>> round(si_sdr(source, source + noise), 6), round(si_sdr(source, 3 * (source + noise)), 6)
    (20.0, 20.0)
    """
    target, estimate = _target(reference, estimate)
    return ratio(target, estimate - target)


def si_sir(reference: ArrayLike, estimate: ArrayLike, others: Sequence[ArrayLike]) -> float:
    """Scale-invariant signal-to-interference ratio, in dB: how little of the other sources is in the estimate.

    Parameters
    ----------
    reference : array_like of float, shape (n_samples,) or (channels, n_samples)
        As for `si_sdr`.
    estimate : array_like of float, shaped like reference
        As for `si_sdr`.
    others : sequence of array_like of float
        The true other sources, each shaped like reference.

    Returns
    -------
    score : float
        dB; inf where none of the others is heard.

    Raises
    ------
    ValueError
        As for `si_sdr`, and if others is empty.

    References
    ----------
    Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import si_sir
    >>> source, other = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])
    >>> round(si_sir(source, source + 0.1 * other, [other]), 6)
    20.0
    """
    target, estimate = _target(reference, estimate)
    return ratio(target, _explained(reference, estimate, others) - target)


def si_sar(reference: ArrayLike, estimate: ArrayLike, others: Sequence[ArrayLike]) -> float:
    """Scale-invariant signal-to-artefacts ratio, in dB: how little of the estimate is in none of the sources.

    The three scores belong together: 10^(-SDR/10) is the sum of 10^(-SIR/10) and 10^(-SAR/10).

    Parameters
    ----------
    reference : array_like of float, shape (n_samples,) or (channels, n_samples)
        As for `si_sdr`.
    estimate : array_like of float, shaped like reference
        As for `si_sdr`.
    others : sequence of array_like of float
        The true other sources, each shaped like reference.

    Returns
    -------
    score : float
        dB; inf where the sources explain the whole estimate.

    Raises
    ------
    ValueError
        As for `si_sir`.

    References
    ----------
    Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import si_sar
    >>> source, other = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])
    >>> noise = np.array([0.1, -0.1, -0.1, 0.1])
    >>> round(si_sar(source, source + other + noise, [other]), 6)
    20.0
    """
    target, estimate = _target(reference, estimate)
    return ratio(target, estimate - _explained(reference, estimate, others))


def si_ratios(reference: ArrayLike, estimate: ArrayLike, others: Sequence[ArrayLike]) -> tuple[float, float, float]:
    """SI-SDR, SI-SIR and SI-SAR, from one projection."""
    target, estimate = _target(reference, estimate)
    explained = _explained(reference, estimate, others)
    return ratio(target, estimate - target), ratio(target, explained - target), ratio(target, estimate - explained)


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
    sr: float,
    *,
    highpass: float = 100.0,
    win_length: int | None = None,
    hop_length: int | None = None,
) -> Scoreboard:
    """Every method beside the baselines: the mixture itself, a high-pass alone, and the ideal masks.

    Parameters
    ----------
    estimates : dict from str to sequence of array_like
        For each method its estimates, in the order of the references.
    references : dict from str to array_like of float
        The true sources, at least two, each shaped like the mixture. For the high-pass the first is the background,
        which gets what lies below; all others get what lies above.
    mixture : array_like of float, shape (n_samples,) or (channels, n_samples)
        What was separated.
    sr : float
        Hz.
    highpass : float, optional
        Hz.
    win_length : int, optional
        Of the ideal masks, samples; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Of the ideal masks, samples; None takes a quarter of the window.

    Returns
    -------
    board : Scoreboard
        Baselines first, then the methods, then the ideal binary and the ideal ratio mask, which know the sources.

    Raises
    ------
    ValueError
        If a method gives another number of estimates than there are references or is named like a baseline, or a signal
        is not a finite waveform shaped like the others.

    References
    ----------
    Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", ICASSP 2019.

    Examples
    --------
    >>> from spectrogramtools import hpss, load_clip, scoreboard
    >>> clip = load_clip("violin_castanets")
    >>> board = scoreboard({"HPSS": hpss(clip.mixture, clip.sr)}, clip.stems, clip.mixture, clip.sr)
    >>> [row.method for row in board.rows if row.source == "violin"]
    ['mixture', 'high-pass 100 Hz', 'HPSS', 'ideal binary mask', 'ideal ratio mask']
    """
    mixture = checks.channels(mixture, "mixture")
    estimates = checks.mapping(estimates, "estimates", '{"HPSS": [harmonic, percussive]}')
    references = checks.mapping(references, "references", '{"violin": violin, "castanets": castanets}')
    if len(references) < 2:
        raise ValueError(f"references has {len(references)} sources, but interference needs at least two.")
    truth = {str(name): checks.channels(y, str(name)) for name, y in references.items()}
    for name, y in truth.items():
        checks.same_shape(y, mixture, name, "mixture")
    sr = checks.rate(sr)
    highpass = checks.number(highpass, "highpass", 0)
    window = lengths(win_length, hop_length, sr)
    free = {name: found() for name, found in baselines(mixture, [*truth.values()], sr, window, highpass).items()}
    for method in estimates:
        if str(method) in free:
            raise ValueError(f"a method is called {str(method)!r}, which is a baseline's name: choose another one.")
    first = [name for name in free if not name.startswith("ideal")]
    contest = {**{name: free[name] for name in first}, **estimates, **free}
    rows = []
    for method, signals in contest.items():
        given = checks.sequence(signals, f"what {method} gives", "estimates, one for each reference")
        if len(given) != len(truth):
            raise ValueError(f"{method} gives {len(given)} estimates for {len(truth)} references: give one for each.")
        for (name, reference), estimate in zip(truth.items(), given, strict=True):
            others = [y for other, y in truth.items() if other != name]
            rows.append(Score(str(method), name, *si_ratios(reference, estimate, others)))
    return Scoreboard(rows)


def baselines(
    mixture: Real, sources: Sequence[Real], sr: float, window: tuple[int, int], highpass: float = 100.0
) -> dict[str, Callable[[], list[Real]]]:
    """By name, what makes the estimates that cost nothing, and those of the masks that know the sources."""

    def below_and_above(A: Real) -> tuple[Real, Real]:
        low = np.zeros_like(A)
        low[np.arange(len(A)) * sr / window[0] < highpass] = 1
        return low, 1 - low

    def high_pass() -> list[Real]:
        low, high = separate(mixture, sr, below_and_above, win_length=window[0], hop_length=window[1])
        return [low] + [high] * (len(sources) - 1)

    return {
        "mixture": lambda: [mixture] * len(sources),
        f"high-pass {highpass:g} Hz": high_pass,
        "ideal binary mask": lambda: _ideal(mixture, sources, window, binary_masks),
        "ideal ratio mask": lambda: _ideal(mixture, sources, window, soft_masks),
    }


def _ideal(
    mixture: Real, sources: Sequence[Real], window: tuple[int, int], masks: Callable[[Real, Real], Sequence[Real]]
) -> list[Real]:
    """What the masks let through that know the sources: each source's against all others together, in each channel."""
    found = [np.empty_like(mixture) for _ in sources]
    for c, channel in enumerate(np.atleast_2d(mixture)):
        heard = Mixture(channel, *window)
        magnitudes = [Mixture(np.atleast_2d(y)[c], *window).A for y in sources]
        for i, A in enumerate(magnitudes):
            rest = sum((B for B in magnitudes if B is not A), np.zeros_like(A))
            np.atleast_2d(found[i])[c] = heard.sounds(masks(A, rest)[:1])[0]
    return found


def _target(reference: ArrayLike, estimate: ArrayLike) -> tuple[Real, Real]:
    """The part of the estimate that lies along the reference, and the estimate."""
    reference, estimate = checks.channels(reference, "reference"), checks.channels(estimate, "estimate")
    checks.same_shape(reference, estimate, "reference", "estimate")
    reference, estimate = _as_one(reference), _as_one(estimate)
    reference = _full_scale(reference, "reference")
    if estimate.any():
        estimate = _full_scale(estimate, "estimate")
    return _inner(estimate, reference) / _inner(reference, reference) * reference, estimate


def _explained(reference: ArrayLike, estimate: Real, others: Sequence[ArrayLike]) -> Real:
    """The part of the estimate that the sources explain together: its projection on the space that they span."""
    rest = checks.sequence(others, "others", "the other sources")
    if len(rest) == 0:
        raise ValueError("others is empty: interference needs at least one other source.")
    reference = checks.channels(reference, "reference")
    sources = [_full_scale(_as_one(reference), "reference")]
    for i, given in enumerate(rest):
        other = checks.channels(given, f"others[{i}]")
        checks.same_shape(other, reference, f"others[{i}]", "reference")
        sources.append(_full_scale(_as_one(other), f"others[{i}]"))
    basis = np.stack(sources, axis=1)
    explained: Real = basis @ np.linalg.lstsq(basis, estimate, rcond=None)[0]
    return explained


def _as_one(y: Real) -> Real:
    """All channels, one after the other, as one long signal."""
    return y.astype(np.float64).ravel()


def _full_scale(y: Real, name: str) -> Real:
    """The signal at a level at which no square can overflow or underflow; no score depends on a level."""
    loudest = max(y.max(), -y.min())
    if loudest == 0:
        raise ValueError(f"{name} is silent: nothing can be scored against silence.")
    return y if 1e-60 < loudest < 1e60 else y / loudest


def ratio(wanted: Real, unwanted: Real) -> float:
    """Their energies' ratio in dB."""
    wanted_energy, unwanted_energy = _inner(wanted, wanted), _inner(unwanted, unwanted)
    if wanted_energy == 0:
        return -np.inf
    if unwanted_energy == 0:
        return np.inf
    return float(10 * np.log10(wanted_energy / unwanted_energy))


def _inner(a: Real, b: Real) -> float:
    """The inner product. Not by np.dot: its library's threads go on waiting busily, in the way of all that follows."""
    return float(np.einsum("i,i->", a, b))


def rounded(score: float) -> str:
    """To 0.1 dB; beyond 99 dB the digits are rounding noise."""
    return f"{score:.1f}" if abs(score) < 99 else ("> 99" if score > 0 else "< -99")
