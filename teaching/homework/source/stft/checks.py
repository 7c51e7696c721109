"""Checks for homework 1: they say what is wrong, and decide no mark."""

import numpy as np

from spectrogramtools.homework import attempt, error_db, has_shape, say, spelt_as_in_the_table

MISTAKES = ("wrong hop", "no phase", "no window sum", "power", "conjugate", "lost frames")


def noise(n, seed=0):
    return np.random.default_rng(seed).standard_normal(n)


def sine_window(W):
    return np.sin(np.pi * (np.arange(W) + 0.5) / W)


def stft(function):
    """A ramp tells where each frame starts, a tone tells which row is which."""
    S = attempt(function, np.arange(200.0), np.ones(32), 20)
    if S is None or not has_shape(S, (17, 9), "a ramp of 200 samples, W = 32, hop = 20"):
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
    tone = np.cos(2 * np.pi * 5 * np.arange(100) / 32)
    S = attempt(function, tone, sine_window(32), 16)
    if S is not None and has_shape(S, (17, 5), "a tone"):
        row = int(np.argmax(np.abs(S[:, 2])))
        say(row == 5, "a tone of 5 periods a frame stands in row 5", f"it stands in row {row}, not 5")
        level = np.abs(S[5, 2]) / (sine_window(32).sum() / 2)
        say(np.isclose(level, 1, atol=0.02), "its level is right", f"its level is {level:.3g} times what it should be")


def istft(forth, back):
    """There and back, for a hop that divides the window and one that does not, and for an odd window."""
    for W, hop in ((64, 32), (64, 27), (63, 20)):
        y = noise(64 + 10 * hop)
        S = attempt(forth, y, sine_window(W), hop)
        result = None if S is None else attempt(back, S, sine_window(W), hop)
        if result is None:
            return
        n = W + hop * (S.shape[1] - 1)
        if has_shape(result, (n,), f"W = {W}, hop = {hop}"):
            middle = slice(W, n - W)
            error = error_db(result[middle], y[middle])
            told = f"W = {W}, hop = {hop}: the reconstruction error is {error:.0f} dB"
            say_error(error, told, why(result[middle], y[middle], hop))
    window = np.sin(np.pi * np.arange(64) / 64)  # its first sample is 0
    S = attempt(forth, noise(640), window, 32)
    result = None if S is None else attempt(back, S * np.linspace(0.2, 1, 33)[:, None], window, 32)
    if result is not None:
        most = np.abs(result).max()
        say(most < 10, "after a mask nothing explodes at the edges", f"after a mask the edges reach {most:.3g}")


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
    """Shapes, where the first frame lies, and finer steps of frequency."""
    S = attempt(function, noise(100), sine_window(32), 12, 80)
    if S is None or not has_shape(S, (41, 12), "100 samples, W = 32, hop = 12, n_fft = 80"):
        return
    say(np.abs(S[:, 0]).max() < 1e-9, "the first frame holds zeros", "the first frame is not silent: W zeros before y?")
    tone = np.cos(2 * np.pi * 0.11 * np.arange(200))
    S = attempt(function, tone, sine_window(40), 10, 400)
    if S is not None and has_shape(S, (201, 25), "a tone"):
        row = int(np.argmax(np.abs(S[:, 12])))
        say(abs(row - 44) <= 1, "a tone of 0.11 per sample is in row 44 of 400", f"the tone is in row {row}, not 44")


def istft_padded(forth, back):
    """Every sample, for hops that divide nothing, and for a signal shorter than a window."""
    for n, W, hop, n_fft in ((100, 32, 12, 80), (333, 50, 17, 64), (9, 32, 10, 32)):
        y, window = noise(n, n), sine_window(W)
        S = attempt(forth, y, window, hop, n_fft)
        result = None if S is None else attempt(back, S, window, hop, n_fft, n)
        if result is None:
            return
        if has_shape(result, (n,), f"{n} samples, W = {W}, hop = {hop}, n_fft = {n_fft}"):
            error = error_db(result, y)
            worst = int(np.argmax(np.abs(result - y)))
            told = f"the reconstruction error is {error:.0f} dB"
            say_error(error, told, f"; the worst sample is number {worst} of {n}")


def tuner(function):
    """A tone with a fainter one just above it, then far from it."""
    sr, n_fft, t = 8000, 65536, np.arange(900) / 8000
    for frequency, other in ((441.0, 486.0), (1234.5, 3100.0)):
        y = np.sin(2 * np.pi * frequency * t) + 0.7 * np.sin(2 * np.pi * other * t)
        found = attempt(function, y, sr, n_fft)
        if found is None or not say(found.shape == (), "one number comes back", f"its shape is {found.shape}, not ()"):
            return
        off = abs(float(found) - frequency)
        told = f"{frequency:g} Hz, with {other:g} Hz beside it, is heard as {float(found):.2f} Hz"
        say(off <= 2 * sr / n_fft, told, f"{told}: {off:.2f} Hz off; two steps are {2 * sr / n_fft:.2f} Hz")


def diagnosis(answers):
    spelt_as_in_the_table(answers, MISTAKES)
