"""Homework 4: what the marks for its function are made of. The rest is read and heard by a person, see rubrics.md."""

import numpy as np
from grading import course
from grading.compare import array, between
from grading.marking import Parts

from spectrogramtools import STFT, apply_mask, iSTFT, load_clip, repet_sim_masks, si_sdr

part = Parts()


def sums_to_one(what, A, result):
    result = array(result)
    if result.shape != (2, *A.shape):
        return 0.0, f"{what}: the shape is {result.shape}, not {(2, *A.shape)}."
    if not np.isfinite(result).all() or result.min() < -1e-6 or result.max() > 1 + 1e-6:
        return 0.0, f"{what}: the masks leave 0 to 1."
    off = float(np.abs(result.sum(axis=0) - 1).max())
    if off > 1e-5:
        return 0.0, f"{what}: the masks sum to one only within {off:.3g}."
    if A.any() and A.shape[1] > 50 and np.ptp(result[0]) < 0.1:
        return 0.0, f"{what}: the masks are the same everywhere."
    return 1.0, f"{what}: two masks that sum to one."


@part("check_masks", weight=2)
def of_noise(student):
    A = course.random("project", "noise").gamma(1.0, size=(60, 200))
    return sums_to_one("Noise", A, student.masks(A))


@part("check_masks")
def of_silence(student):
    A = course.random("project", "half silent").gamma(1.0, size=(60, 150))
    A[:, 60:90] = 0
    return sums_to_one("Music with a silence in it", A, student.masks(A))


@part("check_masks")
def of_few_frames(student):
    first = sums_to_one(
        "Noise", *[(A := np.abs(course.random("project", "n").normal(size=(30, 90)))), student.masks(A)]
    )
    if first[0] == 0:
        return first
    A = course.random("project", "few").gamma(1.0, size=(60, 4))
    return sums_to_one("Four frames", A, student.masks(A))


def on(student, name, foreground):
    clip = load_clip(name)
    first = int(course.random("project", name).integers(0, 8 * clip.sr))
    keep = slice(first, first + 700 * 512)
    y = clip.mixture[keep]
    background = y - clip.stems[foreground][keep]
    S = STFT(y, 2048, 512, center=True)
    A = np.abs(S)

    def heard(mask):
        return si_sdr(background, iSTFT(apply_mask(S, mask), 2048, 512, center=True, length=len(y)))

    found = array(student.masks(A))
    plain, full = si_sdr(background, y), heard(repet_sim_masks(A)[0])
    if sums_to_one("", A, found)[0] == 0:
        return 0.0, f"On {name}: there are no two masks that sum to one."
    return between(f"The background's SI-SDR on {name}", heard(np.clip(found[0], 0, 1)), plain + 0.5, full - 1)


@part("check_score")
def on_a_singer(student):
    return on(student, "band_singer", "voice")


@part("check_score")
def on_speech(student):
    return on(student, "speech_loop", "speech")
