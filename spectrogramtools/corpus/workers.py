"""The processes that compute: on this machine by default, on a cluster by its scheduler's address.

A process computes on one thread: as many processes as processors, and none of them in another one's way. What can't be
used, a worker with several threads or with other code, is told in a sentence.

Functions: `connected`; `fit` and `on_one_thread`, which run in a worker.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from spectrogramtools import checks
from spectrogramtools.corpus.methods import own_code

if TYPE_CHECKING:
    from distributed import Client

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
# A process takes about 200 MB before it has read a song.
LEAST_MEMORY = 300_000_000
# Run at a worker's start. A terminal interrupts all processes at once, but it is the client that ends the others.
QUIETLY = """
import logging, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
for name in ("worker", "worker.state_machine"):  # what comes of a song is told by the client, and so is the end
    logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)
"""
PATIENCE = 10  # seconds, with a scheduler that does not answer, and with processes that do not come back


@contextmanager
def connected(scheduler: Any, n: int | None, memory: str | None, job: bytes) -> Iterator[Client]:
    """A client of workers that can do the job; those of this machine are there as long as the context is."""
    with (
        _talkative() as be_silent,
        _this_machine(n, memory, be_silent) if scheduler is None else _cluster(scheduler) as client,
    ):
        try:
            if scheduler is not None:
                _look_at_workers(client, scheduler, job)
            yield client
        except BaseException:  # all that is under way is given up, and Dask would tell of each piece of it
            be_silent()
            raise


def fit(job: bytes, dask_worker: Any) -> Exception | None:
    """In a worker, which `Client.run` hands over under this name: why it can't do the job."""
    threads = dask_worker.state.nthreads
    if threads != 1:
        return ValueError(
            f"it has {threads} threads, but a method may need all of a process: start workers with --nthreads 1, and "
            "--nworkers for as many as there are processors."
        )
    try:
        code = loaded(job)[0]
    except Exception as error:  # whatever an import raises
        return ValueError(f"a method can't be imported there ({error}): is its folder in PYTHONPATH?")
    if code != own_code():
        return ValueError("it has another version of spectrogramtools: install this one there.")
    return None


@lru_cache(maxsize=1)
def loaded(job: bytes) -> Any:
    """What was pickled once for all songs."""
    return pickle.loads(job)


def on_one_thread() -> None:
    """In a worker, before each song."""
    os.environ.update(ONE_THREAD)  # for what is not yet loaded
    if "numba" in sys.modules:  # whose limit is each thread's own; this may start a pool, so it comes first
        sys.modules["numba"].set_num_threads(1)
    _limited()


@lru_cache(maxsize=1)
def _limited() -> None:
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _look_at_workers(client: Client, scheduler: Any, job: bytes) -> None:
    if not client.nthreads():
        print(f"No worker has come to {scheduler} yet: waiting for the first one.", flush=True)
        client.wait_for_workers(1)
    for address, reason in client.run(fit, job, on_error="return").items():
        if reason is not None:
            raise ValueError(f"the worker at {address} can't be used: {reason}")


@contextmanager
def _talkative() -> Iterator[Callable[[], None]]:
    """Dask, which can be made silent until the end."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "tornado.application")]
    levels = [logger.level for logger in loggers]

    def be_silent() -> None:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)

    try:
        yield be_silent
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def _cluster(scheduler: Any) -> Iterator[Client]:
    from distributed import CancelledError, Client
    from distributed.comm.core import CommClosedError

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ValueError(f"no scheduler answers at {scheduler} ({error}): start one with `dask scheduler`.") from None
    with client:
        try:
            yield client
        except (CancelledError, CommClosedError):
            raise ConnectionError(
                f"the scheduler at {scheduler} has gone: what is done stays, and once one answers the same command goes"
                " on with the rest."
            ) from None


@contextmanager
def _this_machine(n: int | None, memory: str | None, be_silent: Callable[[], None]) -> Iterator[Client]:
    import dask
    from distributed import CancelledError, Client, Nanny
    from distributed.comm.core import CommClosedError

    class Patient(Nanny):
        """On a busy machine a process that has nothing more to do may take longer to end than it is given."""

        patience = 5

        async def close(self, timeout: float | None = None, reason: str = "nanny-close") -> Any:
            return await super().close(timeout=self.patience if timeout is None else timeout, reason=reason)

    if n is not None:
        n = checks.whole_number(n, "workers", 1)
    limit = {} if memory is None else {"memory_limit": _bytes(memory)}
    settings = {
        # Only too much memory ends a process: none waits until it has less.
        **dict.fromkeys((f"distributed.worker.memory.{step}" for step in ("target", "spill", "pause")), False),
        # None is given up because a method in C keeps it from answering; `song.py` watches its time.
        "distributed.scheduler.worker-ttl": None,
        # Looking at a method a hundred times a second takes time from it.
        "distributed.worker.profile.enabled": False,
        # Memory that is handed back at once has to be taken again for each array: REPET would take 1.7 times as long.
        "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
        # What Dask remembers of past songs, for whoever looks for a fault in Dask, would fill 20 MB.
        **dict.fromkeys(("distributed.admin.log-length", "distributed.admin.low-level-log-length"), 100),
    }
    options = dict(threads_per_worker=1, env=ONE_THREAD, preload=[QUIETLY], dashboard_address="127.0.0.1:0", **limit)
    with (
        warnings.catch_warnings(),
        _without_main(),
        dask.config.set(settings),
    ):
        warnings.filterwarnings("ignore", "Creating scratch directories")  # takes long where a machine is busy
        with _held_back() as let_go, _started(n_workers=n, worker_class=Patient, **options) as cluster:
            try:
                let_go()
            except KeyboardInterrupt:
                be_silent()
                raise
            with Client(cluster, set_as_default=False) as client, _looked_after(cluster, client):
                try:
                    yield client
                except (CancelledError, CommClosedError):
                    raise ChildProcessError(
                        "the processes that compute have ended and can't be started again: what is done stays, and the "
                        "same command goes on with the rest."
                    ) from None
                Patient.patience = 60


@contextmanager
def _held_back() -> Iterator[Callable[[], object]]:
    """Ctrl + C waits until it is let go: what is stopped while it starts can't be closed, and says so at length."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield lambda: None
        return
    resource_tracker.ensure_running()  # which lets it go once it has started itself
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _started(**options: Any) -> Any:
    from distributed import LocalCluster

    try:
        return LocalCluster(**options)
    except RuntimeError:  # one of them was killed before it had begun
        raise ChildProcessError(
            "the processes that compute could not be started: run it again, with fewer workers if memory is short."
        ) from None


@contextmanager
def _looked_after(cluster: Any, client: Client) -> Iterator[None]:
    """A run whose last process ends and can't be started again would wait for ever: what it waits for is cancelled."""
    ended = threading.Event()

    def look() -> None:
        times = 0
        while times < 6:  # one that has just died is started again, which takes a while on a busy machine
            if ended.wait(PATIENCE):
                return
            times = 0 if any(nanny.pid for nanny in [*cluster.workers.values()]) else times + 1
        for state in [*client.futures.values()]:
            cluster.loop.add_callback(state.cancel)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


def _bytes(memory: str) -> int:
    from dask.utils import parse_bytes

    try:
        found = int(parse_bytes(memory))
    except (ValueError, TypeError):
        raise ValueError(f"memory is {checks.shown(memory)}, but it must be a size, such as '2GB'.") from None
    if found < LEAST_MEMORY:
        raise ValueError(
            f"memory is {memory}, but a process needs at least {LEAST_MEMORY // 10**6}MB, and a song more."
        )
    return found


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not import the script that runs: where it has no `if __name__ == "__main__"`, each would
    begin to evaluate the corpus itself. What a method needs of the script is sent with it."""
    main, environment = vars(sys.modules["__main__"]), set(os.environ)
    hidden: dict[str, Any] = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
    main["__spec__"] = None
    try:
        yield
    finally:
        main.update(hidden)
        for name in set(os.environ) - environment:  # which the workers' nannies set for them
            del os.environ[name]
