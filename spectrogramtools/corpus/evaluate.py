"""A corpus evaluated on dask.distributed: this machine's processors by default, a cluster by its scheduler's address.

A task is one song. Workers read it, run what is missing and write the results; what comes back is a line of text. So
the client never holds sound, and whatever dies, what has been written stays.

Function: `evaluate`; the class `Evaluated`.
"""

from __future__ import annotations

import itertools
import os
import pickle
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectrogramtools import checks, progress
from spectrogramtools.corpus.methods import baselines_of, methods_of, own_code
from spectrogramtools.corpus.song import Done, Settings, evaluate_song
from spectrogramtools.corpus.tracks import Loads, find_tracks
from spectrogramtools.corpus.workers import connected, fit, loaded, on_one_thread
from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from distributed import Client

# So many songs are handed out ahead: enough for every worker, and the scheduler does not grow with the corpus. They are
# handed out so many at once, since Dask remembers each handing out for ever.
AHEAD, AT_ONCE = 320, 64
# So often a song is handed out again after workers have died. Each method that its process does not survive is given
# up after a few deaths; this is for what kills even a process that does nothing.
AGAIN = 20
# The longest time that a watchdog can count, and more than anybody waits for: ten days.
LONGEST = 864_000.0


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
    methods: str | Callable[..., Any] | Sequence[str | Callable[..., Any]],
    out: str | os.PathLike[str],
    *,
    grid: Mapping[str, Sequence[Any]] | None = None,
    segments: float | None = None,
    foreground: Sequence[str] | None = None,
    percussive: Sequence[str] | None = None,
    scheduler: Any = None,
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
    scheduler : str or cluster, optional
        The address of a Dask scheduler, such as "tcp://10.0.0.1:8786", or a cluster object, such as dask-jobqueue's
        `SLURMCluster`; None starts workers on this machine.
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

    Examples
    --------
    It starts processes, which takes seconds, so this is not run as a test::

        from spectrogramtools.corpus import evaluate
        from spectrogramtools.corpus.report import report

        def halves(y, sr):
            return [y / 2, y / 2]  # background, foreground

        print(evaluate("songs", ["repet", halves], "results"))
        print(report("results"))
    """
    needs("a corpus", "distributed", "jsonschema", "threadpoolctl", extra="corpus")
    import cloudpickle

    asked = methods_of([methods] if isinstance(methods, str) or callable(methods) else methods, grid)
    if not asked:
        raise ValueError('methods is empty: name at least one, as in methods=["repet"].')
    settings = Settings(
        None if segments is None else checks.number(segments, "segments", 0, above=True),
        _stems(foreground, "foreground"),
        _stems(percussive, "percussive"),
        checks.whole_number(seed, "seed", 0),
        checks.number(timeout, "timeout", 0, LONGEST, above=True),
        uuid.uuid4().hex,
    )
    found = _named([*(find_tracks(tracks) if isinstance(tracks, str | os.PathLike) else tracks)])
    verbose = progress.wanted(verbose)
    Path(out).mkdir(parents=True, exist_ok=True)
    evaluated = Evaluated(str(Path(out).resolve()))
    # Once for all songs: a function of a notebook is sent with all that it needs.
    job = cloudpickle.dumps((own_code(), [*asked, *baselines_of(asked)], settings, evaluated.out))
    with connected(scheduler, workers, memory, job) as client:
        if verbose and find_spec("bokeh"):  # which draws it
            print(f"What the workers do is shown at {client.dashboard_link}")
        songs = Counted(_songs(client, found, job), len(found))
        for done in progress.progress(songs, "songs", verbose):
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


def _stems(names: Sequence[str] | None, what: str) -> tuple[str, ...] | None:
    if names is None:
        return None
    return tuple(checks.sequence([names] if isinstance(names, str) else names, what, "stems"))


def _named(tracks: list[Loads]) -> list[Loads]:
    """Tracks whose names can be folders, each of its own."""
    if not tracks:
        raise ValueError("tracks is empty: give at least one song.")
    for track in tracks:
        parts = track.name.split("/")
        if {"", ".", ".."} & set(parts) or "\0" in track.name:
            raise ValueError(
                f"a song is called {track.name!r}, but its results lie in a folder of that name: rename it."
            )
    twice = [name for name, n in Counter(track.name for track in tracks).items() if n > 1]
    if twice:
        raise ValueError(f"two songs are called {twice[0]!r}: their results would overwrite each other.")
    return tracks


def _songs(client: Client, tracks: list[Loads], job: bytes) -> Iterator[Done]:
    """What came of each song, as it comes."""
    import cloudpickle
    from distributed import CancelledError, KilledWorker, as_completed
    from distributed.comm.core import CommClosedError

    ahead, number, group = iter(tracks), itertools.count(), f"song-{uuid.uuid4().hex}"
    waiting: dict[Any, tuple[str, bytes, int]] = {}

    def submitted(songs: list[tuple[str, bytes, int]]) -> list[Any]:
        # One name for all of them: the scheduler keeps each name for ever.
        new = {(group, next(number)): song for song in songs}
        waiting.update(new)
        return client.map(_task, [sent for _, sent, _ in songs], key=[*new], pure=False, job=job) if new else []

    running = as_completed([], loop=client.loop)
    again: list[tuple[str, bytes, int]] = []
    while True:
        if len(waiting) <= AHEAD - AT_ONCE:
            for track in itertools.islice(ahead, AHEAD - len(waiting) - len(again)):
                try:
                    again.append((track.name, cloudpickle.dumps(track), 0))
                except Exception as error:  # whatever it holds
                    yield _lost(track.name, error)
            running.update(submitted(again))
            again = []
        if not waiting:
            return
        for future in running.next_batch():
            name, sent, times = waiting.pop(future.key)
            try:
                done = future.result()
            except (CancelledError, CommClosedError):  # the scheduler has gone
                raise
            except Exception as error:  # whatever it is that a worker can't do
                if isinstance(error, KilledWorker) and times < AGAIN:
                    again.append((name, sent, times + 1))
                    continue
                done = _lost(name, error)
            yield done


def _lost(name: str, error: BaseException) -> Done:
    """A song that could not be sent, or that its worker can't do."""
    return Done(name, 0, 0, {"all methods": f"{type(error).__name__}: {error}"})


def _task(sent: bytes, job: bytes) -> Done:
    from distributed import get_worker

    unfit = fit(job, get_worker())  # a worker may have come since the others were looked at
    if unfit:
        raise unfit
    on_one_thread()
    _, methods, settings, out = loaded(job)
    return evaluate_song(pickle.loads(sent), methods, settings, out)
