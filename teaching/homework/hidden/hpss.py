"""Homework 2: what its marks are made of, and how its broken sounds were made."""

import numpy as np
from grading import course, diagnosis
from grading.compare import alike, array, between
from grading.marking import Parts
from scipy.ndimage import median_filter, uniform_filter

from spectrogramtools import (
    STFT,
    apply_mask,
    binary_masks,
    iSTFT,
    load_clip,
    median_across_frequency,
    median_across_time,
    si_sdr,
    soft_masks,
)

part = Parts()

MISTAKES = ("swapped", "no phase", "binary", "short windows", "long frames", "mean")
CLIPS = ("guitar_drums", "band_trumpet", "waltz_clarinet")
# Seconds of each clip that are handed out.
PASSAGE = (2, 6)


def noise(purpose, n_bins, n_frames):
    return course.random("hpss", purpose).gamma(1.0, size=(n_bins, n_frames))


def odd(purpose, low, high):
    return 2 * int(course.random("hpss", "width", purpose).integers(low // 2, high // 2 + 1)) + 1


def cut(result, where):
    """Some cells of what came back, or nothing."""
    result = array(result)
    return result[where] if result.ndim == 2 else result


# 1 · Build


def medians(name, axis):
    """The parts of one of the two medians."""

    def size(width):
        return (1, width) if axis == 1 else (width, 1)

    def inner(n, half):
        keep = slice(half, n - half)
        return (slice(None), keep) if axis == 1 else (keep, slice(None))

    cell = f"check_{name}"

    @part(cell, weight=3)
    def in_the_middle(student):
        width, A = odd(name, 5, 11), noise(name, 31, 33)
        where = inner(A.shape[axis], width // 2)
        result = array(student.call(name, A, width))
        if result.shape != A.shape:
            return 0.0, f"Noise: the shape is {result.shape}, not {A.shape}."
        return alike(f"Away from the edges, width {width}", result[where], median_filter(A, size(width))[where])

    @part(cell, weight=2)
    def at_the_edges(student):
        width, A = odd(f"{name} edges", 7, 13), noise(f"{name} edges", 15, 14)
        return alike(f"The edges, width {width}", student.call(name, A, width), median_filter(A, size(width)))

    @part(cell)
    def float32(student):
        A = noise(f"{name} float32", 9, 12).astype(np.float32)
        return alike("float32, width 1 and 3", student.call(name, A, 3), median_filter(A, size(3)), -80)


medians("median_time", axis=1)
medians("median_frequency", axis=0)


def two(result):
    """What came back as two masks, or as nothing."""
    result = array(result)
    return result if result.ndim == 3 and len(result) == 2 else np.zeros((2, 0, 0))


@part("check_soft_masks", weight=2)
def soft_values(student):
    H, P = 0.1 + noise("H", 12, 14), 0.1 + noise("P", 12, 14)
    return alike("Power 1.5", student.soft_masks(H, P, 1.5), soft_masks(H, P, power=1.5))


@part("check_soft_masks")
def soft_sum(student):
    H, P = noise("H sum", 8, 9), noise("P sum", 8, 9)
    H[2], P[:, 3] = 0, 0
    masks = two(student.soft_masks(H, P, 2))
    if masks.shape != (2, 8, 9) or not ((masks[0] > 0.5) == (H > P)).all():
        return 0.0, "With zeros among the cells: the masks don't follow H and P."
    return alike("The sum of the masks, with zeros among them", masks.sum(axis=0), np.ones((8, 9)))


@part("check_soft_masks")
def soft_silence(student):
    H, P = np.array([[0, 0, 3.0]]), np.array([[0, 0, 1.0]])
    return alike("Both silent", two(student.soft_masks(H, P, 2))[0], [[0.5, 0.5, 0.9]])


@part("check_soft_masks")
def soft_whisper(student):
    H, P = noise("H low", 5, 6), noise("P low", 5, 6)
    mask = two(student.soft_masks(1e-220 * H, 1e-220 * P, 2))[0]
    return alike("A whisper of 1e-220", mask, soft_masks(H, P, power=2)[0])


@part("check_binary_masks", weight=2)
def binary_values(student):
    H, P = noise("H binary", 11, 12), noise("P binary", 11, 12)
    return alike("No margin", student.binary_masks(H, P, 1.0), binary_masks(H, P))


@part("check_binary_masks", weight=2)
def binary_margin(student):
    H, P = noise("H margin", 11, 12), noise("P margin", 11, 12)
    return alike("A margin of 1.7", student.binary_masks(H, P, 1.7), binary_masks(H, P, margin=1.7))


@part("check_binary_masks")
def binary_ties(student):
    H = np.arange(12.0).reshape(3, 4)
    P = H + np.array([0, 1, 0, -1])
    P[0, 3] = 0
    return alike("Ties, and silence", student.binary_masks(H, P, 1.0), binary_masks(H, P))


# 2 · Twist


def growing(A, widths):
    return np.stack([median_filter(row, width) for row, width in zip(A, widths, strict=True)])


@part("check_growing_median", weight=2)
def one_width(student):
    A, width = noise("one width", 8, 25), odd("one width", 5, 9)
    widths = [width] * 8
    return alike("The same width everywhere", student.growing_median(A, widths), growing(A, widths))


@part("check_growing_median", weight=3)
def growing_widths(student):
    A, widths = noise("growing", 9, 31), [2 * (k // 2) + 3 for k in range(9)]
    return alike("Widths from 3 to 11", student.growing_median(A, widths), growing(A, widths))


@part("check_growing_median")
def any_widths(student):
    A = noise("any", 9, 31)
    widths = (2 * course.random("hpss", "any widths").integers(0, 9, size=9) + 1).astype(np.int64)
    return alike("Widths as an array, in any order", student.growing_median(A, widths), growing(A, widths))


def three(A, H, P, power):
    layers = np.stack([H, P, np.maximum(A - np.maximum(H, P), 0)])
    loudest = layers.max(axis=0)
    raised = (layers / np.where(loudest > 0, loudest, 1)) ** power
    return np.where(loudest > 0, raised / np.where(loudest > 0, raised.sum(axis=0), 1), 1 / 3)


def layers_of(purpose):
    A = noise(f"A {purpose}", 10, 13)
    return A, A * noise(f"H {purpose}", 10, 13), A * noise(f"P {purpose}", 10, 13)


@part("check_three_masks", weight=3)
def three_values(student):
    A, H, P = layers_of("three")
    return alike("Power 1.5", student.three_masks(A, H, P, 1.5), three(A, H, P, 1.5))


@part("check_three_masks", weight=2)
def three_sum(student):
    A, H, P = layers_of("three sum")
    for layer in (A, H, P):
        layer[3] = 0
    masks = array(student.three_masks(A, H, P, 2.0))
    if masks.shape != (3, 10, 13) or not ((masks[0] > masks[1]) == (H > P)).all():
        return 0.0, "With silence among the cells: the three masks don't follow H and P."
    return alike("The sum of the three, with silence among them", masks.sum(axis=0), np.ones((10, 13)))


@part("check_three_masks")
def three_silence(student):
    A, H, P = (np.array([[0, value]]) for value in (6.0, 2.0, 4.0))
    return alike("Silence", student.three_masks(A, H, P, 2.0), three(A, H, P, 2.0))


@part("check_three_masks")
def three_whisper(student):
    A, H, P = layers_of("three low")
    result = student.three_masks(1e-220 * A, 1e-220 * H, 1e-220 * P, 2.0)
    return alike("A whisper of 1e-220", result, three(A, H, P, 2.0))


@part("check_score")
def score(student):
    clip = load_clip("violin_castanets")
    first = int(course.random("hpss", "passage").integers(0, 6 * clip.sr))
    keep = slice(first, first + 160 * 512)
    violin = clip.stems["violin"][keep]
    S = STFT(clip.mixture[keep], 1024, 512, center=True)
    A = np.abs(S)

    def heard(mask):
        return si_sdr(violin, iSTFT(apply_mask(S, mask), 1024, 512, center=True, length=160 * 512))

    mask = two(student.soft_masks(student.median_time(A, 17), student.median_frequency(A, 17), 2))[0]
    if mask.shape != A.shape or not np.isfinite(mask).all() or mask.min() < 0 or mask.max() > 1 + 1e-6:
        return 0.0, "On another passage of the music: there is no mask between 0 and 1."
    best = heard(soft_masks(median_filter(A, (1, 17)), median_filter(A, (17, 1)), power=2)[0])
    plain = heard(np.ones_like(A))
    what = "The violin's SI-SDR on another passage"
    return between(what, heard(np.clip(mask, 0, 1)), plain + 1, best - 0.5)


# 3 · Diagnose

part += diagnosis.parts("hpss", MISTAKES, CLIPS)

WINDOW, HOP, WIDTH = 1024, 256, 31


def broken(mistake, name):
    """The percussive part of a clip, as a program with this mistake makes it; the right one, if it has none of them."""
    y = load_clip(name).mixture[: 12 * 22050]
    longer = 16 if mistake == "long frames" else 1
    S = STFT(y, longer * WINDOW, longer * HOP, center=True)
    A = np.abs(S)
    if mistake == "mean":
        H, P = uniform_filter(A, (1, WIDTH)), uniform_filter(A, (WIDTH, 1))
    else:
        width = 3 if mistake == "short windows" else WIDTH
        H, P = median_across_time(A, width), median_across_frequency(A, width)
    if mistake == "swapped":
        H, P = P, H
    mask = binary_masks(H, P)[1] if mistake == "binary" else soft_masks(H, P, power=2)[1]
    S = apply_mask(S, mask, phase="zero" if mistake == "no phase" else "mixture")
    return diagnosis.equally_loud(iSTFT(S, longer * WINDOW, longer * HOP, center=True, length=len(y)), PASSAGE)
