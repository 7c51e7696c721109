"""The widget behind `explore_griffin_lim`: what it is given, and what the module computes with its controls' values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given
from spectrogramtools.griffinlim import griffinLimInverse
from spectrogramtools.transforms import STFT, lengths


class GriffinLimExplorer(Explorer):
    """See `spectrogramtools.explore_griffin_lim`."""

    start: Control
    momentum: Control
    turns: Control

    def __init__(self, y: ArrayLike, sr: int, win_length: int | None, hop_length: int | None, y_axis: str) -> None:
        self.y, sr = given(y, sr)
        self.win_length, self.hop_length = lengths(win_length, hop_length, sr)
        settings = {"win_length": self.win_length, "hop_length": self.hop_length}
        super().__init__("griffin_lim", {"original": self.y}, sr, values={}, settings=settings, y_axis=y_axis)

    def separated(self) -> dict[str, Real]:
        """The signal, and one with its magnitudes and a phase of its own, found in double precision."""
        window, at = (self.win_length, self.hop_length), self.values
        sounds = []
        for channel in np.atleast_2d(self.y):
            A = np.abs(STFT(channel.astype(np.float64), *window, center=True))
            how: dict[str, Any] = dict(center=True, length=len(channel), verbose=False)
            how |= dict(momentum=at["momentum"], phase=at["start"], seed=0)
            sounds.append(griffinLimInverse(A, *window, at["turns"], **how))
        return {"original": self.y, "found phase": np.stack(sounds).reshape(self.y.shape)}

    def facts(self) -> dict[str, Any]:
        """The window and the hop."""
        return {"win_length": self.win_length, "hop_length": self.hop_length}
