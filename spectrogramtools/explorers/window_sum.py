"""The widget behind `explore_window_sum`: what windows add up to at any hop, and what that makes of a sound."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given
from spectrogramtools.transforms import (
    COVERED,
    WindowFunction,
    analyse,
    halfsine,
    hann,
    lengths,
    overlap_add,
    synthesise,
)

WINDOWS: dict[str, WindowFunction] = {
    "half-sine": halfsine,
    "Hann": hann,
    "Hamming": lambda W: np.hamming(W + 1)[:-1],
    "Blackman": lambda W: np.blackman(W + 1)[:-1],
    "rectangular": np.ones,
}
IN_CODE = {
    "half-sine": "np.sin(np.pi * np.arange({W}) / {W})",
    "Hann": "np.hanning({W} + 1)[:-1]",
    "Hamming": "np.hamming({W} + 1)[:-1]",
    "Blackman": "np.blackman({W} + 1)[:-1]",
    "rectangular": "np.ones({W})",
}
# Hz: the columns that are touched are silent from here on.
SILENT_ABOVE = 1500
# The slider goes from a sixteenth of the window to an eighth beyond all of it, in steps of so many samples.
SHORTEST, LONGEST, STEP = 1 / 16, 9 / 8, 8


class WindowSumExplorer(Explorer):
    """See `spectrogramtools.explore_window_sum`."""

    shape: Control
    fades: Control
    hop: Control
    columns: Control
    divided: Control

    def __init__(self, y: ArrayLike, sr: int, win_length: int | None, y_axis: str) -> None:
        self.y, sr = given(y, sr)
        self.win_length, _ = lengths(win_length, None, sr)
        checks.window_length(self.win_length, round(STEP / SHORTEST))
        checks.window_fits(self.win_length, self.y.shape[-1])
        shortest, longest = (max(1, int(part * self.win_length) // STEP) * STEP for part in (SHORTEST, LONGEST))
        self.first_silent = round(SILENT_ABOVE * self.win_length / sr)
        super().__init__(
            "window_sum",
            {"signal": self.y},
            sr,
            values={"hop": self.win_length // 4},
            bounds={"hop": (shortest, longest)},
            settings={"win_length": self.win_length, "first_silent": self.first_silent},
            y_axis=y_axis,
        )

    def separated(self) -> dict[str, Real]:
        """The signal, and what comes back, in double precision; a window of zeros stands before and after."""
        W, hop, fades = self.win_length, self.hop.value, self.fades.value
        window = WINDOWS[self.shape.value](W)
        back = []
        for channel in np.atleast_2d(self.y):
            columns = analyse(np.pad(channel.astype(np.float64), W), window, hop)
            if self.columns.value == "masked":
                columns[:, self.first_silent :] = 0
            added = synthesise(columns, window if fades == 2 else np.ones(W), hop)
            total = self._sum(window**fades, len(columns))
            back.append((added * self._gain(total, np.sum(window**fades) / hop))[W : W + len(channel)])
        return {"signal": self.y, "there and back": np.stack(back).reshape(self.y.shape)}

    def _sum(self, window: Real, n_frames: int) -> Real:
        """What so many of these windows add up to, sample by sample."""
        return overlap_add(np.broadcast_to(window, (n_frames, len(window))), self.hop.value)

    def _gain(self, total: Real, mean: float) -> Real:
        """One over the sum, or over its mean everywhere."""
        if self.divided.value == "mean":
            return np.full_like(total, 1 / mean)
        gain = np.zeros_like(total)
        np.divide(1, total, out=gain, where=total >= COVERED * mean)
        return gain

    def facts(self) -> dict[str, Any]:
        """The window in code, its length, and the first bin that is silent."""
        return {
            "window": IN_CODE[self.shape.value].format(W=self.win_length),
            "win_length": self.win_length,
            "first_silent": self.first_silent,
        }
