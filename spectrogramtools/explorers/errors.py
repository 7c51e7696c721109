"""The widget behind `explore_errors`: an estimate that is made of the true source and of two errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, several


class ErrorsExplorer(Explorer):
    """See `spectrogramtools.explore_errors`."""

    interference: Control
    artefacts: Control

    def __init__(self, sounds: Mapping[str, ArrayLike], sr: int, y_axis: str) -> None:
        wanted = "the source, then another source, then what is in neither"
        example = '{"violin": violin, "castanets": castanets, "noise": noise}'
        self.given, sr = several(sounds, sr, wanted, example)
        for name, sound in self.given.items():
            if not sound.any():
                raise ValueError(f"{name} is silent, so no level can be set beside it.")
        source, other, noise = self.given
        self.y = self.given[source]
        labels = {"interference": f"{other} (dB)", "artefacts": f"{noise} (dB)"}
        super().__init__("errors", self.given, sr, values={}, labels=labels, y_axis=y_axis)

    def separated(self) -> dict[str, Real]:
        """The source and the estimate."""
        name = next(iter(self.given))
        source, other, noise = self.given.values()
        length = np.linalg.norm
        interference, artefacts = (10 ** (self.values[which] / 20) for which in ("interference", "artefacts"))
        errors = interference * other / length(other) + artefacts * noise / length(noise)
        return {name: source, "estimate": source + length(source) * errors}

    def facts(self) -> dict[str, Any]:
        """Nothing but the controls' values."""
        return {}
