"""Checks for homework 3: they say what is wrong, and decide no mark."""

import warnings

import numpy as np

from spectrogramtools import load_clip
from spectrogramtools.homework import attempt, error_db, has_shape, say, spelt_as_in_the_table

MISTAKES = ("one frame off", "half a period", "mean", "no phase", "swapped", "no period")


def pattern(n_bins, period, n_frames, seed=0):
    """Magnitudes that repeat exactly."""
    one = np.random.default_rng(seed).gamma(1.0, size=(n_bins, period))
    return np.tile(one, -(-n_frames // period))[:, :n_frames]


def result(function, *arguments, shape):
    """What a function returns; or None, after a line that says why there is nothing to look at."""
    got = attempt(function, *arguments)
    return got if got is not None and (got.shape == shape or has_shape(got, shape, "what comes back")) else None


def by_eye(case, mine, right, causes):
    """An example that is small enough to check by eye: `causes` has what to do about a mistake, and what it gives."""
    right = np.resize(right, mine.shape)
    cause = next((f": {why}" for why, gives in causes if same(mine, np.resize(gives, mine.shape))), "")
    return say(same(mine, right), f"{case}: {numbers(right)}", f"{case}: {numbers(mine)}, not {numbers(right)}{cause}")


def same(mine, right):
    return np.allclose(mine, right, rtol=1e-4, equal_nan=True)


def numbers(values):
    """As one would write them down."""
    return " ".join(f"{x:.3g}" for x in np.ravel(values))


def beat_spectrum(function):
    """Two spectrograms to be checked by eye, a pattern of 12 frames, and silence."""
    b = result(function, np.array([[2.0, 0, 2, 0, 2, 0], [0, 1, 0, 0, 1, 0]]), shape=(6,))
    if b is None:
        return
    causes = [
        ("multiply powers, A², not magnitudes", [1, 0, 6 / 7, 1 / 7, 6 / 7, 0]),
        ("average the rows first and divide once, so that a loud row counts more", [1, 0, 0.5, 0.5, 0.5, 0]),
        ("take the mean over the pairs that exist, not their sum", [1, 0, 0.64, 0.02, 0.32, 0]),
        ("divide by the value at lag 0", [25 / 6, 0, 4, 1 / 6, 4, 0]),
        ("nothing is subtracted from the powers", [1, -0.98424, 0.93421, -0.89474, 0.89474, -0.92105]),
        ("the numbers are cut to whole ones", [1, 0, 0, 0, 0, 0]),
    ]
    by_eye("b of a loud row that comes again after 2, and a soft one after 3", b, [1, 0, 0.96, 0.04, 0.96, 0], causes)
    b = result(function, np.array([[1.0, 2, 0, 1, 2]]), shape=(5,))
    if b is not None:
        causes = [
            ("behind the last frame the first does not follow", [1, 6 / 17, 21 / 34, 21 / 34, 6 / 17]),
            ("divide by the value at lag 0, which need not be the largest", [0.8, 4 / 17, 8 / 51, 1, 8 / 17]),
        ]
        by_eye("b of 1 2 0 1 2, the powers being 1 4 0 1 4", b, [1, 5 / 17, 10 / 51, 1.25, 10 / 17], causes)
    b = result(function, pattern(20, 12, 60), shape=(60,))
    if b is None:
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
    soft = result(function, 1e-4 * pattern(3, 4, 9), shape=(9,))
    if soft is not None:
        told = f"a soft pattern's b[0] is {soft[0]:.3g}, not 1: is something added to what is divided by?"
        say(np.isclose(soft[0], 1), "a soft pattern's b[0] is 1 as well", told)
    silent = attempt(function, np.zeros((3, 8)))
    if silent is not None:
        zeros = np.array_equal(silent, np.zeros(8))
        say(zeros, "silence gives zeros", f"silence gives {silent[:3]} …, not zeros: what is 0 / 0?")


def repeating_model(function):
    """Three frames and a bit more than three times, by eye; a pattern with something loud in its third repetition."""
    A = np.array([[2.0, 1, 9, 5, 4, 7, 90, 2, 3, 1, 3]])
    model = result(function, A, 3, shape=A.shape)
    if model is None:
        return
    whole = [5, 2, 7] * 3
    uncounted = "the last, partial segment counts where it exists: of frame 0 there are 2 5 90 and 1"
    causes = [
        ("the last, partial segment gets a model as well", [*whole, 0, 0]),
        ("the last, partial segment gets a model as well", [*whole, np.nan, np.nan]),
        ("the last, partial segment gets the model, not itself", [*whole, 1, 3]),
        (uncounted, whole[:3]),
        ("where the last segment has no frame, there is no 0 either", [3.5, 2.5, 5]),
        ("that is the mean, and 90 counts for as much as it likes", [24.5, 2.5, 19 / 3]),
        ("that is the smallest, not the one in the middle", [1, 1, 3]),
        ("of an even number of values the median is the mean of the two in the middle", [2, 2, 7]),
        ("of an even number of values the median is the mean of the two in the middle", [5, 3, 7]),
        ("play the pattern from its beginning to its end, and then again (np.tile)", [3.5] * 4 + [2.5] * 4 + [7] * 3),
        ("these are neighbours, not frames that lie whole periods apart (lecture 8, section 10)", [3.5, 5.5, 3]),
        ("the cell itself is among those that count", [5, 3, 5, 2, 2, 6, 2, 3, 8, 5, 2]),
        ("the period is one frame too long", [3, 1, 9, 3.5]),
        ("the period is one frame too short", [3.5, 2]),
        ("the numbers are cut to whole ones", [3, 2, 7]),
    ]
    by_eye(f"the model of {numbers(A)}, which comes again after 3", model, [3.5, 2.5, 7], causes)
    with warnings.catch_warnings():  # whoever asks for the third frame's median is warned that there is none
        warnings.simplefilter("ignore", RuntimeWarning)
        short = result(function, A[:, :2], 3, shape=(1, 2))
    if short is not None:
        by_eye("the model of 2 1, which comes again after 3", short, [2, 1], [])
    right = pattern(15, 10, 56)
    A = right.copy()
    A[:, 22:27] += 30
    model = result(function, A, 10, shape=A.shape)
    if model is not None:
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
    say(len(wrong) == 0, "a pattern comes back from under something loud", f"{frames}: {hint}")


def soft_mask(function):
    """Cells in which the model is smaller, larger, and one or both are 0."""
    A, model = np.array([[4.0, 1, 0, 2, 0, 4e-7]]), np.array([[1.0, 3, 0, 0, 2, 1e-7]])
    mask = result(function, A, model, shape=A.shape)
    if mask is None:
        return
    say(np.isfinite(mask).all(), "no NaN", "the mask holds NaN: what is 0 / 0?")
    most = np.nanmax(mask[A > 0])
    say(most <= 1, "nowhere above 1", f"the mask reaches {most:.3g}: where the model exceeds A?")
    causes = [
        ("a share of magnitudes is not squared", [1 / 16]),
        ("a share of magnitudes, without squares", [1 / 10]),
        ("that is the share that is left for the singer", [3 / 4]),
        ("the share of all that is in the cell, which is A and not A + model", [1 / 5]),
        ("a share, not a yes or no", [0]),
    ]
    by_eye("where 1 of 4 is explained, the mask is", mask[:, 0], [0.25], causes)
    places = [(1, 1, "more than all"), (2, 1, "silence"), (3, 0, "nothing"), (5, 0.25, "a quarter of very little")]
    for place, true, text in places:
        said = f"where the model explains {text}, the mask is"
        say(np.isclose(mask[0, place], true), f"{said} {true:g}", f"{said} {mask[0, place]:.3g}, not {true:g}")
    silent = f"where A is 0, and the model is not, the mask is {mask[0, 4]:.3g}"
    say(mask[0, 4] == 1, silent, f"{silent}, not 1")


def two_loops(function):
    """A groove and an ostinato by eye; nine frames that need a second turn; and both under a soloist."""
    A = np.resize([4.0, 0, 1, 0], (1, 26)) + np.resize([2.0, 0, 0, 3, 1, 0], (1, 26))
    models = result(function, A, 4, 6, 1, shape=(2, *A.shape))
    if models is None:
        return
    causes = [
        ("what comes again after 2 frames fits both: take the smallest from Q", [5, 0, 2, 0, 1, 0, -1, 3, 0, 0]),
        ("what is taken from Q is added to P", [5, 0, 2, 0, 2, 0, 0, 3, 1, 0]),
        (
            "what fits both comes again after 2 frames: ask every other cell of Q",
            [4, -1, 1, -1, 2, 1, 0, 4, 1, 1],
        ),
        ("what fits both comes again after their greatest common divisor, 2", [6, 0, 1, 3, 0, 0, 0, 0, 0, 0]),
        (
            "of Q's cells take the smallest",
            [5.07692, 0.92308, 2.07692, 0.92308, 0.92308, -0.92308, -1.07692, 2.07692, -0.07692, -0.92308],
        ),
        ("differences may be negative, nothing is set to 0", [5, 0, 2, 0, 1, 0, 0, 3, 0, 0]),
        ("Q is what is left without P, the P of this turn", [7.5, 0, 4.5, 0, 3.5, 0, 0, 3, 1, 0]),
        ("P comes first in a turn", [4, 0, 1, 0, 3.5, 0, 0, 3, 1, 0]),
        ("P, with the period p, comes first", [2, 0, 0, 3, 4, 0, 1, 0, 4, 0]),
    ]
    own = np.concatenate([models[0, 0, :4], models[1, 0, :6]])
    by_eye(
        "a groove 4 0 1 0 under 2 0 0 3 1 0, P's four frames and Q's six", own, [4, 0, 1, 0, 2, 0, 0, 3, 1, 0], causes
    )
    again = same(models[0, 0], np.resize(own[:4], 26)) and same(models[1, 0], np.resize(own[4:], 26))
    say(again, "they go on like this to the end", "P does not come again after 4 frames, or Q after 6, to the very end")
    turns(function)
    groove, ostinato = pattern(12, 12, 257, 5), pattern(12, 9, 257, 6)
    groove[:, 1::2] *= 0.1
    ostinato[:, ::9] = ostinato[:, 1::9] = ostinato[:, 2::9] = 0
    soloist = np.zeros_like(groove)
    soloist[np.arange(257) // 7 % 12, np.arange(257)] = 9
    models = result(function, groove + ostinato + soloist, 12, 9, 3, shape=(2, *groove.shape))
    if models is not None:
        errors = [error_db(mine, right) for mine, right in zip(models, (groove, ostinato), strict=True)]
        told = f"under a soloist, after three turns, P is {errors[0]:.0f} dB off and Q {errors[1]:.0f} dB"
        say(max(errors) < -100, told, f"{told}: it should be below -100 dB")


def turns(function):
    """Nine frames, after one turn and after two."""
    A = np.array([[2.0, 4, 2, 8, 3, 9, 2, 4, 2]])
    first, second = [0, 4, 2, 0, 2], [-1, 4, 3, 0, 3]
    causes = {
        1: [("that is what there is after two turns", second)],
        2: [
            ("that is what there is after one turn: is P the model of A - Q in the second?", first),
            ("that is what there is after three turns", [-1.5, 4, 3.5, 0, 3.5]),
            ("Q takes the P of this turn, not of the one before", [-2, 1, 2, 0, 2]),
            ("P comes first in a turn", [1, 5.5, 1, 0, 1]),
            ("P may end below 0", [0, 4, 3, 0, 3]),
        ],
    }
    for number, right in ((1, first), (2, second)):
        models = result(function, A, 2, 3, number, shape=(2, *A.shape))
        if models is not None:
            own = np.concatenate([models[0, 0, :2], models[1, 0, :3]])
            by_eye(f"P's two frames and Q's three, of {numbers(A)}, turns = {number}", own, right, causes[number])


def polymeter():
    """Two marimbas, one in fours and one in threes, and the band's singer: 16.7 s each, and their sampling rate."""
    clip = load_clip("band_singer")
    n = 3 * 240 * 512
    fours = marimba((57, 0, 64, 0, 60, 64, 0, 62), n)
    threes = marimba((69, 72, 0, 76, 0, 74), n)
    singing = clip.stems["voice"][:n].astype(float)
    singing *= 0.7 * np.sqrt(np.mean((fours + threes) ** 2) / np.mean(singing**2))
    loudest = np.max(np.abs(fours + threes + singing))
    return *(0.8 / loudest * sound for sound in (fours, threes, singing)), clip.sr


def marimba(notes, n):
    """Half a beat for each note, by its MIDI number, 0 for none; over and over. The upper partials die first."""
    t = np.arange(26460) / 22050
    one = np.zeros(5120 * len(notes))
    for place, note in enumerate(notes):
        hertz = 440 * 2 ** ((note - 69) / 12) if note else 0
        stroke = sum(
            level * np.sin(2 * np.pi * multiple * hertz * t) * np.exp(-t / seconds)
            for multiple, level, seconds in ((1, 1, 0.25), (4, 0.4, 0.06), (10, 0.15, 0.02))
        )
        np.add.at(one, (5120 * place + np.arange(len(t))) % len(one), stroke)
    return np.resize(one, n)


def middle_mean_model(function):
    """Eight repetitions of one frame, seven, and four beside three; then a pattern that is cut off."""
    causes = [
        ("drop n // 4 at each end, the smallest, too", [10 / 3]),
        ("drop n // 4 at each end, the largest, too", [18]),
        ("only one is dropped at each end", [29 / 6]),
        ("nothing is dropped", [109 / 8]),
        ("that is the median: take the mean of all that is left", [4.5]),
        ("what is dropped is left out, not drawn in", [39 / 8]),
        ("the smallest and the largest are dropped, not the first and the last ones", [23.25]),
        ("the numbers are cut to whole ones", [4]),
    ]
    if not row(function, [9, 1, 80, 2, 3, 8, 6, 0], [4.75], causes):
        return
    causes = [("7 // 4 is 1: drop one at each end", [14 / 3])]
    row(function, [9, 1, 80, 2, 8, 4, 0], [4.8], causes)
    row(function, [9, 0, 3], [4], [("of fewer than four none is dropped (3 // 4 is 0)", [3])])
    causes = [
        ("frame 1 has three repetitions, of which none is dropped", [3.5, 3]),
        ("frame 0 has four repetitions, of which one is dropped at each end", [4.25, 4]),
        ("the last, partial segment counts where it exists", [4, 4]),
    ]
    row(function, [1, 0, 9, 3, 2, 9, 5], [3.5, 4], causes, 2)
    A = pattern(6, 4, 22, 3)
    A[:, 21] += 8
    model = result(function, A, 4, shape=A.shape)
    if model is not None:
        right = pattern(6, 4, 22, 3)
        error = error_db(model, right)
        say(error < -100, "the loud last frame counts nowhere", f"a loud last frame comes through: {error:.1f} dB")


def row(function, values, right, causes, period=1):
    """The mean without extremes, of one row; is there anything to go on with?"""
    model = result(function, np.array([values], dtype=float), period, shape=(1, len(values)))
    if model is not None:
        by_eye(f"{numbers(values)}, period {period}, gives", model[0, :period], right, causes)
    return model is not None


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
    """A loop under a tune, with a break in its third repetition: how much of the loop comes back?"""
    loop = pattern(30, 25, 140, 4)
    loop[:, 58:68] = 0
    melody = np.zeros_like(loop)
    melody[np.arange(140) // 9 + 5, np.arange(140)] = 12
    mixture = loop + melody
    A = result(model, mixture, 25, shape=mixture.shape)
    M = None if A is None else result(mask, mixture, A, shape=mixture.shape)
    if M is not None:
        before, after = error_db(mixture, loop), error_db(M * mixture, loop)
        good = f"a loop with a tune over it: the tune's share falls from {before:.1f} to {after:.1f} dB"
        say(
            after < before - 15, good, f"{good}, it should fall by more than 15 dB: model or mask lets the tune through"
        )


def diagnosis(answers):
    spelt_as_in_the_table(answers, MISTAKES)
