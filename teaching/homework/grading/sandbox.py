"""A student's functions, called from here and run elsewhere: in a process of their own, with limits.

>>> with Sandbox(cells) as student:
...     model = student.repeating_model(A, 40)

What comes back is a number, text, or a plain array (see wire.py). Whatever goes wrong in there is a StudentError with
one sentence. A process that has ended or was ended is started anew for the next call.
"""

import contextlib
import ctypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import psutil

from grading import scratch, wire

CHILD = Path(__file__).with_name("child.py")
MEMORY = 2 * 2**30
# Seconds: for the cells, for one call, for processor time in all.
LOAD, CALL, TOTAL = 20, 10, 90
# Seconds between two looks at what a student's process has written.
WATCH = 0.2
TOO_MUCH = f"more than {scratch.BYTES >> 20} MiB or {scratch.FILES} files"
BECOME_SUBREAPER = 36


class StudentError(Exception):
    """The student's code did not do what was asked; the text says why, for the student to read."""


class FullError(Exception):
    """The student's process has written more than the scratch folder may hold."""


class Sandbox:
    """The functions of a list of (name, source) cells, as methods. Use it with `with`.

    `known_as` is the student's id in the course; `shares` is what its cells have earned so far (marking.py).
    """

    def __init__(self, cells, known_as="", memory=MEMORY, call_seconds=CALL):
        self.known_as, self.cells, self.memory, self.call_seconds = known_as, cells, memory, call_seconds
        self.contained, self.troubles, self.survivors, self.shares = {}, [], [], {}
        self._process = self._line = self._scratch = None
        self._own, self._others = set(), set()
        self._hopeless, self._values = {}, {}
        self._folder = tempfile.mkdtemp(prefix="homework-")
        self._deadline = time.monotonic() + TOTAL
        # All of Python's packages that the student's process can import: numpy.
        self._packages = os.path.join(self._folder, "packages")
        os.mkdir(self._packages)
        for place in Path(numpy.__file__).parent.parent.glob("numpy*"):
            if not place.name.endswith("-info"):
                os.symlink(place, os.path.join(self._packages, place.name))
        if sys.platform.startswith("linux"):
            # What a student's process starts and leaves behind becomes our child, wherever it hides.
            ctypes.CDLL(None).prctl(BECOME_SUBREAPER, 1, 0, 0, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __getattr__(self, name):
        return lambda *arguments: self.call(name, *arguments)

    def call(self, name, *arguments):
        """What the student's function returns for these arguments."""
        return self._ask(name, list(arguments))

    def value(self, name):
        """What stands under a name in the student's notebook, read once: an object might answer differently later."""
        if name not in self._values:
            try:
                self._values[name] = self._ask(name, None)
            except StudentError as error:
                self._values[name] = error
        if isinstance(self._values[name], StudentError):
            raise self._values[name]
        return self._values[name]

    def _ask(self, name, arguments):
        if name in self._hopeless:
            raise StudentError(self._hopeless[name])
        self._start()
        try:
            answer = self._exchange(("call", name, arguments), self.call_seconds)
        except TimeoutError:
            self._end()
            # Waiting for the same endless loop once is enough.
            self._hopeless[name] = f"{name} did not come to an end within {self.call_seconds} seconds."
            raise StudentError(self._hopeless[name]) from None
        except FullError:
            self._end()
            self._hopeless[name] = f"{name} wrote {TOO_MUCH}."
            raise StudentError(self._hopeless[name]) from None
        except (OSError, EOFError):
            self._end()
            raise StudentError(f"{name} ended the whole process instead of returning something.") from None
        except wire.BadMessageError as error:
            self._end()
            raise StudentError(f"{name} returned something that can't be read: {error}.") from None
        self._end_survivors()
        if not isinstance(answer, dict) or set(answer) - {"value", "error"}:
            raise StudentError(f"{name} returned something that can't be read.")
        if "error" in answer:
            raise StudentError(explain(name, one_line(answer["error"], 300)))
        return answer.get("value")

    def _start(self):
        if self._process is not None:
            return
        if time.monotonic() > self._deadline:
            raise StudentError(f"The notebook took more than {TOTAL} seconds in all.")
        self._others = {process.pid for process in psutil.Process().children(recursive=True)}
        self._scratch = tempfile.mkdtemp(dir=self._folder)
        self._line, theirs = socket.socketpair()
        environment = {"PATH": "/usr/bin:/bin", "HOME": self._scratch, "LANG": "C.UTF-8"}
        environment |= {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")}
        command = [sys.executable, "-I", "-S", str(CHILD), str(theirs.fileno()), self._scratch, self._packages]
        self._process = subprocess.Popen(
            [*command, str(TOTAL), str(self.memory)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch,
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        try:
            self.contained = wire.unpack(self._reader(LOAD))
            # Our child; with a namespace, the process in it that will run the cells. No student's code has run yet.
            self._own = {process.pid for process in self._descendants()}
            answer = self._exchange(("cells", "", self.cells), LOAD)
        except TimeoutError:
            self._give_up(f"The notebook's cells did not come to an end within {LOAD} seconds.")
        except FullError:
            self._give_up(f"The notebook's cells wrote {TOO_MUCH}.")
        except (OSError, EOFError, wire.BadMessageError):
            self._give_up("The notebook's cells ended the whole process.")
        # The student's code could have sent this answer, and in it anything.
        troubles = answer.get("value") if isinstance(answer, dict) else None
        troubles = troubles[:20] if isinstance(troubles, tuple) else ()
        self.troubles = [one_line(trouble, 400) for trouble in troubles]

    def _give_up(self, why):
        self._end()
        self._deadline = 0
        self.troubles = [why]
        raise StudentError(why)

    def _exchange(self, message, seconds):
        self._line.settimeout(seconds)
        self._line.sendall(wire.pack(message))
        answer = wire.unpack(self._reader(seconds))
        self._watch()
        return answer

    def _reader(self, seconds):
        end = min(time.monotonic() + seconds, self._deadline)

        def read(n):
            got = bytearray()
            while len(got) < n:
                left = end - time.monotonic()
                self._line.settimeout(min(max(left, 1e-3), WATCH))
                try:
                    more = self._line.recv(min(n - len(got), 1 << 20))
                except TimeoutError:
                    if left < WATCH:
                        raise
                    self._watch()
                    continue
                if not more:
                    raise EOFError
                got += more
            return bytes(got)

        return read

    def _watch(self):
        """Look how full the scratch folder is, where it is no disk of its own."""
        if not self.contained.get("disk") and scratch.is_full(self._scratch):
            raise FullError

    def _end_survivors(self):
        """If a call has started processes and left them running, end them, and with them the student's own."""
        left = [process.pid for process in self._descendants() if process.pid not in self._own]
        if left:
            self.survivors += left
            self._end()

    def _end(self):
        """End the student's process and everything that it has started."""
        if self._process is None:
            return
        processes = self._descendants()
        self.survivors += [p.pid for p in processes if p.pid not in {*self._own, *self.survivors}]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        psutil.wait_procs(processes, timeout=5)
        self._line.close()
        with contextlib.suppress(OSError):
            scratch.remove(self._scratch)
        self._process = self._line = self._scratch = None

    def _descendants(self):
        """What runs below this process, but for what ran there before."""
        return [p for p in psutil.Process().children(recursive=True) if p.pid not in self._others]


def one_line(text, most):
    """A student's text in a sentence of ours: it begins no line, and looks like no verdict."""
    text = " ".join(str(text)[:most].split())
    return "".join(sign if sign.isprintable() and sign not in "✔✘◐" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def explain(name, error):
    """A student's error as a sentence."""
    kind, _, text = error.partition(":")
    text = text.strip()
    if kind == "NotImplementedError":
        return f"{name} is not written yet."
    if kind == "MemoryError":
        return f"{name} asks for more memory than the grader gives ({MEMORY >> 30} GiB)."
    if kind == "Returned":
        return f"{name} returned {text}."
    if kind == "NameError" and text == f"there is no {name}":
        return f"There is no {name} in the notebook."
    return f"{name} stops with {error}"
