"""Homework 4: what the marks for its function are made of. The rest is read and heard by a person, see rubrics.md.

The music is made from the course's number, so that nobody has it. And all that is earned is what a mask owes to the
music: whatever it would reach without having looked, earns nothing.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import soxr
from grading import course
from grading.compare import Found, array, between
from grading.marking import Parts

from spectrogramtools import STFT, apply_mask, iSTFT, load_clip, si_sdr, similar_frames, soft_masks

part = Parts()

# Fifteen seconds in hops.
N_FRAMES = 646
LENGTH = 512 * (N_FRAMES - 1)
# What repeats in the course's clips, and what may come over it: clip and stems.
LOOPS = {
    "band_trumpet": ("drums", "keys_bass"),
    "verse_chorus": ("background",),
    "breathing_band": ("background",),
    "speech_loop": ("background",),
}
SOLOISTS = {"band_singer": "voice", "speech_loop": "speech", "guitar_solo": "guitar"}
# What a mask changes by on average, if it looks at all.
LITTLE = 0.03
# Masks that move with the music come nearer to it than those that stay; for random ones it is as far.
CLOSER = 0.95


def strange(what, A, result):
    """Why these are no two masks for A; nothing if they are."""
    if result.shape != (2, *A.shape):
        return f"{what}: the shape is {result.shape}, not {(2, *A.shape)}."
    if result.dtype.kind == "c":
        return f"{what}: the masks are complex; a mask is a real number, from 0 to 1."
    if not np.isfinite(result).all():
        return f"{what}: the masks hold NaN or infinity."
    if result.min() < -1e-6 or result.max() > 1 + 1e-6:
        return f"{what}: the masks leave 0 to 1."
    off = float(np.abs(result.sum(axis=0, dtype=float) - 1).max())
    return f"{what}: the masks sum to one only within {off:.3g}." if off > 1e-5 else ""


def pattern_and_events(purpose, n_bins, repetitions):
    """A pattern of four sounds that repeats, under tones and strokes that come once."""
    rng = course.random("project", purpose)
    period = int(rng.integers(18, 26))
    pattern = rng.gamma(0.5, size=(n_bins, 4)) @ rng.gamma(0.5, size=(4, period))
    A = np.tile(pattern + 0.05 * rng.gamma(1.0, size=pattern.shape), repetitions)
    n_frames = A.shape[1]
    for _ in range(3):
        first = int(rng.integers(n_frames - 20))
        A[rng.choice(n_bins, n_bins // 6, replace=False), first : first + 20] += 4
        A[:, int(rng.integers(n_frames))] += 4
    return A


def follow(what, student, A):
    """Two masks that sum to one. Where the same music begins later, they begin later; nothing else follows its input:
    no equaliser, no other pattern, nothing random."""
    later = int(course.random("project", what, "later").integers(7, 14))
    first, second = (array(student.masks(given)) for given in (A, np.roll(A, later, axis=1)))
    for found in (first, second):
        if why := strange(what, A, found):
            return Found(0.0, why)
    # Masks of True and False can't be subtracted.
    first, second = first[0].astype(float), second[0].astype(float)
    stays = rms(second - first)
    if stays < LITTLE:
        return Found(0.0, f"{what}: the masks hardly change when the music begins {later} frames later.")
    if rms(second - np.roll(first, later, axis=1)) > CLOSER * stays:
        return Found(0.0, f"{what}: when the music begins {later} frames later, the masks don't.")
    return Found(1.0, f"{what}: two masks that sum to one and follow the music.")


def rms(x):
    return float(np.sqrt(np.mean(np.square(x, dtype=float))))


@part("check_masks", weight=2)
def of_a_pattern(student):
    return follow("Tones and strokes over a pattern", student, pattern_and_events("pattern", 60, 9))


@part("check_masks")
def of_silence(student):
    A = pattern_and_events("half silent", 60, 7)
    A[:, 60:85] = 0
    return follow("Music with a silence in it", student, A)


@part("check_masks")
def of_few_frames(student):
    longer = follow("More than four frames", student, pattern_and_events("more", 30, 6))
    if longer.share == 0:
        return longer
    A = course.random("project", "few").gamma(1.0, size=(60, 4))
    why = strange("Four frames", A, array(student.masks(A)))
    return Found(0.0, why) if why else Found(1.0, "Four frames: two masks that sum to one.")


def played(y, rng):
    """A passage of a clip, up to a quarter of an octave higher or lower, and faster or slower with it."""
    sr = round(22050 * 2 ** rng.uniform(-0.25, 0.25))
    y = soxr.resample(y, sr, 22050)
    first = int(rng.integers(len(y)))
    # A clip that is shorter comes round.
    return np.resize(np.roll(y, -first), LENGTH).astype(float)


@dataclass
class Music:
    """A background under a soloist, and what a plain REPET-SIM makes of it."""

    name: str
    background: np.ndarray
    y: np.ndarray

    def __post_init__(self):
        self.S = STFT(self.y, 2048, 512, center=True)
        self.A = np.abs(self.S)
        self.nothing = si_sdr(self.background, self.y)
        self.repet_sim = self.reached(plain_repet_sim(self.A))

    def reached(self, mask):
        return si_sdr(self.background, iSTFT(apply_mask(self.S, mask), 2048, 512, center=True, length=LENGTH))


def plain_repet_sim(A):
    """The most similar frames, each the best within a second to both sides; their median; the soft mask."""
    unit = A / np.maximum(np.linalg.norm(A, axis=0), 1e-12)
    peaks = similar_frames(unit.T @ unit, distance_frames=44)
    model = np.stack([np.median(A[:, frames], axis=1) for frames in peaks], axis=1)
    return soft_masks(np.minimum(model, A), A - np.minimum(model, A), power=2)[0]


@cache
def music(number):
    """Three pieces of the course with this number."""
    rng = course.random("project", "music", number)
    loops, pieces = rng.permutation(list(LOOPS)), []
    while any(loop == soloist for loop, soloist in zip(loops, SOLOISTS, strict=False)):  # no clip under itself
        loops = rng.permutation(list(LOOPS))
    for loop, soloist in zip(loops, SOLOISTS, strict=False):
        piece = drawn(loop, soloist, rng)
        while piece.repet_sim < piece.nothing + 3:  # a passage on which there is little to gain
            piece = drawn(loop, soloist, rng)
        pieces.append(piece)
    return pieces


def drawn(loop, soloist, rng):
    stems = load_clip(loop).stems
    background = played(sum(stems[name] for name in LOOPS[loop]), rng)
    over = played(load_clip(soloist).stems[SOLOISTS[soloist]], rng)
    over *= 10 ** (rng.uniform(-2, 1) / 20) * np.std(background) / np.std(over)
    return Music(f"{loop} under {SOLOISTS[soloist]}", background, background + over)


# Three parts ask, one after the other.
@lru_cache(maxsize=1)
def separated(student):
    return [array(student.masks(piece.A)) for piece in music(course.number())]


def on_music(student, place):
    """From what a mask would reach without looking to what a plain REPET-SIM reaches, 1.5 dB below it: so much more or
    less are two such programs worth that differ in how they compare frames."""
    piece, found = music(course.number())[place], separated(student)
    for each, result in zip(music(course.number()), found, strict=True):
        if why := strange(f"On {each.name}", each.A, result):
            return Found(0.0, why)
    mask, other = (np.clip(found[i][0].astype(float), 0, 1) for i in (place, (place + 1) % len(found)))
    shuffled = course.random("project", "frames").permutation(mask.shape[1])
    blind = {
        "the mixture": piece.nothing,
        "your mask for other music": piece.reached(other),
        "your mask's mean over time": piece.reached(np.broadcast_to(mask.mean(axis=1, keepdims=True), mask.shape)),
        "your mask's frames in another order": piece.reached(mask[:, shuffled]),
    }
    best = max(blind, key=blind.get)
    nothing = blind[best] + 0.5
    found = between(
        f"The background's SI-SDR, {piece.name}", piece.reached(mask), nothing, max(piece.repet_sim - 1.5, nothing + 1)
    )
    return Found(found.share, f"{found.sentence} ({best[0].upper()}{best[1:]} has {blind[best]:.1f} dB.)")


@part("check_score")
def on_the_first(student):
    return on_music(student, 0)


@part("check_score")
def on_the_second(student):
    return on_music(student, 1)


@part("check_score")
def on_the_third(student):
    return on_music(student, 2)
