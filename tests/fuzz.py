"""A hundred thousand calls with strange arguments: each gives a result, or a ValueError with a sentence in one line.

    python tests/fuzz.py [--calls N] [--seed N] [--only CALL] [FUNCTION ...]

The functions are those that the module offers, the parameters are read from their signatures. A call has sensible
arguments but for one or two (now and then all) that are strange: wrong types, shapes and containers, NaN, complex,
masked, empty and huge. A finding is

- an exception that is no ValueError (a file that isn't there may give a FileNotFoundError),
- a message of several lines, without a full stop or an ellipsis at its end, or that a library's code has raised,
- a warning but REPET's, that nothing repeats, an argument that has changed, a call that takes too long,
- a MemoryError: a process may take a gigabyte more than it starts with, and no argument's size comes near that.

Call number n of a seed is always the same: `--only n` repeats it and shows where it fails.
"""

import argparse
import collections
import contextlib
import copy
import datetime
import decimal
import fractions
import inspect
import io
import os
import random
import resource
import signal
import sys
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import spectrogramtools as tools

FUNCTIONS = [*tools.__all__, "halfsine", "hann"]
# Seconds after which a call is stopped, and after which a process that doesn't listen is ended.
SLOW, STUCK = 10, 40
MEMORY = 2**30
MODULE = str(Path(tools.__file__).parent)


class TooLong(BaseException):
    """Not an Exception: nobody shall catch it by mistake."""


def sensible(rng):
    """For each parameter by its name a few arguments with which a function works; others get their defaults."""
    noise = np.random.default_rng(rng.randrange(2**32))
    dtype = rng.choice([np.float32, np.float64])
    y, z, w = noise.standard_normal((3, 4096)).astype(dtype)
    A, B, M = noise.random((3, 33, 20)).astype(dtype)
    sources = {"one": y, "two": z}
    return {
        "y": [y, np.tile(y[:512], 8)],
        "mixture": [y + z],
        "reference": [y],
        "estimate": [z, y + z],
        "others": [[z], [z, w]],
        "references": [sources],
        "estimates": [{}, {"ours": [y, z]}],
        "signals": [y, sources],
        "A": [A],
        "B": [B],
        "model": [B],
        "M": [M],
        "S": [A * np.exp(2j * np.pi * B)],
        "similarity": [(A.T @ A) / 33],
        "neighbours": [[[t, (t + 5) % 20] for t in range(20)]],
        "sr": [1000, 8000, 22050, 44100],
        "win_length": [64],
        "hop_length": [16, 32],
        "width": [5, 1, 41],
        "width_frames": [5, 41],
        "width_bins": [5, 41],
        "period_frames": [4, 10, np.full(20, 5)],
        "path_or_file": [str(next(Path(MODULE).parent.glob("audio/*/mixture.flac")))],
        "name": tools.clips(),
        "NIters": [0, 3],
        "period": [None, 0.5],
        "segment": [1.5],
        "min_period": [0.1, 0.8],
        "phase": ["mixture", "zero", "random", A],
        "center": [False, True],
        "useLibrosa": [False, True],
    }


class Raises:
    """Whatever is asked of it, it raises."""

    def __array__(self, *_, **__):
        raise RuntimeError("no array")

    def __float__(self):
        raise ArithmeticError("no float")

    def __index__(self):
        raise KeyError("no index")


def strange(rng):
    """Something that no function expects."""
    kind = rng.random()
    if kind < 0.45:
        return copy.deepcopy(rng.choice(ODD))
    if kind < 0.6:
        return rng.choice(
            [rng.randint(-50, 50), rng.uniform(-50, 50), 10 ** rng.randint(0, 400), rng.lognormvariate(0, 50)]
        )
    x = array(rng)
    kind = rng.random()
    if kind < 0.7:
        return x
    if kind < 0.8:
        return x.tolist()
    if kind < 0.9:
        return [array(rng) for _ in range(rng.randrange(4))]
    return {"a": x, "b": array(rng)}


ODD = [
    *(None, True, False, -1, 0, 1, 2, 3, 10**6, 10**9 + 1, 2**31, 2**63, 10**400, -(10**400)),
    *(0.0, -0.0, 0.5, 2.5, 1e-320, 1e-30, 1e300, -1e300, float("nan"), float("inf"), float("-inf"), 1j, complex("nan")),
    *("", "soft", "binary", "zero", "abc", "1", "two\nlines", "x" * 5000, "\0", "é", b"bytes", bytearray(3), "/", "."),
    *(
        [],
        (),
        {},
        set(),
        [1],
        (1, 2),
        [[]],
        [[1.0], [1.0, 2.0]],
        [None, 1.0],
        ["a", "b"],
        {1: 2},
        {"": []},
        {"a": None},
    ),
    *(
        range(3),
        slice(3),
        object,
        len,
        print,
        Ellipsis,
        NotImplemented,
        Raises(),
        io.BytesIO(b"RIFF"),
        io.StringIO(),
    ),
    *(decimal.Decimal("1.5"), decimal.Decimal("sNaN"), fractions.Fraction(1, 3), datetime.date(2000, 1, 1)),
    *(
        np.float16(2),
        np.float32("nan"),
        np.float64(3),
        np.int8(5),
        np.uint64(2**64 - 1),
        np.bool_(True),
        np.str_("soft"),
    ),
    *(np.longdouble(4), np.complex64(1), np.datetime64("NaT"), np.timedelta64(3, "s"), np.void(b"abc")),
    *(np.array(5), np.array([3]), np.array([[3]]), np.array(None), np.array("soft"), np.array([None, 1]), np.array({})),
    *(np.ma.array([1.0, 2.0], mask=[0, 1]), np.ma.masked, np.ma.array(3.0, mask=True), np.ones((2, 3), object)),
    *(np.zeros(3, [("a", float), ("b", int)]), np.array(["a", "bc"]), np.zeros((0, 3)), np.zeros((3, 0)), np.zeros(0)),
    *(np.zeros((33, 20), "M8[s]"), np.full((33, 20), 1e308), np.full((33, 20), 5e-324), np.full(4096, 1e308)),
    *(np.zeros((33, 20)), np.zeros(4096), np.ones((33, 20), bool), np.ones((1,) * 64), np.array([10**400, 1])),
]
try:  # what numpy calls ragged
    ODD.append([np.zeros((2, 3)), np.zeros((2, 4))])
    import scipy.sparse

    ODD.append(scipy.sparse.eye(33, 20).tocsr())
except ImportError:
    pass


def array(rng):
    """An array of any dtype and shape, some nearly right."""
    noise = np.random.default_rng(rng.randrange(2**32))
    shape = rng.choice([(33, 20), (33, 20), (4096,), (4096,), (2, 4096), (4096, 2), (), (1,), (20,), (20, 20), (0, 20)])
    if rng.random() < 0.3:
        shape = tuple(rng.choice([0, 1, 2, 3, 7, 70]) for _ in range(rng.randrange(5)))
    x = noise.standard_normal(shape) * 10.0 ** rng.choice([0, 0, 0, 2, -30, 30, 37, -320, 307])
    if rng.random() < 0.5:
        x = np.abs(x)
    if x.ndim and x.size and rng.random() < 0.2:
        x.flat[rng.randrange(x.size)] = rng.choice([np.nan, np.inf, -np.inf, -0.0])
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        x = np.asarray(x).astype(
            rng.choice(
                [
                    "f4",
                    "f4",
                    "f8",
                    "f8",
                    "f2",
                    "g",
                    "c8",
                    "c16",
                    ">f4",
                    ">f8",
                    "i1",
                    "i2",
                    "i8",
                    "u1",
                    "u8",
                    "?",
                    "O",
                    "U5",
                ]
            )
        )
    turn = rng.random()
    if turn < 0.1:
        return np.asfortranarray(x)
    if turn < 0.2 and x.ndim:
        return x[::-1]
    if turn < 0.3:
        return np.ma.array(x, mask=noise.random(x.shape) < 0.2)
    if turn < 0.35 and x.ndim == 2:
        with warnings.catch_warnings(action="ignore"):
            return np.matrix(x)
    return x


def arguments(number, seed, functions, odd=True):
    """Which function call number `number` calls, and with what; all sensible if not `odd`."""
    rng = random.Random(f"{seed} {number}")
    name = functions[number % len(functions)]
    parameters = inspect.signature(getattr(tools, name)).parameters
    choices = sensible(rng)
    given = {}
    for p in parameters.values():
        if p.name in choices:
            given[p.name] = rng.choice(choices[p.name])
        elif p.default is p.empty:
            given[p.name] = strange(rng)
    if odd:
        count = len(parameters) if rng.random() < 0.1 else min(len(parameters), rng.choice([1, 1, 1, 2, 2, 3]))
        for chosen in rng.sample(list(parameters), count):
            given[chosen] = strange(rng)
    if isinstance(given.get("NIters"), int | np.integer):
        given["NIters"] = min(given["NIters"], 3)  # as many as are asked for take as long as they take
    return name, given


def fingerprint(x):
    """What must be the same after the call."""
    if isinstance(x, np.ndarray) and x.dtype != object:
        mask = np.ma.getmaskarray(x).tobytes() if isinstance(x, np.ma.MaskedArray) else None
        return type(x), x.dtype, x.shape, np.asarray(x).tobytes(), mask
    if isinstance(x, list | tuple):
        return type(x), [fingerprint(v) for v in x]
    if isinstance(x, dict):
        return list(x), [fingerprint(v) for v in x.values()]
    return repr(x) if isinstance(x, np.ndarray) else id(x)


def call(number, seed, functions):
    """Make one call; None if it went as it should, else (kind, function, where, what)."""
    name, given = arguments(number, seed, functions)
    before = {p: fingerprint(v) for p, v in given.items()}
    signal.setitimer(signal.ITIMER_REAL, SLOW)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            getattr(tools, name)(**given)
        finding = None
    except TooLong as error:
        finding = "too slow", name, place(error), ""
    except Exception as error:
        finding = judged(error, name)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    # REPET may say this, of noise for instance.
    warned = [w for w in warned if not str(w.message).startswith("nothing in y repeats clearly")]
    if warned and finding is None:
        file = Path(warned[0].filename).name
        finding = "warning", name, f"{file}:{warned[0].lineno}", str(warned[0].message)
    changed = [p for p, v in given.items() if fingerprint(v) != before[p]]
    # A file is read on, and that is what it is for.
    if changed and finding is None:
        finding = "argument changed", name, "", ", ".join(changed)
    return finding


def judged(error, name):
    """What is wrong with an exception, or None."""
    message = str(error)
    if isinstance(error, MemoryError):
        return "too much memory", name, place(error), message
    if not isinstance(error, ValueError | FileNotFoundError):
        return "raw exception", name, place(error), f"{type(error).__name__}: {message}"
    frames = traceback.extract_tb(error.__traceback__)
    if not frames[-1].filename.startswith(MODULE):
        return "foreign message", name, place(error), message
    if len(message.splitlines()) != 1:
        return "several lines", name, place(error), message
    if not message.endswith((".", "…")):
        return "no full stop", name, place(error), message
    return None


def place(error):
    """The last line of this module on the way to an error."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(MODULE)]
    return f"{Path(frames[-1].filename).relative_to(MODULE)}:{frames[-1].lineno}" if frames else "the call itself"


def too_long(*_):
    raise TooLong


def worker(seed, functions, jobs, findings):
    """A process that makes the calls whose numbers it is sent."""
    # Progress bars.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGALRM, too_long)
    # What is imported when first needed, and the kernel, shall not count.
    for number in range(3 * len(functions)):
        name, given = arguments(number, seed, functions, odd=False)
        with contextlib.suppress(ValueError):
            getattr(tools, name)(**given)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    findings.send("ready")
    while (number := jobs.recv()) is not None:
        findings.send(call(number, seed, functions))


class Worker:
    """A process, and one after it when it is stuck or has crashed."""

    def __init__(self, seed, functions):
        self.task = seed, functions
        self.start()

    def start(self):
        context = get_context("spawn")
        there, self.jobs = context.Pipe(duplex=False)
        self.findings, back = context.Pipe(duplex=False)
        self.process = context.Process(target=worker, args=(*self.task, there, back), daemon=True)
        self.process.start()
        back.close()
        self.findings.recv()

    def __call__(self, number):
        self.jobs.send(number)
        try:
            if self.findings.poll(STUCK):
                return self.findings.recv()
            kind = "too slow"
        except EOFError:
            kind = "crash"
        self.process.kill()
        self.start()
        return kind, self.task[1][number % len(self.task[1])], "", "the process had to be ended"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("functions", nargs="*", default=FUNCTIONS)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    os.environ |= {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    if options.only is not None:
        name, given = arguments(options.only, options.seed, options.functions)
        print(f"{name}(**{given!r})")
        getattr(tools, name)(**given)
        return

    found = []
    numbers = iter(range(options.calls))
    began = time.monotonic()

    def all_that_are_left(_):
        mine = Worker(options.seed, options.functions)
        for number in numbers:
            if (finding := mine(number)) is not None:
                found.append((*finding, number))
            if number % 10_000 == 0:
                print(f"call {number}, {len(found)} findings, {time.monotonic() - began:.0f} s", flush=True)
        mine.jobs.send(None)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(all_that_are_left, range(2)))
    report(found, options.calls)
    sys.exit(bool(found))


def report(found, calls):
    """How many findings of each kind, and every cause with a call that shows it."""
    print(f"\n{calls} calls, {len(found)} findings")
    for kind, count in collections.Counter(kind for kind, *_ in found).most_common():
        print(f"  {count:6} {kind}")
    causes = collections.defaultdict(list)
    for kind, name, where, what, number in found:
        causes[kind, where].append((name, what, number))
    print(f"\n{'':>6} {'kind':17} {'where':32} example")
    for (kind, where), cases in sorted(causes.items(), key=lambda cause: -len(cause[1])):
        name, what, number = cases[0]
        print(f"{len(cases):6} {kind:17} {where:32} call {number}, {name}: {' '.join(what.split())[:110]}")


if __name__ == "__main__":
    main()
