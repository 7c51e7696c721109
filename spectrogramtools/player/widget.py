"""The player's Python side: it checks the signals, puts them on one scale and hands them to the browser.

Sounds travel as 16 bit, each in a trait of its own, so that only what has changed crosses the wire, all in one message.
Their pictures are computed where they are drawn, in the page.

Imported by `listen` only when a player is wanted, because anywidget takes its time to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.player.pictures import still_of
from spectrogramtools.player.reopened import WithStill
from spectrogramtools.transforms import lengths

# The rates that every browser's AudioContext takes.
LOWEST_SR, HIGHEST_SR = 8000, 96000
PAGE = Path(__file__).parent.parent / "page"
BUILT, STYLE = PAGE / "built", PAGE / "views" / "player.css"
# At full scale a sound has this number.
FULL_SCALE = 32767


class Player(WithStill, anywidget.AnyWidget):
    """See `spectrogramtools.listen`."""

    _esm = BUILT / "player.js"
    _css = STYLE

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sr = traitlets.Int().tag(sync=True)
    channels = traitlets.Int(1).tag(sync=True)  # 2 where a signal is stereo: then all of them travel as such
    n_samples = traitlets.Int().tag(sync=True)
    # Traits sound0, sound1, … (int16, little-endian, the left channel before the right one) are added as needed.
    y_axis = traitlets.Unicode("linear").tag(sync=True)  # of the pictures, at first
    chosen = traitlets.Int(0).tag(sync=True)
    position = traitlets.Float(0.0).tag(sync=True)  # seconds, told when somebody seeks
    message = traitlets.Unicode().tag(sync=True)  # a warning
    caption = traitlets.Unicode().tag(sync=True)
    scores = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)  # a table; its first row is the head
    version = traitlets.Int(0).tag(sync=True)  # counts up when the signals are new

    def __init__(self, signals: ArrayLike | Mapping[str, ArrayLike], sr: int, y_axis: str = "linear") -> None:
        super().__init__(sr=playable(sr), y_axis=checked_axis(y_axis))
        self.play(signals)

    def play(
        self,
        signals: ArrayLike | Mapping[str, ArrayLike],
        caption: str = "",
        scores: list[list[str]] | None = None,
    ) -> None:
        """Take new signals; what is sounding goes on at the same moment with the new sound.

        A signal is (n_samples,), or (2, n_samples) for stereo; beside a stereo signal a mono one sounds on both sides.
        `caption` and `scores` stand below the picture.
        """
        if not isinstance(signals, Mapping):
            signals = {"signal": signals}
        if not signals:
            raise ValueError("signals is empty: pass a waveform, or a dict from names to waveforms.")
        names = [str(name) for name in signals]
        waves = _together([mono_or_stereo(y, name) for name, y in zip(names, signals.values(), strict=True)])
        channels, n_samples = max(y.ndim for y in waves), waves[0].shape[-1]
        if channels == 2:
            waves = [np.broadcast_to(y, (2, n_samples)) for y in waves]
        peak = max(float(np.abs(y).max()) for y in waves)
        message, scale = "", float(FULL_SCALE)
        if peak > 1:
            message = f"Peak {peak:.2f}: all signals are played {20 * np.log10(peak):.1f} dB softer so that none clips."
            scale /= peak
        kept = names.index(self.names[self.chosen]) if self.names and self.names[self.chosen] in names else 0
        with self.hold_sync():  # one message, so that the browser never sees half of it
            self.names = names
            self.channels, self.n_samples = channels, n_samples
            for i, y in enumerate(waves):
                self._tell(f"sound{i}", np.round(y * scale).astype("<i2").tobytes())
            self.chosen = kept
            self.message = message
            self.caption = caption
            self.scores = scores or []
            self.version += 1

    def _tell(self, name: str, data: bytes) -> None:
        """Set a trait of bytes, which is made when it is first needed."""
        if not self.has_trait(name):
            self.add_traits(**{name: traitlets.Bytes().tag(sync=True)})
        setattr(self, name, data)

    def still(self) -> bytes:
        """The spectrograms of what is played, as a PNG."""
        sounds = (np.frombuffer(getattr(self, f"sound{i}"), "<i2") for i in range(len(self.names)))
        waves = ((sound.reshape(self.channels, -1) / FULL_SCALE).astype(np.float32) for sound in sounds)
        named = dict(zip(self.names, waves, strict=True))
        return still_of(named, self.sr, lengths(None, None, self.sr), self.y_axis)

    @property
    def alt(self) -> str:
        """What the still shows, for those who can't see it."""
        return f"Spectrograms, one scale, {self.n_samples / self.sr:.1f} s: {', '.join(self.names)}."

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return f"♪ {' | '.join(self.names)} ({self.n_samples / self.sr:.1f} s): run the cell to listen"


def playable(sr: int) -> int:
    """A sampling rate that browsers take."""
    sr = checks.whole_number(sr, "sr", LOWEST_SR)
    if sr > HIGHEST_SR:
        raise ValueError(f"sr is {sr}, but browsers play at most {HIGHEST_SR} Hz: resample the signal first.")
    return sr


def checked_axis(y_axis: str) -> str:
    """A frequency axis that the page can draw."""
    return checks.one_of(y_axis, "y_axis", ("linear", "log"))


def mono_or_stereo(y: ArrayLike, name: str) -> Real:
    """A checked signal of shape (n_samples,) or (2, n_samples)."""
    y = checks.sound(y, name)
    if y.ndim == 2 and len(y) > 2:
        raise ValueError(f"{name} has {len(y)} channels, but one or two can be played: mix down, {name}.mean(axis=0).")
    return y[0] if len(y) == 1 and y.ndim == 2 else y


def _together(waves: list[Real]) -> list[Real]:
    """All as long as the longest; shorter ones are followed by silence."""
    n_samples = max(y.shape[-1] for y in waves)
    return [np.pad(y, [(0, 0)] * (y.ndim - 1) + [(0, n_samples - y.shape[-1])]) for y in waves]
