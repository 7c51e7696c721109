"""How fast, beside the peers: `make bench`.

Everything is timed in one run on the same input, 20 s of the violin and castanets at 22.05 kHz. Times are this
machine's; what carries over are the ratios. Each time is the best of several, so that a busy moment does not count.
"""

import os
import platform
import time

import librosa
import numpy as np
from scipy.ndimage import median_filter
from scipy.signal import medfilt

from spectrogramtools import (
    STFT,
    griffinLimInverse,
    hann,
    hpss,
    iSTFT,
    load_clip,
    median_across_frequency,
    median_across_time,
)

WIN, HOP = 2048, 512
WIDTH_TIME, WIDTH_FREQUENCY = 41, 81


def best_ms(function, times):
    """The shortest of several runs, in milliseconds, after one that warms up."""
    function()
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        durations.append(time.perf_counter() - start)
    return 1000 * min(durations)


def row(name, ours, theirs, peer):
    fast, slow = best_ms(ours, 7), best_ms(theirs, 2)
    print(f"{name:42} {fast:8.1f} {slow:9.1f} {slow / fast:7.1f} x  {peer}", flush=True)


def main():
    y = np.tile(load_clip("violin_castanets").mixture, 2)
    S = STFT(y, WIN, HOP, hann, center=True)
    A = np.abs(S)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"20 s, 22.05 kHz, {WIN}/{HOP}: {A.shape[0]} bins, {A.shape[1]} frames, float32\n")
    print(f"{'':42} {'ours ms':>8} {'theirs ms':>9} {'ratio':>9}")
    row("STFT", lambda: STFT(y, WIN, HOP, hann, center=True), lambda: librosa.stft(y), "librosa.stft")
    row("iSTFT", lambda: iSTFT(S, WIN, HOP, hann, center=True), lambda: librosa.istft(S), "librosa.istft")
    row(
        f"median_across_time, width {WIDTH_TIME}",
        lambda: median_across_time(A, WIDTH_TIME),
        lambda: medfilt(A, [1, WIDTH_TIME]),
        "scipy.signal.medfilt",
    )
    row(
        f"median_across_frequency, width {WIDTH_FREQUENCY}",
        lambda: median_across_frequency(A, WIDTH_FREQUENCY),
        lambda: medfilt(A, [WIDTH_FREQUENCY, 1]),
        "scipy.signal.medfilt",
    )
    row(
        f"median_across_frequency, width {WIDTH_FREQUENCY}",
        lambda: median_across_frequency(A, WIDTH_FREQUENCY),
        lambda: median_filter(A, (WIDTH_FREQUENCY, 1)),
        "scipy.ndimage.median_filter",
    )
    row(
        "hpss, end to end",
        lambda: hpss(y, WIN, HOP, power=2),
        lambda: librosa.effects.hpss(y, kernel_size=(WIDTH_TIME, WIDTH_FREQUENCY)),
        "librosa.effects.hpss",
    )
    row(
        "griffinLimInverse, 10 iterations",
        lambda: griffinLimInverse(A, WIN, HOP, 10, hann, center=True, verbose=False),
        lambda: librosa.griffinlim(A, n_iter=10, momentum=0, init=None),
        "librosa.griffinlim",
    )


if __name__ == "__main__":
    main()
