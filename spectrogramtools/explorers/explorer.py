"""What all explorers do: follow their controls, play and show the result, say what is wrong, and give the code.

Imported only when an explorer is wanted, because the widgets take their time to import.
"""

from __future__ import annotations

import html
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.evaluation import rounded, scoreboard, si_sdr
from spectrogramtools.player.reopened import display_with_still
from spectrogramtools.player.widget import Player

# On a narrow screen the controls stand below one another. These are dicts, of which each widget makes a layout of its
# own: one layout for all would be older than a page opened anew, which draws nothing until the kernel has told of it.
ROW = dict(flex_flow="row wrap", width="100%", max_width="960px", align_items="center")
WIDE = dict(layout=dict(width="440px", max_width="100%"), style=dict(description_width="100px"))
# What the code needs, wherever it is pasted.
IMPORTS = "import numpy as np\nfrom spectrogramtools import *\n\n# y, sr: what the explorer was given\n"
# How a sound gets its phase: what the menus show, and what the functions are told.
PHASES = (("the mixture's", "mixture"), ("zero", "zero"))


class Explorer(widgets.VBox):
    """Controls, a player with what they give, and the code that gives the same.

    A subclass makes its controls, says how a result is made (`update`), what is drawn beside it (`draw`) and which code
    makes it (`code`), and hands what is to be seen to `start`.
    """

    player: Player
    y: Real  # what the explorer was given
    sounds: dict[str, Real]  # what the player plays now, as arrays

    def start(self, controls: Sequence[widgets.Widget], children: Sequence[widgets.Widget]) -> None:
        """Make the first result, put everything on the screen, and follow the controls from now on.

        What has to be compiled for a result is compiled here, while the widget is being drawn.
        """
        # JupyterLab moves sliders from a thread of its own, also while a cell runs.
        self._one_at_a_time = threading.RLock()
        self.update()
        self.draw()
        self.code_button = widgets.ToggleButton(description="code", tooltip="the lines that give what you hear now")
        self.code_text = widgets.HTML()
        super().__init__([*children, self.code_button, self.code_text])
        self.layout.width, self.layout.align_items = "100%", "stretch"
        self.add_class("st-explorer")
        for control in controls:
            control.observe(self._moved, "value")
        self.code_button.observe(self._show_code, "value")

    def update(self) -> None:
        """Compute with what the controls say, and hand the result to the player."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show what there is beside the player. It comes after the sound, which is on its way by then."""

    def code(self) -> str:
        """A few lines that give what is heard now, as arrays with the names of `sounds`."""
        raise NotImplementedError

    def each_channel(self, lines: Sequence[str], names: Sequence[str]) -> str:
        """Code for one channel, or for each of several and then the names' sounds together."""
        if self.y.ndim == 1:
            return "\n".join(lines)
        parts = ", ".join(names)
        return "\n".join(
            [
                "def of_one_channel(y):",
                *(f"    {line}" for line in lines),
                f"    return {parts}",
                "",
                f"{parts} = map(np.stack, zip(*map(of_one_channel, y)))",
            ]
        )

    def _moved(self, change: object = None) -> None:
        started = time.perf_counter()
        with self._one_at_a_time:
            with self.player.hold_sync():
                try:
                    self.update()
                except ValueError as error:  # what was there before stays
                    self.player.message = str(error)
                self.player.kernel_ms = 1000 * (time.perf_counter() - started)
            self.draw()
            self._show_code()

    def _show_code(self, change: object = None) -> None:
        shown = f"<pre style='user-select: all; overflow-x: auto'>{html.escape(IMPORTS + self.code())}</pre>"
        self.code_text.value = shown if self.code_button.value else ""

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, **self.player.still_output()}, {"image/png": {"alt": self.player.alt}}

    def _ipython_display_(self) -> None:
        display_with_still(*self._repr_mimebundle_())


class Scores:
    """The SI-SDR of two estimates, beside the baselines, as a table for the player."""

    def __init__(self, references: Mapping[str, ArrayLike] | None, y: Real, sr: float, wanted: str) -> None:
        example = '{"violin": violin, "castanets": castanets}'
        self.references = dict(checks.mapping({} if references is None else references, "references", example))
        if not self.references:
            return
        if len(self.references) != 2:
            raise ValueError(f"references has {len(self.references)} signals, but two are wanted: {wanted}.")
        board = scoreboard({}, self.references, y, sr)
        methods = list(dict.fromkeys(row.method for row in board.rows))
        self.head = ["SI-SDR in dB", "now", *methods]
        self.baselines = {
            name: [rounded(row.si_sdr) for row in board.rows if row.source == name] for name in self.references
        }

    def of(self, estimates: Sequence[Real]) -> list[float]:
        """The SI-SDR of each estimate, in dB."""
        return [si_sdr(stem, part) for stem, part in zip(self.references.values(), estimates, strict=True)]

    def table(self, scores: Sequence[float]) -> list[list[str]]:
        """Rows of text, the head first."""
        rows = zip(self.baselines.items(), scores, strict=True)
        return [self.head, *([name, rounded(score), *beside] for (name, beside), score in rows)]


def kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which computes only if its arguments are not those of its last call."""
    return lru_cache(maxsize=1)(function)


def copied(y: ArrayLike) -> Real:
    """A copy of a checked waveform: what happens to the caller's array later changes nothing here."""
    return checks.sound(y).copy()


def together(sounds: Iterable[Sequence[Real]], y: Real) -> list[Real]:
    """Of each channel's sounds the sounds that have all channels, shaped like y."""
    return [np.stack(sound).reshape(y.shape) for sound in zip(*sounds, strict=True)]
