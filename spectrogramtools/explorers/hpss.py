"""The widget behind `explore_hpss`. Imported only when it is wanted, because widgets take their time to import."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.explorer import (
    PHASES,
    ROW,
    WIDE,
    Explorer,
    Scores,
    copied,
    kept,
    together,
)
from spectrogramtools.griffinlim import griffinLimInverse
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.player.pictures import one_picture
from spectrogramtools.player.widget import Player, playable
from spectrogramtools.separation.hpss import masks_of_medians
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import lengths

MASKS = (("soft", "soft"), ("binary", "binary"), ("none: the medians", "none"))
GRIFFIN_LIM = ("Griffin-Lim's", "Griffin-Lim")


class HpssExplorer(Explorer):
    """See `spectrogramtools.explore_hpss`."""

    def __init__(
        self,
        y: ArrayLike,
        sr: int,
        references: Mapping[str, ArrayLike] | None,
        mask: str,
        power: float,
        win_length: int | None,
        hop_length: int | None,
    ) -> None:
        checks.one_of(mask, "mask", tuple(value for _, value in MASKS))
        power = checks.number(power, "power", 0.5, 6)
        sr = playable(sr)
        self.y, self.sr = copied(y), sr
        self.win_length, self.hop_length = lengths(win_length, hop_length, sr)
        self.scores = Scores(references, self.y, sr, "the harmonic stem, then the percussive one")
        self.mixtures = [Mixture(channel, self.win_length, self.hop_length) for channel in np.atleast_2d(self.y)]
        self.A = one_picture([mixture.A for mixture in self.mixtures])
        self._harmonic_medians = kept(lambda winh: [median_across_time(m.A, 2 * winh + 1) for m in self.mixtures])
        self._percussive_medians = kept(
            lambda winv: [median_across_frequency(m.A, 2 * winv + 1) for m in self.mixtures]
        )
        self._masks = kept(self._all_masks)
        self.winh_frames = widgets.IntSlider(20, 0, 80, description="winh (frames)", **WIDE)
        self.winv_bins = widgets.IntSlider(40, 0, 160, description="winv (bins)", **WIDE)
        self.mask = widgets.Dropdown(options=MASKS, value=mask, description="mask", **WIDE)
        self.phase = widgets.Dropdown(options=(*PHASES, GRIFFIN_LIM), description="phase", **WIDE)
        self.power = widgets.FloatSlider(power, min=0.5, max=6, step=0.5, description="power", **WIDE)
        self.margin = widgets.FloatSlider(1, min=1, max=8, step=0.25, description="margin", **WIDE)
        controls = (self.winh_frames, self.winv_bins, self.mask, self.phase, self.power, self.margin)
        self.player = Player({"mixture": self.y}, sr)
        self.start(controls, [widgets.HBox(controls, layout=ROW), self.player])

    def update(self) -> None:
        """Separate anew with what the controls say, and show and play the result."""
        self.power.disabled = self.mask.value != "soft"
        self.margin.disabled = self.mask.value == "none"
        parts, spectra = self._parts()
        names = ("harmonic", "percussive", "residual")[: len(parts)]
        self.sounds = {"mixture": self.y, **dict(zip(names, parts, strict=True))}
        self.player.play(
            self.sounds,
            dict(zip(self.sounds, (self.A, *spectra), strict=True)),
            [self.hop_length] * len(self.sounds),
            self._caption(),
            self.scores.table(self.scores.of(parts[:2])) if self.scores.references else None,
        )

    def _parts(self) -> tuple[list[Real], list[Real]]:
        """The sounds and their magnitudes: harmonic, percussive and, with a margin, the residual."""
        winh, winv, mask = self.winh_frames.value, self.winv_bins.value, self.mask.value
        if mask == "none":
            medians = zip(self._harmonic_medians(winh), self._percussive_medians(winv), strict=True)
            spectra = [list(pair) for pair in medians]
            sounds = [self._sounds(m, parts) for m, parts in zip(self.mixtures, spectra, strict=True)]
        else:
            masks = self._masks(winh, winv, mask, self.power.value, self.margin.value)
            if self.phase.value != "mixture":
                masks = [shares[:2] for shares in masks]
            spectra = [[M * m.A for M in shares] for m, shares in zip(self.mixtures, masks, strict=True)]
            if self.phase.value == "mixture":
                sounds = [m.sounds(shares) for m, shares in zip(self.mixtures, masks, strict=True)]
            else:
                sounds = [self._sounds(m, parts) for m, parts in zip(self.mixtures, spectra, strict=True)]
        return together(sounds, self.y), [one_picture(parts) for parts in zip(*spectra, strict=True)]

    def _all_masks(self, winh: int, winv: int, mask: str, power: float, margin: float) -> list[list[Real]]:
        """For each channel its masks, which sum to one: with a margin the third is what the others leave."""
        found = []
        for H, P in zip(self._harmonic_medians(winh), self._percussive_medians(winv), strict=True):
            M_h, M_p = masks_of_medians(H, P, mask=mask, power=power, margin=margin)
            found.append([M_h, M_p] if margin == 1 else [M_h, M_p, np.maximum(1 - M_h - M_p, 0)])
        return found

    def _sounds(self, mixture: Mixture, parts: list[Real]) -> list[Real]:
        """The sounds of magnitudes, which get the phase that the menu says."""
        phase, window = self.phase.value, (self.win_length, self.hop_length)
        if phase == "Griffin-Lim":
            n = len(mixture.y)
            return [griffinLimInverse(A, *window, center=True, length=n, verbose=False) for A in parts]
        turn = np.exp(1j * np.angle(mixture.S)) if phase == "mixture" else 1
        return [mixture.sound(A * turn) for A in parts]

    def _caption(self) -> str:
        """The windows in a listener's units."""
        frames, bins = 2 * self.winh_frames.value + 1, 2 * self.winv_bins.value + 1
        return (
            f"Medians: across {frames} frames = {1000 * frames * self.hop_length / self.sr:.0f} ms for the harmonic "
            f"part, across {bins} bins = {bins * self.sr / self.win_length:.0f} Hz for the percussive part."
        )

    def code(self) -> str:
        """A few lines that give what is heard now."""
        winh, winv, mask, phase = self.winh_frames.value, self.winv_bins.value, self.mask.value, self.phase.value
        power, margin = f"{self.power.value:g}", f"{self.margin.value:g}"
        window = f"{self.win_length}, {self.hop_length}"
        if mask != "none" and phase == "mixture":
            lines = [
                f"win_length, hop_length = {window}",
                "harmonic, percussive = hpss(",
                f"    y, sr, winh={winh} * hop_length / sr, winv={winv} * sr / win_length,",
                f'    mask="{mask}", power={power}, margin={margin}, win_length=win_length, hop_length=hop_length,',
                ")",
            ]
            return "\n".join(lines + ["residual = y - harmonic - percussive"] * (self.margin.value > 1))
        how = f'winh_frames={winh}, winv_bins={winv}, mask="{mask}", power={power}, margin={margin}'
        lines = [f"S = STFT(y, {window}, center=True)", "A = np.abs(S)"]
        if mask == "none":
            lines.append(f"H, P = median_across_time(A, {2 * winh + 1}), median_across_frequency(A, {2 * winv + 1})")
        else:
            lines += [f"harmonic_mask, percussive_mask = hpss_masks(A, {how})"]
            lines += ["H, P = harmonic_mask * A, percussive_mask * A"]
        inverse, more = "iSTFT", ""
        if phase == "mixture":
            lines.append("H, P = H * np.exp(1j * np.angle(S)), P * np.exp(1j * np.angle(S))")
        elif phase == "Griffin-Lim":
            inverse, more = "griffinLimInverse", ", verbose=False"
        for name, X in (("harmonic", "H"), ("percussive", "P")):
            lines.append(f"{name} = {inverse}({X}, {window}, center=True, length=len(y){more})")
        return self.each_channel(lines, ("harmonic", "percussive"))

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return "explore_hpss: sliders, picture and sound: run the cell"
