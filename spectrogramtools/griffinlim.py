"""Griffin-Lim: find a phase for a spectrogram of which only the magnitude is known.

In turns, the spectrogram is made consistent (back to sound and to a spectrogram again) and given its magnitude back.
The distance between the two never grows. With momentum each step goes a little further in the direction of the last
one, which is the fast Griffin-Lim algorithm; it converges further, but no longer promises never to rise.

Function: `griffinLimInverse`.

References: Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2), 1984,
section III. Perraudin, Balazs and Søndergaard, "A fast Griffin-Lim algorithm", WASPAA 2013, algorithm 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Complex, Real
from spectrogramtools.transforms import (
    WindowFunction,
    analyse,
    blocks,
    iSTFT,
    output_length,
    sample_window,
    synthesis_gain,
    synthesise,
)


def griffinLimInverse(
    A: ArrayLike,
    win_length: int,
    hop_length: int,
    NIters: int = 10,
    winfunc: WindowFunction | None = None,
    momentum: float = 0.0,
    phase: str | ArrayLike = "zero",
    seed: int | None = None,
    center: bool = False,
    length: int | None = None,
    verbose: bool = True,
) -> Real:
    """A waveform whose spectrogram has magnitudes as near to A as NIters iterations get.

    Parameters
    ----------
    A : array_like of float, shape (1 + win_length // 2, n_frames)
        Magnitudes, not negative.
    win_length : int
        As for `STFT`.
    hop_length : int
        As for `STFT`.
    NIters : int, optional
        Iterations; 0 only applies the start phase.
    winfunc : callable, optional
        As for `STFT`.
    momentum : float, optional
        0 for Griffin and Lim 1984; 0.99 for the fast form of Perraudin et al. 2013. At most 10.
    phase : {"zero", "random"} or array_like of float, shaped like A, optional
        The start: all zero, uniformly random, or angles in radians.
    seed : int, optional
        Of the random start phase; None takes a new one each time.
    center : bool, optional
        As for `STFT`.
    length : int, optional
        As for `iSTFT`.
    verbose : bool, optional
        Show a progress bar that counts the iterations.

    Returns
    -------
    y : array of float, shape (n_samples,)
        Of A's precision.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite, or does not belong to win_length, or an argument is out of range.

    References
    ----------
    Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2), 1984,
    section III. Perraudin, Balazs and Søndergaard, "A fast Griffin-Lim algorithm", WASPAA 2013, algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import STFT, griffinLimInverse
    >>> A = np.abs(STFT(np.sin(np.arange(8000) / 5), 512, 128))
    >>> found = {n: griffinLimInverse(A, 512, 128, NIters=n, verbose=False) for n in (0, 10)}
    >>> [round(float(np.linalg.norm(np.abs(STFT(y, 512, 128)) - A) / np.linalg.norm(A)), 1) for y in found.values()]
    [0.5, 0.3]
    """
    A = checks.magnitudes(A)
    win_length, hop_length = checks.window_and_hop(win_length, hop_length)
    checks.bins_match(A, win_length, "A")
    NIters = checks.whole_number(NIters, "NIters", 0)
    momentum = checks.number(momentum, "momentum", 0, 10)
    center, verbose = checks.flag(center, "center"), checks.flag(verbose, "verbose")
    length = output_length(length, win_length + hop_length * (A.shape[1] - 1))
    window = sample_window(winfunc, win_length).astype(A.dtype)
    gain = _gain_inside_signal(window, hop_length, A.shape[1], center, length)

    magnitude = np.ascontiguousarray(A.T)  # frames as rows, so that no iteration has to transpose
    turn: Complex = np.exp(1j * start_phase(phase, seed, A).T)
    S = magnitude * turn
    previous: Complex | None = np.zeros_like(S) if momentum else None
    for i in range(NIters):
        consistent = analyse(gain * synthesise(S, window, hop_length), window, hop_length)
        for block in blocks(len(S)):
            S[block] = consistent[block]
            if previous is not None:
                S[block] += momentum * (consistent[block] - previous[block])
            _impose(magnitude[block], S[block])
        previous = consistent if momentum else None
        if verbose:
            _show_progress(i + 1, NIters)
    return iSTFT(S.T, win_length, hop_length, winfunc=winfunc, center=center, length=length)


def start_phase(phase: str | ArrayLike, seed: int | None, A: Real) -> Real:
    """Angles in radians, shaped and typed like A."""
    if isinstance(phase, str):
        checks.one_of(phase, "phase", ("zero", "random"))
        if phase == "zero":
            return np.zeros_like(A)
        seed = None if seed is None else checks.whole_number(seed, "seed", 0)
        return np.random.default_rng(seed).uniform(0, 2 * np.pi, A.shape).astype(A.dtype)
    angles = checks.angles(phase)
    checks.same_shape(angles, A, "phase", "A")
    return angles.astype(A.dtype)


def _gain_inside_signal(window: Real, hop_length: int, n_frames: int, center: bool, length: int | None) -> Real:
    """The synthesis gain, 0 also in the padding of `center=True`: the sound that is sought has no samples there."""
    gain = synthesis_gain(window, hop_length, n_frames)
    if center:
        half = len(window) // 2
        end = len(gain) - half if length is None else half + length
        gain[:half] = 0
        gain[end:] = 0
    return gain


def _impose(magnitude: Real, S: Complex) -> None:
    """Give S, in place, these magnitudes and leave its phase; phase 0 where S is nothing beside its magnitude."""
    found = np.abs(S)
    lost = found <= 1e-20 * magnitude
    found[lost] = 1
    S *= magnitude / found
    S[lost] = magnitude[lost]


def _show_progress(done: int, total: int) -> None:
    bar = "█" * (20 * done // total)
    print(f"\rIteration {done} of {total} |{bar:<20}|", end="\n" if done == total else "", flush=True)
