"""The widget behind `explore_hpss`. Imported only when one is wanted, because the widgets take their time to import."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.evaluation import si_sdr
from spectrogramtools.explorers.pictures import Pictures
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.player import listen
from spectrogramtools.separation.hpss import hpss_masks
from spectrogramtools.transforms import STFT, iSTFT

# What the menu says, and what hpss_masks is told.
NO_MASK = "none: the medians"
MASKS = {
    NO_MASK: None,
    "soft, power 1": {"mask": "soft", "power": 1.0},
    "soft, power 2 (Wiener)": {"mask": "soft", "power": 2.0},
    "binary": {"mask": "binary"},
}


class HpssExplorer(widgets.VBox):
    """See `spectrogramtools.explore_hpss`."""

    def __init__(
        self,
        y: ArrayLike,
        sr: int,
        references: Mapping[str, ArrayLike] | None,
        mask: str,
        win_length: int,
        hop_length: int,
    ) -> None:
        checks.one_of(mask, "mask", tuple(MASKS))
        self.y, self.sr, self.win_length, self.hop_length = checks.waveform(y), sr, win_length, hop_length
        self.references = dict(references or {})
        if len(self.references) not in (0, 2):
            raise ValueError(
                f"references has {len(self.references)} signals, but two are wanted: "
                "the harmonic stem, then the percussive one."
            )
        S = STFT(self.y, win_length, hop_length, center=True)
        self.A, self.phase = np.abs(S), np.exp(1j * np.angle(S))
        slider = dict(min=0, continuous_update=True, layout=widgets.Layout(width="420px"))
        self.winh = widgets.IntSlider(20, max=80, description="winh", **slider)
        self.winv = widgets.IntSlider(40, max=160, description="winv", **slider)
        self.mask = widgets.Dropdown(options=list(MASKS), value=mask, description="mask")
        self.figures = widgets.HTML()
        self.pictures = Pictures(("mixture", "harmonic", "percussive"), self.A, sr, hop_length)
        self.picture = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
        self.player = listen({"mixture": self.y}, sr)
        self.player.layout.width = "100%"
        self.update()
        for control in (self.winh, self.winv, self.mask):
            control.observe(lambda change: self.update(), "value")
        controls = widgets.HBox([widgets.VBox([self.winh, self.winv]), self.mask])
        super().__init__([controls, self.figures, self.picture, self.player])
        self.layout.align_items = "flex-start"  # or the picture is stretched to the cell's width and blurred

    def update(self) -> None:
        """Separate anew with what the controls say, and show and play the result."""
        winh, winv, settings = self.winh.value, self.winv.value, MASKS[self.mask.value]
        if settings is None:
            H, P = median_across_time(self.A, 2 * winh + 1), median_across_frequency(self.A, 2 * winv + 1)
            harmonic, percussive = self._sound(H * self.phase), self._sound(P * self.phase)
        else:
            H, P = (M * self.A for M in hpss_masks(self.A, winh, winv, **settings))
            harmonic = self._sound(H * self.phase)
            percussive = self.y - harmonic
        self.picture.value = self.pictures.png((self.A, H, P))
        self.figures.value = self._figures(harmonic, percussive)
        self.player.play({"mixture": self.y, "harmonic": harmonic, "percussive": percussive})

    def _sound(self, S: np.ndarray) -> np.ndarray:
        return iSTFT(S, self.win_length, self.hop_length, center=True, length=len(self.y))

    def _figures(self, harmonic: np.ndarray, percussive: np.ndarray) -> str:
        """The windows in a listener's units, and the scores."""
        frames, bins = 2 * self.winh.value + 1, 2 * self.winv.value + 1
        text = (
            f"median across {frames} frames ({frames * self.hop_length / self.sr:.2f} s) "
            f"and {bins} bins ({bins * self.sr / self.win_length:.0f} Hz)"
        )
        for (name, reference), estimate in zip(self.references.items(), (harmonic, percussive), strict=False):
            text += f" · <b>{name} {si_sdr(reference, estimate):.1f} dB</b>"
        return text

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return "explore_hpss: sliders, picture and sound: run the cell"
