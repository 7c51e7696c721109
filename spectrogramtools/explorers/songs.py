"""The widget behind `explore_songs`: from the scores of a few songs to a claim, and how far one can trust it."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.code import code_of
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer

FEWEST, MOST = 5, 500  # songs; the page resamples them 2000 times, and for each point of a curve
AT_FIRST = 10  # songs that are drawn
FURTHEST = 1000.0  # dB
DRAWS, RESAMPLES = 100, 2000
MIDDLES: dict[str, Callable[..., Any]] = {"median": np.median, "mean": np.mean}
UNLIKELY = 0.05
NARROWEST = 0.01  # dB: on a logarithmic axis nothing is zero


@dataclass(frozen=True)
class Study:
    """What a study that had so many songs would have found: scores in dB, of the same songs where these are paired."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    paired: bool
    middle: str

    def difference(self) -> float:
        """The middle of A - B; of songs of each's own, the middles' difference."""
        middle = MIDDLES[self.middle]
        return float(middle(self.a - self.b) if self.paired else middle(self.a) - middle(self.b))

    def interval(self) -> tuple[float, float]:
        """Of the bootstrap, 95 %: the songs are drawn from the songs, again and again."""
        middle = MIDDLES[self.middle]
        of_a, of_b = picks(len(self.a))
        if self.paired:
            resampled = middle((self.a - self.b)[of_a], axis=1)
        else:
            resampled = middle(self.a[of_a], axis=1) - middle(self.b[of_b], axis=1)
        low, high = np.percentile(resampled, [2.5, 97.5])
        return float(low), float(high)

    def p(self) -> float:
        """How often chance alone would set the two so far apart; 1 where there is no difference at all.

        Of the same songs as `corpus.statistics.signed_rank` has it: who is ahead on none is no witness.
        """
        from scipy.stats import mannwhitneyu, wilcoxon

        if self.paired:
            d = self.a - self.b
            return float(wilcoxon(d[d != 0]).pvalue) if d.any() else 1.0
        return float(mannwhitneyu(self.a, self.b).pvalue) if np.ptp([*self.a, *self.b]) else 1.0


@lru_cache(maxsize=2)
def picks(n: int) -> NDArray[np.intp]:
    """Which songs each resample takes, for A and for B: always the same."""
    return (n * np.random.default_rng(0).random((2, RESAMPLES, n))).astype(np.intp)


def counts(n_songs: int) -> Iterator[int]:
    """The numbers of songs for which the interval's width is drawn, each almost a third more than the one before."""
    n = 2
    while n < n_songs:
        yield n
        n = math.ceil(1.3 * n)
    yield n_songs


class SongsExplorer(Explorer):
    """See `spectrogramtools.explore_songs`."""

    first: Control
    second: Control
    songs: Control
    draw: Control
    compared: Control
    middle: Control

    def __init__(self, scores: Mapping[str, ArrayLike]) -> None:
        self.scores = _checked(scores)
        names = list(self.scores)
        self.n_songs = len(self.scores[names[0]])
        menu = [(name, name) for name in names]
        super().__init__(
            "songs",
            {},
            0,
            values={"first": names[0], "second": names[1], "songs": min(AT_FIRST, self.n_songs)},
            bounds={"songs": (2, self.n_songs)},
            options={"first": menu, "second": menu},
            settings={"scores": {name: scores.tolist() for name, scores in self.scores.items()}},
        )

    def study(self, draw: int | None = None, songs: int | None = None, paired: bool | None = None) -> Study:
        """The study that the controls choose, but for what is said otherwise here.

        A has the first songs of the draw's order. Paired, B has the same ones; else it has the last ones, which are
        other songs as long as there are enough of them.
        """
        draw, songs = draw or self.draw.value, songs or self.songs.value
        paired = self.compared.value == "paired" if paired is None else paired
        order = np.argsort(np.random.default_rng(draw).random(self.n_songs))
        a, b = self.scores[self.first.value], self.scores[self.second.value]
        of_b = order[:songs] if paired else order[-songs:]
        return Study(a[order[:songs]], b[of_b], paired, self.middle.value)

    @property
    def found(self) -> dict[str, float]:
        """What is told now, by name, computed with numpy and scipy when it is asked for; dB, p-values and counts."""
        study = self.study()
        draws = [self.study(draw) for draw in range(1, DRAWS + 1)]
        ahead = np.sign([other.difference() for other in draws])
        unlikely = np.array([other.p() < UNLIKELY for other in draws])
        low, high = study.interval()
        return {
            "difference": study.difference(),
            "low": low,
            "high": high,
            "p": study.p(),
            "of all songs": self.study(songs=self.n_songs).difference(),
            "draws with A ahead": int(np.sum(ahead > 0)),
            "draws that decide for A": int(np.sum(unlikely & (ahead > 0))),
            "draws that decide for B": int(np.sum(unlikely & (ahead < 0))),
        }

    def separated(self) -> dict[str, Real]:
        """Nothing is heard here."""
        return {}

    def facts(self) -> dict[str, Any]:
        """How many songs there are, and the methods' names in code."""
        names = (json.dumps(name, ensure_ascii=False) for name in (self.first.value, self.second.value))
        return {"n_songs": self.n_songs, **dict(zip(("first_name", "second_name"), names, strict=True))}

    def code(self) -> str:
        return code_of(self._recipe["code"], {**self.values, **self.facts()}, 1)

    def still(self) -> bytes:
        """The drawn songs, the hundred draws and the interval's width, as a PNG."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10.0, 3.2), dpi=72, layout="constrained")
        songs, draws, width = figure.subplots(1, 3)
        self._draw_songs(songs)
        self._draw_draws(draws)
        self._draw_width(width)
        file = io.BytesIO()
        figure.savefig(file, format="png")
        return file.getvalue()

    def _draw_songs(self, ax: Any) -> None:
        study = self.study()
        rows = [study.a - study.b] if study.paired else [study.a, study.b]
        names = ["A − B"] if study.paired else ["A", "B"]
        for row, scores in enumerate(rows):
            ax.plot(scores, np.full(len(scores), row), ".", color="0.5", alpha=0.6)
            ax.plot(MIDDLES[study.middle](scores), row, "o", color=f"C{row}")
        ax.set(title="each song", xlabel="A − B (dB)" if study.paired else "score (dB)", ylim=(-0.8, len(rows) - 0.2))
        ax.set_yticks(range(len(rows)), names)
        if study.paired:
            ax.axvline(0, color="0.7", lw=1)
            ax.plot(study.interval(), [-0.1, -0.1], "C0")

    def _draw_draws(self, ax: Any) -> None:
        all_draws = [self.study(draw) for draw in range(1, DRAWS + 1)]
        found = np.sort([study.difference() for study in all_draws])
        ax.axvline(0, color="0.7", lw=1)
        ax.plot(found, np.arange(1, DRAWS + 1), ".", color="C2")
        ax.plot(self.study().interval(), [0, 0], "C0")
        ax.plot(self.study().difference(), 0, "C0o")
        ax.axvline(self.study(songs=self.n_songs).difference(), color="C1", ls="--")
        ax.set(title=f"{DRAWS} draws; below, this one", xlabel="A − B (dB)", yticks=[])

    def _draw_width(self, ax: Any) -> None:
        from matplotlib.ticker import LogLocator, NullLocator

        upto = [n for n in counts(self.n_songs) if n < self.songs.value] + [self.songs.value]
        for paired, style in ((True, "C0.-"), (False, "C1.--")):
            widths = [max(NARROWEST, np.ptp(self.study(songs=n, paired=paired).interval())) for n in upto]
            ax.loglog(upto, widths, style, label="paired" if paired else "unpaired")
        ax.set(title="how wide the 95 % interval is", xlabel="songs", ylabel="width (dB)")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(LogLocator(2))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter("{x:g}")
        ax.legend()

    @property
    def alt(self) -> str:
        """What the still tells, in words."""
        found, a, b = self.found, self.first.value, self.second.value
        numbers = "{difference:.2f} dB, 95 % interval {low:.2f} to {high:.2f} dB, p = {p:.3f}".format(**found).replace(
            "-", "−"
        )
        way = "of the same songs" if self.compared.value == "paired" else "each on songs of its own"
        return (
            f"{a} − {b}, {self.middle.value} {way}, {self.songs.value} of {self.n_songs}: {numbers}. "
            f"In {DRAWS} such draws {a} comes out ahead {found['draws with A ahead']} times."
        )

    def __repr__(self) -> str:
        return "explore_songs: controls and pictures: run the cell"


def _checked(scores: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
    """Scores in double precision, copied: of two methods or more, one for each of the same songs."""
    given = checks.mapping(scores, "scores", '{"repet": [5.1, …], "ft2d": [4.4, …]}')
    if len(given) < 2:
        raise ValueError(f"scores has {len(given)} methods, but two or more are wanted, each with its scores.")
    found = {}
    for name, values in given.items():
        if not isinstance(name, str):
            raise ValueError(f"scores has the key {checks.shown(name)}, but a method's name must be a string.")
        found[name] = _of_songs(checks.array(values, f'scores["{name}"]'), f'scores["{name}"]')
    first, *others = found
    for name in others:
        if len(found[name]) != len(found[first]):
            raise ValueError(
                f"{first} has {len(found[first])} scores and {name} has {len(found[name])}: each method needs one for "
                "each song, in the same order."
            )
    return found


def _of_songs(x: NDArray[Any], name: str) -> NDArray[np.float64]:
    if x.ndim != 1 or x.dtype.kind not in "fiu":
        raise ValueError(
            f"{name} has shape {x.shape} and dtype {x.dtype}, but it must be one real number for each song: (n_songs,)."
        )
    if not FEWEST <= len(x) <= MOST:
        raise ValueError(f"{name} has {len(x)} songs, but it must have at least {FEWEST} and at most {MOST}.")
    scores = x.astype(np.float64)
    wrong = np.flatnonzero(~(np.abs(scores) <= FURTHEST))
    if len(wrong):
        raise ValueError(
            f"{name} holds {scores[wrong[0]]} at song {wrong[0]}, but a score is a number of dB, at most {FURTHEST:g}: "
            "find where it came from, or leave this song out of all methods."
        )
    return scores
