"""What all explorers share on Python's side: the controls' values, the sounds when somebody asks, and the code.

Nothing is computed here when a slider moves: the page has the sounds and the arithmetic (`spectrogramtools/page`), and
tells the kernel where its controls stand. What an explorer is made of, its controls, its charts and the lines of its
code, stands in a file that both sides read, such as `hpss.json`.

Imported only when an explorer is wanted, because anywidget takes its time to import.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.evaluation import rounded, scoreboard
from spectrogramtools.explorers.code import code_of
from spectrogramtools.explorers.controls import Control
from spectrogramtools.player.pictures import still_of
from spectrogramtools.player.reopened import WithStill
from spectrogramtools.player.widget import BUILT, STYLE, checked_axis, mono_or_stereo, playable
from spectrogramtools.transforms import lengths

HERE = Path(__file__).parent
# What the code needs, wherever it is pasted.
IMPORTS = "import numpy as np\nfrom spectrogramtools import *\n"


class Explorer(WithStill, anywidget.AnyWidget):
    """Controls, a player with what they give, and the code that gives the same; drawn and computed in the page.

    A subclass names its recipe, hands over what there is to hear, and says how the module computes the same
    (`separated`) and what its code is filled in with (`facts`).
    """

    _esm = BUILT / "explorer.js"
    _css = STYLE

    kind = traitlets.Unicode().tag(sync=True)
    sr = traitlets.Int().tag(sync=True)
    controls = traitlets.List(traitlets.Dict()).tag(sync=True)
    values = traitlets.Dict().tag(
        sync=True
    )  # where the controls stand, by name; the page sets them, and so does Python
    settings = traitlets.Dict().tag(sync=True)  # what stays as it was when the explorer was made
    # The sounds that were handed over: their names, their channels, and how traits sound0, sound1, … hold them.
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    channels = traitlets.List(traitlets.Int()).tag(sync=True)
    formats = traitlets.List(traitlets.Unicode()).tag(sync=True)
    y_axis = traitlets.Unicode("linear").tag(sync=True)

    y: Real  # what the explorer was given

    def __init__(
        self,
        kind: str,
        signals: Mapping[str, Real],
        sr: int,
        *,
        values: Mapping[str, Any],
        bounds: Mapping[str, tuple[float, ...]] | None = None,
        options: Mapping[str, Sequence[tuple[str, Any]]] | None = None,
        labels: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
        y_axis: str = "linear",
    ) -> None:
        self._recipe = json.loads((HERE / f"{kind}.json").read_text(encoding="utf-8"))
        controls = [dict(control) for control in self._recipe["controls"]]
        for control in controls:
            # From, to and, where it depends on the sound, in steps of.
            control.update(zip(("min", "max", "step"), (bounds or {}).get(control["name"], ()), strict=False))
            if options and control["name"] in options:
                control["options"] = options[control["name"]]
            control["label"] = (labels or {}).get(control["name"], control["label"])
            control["value"] = values.get(control["name"], control["value"])
        self._controls = {control["name"]: Control(control) for control in controls}
        for name in self._controls:
            setattr(self, name, self._controls[name])
        super().__init__(
            kind=kind,
            sr=sr,
            controls=controls,
            values={name: made.value for name, made in self._controls.items()},
            settings=dict(settings or {}),
            names=list(signals),
            y_axis=checked_axis(y_axis),
        )
        self._hand_over(list(signals.values()))
        self._known: tuple[tuple[Any, ...], dict[str, Real]] | None = None
        for made in self._controls.values():
            made.observe(self._told_by_python, "value")
        self.observe(self._told_by_the_page, "values")

    def _hand_over(self, sounds: Sequence[Real]) -> None:
        """Every sound once, each in a trait of its own: in 16 bit where these hold it exactly."""
        formats = []
        for i, y in enumerate(sounds):
            scaled = np.asarray(y, np.float64) * 32768
            exact = bool(np.all(scaled == np.round(scaled)) and np.all((scaled >= -32768) & (scaled <= 32767)))
            formats.append("int16" if exact else "float32")
            data = scaled.astype("<i2") if exact else np.asarray(y, "<f4")
            self.add_traits(**{f"sound{i}": traitlets.Bytes().tag(sync=True)})
            setattr(self, f"sound{i}", data.tobytes())
        with self.hold_sync():
            self.channels = [np.atleast_2d(y).shape[0] for y in sounds]
            self.formats = formats

    def _told_by_python(self, change: Any) -> None:
        self.values = {name: control.value for name, control in self._controls.items()}

    def _told_by_the_page(self, change: Any) -> None:
        for name, value in change["new"].items():
            self._controls[name].value = value

    @property
    def sounds(self) -> dict[str, Real]:
        """What is heard now, as arrays by name: computed by the module, when it is asked for."""
        now = tuple(self.values.items())
        if self._known is None or self._known[0] != now:
            self._known = now, self.separated()
        return dict(self._known[1])

    def separated(self) -> dict[str, Real]:
        """The sounds that the controls give, computed with the module."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """What the code needs beside the controls' values."""
        raise NotImplementedError

    def code(self) -> str:
        """A few lines that give what is heard now, as arrays with the names of `sounds`."""
        return code_of(self._recipe["code"], {**self.values, **self.facts()}, self.y.ndim)

    def still(self) -> bytes:
        """The spectrograms of what is heard now, as a PNG."""
        return still_of(self.sounds, self.sr, lengths(None, None, self.sr), self.y_axis)

    @property
    def alt(self) -> str:
        """What the still shows, for those who can't see it."""
        sounds = self.sounds
        seconds = next(iter(sounds.values())).shape[-1] / self.sr
        return f"Spectrograms, one scale, {seconds:.1f} s: {', '.join(sounds)}."

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return f"explore_{self.kind}: controls, picture and sound: run the cell"


def given(y: ArrayLike, sr: int) -> tuple[Real, int]:
    """A checked waveform, copied, so that what happens to the caller's array later changes nothing here; and a rate."""
    return mono_or_stereo(y, "y").copy(), playable(sr)


def several(sounds: Mapping[str, ArrayLike], sr: int, wanted: str, example: str) -> tuple[dict[str, Real], int]:
    """Checked waveforms of one shape, copied, as many as `wanted` lists: "a loop, then a voice"; and a rate."""
    mapping = checks.mapping(sounds, "sounds", example)
    count = len(wanted.split(", then "))
    if len(mapping) != count:
        raise ValueError(f"sounds has {len(mapping)} signals, but {count} are wanted: {wanted}.")
    waves = {str(name): mono_or_stereo(sound, str(name)).copy() for name, sound in mapping.items()}
    first, *others = waves
    for name in others:
        checks.same_shape(waves[first], waves[name], first, name)
    return waves, playable(sr)


def with_references(
    references: Mapping[str, ArrayLike] | None, y: Real, sr: int, wanted: str
) -> tuple[dict[str, Real], dict[str, Any]]:
    """The true stems, checked, and the table of their baselines for the page; nothing and nothing if there are none."""
    example = '{"violin": violin, "castanets": castanets}'
    stems = dict(checks.mapping({} if references is None else references, "references", example))
    if not stems:
        return {}, {}
    if len(stems) != 2:
        raise ValueError(f"references has {len(stems)} signals, but two are wanted: {wanted}.")
    board = scoreboard({}, stems, y, sr)
    methods = list(dict.fromkeys(row.method for row in board.rows))
    beside = {name: [rounded(row.si_sdr) for row in board.rows if row.source == name] for name in stems}
    stems = {str(name): checks.sound(stem, str(name)).copy() for name, stem in stems.items()}
    return stems, {"references": list(stems), "baselines": {"methods": methods, "rows": list(beside.values())}}
