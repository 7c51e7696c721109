"""The prediction's Python side: it checks what is asked, and hears what somebody said.

All else happens in the page, so that it works where there is no kernel as well. Imported by `predict` only when one is
wanted, because anywidget takes its time to import.
"""

from __future__ import annotations

import html
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import numpy as np
import traitlets

from spectrogramtools import checks
from spectrogramtools.player.reopened import WithText
from spectrogramtools.player.widget import BUILT, STYLE

MOST = 9
EXAMPLE = 'dict(x=("delay (samples)", 0, 20), y=("SI-SDR (dB)", -10, 20), truth=([0, 20], [20, -10]))'


class Prediction(WithText, anywidget.AnyWidget):
    """See `spectrogramtools.predict`."""

    _esm = BUILT / "predict.js"
    _css = STYLE

    question = traitlets.Unicode().tag(sync=True)
    then = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)  # "choose", "order" or "sketch"
    items = traitlets.List(traitlets.Unicode()).tag(sync=True)  # what is chosen from or put in order
    axes = traitlets.Dict().tag(sync=True)  # of a sketch: x, y and truth
    said = traitlets.Any(None, allow_none=True).tag(sync=True)  # the page sets it

    def __init__(
        self,
        question: str,
        then: str,
        *,
        choose: Sequence[str] | None = None,
        order: Sequence[str] | None = None,
        sketch: Mapping[str, Any] | None = None,
    ) -> None:
        asked = {"choose": choose, "order": order, "sketch": sketch}
        given = [kind for kind, value in asked.items() if value is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            raise ValueError(f"A prediction is made by one of choose=, order= and sketch=, but there is {found}.")
        super().__init__(
            question=text(question, "question"),
            then=text(then, "then"),
            kind=given[0],
            items=[] if sketch is not None else answers(asked[given[0]], given[0]),
            axes={} if sketch is None else checked_sketch(sketch),
        )

    def markdown(self) -> str:
        """Question and answers, and the rest folded."""
        listed = "\n".join(f"- {item}" for item in self.items) or self._what_to_draw()
        parts = [f"**Predict:** {self.question}", listed]
        return "\n\n".join([*parts, "<details><summary>And then?</summary>", self.then, "</details>"])

    def html(self) -> str:
        """The same, with what is Markdown in it as it was typed."""
        listed = "".join(f"<li>{html.escape(item)}</li>" for item in self.items) or html.escape(self._what_to_draw())
        asked = f"<p><strong>Predict:</strong> {html.escape(self.question)}</p><ul>{listed}</ul>"
        then = f'<div style="white-space: pre-wrap">{html.escape(self.then)}</div>'
        return f"{asked}<details><summary>And then?</summary>{then}</details>"

    def _what_to_draw(self) -> str:
        (x, x_low, x_high), (y, y_low, y_high) = self.axes["x"], self.axes["y"]
        return f"Sketch a curve: {y} from {y_low:g} to {y_high:g}, over {x} from {x_low:g} to {x_high:g}."

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs and no Markdown is shown.
        listed = [f"○ {item}" for item in self.items] or [self._what_to_draw()]
        return "\n".join([self.question, *listed, "(run the cell to answer)"])


def text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is {checks.shown(value)}, but it must be a text.")
    return inspect.cleandoc(value)


def answers(values: Any, name: str) -> list[str]:
    """Two to nine texts, none of them twice."""
    found = [text(value, f"{name}[{i}]") for i, value in enumerate(checks.sequence(values, name, "texts"))]
    if not 2 <= len(found) <= MOST:
        raise ValueError(f"{name} has {len(found)} answers, but two to {MOST} are wanted.")
    twice = [value for i, value in enumerate(found) if value in found[:i]]
    if twice:
        raise ValueError(f"{name} has {checks.shown(twice[0])} twice: nobody could tell them apart.")
    return found


def checked_sketch(sketch: Any) -> dict[str, Any]:
    """Two labelled axes, and a curve to be drawn over what somebody sketches."""
    sketch = checks.mapping(sketch, "sketch", EXAMPLE)
    if set(sketch) != {"x", "y", "truth"}:
        listed = ", ".join(sorted(map(str, sketch))) or "nothing"
        raise ValueError(f"sketch has {listed}, but x, y and truth are wanted, as in {EXAMPLE}.")
    truth = checks.sequence(sketch["truth"], "truth", "two lists, places and values")
    if len(truth) != 2:
        raise ValueError(f"truth has {len(truth)} parts, but two lists are wanted: places and values.")
    xs, ys = (numbers(part, f"truth[{i}]") for i, part in enumerate(truth))
    if len(xs) != len(ys):
        raise ValueError(f"truth has {len(xs)} places and {len(ys)} values: they must be as many.")
    return {"x": axis(sketch["x"], "x"), "y": axis(sketch["y"], "y"), "truth": [xs, ys]}


def axis(values: Any, name: str) -> list[Any]:
    parts = checks.sequence(values, name, "label, lowest and highest value")
    if len(parts) != 3:
        raise ValueError(f"{name} has {len(parts)} parts, but three are wanted: label, lowest and highest value.")
    low, high = (checks.number(part, f"{name}'s {end}", -1e12, 1e12) for part, end in zip(parts[1:], ENDS, strict=True))
    if low >= high:
        raise ValueError(f"{name} runs from {low:g} to {high:g}, but the lowest value comes first.")
    return [text(parts[0], f"{name}'s label"), low, high]


ENDS = ("lowest value", "highest value")


def numbers(values: Any, name: str) -> list[float]:
    """At least two finite numbers."""
    found = checks.array(values, name)
    if found.ndim != 1 or len(found) < 2 or found.dtype.kind not in "fiu" or not np.isfinite(found).all():
        raise ValueError(f"{name} is {checks.shown(values)}, but it must be a list of at least two finite numbers.")
    return [float(value) for value in found]
