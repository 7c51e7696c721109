"""When does the music repeat? The beat spectrum, and the period to a fraction of a sample.

`find_period` works in two steps. The spectrogram decides roughly: the lag at which it is most like itself, every
frequency row with one vote, however loud. Then the waveform decides between this lag, its multiples and its divisions,
and where exactly it lies: copies of a loop agree sample by sample, a melody above them does not. Where the waveform
does not repeat, because people play and no two bars are the same, the repetitions decide: the period is the one of
which a repetition is best foretold by the others.

Conventions: autocorrelations are normalised by the energies of the two parts that overlap, so a slow fade costs
nothing.

Functions: `beat_spectrum`, `find_period`.

References: Foote and Uchihashi, "The beat spectrum: a new approach to rhythm analysis", ICME 2001.
Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation", IEEE
TASLP 21(1), 2013: the beat spectrum, and why a period is judged by its integer multiples.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.separation.agreement import left_out_error, of_endless, repetitions
from spectrogramtools.transforms import STFT

# Analysis for the rough answer, in samples.
WIN, HOP = 2048, 512
# Seconds; what takes longer to come back is a verse, and in it the bars repeat.
LONGEST = 10.0
# A period is judged by its multiples up to this part of the clip; beyond, too little overlaps.
JUDGED = 0.75
# A shorter period wins if its multiples agree at least nine tenths as well as the best one's.
NEARLY = 0.9
# Samples of a waveform that are looked at: two minutes at 22.05 kHz.
LOOKED_AT = 120 * 22050
# Lags beyond the last multiple that are still looked at.
REACH = 8
# Columns that are transformed at a time.
COLUMNS = 32
# Bins of the waveform's spectrum in which what is usual is found, and by how much (in energy) a bin may exceed it.
NEIGHBOURHOOD, CUT = 1024, 1000.0
# Below this correlation the waveform does not repeat.
REPEATS = 0.1
# A shorter period wins if its repetitions' error is at most so many times the best one's, and so much more: where the
# waveform repeats, a multiple must be clearly better.
CLEARLY, HARDLY = (1.06, 0.01), (1.02, 0.0)
# Seconds; where people play, less than a bar is no period.
BAR = 1.5


def beat_spectrum(A: ArrayLike) -> Real:
    """How like itself is the music a while later? The autocorrelation of the rows of A**2, averaged over the rows.

    That is the mean of each diagonal of a similarity matrix, `(A**2).T @ A**2`, in which the loudest rows decide. Foote
    and Uchihashi's matrix holds cosines of columns instead: with columns divided by their lengths and a root taken,
    `beat_spectrum(np.sqrt(A / np.linalg.norm(A, axis=0)))` is theirs.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        Magnitudes, not negative.

    Returns
    -------
    b : array of float, shape (n_frames,)
        b[lag] for lags in frames, unbiased (divided by the number of frames that overlap) and divided by lag 0, so that
        b[0] == 1. Silence gives zeros.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite.

    References
    ----------
    Foote and Uchihashi, "The beat spectrum: a new approach to rhythm analysis", ICME 2001. Rafii and Pardo,
    "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation", IEEE TASLP 21(1),
    2013, section II.A.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import beat_spectrum
    >>> beat_spectrum(np.array([[1.0, 0.0, 1.0, 0.0, 1.0, 0.0]])).round(2)  # every two frames
    array([1., 0., 1., 0., 1., 0.])
    """
    A = checks.magnitudes(A)
    loudest = A.max()
    if loudest == 0:
        return np.zeros(A.shape[1], A.dtype)
    n_frames = A.shape[1]
    # In float64, because the longest lags are sums of few frames in which the rounding of all the others remains.
    b = _autocorrelation((A.T.astype(np.float64) / loudest) ** 2, n_frames) / np.arange(n_frames, 0, -1)
    unbiased: Real = (b / b[0]).astype(A.dtype)
    return unbiased


def find_period(y: ArrayLike, sr: float, *, min_period: float = 0.8, max_period: float | None = None) -> float:
    """The shortest period at which the music repeats.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; all channels have one period.
    sr : float
        Hz.
    min_period : float, optional
        Seconds.
    max_period : float, optional
        Seconds; None is a third of the clip, so that it holds three repetitions, and at most 10.

    Returns
    -------
    period : float
        Seconds, to a fraction of a sample where the waveform itself repeats, else to a fraction of a frame of 512
        samples.

    Raises
    ------
    ValueError
        If y is silent, not finite or too short, or the range of periods is empty.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013: why a period is judged by its integer multiples.

    Examples
    --------
    >>> from spectrogramtools import find_period, load_clip
    >>> clip = load_clip("band_singer")
    >>> round(find_period(clip.mixture, clip.sr) * clip.sr)  # samples
    81920
    """
    y = np.atleast_2d(checks.sound(y))
    sr = checks.rate(sr)
    longest = y.shape[1] / sr / 2
    min_period = checks.number(min_period, "min_period", 0, above=True)
    shortest = max(min_period * sr, 2 * HOP)
    usual = min(y.shape[1] / sr / 3, max(LONGEST, 4 * shortest / sr))
    max_period = usual if max_period is None else checks.number(max_period, "max_period", 0, longest)
    if shortest > max_period * sr or y.shape[1] < 6 * HOP:
        raise ValueError(
            f"a period of {min_period:g} s or more and {max_period:g} s or less leaves no room for a period in y, "
            f"which lasts {y.shape[1] / sr:.2f} s: give a y that holds it three times, or say what you know (period= "
            "to repet, min_period= to find_period)."
        )
    if not y.any():
        raise ValueError("y is silent: nothing in it can repeat.")
    longest = max_period * sr
    rough = _from_spectrogram(y, shortest, longest)
    exact = _from_waveform(y, rough, shortest, longest)
    if exact is not None:
        period = _from_repetitions(y, exact, (1,), CLEARLY, shortest, longest)
    else:
        period = _from_repetitions(y, rough, (1, 2, 3, 4), HARDLY, max(shortest, BAR * sr), longest)
    # Where no whole frame lies between the two, the nearest one has been looked at.
    return float(np.clip(period / sr, min_period, max_period))


def seconds_that_repeat(period: float, n_samples: int, sr: float) -> float:
    """A period given by hand: it must occur twice."""
    period = checks.number(period, "period", 0, above=True)
    if period > n_samples / sr / 2:
        raise ValueError(
            f"period is {period:g} s, but y lasts {n_samples / sr:g} s: what does not occur twice does not repeat; "
            f"use at most {n_samples / sr / 2:g} s."
        )
    return period


def _from_repetitions(
    y: Real, period: float, divisions: tuple[int, ...], nearly: tuple[float, float], shortest: float, longest: float
) -> float:
    """Of a period, its multiples and its divisions the shortest whose repetitions agree nearly best."""
    y = middle_of(y, period)
    hop = fitting_hop(period, WIN)
    A = np.concatenate([np.abs(STFT(channel, WIN, hop, center=True)) for channel in y])
    found = {}
    for division in divisions:
        for multiple in (1, 2, 3, 4, 6, 8):
            candidate = period * multiple / division
            if gcd(multiple, division) == 1 and shortest - 1 <= candidate <= min(longest, y.shape[1] / 3) + 1:
                stack = repetitions(A, candidate / hop)
                found[candidate] = of_endless(left_out_error(stack), len(stack))
    if not found:
        return period
    enough = nearly[0] * min(found.values()) + nearly[1]
    return min(candidate for candidate, error in found.items() if error <= enough)


def fitting_hop(period: float, win_length: int) -> int:
    """The hop near a quarter of the window of which the period, in samples, is most nearly a whole multiple."""
    hops = np.arange(win_length // 6, win_length // 3 + 1)
    hops = hops[hops <= period] if (hops <= period).any() else hops[:1]
    slide = np.abs(period - hops * np.round(period / hops))
    # A sample of sliding weighs as much as a hop that is fifty samples away from the usual.
    return int(hops[np.argmin(slide + 0.02 * np.abs(hops - win_length / 4))])


def _from_spectrogram(y: Real, shortest: float, longest: float) -> float:
    """The best lag of the spectrogram, in samples, to a fraction of a frame."""
    # Every other row: a partial is wider than one bin, so its neighbour says the same.
    votes = np.concatenate([np.abs(STFT(channel, WIN, HOP, center=True)[::2]).T for channel in y], axis=1)
    votes -= votes.mean(axis=0)
    votes /= np.sqrt(np.mean(votes**2, axis=0)) + np.finfo(votes.dtype).tiny
    last = int(longest / HOP)
    first = min(int(np.ceil(shortest / HOP)), last)
    likeness = _normalised_autocorrelation(votes, last + 2)
    lag = first + int(np.argmax(likeness[first : last + 1]))
    # The vertex of the parabola through the best lag and its two neighbours.
    before, here, after = likeness[lag - 1 : lag + 2]
    bend = before - 2 * here + after
    vertex = (before - after) / (2 * bend) if bend < 0 else 0.0
    return float(lag + np.clip(vertex, -0.5, 0.5)) * HOP


def _from_waveform(y: Real, rough: float, shortest: float, longest: float) -> float | None:
    """Of the rough period, its multiples and its divisions the shortest that repeats nearly as well as the best.

    None where the waveform does not repeat.
    """
    y = middle_of(y, rough)
    longest = min(longest, y.shape[1] / 3)
    likeness = _flattened_autocorrelation(y, int(JUDGED * y.shape[1]) + REACH)
    # Not so far that the search would come near lag 0, where everything is like itself.
    exact = _sharpened(likeness, rough, min(2 * HOP, int(rough / 4)))
    found = {}
    for division in range(1, 9):
        for multiple in range(1, 5):
            period = exact * multiple / division
            if gcd(multiple, division) == 1 and shortest - 1 <= period <= longest + 1:
                period = _sharpened(likeness, period, 3)
                found[period] = _agreement(likeness, period)
    if not found or max(found.values()) < REPEATS:
        return None
    return min(period for period, agreement in found.items() if agreement >= NEARLY * max(found.values()))


def middle_of(y: Real, rough: float) -> Real:
    """Of a long song the middle says it as well, if it holds the rough period a dozen times."""
    kept = min(y.shape[1], max(LOOKED_AT, int(12 * rough)))
    first = (y.shape[1] - kept) // 2
    return y[:, first : first + kept]


def _sharpened(likeness: Real, period: float, reach: int) -> float:
    """The best period within `reach` samples: a whole number first, then ever finer by looking at its multiples."""
    last = len(likeness) - REACH
    period = _peak(likeness, period, reach)
    multiple = 1
    while 2 * multiple * period <= last:
        multiple *= 2
        period = _peak(likeness, multiple * period, 4) / multiple
    return period


def _peak(likeness: Real, place: float, reach: int) -> float:
    """Where likeness is highest within `reach` of a place."""
    first = max(1, round(place) - reach)
    return first + int(np.argmax(likeness[first : round(place) + reach + 1]))


def _agreement(likeness: Real, period: float) -> float:
    """Mean likeness over the multiples of a period."""
    multiples = np.arange(1, max(1, int((len(likeness) - REACH) / period)) + 1)
    places = np.round(multiples[:, None] * period).astype(int) + np.arange(-2, 3)
    return float(likeness[np.clip(places, 0, len(likeness) - 1)].max(axis=1).mean())


def _autocorrelation(X: Real, n_lags: int) -> Real:
    """Sum over the columns of X, shape (n, columns), of their autocorrelations, for the first n_lags lags."""
    from scipy.fft import irfft, next_fast_len, rfft

    length = next_fast_len(len(X) + n_lags, real=True)
    power = np.zeros(length // 2 + 1, X.dtype)
    for first in range(0, X.shape[1], COLUMNS):
        spectrum = rfft(np.ascontiguousarray(X[:, first : first + COLUMNS].T), n=length)
        power += np.sum(spectrum.real**2 + spectrum.imag**2, axis=0)
    autocorrelation: Real = irfft(power, n=length)[:n_lags]
    return autocorrelation


def _normalised_autocorrelation(X: Real, n_lags: int) -> Real:
    """The same, divided at each lag by the energies of the two parts that overlap: 1 where they are equal."""
    n = len(X)
    energy = np.concatenate([[0], np.cumsum(np.einsum("ij,ij->i", X, X), dtype=np.float64)])
    overlap = np.sqrt(energy[n : n - n_lags : -1] * (energy[n] - energy[:n_lags]))
    likeness: Real = _autocorrelation(X, n_lags) / np.maximum(overlap, 1e-9 * energy[n])
    return likeness


def _flattened_autocorrelation(y: Real, n_lags: int) -> Real:
    """The same of a waveform, shape (channels, n_samples), whose spectrum has been flattened.

    A hum, a held chord or an offset is like itself at any lag and would drown the loop. It stands in few bins of the
    spectrum, far above their surroundings, and is cut down to a multiple of what is usual there.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    n = y.shape[1]
    # Faded in and out, so that a tone stays in its bins.
    ramp = np.sin(np.linspace(0, np.pi / 2, n // 10)) ** 2
    fade = np.concatenate([ramp, np.ones(n - 2 * len(ramp)), ramp[::-1]]).astype(y.dtype)
    length = next_fast_len(n + n_lags, real=True)
    power = np.zeros(length // 2 + 1, y.dtype)
    for channel in y:
        spectrum = rfft(channel * fade, n=length)
        power += spectrum.real**2 + spectrum.imag**2
    whole = len(power) // NEIGHBOURHOOD * NEIGHBOURHOOD
    blocks = power[:whole].reshape(-1, NEIGHBOURHOOD)
    usual = np.median(blocks[:, ::8], axis=1, keepdims=True)
    np.minimum(blocks, CUT * usual, out=blocks)
    likeness: Real = irfft(power, n=length)[:n_lags]
    energy = np.concatenate([[0], np.cumsum(np.einsum("ij,ij->j", y, y) * fade**2, dtype=np.float64)])
    overlap = np.sqrt(energy[n : n - n_lags : -1] * (energy[n] - energy[:n_lags])) / energy[n]
    likeness /= max(likeness[0], np.finfo(y.dtype).tiny)
    likeness /= np.maximum(overlap, 1e-9)
    return likeness
