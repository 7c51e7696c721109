"""How fast, beside the peers, and how does it grow? `make bench`.

Everything is timed in one run on the same input at 10, 60 and 240 s, a loop under a voice at 22.05 kHz, float32. Times
are this machine's; what carries over are the ratios. Each time is the best of several, so that a busy moment does not
count.
"""

import os
import platform
import time
from math import log2

import librosa
import numpy as np
import plain
from loops import SR, make_loop, voice
from scipy.ndimage import median_filter
from scipy.signal import ShortTimeFFT, medfilt

from spectrogramtools import (
    STFT,
    find_period,
    ft2d,
    griffinLimInverse,
    hann,
    hpss,
    iSTFT,
    median_across_frequency,
    median_across_time,
    repet,
    repet_sim,
)

WIN, HOP = plain.WIN, plain.HOP
SECONDS = (10, 60, 240)
LOOP = make_loop(0)
PERIOD = LOOP.period / SR


def best_ms(function, times):
    """The shortest of several runs, in milliseconds, after one that warms up."""
    if times > 1:
        function()
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        durations.append(time.perf_counter() - start)
    return 1000 * min(durations)


def song(seconds):
    """Loop number 0 under a voice that never repeats."""
    n = seconds * SR
    background = np.tile(LOOP.background[: LOOP.period], -(-n // LOOP.period))[:n]
    above = voice(np.random.default_rng(0), n)
    return (background + np.std(background) / np.std(above) * above).astype(np.float32)


def contests(y):
    """Name, ours, the peer's name and the peer's, or None where it would take minutes."""
    S = STFT(y, WIN, HOP, hann, center=True)
    A = np.abs(S)
    short = len(y) <= 60 * SR
    scipys = ShortTimeFFT(hann(WIN), HOP, SR, fft_mode="onesided", phase_shift=None)
    Z = scipys.stft(y)
    frames = round(PERIOD * SR / HOP)
    griffin_lim = dict(n_iter=32, momentum=0, init=None)
    return [
        ("STFT", lambda: STFT(y, WIN, HOP, hann, center=True), "librosa.stft", lambda: librosa.stft(y)),
        ("STFT", lambda: STFT(y, WIN, HOP, hann, center=True), "ShortTimeFFT", lambda: scipys.stft(y)),
        ("iSTFT", lambda: iSTFT(S, WIN, HOP, hann, center=True), "librosa.istft", lambda: librosa.istft(S)),
        ("iSTFT", lambda: iSTFT(S, WIN, HOP, hann, center=True), "ShortTimeFFT", lambda: scipys.istft(Z, k1=len(y))),
        (
            "Griffin-Lim, 32 iterations",
            lambda: griffinLimInverse(A, WIN, HOP, 32, hann, center=True, verbose=False),
            "librosa.griffinlim",
            (lambda: librosa.griffinlim(A, **griffin_lim)) if short else None,
        ),
        (
            "median across time, 41",
            lambda: median_across_time(A, 41),
            "scipy medfilt",
            (lambda: medfilt(A, [1, 41])) if short else None,
        ),
        (
            "median across frequency, 81",
            lambda: median_across_frequency(A, 81),
            "scipy medfilt",
            (lambda: medfilt(A, [81, 1])) if short else None,
        ),
        (
            "median across frequency, 81",
            lambda: median_across_frequency(A, 81),
            "scipy median_filter",
            (lambda: median_filter(A, (81, 1))) if short else None,
        ),
        (
            "hpss, 41/81",
            lambda: hpss(y, SR, winh=20 * HOP / SR, winv=40 * SR / WIN, power=2, win_length=WIN, hop_length=HOP),
            "librosa hpss",
            (lambda: librosa.effects.hpss(y, kernel_size=(41, 81))) if short else None,
        ),
        ("repet, period given", lambda: repet(y, SR, period=PERIOD), "plain numpy", lambda: plain.repet(y, frames)),
        (
            "repet_sim",
            lambda: repet_sim(y, SR),
            "plain numpy",
            (lambda: plain.repet_sim(y, round(SR / HOP))) if short else None,
        ),
        ("ft2d", lambda: ft2d(y, SR), "plain numpy", lambda: plain.ft2d(y)),
    ]


def main():
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {WIN}/{HOP}, float32")
    songs = {seconds: song(seconds) for seconds in SECONDS}
    heads = "".join(f"{f'{seconds} s: ms':>13} {'ratio':>8}" for seconds in SECONDS)
    print(f"\n{'':28} {'beside':20}{heads}   growth")
    table = zip(*(contests(y) for y in songs.values()), strict=True)
    for cells in table:
        line, ours = "", []
        for seconds, (_, mine, _, theirs) in zip(SECONDS, cells, strict=True):
            ours.append(best_ms(mine, 7 if seconds < 240 else 3))
            ratio = best_ms(theirs, 2 if seconds < 240 else 1) / ours[-1] if theirs else None
            line += f"{ours[-1]:13.1f} " + (f"{ratio:6.1f} x" if ratio else f"{'':8}")
        print(f"{cells[0][0]:28} {cells[0][2]:20}{line}   {growth(ours)}", flush=True)

    print("\nREPET beside one STFT and two iSTFT")
    for seconds, y in songs.items():
        S = STFT(y, WIN, HOP, center=True)
        base = best_ms(lambda y=y: STFT(y, WIN, HOP, center=True), 7)
        base += 2 * best_ms(lambda S=S: iSTFT(S, WIN, HOP, center=True), 7)
        given, blind = (best_ms(lambda y=y, p=p: repet(y, SR, period=p), 7) / base for p in (PERIOD, None))
        find = best_ms(lambda y=y: find_period(y, SR), 5) / base
        print(f"{seconds:4} s: period given {given:.2f} x, blind {blind:.2f} x (of which find_period {find:.2f} x)")


def growth(times):
    """From 60 to 240 s, in units of what n log n would give: 1.0 is n log n, more is worse."""
    expected = 240 * log2(240 * SR) / (60 * log2(60 * SR))
    return f"{times[2] / times[1] / expected:.2f} x n log n"


if __name__ == "__main__":
    main()
