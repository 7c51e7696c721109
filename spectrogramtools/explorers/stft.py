"""The widget behind `explore_stft`. Imported only when it is wanted, because widgets take their time to import."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.explorers.chart import Chart, curve, panel
from spectrogramtools.explorers.explorer import ROW, WIDE, Explorer, copied, kept, together
from spectrogramtools.player.pictures import one_picture
from spectrogramtools.player.widget import Player, playable
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import WindowFunction, halfsine, hann, sample_window, synthesis_gain

WINDOWS: dict[str, WindowFunction] = {"half-sine": halfsine, "Hann": hann, "rectangular": np.ones}
IN_CODE = {"half-sine": "spectrogramtools.halfsine", "Hann": "spectrogramtools.hann", "rectangular": "np.ones"}
LENGTHS = tuple(2**k for k in range(6, 14))
HOPS = (("W/8", 8), ("W/4", 4), ("W/3", 3), ("W/2", 2), ("W", 1))
# The frame's spectrum is drawn from here to 0 dB, the level of a sine at full scale.
FLOOR = -120.0


class StftExplorer(Explorer):
    """See `spectrogramtools.explore_stft`."""

    def __init__(self, y: ArrayLike, sr: int) -> None:
        sr = playable(sr)
        self.y, self.sr = copied(y), sr
        self.n_samples = self.y.shape[-1]
        channels = np.atleast_2d(self.y).astype(np.float64)  # in double precision an error shows that is not rounding
        self._there = kept(lambda W, hop, shape: [Mixture(y, W, hop, WINDOWS[shape]) for y in channels])
        self._back = kept(lambda *how: together([[m.sound(m.S)] for m in self._there(*how)], self.y)[0])
        self._spectra = kept(self._all_spectra)
        self.length = widgets.SelectionSlider(options=LENGTHS, value=2048, description="window W", **WIDE)
        self.hop = widgets.SelectionSlider(options=HOPS, value=4, description="hop", **WIDE)
        self.shape = widgets.Dropdown(options=list(WINDOWS), description="shape", **WIDE)
        self.time = widgets.FloatSlider(
            min=0, max=self.n_samples / sr, step=0.01, value=self.n_samples / sr / 2, description="frame at (s)", **WIDE
        )
        self.player = Player({"signal": self.y}, sr)
        self.frame = Chart(x_label="frequency (Hz)", x_range=[0.0, sr / 2])
        controls = (self.length, self.hop, self.shape, self.time)
        self.start(controls, [widgets.HBox(controls, layout=ROW), self.player, self.frame])
        # A click in the spectrogram chooses the frame.
        self.player.observe(lambda change: setattr(self.time, "value", change["new"]), "position")

    @property
    def hop_length(self) -> int:
        """Samples."""
        return int(self.length.value // self.hop.value)

    def update(self) -> None:
        """Transform there and back with what the controls say, and show and play the result."""
        how = (self.length.value, self.hop_length, self.shape.value)
        back = self._back(*how)
        self.sounds = {"signal": self.y, "there and back": back, "difference": self.y - back}
        self.player.play(self.sounds, self._spectra(*how), [self.hop_length] * 3, self._caption(*how))

    def _all_spectra(self, W: int, hop: int, shape: str) -> dict[str, Real]:
        there, wrong = self._there(W, hop, shape), np.atleast_2d(self.y - self._back(W, hop, shape))
        D = [Mixture(error, W, hop, WINDOWS[shape]) for error in wrong]
        back = [np.abs(m.S - d.S) for m, d in zip(there, D, strict=True)]
        spectra = {"signal": [m.A for m in there], "there and back": back, "difference": [d.A for d in D]}
        return {name: one_picture(channels) for name, channels in spectra.items()}

    def _caption(self, W: int, hop: int, shape: str) -> str:
        error, energy = self.y - self._back(W, hop, shape), np.sum(self.y.astype(np.float64) ** 2)
        ratio = np.sum(error**2) / energy if energy else 0
        found = f"{10 * np.log10(ratio):.0f} dB".replace("-", "−") if ratio else "no error at all"
        gain = synthesis_gain(sample_window(WINDOWS[shape], W), hop, self._there(W, hop, shape)[0].S.shape[1])
        covered = np.count_nonzero(gain[W // 2 : W // 2 + self.n_samples])
        return (
            f"Window: {1000 * W / self.sr:.1f} ms; bins {self.sr / W:.1f} Hz apart. Hop: {hop} samples = "
            f"{1000 * hop / self.sr:.1f} ms. There and back: {found}"
            + ("." if covered == self.n_samples else f"; windows cover {covered} of {self.n_samples} samples.")
        )

    def draw(self) -> None:
        """The spectrum of the frame that the slider names."""
        W, hop, shape = self.length.value, self.hop_length, self.shape.value
        A = self._spectra(W, hop, shape)["signal"]
        i = min(round(self.time.value * self.sr / hop), A.shape[1] - 1)
        full_scale = np.sum(sample_window(WINDOWS[shape], W)) / 2
        level = 20 * np.log10(np.maximum(A[:, i] / full_scale, 10 ** (FLOOR / 20)))
        title = f"frame {i}, centred at {i * hop / self.sr:.3f} s"
        with self.frame.hold_sync():
            self.frame.panels = [
                panel(title, "dB of full scale", (FLOOR, 0), [curve("", np.linspace(0, self.sr / 2, len(A)), level)])
            ]
            self.frame.description = f"spectrum of {title}"

    def code(self) -> str:
        """A few lines that give what is heard now."""
        how = f"{self.length.value}, {self.hop_length}, {IN_CODE[self.shape.value]}, center=True"
        lines = [
            f"S = STFT(y.astype(np.float64), {how})",
            f"back = iSTFT(S, {how}, length=len(y))",
            "difference = y - back",
        ]
        return "import spectrogramtools\n" + self.each_channel(lines, ("back", "difference"))

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return "explore_stft: spectrogram, one frame's spectrum and sound: run the cell"
