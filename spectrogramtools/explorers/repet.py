"""The widget behind `explore_repet`: what it is given, and what the module computes with its controls' values."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given, with_references
from spectrogramtools.masks import apply_mask
from spectrogramtools.separation.background import rows_below
from spectrogramtools.separation.period import find_period, fitting_hop
from spectrogramtools.separation.repet import repet, repet_masks
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import lengths


class RepetExplorer(Explorer):
    """See `spectrogramtools.explore_repet`."""

    period: Control
    mask: Control
    phase: Control
    highpass: Control
    fit: Control
    shown: Control

    def __init__(
        self,
        y: ArrayLike,
        sr: int,
        references: Mapping[str, ArrayLike] | None,
        period: float | None,
        y_axis: str,
    ) -> None:
        self.y, sr = given(y, sr)
        self.win_length, self.hop_length = lengths(None, None, sr)
        stems, table = with_references(references, self.y, sr, "the background, then the foreground")
        self.found = find_period(self.y, sr)
        longest = (self.y.shape[-1] / 2 - self.hop_length) / sr
        shortest = min(4 * self.hop_length / sr, longest)
        period = self.found if period is None else checks.number(period, "period", shortest, longest)
        super().__init__(
            "repet",
            {"mixture": self.y, **stems},
            sr,
            values={"period": period},
            bounds={"period": (shortest, longest)},
            settings={"win_length": self.win_length, "hop_length": self.hop_length, "found": self.found, **table},
            y_axis=y_axis,
        )

    def _frames(self) -> tuple[int, int]:
        """The hop in samples, and the period in frames."""
        samples = self.values["period"] * self.sr
        hop = fitting_hop(samples, self.win_length) if self.values["fit"] else self.hop_length
        return hop, max(1, round(samples / hop))

    def separated(self) -> dict[str, Real]:
        """Mixture, background and foreground."""
        hop, frames = self._frames()
        at = self.values
        if at["phase"] == "mixture":
            how: dict[str, Any] = {} if at["fit"] else {"hop_length": hop}
            with warnings.catch_warnings():
                # The picture's caption says it.
                warnings.filterwarnings("ignore", "nothing in y repeats clearly")
                parts = repet(self.y, self.sr, period=at["period"], highpass=at["highpass"], mask=at["mask"], **how)
            return {"mixture": self.y, "background": parts[0], "foreground": parts[1]}
        sounds = []
        for channel in np.atleast_2d(self.y):
            mixture = Mixture(channel, self.win_length, hop)
            masks = repet_masks(mixture.A, frames, mask=at["mask"], highpass_bins=self._rows())
            sounds.append([mixture.sound(apply_mask(mixture.S, M, phase="zero")) for M in masks])
        background, foreground = (np.stack(sound).reshape(self.y.shape) for sound in zip(*sounds, strict=True))
        return {"mixture": self.y, "background": background, "foreground": foreground}

    def _rows(self) -> int:
        return rows_below(self.values["highpass"], self.sr, self.win_length)

    def facts(self) -> dict[str, Any]:
        """The window, the hop that is taken, the period in frames, and the rows below the high-pass."""
        hop, frames = self._frames()
        return {
            "win_length": self.win_length,
            "hop_length": hop,
            "period_frames": frames,
            "highpass_bins": self._rows(),
        }
