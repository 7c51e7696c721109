"""The widget behind `explore_stft`: what it is given, and what the module computes with its controls' values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import WindowFunction, halfsine, hann

WINDOWS: dict[str, WindowFunction] = {"half-sine": halfsine, "Hann": hann, "rectangular": np.ones}
IN_CODE = {"half-sine": "spectrogramtools.halfsine", "Hann": "spectrogramtools.hann", "rectangular": "np.ones"}


class StftExplorer(Explorer):
    """See `spectrogramtools.explore_stft`."""

    length: Control
    hop: Control
    shape: Control
    time: Control

    def __init__(self, y: ArrayLike, sr: int, y_axis: str) -> None:
        self.y, sr = given(y, sr)
        seconds = self.y.shape[-1] / sr
        super().__init__(
            "stft", {"signal": self.y}, sr, values={"time": seconds / 2}, bounds={"time": (0, seconds)}, y_axis=y_axis
        )

    @property
    def hop_length(self) -> int:
        """Samples."""
        return int(self.length.value // self.hop.value)

    def separated(self) -> dict[str, Real]:
        """The signal, what comes back from the inverse, and their difference, in double precision."""
        how = (self.length.value, self.hop_length, WINDOWS[self.shape.value])
        mixtures = [Mixture(channel.astype(np.float64), *how) for channel in np.atleast_2d(self.y)]
        back = np.stack([mixture.sound(mixture.S) for mixture in mixtures]).reshape(self.y.shape)
        return {"signal": self.y, "there and back": back, "difference": self.y - back}

    def facts(self) -> dict[str, Any]:
        """The hop in samples, and the window's name in code."""
        return {"hop_length": self.hop_length, "window": IN_CODE[self.shape.value]}
