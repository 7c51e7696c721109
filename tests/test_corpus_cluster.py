"""A corpus on Dask: workers that die, runs that are interrupted, one thread each, and a quiet end."""

import importlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import strange_methods
from test_corpus import Loaded, files, left_over, sounds, write_song

from spectrogramtools.corpus import evaluate, find_tracks

ROOT = Path(__file__).parent.parent
Client = pytest.importorskip("distributed").Client
WorkerProcess = importlib.import_module("distributed.nanny").WorkerProcess
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
# What a process needs to find the package and the methods of these tests.
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    ENVIRONMENT.pop(name, None)


CALLS = ["strange_methods:takes_a_while", "ft2d"]


def wait_for(condition, what, seconds=60):
    """No test is about how long something takes; but none shall wait for ever."""
    for _ in range(20 * seconds):
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come")


def dask(*arguments):
    return subprocess.Popen([sys.executable, "-m", "dask", *arguments], env=ENVIRONMENT, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What was started by hand: the scheduler's address, and the file that tells it."""
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    place = ("--scheduler-file", str(file), "--no-dashboard")
    processes = [dask("scheduler", "--host", "127.0.0.1", "--port", "0", *place)]
    try:
        address = wait_for(lambda: file.exists() and file.read_text(), "the scheduler")
        processes.append(dask("worker", *place, "--nworkers", "2", "--nthreads", "1", "--host", "127.0.0.1"))
        address = json.loads(address)["address"]
        with Client(address, set_as_default=False) as observer:
            observer.wait_for_workers(2, timeout=60)
        yield address, place
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def scheduler(started):
    return started[0]


@pytest.fixture
def corpus(tmp_path):
    for k in range(4):
        write_song(tmp_path / "corpus" / f"song {k}", sounds(("vocals", "drums"), 0.3, 1, seed=k))
    return tmp_path / "corpus"


def test_workers_of_a_scheduler_do_what_one_process_does(corpus, tmp_path, scheduler, capsys):
    calls = ["ft2d", "strange_methods:halves", strange_methods.raises]
    done = evaluate(corpus, calls, tmp_path / "out", scheduler=scheduler, verbose=False)
    assert (done.new, done.kept, len(done.failed)) == (4 * 6, 0, 4)
    assert {method for _, method, _ in done.failed} == {"raises"}
    assert "raises failed on 4 songs, such as song" in str(done)
    again = evaluate(corpus, calls, tmp_path / "out", scheduler=scheduler, verbose=False)
    assert (again.new, again.kept, len(again.failed)) == (0, 24, 4)
    assert not left_over(tmp_path / "out")
    assert capsys.readouterr() == ("", "")


def test_a_song_that_can_not_be_sent_or_named_fails_and_the_others_go_on(tmp_path, scheduler):
    class Locked(Loaded):
        def __reduce__(self):
            raise TypeError("it is locked")

    songs = [Loaded(sounds(seconds=0.3), f"song {k}") for k in range(3)]
    songs[1] = Locked(sounds(seconds=0.3), "locked")
    songs[2].name = "x" * 300
    done = evaluate(songs, ["strange_methods:halves"], tmp_path, scheduler=scheduler, verbose=False)
    assert done.new == 5
    told = {track: reason for track, _, reason in done.failed}
    assert told.keys() == {"locked", "x" * 300}
    assert told["locked"] == "TypeError: it is locked"
    assert "File name too long" in told["x" * 300]


def test_each_process_has_one_thread(corpus, tmp_path, scheduler):
    for place in (dict(scheduler=scheduler), dict(workers=1)):
        done = evaluate(
            corpus, ["strange_methods:tells_its_threads"], tmp_path / str(len(place)), verbose=False, **place
        )
        assert len(done.failed) == 4
        for _, _, told in done.failed:
            found = json.loads(told[told.index("{") : told.rindex("}") + 1])
            assert found["pools"], "numpy and scipy have such"
            assert set(found["pools"]) == {1}
            assert found["numba"] in (1, None)
            assert set(found["environment"].values()) == {"1"}


def test_a_worker_that_is_killed_loses_nothing(corpus, tmp_path, scheduler):
    with ThreadPoolExecutor() as pool, Client(scheduler, set_as_default=False) as observer:
        run = pool.submit(evaluate, corpus, CALLS, tmp_path / "out", scheduler=scheduler, verbose=False)
        wait_for(lambda: [*(tmp_path / "out").rglob(".running")], "a song that is worked on")
        busy = wait_for(lambda: [worker for worker, tasks in observer.processing().items() if tasks], "a busy worker")
        pid = observer.run(os.getpid, workers=busy[:1])[busy[0]]
        os.kill(pid, signal.SIGKILL)
        done = run.result()
        assert (
            pid not in wait_for(lambda: len(found := observer.run(os.getpid)) == 2 and found, "a new worker").values()
        )
    assert (done.new, done.kept, done.failed) == (24, 0, [])
    assert not left_over(tmp_path / "out")
    evaluate(corpus, CALLS, tmp_path / "undisturbed", scheduler=scheduler, verbose=False)
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")


def command(corpus, out, *options):
    """The command, in a session of its own as in a terminal."""
    asked = ["--methods", *CALLS, "--out", str(out), *options]
    return subprocess.Popen(
        [sys.executable, "-m", "spectrogramtools.corpus", str(corpus), *asked],
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_an_interrupted_run_goes_on_the_next_time(corpus, tmp_path, scheduler, how):
    out = tmp_path / "out"
    first = command(corpus, out, "--workers", "1")
    n_results = {"SIGINT": 3, "SIGKILL": 8}[how]
    wait_for(lambda: len([*out.rglob("*.json")]) >= n_results, "the first results")
    if how == "SIGINT":
        os.killpg(first.pid, signal.SIGINT)  # as a terminal does it, to the workers as well
    else:
        first.kill()
    printed, told = first.communicate(timeout=60)
    assert printed == ""
    if how == "SIGINT":
        assert first.returncode == 130
        told = [
            line for line in told.replace("\r", "\n").splitlines() if line.strip() and not line.startswith("songs:")
        ]
        assert told == ["stopped: what is done stays, and the same command goes on with the rest."]
    wait_for(lambda: not alive(first.pid), "the end of all workers")
    before = files(out)
    assert n_results <= len(before) < 24
    second = evaluate(corpus, CALLS, out, scheduler=scheduler, verbose=False)
    assert (second.new, second.kept, second.failed) == (24 - len(before), len(before), [])
    assert not left_over(out)
    evaluate(corpus, CALLS, tmp_path / "other", scheduler=scheduler, verbose=False)
    assert files(out) == files(tmp_path / "other")


def test_a_run_that_is_stopped_while_it_starts_its_processes_says_no_more_than_that(corpus, tmp_path):
    run = command(corpus, tmp_path / "out", "--workers", "1")
    wait_for(lambda: [p for p in psutil.Process(run.pid).children() if "spawn_main" in str(p.cmdline())], "a process")
    os.killpg(run.pid, signal.SIGINT)
    told = run.communicate(timeout=60)
    assert told == ("", "stopped: what is done stays, and the same command goes on with the rest.\n")
    assert run.returncode == 130
    wait_for(lambda: not alive(run.pid), "the end of all workers")
    assert not files(tmp_path / "out")


def and_then(monkeypatch, happens, n):
    """Something happens when so many songs have come."""

    def progress(songs, *_):
        for k, song in enumerate(songs):
            if k == n:
                happens()
            yield song

    monkeypatch.setattr("spectrogramtools.progress.progress", progress)


def test_what_is_under_way_when_a_run_is_stopped_is_given_up_without_a_word(
    corpus, tmp_path, caplog, monkeypatch, scheduler
):
    """Dask tells of each song that it was about to fetch; who has stopped a run knows. Other runs may tell."""
    end = Client.__exit__

    def with_a_word(self, *raised):
        logging.getLogger("distributed.scheduler").error("Couldn't gather a song")
        logging.getLogger("distributed.client").error("Couldn't gather it")
        logging.getLogger("tornado.application").error("Exception in callback")
        return end(self, *raised)

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(Client, "__exit__", with_a_word)
    with monkeypatch.context() as context:
        and_then(context, interrupted, n=2)
        with pytest.raises(KeyboardInterrupt):
            evaluate(corpus, ["ft2d"], tmp_path / "stopped", scheduler=scheduler, verbose=False)
    assert not caplog.records
    evaluate(corpus, ["ft2d"], tmp_path / "whole", scheduler=scheduler, verbose=False)
    assert len(caplog.records) == 3


def test_a_scheduler_that_goes_away_is_told(tmp_path, caplog, monkeypatch):
    place = ("--scheduler-file", str(tmp_path / "scheduler.json"), "--no-dashboard")
    processes = [dask("scheduler", "--host", "127.0.0.1", "--port", "0", *place)]
    processes.append(dask("worker", *place, "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"))
    try:
        address = wait_for((tmp_path / "scheduler.json").exists, "the scheduler")
        address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
        songs = [Loaded(sounds(seconds=0.1), f"song {k}") for k in range(200)]
        and_then(monkeypatch, processes[0].kill, n=20)
        with pytest.raises(ConnectionError, match=f"the scheduler at {address} has gone: what is done stays"):
            evaluate(songs, [strange_methods.halves], tmp_path / "out", scheduler=address, verbose=False)
        assert not caplog.records
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait(30)


def test_processes_that_do_not_come_back_are_told(tmp_path, monkeypatch):
    """The last one dies, and its place can't be filled."""
    start, started = WorkerProcess.start, []

    async def once(self):
        if started:
            raise OSError("no more processes")
        started.append(self)
        return await start(self)

    monkeypatch.setattr(WorkerProcess, "start", once)
    monkeypatch.setattr("spectrogramtools.corpus.workers.PATIENCE", 0.5)
    songs = [Loaded(sounds(seconds=0.1), f"song {k}") for k in range(200)]
    and_then(monkeypatch, lambda: os.kill(started[0].pid, signal.SIGKILL), n=20)
    with pytest.raises(ChildProcessError, match="have ended and can't be started again: what is done stays"):
        evaluate(songs, [strange_methods.halves], tmp_path, workers=1, verbose=False)
    assert 20 <= len({path.parent for path in tmp_path.rglob("*.json")}) < 200


def alive(session):
    """Whether a process of it is there that is no zombie."""
    found = [p for p in psutil.process_iter() if os.getsid(p.pid) == session]
    return [p for p in found if p.status() != psutil.STATUS_ZOMBIE]


SCRIPT = """
import asyncio
import numpy as np
from spectrogramtools.corpus import Song, evaluate

SHARE = 0.5

class Tone:
    name = "a tone"

    def load(self):
        y = np.sin(np.arange(8000.0))
        return Song(8000, y + y[::-1], {{"vocals": y, "drums": y[::-1]}})

def mine(y, sr):
    return [SHARE * y, (1 - SHARE) * y]

async def cell():
    return evaluate([Tone()], [mine], {out!r}, workers=1, verbose=False)

print(__file__, asyncio.run(cell()), __file__)
"""


def test_a_script_needs_no_guard_a_notebook_has_a_loop_and_both_end_quietly(tmp_path):
    """With every warning an error, and what the log of distributed has to say on the screen."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(out=str(tmp_path / "out")))
    command = [sys.executable, "-W", "error", str(script)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == f"{script} 5 new results, 0 from before, 0 failed; they lie in {tmp_path / 'out'} {script}\n"


def test_a_method_that_needs_too_much_memory_is_given_up(corpus, tmp_path):
    calls = ["strange_methods:is_greedy", "strange_methods:halves"]
    track = find_tracks(corpus)[:1]
    done = evaluate(track, calls, tmp_path, workers=1, memory="400MB", verbose=False)
    assert done.new == 5
    ((_, method, reason),) = done.failed
    assert method == "strange_methods:is_greedy"
    assert "2 processes died while it ran: it may have needed more memory than a worker has." in reason


def test_deadly_methods_are_given_up_and_the_others_go_on(corpus, tmp_path, scheduler):
    calls = [f"strange_methods:{name}" for name in ("dies", "hangs", "hangs_in_c", "halves")]
    track = find_tracks(corpus)[:1]
    done = evaluate(track, calls, tmp_path / "out", scheduler=scheduler, timeout=5, verbose=False)
    told = {method: reason for _, method, reason in done.failed}
    assert told.keys() == {"strange_methods:dies", "strange_methods:hangs", "strange_methods:hangs_in_c"}
    assert "2 processes died while it ran" in told["strange_methods:dies"]
    assert "took longer than 5 s and was stopped, at File" in told["strange_methods:hangs_in_c"]
    assert done.new == 5
    assert not left_over(tmp_path / "out")


class Deadly(Loaded):
    """A song that no process survives, before any method begins."""

    def __setstate__(self, state):
        os._exit(1)


def test_a_song_that_no_worker_survives_is_given_up(tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr(importlib.import_module("spectrogramtools.corpus.evaluate"), "AGAIN", 0)
    songs = [Deadly(sounds(seconds=0.1), "deadly")]  # alone: a song that waits for the same worker would be sent again
    done = evaluate(songs, [strange_methods.halves], tmp_path, scheduler=scheduler, verbose=False)
    ((track, _, reason),) = done.failed
    assert track == "deadly"
    assert "KilledWorker" in reason


def test_a_worker_that_comes_late_is_looked_at_as_well(monkeypatch):
    distributed = pytest.importorskip("distributed")
    worker = types.SimpleNamespace(state=types.SimpleNamespace(nthreads=2))
    monkeypatch.setattr(distributed, "get_worker", lambda: worker)
    with pytest.raises(ValueError, match="it has 2 threads"):
        importlib.import_module("spectrogramtools.corpus.evaluate")._task(b"", b"")


def test_workers_with_several_threads_or_without_the_method_are_refused(corpus, tmp_path, started, monkeypatch):
    scheduler, place = started
    (tmp_path / "only_here.py").write_text("def mine(y, sr): ...")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=r"the worker at tcp.* can't be used: a method can't be imported there"):
        evaluate(corpus, ["only_here:mine"], tmp_path, scheduler=scheduler, verbose=False)
    with Client(scheduler, set_as_default=False) as observer:
        wait_for(lambda: len(observer.nthreads()) == 2, "both workers")
        busy = dask("worker", *place, "--nworkers", "1", "--nthreads", "2", "--no-nanny", "--host", "127.0.0.1")
        try:
            wait_for(lambda: len(observer.nthreads()) == 3, "the third worker")
            with pytest.raises(ValueError, match=r"it has 2 threads, .*start workers with --nthreads 1"):
                evaluate(corpus, ["ft2d"], tmp_path, scheduler=scheduler, verbose=False)
        finally:
            busy.terminate()
            busy.wait(30)
        wait_for(lambda: len(observer.nthreads()) == 2, "the end of the third worker")
    assert not [*tmp_path.rglob("*.json")]


def test_a_scheduler_that_does_not_answer_gets_a_sentence(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("spectrogramtools.corpus.workers.PATIENCE", 0.2)
    with pytest.raises(
        ValueError, match=r"no scheduler answers at tcp://127.0.0.1:9 .*start one with `dask scheduler`"
    ):
        evaluate(corpus, ["ft2d"], tmp_path, scheduler="tcp://127.0.0.1:9", verbose=False)
    with pytest.raises(ValueError, match="memory is 'much', but it must be a size"):
        evaluate(corpus, ["ft2d"], tmp_path, memory="much", verbose=False)
    with pytest.raises(ValueError, match="memory is 100MB, but a process needs at least 300MB"):
        evaluate(corpus, ["ft2d"], tmp_path, memory="100MB", verbose=False)
    with pytest.raises(ValueError, match="workers is 0"):
        evaluate(corpus, ["ft2d"], tmp_path, workers=0, verbose=False)


def test_processes_that_do_not_start_are_told(corpus, tmp_path, monkeypatch):
    def ended(**options):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr("distributed.LocalCluster", ended)
    with pytest.raises(OSError, match="could not be started: run it again"):
        evaluate(corpus, ["repet"], tmp_path, verbose=False)
