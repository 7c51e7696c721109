"""Checks for homework 1: they say what is wrong, and decide no mark."""

import numpy as np

from spectrogramtools.homework import attempt, error_db, has_shape, same_numbers, say, spelt_as_in_the_table

MISTAKES = ("wrong hop", "no phase", "no window sum", "power", "conjugate", "lost frames")


def noise(n, seed=0):
    return np.random.default_rng(seed).standard_normal(n)


def sine_window(W):
    return np.sin(np.pi * (np.arange(W) + 0.5) / W)


def has_frames(S, shape, what, if_fewer, if_more):
    """Say whether there are as many rows and frames as there should be."""
    rows, n = shape
    if S.shape == (rows, n - 1):
        return say(False, "", f"{what}: frame {n - 1} is missing: {if_fewer}")
    if S.shape == (rows, n + 1):
        return say(False, "", f"{what}: frame {n} is one too many: {if_more}")
    return has_shape(S, shape, what)


def stft(function):
    """A ramp tells where each frame starts, a click what the window does, a tone which row is which."""
    S = attempt(function, np.arange(192.0), np.ones(32), 20)
    what = "a ramp of 192 samples, W = 32, hop = 20"
    fewer = "does the last one, which just fits, count?"
    more = "does it reach beyond the end, or one before the beginning?"
    if S is None or not has_frames(S, (17, 9), what, fewer, more):
        return
    # The mean of a ramp's frame is its first sample plus half a frame.
    starts = S[0].real / 32 - 15.5
    late = (starts - 20 * np.arange(9)) / 20
    wrong = np.flatnonzero(np.abs(late) > 0.01)
    told = ""
    if len(wrong):
        i = wrong[0]
        told = f"frame {i} starts at sample {starts[i]:.0f}, not {20 * i}: {late[i]:+.2g} hops"
    say(len(wrong) == 0, "every frame starts where it should", told)
    for W in (4, 5):
        click_under_a_ramp(function, W)
    # 1 0 -1 0 ..., in whole numbers: a tone of 8 periods in 32 samples, with a rest behind the last frame.
    S = attempt(function, np.tile([1, 0, -1, 0], 25), sine_window(32), 16)
    if S is not None and has_frames(S, (17, 5), "a tone of 100 samples, W = 32, hop = 16", fewer, more):
        row = int(np.argmax(np.abs(S[:, 2])))
        told = f"it stands in row {row}, not 8" if S.any() else "it is silent: are whole numbers cut off?"
        say(row == 8, "a tone of 8 periods a frame stands in row 8", told)
        level = np.abs(S[8, 2]) / (sine_window(32).sum() / 2)
        say(np.isclose(level, 1, atol=0.02), "its level is right", f"its level is {level:.3g} times what it should be")


def click_under_a_ramp(function, W):
    """A click, one sample into frame 1: the window 1 2 3 ... gives it the length 2 in all rows, and its place the
    angles."""
    S = attempt(function, np.eye(3 * W)[3], np.arange(1.0, W + 1), 2)
    what = f"a click one sample into frame 1, the window 1 2 … {W}"
    if S is None or not has_shape(S, (W // 2 + 1, W + 1), what):
        return
    hint = "is each frame multiplied with the window that is given?"
    if same_numbers(np.abs(S[:, 1]), np.full(W // 2 + 1, 2), what, hint=hint):
        turns = np.exp(-2j * np.pi * np.arange(W // 2 + 1) / W)
        told = f"W = {W}: the lengths are right, the angles are not: each row turns by -{360 / W:g}° more"
        say(np.allclose(S[:, 1], 2 * turns, atol=1e-4), f"W = {W}: each row is turned by -{360 / W:g}° more", told)


def istft(forth, back):
    """Frames of four samples, which can be followed by hand; then there and back."""
    if not by_hand(back):
        return
    for W, hop in ((64, 32), (64, 27), (63, 20)):
        y, n = noise(64 + 10 * hop), W + 10 * hop
        S = attempt(forth, y, sine_window(W), hop)
        if S is None or not is_needed(S, (1 + W // 2, 11), "stft"):
            return
        result = attempt(back, S, sine_window(W), hop)
        if W % 2 and (result is None or result.shape != (n,)):
            say(False, "", f"W = {W}, hop = {hop}: W is odd, and the rows don't tell; does the inverse FFT know it?")
        if result is None:
            return
        if has_shape(result, (n,), f"W = {W}, hop = {hop}"):
            middle = slice(W, n - W)
            error = error_db(result[middle], y[middle])
            told = f"W = {W}, hop = {hop}: the reconstruction error is {error:.0f} dB"
            say_error(error, told, why(result[middle], y[middle], hop))
    window = sine_window(64) ** 2  # a Hann window, next to nothing at its ends
    S = attempt(forth, noise(640), window, 32)
    result = None if S is None else attempt(back, S * (np.arange(33) < 8)[:, None], window, 32)
    if result is not None and result.shape == (640,):
        most = np.abs(result).max()
        say(
            most < 10,
            "after a mask nothing explodes at the edges",
            f"after a mask the edges explode: they reach {most:.3g}",
        )


def is_needed(S, shape, name):
    """The way back is tried on what the way there gives: say so where that has another shape."""
    if S.shape != shape:
        print(f"· first mend {name}: it gives the shape {S.shape}, not {shape}")
    return S.shape == shape


def by_hand(back):
    """Frames of ones and of zeros, hop 2; the sums of the squared windows are 1 4 5 5 4 1, 1 100 100 0.81, and
    1 100 101 101 100 1."""
    once_more = "is each frame multiplied with the window once more?"
    squares = "is it divided by the sum of the squared windows?"
    zero = "where the sum is less than a hundredth of its largest value, put zero"
    hundredth = "put zero where the sum is less than a hundredth of its largest value; 1 of 100 is just a hundredth"
    largest = "put zero where the sum is less than a hundredth of its largest value, 101"
    cases = (
        (
            [1, 2, 2, 1],
            (1, 0),
            [1, 0.5, 0.4, 0.2, 0, 0],
            (
                (once_more, [1, 0.25, 0.2, 0.2, 0, 0]),
                (f"{once_more} And {squares}", [1, 0.5, 1 / 3, 1 / 3, 0, 0]),
                (squares, [1, 1, 2 / 3, 1 / 3, 0, 0]),
                (squares, [1, 2, 2, 1, 0, 0]),
            ),
        ),
        (
            [1, 10, 10, 0.9],
            (1,),
            [1, 0.1, 0.1, 0],
            ((zero, [1, 0.1, 0.1, 1 / 0.9]), (zero, [1, 0.1, 0.1, 0.9]), (hundredth, [0, 0.1, 0.1, 0])),
        ),
        (
            [1, 10, 10, 1],
            (1, 1),
            [0, 0.1, 11 / 101, 11 / 101, 0.1, 0],
            ((largest, [1, 0.1, 11 / 101, 11 / 101, 0.1, 1]),),
        ),
    )
    for window, frames, right, instead in cases:
        S = np.fft.rfft(np.outer(np.ones(4), frames), axis=0)
        result = attempt(back, S, np.array(window, float), 2)
        if result is None:
            return False
        named = " and ".join("one of ones" if frame else "one of zeros" for frame in frames)
        what = f"frames: {named}; the window {' '.join(map(str, window))}; hop = 2"
        same_numbers(result, right, what, instead)
    return True


def say_error(error, told, hint):
    """Right is right in float32 as well, which ends near -140 dB; but there is more to be had."""
    if -250 < error < -120:
        told += ", right so far; in float64 it would be below -250"
    say(error < -120, told, f"{told}, it should be below -250{hint}")


def why(mine, right, hop):
    """A hint, if the error has a simple form."""
    gain = np.dot(mine, right) / np.dot(right, right)
    if abs(gain - 1) > 0.01 and error_db(mine / gain, right) < -100:
        return f"; everything is {gain:.3g} times too loud"
    for shift in (-hop, -1, 1, hop):
        if error_db(np.roll(mine, -shift)[hop:-hop], right[hop:-hop]) < -60:
            return f"; it is {abs(shift)} samples too {'late' if shift > 0 else 'early'}"
    if np.isclose(gain, 1, atol=0.2):
        return "; is it divided by the sum of the squared windows?"
    return ""


def stft_padded(function):
    """Three samples, which can be followed by hand; where nothing need be filled; finer steps of frequency."""
    S = attempt(function, np.array([0.0, 1, 0]), np.arange(1.0, 5), 3, 8)
    # 4 zeros, 0 1 0, 4 zeros, and 2 more: frames start at 0, 3, 6 and 9, and the last one ends at the end.
    what = "the samples 0 1 0, the window 1 2 3 4, hop = 3, n_fft = 8"
    fewer = "are there W zeros before y, W behind it, and as many more as the last frame needs?"
    more = "are there more zeros than the last frame needs?"
    if S is None:
        return
    if S.shape in ((5, 1), (5, 2)):
        say(False, "", f"{what}: there are {S.shape[1]} frames, not 4: are there W zeros before y, W behind it?")
    elif has_frames(S, (5, 4), what, fewer, more):
        hint = "are there W zeros before y, and is the window put on before the zeros in each frame?"
        if same_numbers(np.abs(S[0]), [0, 3, 0, 0], f"{what}, row 0", hint=hint):
            told = "frame 1 holds 0 0 3 0 and zeros behind the frame: each row turns by -90° more"
            say(np.allclose(S[:, 1], 3 * np.array([1, -1j, -1, 1j, 1]), atol=1e-4), told, f"{told}, but yours doesn't")
    S = attempt(function, noise(100), sine_window(32), 12, 80)
    what, more = "100 samples, W = 32, hop = 12, n_fft = 80", "nothing is missing here, so nothing more is put"
    if S is not None:
        has_frames(S, (41, 12), what, fewer, more)
    tone = np.cos(2 * np.pi * 0.11 * np.arange(200))
    S = attempt(function, tone, sine_window(40), 10, 400)
    if S is not None and has_frames(S, (201, 25), "a tone of 200 samples, W = 40, hop = 10, n_fft = 400", fewer, more):
        row = int(np.argmax(np.abs(S[:, 12])))
        say(abs(row - 44) <= 1, "a tone of 0.11 per sample is in row 44 of 400", f"the tone is in row {row}, not 44")


def istft_padded(forth, back):
    """Two samples, by hand; then every sample, for hops that divide nothing, and for a signal shorter than a window."""
    # Four frames of n_fft = 8 samples, of which the window touched 4; the signal's two lie under frames 1 and 2.
    frames = np.zeros((8, 4))
    frames[:4, 1], frames[4:, 0] = 1, 7
    result = attempt(back, np.fft.rfft(frames, axis=0), np.array([1.0, 2, 2, 1]), 2, 8, 2)
    if result is None:
        return
    rest = "the rest of a frame, where the window never was, must be cut off"
    once_more = "is each frame multiplied with the window once more, and divided by the sum of the squared windows?"
    instead = (
        ("do the W zeros before the signal go, and the first W samples of a frame stay?", [0, 0]),
        (once_more, [1 / 3, 1 / 3]),
        (once_more, [0.2, 0.2]),
        (rest, [1.8, 1.6]),
        (rest, [7.4, 7.2]),
    )
    what = "frame 1 of ones, sevens behind frame 0, the window 1 2 2 1"
    same_numbers(result, [0.4, 0.2], what, instead, "do the first W of a frame's n_fft samples count, and no others?")
    for n, W, hop, n_fft in ((100, 32, 12, 80), (333, 50, 17, 64), (9, 32, 10, 32)):
        y, window = noise(n, n), sine_window(W)
        S = attempt(forth, y, window, hop, n_fft)
        # The last frame is the first one that ends behind everything.
        if S is None or not is_needed(S, (1 + n_fft // 2, 1 - (-n - W) // hop), "stft_padded"):
            return
        result = attempt(back, S, window, hop, n_fft, n)
        if result is None:
            return
        if has_shape(result, (n,), f"{n} samples, W = {W}, hop = {hop}, n_fft = {n_fft}"):
            error = error_db(result, y)
            worst = int(np.argmax(np.abs(result - y)))
            told = f"the reconstruction error is {error:.0f} dB"
            say_error(error, told, f"; the worst sample is number {worst} of {n}")


def tuner(function):
    """A tone with a fainter one just above it, just below it, and far from it."""
    sr, n_fft, t = 8000, 65536, np.arange(900) / 8000
    for frequency, other in ((441.0, 486.0), (1010.3, 965.3), (1234.5, 3100.0)):
        y = np.sin(2 * np.pi * frequency * t) + 0.7 * np.sin(2 * np.pi * other * t)
        found = attempt(function, y, sr, n_fft)
        if found is None:
            return
        if found.shape or np.iscomplexobj(found) or not np.isfinite(found):
            say(False, "", f"one number should come back, in Hz, not {found}")
            return
        off, told = abs(found - frequency), f"{frequency:g} Hz, with {other:g} Hz beside it, is heard as {found:.2f} Hz"
        hint = what_is_heard(float(found), frequency, other, sr, n_fft, len(t))
        say(off <= 2 * sr / n_fft, told, f"{told}: {off:.2f} Hz off; two steps are {2 * sr / n_fft:.2f} Hz{hint}")


def what_is_heard(found, frequency, other, sr, n_fft, n):
    """A hint, if a wrong frequency has a simple form."""
    coarse = sr / n
    if abs(found * sr / n_fft - frequency) < 1:
        return ": that is the row, not the frequency"
    if abs(found * n / n_fft - frequency) < 1:
        return ": with zeros behind the tone a step is that of n_fft samples, not of the tone's"
    if abs(found * n_fft / n - frequency) < coarse or abs(found / coarse - round(found / coarse)) < 1e-9:
        return f": without zeros behind the tone a step is {coarse:.1f} Hz; are there n_fft samples?"
    if abs(found - other) < 4:
        return ": that is its partner; the tone is louder"
    if found == round(found):
        return ": it is a whole number; is it rounded?"
    return ": its partner leans on it; mind the window" if abs(found - frequency) < 2 else ""


def diagnosis(answers):
    spelt_as_in_the_table(answers, MISTAKES)
