"""What does it cost to have many songs? `make bench`.

Overhead: what a song takes in which there is nothing to hear, so that nothing is separated and scored, but read, handed
out and written, five results each; by one worker. What the disk takes of that, to make a folder with six files, is
measured beside it: on some machines it is most. Memory: of the client with the scheduler in it, after 2,000 songs and
after 10,000. Throughput: 60 songs of 30 s, by one worker and by two that have begun and done a song.
"""

import gc
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from loops import SR, make_loop

from spectrogramtools.corpus import Song, evaluate

SILENCE = np.zeros(100)


class Silent:
    def __init__(self, number):
        self.name = f"song {number}"

    def load(self):
        return Song(SR, SILENCE, {"vocals": SILENCE, "band": SILENCE})


class Loop:
    """Half a minute of a loop under a voice."""

    def __init__(self, number):
        self.name, self._number = f"loop {number}", number

    def load(self):
        loop = make_loop(self._number)
        n = 30 * SR
        background, voice = (np.resize(y, n).astype(np.float32) for y in (loop.background, loop.voice))
        return Song(SR, background + voice, {"vocals": voice, "band": background})


def at_once(y, sr):
    return [y, y]


def used():
    """Seconds on the clock, and of the processor: of this process, and of those that it has ended."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return np.array([time.perf_counter(), own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime])


def overhead(n, out):
    before = used()
    done = evaluate((Silent(k) for k in range(n)), [at_once], out, workers=1, verbose=False)
    assert done.new + done.kept == 5 * n
    return 1000 * (used() - before) / n


def disk(n, out):
    """Milliseconds for a folder with five results and a note in it."""
    begun = time.perf_counter()
    for k in range(n):
        folder = Path(out, str(k))
        folder.mkdir()
        for name in range(6):
            with (folder / f"{name}.json").open("w") as file:
                file.write("x" * 1500)
    return 1000 * (time.perf_counter() - begun) / n


def memory():
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def main():
    with tempfile.TemporaryDirectory() as out:
        overhead(1, out)
        start, _, worker = overhead(1, out)
    with tempfile.TemporaryDirectory() as out:
        print(f"the disk takes {disk(500, out):.2f} ms to make a song's folder and six files")
    print(f"to begin and end: {start:.0f} ms, of which the worker computes {worker:.0f} ms")
    print(f"{'ms a song':>22} {'in all':>8} {'client':>8} {'worker':>8} {'MB, then':>9}")
    for n in (2_000, 10_000):
        with tempfile.TemporaryDirectory() as out:
            for what in ("", ", again"):
                row = overhead(n, out) - np.array([start, 0, worker]) / n
                print(f"{n:>14,}{what:8} {row[0]:8.2f} {row[1]:8.2f} {row[2]:8.2f} {memory():9.1f}", flush=True)
    took = {}
    for workers, n in ((1, 2), (2, 2), (1, 62), (2, 62)):
        with tempfile.TemporaryDirectory() as out:
            before = used()
            evaluate([Loop(k) for k in range(n)], ["repet"], out, workers=workers, verbose=False)
            took[workers, n] = used()[0] - before[0]
    one, two = (took[workers, 62] - took[workers, 2] for workers in (1, 2))
    print(f"60 songs of 30 s more: one worker {one:.1f} s, two {two:.1f} s, {one / two:.2f} x")
    print(f"two songs, and to begin and end: {took[1, 2]:.1f} s, {took[2, 2]:.1f} s")


if __name__ == "__main__":
    main()
