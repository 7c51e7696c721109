"""From scores to what may be said of methods: medians over songs with intervals, and differences song by song.

A song is the unit of everything here. Passages of one song are no independent witnesses, so a song's score is the
median over its passages, those that can't be scored left out. The SDR of an uncut song is already the median over its
windows of a second, so the median over songs is the number in the tables of MUSDB18.

Methods are compared on the songs that both have, cut into the same passages, with the same stems as the same source.
All that is compared is one family: Holm's correction goes over both kinds of pairs and all sources.

Scores may be infinite: an estimate that is silent has -inf. Medians, quartiles and ranks take them as they are, the
difference of two equal ones is 0, and halfway between -inf and inf lies 0.

Functions: `by_song`, `summarise`, `compare`, `median_interval`, `signed_rank`, `holm`; the classes `Summary`, `Pair`.

References: Efron and Tibshirani, "An introduction to the bootstrap", 1993. Wilcoxon, "Individual comparisons by ranking
methods", Biometrics Bulletin 1, 1945. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
Journal of Statistics 6, 1979. Stöter, Liutkus and Ito, "The 2018 signal separation evaluation campaign", LVA/ICA 2018.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.corpus.scores import SCORES
from spectrogramtools.corpus.table import BASELINE, METHOD, MIXTURE, ORACLE, Row, Scores

Floats = NDArray[np.float64]
RESAMPLES, LEVEL = 10_000, 0.95
# What stands for infinity while sums are made: no score added to it changes it.
FAR = 1e300
# The sources explain all of the mixture: its SI-SAR is infinite, and nothing can be said of differences from it.
AGAINST_MIXTURE = ("si_sdr", "si_sir", "sdr")


@dataclass(frozen=True, order=True)
class Group:
    """What scores are compared within: one source, and all that the song was taken apart into."""

    source: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OfSong:
    """A method's score of a song, and what has to be the same where two of them are compared."""

    score: float
    passages: tuple[tuple[float, float], ...]
    stems: tuple[str, ...]

    def like(self, other: OfSong) -> bool:
        return (self.passages, self.stems) == (other.passages, other.stems)


@dataclass(frozen=True)
class Interval:
    """A median and its 95 % bootstrap interval; NaN where there is none."""

    median: float = math.nan
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Summary:
    """One method and one source over all songs.

    Attributes
    ----------
    group : Group
        The source.
    method, kind : str
        As in the table's rows.
    songs : int
        That have a score.
    score : Interval
        dB, the median over songs.
    quartiles : (float, float)
        dB.
    improvement : Interval
        dB over the mixture, the median over songs of what is gained on each.
    below : int
        Songs on which the method scores less than the untouched mixture.
    compared : int
        Songs that the last two rest on.
    """

    group: Group
    method: str
    kind: str
    songs: int
    score: Interval
    quartiles: tuple[float, float]
    improvement: Interval = Interval()
    below: int = 0
    compared: int = 0


@dataclass(frozen=True)
class Pair:
    """Two methods, song by song: what the first has more than the second.

    Attributes
    ----------
    group : Group
        The source.
    first, second : str
        The methods; the second may be the mixture.
    songs : int
        That both have.
    ahead, equal : int
        On so many songs the first scores more, and on so many the same.
    difference : Interval
        dB, the median over songs.
    p : float
        Of Wilcoxon's signed-rank test, two-sided.
    holm : float
        The same, corrected for all pairs that are compared.
    differences : dict from str to float
        dB, by song.
    """

    group: Group
    first: str
    second: str
    songs: int
    ahead: int
    equal: int
    difference: Interval
    p: float
    holm: float = math.nan
    differences: Mapping[str, float] = field(default_factory=dict, repr=False)


def by_song(scores: Scores, score: str) -> dict[Group, dict[str, dict[str, OfSong]]]:
    """For each source and method, the songs with this score; baselines first, then methods by name, then oracles."""
    checks.one_of(score, "score", SCORES)
    passages: dict[tuple[Group, str, str, str], list[Row]] = {}
    for row in scores.rows:
        passages.setdefault((Group(row.source, row.sources), row.kind, row.method, row.song), []).append(row)
    found: dict[Group, dict[str, dict[str, OfSong]]] = {}
    for (group, _, method, song), rows in sorted(passages.items(), key=lambda item: _order(*item[0])):
        values = np.array([getattr(row, score) for row in rows])
        if not np.isnan(values).all():
            of_song = OfSong(median(values), tuple((row.start, row.stop) for row in rows), rows[0].stems)
            found.setdefault(group, {}).setdefault(method, {})[song] = of_song
    return found


def summarise(scores: Scores, score: str = "si_sdr", *, seed: int = 0) -> list[Summary]:
    """What each method is worth for each source.

    Parameters
    ----------
    scores : Scores
        From `read_scores`.
    score : {"si_sdr", "si_sir", "si_sar", "sdr"}, optional
        Which one. SI-SAR has no improvement over the mixture, in which there are no artefacts.
    seed : int, optional
        Where the bootstrap's random numbers begin.

    Returns
    -------
    summaries : list of Summary
        By source; baselines first, then methods by name, then oracles.

    Raises
    ------
    ValueError
        If there is no such score.

    Examples
    --------
    >>> from spectrogramtools.corpus.statistics import summarise
    >>> from spectrogramtools.corpus.table import Row, Scores
    >>> def row(song, method, kind, si_sdr):
    ...     return Row(song, 0, 9, method, kind, ("voice",), "voice", ("voice",), si_sdr, 0, 0, 0, "", 9, 44100, 2)
    >>> rows = [row(song, "mixture", "baseline", -song) for song in range(7)]
    >>> rows += [row(song, "ours", "method", 2 * song - 3) for song in range(7)]
    >>> mixture, ours = summarise(Scores((*rows,)))
    >>> ours.songs, ours.score.median, ours.quartiles, ours.improvement.median, ours.below
    (7, 3.0, (0.0, 6.0), 6.0, 1)
    """
    kinds = {row.method: row.kind for row in scores.rows}
    found = []
    for group, methods in by_song(scores, score).items():
        for method, songs in methods.items():
            values = np.array([of_song.score for of_song in songs.values()])
            low, high = _told(np.quantile(_near(values), [0.25, 0.75]))
            summary = Summary(
                group, method, kinds[method], len(songs), median_interval(values, seed=seed), (float(low), float(high))
            )
            if method != MIXTURE and score in AGAINST_MIXTURE and MIXTURE in methods:
                gained = _differences(songs, methods[MIXTURE])
                gains = np.array([*gained.values()])
                summary = replace(
                    summary,
                    improvement=median_interval(gains, seed=seed),
                    below=int((gains < 0).sum()),
                    compared=len(gained),
                )
            found.append(summary)
    return found


def compare(scores: Scores, score: str = "si_sdr", *, seed: int = 0) -> list[Pair]:
    """Each method against the mixture, and all methods against each other, song by song.

    Parameters
    ----------
    scores : Scores
        From `read_scores`.
    score : {"si_sdr", "si_sir", "si_sar", "sdr"}, optional
        Which one. With SI-SAR nothing is compared with the mixture, in which there are no artefacts.
    seed : int, optional
        Where the bootstrap's random numbers begin.

    Returns
    -------
    pairs : list of Pair
        By source; baselines and oracles are in no pair, pairs without a common song are left out.

    Raises
    ------
    ValueError
        If there is no such score.

    Examples
    --------
    >>> from spectrogramtools.corpus.statistics import compare
    >>> from spectrogramtools.corpus.table import Row, Scores
    >>> def row(song, method, si_sdr):
    ...     return Row(song, 0, 9, method, "method", ("voice",), "voice", ("voice",), si_sdr, 0, 0, 0, "", 9, 44100, 2)
    >>> rows = [row(song, "ours", 1.5 * song) for song in range(7)] + [row(song, "theirs", song) for song in range(7)]
    >>> (pair,) = compare(Scores((*rows,)))
    >>> pair.ahead, pair.equal, pair.difference.median, pair.p
    (6, 1, 1.5, 0.03125)
    """
    kinds = {row.method: row.kind for row in scores.rows}
    pairs = []
    for group, methods in by_song(scores, score).items():
        ours = [method for method in methods if kinds[method] == METHOD]
        chosen = [(method, MIXTURE) for method in ours if score in AGAINST_MIXTURE and MIXTURE in methods]
        for first, second in [*chosen, *itertools.combinations(ours, 2)]:
            differences = _differences(methods[first], methods[second])
            d = np.array([*differences.values()])
            if len(d):
                ahead, equal = int((d > 0).sum()), int((d == 0).sum())
                interval = median_interval(d, seed=seed)
                pairs.append(
                    Pair(group, first, second, len(d), ahead, equal, interval, signed_rank(d), differences=differences)
                )
    corrected = holm([pair.p for pair in pairs])
    return [replace(pair, holm=float(p)) for pair, p in zip(pairs, corrected, strict=True)]


def median(values: ArrayLike) -> float:
    """The median of what is not NaN; infinite values count as very large ones."""
    return float(_told(np.nanmedian(_near(values))))


def median_interval(values: ArrayLike, *, seed: int = 0) -> Interval:
    """A median and its 95 % bootstrap interval: how far it moves when as many songs are drawn anew from these.

    The interval goes from the 2.5th to the 97.5th percentile of 10,000 resamples' medians. Percentiles stay within the
    scores that occurred and stand infinite ones; the interval that corrects them (BCa) needs the jackknife, which fails
    for medians.

    Parameters
    ----------
    values : array_like of float, shape (n_songs,)
        One a song; infinite ones may be among them, and what is NaN is left out.
    seed : int, optional
        Where the random numbers begin.

    Returns
    -------
    interval : Interval
        The median alone if there is only one song, and NaN if there is none.

    References
    ----------
    Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 13.3, and 11.6 on the jackknife.

    Examples
    --------
    >>> from spectrogramtools.corpus.statistics import median_interval
    >>> median_interval([3.0, 1.0, 4.0, 1.5, 9.0, 2.5, 6.0])
    Interval(median=3.0, low=1.5, high=6.0)
    """
    x = np.sort(_near(values))
    x = x[~np.isnan(x)]
    n = len(x)
    if n < 2:
        return Interval(float(_told(x)[0])) if n else Interval()
    # Nothing need be drawn but the middle of each resample. Drawing songs is drawing places in [0, 1); of n places,
    # sorted, the k-th has a beta distribution, and the next one is the least of the n - k that lie above it.
    rng, k = np.random.default_rng(checks.whole_number(seed, "seed", 0)), (n + 1) // 2
    lower = upper = rng.beta(k, n + 1 - k, RESAMPLES)
    if n % 2 == 0:
        upper = 1 - (1 - lower) * rng.random(RESAMPLES) ** (1 / (n - k))
    middle = x[np.minimum(n - 1, (n * np.array([lower, upper])).astype(int))].mean(axis=0)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = _told(np.quantile(middle, ends, method="inverted_cdf"))
    return Interval(median(x), float(low), float(high))


def signed_rank(differences: ArrayLike) -> float:
    """The p-value of Wilcoxon's signed-rank test, two-sided: how often chance alone would rank the signs so unevenly.

    Differences of 0 favour nobody and are left out, as Wilcoxon did. Up to 50 others the p-value is exact if no two are
    equally large, and with more it is the normal approximation's.

    Parameters
    ----------
    differences : array_like of float, shape (n_songs,)
        dB; infinite ones have the highest ranks.

    Returns
    -------
    p : float
        1 if all differences are 0. With n others it is never less than 2^(1 - n).

    References
    ----------
    Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945.

    Examples
    --------
    >>> from spectrogramtools.corpus.statistics import signed_rank
    >>> signed_rank([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), signed_rank([0.0, 1.0, -2.0])
    (0.03125, 1.0)
    """
    from scipy.stats import wilcoxon

    d = _near(differences)
    d = d[d != 0]
    return float(wilcoxon(d).pvalue) if len(d) else 1.0


def holm(p: ArrayLike) -> Floats:
    """Correct p-values for their number: who believes all below 0.05 errs in at most one family out of twenty.

    The smallest of m is multiplied by m, the next one by m - 1, and so on; none becomes less than the one before it.

    Parameters
    ----------
    p : array_like of float, shape (m,)
        Of all tests of a family, in any order.

    Returns
    -------
    corrected : array of float, shape (m,)
        In the same order, at most 1.

    References
    ----------
    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.

    Examples
    --------
    >>> from spectrogramtools.corpus.statistics import holm
    >>> holm([0.01, 0.04, 0.03, 0.005]).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    found = np.asarray(p, float)
    order, m = np.argsort(found), len(found)
    corrected = np.empty(m)
    corrected[order] = np.minimum(1, np.maximum.accumulate(found[order] * (m - np.arange(m))))
    return corrected


def _differences(first: Mapping[str, OfSong], second: Mapping[str, OfSong]) -> dict[str, float]:
    """By song, where both are there and are alike."""
    songs = [song for song in first if song in second and first[song].like(second[song])]
    a, b = (_near([scores[song].score for song in songs]) for scores in (first, second))
    # To what the scores were rounded to, so that equal differences are equal.
    return dict(zip(songs, _told(np.round(a - b, 6)).tolist(), strict=True))


def _near(values: ArrayLike) -> Floats:
    """Numbers that can be summed: FAR for infinity."""
    near: Floats = np.clip(np.asarray(values, float), -FAR, FAR)
    return near


def _told(values: ArrayLike) -> Floats:
    """What lies as far as only FAR brings it is infinite again."""
    values = np.asarray(values, float)
    told: Floats = np.where(np.abs(values) > 1e-50 * FAR, np.copysign(np.inf, values), values)
    return told


def _order(group: Group, kind: str, method: str, song: str) -> tuple[Any, ...]:
    """Numbers in a method's name count as numbers: power=2 stands before power=10."""
    words = [(float(word), "") if k % 2 else (0.0, word) for k, word in enumerate(re.split(r"(\d+(?:\.\d+)?)", method))]
    return group.sources, group.source, (BASELINE, METHOD, ORACLE).index(kind), method != MIXTURE, words, song
