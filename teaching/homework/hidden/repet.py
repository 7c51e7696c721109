"""Homework 3: what its marks are made of, and how its broken sounds were made."""

import numpy as np
from grading import course, diagnosis
from grading.compare import alike, array, between, error_db
from grading.marking import Parts

from spectrogramtools import (
    STFT,
    apply_mask,
    beat_spectrum,
    iSTFT,
    load_clip,
    median_across_periods,
    repeating_mask,
    si_sdr,
)

part = Parts()

MISTAKES = ("one frame off", "half a period", "mean", "no phase", "swapped", "no period")
CLIPS = ("band_trumpet", "speech_loop", "waltz_clarinet")
# Seconds of each clip that are handed out.
PASSAGE = (4, 8)


def pattern(purpose, n_bins, period, n_frames):
    """Magnitudes that repeat exactly."""
    one = course.random("repet", purpose).gamma(1.0, size=(n_bins, period))
    return np.tile(one, -(-n_frames // period))[:, :n_frames]


def noise(purpose, n_bins, n_frames):
    return course.random("repet", purpose).gamma(1.0, size=(n_bins, n_frames))


def period_of(purpose, shortest, longest):
    return int(course.random("repet", purpose).integers(shortest, longest + 1))


# 1 · Build


@part("check_beat_spectrum", weight=3)
def the_period(student):
    period = period_of("beat", 9, 17)
    A = pattern("beat", 24, period, 5 * period + 3)
    b = array(student.beat_spectrum(A))
    if b.shape != (A.shape[1],):
        return 0.0, f"A pattern of {period} frames: b has shape {b.shape}, not {(A.shape[1],)}."
    found = period // 2 + 1 + int(np.argmax(b[period // 2 + 1 : period + period // 2 + 1]))
    return float(found == period), f"A pattern of {period} frames: the peak of b is at {found}."


@part("check_beat_spectrum", weight=3)
def the_mean_over_the_pairs(student):
    A = noise("pairs", 17, 41)
    return alike("b of noise, at all lags", student.beat_spectrum(A), beat_spectrum(A))


@part("check_beat_spectrum")
def lag_zero_and_silence(student):
    b = array(student.beat_spectrum(1000 * noise("zero", 8, 20)))
    if b.shape != (20,) or not np.isclose(b[0], 1):
        return 0.0, "b[0] of a loud spectrogram is not 1."
    return alike("b of silence", student.beat_spectrum(np.zeros((5, 12))), np.zeros(12))


@part("check_beat_spectrum")
def float32(student):
    A = noise("float32", 9, 30).astype(np.float32)
    return alike("b of float32 magnitudes", student.beat_spectrum(A), beat_spectrum(A), -80)


@part("check_repeating_model", weight=3)
def whole_periods(student):
    period = period_of("whole", 8, 13)
    A = noise("whole", 14, 5 * period)
    what = f"Five whole periods of {period} frames"
    return alike(what, student.repeating_model(A, period), median_across_periods(A, period))


@part("check_repeating_model", weight=2)
def what_happens_once(student):
    period = period_of("once", 8, 13)
    right = pattern("once", 10, period, 4 * period)
    A = right.copy()
    A[:, period + 2 : period + 6] += 50
    return alike("Something loud in one repetition of four", student.repeating_model(A, period), right)


@part("check_repeating_model", weight=2)
def partial_segment(student):
    period = period_of("partial", 8, 13)
    A = noise("partial", 11, 4 * period + period // 2)
    right = median_across_periods(A, period)
    model = array(student.repeating_model(A, period))
    if model.shape != A.shape:
        return 0.0, f"A partial last segment: the model has shape {model.shape}, not {A.shape}."
    last = 4 * period
    return alike("The frames of a partial last segment", model[:, last:], right[:, last:])


@part("check_repeating_model")
def partial_segment_counts(student):
    period = period_of("counts", 8, 13)
    A = noise("counts", 11, 4 * period + period // 2)
    model = array(student.repeating_model(A, period))
    if model.shape != A.shape:
        return 0.0, f"A partial last segment: the model has shape {model.shape}, not {A.shape}."
    first = slice(0, 4 * period)
    right = median_across_periods(A, period)
    return alike("A partial last segment counts in the whole ones", model[:, first], right[:, first])


@part("check_soft_mask", weight=2)
def smaller_and_larger(student):
    A, model = 0.1 + noise("A", 12, 20), noise("model", 12, 20)
    return alike("The mask of noise", student.soft_mask(A, model), repeating_mask(A, model))


@part("check_soft_mask")
def never_above_one(student):
    A = noise("quiet", 6, 9)
    model = A * np.where(np.arange(9) % 2, 7, 0.5)
    mask = array(student.soft_mask(A, model))
    if mask.shape != A.shape or np.isclose(mask[:, 0], 1).any():
        return 0.0, "Under a model that is partly louder than the mixture: there is no mask that follows it."
    most = float(mask.max())
    return float(
        np.isclose(most, 1)
    ), f"Under a model that is partly louder than the mixture the mask reaches {most:.3g}."


@part("check_soft_mask")
def silent_cells(student):
    A, model = noise("holes", 6, 9), noise("over holes", 6, 9)
    A[2] = 0
    model[2, :4] = 0
    return alike("The mask with silent cells", student.soft_mask(A, model), repeating_mask(A, model))


# 2 · Twist


def half_time(A, period, change):
    parts = median_across_periods(A[:, :change], period), median_across_periods(A[:, change:], 2 * period)
    return np.concatenate(parts, axis=1)


def half_time_pieces(purpose, student, pieces):
    period = period_of(purpose, 6, 9)
    change = 4 * period + pieces
    A = noise(purpose, 13, change + 6 * period + pieces)
    return period, change, half_time(A, period, change), array(student.half_time_model(A, period, change))


@part("check_half_time_model", weight=2)
def half_time_whole(student):
    period, _, right, model = half_time_pieces("half whole", student, 0)
    return alike(f"Whole segments, {period} frames and then {2 * period}", model, right)


@part("check_half_time_model", weight=2)
def before_the_change(student):
    _, change, right, model = half_time_pieces("half before", student, 3)
    if model.shape != right.shape:
        return 0.0, f"Before the change: the model has shape {model.shape}, not {right.shape}."
    return alike("Before a change within a segment", model[:, :change], right[:, :change])


@part("check_half_time_model", weight=2)
def after_the_change(student):
    _, change, right, model = half_time_pieces("half after", student, 3)
    if model.shape != right.shape:
        return 0.0, f"After the change: the model has shape {model.shape}, not {right.shape}."
    return alike("After a change within a segment", model[:, change:], right[:, change:])


def middle_mean(A, period):
    model = np.empty_like(A)
    for start in range(period):
        values = np.sort(A[:, start::period], axis=1)
        n = values.shape[1]
        model[:, start::period] = np.mean(values[:, n // 4 : n - n // 4], axis=1)[:, None]
    return model


@part("check_middle_mean_model", weight=3)
def extremes_dropped(student):
    period = period_of("eight", 5, 8)
    A = noise("eight", 9, 8 * period)
    return alike("Eight repetitions", student.middle_mean_model(A, period), middle_mean(A, period))


@part("check_middle_mean_model")
def fewer_than_four(student):
    A = noise("three", 9, 21)
    return alike("Three repetitions: the plain mean", student.middle_mean_model(A, 7), middle_mean(A, 7))


@part("check_middle_mean_model", weight=2)
def not_every_frame_the_same(student):
    period = period_of("cut", 5, 8)
    A = noise("cut", 9, 7 * period + 3)
    what = "Seven repetitions, of some frames eight"
    return alike(what, student.middle_mean_model(A, period), middle_mean(A, period))


def passage():
    """Twelve and a half seconds of the clip: as it sounds, its parts, and its spectrogram."""
    clip = load_clip("band_singer")
    first = int(course.random("repet", "passage").integers(0, 10 * clip.sr))
    cut = slice(first, first + 540 * 512)
    stems = [clip.stems[name][cut] for name in ("background", "voice")]
    return stems, STFT(clip.mixture[cut], 1024, 512, center=True)


def heard(S, mask):
    return iSTFT(apply_mask(S, mask), 1024, 512, center=True, length=540 * 512)


@part("check_score", weight=2)
def score(student):
    (background, _), S = passage()
    A = np.abs(S)
    mask = array(student.soft_mask(A, student.repeating_model(A, 160)))
    if mask.shape != A.shape or not np.isfinite(mask).all() or mask.min() < 0 or mask.max() > 1 + 1e-6:
        return 0.0, "On another passage of the music: there is no mask between 0 and 1."
    best = si_sdr(background, heard(S, repeating_mask(A, median_across_periods(A, 160))))
    plain = si_sdr(background, heard(S, np.ones_like(A)))
    reached = si_sdr(background, heard(S, np.clip(mask, 0, 1)))
    return between("The band's SI-SDR on another passage", reached, plain + 1, best - 0.5)


@part("check_score", weight=2)
def the_melody_goes(student):
    right = pattern("melody", 30, 25, 140)
    mixture = right.copy()
    mixture[np.arange(140) // 9 + 5, np.arange(140)] += 12
    mask = array(student.soft_mask(mixture, student.repeating_model(mixture, 25)))
    if mask.shape != mixture.shape:
        return 0.0, f"A melody over a loop: the mask has shape {mask.shape}, not {mixture.shape}."
    return between("A melody over a loop, taken off", -error_db(mask * mixture, right), 0, 15)


# 3 · Diagnose

part += diagnosis.parts("repet", MISTAKES, CLIPS)

WINDOW = 2048
# The clips' periods, in frames of the hops that fit them.
PERIOD_AND_HOP = {"band_trumpet": (160, 512), "speech_loop": (192, 500), "waltz_clarinet": (128, 486)}


def broken(mistake, name):
    """The background of a clip, as a program with this mistake makes it; as the right one, if it has none of them."""
    y = load_clip(name).mixture
    period, hop = PERIOD_AND_HOP[name]
    S = STFT(y, WINDOW, hop, center=True)
    A = np.abs(S)
    if mistake == "one frame off":
        model = median_across_periods(A, period + 1)
    elif mistake == "half a period":
        model = median_across_periods(A, period // 2)
    elif mistake == "no period":
        model = np.broadcast_to(np.median(A, axis=1, keepdims=True), A.shape)
    elif mistake == "mean":
        model = np.empty_like(A)
        for start in range(period):
            model[:, start::period] = A[:, start::period].mean(axis=1, keepdims=True)
    else:
        model = median_across_periods(A, period)
    mask = repeating_mask(A, model)
    if mistake == "swapped":
        mask = 1 - mask
    S = apply_mask(S, mask, phase="zero" if mistake == "no phase" else "mixture")
    return diagnosis.equally_loud(iSTFT(S, WINDOW, hop, center=True, length=len(y)), PASSAGE)
