"""One song, with all methods: what a worker does.

What a method does wrong is a sentence in its file. A method that takes too long, or that its process does not survive
(too much memory, a fault in C), takes the process with it; whoever gets the song next finds that written down
(`watch.py`), gives the method up and goes on with the others.

Function: `evaluate_song`; the classes `Settings` and `Done`.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from spectrogramtools.corpus import results
from spectrogramtools.corpus.methods import Baseline, Method, own_code
from spectrogramtools.corpus.parts import NoSuchSourceError, stems_of, summed
from spectrogramtools.corpus.scores import residual, scored, unscored
from spectrogramtools.corpus.tracks import Loads, Song
from spectrogramtools.corpus.watch import NOTE, Watch

# Errors that are told by their sentence alone; of all others it is said where they came up.
TOLD = (ValueError, OSError, MemoryError, ModuleNotFoundError)


@dataclass(frozen=True)
class Settings:
    """What all songs and methods have in common; lists are tuples, so that equal ones look the same. Each run has a
    name of its own: what died in an earlier one does not count."""

    segments: float | None = None
    foreground: tuple[str, ...] | None = None
    percussive: tuple[str, ...] | None = None
    seed: int = 0
    timeout: float = 3600.0
    run: str = "run"


@dataclass(frozen=True)
class Done:
    """What came of a song: how many results are new and how many are kept, which methods failed and which can't be run
    on it, and why."""

    track: str
    new: int
    kept: int
    failed: Mapping[str, str] = field(default_factory=dict)
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
    todo = {file for file, key in keys.items() if not results.is_current(folder / file, key)}
    if not todo and not (folder / NOTE).exists():
        return Done(track.name, 0, len(methods))
    new, kept = 0, 0
    failed: dict[str, str] = {}
    skipped: dict[str, str] = {}
    with Watch(folder, settings.run, settings.timeout) as watch:
        song, facts, unread = _read(track, watch) if todo - watch.ended else (None, {}, None)
        if unread:
            failed["all methods"] = unread
        about = {"name": track.name, **facts}
        for method in methods:
            path = folder / method.file
            if method.file in watch.ended:  # by a process that died over a later one
                result = results.read(path)
            elif method.file in todo:
                result = _result(about, method, song, unread, settings, watch)
                results.write(path, {"made_by": keys[method.file], **result})
                watch.end(method.file)
            else:
                kept += 1
                continue
            new += result["failed"] is None
            if result["failed"] not in (None, unread):
                failed[method.name] = result["failed"]
            if result["skipped"] and isinstance(method, Method):
                skipped[method.name] = result["skipped"]
    return Done(track.name, new, kept, failed, skipped)


def _read(track: Loads, watch: Watch) -> tuple[Song | None, dict[str, Any], str | None]:
    """The song and what is to be said of it, or a sentence."""
    try:
        with watch.over("reading"):
            song = track.load()
            facts = _facts(song)
        watch.end("reading")
        return song, facts, None
    except BaseException as error:  # whatever comes of a file, other songs go on
        return None, {}, _sentence(error)


def _result(
    track: dict[str, Any],
    method: Method | Baseline,
    song: Song | None,
    unread: str | None,
    settings: Settings,
    watch: Watch,
) -> dict[str, Any]:
    """What stands in a method's file."""
    about = dict(name=method.name, arguments=dict(method.arguments), sources=[*method.sources], code=method.code)
    result: dict[str, Any] = dict(track=track, method=about | {"baseline": isinstance(method, Baseline)})
    result |= dict(settings=dict(segments=settings.segments, seed=settings.seed), failed=unread, skipped=None)
    result |= dict(passages=[], seconds=0.0)
    if song is not None:
        try:
            with watch.over(method.file):
                result["passages"], result["seconds"] = _passages(method, song, settings)
        except NoSuchSourceError as reason:
            result["skipped"] = str(reason)
        except BaseException as error:  # whatever a method does, the others go on
            result["failed"] = _sentence(error)
    return result


def _passages(method: Method | Baseline, song: Song, settings: Settings) -> tuple[list[dict[str, Any]], float]:
    """Each passage's scores, and how many seconds the method took."""
    stems = [
        (source, stems_of(source, [*song.stems], settings.foreground, settings.percussive)) for source in method.sources
    ]
    sources = {source: summed(song.stems, names) for source, names in stems}
    found, seconds = [], 0.0
    for passage in _cut(song.mixture.shape[-1], song.sr, settings.segments):
        truth = {source: np.ascontiguousarray(y[..., passage]) for source, y in sources.items()}
        y = np.ascontiguousarray(song.mixture[..., passage])
        if y.any():
            begun = time.perf_counter()
            with _quiet():
                estimates = method.estimates(truth, y, song.sr, settings.seed)
            seconds += time.perf_counter() - begun
            scores = scored(truth, estimates, song.sr)
        else:
            scores = unscored(truth, "the mixture is silent")
        for source, names in stems:
            scores[source]["stems"] = names
        found.append(dict(start=passage.start / song.sr, stop=passage.stop / song.sr, sources=scores))
    return found, round(seconds, 3)


def _cut(n_samples: int, sr: int, segments: float | None) -> list[slice]:
    """Passages of so many seconds; what is left over at the end belongs to none, unless it is all that there is."""
    length = n_samples if segments is None else max(1, round(segments * sr))
    return [slice(k * length, (k + 1) * length) for k in range(n_samples // length)] or [slice(0, n_samples)]


def _facts(song: Song) -> dict[str, Any]:
    channels = 1 if song.mixture.ndim == 1 else len(song.mixture)
    facts = dict(sr=song.sr, channels=channels, seconds=song.mixture.shape[-1] / song.sr, stems=[*song.stems])
    return {**facts, "residual": residual(song.mixture, [*song.stems.values()])}


@contextmanager
def _quiet() -> Iterator[None]:
    """What methods print and warn of would go through each other on the screen, from all workers."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def _sentence(error: BaseException) -> str:
    told = " ".join(str(error).split())[:500]
    if isinstance(error, TOLD) and told:
        return told
    *_, last = traceback.extract_tb(error.__traceback__)
    name = f"{type(error).__name__}: {told}".rstrip(": .")
    return f"{name}, at line {last.lineno} of {last.filename}, in {last.name}."
