"""The widget behind `explore_balance`: two sounds and how loud each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, several


class BalanceExplorer(Explorer):
    """See `spectrogramtools.explore_balance`."""

    balance: Control

    def __init__(self, sounds: Mapping[str, ArrayLike], sr: int, y_axis: str) -> None:
        self.given, sr = several(sounds, sr, "one sound, then another", '{"violin": violin, "castanets": castanets}')
        first, second = self.given
        self.y = self.given[first]
        label = f"from {second} to {first}"
        super().__init__("balance", self.given, sr, values={}, labels={"balance": label}, y_axis=y_axis)
        self.controls = [{**control, "ends": [second, first]} for control in self.controls]

    def separated(self) -> dict[str, Real]:
        """The two sounds, mixed: in the middle both as they are, at each end one alone."""
        b = self.balance.value
        first, second = self.given.values()
        return {"your mix": min(1, 1 + b) * first + min(1, 1 - b) * second}

    def facts(self) -> dict[str, Any]:
        """Nothing but the control's value."""
        return {}
