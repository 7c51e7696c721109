"""Make the clips of this folder: mixture and stems, rendered from scores, to the sample the same each time.

    python audio/make_clips.py            remake every clip
    python audio/make_clips.py --check    make them in memory and say whether they equal the committed ones

Needs what the lectures don't: Debian's packages fluidsynth and fluid-soundfont-gm (3.1), and pip's pyfluidsynth.

A clip is a function of this file that returns its stems. They are rendered at 44.1 kHz, brought to 22.05 kHz, given one
common level and rounded to 16 bit; the mixture is the sum of those whole numbers, so mixture and stems agree exactly.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
from pathlib import Path

import fluidsynth
import librosa
import numpy as np
import soundfile

AUDIO = Path(__file__).parent
SOUNDFONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
RENDER_SR, CLIP_SR = 44100, 22050
PEAK = 0.89  # of the mixture, full scale 1.0

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

    def vibrato(self, start: int, end: int, rng: np.random.Generator) -> None:
        """Slide into the note from 12 cents below; after 0.22 s a vibrato of about 22 cents at 5.7 Hz grows."""
        rate = 5.7 * (1 + 0.06 * rng.standard_normal())
        depth = 22 * (1 + 0.15 * rng.standard_normal())
        for sample in range(start, end, 4 * BLOCK):
            t = (sample - start) / RENDER_SR
            swing = depth * np.clip((t - 0.22) / 0.25, 0, 1) * np.sin(2 * np.pi * rate * (t - 0.22))
            self.bend(sample, swing - 12 * np.exp(-t / 0.035))
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


def violin_castanets() -> dict[str, np.ndarray]:
    """Four bars in A minor: a violin's legato line and castanets in sixteenths, which rest in the last half bar."""
    rng = np.random.default_rng(1)
    sixteenth = 96 * BLOCK  # 107.7 beats a minute
    violin = Part(program=40, reverb=30)
    # (start and length in sixteenths, MIDI key): every note lasts long enough to draw a line in the spectrogram.
    melody = [
        (0, 6, 69), (6, 2, 72), (8, 4, 74), (12, 4, 76), (16, 6, 77), (22, 2, 76), (24, 4, 74), (28, 4, 72),
        (32, 6, 70), (38, 2, 74), (40, 4, 73), (44, 4, 76), (48, 8, 74), (56, 3, 69), (59, 13, 74),
    ]  # fmt: skip
    for start, length, key in melody:
        violin.note(start * sixteenth, length * sixteenth - 200, key, int(86 + 14 * rng.random()))
        violin.vibrato(start * sixteenth, (start + length) * sixteenth - 4 * BLOCK, rng)
    castanets = Part(program=0, bank=128, channel=9, reverb=15)
    bars = ((0, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15), (0, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 14))
    strokes = [16 * bar + place for bar in range(4) for place in bars[bar % 2]] + [64]
    for stroke in strokes:
        accent = 20 if stroke % 4 == 0 else int(rng.integers(-14, 6))
        castanets.note(stroke * sixteenth, 2000, 85, 100 + accent)
    n_samples = 10 * RENDER_SR
    stems = {"violin": violin.render(n_samples), "castanets": castanets.render(n_samples)}
    # A click is short: 3 dB below the violin on average puts its peaks well above.
    stems["castanets"] *= 10 ** (-3 / 20) * rms(stems["violin"]) / rms(stems["castanets"])
    return {name: fade_out(stem, 0.3) for name, stem in stems.items()}


CLIPS = (violin_castanets,)


def rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(x**2)))


def fade_out(x: np.ndarray, seconds: float) -> np.ndarray:
    n = round(seconds * RENDER_SR)
    return np.concatenate([x[:-n], x[-n:] * np.cos(np.linspace(0, np.pi / 2, n)) ** 2])


def quantise(stems: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Stems as int16 at CLIP_SR and their exact sum, "mixture"."""
    stems = {
        name: librosa.resample(stem, orig_sr=RENDER_SR, target_sr=CLIP_SR, res_type="soxr_vhq")
        for name, stem in stems.items()
    }
    gain = PEAK * 32767 / max(np.abs(x).max() for x in (*stems.values(), sum(stems.values())))
    whole = {name: np.round(gain * stem).astype(np.int32) for name, stem in stems.items()}
    whole = {"mixture": sum(whole.values()), **whole}
    return {name: x.astype(np.int16) for name, x in whole.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed clips instead of writing")
    check = parser.parse_args().check
    differing = []
    for make in CLIPS:
        folder = AUDIO / make.__name__
        signals = quantise(make())
        if list(json.loads((folder / "clip.json").read_text(encoding="utf-8"))["stems"]) != list(signals)[1:]:
            raise SystemExit(
                f"{folder / 'clip.json'} names other stems than {make.__name__}() makes: bring them together."
            )
        for name, samples in signals.items():
            path = folder / f"{name}.flac"
            if not check:
                soundfile.write(path, samples, CLIP_SR, subtype="PCM_16")
            elif not np.array_equal(soundfile.read(path, dtype="int16")[0], samples):
                differing.append(str(path))
        print(f"{make.__name__}: {', '.join(signals)}")
    if differing:
        print("these differ from what is committed:", *differing)
    elif check:
        print("every sample equals the committed one")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
