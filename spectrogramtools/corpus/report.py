"""What a folder of results amounts to, as tables and pictures.

python -m spectrogramtools.corpus.report RESULTS --score si_sdr --format markdown

Function: `report`; the class `Report`.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from spectrogramtools.corpus.figures import draw_pairs, draw_property, draw_scores
from spectrogramtools.corpus.formats import (
    NOTHING,
    Table,
    as_latex,
    as_markdown,
    as_text,
    decibels,
    probability,
    span,
)
from spectrogramtools.corpus.remarks import NAMES, named, remarks, told_failures, told_skipped
from spectrogramtools.corpus.scores import SCORES
from spectrogramtools.corpus.statistics import AGAINST_MIXTURE, Pair, Summary, compare, summarise
from spectrogramtools.corpus.table import Scores, read_scores

PAIRS = ("sources", "source", "first", "second", "songs", "ahead", "equal", "median", "low", "high", "p", "p_holm")
FORMATS = {"text": as_text, "markdown": as_markdown, "latex": as_latex}


@dataclass(frozen=True, repr=False)
class Report:
    """Tables of one score, and the remarks that belong to them. Printed, it is text; `write` makes files of it."""

    scores: Scores
    score: str
    summaries: list[Summary]
    pairs: list[Pair]

    def __repr__(self) -> str:
        return self.told("text")

    def told(self, form: str) -> str:
        """Both tables with their remarks, as "text", "markdown" or "latex"."""
        write, table, pairs = FORMATS[form], self._table(), self._pairs()
        notes = self.remarks()
        told = [write(table, [] if pairs.blocks else notes)] if table.blocks or not pairs.blocks else []
        return "\n".join([*told, *([write(pairs, notes)] if pairs.blocks else [])])

    def remarks(self) -> list[str]:
        """Sentences that a reader of the tables needs, failures among them."""
        return [
            *remarks(self.scores, self.score, self.summaries, self.pairs),
            *told_failures(self.scores.failed, "failed"),
            *told_skipped(self.scores.skipped),
        ]

    def write(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write scores.csv, table.md, table.tex, pairs.csv and the pictures, and say which files these are."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.scores.write_csv(folder / "scores.csv")
        (folder / "table.md").write_text(self.told("markdown"), encoding="utf-8")
        (folder / "table.tex").write_text(self.told("latex"), encoding="utf-8")
        _write_pairs(self.pairs, folder / "pairs.csv")
        written = [folder / name for name in ("scores.csv", "table.md", "table.tex", "pairs.csv")]
        pictures = draw_scores(self.scores, self.score) | draw_pairs(self.pairs, self.score)
        for against in ("mixture", "seconds"):
            pictures |= draw_property(self.scores, self.score, against)
        for name, (figure, alt) in pictures.items():
            written.append(folder / f"{name}.png")
            figure.savefig(written[-1], dpi=150, metadata={"Description": alt})
        return written

    def _table(self) -> Table:
        improved = self.score in AGAINST_MIXTURE
        heads = ["songs", "median", "95 % interval", "quartiles"]
        heads += ["over mixture", "95 % interval", "below it"] if improved else []
        groups = [summary.group for summary in self.summaries]
        blocks: dict[str, list[list[str]]] = {}
        for s in self.summaries:
            row = [
                s.method,
                str(s.songs),
                decibels(s.score.median),
                span(s.score.low, s.score.high),
                span(*s.quartiles),
            ]
            if improved:
                gain = s.improvement
                row += [decibels(gain.median), span(gain.low, gain.high)]
                row += [f"{s.below} of {s.compared}" if s.compared else NOTHING]
            blocks.setdefault(named(s.group, groups), []).append(row)
        return Table(f"{NAMES[self.score]} (dB)", heads, blocks)

    def _pairs(self) -> Table:
        heads = ["songs", "median", "95 % interval", "ahead on", "p", "p, Holm"]
        groups = [pair.group for pair in self.pairs]
        blocks: dict[str, list[list[str]]] = {}
        for p in self.pairs:
            d = p.difference
            row = [f"{p.first} less {p.second}", str(p.songs), decibels(d.median), span(d.low, d.high)]
            row += [f"{p.ahead} of {p.songs}", probability(p.p), probability(p.holm)]
            blocks.setdefault(named(p.group, groups), []).append(row)
        return Table(f"Differences in {NAMES[self.score]} (dB), song by song", heads, blocks)


def report(out: str | os.PathLike[str], *, score: str = "si_sdr", seed: int = 0) -> Report:
    """Say what a folder of results amounts to.

    Parameters
    ----------
    out : str or path
        The folder that was given as `out` to `evaluate`.
    score : {"si_sdr", "si_sir", "si_sar", "sdr"}, optional
        Which one.
    seed : int, optional
        Where the bootstrap's random numbers begin.

    Returns
    -------
    report : Report
        Prints as text; `told("latex")` is the same for a paper, and `write(folder)` writes tables and pictures.

    Raises
    ------
    FileNotFoundError
        If there are no results in the folder.
    ValueError
        If one of them is none, or there is no such score.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from spectrogramtools.corpus import results
    >>> from spectrogramtools.corpus.report import report
    >>> def result(song, si_sdr):
    ...     no_others = dict(si_sir=None, si_sar=None, sdr=None, sdr_windows=[], reason=None)
    ...     source = dict(stems=["voice"], si_sdr=si_sdr, **no_others)
    ...     return dict(
    ...         made_by="…", failed=None, skipped=None, seconds=1.0, settings=dict(segments=None, seed=0),
    ...         track=dict(name=song, sr=44100, channels=2, seconds=30.0),
    ...         method=dict(name="ours", arguments={}, sources=["voice"], code="…", baseline=False),
    ...         passages=[dict(start=0.0, stop=30.0, sources=dict(voice=source))],
    ...     )
    >>> with tempfile.TemporaryDirectory() as out:
    ...     for song, si_sdr in {"a": 4.0, "b": 7.0, "c": 5.0}.items():
    ...         results.write(Path(out, "scores", song, "ours.json"), result(song, si_sdr))
    ...     found = report(out)
    >>> found.told("markdown").splitlines()[4]
    '| ours | 3 | 5.0 | 4.0 to 7.0 | 4.5 to 6.0 | – | – | – |'
    """
    scores = read_scores(out)
    return Report(scores, score, summarise(scores, score, seed=seed), compare(scores, score, seed=seed))


def _write_pairs(pairs: list[Pair], path: Path) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(PAIRS)
        for pair in pairs:
            d = pair.difference
            writer.writerow([
                ";".join(pair.group.sources), pair.group.source, pair.first, pair.second, pair.songs, pair.ahead,
                pair.equal, d.median, d.low, d.high, pair.p, pair.holm,
            ])  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """0 if there was something to report, 2 if not."""
    parser = argparse.ArgumentParser(
        prog="python -m spectrogramtools.corpus.report", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("results", metavar="RESULTS", help="the folder that was given as --out")
    parser.add_argument("--score", choices=SCORES, default="si_sdr", help="which one; si_sdr")
    parser.add_argument("--format", choices=[*FORMATS], default="text", help="what is printed; text")
    parser.add_argument("--out", metavar="FOLDER", help="where tables and pictures go; RESULTS/report")
    given = parser.parse_args(arguments)
    try:
        found = report(given.results, score=given.score)
        folder = Path(given.out or Path(given.results) / "report")
        found.write(folder)
    except (ValueError, OSError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    print(found.told(given.format))
    print(f"Tables and pictures lie in {folder.resolve()}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
