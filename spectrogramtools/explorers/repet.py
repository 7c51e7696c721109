"""The widget behind `explore_repet`. Imported only when it is wanted, because widgets take their time to import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.explorers.chart import Chart, curve, panel, spectrogram_panel
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
from spectrogramtools.medians import median_across_periods
from spectrogramtools.player.pictures import one_picture
from spectrogramtools.player.widget import Player, playable
from spectrogramtools.separation.background import background_masks, mask_for, rows_below
from spectrogramtools.separation.period import beat_spectrum, find_period, fitting_hop
from spectrogramtools.separation.repet import nothing_repeats
from spectrogramtools.separation.separate import Mixture
from spectrogramtools.transforms import lengths

# Frames to each side of the period at which the neighbourhood is scored.
NEAR = 16
MASKS = (("fitted", "fitted"), ("soft", "soft"), ("binary", "binary"))


class RepetExplorer(Explorer):
    """See `spectrogramtools.explore_repet`."""

    def __init__(self, y: ArrayLike, sr: int, references: Mapping[str, ArrayLike] | None, period: float | None) -> None:
        sr = playable(sr)
        self.y, self.sr = copied(y), sr
        self.win_length, self.hop_length = lengths(None, None, sr)
        self.scores = Scores(references, self.y, sr, "the background, then the foreground")
        self.found = find_period(self.y, sr)
        longest = (self.y.shape[-1] / 2 - self.hop_length) / sr
        shortest = min(4 * self.hop_length / sr, longest)
        period = self.found if period is None else checks.number(period, "period", shortest, longest)
        channels = np.atleast_2d(self.y)
        self._mixtures = kept(lambda hop: [Mixture(channel, self.win_length, hop) for channel in channels])
        self._picture = kept(lambda hop: one_picture([m.A for m in self._mixtures(hop)]))
        self._models = kept(lambda hop, frames: [median_across_periods(m.A, frames) for m in self._mixtures(hop)])
        self._masks = kept(self._all_masks)
        self._exact = period
        self.period = widgets.FloatSlider(
            period, min=shortest, max=longest, step=0.001, readout_format=".3f", description="period (s)", **WIDE
        )
        self.highpass = widgets.IntSlider(100, 0, 400, 10, description="high-pass (Hz)", **WIDE)
        self.mask = widgets.Dropdown(options=MASKS, description="mask", **WIDE)
        self.phase = widgets.Dropdown(options=PHASES, description="phase", **WIDE)
        self.fit = widgets.Checkbox(
            True, description="hop that fits the period", indent=False, layout=widgets.Layout(width="210px")
        )
        self.player = Player({"mixture": self.y}, sr)
        self.A = self._picture(self.hop_length)  # the mixture's does not follow the hop, so it travels once
        lags = np.arange(1, self.y.shape[-1] // 2 // self.hop_length)
        self._make_charts(lags * self.hop_length / sr, beat_spectrum(self.A)[lags])
        self.seen: dict[float, list[float]] = {}  # the scores of the periods that were tried with these settings
        self.settings: tuple[Any, ...] = ()
        controls = (self.period, self.mask, self.highpass, self.phase, self.fit)
        children = [
            widgets.HBox([self.period, self._buttons()], layout=ROW),
            widgets.HBox([self.mask, self.phase], layout=ROW),
            widgets.HBox([self.highpass, self.fit], layout=ROW),
            self.beats,
            self.player,
            widgets.HBox(self._below(), layout=ROW),
        ]
        self.start(controls, children)
        if self.scores.references:
            self.score_neighbourhood()
        self.beats.observe(self._dragged, "marker")
        self.near.observe(self._dragged, "marker")

    def _make_charts(self, lags: Real, beats: Real) -> None:
        """The beat spectrum, the scores near the period, and the repeating segment."""
        movable = dict(marker_range=[self.period.min, self.period.max], marker_step=self.hop_length / self.sr)
        top = 1.05 * float(beats.max())
        self.beats = Chart(
            panels=[panel("beat spectrum", "likeness", (min(0, float(beats.min())), top), [curve("", lags, beats)])],
            x_label="period (s)",
            x_range=[0.0, float(lags[-1])],
            **movable,
        )
        self.near = Chart(x_label="period (s): a dot a frame", **movable)
        self.segment = Chart(x_label="time in the period (s)")
        for chart in (self.near, self.segment):
            chart.layout = widgets.Layout(flex="1 1 360px", min_width="0", max_width="478px")

    def _buttons(self) -> widgets.HBox:
        """Half, double, one frame down and up, and the period that is found."""
        frame = self.hop_length / self.sr

        def button(text: str, tip: str, period: Callable[[], float]) -> widgets.Button:
            b = widgets.Button(description=text, tooltip=tip, layout=widgets.Layout(width="auto"))
            b.on_click(lambda _: self._set_period(period()))
            return b

        return widgets.HBox(
            [
                button("½ ×", "half the period", lambda: self.seconds / 2),
                button("2 ×", "double the period", lambda: self.seconds * 2),
                button("− frame", f"a frame of {self.hop_length} samples shorter", lambda: self.seconds - frame),
                button("+ frame", f"a frame of {self.hop_length} samples longer", lambda: self.seconds + frame),
                button("find it", "the period that find_period finds", lambda: self.found),
            ],
            layout=widgets.Layout(flex_flow="row wrap"),
        )

    def _below(self) -> list[widgets.Widget]:
        if not self.scores.references:
            return [self.segment]
        self.score_button = widgets.Button(
            description="score the neighbourhood", layout=widgets.Layout(width="auto"), tooltip="a period a frame"
        )
        self.score_button.on_click(lambda _: self.score_neighbourhood())
        self.progress = widgets.IntProgress(0, 0, 2 * NEAR + 1, layout=widgets.Layout(display="none"))
        return [self.near, self.segment, self.score_button, self.progress]

    def _dragged(self, change: dict[str, Any]) -> None:
        self._set_period(change["new"])

    def _set_period(self, period: float) -> None:
        self._exact = float(np.clip(period, self.period.min, self.period.max))
        self.period.value = self._exact

    @property
    def seconds(self) -> float:
        """The period. The page rounds the slider to its step and tells the kernel; what was known better stays."""
        rounded_only = abs(self._exact - self.period.value) <= self.period.step / 2
        return self._exact if rounded_only else self.period.value

    def update(self) -> None:
        """Separate anew with what the controls say, and show and play the result."""
        period = self.seconds
        settings = (self.mask.value, self.phase.value, self.highpass.value, self.fit.value)
        if settings != self.settings:
            self.settings, self.seen = settings, {}
        parts, spectra, hop, frames = self._separated(period)
        scores = self.scores.of(parts) if self.scores.references else None
        if scores:
            self.seen[period] = scores
        self.sounds = {"mixture": self.y, "background": parts[0], "foreground": parts[1]}
        caption = f"Period {period:.3f} s = {period * self.sr / hop:.2f} frames of {hop} samples, taken as {frames}."
        if nothing_repeats(self.y, parts[1], period * self.sr, self.win_length, hop):
            caption += " Nothing repeats clearly with it: most of the energy is foreground."
        self.player.play(
            self.sounds,
            dict(zip(self.sounds, (self.A, *spectra), strict=True)),
            [self.hop_length, hop, hop],
            caption,
            self.scores.table(scores) if scores else None,
        )

    def _frames(self, period: float) -> tuple[int, int]:
        """The hop in samples, and the period in frames."""
        hop = fitting_hop(period * self.sr, self.win_length) if self.fit.value else self.hop_length
        return hop, max(1, round(period * self.sr / hop))

    def _all_masks(self, hop: int, frames: int, mask: str, highpass_bins: int) -> list[tuple[Real, Real]]:
        """For each channel the masks of background and foreground."""
        mixtures = self._mixtures(hop)
        mask = mask_for(mask, mixtures[0].A.shape[1] / frames)
        how: dict[str, Any] = dict(mask=mask, power=1.0, highpass_bins=highpass_bins)
        pairs = zip(mixtures, self._models(hop, frames), strict=True)
        return [background_masks(m.A, model, **how) for m, model in pairs]

    def _separated(self, period: float) -> tuple[list[Real], list[Real], int, int]:
        """Background and foreground, their magnitudes, the hop and the period in frames."""
        hop, frames = self._frames(period)
        mixtures = self._mixtures(hop)
        masks = self._masks(hop, frames, self.mask.value, rows_below(self.highpass.value, self.sr, self.win_length))
        spectra = [[M * m.A for M in pair] for m, pair in zip(mixtures, masks, strict=True)]
        if self.phase.value == "mixture":
            sounds = [m.sounds(pair) for m, pair in zip(mixtures, masks, strict=True)]
        else:
            sounds = [[m.sound(A) for A in pair] for m, pair in zip(mixtures, spectra, strict=True)]
        return together(sounds, self.y), [one_picture(part) for part in zip(*spectra, strict=True)], hop, frames

    def score_neighbourhood(self) -> None:
        """Try the periods of the frames around this one, and draw their scores."""
        with self._one_at_a_time:
            self.progress.value, self.progress.layout.display = 0, None
            middle = self.seconds
            for k in range(-NEAR, NEAR + 1):
                period = middle + k * self.hop_length / self.sr
                if self.period.min <= period <= self.period.max and period not in self.seen:
                    self.seen[period] = self.scores.of(self._separated(period)[0])
                self.progress.value += 1
            self.progress.layout.display = "none"
            self._draw_scores()

    def draw(self) -> None:
        """The period on the beat spectrum, the repeating segment, and the scores near the period."""
        period = self.seconds
        hop, frames = self._frames(period)
        n = -(-self._picture(hop).shape[1] // frames)
        ref, seconds = float(self.A.max()) or 1.0, frames * hop / self.sr
        with self.beats.hold_sync():
            self.beats.description = f"beat spectrum, with the period at {period:.3f} seconds"
            self.beats.marker = period
        with self.segment.hold_sync():
            model = one_picture(self._models(hop, frames))[:, :frames]
            self.segment.panels = [
                spectrogram_panel(f"repeating segment, the median of {n}", model, self.sr, ref, seconds)
            ]
            self.segment.x_range = [0.0, seconds]
            self.segment.description = f"spectrogram of the repeating segment, {seconds:.2f} seconds"
        if self.scores.references:
            self._draw_scores()

    def _draw_scores(self) -> None:
        """The scores of the periods tried so far, around the period; the picture moves on when the line leaves it."""
        period, reach = self.seconds, (NEAR + 0.5) * self.hop_length / self.sr
        low, high = self.near.x_range
        if self.near.marker is None or not low <= period <= high:
            low, high = period - reach, period + reach
        tried = sorted(p for p in self.seen if low <= p <= high)
        # Perfect and silent estimates have no finite score, but a place in the picture.
        rows = np.clip([self.seen[p] for p in tried], -99, 99)
        bottom, top = np.floor(rows.min() - 1), np.ceil(rows.max() + 1)
        curves = [curve(name, tried, rows[:, i], dots=True) for i, name in enumerate(self.scores.references)]
        with self.near.hold_sync():
            self.near.x_range = [low, high]
            self.near.panels = [panel("SI-SDR", "dB", (bottom, top), curves)]
            self.near.marker = period
            self.near.description = f"SI-SDR over the period, which is {period:.3f} seconds"

    def code(self) -> str:
        """A few lines that give what is heard now."""
        period, highpass = self.seconds, self.highpass.value
        hop, frames = self._frames(period)
        if self.phase.value == "mixture":
            hop_text = "" if self.fit.value else f", hop_length={self.hop_length}"
            return (
                f"background, foreground = repet(y, sr, period={period!r}{hop_text}, highpass={highpass}, "
                f'mask="{self.mask.value}")'
            )
        rows = rows_below(highpass, self.sr, self.win_length)
        window = f"{self.win_length}, {hop}"
        lines = [
            f"S = STFT(y, {window}, center=True)",
            f'M_b, M_f = repet_masks(np.abs(S), {frames}, mask="{self.mask.value}", highpass_bins={rows})',
        ]
        for name, M in (("background", "M_b"), ("foreground", "M_f")):
            lines.append(f'{name} = iSTFT(apply_mask(S, {M}, phase="zero"), {window}, center=True, length=len(y))')
        return self.each_channel(lines, ("background", "foreground"))

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return "explore_repet: beat spectrum, sliders and sound: run the cell"
