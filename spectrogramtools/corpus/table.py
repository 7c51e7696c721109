"""A folder of results as one table: a row for each song, passage, method and source, with the scores in dB.

What failed, and what could not be run on a song, has no scores and no row: it is kept beside them with its sentence.

Function: `read_scores`; the classes `Scores`, `Row` and `Missing`.
"""

from __future__ import annotations

import csv
import dataclasses
import math
import os
from dataclasses import dataclass
from typing import Any

from spectrogramtools.corpus import results
from spectrogramtools.corpus.methods import BASELINES
from spectrogramtools.corpus.scores import SCORES

MIXTURE, METHOD, BASELINE, ORACLE = "mixture", "method", "baseline", "oracle"


@dataclass(frozen=True)
class Row:
    """What one method is worth for one source, in one passage of one song.

    Attributes
    ----------
    song : str
        Its name in the corpus.
    start, stop : float
        Seconds: the passage.
    method : str
        With its arguments.
    kind : {"method", "baseline", "oracle"}
        A baseline costs nothing; an oracle knows the sources.
    sources : tuple of str
        All that the song was taken apart into, sorted: scores are compared only where these are the same.
    source : str
        The one that is scored.
    stems : tuple of str
        Whose sum it is in this song.
    si_sdr, si_sir, si_sar, sdr : float
        dB, or infinite; NaN for what can't be scored.
    reason : str
        Why a score is NaN.
    seconds, sr, channels : float, int, int
        Of the song; sr in Hz.
    residual : float
        dB of the mixture: the energy of what it holds beside the song's stems; -inf if they add up to it.
    mixture_si_sdr : float
        dB: the SI-SDR of the untouched mixture for this source in this passage, which says how hard it is.
    """

    song: str
    start: float
    stop: float
    method: str
    kind: str
    sources: tuple[str, ...]
    source: str
    stems: tuple[str, ...]
    si_sdr: float
    si_sir: float
    si_sar: float
    sdr: float
    reason: str
    seconds: float
    sr: int
    channels: int
    residual: float = math.nan
    mixture_si_sdr: float = math.nan


@dataclass(frozen=True)
class Missing:
    """A method without scores on a song, and the sentence that says why."""

    song: str
    method: str
    kind: str
    reason: str


@dataclass(frozen=True, repr=False)
class Scores:
    """All that is in a folder of results: `rows`, and what `failed` or was `skipped`."""

    rows: tuple[Row, ...]
    failed: tuple[Missing, ...] = ()
    skipped: tuple[Missing, ...] = ()

    def __repr__(self) -> str:
        songs, methods = ({getattr(row, what) for row in self.rows} for what in ("song", "method"))
        return (
            f"Scores: {len(self.rows)} rows, {len(songs)} songs, {len(methods)} methods; "
            f"{len(self.failed)} failed, {len(self.skipped)} skipped"
        )

    def write_csv(self, path: str | os.PathLike[str]) -> None:
        """Write the rows with a line of names; infinite scores are inf and -inf, and NaN is nan, as Python reads them.

        Several sources or stems in one cell have a semicolon between them.
        """
        names = [column.name for column in dataclasses.fields(Row)]
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            for row in self.rows:
                values = (getattr(row, name) for name in names)
                writer.writerow([";".join(value) if isinstance(value, tuple) else value for value in values])


def read_scores(out: str | os.PathLike[str]) -> Scores:
    """Read a folder of results, as `evaluate` wrote it, into a table.

    Parameters
    ----------
    out : str or path
        The folder that was given as `out` to `evaluate`.

    Returns
    -------
    scores : Scores
        A row for each song, passage, method and source.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or no results in it.
    ValueError
        If a file in it is no result, or a method is called like a baseline.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from spectrogramtools.corpus import read_scores, results
    >>> source = dict(stems=["voice"], si_sdr=7.5, si_sir="inf", si_sar=7.5, sdr=8.0, sdr_windows=[8.0], reason=None)
    >>> result = dict(
    ...     made_by="…", failed=None, skipped=None, seconds=1.0, settings=dict(segments=None, seed=0),
    ...     track=dict(name="a song", sr=44100, channels=2, seconds=200.0),
    ...     method=dict(name="repet", arguments={}, sources=["foreground"], code="…", baseline=False),
    ...     passages=[dict(start=0.0, stop=200.0, sources=dict(foreground=source))],
    ... )
    >>> with tempfile.TemporaryDirectory() as out:
    ...     results.write(Path(out) / "scores" / "a song" / "repet.json", result)
    ...     scores = read_scores(out)
    >>> scores.rows[0].method, scores.rows[0].si_sdr, scores.rows[0].si_sir
    ('repet', 7.5, inf)
    """
    rows: dict[tuple[Any, ...], Row] = {}
    failed: list[Missing] = []
    skipped: list[Missing] = []
    for result in results.read_all(out):
        song, method = result["track"]["name"], result["method"]["name"]
        kind = METHOD if not result["method"]["baseline"] else ORACLE if method.startswith("ideal") else BASELINE
        if kind == METHOD and method in BASELINES:
            raise ValueError(f"a method is called {method!r}, which is a baseline's name: choose another one.")
        for kept, told in ((failed, result["failed"]), (skipped, result["skipped"])):
            if told is not None:
                kept.append(Missing(song, method, kind, told))
        for row in _rows(result, kind):
            # Two methods may give the same sources in another order, and each has its baselines: one of them is enough.
            rows.setdefault((song, row.start, method, row.sources, row.source), row)
    mixture = {(r.song, r.start, r.sources, r.source): r.si_sdr for r in rows.values() if r.method == MIXTURE}
    beside = [
        dataclasses.replace(r, mixture_si_sdr=mixture.get((r.song, r.start, r.sources, r.source), math.nan))
        for r in rows.values()
    ]
    return Scores(tuple(beside), tuple(failed), tuple(skipped))


def _rows(result: dict[str, Any], kind: str) -> list[Row]:
    track, method = result["track"], result["method"]
    return [
        Row(
            song=track["name"],
            start=passage["start"],
            stop=passage["stop"],
            method=method["name"],
            kind=kind,
            sources=tuple(sorted(method["sources"])),
            source=source,
            stems=tuple(found["stems"]),
            **{score: _number(found[score]) for score in SCORES},
            reason=found["reason"] or "",
            seconds=track["seconds"],
            sr=track["sr"],
            channels=track["channels"],
            residual=_number(track.get("residual")),
        )
        for passage in result["passages"]
        for source, found in passage["sources"].items()
    ]


def _number(score: float | str | None) -> float:
    return math.nan if score is None else float(score)
