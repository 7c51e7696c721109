"""The widget behind `explore_tempo`: a loop on a tape whose speed moves, a voice, and two ways to take them apart."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, several
from spectrogramtools.separation.period import find_period, seconds_that_repeat
from spectrogramtools.separation.repet import repet, repet_adaptive


class TempoExplorer(Explorer):
    """See `spectrogramtools.explore_tempo`."""

    tempo: Control

    def __init__(self, sounds: Mapping[str, ArrayLike], sr: int, period: float | None, y_axis: str) -> None:
        self.given, sr = several(sounds, sr, "a loop, then a voice", '{"band": band, "voice": voice}')
        self.y, _ = self.given.values()
        known = find_period(self.y, sr) if period is None else seconds_that_repeat(period, self.y.shape[-1], sr)
        super().__init__("tempo", self.given, sr, values={}, settings={"period": known}, y_axis=y_axis)

    def separated(self) -> dict[str, Real]:
        """The mixture, and its foregrounds by a period that stands still and by one that is followed."""
        loop, voice = self.given.values()
        n = loop.shape[-1]
        speed = 1 + self.tempo.value / 100 * np.linspace(-1, 1, n)
        place = np.minimum(np.cumsum(speed) - speed[0], n - 1)
        on_tape = [np.interp(place, np.arange(n), side) for side in np.atleast_2d(loop)]
        mixture = np.reshape(on_tape, loop.shape).astype(loop.dtype) + voice
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "nothing in y repeats clearly")
            still, followed = repet(mixture, self.sr)[1], repet_adaptive(mixture, self.sr)[1]
        return {"mixture": mixture, "foreground, repet": still, "foreground, adaptive": followed}

    def facts(self) -> dict[str, Any]:
        """Nothing but the control's value."""
        return {}
