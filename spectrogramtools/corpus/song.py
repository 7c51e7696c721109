"""One song, with all methods: what a worker does.

What a method does wrong is a sentence in its file. A method that takes too long, or that its process does not survive
(too much memory, a fault in C), takes the process with it; whoever gets the song next finds that written down, gives
the method up and goes on with the others.

Function: `evaluate_song`; the class `Settings`.
"""

from __future__ import annotations

import faulthandler
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from spectrogramtools.corpus import results
from spectrogramtools.corpus.methods import Baseline, Method, own_code
from spectrogramtools.corpus.parts import NoSuchSourceError, stems_of, summed
from spectrogramtools.corpus.scores import scored
from spectrogramtools.corpus.tracks import Loads, Song

# So many processes may die of a method, on one song, before it is given up: one may have been killed for other reasons.
DEATHS = 2
TIMEOUT = "Timeout"  # how faulthandler begins what it writes


@dataclass(frozen=True)
class Settings:
    """What all songs and methods have in common; lists are tuples, so that equal ones look the same."""

    segments: float | None = None
    foreground: tuple[str, ...] | None = None
    percussive: tuple[str, ...] | None = None
    seed: int = 0
    timeout: float = 3600.0


@dataclass(frozen=True)
class Done:
    """What came of a song: how many results are new and how many are kept, which methods failed and which can't be run
    on it, and why."""

    track: str
    new: int
    kept: int
    failed: Mapping[str, str]
    skipped: Mapping[str, str] = field(default_factory=dict)


def evaluate_song(track: Loads, methods: Sequence[Method | Baseline], settings: Settings, out: str) -> Done:
    """Score all methods whose results are missing or old, and write each one's file as soon as it is known."""
    folder = Path(out) / results.FOLDER / track.name
    state = track.state() if hasattr(track, "state") else None
    keys = {
        method.file: results.made_by(
            track.name, state, method.name, dict(method.arguments), method.code, own_code(), method.sources,
            settings.segments, settings.foreground, settings.percussive, settings.seed,
        )
        for method in methods
    }  # fmt: skip
    missing = [method for method in methods if not results.is_current(folder / method.file, keys[method.file])]
    failed: dict[str, str] = {}
    skipped: dict[str, str] = {}
    song: Song | None = None
    for method in missing:
        path, key = folder / method.file, keys[method.file]
        about: dict[str, Any] = {"name": track.name}
        result: dict[str, Any] = dict(made_by=key, track=about, method=_about(method), failed=None, skipped=None)
        result |= dict(settings=dict(segments=settings.segments, seed=settings.seed), passages=[])
        before = time.perf_counter()
        try:
            with _watched(path, key, settings.timeout):
                if song is None:
                    song = track.load()
                about |= _facts(song)
                result["passages"] = _passages(method, song, settings)
        except NoSuchSourceError as reason:
            result["skipped"] = skipped[method.file] = str(reason)
        except (Exception, SystemExit) as error:  # whatever a method does, the others go on
            result["failed"] = failed[method.name] = _sentence(error)
        result["seconds"] = round(time.perf_counter() - before, 3)
        results.write(path, result)
    told = {
        method.name: skipped[method.file] for method in missing if isinstance(method, Method) and method.file in skipped
    }
    return Done(track.name, len(missing) - len(failed), len(methods) - len(missing), failed, told)


def _passages(method: Method | Baseline, song: Song, settings: Settings) -> list[dict[str, Any]]:
    stems = [
        (source, stems_of(source, [*song.stems], settings.foreground, settings.percussive)) for source in method.sources
    ]
    sources = {source: summed(song.stems, names) for source, names in stems}
    found = []
    for passage in _cut(song.mixture.shape[-1], song.sr, settings.segments):
        truth = {source: np.ascontiguousarray(y[..., passage]) for source, y in sources.items()}
        y = np.ascontiguousarray(song.mixture[..., passage])
        estimates = method.estimates(truth, y, song.sr, settings.seed)
        scores = scored(truth, estimates, song.sr)
        for source, names in stems:
            scores[source]["stems"] = names
        found.append(dict(start=passage.start / song.sr, stop=passage.stop / song.sr, sources=scores))
    return found


def _cut(n_samples: int, sr: int, segments: float | None) -> list[slice]:
    """Passages of so many seconds; what is left over at the end belongs to none, unless it is all that there is."""
    length = n_samples if segments is None else max(1, round(segments * sr))
    return [slice(k * length, (k + 1) * length) for k in range(n_samples // length)] or [slice(0, n_samples)]


def _facts(song: Song) -> dict[str, Any]:
    channels = 1 if song.mixture.ndim == 1 else len(song.mixture)
    return dict(sr=song.sr, channels=channels, seconds=song.mixture.shape[-1] / song.sr, stems=[*song.stems])


def _about(method: Method | Baseline) -> dict[str, Any]:
    arguments = {name: value if isinstance(value, str | int | float | bool | None) else repr(value)
                 for name, value in method.arguments.items()}  # fmt: skip
    return dict(name=method.name, arguments=arguments, sources=[*method.sources], code=method.code,
                baseline=isinstance(method, Baseline))  # fmt: skip


@contextmanager
def _watched(path: Path, key: str, timeout: float) -> Iterator[None]:
    """End the process if the time is over; leave a note of it, or of a process that died, for the next one."""
    note = path.with_suffix(".running")
    told = note.read_text(encoding="utf-8", errors="replace") if note.exists() else ""
    if TIMEOUT in told and key in told:
        note.unlink()
        raise TimeoutError(f"took longer than {timeout:g} s and was stopped{_where(told)}.")
    deaths = told.count(key)
    if deaths >= DEATHS:
        note.unlink()
        raise MemoryError(f"{deaths} processes died while it ran: it may have needed more memory than a worker has.")
    note.parent.mkdir(parents=True, exist_ok=True)
    with open(note, "a", encoding="utf-8") as file:
        file.write(f"{key}\n")
        file.flush()
        # A thread in C, which no method can keep from running.
        faulthandler.dump_traceback_later(timeout, exit=True, file=file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            note.unlink(missing_ok=True)


def _where(told: str) -> str:
    """The line that the method had come to; the innermost one stands first."""
    lines = [line.strip() for line in told.splitlines() if line.strip().startswith("File ")]
    return f", at {lines[0]}" if lines else ""


def _sentence(error: BaseException) -> str:
    if isinstance(error, ValueError | OSError | MemoryError | TimeoutError | ModuleNotFoundError) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}".rstrip(": ") + "."
