"""Pictures of a corpus: what each method scores, how two differ song by song, and which songs are hard.

Everything is drawn in the course's style, whose colours survive colour blindness; what a mark means never rests on its
colour alone. Songs beyond 99 dB, or infinite, stand as a triangle at the edge.

Functions: `draw_scores`, `draw_pairs`, `draw_property`. Each gives its figures by name, with a description.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from spectrogramtools.corpus.formats import decibels
from spectrogramtools.corpus.remarks import NAMES, named
from spectrogramtools.corpus.statistics import Floats, Group, OfSong, Pair, by_song, median
from spectrogramtools.corpus.table import METHOD, MIXTURE, ORACLE, Row, Scores
from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, GREY, PALE = "#0072b2", "#d55e00", "#777777", "#dddddd"
# With more songs, dots would hide each other and the box says it better.
MOST_DOTS = 60
# So many rows, or panels, a picture: what no longer fits goes on in the next.
ROWS, PANELS = 30, 12
# Scores beyond are rounding noise.
LOUDEST = 99.0
PROPERTIES: dict[str, tuple[str, Callable[[Row], float]]] = {
    "mixture": ("SI-SDR of the mixture (dB)", lambda row: row.mixture_si_sdr),
    "seconds": ("length of the song (s)", lambda row: row.seconds),
}
# A figure, and what there is to see.
Drawn = dict[str, tuple["Figure", str]]


def draw_scores(scores: Scores, score: str = "si_sdr") -> Drawn:
    """A box for each method, one picture for each source; the mixture is marked, and so are oracles."""
    found = by_song(scores, score)
    kinds = {row.method: row.kind for row in scores.rows}
    drawn: Drawn = {}
    for group, all_methods in found.items():
        for name, methods in _pages(f"scores {named(group, found)}", [*all_methods], ROWS):
            values = {method: np.array([song.score for song in all_methods[method].values()]) for method in methods}
            with _canvas(len(methods), 0.42) as (figure, ax):
                _limits(ax, [*values.values()])
                for k, method in enumerate(methods):
                    _box(ax, k, values[method], kinds[method])
                _rows(ax, [_short(method) for method in methods])
                if MIXTURE in all_methods:
                    untouched = median([song.score for song in all_methods[MIXTURE].values()])
                    ax.axvline(_inside(ax, np.array([untouched]))[0], color=GREY, lw=1.2, ls=":", zorder=0)
                ax.set_xlabel(f"{NAMES[score]} of {named(group, found)} (dB)")
                _legend(figure, {kinds[method] for method in methods}, [*values.values()])
            medians = ", ".join(f"{method} {decibels(median(values[method]))}" for method in methods)
            alt = (
                f"A box for each method: quartiles and median of the {NAMES[score]} of {named(group, found)}. "
                f"Medians in dB: {medians}."
            )
            drawn[name] = figure, alt
    return drawn


def draw_pairs(pairs: Sequence[Pair], score: str = "si_sdr") -> Drawn:
    """A row for each pair: a dot for each song, the median and its interval."""
    groups = [pair.group for pair in pairs]
    drawn: Drawn = {}
    for group in dict.fromkeys(groups):
        for name, page in _pages(f"pairs {named(group, groups)}", [p for p in pairs if p.group == group], ROWS):
            differences = [np.array([*pair.differences.values()]) for pair in page]
            long = max(len(pair.first + pair.second) for pair in page) > 30
            with _canvas(len(page), 0.5 if long else 0.42) as (figure, ax):
                _limits(ax, differences)
                ax.axvline(0, color="black", lw=1.2, zorder=0)
                for k, (pair, d) in enumerate(zip(page, differences, strict=True)):
                    many = len(d) > MOST_DOTS  # which would hide the interval
                    _dots(ax, k, d, PALE if many else GREY)
                    middle, low, high = _inside(
                        ax, np.array([pair.difference.median, pair.difference.low, pair.difference.high])
                    )
                    ax.plot([low, high], [k, k], color=BLUE, lw=5, solid_capstyle="butt", zorder=3 if many else 2)
                    ax.plot(middle, k, "D", color=VERMILION, mec="white", mew=0.7, ms=6.5, zorder=4)
                less = "\nless " if long else " less "
                _rows(ax, [f"{_short(pair.first)}{less}{_short(pair.second)}" for pair in page], 10 if long else 14)
                ax.set_xlabel(f"difference in {NAMES[score]} of {named(group, groups)} (dB)")
                handles = [*_songs(differences, GREY), _mark("D", VERMILION, "median")]
                _handles(figure, [*handles, _line(BLUE, "its 95 % interval")])
            medians = ", ".join(f"{p.first} less {p.second} {decibels(p.difference.median)}" for p in page)
            alt = (
                f"Differences in {NAMES[score]} of {named(group, groups)}, song by song, and their median. "
                f"Medians in dB: {medians}."
            )
            drawn[name] = figure, alt
    return drawn


def draw_property(scores: Scores, score: str = "si_sdr", against: str = "mixture") -> Drawn:
    """A panel for each method: its scores over a property of the songs, the mixture's SI-SDR or their seconds."""
    label, of_row = PROPERTIES[against]
    kinds = {row.method: row.kind for row in scores.rows}
    found = by_song(scores, score)
    known: dict[tuple[Group, str, str], list[float]] = {}
    for row in scores.rows:
        known.setdefault((Group(row.source, row.sources), row.method, row.song), []).append(of_row(row))
    drawn: Drawn = {}
    for group, all_methods in found.items():
        ours = [method for method in all_methods if kinds[method] == METHOD]
        for name, methods in _pages(f"{against} {named(group, found)}", ours, PANELS):
            points = {method: _points(all_methods[method], known, group, method) for method in methods}
            if not any(len(x) for x, _ in points.values()):
                continue
            figure = _panels(points, score, label, f"{NAMES[score]} of {named(group, found)} (dB)", against)
            alt = (
                f"{NAMES[score]} of {named(group, found)} over the {label}, a dot for each song, a panel for each of "
                f"{', '.join(methods)}."
            )
            drawn[name] = figure, alt
    return drawn


def _points(
    songs: Mapping[str, OfSong], known: Mapping[tuple[Group, str, str], list[float]], group: Group, method: str
) -> tuple[Floats, Floats]:
    x = np.array(
        [median(values) if not np.isnan(values := known[group, method, song]).all() else np.nan for song in songs]
    )
    y = np.array([value.score for value in songs.values()])
    there = np.isfinite(x)
    return x[there], y[there]


def _panels(points: Mapping[str, tuple[Floats, Floats]], score: str, label: str, y_label: str, against: str) -> Figure:
    columns = min(3, len(points))
    rows = -(-len(points) // columns)
    with _style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(1.2 + 3.3 * columns, 1 + 2.7 * rows), layout="constrained")
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        _limits(grid[0, 0], [y for _, y in points.values()], "y")
        for ax, (method, (x, y)) in zip(grid.flat, points.items(), strict=False):
            if (against, score) == ("mixture", "si_sdr"):
                ax.axline((0, 0), slope=1, color=GREY, lw=1.2, ls=":", zorder=0)
            shown = _inside(ax, y, "y")
            for marker, chosen in _markers(y, "^v"):
                ax.plot(x[chosen], shown[chosen], marker, color=BLUE, mec="white", mew=0.5, ms=7, ls="", clip_on=False)
            ax.set_title(_short(method, 34), fontsize=12)
        for k in range(len(points), grid.size):
            grid.flat[k].remove()
            grid.flat[k - columns].tick_params(labelbottom=True)
        figure.supxlabel(label, fontsize=14)
        figure.supylabel(y_label, fontsize=14)
        handles = _songs([y for _, y in points.values()], BLUE)
        if (against, score) == ("mixture", "si_sdr"):
            handles.append(_line(GREY, "no better than the mixture", ":"))
        _handles(figure, handles)
    return figure


def _box(ax: Axes, k: int, values: Floats, kind: str) -> None:
    shown = _inside(ax, values)
    look: dict[str, Any] = dict(facecolor=PALE, edgecolor=GREY)
    if kind == METHOD:
        look = dict(facecolor="#a8cfe6", edgecolor=BLUE)
    elif kind == ORACLE:
        look = dict(facecolor="white", edgecolor=GREY, hatch="////")
    colour = look["edgecolor"]
    dots = len(values) <= MOST_DOTS
    ax.boxplot(
        [shown], positions=[k], orientation="horizontal", widths=0.62, patch_artist=True, manage_ticks=False,
        showfliers=not dots, boxprops=dict(**look, lw=1.3), medianprops=dict(color="black", lw=2.5),
        whiskerprops=dict(color=colour, lw=1.3), capprops=dict(color=colour, lw=1.3),
        flierprops=dict(marker=".", markersize=4, markeredgecolor=colour),
    )  # fmt: skip
    if dots:
        _dots(ax, k, values, "black", small=True)


def _dots(ax: Axes, k: int, values: Floats, colour: str, small: bool = False) -> None:
    """A dot a song, moved up or down so that equal ones are both seen; triangles for what lies beyond the edge."""
    away = 0.22 * np.resize([0.0, 0.6, -0.6, 1.0, -1.0, 0.3, -0.3], len(values))
    shown, y = _inside(ax, values), k + away[np.argsort(np.argsort(values))]
    for marker, chosen in _markers(values, "><"):
        ax.plot(shown[chosen], y[chosen], marker, color=colour, mec="white", mew=0.4, ms=4.5 if small else 6, ls="",
                alpha=0.8, zorder=2.5, clip_on=False)  # fmt: skip


def _markers(values: Floats, beyond: str) -> Iterator[tuple[str, Any]]:
    above, below = values > LOUDEST, values < -LOUDEST
    marks = (("o", ~(above | below)), (beyond[0], above), (beyond[1], below))
    yield from ((marker, chosen) for marker, chosen in marks if chosen.any())


def _limits(ax: Axes, values: Sequence[Floats], axis: str = "x") -> None:
    """Around all scores that have a place."""
    together = np.concatenate(values)
    placed = together[np.abs(together) <= LOUDEST]
    low, high = (placed.min(), placed.max()) if len(placed) else (-1.0, 1.0)
    margin = 0.05 * (high - low) or 1.0
    (ax.set_xlim if axis == "x" else ax.set_ylim)(low - margin, high + margin)


def _inside(ax: Axes, values: Floats, axis: str = "x") -> Floats:
    low, high = ax.get_xlim() if axis == "x" else ax.get_ylim()
    shown: Floats = np.where(values > LOUDEST, high, np.where(values < -LOUDEST, low, values))
    return shown


def _rows(ax: Axes, names: Sequence[str], size: int = 14) -> None:
    ax.set_yticks(range(len(names)), names, fontsize=size)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color="#eeeeee", lw=1, zorder=-1)
    ax.set_axisbelow(True)


def _short(name: str, longest: int = 44) -> str:
    """A long name, such as one with many arguments, keeps its beginning and its end; a dollar is no formula."""
    end = longest // 2
    return (name if len(name) <= longest else f"{name[: longest - end - 1]}…{name[-end:]}").replace("$", r"\$")


def _legend(figure: Figure, kinds: set[str], values: Sequence[Floats]) -> None:
    from matplotlib.patches import Patch

    known = {
        METHOD: Patch(facecolor="#a8cfe6", edgecolor=BLUE, label="method"),
        "baseline": Patch(facecolor=PALE, edgecolor=GREY, label="baseline"),
        ORACLE: Patch(facecolor="white", edgecolor=GREY, hatch="////", label="oracle: knows the sources"),
    }
    songs = _songs(values, "black") if max(map(len, values)) <= MOST_DOTS else []
    _handles(figure, [patch for kind, patch in known.items() if kind in kinds] + songs)


def _songs(values: Sequence[Floats], colour: str) -> list[Any]:
    beyond = any((np.abs(some) > LOUDEST).any() for some in values)
    edge = [_mark(">", colour, f"one beyond {LOUDEST:g} dB")] if beyond else []
    return [_mark("o", colour, "a song"), *edge]


def _handles(figure: Figure, handles: Sequence[Any]) -> None:
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=12, handlelength=1.4)


def _mark(marker: str, colour: str, label: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], marker=marker, color=colour, ls="", ms=6, mec="white", label=label)


def _line(colour: str, label: str, style: str = "-") -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, lw=3 if style == "-" else 1.5, ls=style, label=label)


def _pages(name: str, items: Sequence[Any], size: int) -> Iterator[tuple[str, Sequence[Any]]]:
    """So many at once, with a name for each page that any file system takes."""
    file = re.sub(r"[^\w.,=()+-]+", "_", name)
    for k in range(0, len(items), size):
        yield file + (f"_{k // size + 1}" if len(items) > size else ""), items[k : k + size]


@contextmanager
def _canvas(n_rows: int, height: float) -> Iterator[tuple[Figure, Axes]]:
    with _style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10, 1.5 + height * n_rows), layout="constrained")
        yield figure, figure.subplots()


@contextmanager
def _style() -> Iterator[None]:
    needs("a picture of a corpus", "matplotlib", extra="corpus")
    from matplotlib import style

    with style.context("spectrogramtools.lecture"):
        yield
