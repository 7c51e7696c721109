"""The player's Python side: it checks the signals, puts them on one scale and hands them to the browser as 16 bit.

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

# The rates that every browser's AudioContext takes.
LOWEST_SR, HIGHEST_SR = 8000, 96000


class Player(anywidget.AnyWidget):
    """See `spectrogramtools.listen`."""

    _esm = Path(__file__).parent / "player.js"
    _css = Path(__file__).parent / "player.css"

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sr = traitlets.Int().tag(sync=True)
    n_samples = traitlets.Int().tag(sync=True)
    pcm = traitlets.Bytes().tag(sync=True)  # int16, little-endian, one signal after the other
    chosen = traitlets.Int(0).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    version = traitlets.Int(0).tag(sync=True)  # counts up when the signals are new

    def __init__(self, signals: ArrayLike | Mapping[str, ArrayLike], sr: int) -> None:
        sr = checks.whole_number(sr, "sr", LOWEST_SR)
        if sr > HIGHEST_SR:
            raise ValueError(f"sr is {sr}, but browsers play at most {HIGHEST_SR} Hz: resample the signal first.")
        super().__init__(sr=sr)
        self.play(signals)

    def play(self, signals: ArrayLike | Mapping[str, ArrayLike]) -> None:
        """Take new signals; what is sounding goes on at the same moment with the new sound."""
        if not isinstance(signals, Mapping):
            signals = {"signal": signals}
        if not signals:
            raise ValueError("signals is empty: pass a waveform, or a dict from names to waveforms.")
        waves = [checks.waveform(y, str(name)) for name, y in signals.items()]
        n_samples = max(len(y) for y in waves)
        together = np.zeros((len(waves), n_samples))
        for row, y in zip(together, waves, strict=True):
            row[: len(y)] = y
        peak = float(np.abs(together).max())
        message = ""
        if peak > 1:
            together /= peak
            message = f"Peak {peak:.2f}: all signals are played {20 * np.log10(peak):.1f} dB softer so that none clips."
        with self.hold_sync():  # one message, so that the browser never sees half of it
            self.names = [str(name) for name in signals]
            self.n_samples = n_samples
            self.pcm = np.round(together * 32767).astype("<i2").tobytes()
            self.chosen = min(self.chosen, len(waves) - 1)
            self.message = message
            self.version += 1

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return f"♪ {' | '.join(self.names)} ({self.n_samples / self.sr:.1f} s): run the cell to listen"
