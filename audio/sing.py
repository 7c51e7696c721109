"""A voice that sings: one recorded sentence, its vowels stretched to notes and brought to their pitches with WORLD.

The sentence, "He turned sharply, and faced Gregson across the table", is arctic_a0009 of the CMU ARCTIC databases (a
woman's voice, 16 kHz), with the times of its phones. Consonants keep their length, each of the 13 vowels takes a note.

Reference: Morise, Yokomori and Ozawa, "WORLD: a vocoder-based high-quality speech synthesis system for real-time
applications", IEICE Transactions E99-D(7), 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import librosa
import numpy as np
import pyworld
import soundfile
from instruments import RENDER_SR

HERE = Path(__file__).parent / "band_singer"
VOWELS = {"aa", "ae", "ah", "ao", "aw", "ax", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw"}
STEP = 0.005  # seconds from one of WORLD's frames to the next
LEAD = 0.6  # seconds before the first note, for its consonants
LONGEST_CONSONANT = 0.16  # seconds


@lru_cache(maxsize=1)
def sentence() -> tuple:
    """WORLD's pitch, spectral envelope and aperiodicity, the phones as (start, end, name), and the rate."""
    sound, sr = soundfile.read(HERE / "sentence" / "arctic_a0009.flac")
    lines = (HERE / "sentence" / "phones.txt").read_text().splitlines()
    phones = [(float(start), float(end), name) for start, end, name in map(str.split, lines)]
    pitch, times = pyworld.harvest(sound, sr, f0_floor=70, f0_ceil=400)
    pitch = pyworld.stonemask(sound, pitch, times, sr)
    envelope, noise = pyworld.cheaptrick(sound, pitch, times, sr), pyworld.d4c(sound, pitch, times, sr)
    # A singer's formant.
    hertz = np.linspace(0, sr / 2, envelope.shape[1])
    return pitch, envelope * 10 ** (0.35 * np.exp(-(((hertz - 3000) / 700) ** 2))), noise, phones, sr


def sing(notes: Sequence[tuple], sixteenth: float, rng: np.random.Generator) -> tuple[int, np.ndarray]:
    """The sentence sung.

    `notes` are (start and length in sixteenths, MIDI key), one for each vowel; `sixteenth` is in seconds. Returns where
    the sound begins, in samples from the time 0 of the notes (it is negative), and the sound at RENDER_SR.
    """
    pitch, envelope, noise, phones, sr = sentence()
    notes = [(start * sixteenth + LEAD, length * sixteenth, key) for start, length, key in notes]
    anchors, voiced = align(notes, phones)
    times = np.arange(0, notes[-1][0] + notes[-1][1] + 0.8, STEP)
    source = np.interp(times, *np.array(anchors).T) / STEP
    below = np.clip(source, 0, len(pitch) - 2).astype(int)
    part = np.clip(source - below, 0, 1)[:, None]
    spectrum = np.exp((1 - part) * np.log(envelope[below]) + part * np.log(envelope[below + 1]))
    breath = (1 - part) * noise[below] + part * noise[below + 1]
    sounds = pitch[np.clip(np.round(source).astype(int), 0, len(pitch) - 1)] > 0
    for start, end in voiced:
        sounds[(times >= start) & (times <= end)] = True
    hertz = np.where(sounds, 440 * 2 ** ((melody(notes, voiced, times, rng) - 69) / 12), 0)
    voice = pyworld.synthesize(hertz, np.ascontiguousarray(spectrum), np.ascontiguousarray(breath), sr, 1000 * STEP)
    # Before the first consonant and after the last one it is silent.
    t = np.arange(len(voice)) / sr
    voice *= np.interp(t, [anchors[0][0], anchors[0][0] + 0.02, anchors[-1][0], anchors[-1][0] + 0.05], [0, 1, 1, 0])
    return -round(LEAD * RENDER_SR), librosa.resample(voice, orig_sr=sr, target_sr=RENDER_SR, res_type="soxr_vhq")


def align(notes: Sequence[tuple], phones: Sequence[tuple]) -> tuple[list, list]:
    """Which moment of the sentence sounds when, as pairs (sung, spoken) in seconds, and where the vowels lie."""
    vowels = [i for i, (_, _, name) in enumerate(phones) if name in VOWELS]
    if len(vowels) != len(notes):
        raise ValueError(f"there are {len(notes)} notes for {len(vowels)} vowels: give each vowel one.")

    def length(some: Sequence[tuple]) -> float:
        return sum(min(end - start, LONGEST_CONSONANT) for start, end, name in some if name != "pau")

    first = [phone for phone in phones[: vowels[0]] if phone[2] != "pau"]
    anchors, voiced = [(notes[0][0] - length(first), first[0][0])], []
    for k, i in enumerate(vowels):
        begin, held, _ = notes[k]
        between = phones[i + 1 : vowels[k + 1]] if k + 1 < len(vowels) else phones[i + 1 :]
        until = begin + held
        if k + 1 < len(vowels):  # its consonants lead to the next note
            until = min(until, notes[k + 1][0] - length(between))
        until = max(until, begin + 0.05)
        spoken, ends, _ = phones[i]
        # The middle of the vowel is what is stretched.
        soft = min(0.06, 0.3 * (until - begin))
        inside = (spoken + 0.25 * (ends - spoken), spoken + 0.8 * (ends - spoken))
        anchors += [(begin, spoken), (begin + soft, inside[0]), (until - soft, inside[1]), (until, ends)]
        voiced.append((begin, until))
        now = until
        for start, end, name in between:
            if name != "pau":
                now += min(end - start, LONGEST_CONSONANT)
                anchors.append((now, end))
    return anchors, voiced


def melody(notes: Sequence[tuple], voiced: Sequence[tuple], times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The pitch at each moment as a MIDI key: glides from note to note, vibrato on long ones, and a little drift."""
    key = np.full(len(times), float(notes[0][2]))
    for (_, _, before), (start, _, after) in pairwise(notes):
        key += (after - before) / (1 + np.exp(-(times - start + 0.01) / 0.014))
    for start, end in voiced:
        inside = (times >= start) & (times < end)
        t = times[inside] - start
        if end - start > 0.3:
            rate = 5.5 + 0.2 * rng.standard_normal()
            grows, fades = np.clip((t - 0.18) / 0.25, 0, 1), np.clip((end - times[inside]) / 0.06, 0, 1)
            key[inside] += 0.42 * grows * fades * np.sin(2 * np.pi * rate * (t - 0.18))
        if rng.random() < 0.6:  # now and then it slides up to the note
            key[inside] -= 0.5 * np.exp(-t / 0.04)
    drift = np.convolve(np.cumsum(rng.standard_normal(len(times))), np.ones(60) / 60, "same")
    drift -= np.convolve(drift, np.ones(400) / 400, "same")
    return key + 0.08 * drift / drift.std()
