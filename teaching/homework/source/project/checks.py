"""Checks for homework 4, and the stems' way to disk. They say what is wrong, and decide no mark."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from spectrogramtools import STFT, apply_mask, iSTFT, load_clip, repet_sim_masks, si_sdr
from spectrogramtools.homework import attempt, error_db, say

# What save_stems takes; whoever brings more is asked to cut.
SECONDS = (10, 30)


def masks(function):
    """Two masks, for a pattern, silence, and a few frames; and do they follow what they are given?"""
    rng = np.random.default_rng(5)
    A = np.tile(rng.gamma(0.5, size=(40, 4)) @ rng.gamma(0.5, size=(4, 20)) + 0.05, 6)
    A[::5, 15:35] += 4
    A[:, 71] += 4
    cases = {"a pattern": A, "the same, 9 frames later": np.roll(A, 9, axis=1)}
    cases |= {"silence": np.zeros((40, 120)), "three frames": A[:, :3]}
    found = {}
    for name, given in cases.items():
        result = attempt(function, given)
        if result is None:
            if found:
                print(f"✘ {name}: there are no masks")
            return
        if not two_masks(name, given, result):
            return
        found[name] = result[0].astype(float)
    follow(*list(found.values())[:2], 9)


def two_masks(name, A, result):
    """Shape, range and sum, in one line."""
    if result.shape != (2, *A.shape):
        return say(False, "", f"{name}: the shape is {result.shape}, not {(2, *A.shape)}")
    if result.dtype.kind == "c":
        return say(False, "", f"{name}: the masks are complex; a mask is a real number, the phase stays the mixture's")
    if result.dtype.kind not in "biuf":
        return say(False, "", f"{name}: the masks hold what is no number")
    if not np.isfinite(result).all():
        return say(False, "", f"{name}: the masks hold NaN or infinity: what is 0 / 0?")
    low, high, off = result.min(), result.max(), np.abs(result.sum(axis=0) - 1).max()
    if low < 0 or high > 1 + 1e-6:
        return say(False, "", f"{name}: from {low:.3g} to {high:.3g}, not from 0 to 1")
    return say(off < 1e-6, f"{name}: two masks that sum to one", f"{name}: the masks' sum is off by {off:.3g}")


def follow(first, second, later):
    """Where the same music begins later, do the masks?"""
    stays, moves = (np.sqrt(np.mean((second - mask) ** 2)) for mask in (first, np.roll(first, later, axis=1)))
    why = "the masks stay where they are: they don't follow their input"
    if np.ptp(first) < 1e-6:
        why = "the masks are the same everywhere: is there more in each frame's model than the frame itself?"
    elif stays > 0.03:
        why = "the masks change, but not as the music does: they don't follow their input"
    told = f"where the music begins {later} frames later,"
    say(stays > 0.03 and moves < 0.95 * stays, f"{told} the masks do", f"{told} {why}")


@cache
def passage(name, foreground, first):
    """Fifteen seconds of a clip: mixture, background, spectrogram, and what a plain REPET-SIM reaches."""
    clip = load_clip(name)
    cut = slice(first * clip.sr, (first + 15) * clip.sr)
    y, background = clip.mixture[cut], clip.mixture[cut] - clip.stems[foreground][cut]
    S = STFT(y, 2048, 512, center=True)
    return y, background, S, reached(background, S, repet_sim_masks(np.abs(S), mask="soft", power=2)[0])


def reached(background, S, mask):
    return si_sdr(background, iSTFT(apply_mask(S, mask), 2048, 512, center=True, length=len(background)))


def score(function):
    """On two clips of the course, measured as grading measures on music that nobody has."""
    clips = {
        name: passage(name, *what) for name, what in {"band_singer": ("voice", 0), "speech_loop": ("speech", 0)}.items()
    }
    found = {}
    for name, (_, _, S, _) in clips.items():
        found[name] = attempt(function, np.abs(S))
        if found[name] is None or not two_masks(name, S, found[name]):
            return
    for name, (y, background, S, repet_sim) in clips.items():
        mask, second = np.clip(found[name].astype(float), 0, 1)
        (other,) = (np.clip(found[each][0].astype(float), 0, 1) for each in clips if each != name)
        blind = {
            "the mixture": si_sdr(background, y),
            "your mask for the other clip": reached(background, S, other),
            "your mask's mean over time": reached(background, S, mask.mean(axis=1, keepdims=True) + 0 * mask),
        }
        best = max(blind, key=blind.get)
        nothing, after = blind[best] + 0.5, reached(background, S, mask)
        # Half a decibel stricter than grading: on other music the two may be closer.
        full = max(repet_sim - 1, nothing + 1)
        told = f"{name}: the background has {after:.1f} dB, {best} {blind[best]:.1f} dB"
        if after < nothing < reached(background, S, second):
            why = "the second mask does better: the background comes first"
        elif after < blind["the mixture"] - 0.5:
            why = f"that is worse than the mixture as it is, {blind['the mixture']:.1f} dB"
        elif after < nothing:
            why = "what is reached without looking at this music earns nothing; a mask follows its input"
        else:
            share = (after - nothing) / (full - nothing)
            why = f"about {100 * share:.0f} % of these points, fine for an idea of your own; a plain REPET-SIM gets all"
        say(
            after >= full,
            f"{told}; all points begin at {full:.1f} dB",
            f"{told}; all points begin at {full:.1f} dB: {why}",
        )


def save_stems(y, stems, sr=None, folder="stems"):
    """Write the mixture and its stems as FLAC of 24 bit, and say whether they add up.

    y and the stems have the shape (n_samples,) or (channels, n_samples); sr is the rate that the file was loaded at.
    """
    y, stems, sr = as_they_are(y, stems, sr)
    channels, n_samples = y.shape
    seconds = n_samples / sr
    kept = f"{seconds:.1f} s, {channels} channel{'s' * (channels > 1)} at {sr} Hz"
    say(SECONDS[0] <= seconds <= SECONDS[1] + 1, kept, f"{kept}: choose ten to thirty seconds")
    error = error_db(sum(stems.values()), y)
    say(error < -80, f"the stems add up to the mixture: {error:.0f} dB", f"the stems' sum is off by {error:.1f} dB")
    peaks = {name: float(np.abs(sound).max()) for name, sound in {"mixture": y, **stems}.items()}
    for name, peak in peaks.items():
        say(peak > 1e-4, f"{name}: peak {peak:.2f}", f"{name}: peak {peak:.2g}, this is silence")
    loudest = max(peaks.values())
    if loudest > 1:
        print(
            f"All are written {20 * np.log10(loudest):.1f} dB softer: one of them would clip, and so they still add up."
        )
    gain = 2**23 - 1 if loudest <= 1 else (2**23 - 1) / loudest
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    for name, sound in {"mixture": y, **stems}.items():
        whole = np.round(gain * sound).astype(np.int32) * 256
        soundfile.write(folder / f"{name}.flac", whole.T, sr, subtype="PCM_24")
    print(f"{len(stems) + 1} files are in the folder {folder}: hand it in with this notebook")


def as_they_are(y, stems, sr):
    """What save_stems is given, with channels as rows; or a sentence on why that can't be written."""
    if sr is None:
        raise TypeError("save_stems needs the rate: save_stems(y, stems, sr), with the sr that load_audio gave you.")
    if not isinstance(stems, dict) or not stems:
        raise TypeError('stems is a dict, as in {"background": background, "foreground": foreground}.')
    if not isinstance(sr, int | np.integer) or not 8000 <= sr <= 192_000:
        raise ValueError(f"sr is {sr!r}, but it must be the file's rate in Hz, a whole number from 8000 to 192000.")
    for name in stems:
        if not re.fullmatch(r"[\w -]{1,40}", str(name)) or name == "mixture":
            raise ValueError(f"{name!r} can't be a stem's name: take letters and digits, and not mixture.")
    sounds = {name: sound(value, name) for name, value in {"y": y, **stems}.items()}
    shape = sounds["y"].shape
    for name, found in sounds.items():
        if found.shape != shape:
            raise ValueError(
                f"{name} has the shape {found.shape}, but y has {shape}: the stems are as long as y, with its channels."
            )
    return sounds.pop("y"), sounds, int(sr)


def sound(value, name):
    found = np.atleast_2d(np.asarray(value))
    if found.dtype.kind != "f" or not np.isfinite(found).all():
        raise ValueError(f"{name} holds what is no real, finite sample: full scale is 1.0.")
    if found.ndim > 2 or not 1 <= len(found) <= 2 or found.size == 0:
        raise ValueError(
            f"{name} has the shape {np.shape(value)}, but it must be (n_samples,), or (channels, n_samples) with one "
            "or two channels."
        )
    return found.astype(float)
