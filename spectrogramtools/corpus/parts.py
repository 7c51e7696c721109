"""The true sources of a song, under the names that methods use.

A method that tells what repeats from what does not gives background and foreground; HPSS gives harmonic and percussive.
A song has stems: vocals, drums, bass and other, say. The foreground is one stem or some of them, the background is the
sum of all others, and the same with percussive and harmonic.

Functions: `stems_of`, `summed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray


class NoSuchSourceError(ValueError):
    """A song lacks what a method gives: no fault of either."""


# What is taken where nobody says it: the first of these that a song has, and all of those.
FOREGROUND = ("vocals", "voice", "singer", "speech", "lead", "trumpet", "clarinet", "guitar", "violin")
PERCUSSIVE = ("drums", "percussion", "castanets", "tabla")
# A part, and what else a song holds.
RESTS = {"foreground": "background", "percussive": "harmonic"}


def stems_of(
    source: str, stems: Sequence[str], foreground: Sequence[str] | None, percussive: Sequence[str] | None
) -> list[str]:
    """The stems whose sum a source is; NoSuchSourceError with a sentence if the song has none."""
    if source in stems:
        return [source]
    part = next((part for part, rest in RESTS.items() if source in (part, rest)), None)
    if part is None:
        raise NoSuchSourceError(f"has no {source}: its stems are {', '.join(stems)}.")
    asked = foreground if part == "foreground" else percussive
    if asked is not None:
        chosen = [stem for stem in stems if stem in asked]
    else:
        usual = [stem for stem in (FOREGROUND if part == "foreground" else PERCUSSIVE) if stem in stems]
        chosen = usual[:1] if part == "foreground" else usual
    if not chosen or len(chosen) == len(stems):
        raise NoSuchSourceError(
            f"has no {source}: say which of its stems ({', '.join(stems)}) are {part}, as in --{part} {stems[-1]}; the "
            f"others are {RESTS[part]}."
        )
    return chosen if source == part else [stem for stem in stems if stem not in chosen]


def summed(stems: Mapping[str, NDArray[Any]], names: Sequence[str]) -> NDArray[Any]:
    """Their sum."""
    return reduce(np.add, [stems[name] for name in names])
