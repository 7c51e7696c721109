"""The widget behind `explore_repet_sim`: what it is given, and what the module computes with its controls' values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given, with_references
from spectrogramtools.separation.repet_sim import repet_sim
from spectrogramtools.transforms import lengths


class RepetSimExplorer(Explorer):
    """See `spectrogramtools.explore_repet_sim`."""

    count: Control
    distance: Control
    threshold: Control
    mask: Control
    highpass: Control
    shown: Control

    def __init__(self, y: ArrayLike, sr: int, references: Mapping[str, ArrayLike] | None, y_axis: str) -> None:
        self.y, sr = given(y, sr)
        win_length, hop_length = lengths(None, None, sr)
        stems, table = with_references(references, self.y, sr, "the background, then the foreground")
        super().__init__(
            "repet_sim",
            {"mixture": self.y, **stems},
            sr,
            values={},
            settings={"win_length": win_length, "hop_length": hop_length, **table},
            y_axis=y_axis,
        )

    def separated(self) -> dict[str, Real]:
        """Mixture, background and foreground."""
        how = {name: self.values[name] for name in ("count", "distance", "threshold", "mask", "highpass")}
        background, foreground = repet_sim(self.y, self.sr, **how)
        return {"mixture": self.y, "background": background, "foreground": foreground}

    def facts(self) -> dict[str, Any]:
        """Nothing but the controls' values."""
        return {}
