"""Make the clips of this folder: mixture and stems, rendered from scores and mixed from recordings, each time the same.

    python audio/make_clips.py            remake every clip
    python audio/make_clips.py --check    make them in memory and say whether they equal the committed ones

Needs what the lectures don't: Debian's packages fluidsynth, fluid-soundfont-gm (3.1), sonic-pi-samples (3.2.2),
pocketsphinx-testdata and fretsonfire-songs-sectoid, and pip's pyfluidsynth and pyworld; the singer's recording is
fetched by pip the first time.

A clip is a function of this file that returns its stems at 44.1 kHz. Stereo, of shape (2, n_samples), stays so; mono is
brought to 22.05 kHz. All stems are given one common level and rounded to 16 bit; the mixture is the sum of those whole
numbers, so mixture and stems agree exactly.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import soundfile
from instruments import BLOCK, RENDER_SR, SAMPLES, Part, Samples, recording
from recordings import passage, phrase, singer
from sing import sing

AUDIO = Path(__file__).parent
CLIP_SR = 22050
PEAK = 0.89  # of the mixture, full scale 1.0


def violin_castanets() -> dict[str, np.ndarray]:
    """Four bars in A minor: a violin's legato line and castanets in sixteenths, which rest in the last half bar.

    A score would set every stroke at the same place of a frame, and what is measured would depend on that place. So a
    sixteenth is no whole number of hops, and the hand misses it by up to 8.7 ms, as hands do.
    """
    rng, hand = np.random.default_rng(1), np.random.default_rng(2)
    sixteenth = 97 * BLOCK  # 106.6 beats a minute; 6.06 hops of 512 at 22.05 kHz
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
        late = int(hand.integers(-6, 7)) * BLOCK
        castanets.note(max(0, stroke * sixteenth + late), 2000, 85, 100 + accent)
    n_samples = 10 * RENDER_SR
    stems = {"violin": violin.render(n_samples), "castanets": castanets.render(n_samples)}
    # A click is short: 3 dB below the violin on average puts its peaks well above.
    stems["castanets"] *= 10 ** (-3 / 20) * rms(stems["violin"]) / rms(stems["castanets"])
    return faded(stems, 0.3)


def band_trumpet() -> dict[str, np.ndarray]:
    """A trumpet improvises over eight times the same two bars of a band."""
    rng = np.random.default_rng(11)
    sixteenth, bars = 80 * BLOCK, 16
    n_samples = 16 * bars * sixteenth
    band = Band(bars, strict(sixteenth), ROCK).render(n_samples)
    trumpet = at_level(solo(56, bars, sixteenth, rng).render(n_samples), sum(band.values()), -2)
    return faded({"drums": band["drums"], "keys_bass": band["keys"] + band["bass"], "trumpet": trumpet})


def band_singer() -> dict[str, np.ndarray]:
    """A voice sings three phrases over eight times the same two bars; they are one recorded sentence, re-pitched."""
    rng = np.random.default_rng(7)
    sixteenth, bars = 80 * BLOCK, 16
    return song(bars, strict(sixteenth), sixteenth, rng)


def breathing_band() -> dict[str, np.ndarray]:
    """The same song, played by people: from 2 % slower to 2 % faster, and each beat comes early or late by 10 ms."""
    rng = np.random.default_rng(7)
    sixteenth, bars = 80 * BLOCK, 16
    clock = breathing(4 * bars, 4 * sixteenth, 0.02, 0.01, np.random.default_rng(31))
    return song(bars, clock, sixteenth, rng)


def waltz_clarinet() -> dict[str, np.ndarray]:
    """A clarinet over a waltz of two bars whose length, 62208 samples, is no whole number of hops."""
    rng = np.random.default_rng(3)
    sixteenth, bars = 81 * BLOCK, 20
    n_samples = 12 * bars * sixteenth
    background = sum(Waltz(bars, sixteenth).render(n_samples).values())
    clarinet = solo(71, bars, sixteenth, rng, beats=12).render(n_samples)
    return faded({"background": background, "clarinet": at_level(clarinet, background, -1)})


def verse_chorus() -> dict[str, np.ndarray]:
    """Six times two bars of a verse, six times two of a chorus with other chords and drums; a trumpet over both."""
    rng = np.random.default_rng(21)
    sixteenth, bars = 60 * BLOCK, 12
    half = 16 * bars * sixteenth
    verse, chorus = (sum(Band(bars, strict(sixteenth), style).render(half).values()) for style in (ROCK, CHORUS))
    background = np.concatenate([verse, chorus])
    trumpet = solo(56, 2 * bars, sixteenth, rng).render(2 * half)
    return faded({"background": background, "trumpet": at_level(trumpet, background, -2)})


def guitar_drums() -> dict[str, np.ndarray]:
    """A real guitar and a real drum kit, every note a recording: the kick has a pitch, the pick is a click."""
    sixteenth, bars = 6000, 6
    n_samples = 10 * RENDER_SR
    guitar = guitar_loop(bars, sixteenth)[:n_samples]
    drums = drum_kit(bars, sixteenth).render(n_samples)
    return faded({"guitar": guitar, "drums": at_level(drums, guitar, 0)})


def speech_loop() -> dict[str, np.ndarray]:
    """Somebody reads over a loop of guitar and drums of 96000 samples, which is 187.5 hops of 512."""
    sixteenth, bars = 6000, 12
    n_samples = 16 * bars * sixteenth
    guitar = guitar_loop(bars, sixteenth)
    background = guitar + at_level(drum_kit(bars, sixteenth).render(n_samples), guitar, -3)
    speech, start = np.zeros(n_samples), 3 * RENDER_SR
    for number in ("0870", "0880", "0890"):
        sentence = recording(f"{LIBRIVOX}-{number}.wav")[: n_samples - start]
        speech[start : start + len(sentence)] += sentence
        start += len(sentence) + round(0.35 * RENDER_SR)
    return faded({"background": background, "speech": at_level(speech, background, 0)})


def metal_singer() -> dict[str, np.ndarray]:
    """A recorded singer over a recorded band, in stereo: eight bars, in two of which a phrase begins."""
    band = sum(passage("Escape from chaosland", 47, 8))
    bar = band.shape[1] / 8
    voice = np.zeros(band.shape[1])
    for number, first_bar in ((0, 1), (1, 5)):
        # Two thirds of a semitone up the singer is in the song's key.
        before, sung = phrase(number, 0.68)
        start = round(first_bar * bar) - before
        voice[start : start + len(sung)] += sung
    return faded({"background": band, "voice": np.tile(at_level(voice, band, 1), (2, 1))})


def guitar_solo() -> dict[str, np.ndarray]:
    """Eight bars of a recorded band, whose sounds come back at no fixed distance, and its guitar's solo."""
    return faded(dict(zip(("band", "guitar"), mono(*passage("Feelings", 84, 8)), strict=True)))


def guitar_theme() -> dict[str, np.ndarray]:
    """The next eight bars of the same song: the guitar plays its theme, which comes round together with the band."""
    return faded(dict(zip(("band", "guitar"), mono(*passage("Feelings", 92, 8)), strict=True)))


def voice_tabla() -> dict[str, np.ndarray]:
    """A recorded singer and a recorded tabla: most of its strokes ring at a pitch."""
    tabla = recording(f"{SAMPLES}/loop_tabla.flac")
    voice, start = np.zeros(len(tabla)), round(0.8 * RENDER_SR)
    sung = singer()
    voice[start : start + len(sung)] = sung
    return faded({"voice": voice, "tabla": at_level(tabla, voice, 0)}, 0.3)


CLIPS = (
    violin_castanets, guitar_drums, voice_tabla,
    band_trumpet, band_singer, breathing_band, waltz_clarinet, verse_chorus, speech_loop,
    metal_singer, guitar_solo, guitar_theme,
)  # fmt: skip

LIBRIVOX = "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb"
# Three phrases: the bar in which each starts, and its notes as (start and length in sixteenths, MIDI key), one a vowel.
PHRASES = (
    (2, ((0, 2, 64), (2, 4, 69), (6, 4, 72), (10, 2, 71), (14, 2, 69), (16, 6, 67), (22, 3, 69),
         (25, 3, 67), (30, 2, 64), (32, 6, 69), (38, 2, 71), (40, 5, 72), (45, 8, 69))),
    (6, ((4, 2, 67), (6, 6, 72), (12, 4, 74), (16, 4, 76), (22, 2, 74), (24, 5, 72), (29, 3, 71),
         (32, 4, 69), (38, 2, 67), (40, 4, 71), (44, 4, 72), (48, 4, 71), (52, 10, 69))),
    (11, ((0, 2, 69), (2, 3, 72), (5, 3, 74), (8, 8, 76), (18, 2, 74), (20, 4, 72), (24, 4, 74),
          (28, 4, 72), (34, 2, 69), (36, 4, 67), (40, 2, 64), (42, 6, 71), (48, 14, 69))),
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """Two bars of a band: chords and bass lines (start and length in sixteenths, MIDI key), and who drums when."""

    chords: tuple
    bass: tuple
    kick: tuple
    snare: tuple
    cymbal: int  # the key of what is struck every second sixteenth: 42 is the closed hi-hat, 51 the ride


ROCK = Style(
    chords=((57, 60, 64, 67), (53, 57, 60, 64)),
    bass=(((0, 3, 45), (3, 3, 45), (8, 2, 52), (11, 3, 43), (14, 2, 40)),
          ((0, 3, 41), (3, 3, 41), (8, 2, 48), (11, 3, 43), (14, 2, 44))),
    kick=((0, 7, 10), (0, 3, 10)),
    snare=((4, 12), (4, 12)),
    cymbal=42,
)  # fmt: skip
CHORUS = Style(
    chords=((60, 64, 67, 71), (55, 59, 62, 67)),
    bass=(((0, 2, 48), (2, 2, 48), (6, 2, 55), (8, 4, 48), (12, 4, 52)),
          ((0, 2, 43), (2, 2, 43), (6, 2, 50), (8, 4, 43), (12, 4, 47))),
    kick=((0, 4, 8, 12), (0, 4, 8, 12)),
    snare=((4, 10, 12), (4, 12, 15)),
    cymbal=51,
)  # fmt: skip


# Says at which sample a place in the score is played; places are counted in sixteenths.
Clock = Callable[[float], int]


def strict(sixteenth: int) -> Clock:
    """A metronome."""
    return lambda place: int(place * sixteenth)


def breathing(beats: int, beat: int, ramp: float, jitter: float, rng: np.random.Generator) -> Clock:
    """People: from `ramp` slower to `ramp` faster, each beat early or late by `jitter` seconds (standard deviation).

    What is struck between two beats keeps its place between them.
    """
    lengths = beat * (1 + ramp * np.linspace(1, -1, beats))
    at = np.concatenate([[0], np.cumsum(lengths) + jitter * RENDER_SR * rng.standard_normal(beats)])
    return lambda place: int(np.interp(place / 4, np.arange(beats + 1), at))


class Band:
    """Drums, electric piano and bass that play a style's two bars over and over, in four-four time."""

    def __init__(self, bars: int, at: Clock, style: Style):
        self.drums, self.keys, self.bass = Part(0, bank=128, channel=9), Part(4), Part(33, channel=1)

        def play(part: Part, place: float, length: float, key: int, velocity: int) -> None:
            part.note(at(place), at(place + length) - at(place), key, velocity)

        for bar in range(bars):
            first, two = 16 * bar, bar % 2
            for k in range(0, 16, 2):
                open_hat = style.cymbal == 42 and k == 14 and two
                velocity = (92, 64, 80, 66, 90, 64, 82, 70)[k // 2]
                self.drums.note(at(first + k), 2000, 46 if open_hat else style.cymbal, velocity)
            for k in style.kick[two]:
                self.drums.note(at(first + k), 2000, 36, 112 if k == 0 else 98)
            for k in style.snare[two]:
                self.drums.note(at(first + k), 2000, 38, 108)
            for k, length in ((0, 3), (3, 3), (8, 2), (11, 4)):
                for key in style.chords[two]:
                    play(self.keys, first + k, 0.92 * length, key, 74 if k else 84)
            for k, length, key in style.bass[two]:
                play(self.bass, first + k, 0.94 * length, key, 92 if k else 104)

    def render(self, n_samples: int) -> dict[str, np.ndarray]:
        parts = {"drums": (self.drums, 0), "keys": (self.keys, -4), "bass": (self.bass, -1)}
        return {name: 10 ** (db / 20) * part.render(n_samples) for name, (part, db) in parts.items()}


class Waltz(Band):
    """Brushes, accordion and bass in three-four time: one bar of A minor, one of E."""

    def __init__(self, bars: int, sixteenth: int):
        self.drums, self.keys, self.bass = Part(0, bank=128, channel=9), Part(21), Part(32, channel=1)
        for bar in range(bars):
            first, two = 12 * bar * sixteenth, bar % 2
            self.drums.note(first, 2000, 36, 96)
            self.bass.note(first, int(3.6 * sixteenth), (45, 40)[two], 100)
            for k in (4, 8):
                self.drums.note(first + k * sixteenth, 2000, 40, 70 if k == 4 else 84)
                for key in ((57, 60, 64), (56, 59, 64))[two]:
                    self.keys.note(first + k * sixteenth, int(2.2 * sixteenth), key, 76)
            if two:
                self.drums.note(first + 10 * sixteenth, 2000, 42, 80)


def song(bars: int, at: Clock, sixteenth: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The rock band with the singer's three phrases; both keep to the clock."""
    n_samples = at(16 * bars)
    background = sum(Band(bars, at, ROCK).render(n_samples).values())
    voice = np.zeros(n_samples)
    for bar, notes in PHRASES:
        here = at(16 * bar)
        # `sing` has a metronome, so it is told where in its time the notes are.
        places = [(at(16 * bar + start) - here, at(16 * bar + start + length) - here) for start, length, _ in notes]
        notes = [
            (start / sixteenth, (end - start) / sixteenth, key)
            for (start, end), (_, _, key) in zip(places, notes, strict=True)
        ]
        start, sung = sing(notes, sixteenth / RENDER_SR, rng)
        voice[here + start : here + start + len(sung)] += sung[: n_samples - here - start]
    return faded({"background": background, "voice": at_level(voice, background, -3)})


def solo(program: int, bars: int, sixteenth: int, rng: np.random.Generator, beats: int = 16) -> Part:
    """An improvisation in A minor that never repeats; `beats` is how many sixteenths a bar has."""
    part = Part(program, reverb=40)
    scale = (57, 60, 62, 64, 67, 69, 72, 74, 76, 79, 81)
    rhythms = ((2, 2, 4), (3, 3, 2), (6, 2), (4, 2, 2), (1, 1, 2, 4), (2, 1, 1, 4), (8,), (3, 1, 4))
    step, now = 5, beats // 2
    while now < bars * beats - 10:
        for rhythm in (rhythms[int(rng.integers(len(rhythms)))] for _ in range(int(rng.integers(2, 5)))):
            for length in rhythm:
                if now + length > bars * beats - 4:
                    break
                step = int(np.clip(step + rng.integers(-2, 3), 2, len(scale) - 1))
                start, end = now * sixteenth, (now + length) * sixteenth
                held = int((0.94 if length > 1 else 0.8) * (end - start))
                part.note(start, held, scale[step], int(88 + 22 * rng.random()))
                if length >= 2:
                    scoop = 35 if rng.random() < 0.4 else 0
                    part.vibrato(start, end - 4 * BLOCK, rng, depth=28 if length > 2 else 0, scoop=scoop)
                now += length
        now += int(rng.integers(3, 9))
    return part


def drum_kit(bars: int, sixteenth: int) -> Samples:
    """A recorded kit in four-four time, two bars over and over."""
    kit = Samples()
    for bar in range(bars):
        first, two = 16 * bar * sixteenth, bar % 2
        for k in ((0, 6, 8), (0, 3, 10))[two]:
            kit.hit(first + k * sixteenth, "drum_bass_hard", 1.0)
        for k in (4, 12):
            kit.hit(first + k * sixteenth, "drum_snare_hard", 0.9)
        for k in range(0, 16, 2):
            kit.hit(first + k * sixteenth, "drum_cymbal_closed", 0.35 if k % 4 else 0.5)
        for k in (14, 15) if two else ():
            kit.hit(first + k * sixteenth, "drum_tom_mid_soft", 0.5)
    return kit


def guitar_loop(bars: int, sixteenth: int) -> np.ndarray:
    """A recorded chord, played every two bars."""
    chord = recording("/usr/share/sonic-pi/samples/guit_em9.flac")[round(0.18 * RENDER_SR) :]
    length = 2 * 16 * sixteenth
    chord = np.pad(chord, (0, max(0, length - len(chord))))[:length]
    chord[:64] *= np.linspace(0, 1, 64)
    return np.tile(fade_out(chord, 0.1), bars // 2)


def at_level(x: np.ndarray, beside: np.ndarray, decibels: float) -> np.ndarray:
    """x so many dB above the other's mean level; of x only what sounds counts."""
    sounding = np.abs(x) > 0.005 * np.abs(x).max()
    return x * 10 ** (decibels / 20) * rms(beside) / rms(x[sounding])


def mono(*parts: np.ndarray) -> list[np.ndarray]:
    return [part.mean(axis=0) for part in parts]


def rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(x**2)))


def faded(stems: dict[str, np.ndarray], seconds: float = 0.1) -> dict[str, np.ndarray]:
    """The stems, whose last moment fades out, so that none ends with a click."""
    return {name: fade_out(stem, seconds) for name, stem in stems.items()}


def fade_out(x: np.ndarray, seconds: float) -> np.ndarray:
    n = round(seconds * RENDER_SR)
    return np.concatenate([x[..., :-n], x[..., -n:] * np.cos(np.linspace(0, np.pi / 2, n)) ** 2], axis=-1)


def quantise(stems: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], int]:
    """Stems as int16, their exact sum, "mixture", and their rate: RENDER_SR in stereo, CLIP_SR in mono."""
    sr = RENDER_SR if next(iter(stems.values())).ndim == 2 else CLIP_SR
    stems = {
        name: librosa.resample(stem, orig_sr=RENDER_SR, target_sr=sr, res_type="soxr_vhq")
        for name, stem in stems.items()
    }
    gain = PEAK * 32767 / max(np.abs(x).max() for x in (*stems.values(), sum(stems.values())))
    whole = {name: np.round(gain * stem).astype(np.int32) for name, stem in stems.items()}
    whole = {"mixture": sum(whole.values()), **whole}
    return {name: x.astype(np.int16) for name, x in whole.items()}, sr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed clips instead of writing")
    check = parser.parse_args().check
    differing = []
    for make in CLIPS:
        folder = AUDIO / make.__name__
        signals, sr = quantise(make())
        if list(json.loads((folder / "clip.json").read_text(encoding="utf-8"))["stems"]) != list(signals)[1:]:
            raise SystemExit(
                f"{folder / 'clip.json'} names other stems than {make.__name__}() makes: bring them together."
            )
        for name, samples in signals.items():
            path = folder / f"{name}.flac"
            if not check:
                soundfile.write(path, samples.T, sr, subtype="PCM_16")
            elif not np.array_equal(soundfile.read(path, dtype="int16")[0].T, samples):
                differing.append(str(path))
        print(f"{make.__name__}: {', '.join(signals)}")
    if differing:
        print("these differ from what is committed:", *differing)
    elif check:
        print("every sample equals the committed one")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
