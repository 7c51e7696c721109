"""The table of lecture 12: five methods on passages of fifty-one songs, a row for each song, passage, method, source.

PYTHONPATH=benchmarks .venv/bin/python benchmarks/recordings_corpus.py

Songs and their halves are those of `recordings.py`, without the sequencer's, whose sound is another one each time, and
more of the same kind: recordings that last two minutes or longer, so that a song's three passages do not overlap.
Beside the methods' defaults stands a grid of settings for REPET. What has been computed is kept in
build/recordings/corpus.

Needs what `recordings.py` needs except lmms, and Debian's wesnoth-1.16-music.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import recordings

from spectrogramtools.corpus import Song, evaluate
from spectrogramtools.corpus.results import read_all

TABLE = Path(__file__).parent.parent / "notebooks" / "scores" / "recordings.csv"
OUT = recordings.BUILD / "corpus"
METHODS = ("repet", "repet_extended", "repet_adaptive", "repet_sim", "ft2d")
GRID = {"highpass": (0, 50, 100, 150, 200), "mask": ("fitted", "soft")}
DEFAULT = "repet highpass=100 mask=fitted"  # stands in the table as repet
COLUMNS = ("half", "song", "passage", "kind", "method", "source", "si_sdr")
PARTS = ("background", "foreground")
WESNOTH = recordings.GAMES / "wesnoth/1.16/data/core/music"
SINGULARITY = recordings.GAMES / "singularity/music"

# In the order of their names, now to the one half and now to the other.
FURTHER = {
    "tuning": [
        *(SINGULARITY / f"{name}.ogg" for name in (
            "By-Product", "Deprecation", "Inevitable", "Nebula", "Through Space",
        )),
        *(WESNOTH / f"{name}.ogg" for name in (
            "battle", "casualties_of_war", "frantic", "into_the_shadows", "knalgan_theme", "legends_of_the_north",
            "northern_mountains", "nunc_dimittis", "siege_of_laurelmor", "suspense", "the_dangerous_symphony",
            "the_king_is_dead", "vengeful", "weight_of_revenge",
        )),
    ],
    "reporting": [
        *(SINGULARITY / f"{name}.ogg" for name in ("Coherence", "Enemy Unknown", "Media Threat", "Orbital Elevator")),
        *(WESNOTH / f"{name}.ogg" for name in (
            "breaking_the_chains", "elvish-theme", "heroes_rite", "journeys_end", "knolls", "loyalists", "northerners",
            "return_to_wesnoth", "silvan_sanctuary", "the_city_falls", "the_deep_path", "traveling_minstrels",
            "wanderer",
        )),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Passages:
    """A song as the corpus takes it: its passages of 24 s one after the other, which `segments` cuts apart again."""

    half: str
    song: recordings.Song

    @property
    def name(self) -> str:
        return self.song.name

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of its passages, in the order of `recordings.of_song`."""
        return ("voice", "voice", "voice", *(("guitar", "guitar") if self.song.guitar else ()))

    def load(self) -> Song:
        tracks = list(recordings.of_song(self.half, self.song))
        assert tuple(track.kind for track in tracks) == self.kinds
        background, foreground = (np.concatenate([getattr(track, part) for track in tracks]) for part in PARTS)
        return Song(tracks[0].sr, background + foreground, dict(zip(PARTS, (background, foreground), strict=True)))


def songs() -> list[Passages]:
    return [
        Passages(half, song)
        for half, further in FURTHER.items()
        for song in (*recordings.SONGS[half], *(recordings.whole(path) for path in further))
    ]


def rows(asked: Iterable[Passages]) -> list[tuple[str | int | float, ...]]:
    """What the table holds of the folder of results."""
    known = {song.name: song for song in asked}
    found = [
        (
            song.half,
            song.name,
            number,
            song.kinds[number],
            _told(result["method"]["name"]),
            source,
            f"{scores['si_sdr']:.2f}",
        )
        for result in read_all(OUT)
        for song in [known[result["track"]["name"]]]
        for number, passage in enumerate(result["passages"])
        for source, scores in passage["sources"].items()
        if _told(result["method"]["name"]) != DEFAULT
    ]
    return sorted(found)


def _told(method: str) -> str:
    """Without commas, which divide the table's columns: "repet highpass=0 mask=soft"."""
    return re.sub(r"[(,)]", "", method.replace("(", " "))


def main() -> int:
    chosen = songs()
    lacking = [str(path) for song in chosen for path in song.song.band if not path.exists()]
    if lacking:
        print(f"no table: {lacking[0]} is not there, and the packages that are named above bring it")
        return 1
    for singer in recordings.SINGER.values():  # before two workers write the same file
        recordings.sung(singer, 22050)
    for methods, grid in ((METHODS, None), (("repet",), GRID)):
        evaluated = evaluate(chosen, methods, OUT, grid=grid, segments=recordings.SECONDS)
        print(evaluated)
    TABLE.parent.mkdir(exist_ok=True)
    with open(TABLE, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(chosen))
    return 1 if evaluated.failed else 0


if __name__ == "__main__":
    sys.exit(main())
