"""An explorer's controls as Python sees them: what somebody set in the page, or a cell sets for the page to follow.

Imported only when an explorer is wanted, because traitlets takes its time to import.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from spectrogramtools import checks


class Control(traitlets.HasTraits):
    """One control: `value` is where it stands, and `observe` tells of changes, as with ipywidgets.

    A recipe's control with `options` is a menu (label and value of each), one whose value is true or false a box to
    tick, and any other a slider from `min` to `max`.
    """

    value = traitlets.Any()

    def __init__(self, recipe: dict[str, Any]) -> None:
        self.name = recipe["name"]
        self.options = tuple(value for _, value in recipe.get("options", ()))
        self.min: float | None = recipe.get("min")
        self.max: float = recipe.get("max", np.inf)
        self.step: float | None = recipe.get("step")
        super().__init__(value=recipe["value"])

    @traitlets.validate("value")
    def _checked(self, proposal: Any) -> Any:
        value = proposal["value"]
        if self.options:
            if value not in self.options:
                raise ValueError(
                    f"{self.name} is {checks.shown(value)}; choose {' or '.join(map(repr, self.options))}."
                )
            return value
        if self.min is None:
            return checks.flag(value, self.name)
        number = checks.number(value, self.name, self.min, self.max)
        return int(number) if isinstance(self.step, int) else number

    def __repr__(self) -> str:
        return f"{self.name}: {self.value}"
