"""Homework 2: what its marks are made of, and how its broken sounds were made."""

import numpy as np
from grading import course, diagnosis
from grading.compare import ALIKE, Classic, Leaning, alike, array, between
from grading.marking import Parts
from scipy.ndimage import maximum_filter, median_filter, minimum_filter, uniform_filter

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

MEAN = Classic("the mean, not the median", "lecture 4, section 3")
SMALLEST = Classic("the smallest of a window, not the middle one", "lecture 4, section 3")
LARGEST = Classic("the largest of a window, not the middle one", "lecture 4, section 3")
HALF = Classic("a width to each side, not in all", "lecture 4, section 4")
AXIS = Classic("the median along the other axis", "lecture 4, section 9")
OFF = Classic("windows that begin or end with their cell", "lecture 4, section 4")
ZEROS = Classic("zeros beyond the edges", "lecture 5, section 6")
EDGES = Classic("edges that are not mirrored with their last cell", "lecture 4, section 4")


def window(width, axis, across=1):
    return (across, width) if axis == 1 else (width, across)


def classic_medians(A, width, axis):
    """Classic mistakes, each with what it makes of A."""
    own = window(width, axis)
    return [
        (MEAN, uniform_filter(A, own)),
        (SMALLEST, minimum_filter(A, own)),
        (LARGEST, maximum_filter(A, own)),
        (HALF, median_filter(A, window(2 * width + 1, axis))),
        (AXIS, median_filter(A, window(width, 1 - axis))),
        *((OFF, median_filter(A, own, origin=window(by, axis, 0))) for by in (-(width // 2), width // 2)),
        (ZEROS, median_filter(A, own, mode="constant")),
        *((EDGES, median_filter(A, own, mode=mode)) for mode in ("mirror", "nearest", "wrap")),
        (EDGES, cut_short(A, width, axis)),
    ]


def cut_short(A, width, axis):
    """Medians of what there is, with shorter windows at the edges."""
    A, half = np.moveaxis(A, axis, 0), width // 2
    medians = [np.median(A[max(i - half, 0) : i + half + 1], axis=0) for i in range(len(A))]
    return np.moveaxis(np.array(medians), 0, axis)


def with_median_time(student, A, width):
    """What median_frequency gives, if it calls median_time."""
    return array(student.median_time(A.T, width)).T


def medians(name, axis):
    """The parts of one of the two medians."""

    def inner(n, half):
        keep = slice(half, n - half)
        return (slice(None), keep) if axis == 1 else (keep, slice(None))

    def ask(student, what, A, width, where=(), limit=ALIKE):
        result = array(student.call(name, A, width))
        if result.shape == A.shape:
            result = result[where]
        known = [(classic, gives[where]) for classic, gives in classic_medians(A, width, axis)]
        leaning = Leaning(student, "median_time", lambda: cut(with_median_time(student, A, width), where))
        right = median_filter(A, window(width, axis))[where]
        return alike(what, result, right, limit, known, leaning if axis == 0 else None)

    cell = f"check_{name}"

    @part(cell, weight=3)
    def in_the_middle(student):
        width, A = odd(name, 5, 11), noise(name, 31, 33)
        where = inner(A.shape[axis], width // 2)
        return ask(student, f"Away from the edges, width {width}", A, width, where)

    @part(cell, weight=2)
    def at_the_edges(student):
        width, A = odd(f"{name} edges", 7, 13), noise(f"{name} edges", 15, 14)
        return ask(student, f"The edges, width {width}", A, width)

    @part(cell)
    def float32(student):
        A = noise(f"{name} float32", 9, 12).astype(np.float32)
        one = ask(student, "float32, width 1", A, 1, limit=-80)
        return ask(student, "float32, width 5", A, 5, limit=-80) if one.share == 1 else one


medians("median_time", axis=1)
medians("median_frequency", axis=0)

POWER = Classic("another power than the one that is given", "lecture 5, section 4")
DECISION = Classic("a decision, not a share", "lecture 5, section 4")
WHOLE = Classic("a power of the share, not of the medians", "lecture 5, section 4")
SWAPPED = Classic("the two masks in each other's place", "lecture 5, section 2")
NO_ANSWER = Classic("0 / 0, which has no answer", "lecture 5, section 2")


def two(result):
    """What came back as two masks, or as nothing."""
    result = array(result)
    return result if result.ndim == 3 and len(result) == 2 else np.zeros((2, 0, 0))


def soft(student, what, H, P, power):
    right = np.array(soft_masks(H, P, power=power))
    share = soft_masks(H, P, power=1)[0] ** power
    known = [
        *((POWER, np.array(soft_masks(H, P, power=other))) for other in {1, 2} - {power}),
        (DECISION, np.array(binary_masks(H, P), float)),
        (WHOLE, np.array([share, 1 - share])),
        (SWAPPED, right[::-1]),
    ]
    return alike(what, student.soft_masks(H, P, power), right, known=known)


@part("check_soft_masks", weight=2)
def soft_values(student):
    H, P = 0.1 + noise("H", 12, 14), 0.1 + noise("P", 12, 14)
    return soft(student, "Power 1.5", H, P, 1.5)


@part("check_soft_masks")
def soft_zeros(student):
    H, P = 0.1 + noise("H sum", 8, 9), 0.1 + noise("P sum", 8, 9)
    H[2, 3:], P[2, :3], P[5] = 0, 0, 0
    return soft(student, "Power 3, with one of the two 0 in places", H, P, 3)


@part("check_soft_masks")
def soft_silence(student):
    H, P = np.array([[0, 0, 3.0]]), np.array([[0, 0, 1.0]])
    masks = two(student.soft_masks(H, P, 2))
    if masks.size and np.isnan(masks[0]).any():
        return 0.0, f"Both silent: the mask is {masks[0, 0, 0]:g}, not 0.5. {NO_ANSWER}", NO_ANSWER.title
    return alike("Both silent", masks[0], [[0.5, 0.5, 0.9]])


@part("check_soft_masks", weight=2)
def soft_whisper(student):
    # Loud in places: a scale for the whole is not enough.
    H, P = noise("H low", 5, 6), noise("P low", 5, 6)
    H[1:], P[1:] = 1e-220 * H[1:], 1e-220 * P[1:]
    return soft(student, "A whisper of 1e-220 below a loud row", H, P, 2)


NO_MARGIN = Classic("masks without their margin", "lecture 5, section 5")
SUM = Classic("masks that are made to sum to one, though a margin leaves a rest", "lecture 5, section 5")
EASIER = Classic("a margin that makes it easier, not harder", "lecture 5, section 5")
TIE = Classic("a tie that belongs to both, or to neither", "lecture 5, section 5")


def binary(student, what, H, P, margin, ties=()):
    right = np.array(binary_masks(H, P, margin=margin), float)
    none, easier = np.array(binary_masks(H, P), float), np.array([margin * H >= P, margin * P > H], float)
    known = (
        *((NO_MARGIN, masks) for masks in (none, [right[0], none[1]], [none[0], right[1]])),
        (SUM, [right[0], 1 - right[0]]),
        *((EASIER, masks) for masks in (easier, [right[0], easier[1]], [easier[0], right[1]])),
        *ties,
    )
    return alike(what, student.binary_masks(H, P, margin), right, known=known)


@part("check_binary_masks")
def binary_values(student):
    return binary(student, "No margin", noise("H binary", 11, 12), noise("P binary", 11, 12), 1.0)


@part("check_binary_masks", weight=3)
def binary_margin(student):
    return binary(student, "A margin of 1.7", noise("H margin", 11, 12), noise("P margin", 11, 12), 1.7)


@part("check_binary_masks", weight=2)
def binary_ties(student):
    H = np.arange(12.0).reshape(3, 4)
    P = H + np.array([0, 1, 0, -1])
    P[0, 3] = 0
    ties = ((TIE, np.array([H >= P, P >= H], float)), (TIE, np.array([H > P, P > H], float)))
    return binary(student, "Ties, and silence", H, P, 1.0, ties)


# 2 · Twist

ONE_WIDTH = Classic("one width for all rows", "lecture 5, section 9")


def growing(A, widths, middle=median_filter, **more):
    return np.stack([middle(row, int(width), **more) for row, width in zip(A, widths, strict=True)])


def each_row(student, what, A, widths):
    known = [
        *((ONE_WIDTH, median_filter(A, (1, int(widths[k])))) for k in (0, -1)),
        (MEAN, growing(A, widths, uniform_filter)),
        (SMALLEST, growing(A, widths, minimum_filter)),
        (ZEROS, growing(A, widths, mode="constant")),
        *((EDGES, growing(A, widths, mode=mode)) for mode in ("mirror", "nearest", "wrap")),
    ]

    def with_theirs():
        return np.concatenate([array(student.median_time(A[k : k + 1], width)) for k, width in enumerate(widths)])

    leaning = Leaning(student, "median_time", with_theirs)
    return alike(what, student.growing_median(A, widths), growing(A, widths), known=known, leaning=leaning)


@part("check_growing_median")
def one_width(student):
    A, width = noise("one width", 8, 25), odd("one width", 5, 9)
    return each_row(student, "The same width everywhere", A, [width] * 8)


@part("check_growing_median", weight=2)
def growing_widths(student):
    return each_row(student, "Widths from 3 to 11", noise("growing", 9, 31), [2 * (k // 2) + 3 for k in range(9)])


@part("check_growing_median", weight=2)
def any_widths(student):
    widths = (2 * course.random("hpss", "any widths").integers(0, 9, size=9) + 1).astype(np.int64)
    return each_row(student, "Widths as an array, in any order", noise("any", 9, 31), widths)


BELOW = Classic("a rest of less than nothing where H or P is larger than A", "lecture 5, section 5")
BOTH = Classic("a rest from which both are taken away", "lecture 5, section 5")


def three_of(H, P, R, power):
    layers = np.stack([H, P, R])
    loudest = np.abs(layers).max(axis=0)
    raised = np.abs(layers / np.where(loudest > 0, loudest, 1)) ** power
    return np.where(loudest > 0, raised / np.where(loudest > 0, raised.sum(axis=0), 1), 1 / 3)


def three(student, what, A, H, P, power):
    rest = A - np.maximum(H, P)
    right = three_of(H, P, np.maximum(rest, 0), power)
    known = [
        (BELOW, three_of(H, P, rest, power)),
        (BOTH, three_of(H, P, np.maximum(A - H - P, 0), power)),
        (BOTH, three_of(H, P, A - H - P, power)),
        (BOTH, three_of(H, P, np.maximum(A - np.minimum(H, P), 0), power)),
        *((POWER, three_of(H, P, np.maximum(rest, 0), other)) for other in {1, 2} - {power}),
        (SWAPPED, right[[1, 0, 2]]),
    ]
    return alike(what, student.three_masks(A, H, P, power), right, known=known)


def layers_of(purpose):
    A = noise(f"A {purpose}", 10, 13)
    return A, A * noise(f"H {purpose}", 10, 13), A * noise(f"P {purpose}", 10, 13)


@part("check_three_masks", weight=3)
def three_values(student):
    return three(student, "Power 1.5", *layers_of("three"), 1.5)


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
    A, H, P = (np.array([[0, *values]]) for values in ((6.0, 5), (2.0, 0), (4.0, 0)))
    return three(student, "Silence, and a rest alone", A, H, P, 2.0)


@part("check_three_masks")
def three_whisper(student):
    layers = layers_of("three low")
    for layer in layers:
        layer[1:] *= 1e-220
    return three(student, "A whisper of 1e-220 below a loud row", *layers, 2.0)


@part("check_score")
def score(student):
    clip = load_clip("violin_castanets")
    first = int(course.random("hpss", "passage").integers(0, 6 * clip.sr))
    keep = slice(first, first + 160 * 512)
    # Without the edges, whose mistakes are counted where the medians are.
    middle = slice(10 * 512, 150 * 512)
    violin = clip.stems["violin"][keep]
    S = STFT(clip.mixture[keep], 1024, 512, center=True)
    A = np.abs(S)

    def heard(mask):
        sound = iSTFT(apply_mask(S, mask), 1024, 512, center=True, length=160 * 512)
        return si_sdr(violin[middle], sound[middle])

    def reached(smoothed):
        return heard(soft_masks(smoothed(A, (1, 17)), smoothed(A, (17, 1)), power=2)[0])

    mask = two(student.soft_masks(student.median_time(A, 17), student.median_frequency(A, 17), 2))[0]
    if mask.shape != A.shape or not np.isfinite(mask).all() or mask.min() < 0 or mask.max() > 1 + 1e-6:
        return 0.0, "On another passage of the music: there is no mask between 0 and 1."
    what = "The violin's SI-SDR on another passage, where means would reach the first of the two limits"
    return between(what, heard(np.clip(mask, 0, 1)), reached(uniform_filter), reached(median_filter) - 0.3)


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
