"""The widget behind `explore_hpss`. Imported only when it is wanted, because widgets take their time to import."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.explorers.explorer import PHASES, ROW, WIDE, Explorer, Scores, kept, mono
from spectrogramtools.griffinlim import griffinLimInverse
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.player.widget import Player
from spectrogramtools.separation.hpss import masks_of_medians
from spectrogramtools.transforms import STFT, iSTFT

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
        win_length: int,
        hop_length: int,
    ) -> None:
        checks.one_of(mask, "mask", tuple(value for _, value in MASKS))
        power = checks.number(power, "power", 0.5, 6)
        self.y, self.sr, self.win_length, self.hop_length = mono(y), sr, win_length, hop_length
        self.scores = Scores(references, self.y, sr, "the harmonic stem, then the percussive one")
        self.S = STFT(self.y, win_length, hop_length, center=True)
        self.A = np.abs(self.S)
        self._harmonic_median = kept(lambda winh: median_across_time(self.A, 2 * winh + 1))
        self._percussive_median = kept(lambda winv: median_across_frequency(self.A, 2 * winv + 1))
        self._masks = kept(
            lambda winh, winv, *how: masks_of_medians(self._harmonic_median(winh), self._percussive_median(winv), *how)
        )
        self.winh = widgets.IntSlider(20, 0, 80, description="winh", **WIDE)
        self.winv = widgets.IntSlider(40, 0, 160, description="winv", **WIDE)
        self.mask = widgets.Dropdown(options=MASKS, value=mask, description="mask", **WIDE)
        self.phase = widgets.Dropdown(options=(*PHASES, GRIFFIN_LIM), description="phase", **WIDE)
        self.power = widgets.FloatSlider(power, min=0.5, max=6, step=0.5, description="power", **WIDE)
        self.margin = widgets.FloatSlider(1, min=1, max=8, step=0.25, description="margin", **WIDE)
        controls = (self.winh, self.winv, self.mask, self.phase, self.power, self.margin)
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

    def _parts(self) -> tuple[list[NDArray], list[NDArray]]:
        """The sounds and their magnitudes: harmonic, percussive and, with a margin, the residual."""
        winh, winv, phase = self.winh.value, self.winv.value, self.phase.value
        if self.mask.value == "none":
            H, P = self._harmonic_median(winh), self._percussive_median(winv)
            keep = np.exp(1j * np.angle(self.S)) if phase == "mixture" else 1
            return [self._sound(X * keep if phase == "mixture" else X) for X in (H, P)], [H, P]
        margin = self.margin.value
        M_h, M_p = self._masks(winh, winv, self.mask.value, self.power.value, margin)
        H, P = M_h * self.A, M_p * self.A
        if phase != "mixture":
            return [self._sound(H), self._sound(P)], [H, P]
        harmonic = self._sound(M_h * self.S)
        if margin == 1:  # the masks sum to one, and so do the sounds
            return [harmonic, self.y - harmonic], [H, P]
        percussive = self._sound(M_p * self.S)
        residual = np.maximum(1 - M_h - M_p, 0) * self.A
        return [harmonic, percussive, self.y - harmonic - percussive], [H, P, residual]

    def _sound(self, X: NDArray) -> NDArray:
        """The sound of a spectrogram, or of magnitudes, which get the phase that the menu says."""
        window = dict(win_length=self.win_length, hop_length=self.hop_length, center=True, length=len(self.y))
        if not np.iscomplexobj(X) and self.phase.value == "Griffin-Lim":
            return griffinLimInverse(X, verbose=False, **window)
        return iSTFT(X, **window)

    def _caption(self) -> str:
        """The windows in a listener's units."""
        frames, bins = 2 * self.winh.value + 1, 2 * self.winv.value + 1
        return (
            f"Medians: across {frames} frames = {1000 * frames * self.hop_length / self.sr:.0f} ms for the harmonic "
            f"part, across {bins} bins = {bins * self.sr / self.win_length:.0f} Hz for the percussive part."
        )

    def code(self) -> str:
        """A few lines that give what is heard now."""
        winh, winv, mask, phase = self.winh.value, self.winv.value, self.mask.value, self.phase.value
        power, margin = f"{self.power.value:g}", f"{self.margin.value:g}"
        window = f"{self.win_length}, {self.hop_length}"
        how = f'winh={winh}, winv={winv}, mask="{mask}", power={power}, margin={margin}'
        if mask != "none" and phase == "mixture":
            lines = [f"harmonic, percussive = hpss(y, {window}, {how})"]
            return "\n".join(lines + ["residual = y - harmonic - percussive"] * (self.margin.value > 1))
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
        return "\n".join(lines)

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return "explore_hpss: sliders, picture and sound: run the cell"
