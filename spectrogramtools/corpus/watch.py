"""What a process leaves behind if it dies over a song, for whoever gets the song next.

A note lies beside a song's results as long as it is worked on. It says which run this is, and what was begun and ended,
so that a method which no process survives is given up after a few deaths, and one that takes too long after the first.

Class: `Watch`.
"""

from __future__ import annotations

import faulthandler
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

# So many processes may die of a method, on one song, before it is given up: one may have been killed for other reasons.
DEATHS = 2
NOTE = ".running"
SONG = f'"{Path(__file__).with_name("song.py")}"'
TIMEOUT = re.compile(r"^Timeout \(", re.MULTILINE)  # how faulthandler begins what it writes


class Watch:
    """The note of one song, in a folder; what an earlier run left there does not count.

    Attributes
    ----------
    ended : set of str
        What has been ended in this run, by this process or one that died later.
    """

    def __init__(self, folder: Path, run: str, timeout: float) -> None:
        self._note, self._timeout = folder / NOTE, timeout
        told = self._note.read_text(encoding="utf-8", errors="replace") if self._note.exists() else None
        if told is None:
            folder.mkdir(parents=True, exist_ok=True)
        else:
            for left in folder.glob(".*.json.*"):  # half a result
                left.unlink(missing_ok=True)
        is_of_this_run = told is not None and told.startswith(run)
        self._told = told if told and is_of_this_run else ""
        self.ended = {line.removeprefix("end ") for line in self._told.splitlines() if line.startswith("end ")}
        self._file = open(self._note, "a" if is_of_this_run else "w", encoding="utf-8")  # noqa: SIM115
        if not is_of_this_run:
            self._write(run)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._note.unlink(missing_ok=True)

    @contextmanager
    def over(self, what: str) -> Iterator[None]:
        """Begin something, and end the process if its time is over; TimeoutError or MemoryError if it came to that."""
        begun = self._told.split(f"begin {what}\n")[1:]
        deaths = [after for after in begun if f"end {what}\n" not in after]
        if deaths and TIMEOUT.search(deaths[-1]):
            raise TimeoutError(f"took longer than {self._timeout:g} s and was stopped{_where(deaths[-1])}.")
        if len(deaths) >= DEATHS:
            raise MemoryError(
                f"{len(deaths)} processes died while it ran: it may have needed more memory than a worker has."
            )
        self._write(f"begin {what}")
        # A thread in C, which no method can keep from running.
        faulthandler.dump_traceback_later(self._timeout, exit=True, file=self._file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

    def end(self, what: str) -> None:
        """Whatever came of it is written."""
        self._write(f"end {what}")

    def _write(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()


def _where(told: str) -> str:
    """The line that had been come to: in the thread that watches, the innermost one, which stands first."""
    thread = next((thread for thread in told.split("\n\n") if SONG in thread), "")
    line = next((line.strip() for line in thread.splitlines() if line.strip().startswith("File ")), "")
    return f", at {line}" if line else ""
