"""The widget behind `explore_inner_product`: how much of a frequency one frame holds, and at which angle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given
from spectrogramtools.transforms import lengths

# Seconds of the music around the frame that are heard, and how loud the cosine is beside them (full scale is 1).
PIECE, LEVEL = 0.6, 0.1


class InnerProductExplorer(Explorer):
    """See `spectrogramtools.explore_inner_product`."""

    frequency: Control
    later: Control

    def __init__(
        self,
        y: ArrayLike,
        sr: int,
        time: float | None,
        frequency: float | None,
        lowest: float,
        highest: float,
        win_length: int | None,
        y_axis: str,
    ) -> None:
        y, sr = given(y, sr)
        self.y = checks.waveform(y)
        self.win_length, most = lengths(win_length, None, sr)
        n = len(self.y)
        if n < self.win_length + most:
            raise ValueError(
                f"y has {n} samples, but a frame of {self.win_length} that may come {most} later wants "
                f"{self.win_length + most}: give a longer y, or a smaller win_length."
            )
        earliest, latest = self.win_length // 2, n - most - (self.win_length - self.win_length // 2)
        middle = (
            (earliest + latest) / 2 / sr if time is None else checks.number(time, "time", earliest / sr, latest / sr)
        )
        self.start = min(max(round(middle * sr), earliest), latest) - self.win_length // 2
        self.piece = min(round(PIECE * sr), n)
        self.first = min(max(0, self.start + self.win_length // 2 - self.piece // 2), n - self.piece)
        low = checks.number(lowest, "lowest", 0, sr / 2)
        high = checks.number(highest, "highest", low, sr / 2, above=True)
        super().__init__(
            "inner_product",
            {"the note": self.y},
            sr,
            values={"frequency": low if frequency is None else checks.number(frequency, "frequency", low, high)},
            bounds={"frequency": (low, high), "later": (0, most)},
            settings={"win_length": self.win_length, "lowest": low, "highest": high, **self._places()},
            y_axis=y_axis,
        )

    def _places(self) -> dict[str, int]:
        """Where the frame begins, where the note begins, and how long it is; in samples."""
        return {"start": self.start, "first": self.first, "piece": self.piece}

    def separated(self) -> dict[str, Real]:
        """The music around the frame, the cosine, and both together."""
        fade = np.minimum(1, 20 * np.hanning(self.piece))
        angle = 2 * np.pi * self.frequency.value * np.arange(self.piece) / self.sr
        note: Real = (fade * self.y[self.first : self.first + self.piece]).astype(self.y.dtype)
        cosine: Real = (LEVEL * fade * np.cos(angle)).astype(self.y.dtype)
        return {"the note": note, "the cosine": cosine, "both": note + cosine}

    def facts(self) -> dict[str, Any]:
        """The window, and where frame and note are."""
        return {"win_length": self.win_length, **self._places()}
