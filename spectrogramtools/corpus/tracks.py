"""Where the songs of a corpus lie. A song's sound is read when it is evaluated, by whoever evaluates it.

Layouts: MUSDB18-HQ and any other tree of folders in which a folder that holds sound files is one song (`mixture.wav` is
its mixture, or the sum of all files is; every other file is a stem), MUSDB18 as it is published (`.stem.mp4`, read by
stempeg) and this course's clips. All may lie in one tree.

Functions: `find_tracks`; the classes `Track` and `Song`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spectrogramtools import checks
from spectrogramtools.audio import load_audio
from spectrogramtools.extras import needs

SOUNDS = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
MIXTURE = "mixture"
STEMS_FILE = ".stem.mp4"
# The streams of a stem file, in MUSDB18.
STREAMS = (MIXTURE, "drums", "bass", "other", "vocals")


@dataclass(frozen=True, eq=False)
class Song:
    """A song's sound.

    Attributes
    ----------
    sr : int
        Hz.
    mixture : array of float, shape (n_samples,) or (channels, n_samples)
        What is separated.
    stems : dict from str to array of float, each shaped like the mixture
        At least two, by name.
    """

    sr: int
    mixture: NDArray[np.float32]
    stems: dict[str, NDArray[np.float32]]

    def __post_init__(self) -> None:
        checks.whole_number(self.sr, "sr", 1)
        mixture = checks.channels(self.mixture, MIXTURE)
        if len(self.stems) < 2:
            held = f"only {next(iter(self.stems))}" if self.stems else "no stems"
            raise ValueError(f"it holds {held}: a song needs the sound of at least two sources.")
        for name, y in self.stems.items():
            checks.same_shape(checks.channels(y, name), mixture, name, MIXTURE)


class Loads(Protocol):
    """What can be evaluated: anything with a name that loads a `Song`, and can be sent to another process."""

    @property
    def name(self) -> str: ...

    def load(self) -> Song: ...


@dataclass(frozen=True)
class Track:
    """One song of a corpus, by its files.

    Attributes
    ----------
    name : str
        Its place in the corpus, such as "test/Some band - Some song".
    files : dict from str to Path
        A file for each stem, and for the "mixture" where that has one; a stem file holds them all.
    """

    name: str
    files: dict[str, Path]

    def load(self) -> Song:
        """Read the files; ValueError or OSError with a sentence if they are no song."""
        sounds = _streams(self.files[MIXTURE]) if self._is_stem_file() else _files(self.files)
        sr = _the_same({name: sr for name, (_, sr) in sounds.items()}, "Hz", "sampling rate")
        _the_same({name: y.shape[0] for name, (y, _) in sounds.items()}, "channels", "number of channels")
        _the_same({name: y.shape[1] for name, (y, _) in sounds.items()}, "samples", "length")
        stems = {name: y[0] if len(y) == 1 else y for name, (y, _) in sounds.items()}
        mixture = stems.pop(MIXTURE, None)
        return Song(sr, reduce(np.add, stems.values()) if mixture is None else mixture, stems)

    def state(self) -> list[list[str | int]]:
        """What changes when a file changes: each one's name, size and time."""
        found = [(path.name, path.stat()) for path in dict.fromkeys(self.files.values()) if path.exists()]
        return [[name, status.st_size, status.st_mtime_ns] for name, status in found]

    def _is_stem_file(self) -> bool:
        return MIXTURE in self.files and self.files[MIXTURE].name.endswith(STEMS_FILE)


def find_tracks(root: str | os.PathLike[str]) -> list[Track]:
    """List the songs below a folder, without reading their sound.

    Parameters
    ----------
    root : str or path
        A corpus: MUSDB18 or MUSDB18-HQ as they are unpacked, this course's `audio/`, or any tree of folders in which
        a folder that holds sound files is one song.

    Returns
    -------
    tracks : list of Track
        By name.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If no song is found in it.

    Examples
    --------
    >>> import tempfile, soundfile
    >>> with tempfile.TemporaryDirectory() as root:
    ...     (Path(root) / "a song").mkdir()
    ...     for name in ("vocals", "band"):
    ...         soundfile.write(Path(root) / "a song" / f"{name}.wav", np.zeros(8000), 8000)
    ...     track, = find_tracks(root)
    ...     track.name, list(track.files), track.load().mixture.shape
    ('a song', ['band', 'vocals'], (8000,))
    """
    root = Path(root).absolute()  # a worker may be in another folder
    if not root.is_dir():
        raise FileNotFoundError(f"there is no folder {str(root)!r}: give the one that the corpus was unpacked into.")
    tracks = sorted(_below(root, root), key=lambda track: track.name)
    if not tracks:
        raise ValueError(
            f"{str(root)!r} holds no song: a song is a folder with a sound file for each stem "
            f"({', '.join(SOUNDS)}), or a {STEMS_FILE} file of MUSDB18."
        )
    return tracks


def _below(folder: Path, root: Path) -> Iterator[Track]:
    with os.scandir(folder) as entries:
        inside = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
    for entry in inside:
        if entry.name.endswith(STEMS_FILE):
            path = Path(entry.path)
            name = path.relative_to(root).as_posix().removesuffix(STEMS_FILE)
            yield Track(name, dict.fromkeys(STREAMS, path))
    sounds = {Path(e.name).stem: Path(e.path) for e in inside if Path(e.name).suffix.lower() in SOUNDS}
    if sounds:
        yield Track(folder.relative_to(root).as_posix() if folder != root else folder.resolve().name, sounds)
        return  # what lies deeper is what the song was made of
    for entry in inside:
        if entry.is_dir():
            yield from _below(Path(entry.path), root)


def _files(files: dict[str, Path]) -> dict[str, tuple[NDArray[np.float32], int]]:
    found = {}
    for name, path in files.items():
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            found[name] = load_audio(path, None, mono=False)
        if told:  # it breaks off: its score would be another song's
            raise ValueError(str(told[0].message))
    return found


def _streams(path: Path) -> dict[str, tuple[NDArray[np.float32], int]]:
    needs(f"a {STEMS_FILE} file", "stempeg", extra="musdb")
    import stempeg

    if not path.exists():
        raise FileNotFoundError(f"there is no file {str(path)!r} any more.")
    try:
        samples, sr = stempeg.read_stems(str(path), always_3d=True, dtype=np.float32)
    except Exception as error:  # ffmpeg says it in many ways, and the reason comes last
        reason = " ".join(str(error).split())[-200:]
        raise ValueError(f"{path.name} can't be read by stempeg and ffmpeg: {reason}") from error
    if len(samples) != len(STREAMS):
        raise ValueError(f"{path.name} holds {len(samples)} streams, but those of MUSDB18 hold {len(STREAMS)}.")
    return {name: (np.ascontiguousarray(y.T), int(sr)) for name, y in zip(STREAMS, samples, strict=True)}


def _the_same(values: dict[str, int], unit: str, what: str) -> int:
    """The value that all of them have."""
    first = next(iter(values))
    for name, value in values.items():
        if value != values[first]:
            raise ValueError(
                f"{first} has {values[first]} {unit} and {name} has {value}: stems of one song have one {what}."
            )
    return values[first]
