"""Mixtures of music that people made, with true stems: what the methods are scored on beside the loops.

Everything comes from packages and nothing is committed: a script of songs, passages, singers and levels mixes them.

- voice: a solo singer over 24 s of a band, at -5, 0 and +5 dB, each level over another passage
- guitar: the guitar of a band, as loud as the band mixed it, and the rest of the band
- lead, drums: the tune or the drums of songs that people composed and a sequencer plays

Songs and singers are divided once and for all: one half for tuning, the other for reporting, and no song or singer is
in both. The singers never met the bands; a second verse is the same recording, faster and higher by a whole tone, so
that it does not repeat the first.

Needs Debian's fretsonfire-songs-muldjord, fretsonfire-songs-sectoid, singularity-music, asc-music, sonic-pi-samples and
lmms, and pip for one source archive, which is fetched the first time; `missing` says what is not installed. LMMS's
synthesizers begin at random phases, so each rendering is another one: medians over all tracks move by a tenth of a dB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

BUILD = Path(__file__).parent.parent / "build" / "recordings"
GAMES = Path("/usr/share/games")
SAMPLES = Path("/usr/share/sonic-pi/samples")
LMMS = Path("/usr/share/lmms/projects/demos")
SINGERS = "basic_pitch-0.4.0"
# What is needed, and a file by which it is known.
DEBIAN = {
    "fretsonfire-songs-muldjord": GAMES / "fretsonfire/data/songs/muldjord",
    "fretsonfire-songs-sectoid": GAMES / "fretsonfire/data/songs/sectoid",
    "singularity-music": GAMES / "singularity/music",
    "asc-music": GAMES / "asc/music",
    "sonic-pi-samples": SAMPLES,
    "lmms": LMMS,
}
SECONDS = 24
LEVELS = (-5, 0, 5)  # of the voice over the band, in dB


@dataclass(frozen=True)
class Song:
    """The files that add up to the band, its tempo where it is known, and its guitar where it can be had apart."""

    name: str
    band: tuple[Path, ...]
    bpm: float | None = None
    guitar: Path | None = None


@dataclass(frozen=True)
class Track:
    """Stems of shape (n_samples,) or (2, n_samples), whose sum is the mixture."""

    name: str
    kind: str
    song: str
    bpm: float | None
    sr: int
    background: np.ndarray
    foreground: np.ndarray

    @property
    def mixture(self) -> np.ndarray:
        return self.background + self.foreground


def _band(pack: str, folder: str, bpm: float) -> Song:
    where = GAMES / "fretsonfire/data/songs" / pack / folder
    name = folder.lower().replace(" ", "_")
    return Song(name, (where / "song.ogg", where / "guitar.ogg"), bpm, where / "guitar.ogg")


def whole(path: str | Path) -> Song:
    return Song(Path(path).stem.lower().replace(" ", "_"), (GAMES / path,))


# The tempi are those of the songs' charts.
SONGS = {
    "tuning": (
        _band("sectoid", "Feelings", 95),
        _band("sectoid", "War of freedom", 140),
        _band("sectoid", "Escape from chaosland", 135),
        _band("muldjord", "mutilated_mime", 180),
        whole("asc/music/frontiers.mp3"),
        whole("singularity/music/Aberrations.ogg"),
        whole("singularity/music/Awakening.ogg"),
    ),
    "reporting": (
        _band("sectoid", "Metal madness", 150),
        _band("muldjord", "armygeddon", 170),
        _band("muldjord", "chaos_god", 170),
        _band("muldjord", "internal_degeneration", 190),
        whole("asc/music/machine_wars.mp3"),
        whole("asc/music/time_to_strike.mp3"),
        whole("singularity/music/A New Journey.ogg"),
        whole("singularity/music/Advanced Simulacra.ogg"),
    ),
}
SINGER = {"tuning": 10, "reporting": 14}  # numbers in the dataset vocadito


@dataclass(frozen=True)
class Sequenced:
    """A project of LMMS: the tracks that are its drums and its lead; what is not named is the rest."""

    path: str
    bpm: float
    drums: tuple[str, ...]
    lead: tuple[str, ...]

    @property
    def name(self) -> str:
        return Path(self.path).name.split("-")[1].lower()


SEQUENCED = {
    "tuning": (
        Sequenced(
            "CapDan/CapDan-ReggaetonTry", 180, ("Drum I", "Drum II", "Drum (II)", "Drum III", "Drum IV"), ("Trumpet",)
        ),
    ),
    "reporting": (
        Sequenced(
            "CapDan/CapDan-TwilightArea-OriginalByAlf42red",
            170,
            ("Drum", "HiHat", "Drum I", "Drum II"),
            ("Ioioioioi", "P-Synth"),
        ),
        Sequenced(
            "Settel-InnerRecreation",
            148,
            ("BD/SN 1", "HH/Perc 1", "HH/Perc 2", "BD/SN 2", "HH 3", "BD/SN 2 Fill-In"),
            ("Lead 1",),
        ),
    ),
}
# Recorded loops of drums, for HPSS, each under the half's singer.
LOOPS = {"tuning": ("loop_tabla", "loop_industrial"), "reporting": ("loop_breakbeat", "loop_mehackit1", "loop_safari")}


def tracks(half: str, sr: int = 22050, mono: bool = True) -> Iterator[Track]:
    """The mixtures of one half; without mono they have two channels."""
    for song in SONGS[half]:
        yield from of_song(half, song, sr, mono)
    for song in SEQUENCED[half]:
        drums, lead, rest = _parts([render(song)[part] for part in ("drums", "lead", "rest")], sr, mono)
        yield from _under_voice(half, song.name, song.bpm, drums + lead + rest, sr)
        yield from _apart("lead", song.name, song.bpm, drums + rest, lead, sr)


def of_song(half: str, song: Song, sr: int = 22050, mono: bool = True) -> Iterator[Track]:
    """The mixtures of one song, with the singer of its half."""
    yield from _under_voice(half, song.name, song.bpm, sum(_parts(song.band, sr, mono)), sr)
    if song.guitar:
        band, guitar = _parts(song.band, sr, mono)
        yield from _apart("guitar", song.name, song.bpm, band, guitar, sr)


def drum_tracks(half: str, sr: int = 22050, mono: bool = True) -> Iterator[Track]:
    """Drums, as `foreground`, against the rest."""
    for song in SEQUENCED[half]:
        drums, lead, rest = _parts([render(song)[part] for part in ("drums", "lead", "rest")], sr, mono)
        yield from _apart("drums", song.name, song.bpm, lead + rest, drums, sr)
    for name in LOOPS[half]:
        (drums,) = _parts([SAMPLES / f"{name}.flac"], sr, mono)
        drums = np.tile(drums, -(-12 * sr // drums.shape[-1]))[..., : 12 * sr]
        voice = _channels(sung(SINGER[half], sr)[: 12 * sr], drums)
        for level in LEVELS:
            yield Track(
                f"{name} under a voice, {level:+d} dB", "drums", name, None, sr, _louder(voice, drums, level), drums
            )


def missing() -> str:
    """The packages that are not installed, or nothing."""
    return " ".join(name for name, path in DEBIAN.items() if not path.exists())


def _under_voice(half, song, bpm, band, sr):
    voice = sung(SINGER[half], sr)
    for level, place in zip(LEVELS, (0.2, 0.45, 0.7), strict=True):
        background = _passage(band, place, sr)
        foreground = _louder(_channels(voice, background), background, level)
        yield Track(f"voice over {song}, {level:+d} dB", "voice", song, bpm, sr, background, foreground)


def _apart(kind, song, bpm, rest, part, sr):
    """Two passages in which the part is heard: early and late among those where it is not much softer than at most."""
    sounding = _loudness(part, sr) > 0.1 * _loudness(part, sr).max()
    starts = np.flatnonzero(sounding)
    for place in (0.3, 0.6):
        start = int(starts[int(place * len(starts))]) * sr
        passage = slice(start, start + SECONDS * sr)
        yield Track(f"{kind} of {song}, {start // sr} s", kind, song, bpm, sr, rest[..., passage], part[..., passage])


def _loudness(x, sr):
    """Energy of the 24 s from each second on, while they last."""
    mono = np.atleast_2d(x).mean(axis=0)
    energy = np.concatenate([[0], np.cumsum(mono.astype(np.float64) ** 2)])[::sr]
    return energy[SECONDS:] - energy[:-SECONDS]


def sung(singer: int, sr: int) -> np.ndarray:
    """Two verses and rests around them, 24 s."""
    first = _load(singers() / f"vocadito_{singer}.wav", 44100, True)
    second = soxr.resample(first, 9, 8, quality="HQ")
    rest = np.zeros(44100 * 7 // 10, np.float32)
    voice = soxr.resample(np.concatenate([rest, first, rest, second]), 44100, sr, quality="HQ")
    return np.pad(voice, (0, max(0, SECONDS * sr - len(voice))))[: SECONDS * sr]


def _louder(x, beside, level):
    return (x * 10 ** (level / 20) * np.std(beside) / np.std(x)).astype(np.float32)


def _channels(voice, beside):
    return voice if beside.ndim == 1 else np.stack([voice, voice])


def _passage(x, place, sr):
    start = int(place * (x.shape[-1] / sr - SECONDS)) * sr
    return x[..., start : start + SECONDS * sr]


def _parts(paths, sr, mono):
    loaded = [_load(path, sr, mono) for path in paths]
    n = min(x.shape[-1] for x in loaded)
    return [x[..., :n] for x in loaded]


def _load(path: Path, sr: int, mono: bool) -> np.ndarray:
    cached = BUILD / "cache" / f"{path.parent.name}-{path.stem}-{sr}-{'mono' if mono else 'stereo'}.npy"
    if not cached.exists():
        samples, own = soundfile.read(path, dtype="float32", always_2d=True)
        samples = samples.mean(axis=1, keepdims=True) if mono else np.broadcast_to(samples, (len(samples), 2))
        samples = np.ascontiguousarray(soxr.resample(samples, own, sr, quality="HQ").T)
        cached.parent.mkdir(parents=True, exist_ok=True)
        np.save(cached, samples[0] if mono else samples)
    return np.load(cached, mmap_mode="r")


def singers() -> Path:
    """The folder with the two singers, unpacked from a source archive that pip fetches."""
    folder = BUILD / SINGERS / "tests" / "resources"
    if not folder.exists():
        name, version = SINGERS.split("-")
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", name]
        subprocess.run([*command, "-d", str(BUILD), f"{name}=={version}"], check=True)
        with tarfile.open(BUILD / f"{SINGERS}.tar.gz") as archive:
            archive.extractall(BUILD, filter="data")
    return folder


def render(song: Sequenced) -> dict[str, Path]:
    """Its drums, its lead and the rest as sound files; half a minute each, the first time."""
    found = {part: BUILD / f"{song.name}-{part}.wav" for part in ("drums", "lead", "rest")}
    text = zlib.decompress((LMMS / f"{song.path}.mmpz").read_bytes()[4:]).decode("utf8", "replace")
    for part, path in found.items():
        if path.exists():
            continue
        root = ET.fromstring(text)
        for track in root.iterfind("song/trackcontainer/track"):
            own = next((p for p in ("drums", "lead") if track.get("name") in getattr(song, p)), "rest")
            if own != part and track.get("type") != "5":  # 5 is automation
                track.set("muted", "1")
        path.parent.mkdir(parents=True, exist_ok=True)
        project = path.with_suffix(".mmp")
        ET.ElementTree(root).write(project, encoding="utf8", xml_declaration=True)
        command = ["lmms", "--allowroot", "render", str(project), "-f", "wav", "-s", "44100", "-o", str(path)]
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=True, **quiet)
    return found
