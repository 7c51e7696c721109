"""The widget behind `explore_similarity`: music beside itself a while later, as a matrix, as a mean and as a sound."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given
from spectrogramtools.transforms import lengths


class SimilarityExplorer(Explorer):
    """See `spectrogramtools.explore_similarity`."""

    lag: Control
    votes: Control

    def __init__(self, y: ArrayLike, sr: int, lag: float, votes: str, y_axis: str) -> None:
        self.y, sr = given(y, sr)
        self.win_length, self.hop_length = lengths(None, None, sr)
        frame = self.hop_length / sr
        # Of a longer lag too few moments would be left.
        most = self.y.shape[-1] // 2 // self.hop_length * frame
        if not most:
            seconds = self.y.shape[-1] / sr
            raise ValueError(
                f"y lasts {seconds:.3f} s, which leaves no room for a lag: give at least {2 * frame:.3f} s."
            )
        super().__init__(
            "similarity",
            {"the music": self.y},
            sr,
            values={"lag": checks.number(lag, "lag", 0, most), "votes": votes},
            bounds={"lag": (0, most, frame)},
            settings={"win_length": self.win_length, "hop_length": self.hop_length},
            y_axis=y_axis,
        )

    def separated(self) -> dict[str, Real]:
        """The music in the left ear and, a lag later, in the right one; and what differs between the two."""
        y = self.y.mean(axis=0) if self.y.ndim == 2 else self.y
        shift = self._lag_frames() * self.hop_length
        left, right = y[: len(y) - shift], y[shift:]
        return {"beside itself": np.stack([left, right]), "the difference": np.stack([left - right] * 2)}

    def _lag_frames(self) -> int:
        frames: int = round(self.lag.value * self.sr / self.hop_length)
        return frames

    def facts(self) -> dict[str, Any]:
        """The window, the lag in frames, and whether there are channels to mix."""
        return {
            "win_length": self.win_length,
            "hop_length": self.hop_length,
            "lag_frames": self._lag_frames(),
            "stereo": self.y.ndim == 2,
        }
