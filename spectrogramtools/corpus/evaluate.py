"""A corpus evaluated on dask.distributed: this machine's processors by default, a cluster by its scheduler's address.

A task is one song. Workers read it, run what is missing and write the results; what comes back is a line of text. So
the client never holds sound, and whatever dies, what has been written stays.

Function: `evaluate`; the class `Evaluated`.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectrogramtools import checks, progress
from spectrogramtools.corpus.methods import Baseline, Method, baselines_of, methods_of, own_code
from spectrogramtools.corpus.song import Done, Settings, evaluate_song
from spectrogramtools.corpus.tracks import Loads, find_tracks
from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from distributed import Client

# A process computes on one thread: as many processes as processors, and none of them in another one's way.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
# So many songs a worker are handed out ahead, so that the scheduler's memory does not grow with the corpus.
AHEAD = 8


@dataclass
class Evaluated:
    """What came of a run: how many results are new, how many were there before; song, method and reason of each that
    failed, and of each that was skipped since the song has no such source."""

    out: str
    new: int = 0
    kept: int = 0
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)

    def __repr__(self) -> str:
        lines = [f"{self.new} new results, {self.kept} from before, {len(self.failed)} failed; they lie in {self.out}"]
        for what, told in (("failed", self.failed), ("was not run", self.skipped)):
            grouped: dict[tuple[str, str], list[str]] = {}
            for track, method, reason in told:
                grouped.setdefault((method, reason), []).append(track)
            for (method, reason), tracks in grouped.items():
                named = tracks[0] if len(tracks) == 1 else f"{len(tracks)} songs, such as {tracks[0]}"
                lines.append(f"  {method} {what} on {named}: {reason}")
        return "\n".join(lines)


def evaluate(
    tracks: str | os.PathLike[str] | Iterable[Loads],
    methods: Sequence[str | Callable[..., Any]],
    out: str | os.PathLike[str],
    *,
    grid: Mapping[str, Sequence[Any]] | None = None,
    segments: float | None = None,
    foreground: Sequence[str] | None = None,
    percussive: Sequence[str] | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    memory: str | None = None,
    timeout: float = 3600.0,
    seed: int = 0,
    verbose: bool = True,
) -> Evaluated:
    """Score methods, all baselines and the ideal masks on every song of a corpus, as far as that is not yet done.

    Parameters
    ----------
    tracks : str, path or iterable
        A folder, for `find_tracks`; or objects with a name and a method `load` that gives a `Song`.
    methods : sequence of str or callable
        Names of this module's methods, "module:function", or functions `(y, sr) -> estimates`.
    out : str or path
        The folder of results; on a cluster, one that all workers see. A second run does only what is missing, failed,
        or was made by other code, arguments or files.
    grid : dict from str to sequence, optional
        Each method runs with all combinations of these arguments.
    segments : float, optional
        Seconds; each song is cut into passages of this length, which are separated one by one.
    foreground, percussive : sequence of str, optional
        The stems that count as such; all others of a song are background, or harmonic. None takes the first of vocals,
        voice, … and drums, percussion, ….
    scheduler : str, optional
        The address of a Dask scheduler, such as "tcp://10.0.0.1:8786"; None starts workers on this machine.
    workers : int, optional
        Processes on this machine; None takes one a processor.
    memory : str, optional
        The most a process on this machine may take, such as "2GB"; None shares out what there is.
    timeout : float, optional
        Seconds after which a method is given up on a song.
    seed : int, optional
        Where a method's random numbers begin, on each song.
    verbose : bool, optional
        Show a progress bar, and where Dask's dashboard is.

    Returns
    -------
    evaluated : Evaluated
        Counts, and a sentence for everything that failed.

    Raises
    ------
    ValueError
        If a method or an argument is none, or the scheduler's workers can't be used.
    """
    needs("a corpus", "distributed", "jsonschema", extra="corpus")
    asked = methods_of([methods] if isinstance(methods, str) else methods, grid)
    if not asked:
        raise ValueError('methods is empty: name at least one, as in methods=["repet"].')
    chosen: list[Method | Baseline] = [*asked, *baselines_of(asked)]
    settings = Settings(
        None if segments is None else checks.number(segments, "segments", 0, above=True),
        None if foreground is None else tuple(foreground),
        None if percussive is None else tuple(percussive),
        checks.whole_number(seed, "seed", 0),
        checks.number(timeout, "timeout", 0, above=True),
    )
    found: list[Loads] = [*(find_tracks(tracks) if isinstance(tracks, str | os.PathLike) else tracks)]
    twice = [name for name, n in Counter(track.name for track in found).items() if n > 1]
    if twice:
        raise ValueError(f"two songs are called {twice[0]!r}: their results would overwrite each other.")
    verbose = progress.wanted(verbose)
    Path(out).mkdir(parents=True, exist_ok=True)
    evaluated = Evaluated(str(Path(out).resolve()))
    with _client(scheduler, workers, memory) as client:
        if verbose and find_spec("bokeh"):  # which draws it
            print(f"What the workers do is shown at {client.dashboard_link}")
        songs = _songs(client, found, chosen, settings, evaluated.out)
        for done in progress.progress(Counted(songs, len(found)), "songs", verbose):
            evaluated.new += done.new
            evaluated.kept += done.kept
            evaluated.failed += [(done.track, method, reason) for method, reason in done.failed.items()]
            evaluated.skipped += [(done.track, method, reason) for method, reason in done.skipped.items()]
    return evaluated


@dataclass
class Counted:
    """An iterator that knows how many are to come."""

    items: Iterator[Done]
    total: int

    def __iter__(self) -> Iterator[Done]:
        return self.items

    def __len__(self) -> int:
        return self.total


@contextmanager
def _client(scheduler: str | None, workers: int | None, memory: str | None) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=10)
        except (OSError, ValueError) as error:
            raise ValueError(
                f"no scheduler answers at {scheduler} ({error}): start one with `dask scheduler`."
            ) from None
        with client:
            client.wait_for_workers(1, timeout=60)
            _check_workers(client)
            yield client
        return
    n = os.process_cpu_count() if hasattr(os, "process_cpu_count") else len(os.sched_getaffinity(0))
    cluster = LocalCluster(
        n_workers=n if workers is None else checks.whole_number(workers, "workers", 1),
        threads_per_worker=1,
        processes=True,
        memory_limit="auto" if memory is None else memory,
        env=ONE_THREAD,
        dashboard_address="127.0.0.1:0",
    )
    with cluster, Client(cluster) as client:
        yield client


def _check_workers(client: Client) -> None:
    """Workers of somebody's cluster: with this code, and one thread each."""
    threads = {
        address: worker["nthreads"] for address, worker in client.scheduler_info(n_workers=-1)["workers"].items()
    }
    busy = next((address for address, n in threads.items() if n != 1), None)
    if busy:
        raise ValueError(
            f"the worker at {busy} has {threads[busy]} threads, but a method may need all of a process: start workers "
            "with --nthreads 1, and --nworkers for as many as there are processors."
        )
    for address, code in client.run(own_code).items():
        if code != own_code():
            raise ValueError(
                f"the worker at {address} has another version of spectrogramtools: install this one there."
            )


def _songs(
    client: Client, tracks: list[Loads], methods: list[Method | Baseline], settings: Settings, out: str
) -> Iterator[Done]:
    """What came of each song, as it comes."""
    from distributed import KilledWorker, as_completed

    ahead = iter(tracks)

    def submit(track: Loads) -> Any:
        future = client.submit(
            _task, track, methods, settings, out, key=f"song-{track.name}-{next(number)}", pure=False
        )
        waiting[str(future.key)] = track
        return future

    number, waiting = itertools.count(), dict[str, Loads]()
    n_workers = len(client.scheduler_info(n_workers=-1)["workers"])
    running = as_completed([submit(track) for track in itertools.islice(ahead, AHEAD * n_workers)])
    for future in running:
        track = waiting.pop(str(future.key))
        try:
            done = future.result()
        except KilledWorker:
            # Each method that its process does not survive is given up after a few deaths, so this comes to an end.
            running.add(submit(track))
            continue
        except Exception as error:  # what could not even be sent
            done = Done(track.name, 0, 0, {"all methods": f"{type(error).__name__}: {error}"})
        following = next(ahead, None)
        if following is not None:
            running.add(submit(following))
        yield done


def _task(track: Loads, methods: Sequence[Method | Baseline], settings: Settings, out: str) -> Done:
    from threadpoolctl import threadpool_limits

    os.environ.update(ONE_THREAD)  # for what is not yet loaded
    with threadpool_limits(1):
        return evaluate_song(track, methods, settings, out)
