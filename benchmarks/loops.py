"""Seeded loops of known period under a wandering voice: what REPET is scored on.

Each mixture is a loop of drums, bass and chords, repeated sample by sample, and a singing voice that never repeats. A
seed decides tempo, metre, pattern, instruments and all else, so loop 17 is the same everywhere. Five kinds take turns:

- plain: the loop, six times or more
- swing: its off-beats come late
- nested: its second half differs from the first only a little, so half the period nearly repeats
- few: the clip holds hardly more than three repetitions
- fade: the loop fades by 12 dB over the clip

Even seeds are for tuning, odd seeds for reporting; a score is quoted from the odd ones only.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

SR = 22050
KINDS = ("plain", "swing", "nested", "few", "fade")
TUNING, REPORTING = range(0, 80, 2), range(1, 80, 2)
LEVELS = (-5, 0, 5)  # of the voice over the loop, in dB
TAIL = 2 * SR  # samples for which a sound may ring


@dataclass(frozen=True)
class Loop:
    """Stems of shape (n_samples,), whose sum is the mixture; the period in samples is the shortest true one."""

    kind: str
    period: int
    background: np.ndarray
    voice: np.ndarray

    def mixture(self, level_db):
        """The loop and the voice, level_db louder than it; gives background, voice and their sum."""
        gain = 10 ** (level_db / 20) * np.std(self.background) / np.std(self.voice)
        return self.background, gain * self.voice, self.background + gain * self.voice


def make_loop(seed):
    """Loop number `seed`, the same each time."""
    rng = np.random.default_rng(seed)
    kind = KINDS[(seed // 2) % len(KINDS)]
    beats = int(rng.choice([2, 3, 4, 4]))
    seconds = rng.uniform(1.0, 4.0) if beats > 2 else rng.uniform(1.0, 2.2)
    period = round(seconds * SR)
    repetitions = rng.uniform(3.1, 3.6) if kind == "few" else rng.uniform(6, 12)
    n = round(min(30 * SR, repetitions * period))
    one = _one_period(rng, period, beats, kind)
    background = np.tile(one, -(-n // period))[:n]
    if kind == "fade":
        background = background * 10 ** (np.linspace(0, -12, n) / 20)
    return Loop(kind, period, background / np.std(background) * 0.1, voice(rng, n))


def make_played(seed, ramp=0.0, jitter=0.0):
    """Loop number `seed` played anew: each stroke at its own time, at its own pitch.

    The tempo goes from `ramp` slower to `ramp` faster (0.04: from 96 to 104 %), and each beat comes early or late by
    `jitter` of a beat (the standard deviation). What is struck between two beats keeps its place between them. It is
    always the plain kind, eight repetitions or more.
    """
    rng = np.random.default_rng(seed)
    beats = int(rng.choice([2, 3, 4, 4]))
    period = round((rng.uniform(1.0, 4.0) if beats > 2 else rng.uniform(1.0, 2.2)) * SR)
    repetitions = rng.uniform(8, 12)
    n = round(min(30 * SR, repetitions * period))
    events = _events(rng, period, beats, "plain")
    hand = np.random.default_rng([seed, 1])
    n_beats = beats * (n // period + 2)
    place = np.arange(n_beats + 1) / n_beats
    slower = 1 + ramp * (1 - 2 * place[:-1])  # the length of a beat, beside its usual one
    at = np.concatenate([[0], np.cumsum(slower * period / beats)])
    at += jitter * period / beats * np.concatenate([[0], hand.standard_normal(n_beats)])
    background = np.zeros(n + 3 * SR)
    for repetition in range(n // period + 2):
        for start, sound, gain in events:
            when = round(float(np.interp(repetition * beats + start * beats / period, np.arange(n_beats + 1), at)))
            if 0 <= when < n:
                background[when : when + len(sound)] += gain * sound
    background = background[:n]
    return Loop("played", period, background / np.std(background) * 0.1, voice(rng, n))


def make_resampled(seed, ramp):
    """The exact loop of `make_played`, run from `ramp` slower to `ramp` faster, as a tape would: pitch changes too."""
    from scipy.interpolate import CubicSpline

    loop = make_played(seed)
    n = len(loop.background)
    where = np.cumsum(1 - ramp + 2 * ramp * np.arange(n) / n)
    background = CubicSpline(np.arange(n), loop.background)(np.minimum(where, n - 1))
    return Loop("resampled", loop.period, background, loop.voice)


def _one_period(rng, period, beats, kind):
    """Drums, bass and chords over one period; what rings beyond its end comes round to its beginning."""
    out = np.zeros(period + TAIL)
    for start, sound, gain in _events(rng, period, beats, kind):
        out[start : start + len(sound)] += gain * sound
    one = out[:period].copy()
    for start in range(period, len(out), period):
        rest = out[start : start + period]
        one[: len(rest)] += rest
    return one


def _events(rng, period, beats, kind):
    """What is struck in one period: where, the sound, and how loud."""
    steps = 4 * beats
    late = 0.33 if kind == "swing" else 0.0
    starts = [round((k + late * (k % 2)) * period / steps) for k in range(steps)]
    events = []

    def add(start, sound, gain):
        events.append((start, sound[:TAIL], gain))

    kick, snare, hat = _kick(rng), _snare(rng), _hat(rng)
    half = steps // 2
    kicks = rng.random(steps) < 0.25
    if kind == "nested":
        kicks[half : 2 * half] = kicks[:half]
    for k, start in enumerate(starts):
        add(start, hat, rng.choice([0.25, 0.4]) if kind != "nested" else (0.3, 0.4)[k % 2])
        if k % 8 == 4:
            add(start, snare, 0.7)
        if k == 0 or kicks[k]:
            add(start, kick, 1.0)
    root = rng.uniform(45, 80)
    scale = np.array([0, 3, 5, 7, 10, 12])
    notes = rng.choice(scale, beats)
    chords = [rng.choice(scale, 3, replace=False) for _ in range(max(1, beats // 2))]
    if kind == "nested":  # one bass note and the last chord tell the halves apart
        notes[: beats // 2] = notes[beats // 2 : 2 * (beats // 2)]
        notes[-1] = notes[0] + 2
    for b in range(beats):
        add(starts[4 * b], _bass(root * 2 ** (notes[b] / 12), period / beats / SR), 0.6)
    for c, chord in enumerate(chords):
        for step in chord:
            add(starts[8 * c], _pluck(4 * root * 2 ** (step / 12), 1.5), 0.25)
    return events


def _kick(rng):
    t = np.arange(int(0.25 * SR)) / SR
    return np.sin(2 * np.pi * (50 * t + rng.uniform(3, 6) * (1 - np.exp(-t / 0.02)))) * np.exp(-t / 0.08)


def _snare(rng):
    t = np.arange(int(0.2 * SR)) / SR
    return (0.6 * rng.standard_normal(len(t)) + np.sin(2 * np.pi * 190 * t)) * np.exp(-t / 0.06)


def _hat(rng):
    t = np.arange(int(0.08 * SR)) / SR
    highpass = butter(2, 6000, "high", fs=SR, output="sos")
    return sosfilt(highpass, rng.standard_normal(len(t))) * np.exp(-t / 0.015)


def _bass(frequency, seconds):
    t = np.arange(int(seconds * SR)) / SR
    wave = sum(np.sin(2 * np.pi * k * frequency * t) / k**1.5 for k in range(1, 6))
    return wave * np.exp(-t / 0.4) * np.minimum(1, np.minimum(t, t[::-1]) / 0.01)


def _pluck(frequency, seconds):
    t = np.arange(int(seconds * SR)) / SR
    return sum(np.sin(2 * np.pi * k * frequency * t) * np.exp(-t * k / 0.5) / k for k in range(1, 8)) * np.minimum(
        1, t / 0.003
    )


def voice(rng, n):
    """Phrases of gliding, trembling notes with formants and breath, and rests between them."""
    t = np.arange(n) / SR
    pitch, loud = np.zeros(n), np.zeros(n)
    at, note = 0, rng.uniform(52, 64)
    while at < n:
        length = int(rng.uniform(0.15, 0.9) * SR)
        note = np.clip(note + rng.choice([-5, -3, -2, -1, 1, 2, 3, 5]), 48, 72)
        pitch[at : at + length] = note
        loud[at : at + length] = rng.uniform(0.5, 1) * (rng.random() > 0.2)
        at += length
    smooth = butter(1, 8, fs=SR, output="sos")
    pitch = sosfilt(smooth, pitch - pitch[0]) + pitch[0] + 0.3 * np.sin(2 * np.pi * rng.uniform(5, 6) * t)
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / SR
    frequency = np.gradient(phase) * SR / 2 / np.pi
    formants = [(rng.uniform(400, 800), 120), (rng.uniform(1000, 1800), 180), (2700, 300)]
    wave = np.zeros(n)
    for k in range(1, 16):
        at_hz = k * frequency
        gain = sum(1 / (1 + ((at_hz - f) / width) ** 2) for f, width in formants)
        wave += np.where(at_hz < 0.45 * SR, gain / k**0.5, 0) * np.sin(k * phase)
    breath = sosfilt(butter(2, [2000, 8000], "band", fs=SR, output="sos"), rng.standard_normal(n))
    return (wave + 0.08 * breath) * sosfilt(smooth, loud)
