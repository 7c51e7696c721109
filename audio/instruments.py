"""Instruments that play a score to the sample: FluidSynth with the Fluid R3 soundfont, and recorded samples.

`Part` is one instrument's score for FluidSynth, `Samples` one for recordings that are laid down one by one.
"""

from __future__ import annotations

import ctypes

import fluidsynth
import librosa
import numpy as np
import soundfile

SOUNDFONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
SAMPLES = "/usr/share/sonic-pi/samples"
RENDER_SR = 44100

# FluidSynth starts notes on a grid of 64 samples; whoever plays it block by block knows exactly where they fall.
BLOCK = 64
_write_float = fluidsynth._fl.fluid_synth_write_float
_channel_arguments = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]  # where to write, offset, step
_write_float.argtypes = [ctypes.c_void_p, ctypes.c_int, *_channel_arguments, *_channel_arguments]


class Part:
    """One instrument's score: a list of (sample, order, method of the synthesiser, arguments)."""

    def __init__(self, program: int, bank: int = 0, channel: int = 0, reverb: int = 0):
        self.program, self.bank, self.channel, self.reverb = program, bank, channel, reverb
        self.events: list[tuple] = []

    def note(self, start: int, duration: int, key: int, velocity: int) -> None:
        # At the same moment a note ends before the next one starts, and a bend belongs to the note that starts.
        self.events.append((start, 1, "noteon", (key, velocity)))
        self.events.append((start + duration, 0, "noteoff", (key,)))

    def bend(self, start: int, cents: float) -> None:
        self.events.append((start, 2, "pitch_bend", (round(cents / 200 * 8192),)))

    def vibrato(self, start: int, end: int, rng: np.random.Generator, depth: float = 22, scoop: float = 12) -> None:
        """Slide into the note from `scoop` cents below; after 0.22 s a vibrato of `depth` cents at 5.7 Hz grows."""
        rate = 5.7 * (1 + 0.06 * rng.standard_normal())
        depth = depth * (1 + 0.15 * rng.standard_normal())
        for sample in range(start, end, 4 * BLOCK):
            t = (sample - start) / RENDER_SR
            swing = depth * np.clip((t - 0.22) / 0.25, 0, 1) * np.sin(2 * np.pi * rate * (t - 0.22))
            self.bend(sample, swing - scoop * np.exp(-t / 0.035))
        self.bend(end, 0)

    def render(self, n_samples: int) -> np.ndarray:
        """The part as mono float64 at RENDER_SR, shape (n_samples,)."""
        synth = fluidsynth.Synth(gain=0.6, samplerate=float(RENDER_SR))
        synth.setting("synth.chorus.active", 0)
        synth.setting("synth.reverb.active", int(self.reverb > 0))
        synth.program_select(self.channel, synth.sfload(SOUNDFONT), self.bank, self.program)
        # Volume, pan to the middle, reverb, and a bend range of two semitones.
        for controller, value in ((7, 100), (10, 64), (91, self.reverb), (101, 0), (100, 0), (6, 2)):
            synth.cc(self.channel, controller, value)
        pending = sorted(self.events, key=lambda event: (event[0] // BLOCK, event[1]))
        left, right = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
        out = np.zeros(-(-n_samples // BLOCK) * BLOCK)
        for start in range(0, len(out), BLOCK):
            while pending and pending[0][0] < start + BLOCK:
                _, _, method, arguments = pending.pop(0)
                getattr(synth, method)(self.channel, *arguments)
            _write_float(synth.synth, BLOCK, left.ctypes.data, 0, 1, right.ctypes.data, 0, 1)
            out[start : start + BLOCK] = (left + right) / 2
        synth.delete()
        return out[:n_samples]


class Samples:
    """Recordings laid down at given moments."""

    def __init__(self) -> None:
        self.events: list[tuple[int, np.ndarray]] = []

    def hit(self, start: int, name: str, gain: float) -> None:
        self.events.append((start, gain * recording(f"{SAMPLES}/{name}.flac")))

    def render(self, n_samples: int) -> np.ndarray:
        """All of them as mono float64 at RENDER_SR, shape (n_samples,)."""
        out = np.zeros(n_samples)
        for start, sound in self.events:
            out[start : start + len(sound)] += sound[: max(0, n_samples - start)]
        return out


def recording(path: str) -> np.ndarray:
    """A sound file as mono float64 at RENDER_SR, without the constant that some recordings have."""
    sound, sr = soundfile.read(path, always_2d=True)
    mono = sound.mean(axis=1)
    return librosa.resample(mono - mono.mean(), orig_sr=sr, target_sr=RENDER_SR, res_type="soxr_vhq")
