"""The widget behind `explore_moments`: which moments of a piece are alike, and what they sound like."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given
from spectrogramtools.player.pictures import one_picture
from spectrogramtools.separation.repet_sim import similar_frames, similarity_matrix
from spectrogramtools.transforms import STFT, lengths

# Seconds of a moment, and how far apart those are that are most alike.
PIECE, APART = 0.6, 1.0


class MomentsExplorer(Explorer):
    """See `spectrogramtools.explore_moments`."""

    moment: Control
    count: Control
    compared: Control
    heard: Control

    def __init__(
        self, y: ArrayLike, sr: int, moment: float | None, count: int, compared: str, heard: str, y_axis: str
    ) -> None:
        self.y, sr = given(y, sr)
        self.win_length, self.hop_length = lengths(None, None, sr)
        seconds = self.y.shape[-1] / sr
        moment = seconds / 2 if moment is None else checks.number(moment, "moment", 0, seconds)
        self.piece = round(PIECE * sr)
        self.distance_frames = max(1, round(APART * sr / self.hop_length))
        super().__init__(
            "moments",
            {"the music": self.y},
            sr,
            values={"moment": moment, "count": count, "compared": compared, "heard": heard},
            bounds={"moment": (0, seconds)},
            settings={
                "win_length": self.win_length,
                "hop_length": self.hop_length,
                "piece": self.piece,
                "distance_frames": self.distance_frames,
            },
            y_axis=y_axis,
        )

    def separated(self) -> dict[str, Real]:
        """The music; or the moment, again and again, and those that are most alike."""
        if self.heard.value == "music":
            return {"the music": self.y}
        A = one_picture([np.abs(STFT(y, *self._window, center=True)) for y in np.atleast_2d(self.y)])
        row = similarity_matrix(np.sqrt(A) if self.compared.value == "roots" else A)[self._frame()]
        (found,) = similar_frames(row[None], count=self.count.value, distance_frames=self.distance_frames)
        return {"this moment": self._pieces([self._frame()] * len(found)), "the most alike": self._pieces(list(found))}

    @property
    def _window(self) -> tuple[int, int]:
        return self.win_length, self.hop_length

    def _frame(self) -> int:
        """The frame nearest to the moment."""
        last = self.y.shape[-1] // self.hop_length
        return int(min(round(self.moment.value * self.sr / self.hop_length), last))

    def _pieces(self, frames: list[int]) -> Real:
        """What sounds around these frames, one after the other, each faded in and out."""
        n = self.piece
        fade = np.minimum(1, 20 * np.hanning(n)).astype(self.y.dtype)
        padded = np.pad(self.y, [(0, 0)] * (self.y.ndim - 1) + [(n, n)])
        starts = [self.hop_length * frame + n - n // 2 for frame in frames]
        pieces: Real = np.concatenate([padded[..., k : k + n] * fade for k in starts], axis=-1)
        return pieces

    def facts(self) -> dict[str, Any]:
        """The window, the frame, and how long and how far apart the moments are."""
        return {
            "win_length": self.win_length,
            "hop_length": self.hop_length,
            "frame": self._frame(),
            "piece": self.piece,
            "distance_frames": self.distance_frames,
            "stereo": self.y.ndim == 2,
        }
