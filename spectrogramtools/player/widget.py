"""The player's Python side: it checks the signals, puts them on one scale and hands them to the browser.

Sounds travel as 16 bit, pictures as one byte a cell, each in a trait of its own, so that only what has changed crosses
the wire, all in one message. Where the last signal is what the others leave of the first (a mixture, its parts, the
rest) it does not travel at all: the page subtracts.

Imported by `listen` only when a player is wanted, because anywidget takes its time to import.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.player.pictures import one_picture, picture, row_edges, still
from spectrogramtools.player.reopened import display_with_still
from spectrogramtools.transforms import STFT, lengths

# The rates that every browser's AudioContext takes.
LOWEST_SR, HIGHEST_SR = 8000, 96000
HERE = Path(__file__).parent
BUILT = HERE.parent / "page" / "built"


class Player(anywidget.AnyWidget):
    """See `spectrogramtools.listen`."""

    _esm = BUILT / "player.js"
    _css = HERE.parent / "page" / "views" / "player.css"

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sr = traitlets.Int().tag(sync=True)
    channels = traitlets.Int(1).tag(sync=True)  # 2 where a signal is stereo: then all of them travel as such
    n_samples = traitlets.Int().tag(sync=True)
    # Traits sound0, sound1, … (int16, little-endian, the left channel before the right one) and picture0, picture1, …
    # (levels, column by column) are added as signals need them.
    rest = traitlets.Bool().tag(sync=True)  # the last sound is the first minus all others, and does not travel
    edges = traitlets.Bytes().tag(sync=True)  # float32, Hz: where the pictures' rows lie
    # Of each picture, in seconds: where its first column starts, and how wide each is.
    columns = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)
    position = traitlets.Float(0.0).tag(sync=True)  # seconds, told when somebody seeks
    message = traitlets.Unicode().tag(sync=True)  # a warning
    caption = traitlets.Unicode().tag(sync=True)
    scores = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)  # a table; its first row is the head
    kernel_ms = traitlets.Float(0.0).tag(sync=True)  # how long the kernel took to make what is shown
    version = traitlets.Int(0).tag(sync=True)  # counts up when the signals are new

    def __init__(self, signals: ArrayLike | Mapping[str, ArrayLike], sr: int) -> None:
        sr = playable(sr)
        super().__init__(sr=sr)
        self._window = lengths(None, None, sr)  # of pictures, where no spectrograms are given
        self._drawn: list[Real] = []  # the spectrograms whose pictures the browser has
        self.play(signals)

    def play(
        self,
        signals: ArrayLike | Mapping[str, ArrayLike],
        spectrograms: Mapping[str, Real] | None = None,
        hop_lengths: Sequence[int] | None = None,
        caption: str = "",
        scores: list[list[str]] | None = None,
    ) -> None:
        """Take new signals; what is sounding goes on at the same moment with the new sound.

        A signal is (n_samples,), or (2, n_samples) for stereo; beside a stereo signal a mono one sounds on both sides.
        `spectrograms` holds magnitudes (n_bins, n_frames) for each signal, centred frames every so many samples as
        `hop_lengths` says for each; None computes them. An array that is handed over again is taken as unchanged.
        `caption` and `scores` stand below the picture.
        """
        if not isinstance(signals, Mapping):
            signals = {"signal": signals}
        if not signals:
            raise ValueError("signals is empty: pass a waveform, or a dict from names to waveforms.")
        names = [str(name) for name in signals]
        waves = _together([_mono_or_stereo(y, name) for name, y in zip(names, signals.values(), strict=True)])
        magnitudes = (
            [_magnitudes(y, self._window) for y in waves]
            if spectrograms is None
            else [spectrograms[name] for name in signals]
        )
        channels, n_samples = max(y.ndim for y in waves), waves[0].shape[-1]
        if channels == 2:
            waves = [np.broadcast_to(y, (2, n_samples)) for y in waves]
        peak = max(float(np.abs(y).max()) for y in waves)
        message, scale = "", 32767.0
        if peak > 1:
            message = f"Peak {peak:.2f}: all signals are played {20 * np.log10(peak):.1f} dB softer so that none clips."
            scale /= peak
        # One scale for all pictures, the first signal's, so that what gets softer also gets darker.
        ref = float(magnitudes[0].max()) or 1.0
        kept = names.index(self.names[self.chosen]) if self.names and self.names[self.chosen] in names else 0
        rest = _is_rest(waves)
        travelling = waves[:-1] if rest else waves
        with self.hold_sync():  # one message, so that the browser never sees half of it
            self.names = names
            self.channels, self.n_samples = channels, n_samples
            self.rest = rest
            for i, y in enumerate(travelling):
                self._tell(f"sound{i}", np.round(y * scale).astype("<i2").tobytes())
            self.edges = row_edges(len(magnitudes[0]), self.sr).astype("<f4").tobytes()
            same_scale = self._drawn and self._drawn[0] is magnitudes[0]
            for i, A in enumerate(magnitudes):
                if not (same_scale and i < len(self._drawn) and self._drawn[i] is A):
                    self._tell(f"picture{i}", picture(A, self.sr, ref).tobytes())
            self._drawn = magnitudes
            hops = hop_lengths or [self._window[1]] * len(names)
            self.columns = [self._columns(i, A, hop) for i, (A, hop) in enumerate(zip(magnitudes, hops, strict=True))]
            self.chosen = kept
            self.message = message
            self.caption = caption
            self.scores = scores or []
            self.version += 1

    def _columns(self, i: int, A: Real, hop_length: int) -> list[float]:
        """Where the columns of a picture lie: the start of the first and the width of each, in seconds."""
        n_columns = len(getattr(self, f"picture{i}")) // (len(self.edges) // 4 - 1)
        hop = hop_length / self.sr
        return [-0.5 * hop, A.shape[1] * hop / n_columns]

    def _tell(self, name: str, data: bytes) -> None:
        """Set a trait of bytes, which is made when it is first needed."""
        if not self.has_trait(name):
            self.add_traits(**{name: traitlets.Bytes().tag(sync=True)})
        setattr(self, name, data)

    def still(self) -> bytes:
        """The pictures as a PNG."""
        edges = np.frombuffer(self.edges, "<f4")
        levels = (np.frombuffer(getattr(self, f"picture{i}"), np.uint8) for i in range(len(self.names)))
        pictures = {name: a.reshape(-1, len(edges) - 1) for name, a in zip(self.names, levels, strict=True)}
        return still(pictures, edges, self.n_samples / self.sr)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, **self.still_output()}, {**metadata, "image/png": {"alt": self.alt}}

    def _ipython_display_(self) -> None:
        display_with_still(*self._repr_mimebundle_())

    @property
    def alt(self) -> str:
        """What the still shows, for those who can't see it."""
        return f"Spectrograms, one scale, {self.n_samples / self.sr:.1f} s: {', '.join(self.names)}."

    def still_output(self) -> dict[str, str]:
        """The still as a notebook's output holds it."""
        return {"image/png": base64.b64encode(self.still()).decode()}

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return f"♪ {' | '.join(self.names)} ({self.n_samples / self.sr:.1f} s): run the cell to listen"


def playable(sr: int) -> int:
    """A sampling rate that browsers take."""
    sr = checks.whole_number(sr, "sr", LOWEST_SR)
    if sr > HIGHEST_SR:
        raise ValueError(f"sr is {sr}, but browsers play at most {HIGHEST_SR} Hz: resample the signal first.")
    return sr


def _mono_or_stereo(y: ArrayLike, name: str) -> Real:
    """A checked signal of shape (n_samples,) or (2, n_samples)."""
    y = checks.sound(y, name)
    if y.ndim == 2 and len(y) > 2:
        raise ValueError(f"{name} has {len(y)} channels, but one or two can be played: mix down, {name}.mean(axis=0).")
    return y[0] if len(y) == 1 and y.ndim == 2 else y


def _together(waves: list[Real]) -> list[Real]:
    """All as long as the longest; shorter ones are followed by silence."""
    n_samples = max(y.shape[-1] for y in waves)
    return [np.pad(y, [(0, 0)] * (y.ndim - 1) + [(0, n_samples - y.shape[-1])]) for y in waves]


def _magnitudes(y: Real, window: tuple[int, int]) -> Real:
    """What is drawn of a signal's channels."""
    return one_picture([np.abs(STFT(side.astype(np.float32), *window, center=True)) for side in np.atleast_2d(y)])


def _is_rest(waves: list[Real]) -> bool:
    """Whether the last signal is, to half a step of 16 bit, what the others leave of the first."""
    if len(waves) < 3:
        return False
    difference = waves[0] - waves[-1]
    for y in waves[1:-1]:
        difference = difference - y
    return bool(np.abs(difference).max() < 0.5 / 32767)
