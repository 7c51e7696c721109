"""What does it cost to have many songs? `make bench`.

Overhead: what a song takes that has a thousandth of a second of sound, less what its scores take in a bare loop; in
processor time, of the worker and of the client with the scheduler in it. Memory: of the client with the scheduler,
after 2,000 songs and after 10,000. Throughput: 20 songs of 30 s, by one worker and by two.
"""

import gc
import resource
import tempfile
import time

import numpy as np
import psutil
from loops import SR, make_loop

from spectrogramtools.corpus import Song, evaluate
from spectrogramtools.corpus.methods import baselines_of, methods_of
from spectrogramtools.corpus.song import Settings, evaluate_song

N_FEW, N_MANY = 2_000, 10_000


class Tiny:
    """A song without a length to speak of."""

    def __init__(self, number):
        self.name = f"song {number}"

    def load(self):
        y = np.sin(np.arange(SR // 1000))
        return Song(SR, y + y[::-1], {"vocals": y, "drums": y[::-1]})


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


def cpu_seconds(who=resource.RUSAGE_SELF):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def alone(n):
    """Processor time of a song's scores, and with reading and writing, without Dask; milliseconds."""
    methods = methods_of([at_once])
    methods += baselines_of(methods)
    with tempfile.TemporaryDirectory() as out:
        evaluate_song(Tiny(-1), methods, Settings(), out)
        before = cpu_seconds()
        for k in range(n):
            evaluate_song(Tiny(k), methods, Settings(), out)
        written = cpu_seconds() - before
        song = Tiny(0).load()
        before = cpu_seconds()
        for _ in range(n):
            for method in methods:
                song_scores(method, song)
        return 1000 * (cpu_seconds() - before) / n, 1000 * written / n


def song_scores(method, song):
    from spectrogramtools.corpus.scores import scored

    truth = {"background": song.stems["drums"], "foreground": song.stems["vocals"]}
    scored(truth, method.estimates(truth, song.mixture, song.sr, 0), song.sr)


def run(n, out):
    """Processor time a song in milliseconds, of the worker and of the client; and the client's memory in MB."""
    worker, client = cpu_seconds(resource.RUSAGE_CHILDREN), cpu_seconds()
    done = evaluate((Tiny(k) for k in range(n)), [at_once], out, workers=1, verbose=False)
    assert done.new + done.kept == 5 * n
    gc.collect()
    times = (cpu_seconds(resource.RUSAGE_CHILDREN) - worker, cpu_seconds() - client)
    return *(1000 * seconds / n for seconds in times), psutil.Process().memory_info().rss / 1e6


def throughput():
    took = []
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as out:
            start = time.perf_counter()
            evaluate([Loop(k) for k in range(20)], ["repet"], out, workers=workers, verbose=False)
            took.append(time.perf_counter() - start)
    return took


def main():
    with tempfile.TemporaryDirectory() as out:
        run(50, out)
    scores, written = alone(500)
    print(f"scores of a song alone {scores:.1f} ms, with reading and five files {written:.1f} ms")
    for n in (N_FEW, N_MANY):
        with tempfile.TemporaryDirectory() as out:
            worker, client, memory = run(n, out)
            print(
                f"{n:6} songs: worker {worker:.1f} ms a song, {worker - scores:.1f} ms more than the scores alone; "
                f"client and scheduler {client:.1f} ms; then {memory:.0f} MB"
            )
            worker, client, memory = run(n, out)
            print(f"        again, all there: worker {worker:.1f} ms, client and scheduler {client:.1f} ms")
    one, two = throughput()
    print(f"20 songs of 30 s: one worker {one:.1f} s, two {two:.1f} s, {one / two:.2f} x")


if __name__ == "__main__":
    main()
