"""The widget behind `explore_hpss`: what it is given, and what the module computes with its controls' values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.controls import Control
from spectrogramtools.explorers.explorer import Explorer, given, with_references
from spectrogramtools.griffinlim import griffinLimInverse
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.separation.hpss import hpss, hpss_masks
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import lengths


class HpssExplorer(Explorer):
    """See `spectrogramtools.explore_hpss`."""

    winh_frames: Control
    winv_bins: Control
    mask: Control
    phase: Control
    power: Control
    margin: Control
    shown: Control

    def __init__(
        self,
        y: ArrayLike,
        sr: int,
        references: Mapping[str, ArrayLike] | None,
        mask: str,
        power: float,
        win_length: int | None,
        hop_length: int | None,
        y_axis: str,
    ) -> None:
        self.y, sr = given(y, sr)
        self.win_length, self.hop_length = lengths(win_length, hop_length, sr)
        stems, table = with_references(references, self.y, sr, "the harmonic stem, then the percussive one")
        super().__init__(
            "hpss",
            {"mixture": self.y, **stems},
            sr,
            values={"mask": mask, "power": power},
            settings={"win_length": self.win_length, "hop_length": self.hop_length, **table},
            y_axis=y_axis,
        )

    def separated(self) -> dict[str, Real]:
        """Mixture, harmonic and percussive part and, with a margin, the residual."""
        window, at = (self.win_length, self.hop_length), self.values
        if at["mask"] != "none" and at["phase"] == "mixture":
            harmonic, percussive = hpss(
                self.y,
                self.sr,
                winh=at["winh_frames"] * self.hop_length / self.sr,
                winv=at["winv_bins"] * self.sr / self.win_length,
                mask=at["mask"],
                power=at["power"],
                margin=at["margin"],
                win_length=self.win_length,
                hop_length=self.hop_length,
            )
            residual = {"residual": self.y - harmonic - percussive} if self._leaves_a_residual else {}
            return {"mixture": self.y, "harmonic": harmonic, "percussive": percussive, **residual}
        sounds = []
        for channel in np.atleast_2d(self.y):
            mixture = Mixture(channel, *window)
            parts = self._magnitudes(mixture.A)
            if at["phase"] == "Griffin-Lim":
                how: dict[str, Any] = dict(center=True, length=len(channel), verbose=False)
                sounds.append([griffinLimInverse(A, *window, **how) for A in parts])
            else:
                turn = np.exp(1j * np.angle(mixture.S)) if at["phase"] == "mixture" else 1
                sounds.append([mixture.sound(A * turn) for A in parts])
        names = ("harmonic", "percussive", "residual")[: len(sounds[0])]
        whole = (np.stack(sound).reshape(self.y.shape) for sound in zip(*sounds, strict=True))
        return {"mixture": self.y, **dict(zip(names, whole, strict=True))}

    def _magnitudes(self, A: Real) -> list[Real]:
        winh, winv = self.values["winh_frames"], self.values["winv_bins"]
        if self.values["mask"] == "none":
            return [median_across_time(A, 2 * winh + 1), median_across_frequency(A, 2 * winv + 1)]
        how = {name: self.values[name] for name in ("winh_frames", "winv_bins", "mask", "power", "margin")}
        masks = hpss_masks(A, **how)
        rest = [np.maximum(1 - sum(masks), 0)] if self._leaves_a_residual else []
        return [M * A for M in (*masks, *rest)]

    @property
    def _leaves_a_residual(self) -> bool:
        return bool(self.values["mask"] != "none" and self.values["margin"] > 1)

    def facts(self) -> dict[str, Any]:
        """The window, the medians' whole widths, and how sounds are made of magnitudes."""
        griffin_lim = self.values["phase"] == "Griffin-Lim"
        return {
            "win_length": self.win_length,
            "hop_length": self.hop_length,
            "time_width": 2 * self.values["winh_frames"] + 1,
            "frequency_width": 2 * self.values["winv_bins"] + 1,
            "residual": self._leaves_a_residual,
            "inverse": "griffinLimInverse" if griffin_lim else "iSTFT",
            "quiet": ", verbose=False" if griffin_lim else "",
        }
