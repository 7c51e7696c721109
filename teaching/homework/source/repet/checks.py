"""Checks for homework 3: they say what is wrong, and decide no mark."""

import numpy as np

from spectrogramtools.homework import attempt, error_db, has_shape, say, spelt_as_in_the_table

MISTAKES = ("one frame off", "half a period", "mean", "no phase", "swapped", "no period")


def pattern(n_bins, period, n_frames, seed=0):
    """Magnitudes that repeat exactly."""
    one = np.random.default_rng(seed).gamma(1.0, size=(n_bins, period))
    return np.tile(one, -(-n_frames // period))[:, :n_frames]


def beat_spectrum(function):
    """The beat spectrum of a pattern of 12 frames."""
    A = pattern(20, 12, 60)
    b = attempt(function, A)
    if b is None or not has_shape(b, (60,), "b"):
        return
    say(np.isclose(b[0], 1), "b[0] is 1", f"b[0] is {b[0]:.4g}: divide by the value at lag 0")
    found = 6 + int(np.argmax(b[6:19]))
    off = f"{abs(found - 12)} too {'late' if found > 12 else 'early'}"
    say(found == 12, "the peak lies at the period", f"the period is 12 frames, but b's peak is at {found}, {off}")
    say(
        np.isclose(b[48], 1, atol=0.01),
        "the fourth repetition is as tall as the first",
        f"after four periods b is {b[48]:.2f}, not 1: how many pairs of frames are there at lag 48?",
    )
    silent = attempt(function, np.zeros((3, 8)))
    if silent is not None:
        say(np.array_equal(silent, np.zeros(8)), "silence gives zeros", f"silence gives {silent[:3]} …, not zeros")


def repeating_model(function):
    """A pattern, with something loud in its third repetition; the last one is cut off."""
    right = pattern(15, 10, 56)
    A = right.copy()
    A[:, 22:27] += 30
    model = attempt(function, A, 10)
    if model is not None and has_shape(model, A.shape, "the model"):
        where_wrong(model, right, 10)


def where_wrong(model, right, period):
    """Which frames of a model are wrong?"""
    wrong = np.flatnonzero(~np.isclose(model, right).all(axis=0))
    last = right.shape[1] // period * period
    if len(wrong) and wrong.min() >= last:
        hint = "these are the partial last segment"
    elif len(wrong) and set(wrong) <= set(range(22, 27)):
        hint = "that is where something loud happens once: it should not count"
    else:
        hint = "is each frame compared with those whole periods away, and no others?"
    frames = f"{len(wrong)} frames are wrong, the first is {wrong.min()}" if len(wrong) else ""
    say(len(wrong) == 0, "every frame is right, the partial last segment too", f"{frames}: {hint}")


def soft_mask(function):
    """Cells in which the model is smaller, larger, and both are 0."""
    A, model = np.array([[4.0, 1.0, 0.0, 2.0]]), np.array([[1.0, 3.0, 0.0, 0.0]])
    mask = attempt(function, A, model)
    if mask is None or not has_shape(mask, A.shape, "the mask"):
        return
    say(np.isfinite(mask).all(), "no NaN", "the mask holds NaN: what is 0 / 0?")
    say(np.nanmax(mask) <= 1, "nowhere above 1", f"the mask reaches {np.nanmax(mask):.3g}: where the model exceeds A?")
    for place, (true, text) in enumerate([(0.25, "a quarter"), (1, "more than all"), (1, "silence"), (0, "nothing")]):
        said = f"where the model explains {text}, the mask is"
        say(np.isclose(mask[0, place], true), f"{said} {true:g}", f"{said} {mask[0, place]:.3g}, not {true:g}")


def half_time_model(function):
    """Seven frames, then fourteen, with something loud once in each part."""
    right = np.concatenate([pattern(9, 7, 31, 1), pattern(9, 14, 64, 2)], axis=1)
    A = right.copy()
    A[:, 10] += 20
    A[:, 50] += 20
    model = attempt(function, A, 7, 31)
    if model is None or not has_shape(model, A.shape, "the model"):
        return
    for part, frames in (("before", slice(0, 31)), ("after", slice(31, None))):
        error = error_db(model[:, frames], right[:, frames])
        say(error < -100, f"{part} the change all is right", f"{part} the change the model's error is {error:.1f} dB")


def middle_mean_model(function):
    """Eight repetitions of one frame: the numbers 1 to 8, of which 3 to 6 count; then a pattern that is cut off."""
    model = attempt(function, np.array([[5.0, 1.0, 80.0, 2.0, 3.0, 6.0, 4.0, 0.0]]), 1)
    if model is None or not has_shape(model, (1, 8), "the model"):
        return
    got = model[0, 0]
    say(np.isclose(got, 3.5), "2 of 8 are dropped at each end", f"0 to 6 and 80 give {got:.4g}; without extremes 3.5")
    A = pattern(6, 4, 22, 3)
    A[:, 21] += 8
    model = attempt(function, A, 4)
    if model is not None and has_shape(model, A.shape, "the model"):
        right = pattern(6, 4, 22, 3)
        error = error_db(model[:, :20], right[:, :20])
        say(error < -100, "the loud last frame counts nowhere", f"a loud last frame comes through: {error:.1f} dB")


def median_against_mean(median, middle_mean):
    """The error of three models on hiss and on a voice, in dB."""
    rng = np.random.default_rng(7)
    right = pattern(40, 20, 160) + 1
    hiss = right + 0.3 * rng.standard_normal(right.shape)
    voice = right + 0.02 * rng.standard_normal(right.shape)
    voice[:, 44:96] += rng.gamma(2.0, size=(40, 52))
    models = {"median": median, "without extremes": middle_mean, "plain mean": plain_mean}
    for case, A in (("hiss in each repetition", hiss), ("a voice over two or three", voice)):
        errors = [(name, attempt(model, A, 20)) for name, model in models.items()]
        told = (f"{name} {error_db(m, right):.1f} dB" for name, m in errors if m is not None and m.shape == A.shape)
        print(f"{case}: {', '.join(told)}")


def plain_mean(A, period):
    """For whole segments only, of which the experiment has eight."""
    segments = A.reshape(len(A), -1, period)
    return np.tile(segments.mean(axis=1), segments.shape[1])


def score(model, mask):
    """A loop under a melody: how much of the loop comes back?"""
    loop = pattern(30, 25, 140, 4)
    melody = np.zeros_like(loop)
    melody[np.arange(140) // 9 + 5, np.arange(140)] = 12
    mixture = loop + melody
    A = attempt(model, mixture, 25)
    M = None if A is None else attempt(mask, mixture, A)
    if M is not None and has_shape(M, mixture.shape, "the mask"):
        before, after = error_db(mixture, loop), error_db(M * mixture, loop)
        good = f"the melody's share falls from {before:.1f} to {after:.1f} dB"
        say(after < before - 15, good, f"{good}: it should fall by more than 15 dB")


def diagnosis(answers):
    spelt_as_in_the_table(answers, MISTAKES)
