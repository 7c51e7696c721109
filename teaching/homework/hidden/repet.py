"""Homework 3: what its marks are made of, and how its broken sounds were made."""

import numpy as np
from grading import course, diagnosis
from grading.compare import Classic, Leaning, alike, array, between, error_db
from grading.marking import Parts
from grading.sandbox import StudentError

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


# Where a lecture treats what goes wrong.
CUT = "lecture 8, section 2 · Cut and overlay"
MASKS = "lecture 8, section 3 · The masks in hand"
HARDER = "lecture 5, section 4 · Harder masks"
DIAGONALS = "lecture 7, section 4 · One diagonal, one number: the beat spectrum"
ONE_OFF = "lecture 7, section 7 · One frame off"
LAG_PLUS_ONE = "lecture 7, section 8 · Mistake museum, room 8: lag plus one"
RESHAPE = "lecture 8, section 10 · Mistake museum, room 9: the wrong reshape"

# 1 · Build


def correlation(power):
    """Each row's mean over the pairs of frames, at all lags."""
    n = power.shape[1]
    return np.stack([np.mean(power[:, : n - lag] * power[:, lag:], axis=1) for lag in range(n)], axis=1)


def wrong_beat_spectra(A):
    """What the classic mistakes make of it."""
    rows, n = correlation(A**2), A.shape[1]
    b, magnitudes = rows.mean(axis=0), correlation(A).mean(axis=0)
    around = np.array([np.mean(A**2 * np.roll(A**2, lag, axis=1)) for lag in range(n)])
    return (
        (Classic("A for A squared", "lecture 7, exercise 2"), magnitudes / magnitudes[0]),
        (
            Classic("the sum over the pairs, not their mean", "lecture 7, exercise 1"),
            b / b[0] * np.arange(n, 0, -1) / n,
        ),
        (Classic("rows of one weight", "lecture 7, section 5 · Who decides"), np.mean(rows / rows[:, :1], axis=0)),
        (Classic("a row that begins anew behind its end", DIAGONALS), around / around[0]),
        (Classic("no division by the value at lag 0", DIAGONALS), b),
        (Classic("a division by the largest value", DIAGONALS), b / b.max()),
        (Classic("the lag plus one", LAG_PLUS_ONE), np.append(b[0], b[:-1]) / b[0]),
    )


@part("check_beat_spectrum", weight=2)
def the_period(student):
    period = period_of("beat", 9, 17)
    A = pattern("beat", 24, period, 5 * period + 3)
    b = array(student.beat_spectrum(A))
    if b.shape != (A.shape[1],):
        return 0.0, f"A pattern of {period} frames: b has shape {b.shape}, not {(A.shape[1],)}."
    found = period // 2 + 1 + int(np.argmax(b[period // 2 + 1 : period + period // 2 + 1]))
    return float(found == period), f"A pattern of {period} frames: the peak of b is at {found}."


@part("check_beat_spectrum", weight=4)
def the_mean_over_the_pairs(student):
    """One row is louder than the others, and both ends are alike and loud: the largest value is not at lag 0."""
    A = noise("pairs", 17, 41)
    A[3] *= 2
    A[:, [0, -1]] = 4 * A[:, :1]
    what = "b of noise, at all lags"
    return alike(what, student.beat_spectrum(A), beat_spectrum(A), known=wrong_beat_spectra(A))


@part("check_beat_spectrum")
def lag_zero_and_silence(student):
    for what, loudness in (("loud", 1000), ("soft", 1e-4)):
        b = array(student.beat_spectrum(loudness * noise("zero", 8, 20)))
        if b.shape != (20,) or not np.isclose(b[0], 1):
            return 0.0, f"b[0] of a {what} spectrogram is not 1."
    return alike("b of silence", student.beat_spectrum(np.zeros((5, 12))), np.zeros(12))


@part("check_beat_spectrum")
def float32(student):
    A = noise("float32", 9, 30).astype(np.float32)
    return alike("b of float32 magnitudes", student.beat_spectrum(A), beat_spectrum(A), -80, wrong_beat_spectra(A))


def across_periods(statistic, A, period):
    """In place of the median another statistic of the frames that lie whole periods apart."""
    model = np.empty_like(A)
    for start in range(period):
        model[:, start::period] = statistic(A[:, start::period])[:, None]
    return model


def mean(values):
    return values.mean(axis=1)


def smallest(values):
    return values.min(axis=1)


def lower(values):
    return np.sort(values, axis=1)[:, (values.shape[1] - 1) // 2]


def upper(values):
    return np.sort(values, axis=1)[:, values.shape[1] // 2]


def wrong_models(A, period):
    """What the classic mistakes make of it."""
    (n_bins, n_frames), n = A.shape, A.shape[1] // period
    segments = A[:, : n * period].reshape(n_bins, n, period)
    neighbours = np.median(A[:, : n * period].reshape(n_bins, period, n), axis=2)
    uncounted, neighbours = (np.tile(one, n + 1)[:, :n_frames] for one in (np.median(segments, axis=1), neighbours))
    unfinished = np.where(np.arange(n_frames) < n * period, uncounted, 0)
    return (
        (Classic("the mean, not the median", "lecture 8, exercise 1"), across_periods(mean, A, period)),
        (Classic("the smallest, not the median", CUT), across_periods(smallest, A, period)),
        (Classic("the lower of the two in the middle", CUT), across_periods(lower, A, period)),
        (Classic("the upper of the two in the middle", CUT), across_periods(upper, A, period)),
        (Classic("a partial last segment that does not count", CUT), uncounted),
        (Classic("a partial last segment without a model", CUT), unfinished),
        (Classic("the median of neighbours", RESHAPE), neighbours),
        (Classic("a period one frame too long", ONE_OFF), median_across_periods(A, period + 1)),
        (Classic("a period one frame too short", ONE_OFF), median_across_periods(A, period - 1)),
    )


@part("check_repeating_model", weight=4.5)
def what_repeats(student):
    """Whatever stands in the median's place: what repeats exactly is its own model, and every model repeats."""
    period = period_of("repeats", 8, 13)
    A = pattern("repeats", 14, period, 4 * period)
    other = array(student.repeating_model(noise("does not", 14, 4 * period), period))
    if other.shape != A.shape or not np.allclose(other[:, period:], other[:, :-period]):
        return 0.0, f"Four whole periods of {period} frames of noise: the model does not repeat."
    what, known = f"A pattern of {period} frames, four times", wrong_models(A, period)
    return alike(what, student.repeating_model(A, period), A, known=known)


@part("check_repeating_model", weight=0.5)
def whole_periods(student):
    period = period_of("whole", 8, 13)
    A = noise("whole", 14, 6 * period)
    what, right = f"Six whole periods of {period} frames", median_across_periods(A, period)
    return alike(what, student.repeating_model(A, period), right, known=wrong_models(A, period))


@part("check_repeating_model", weight=0.5)
def what_happens_once(student):
    """Neither the largest value nor the smallest is the loop's."""
    period = period_of("once", 8, 13)
    right = pattern("once", 10, period, 5 * period)
    A = right.copy()
    A[:, 2:6] += 50
    A[:, 3 * period + 3 : 3 * period + 7] = 0
    what = "Something loud in one repetition of five, and a break in another one"
    return alike(what, student.repeating_model(A, period), right, known=wrong_models(A, period))


@part("check_repeating_model", weight=1.5)
def partial_segment(student):
    period = period_of("partial", 8, 13)
    A = noise("partial", 11, 4 * period + period // 2)
    return some_frames(student, A, period, slice(4 * period, None), "The frames of a partial last segment")


@part("check_repeating_model", weight=1.5)
def partial_segment_counts(student):
    period = period_of("counts", 8, 13)
    A = noise("counts", 11, 4 * period + period // 2)
    return some_frames(student, A, period, slice(4 * period), "A partial last segment counts in the whole ones")


@part("check_repeating_model", weight=0.5)
def shorter_than_a_period(student):
    # Tied to music that is longer: whoever hands back what comes in would be right.
    A = noise("longer", 5, 20)
    if error_db(student.repeating_model(A, 7), median_across_periods(A, 7)) > -100:
        return 0.0, "Music that is shorter than a period: what is longer is not right either."
    return alike("Music that is shorter than a period", student.repeating_model(A[:, :4], 7), A[:, :4])


def some_frames(student, A, period, frames, what):
    model = array(student.repeating_model(A, period))
    if model.shape != A.shape:
        return 0.0, f"A partial last segment: the model has shape {model.shape}, not {A.shape}."
    right = median_across_periods(A, period)
    known = [(classic, gives[:, frames]) for classic, gives in wrong_models(A, period)]
    return alike(what, model[:, frames], right[:, frames], known=known)


def wrong_masks(A, model):
    """What the classic mistakes make of it; in silence they are right, but for one."""

    def share(numerator, denominator):
        return np.where(A > 0, numerator / np.where(A > 0, denominator, 1), 1.0)

    right, smaller = repeating_mask(A, model), np.minimum(model, A)
    return (
        (Classic("a mask without the minimum", MASKS), share(model, A)),
        (Classic("a mask that is squared", HARDER), right**2),
        (Classic("shares of energies", HARDER), share(smaller**2, smaller**2 + (A - smaller) ** 2)),
        (Classic("a mask of zeros and ones", HARDER), share(A * (2 * model > A), A)),
        (Classic("the foreground's mask", MASKS), 1 - right),
        (Classic("a share of A and model together", MASKS), share(model, A + model)),
        (Classic("a mask that is 0 in silence", MASKS), np.where(A > 0, right, 0)),
    )


@part("check_soft_mask", weight=2)
def smaller_and_larger(student):
    A, model = 0.1 + noise("A", 12, 20), noise("model", 12, 20)
    right = repeating_mask(A, model)
    return alike("The mask of noise", student.soft_mask(A, model), right, known=wrong_masks(A, model))


@part("check_soft_mask")
def never_above_one(student):
    A = noise("quiet", 6, 9)
    model = A * np.where(np.arange(9) % 2, 7, 0.5)
    mask = array(student.soft_mask(A, model))
    if mask.shape != A.shape or not np.allclose(mask[:, 0], 0.5):
        return 0.0, "Under a model that is partly louder than the mixture: there is no mask that follows it."
    most = float(mask.max())
    return float(
        np.isclose(most, 1)
    ), f"Under a model that is partly louder than the mixture the mask reaches {most:.3g}."


@part("check_soft_mask", weight=2)
def silent_cells(student):
    """Silence under a model and without one, and what is all but silent."""
    A, model = noise("holes", 6, 9), noise("over holes", 6, 9)
    A[2] = 0
    model[2, :4] = 0
    A[4] *= 1e-6
    model[4] *= 1e-6
    right = repeating_mask(A, model)
    return alike("The mask with silent cells", student.soft_mask(A, model), right, known=wrong_masks(A, model))


# 2 · Twist


def two_loops(A, p, q, turns, model=median_across_periods, below=-np.inf, taken=True, fresh=True, shared=True):
    """Both models, and with other switches what comes of a mistake."""
    P = Q = np.zeros_like(A)
    for _ in range(turns):
        last = P
        P = model(np.maximum(A - Q * taken, below), p)
        Q = model(np.maximum(A - (P if fresh else last) * taken, below), q)
    either = across_periods(smallest, Q, np.gcd(p, q)) * shared
    return np.stack([P + either, Q - either])


def wrong_loops(A, p, q, turns):
    """What the classic mistakes make of it."""
    switched = {
        "both loops taken from A itself": dict(taken=False),
        "negative differences that are set to 0": dict(below=0),
        "the P of the turn before": dict(fresh=False),
        "what fits both, left where it was": dict(shared=False),
    }
    yield from ((Classic(title, TWO_LOOPS), two_loops(A, p, q, turns, **switch)) for title, switch in switched.items())
    yield Classic("Q made before P", TWO_LOOPS), two_loops(A, q, p, turns)[::-1]
    yield Classic("Q handed back before P", TWO_LOOPS), two_loops(A, p, q, turns)[::-1]
    yield Classic("one turn, whatever is asked for", TWO_LOOPS), two_loops(A, p, q, 1)
    yield Classic("a turn too many", TWO_LOOPS), two_loops(A, p, q, turns + 1)


TWO_LOOPS = "the text of two_loops"


def loops_of_noise(student, purpose, turns, further, view, what):
    """Noise of whole periods and `further` frames, loud in few places, so that P is negative in some. `view` makes of
    both models what is compared."""
    beat = period_of(purpose, 2, 3)
    p, q = 4 * beat, 3 * beat
    A = noise(purpose, 9, 48 * beat + further) ** 3

    def theirs(A, period):
        model = array(student.repeating_model(A, period))
        if model.shape != A.shape:
            raise StudentError("repeating_model returned another shape.")
        return model

    models = array(student.two_loops(A, p, q, turns))
    if models.shape != (2, *A.shape):
        return 0.0, f"{what}: these are not two models of the shape of A, {A.shape}."
    return alike(
        f"{what}, periods {p} and {q}",
        view(models),
        view(two_loops(A, p, q, turns)),
        known=[(classic, view(gives)) for classic, gives in wrong_loops(A, p, q, turns)],
        leaning=Leaning(student, "repeating_model", lambda: view(two_loops(A, p, q, turns, theirs))),
    )


def both(models):
    """Whosever it is what fits both."""
    return models[0] + models[1]


@part("check_two_loops")
def one_turn(student):
    return loops_of_noise(student, "one turn", 1, 0, both, "P + Q after one turn")


@part("check_two_loops", weight=2)
def three_turns(student):
    return loops_of_noise(student, "three turns", 3, 0, both, "P + Q after three turns")


@part("check_two_loops", weight=2)
def the_groove(student):
    return loops_of_noise(student, "the groove", 3, 5, lambda models: models[0], "P after three turns")


@part("check_two_loops", weight=2)
def the_ostinato(student):
    return loops_of_noise(student, "the ostinato", 3, 5, lambda models: models[1], "Q after three turns")


def between_extremes(values, cut=lambda n: n // 4):
    n = values.shape[1]
    return mean(np.sort(values, axis=1)[:, cut(n) : n - cut(n)])


def wrong_means(A, period):
    """What the classic mistakes make of it."""

    def one_at_least(values):
        return between_extremes(values, lambda n: max(1, n // 4))

    def drawn_in(values):
        ranked, cut = np.sort(values, axis=1), values.shape[1] // 4
        return mean(np.clip(values, ranked[:, [cut]], ranked[:, [-1 - cut]]))

    def all_the_same(values):
        return between_extremes(values, lambda n: -(-A.shape[1] // period) // 4)

    return (
        (Classic("one dropped at each end where none is", MIDDLE), across_periods(one_at_least, A, period)),
        (Classic("the plain mean", "lecture 8, exercise 1"), across_periods(mean, A, period)),
        (Classic("the median", CUT), median_across_periods(A, period)),
        (Classic("extremes that are drawn in, not dropped", MIDDLE), across_periods(drawn_in, A, period)),
        (Classic("one n for all frames", MIDDLE), across_periods(all_the_same, A, period)),
    )


MIDDLE = "the text of middle_mean_model"


def mean_of_noise(student, purpose, period, n_frames, what):
    A = noise(purpose, 9, n_frames)
    right, known = across_periods(between_extremes, A, period), wrong_means(A, period)
    return alike(what, student.middle_mean_model(A, period), right, known=known)


@part("check_middle_mean_model", weight=4)
def extremes_dropped(student):
    period = period_of("eight", 5, 8)
    return mean_of_noise(student, "eight", period, 8 * period, "Eight repetitions")


@part("check_middle_mean_model", weight=3)
def fewer_than_four(student):
    return mean_of_noise(student, "three", 7, 21, "Three repetitions: the plain mean")


@part("check_middle_mean_model", weight=3)
def four_beside_three(student):
    period = period_of("four", 5, 8)
    return mean_of_noise(student, "four", period, 3 * period + 3, "Three repetitions, of some frames four")


@part("check_middle_mean_model", weight=2)
def not_every_frame_the_same(student):
    period = period_of("cut", 5, 8)
    return mean_of_noise(student, "cut", period, 7 * period + 3, "Seven repetitions, of some frames eight")


# A passage of the clip of four whole periods: what is wrong at the end of a model is charged above.
PERIOD, FRAMES = 160, 640
SAMPLES = (FRAMES - 1) * 512


def passage():
    """Fifteen seconds of the clip: its background, and its spectrogram."""
    clip = load_clip("band_singer")
    first = int(course.random("repet", "passage").integers(0, 10 * clip.sr))
    cut = slice(first, first + SAMPLES)
    return clip.stems["background"][cut], STFT(clip.mixture[cut], 1024, 512, center=True)


def heard(S, mask):
    return iSTFT(apply_mask(S, mask), 1024, 512, center=True, length=SAMPLES)


@part("check_score", weight=2)
def score(student):
    background, S = passage()
    A = np.abs(S)
    mask = array(student.soft_mask(A, student.repeating_model(A, PERIOD)))
    if mask.shape != A.shape or not np.isfinite(mask).all():
        return 0.0, "On another passage of the music: there is no mask."
    best = si_sdr(background, heard(S, repeating_mask(A, median_across_periods(A, PERIOD))))
    reached = si_sdr(background, heard(S, np.clip(mask, 0, 1)))
    return between("The band's SI-SDR on another passage", reached, best - 6, best - 0.5)


@part("check_score", weight=3)
def the_tune_goes(student):
    """And where the loop has a break, it stays as it is elsewhere."""
    right = pattern("melody", 30, 25, 150)
    right[:, 58:70] *= 0.01
    mixture = right.copy()
    mixture[np.arange(150) // 9 + 5, np.arange(150)] += 12
    mask = array(student.soft_mask(mixture, student.repeating_model(mixture, 25)))
    if mask.shape != mixture.shape:
        return 0.0, f"A tune over a loop: the mask has shape {mask.shape}, not {mixture.shape}."
    best = -error_db(repeating_mask(mixture, median_across_periods(mixture, 25)) * mixture, right)
    reached = -error_db(mask * mixture, right)
    return between("A tune over a loop with a break, taken off", reached, best / 2, best - 1)


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
