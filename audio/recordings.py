"""Recordings of people: passages of songs whose guitar lies apart from the rest of the band, and a singer.

The songs are those of Debian's fretsonfire-songs-sectoid, composed and performed by Carlos Viola Iborra, in stereo at
44.1 kHz. Their charts give the tempo, and the first bar of each song begins where its file does. The singer is number
10 of the dataset vocadito (Bittner and others, 2021), which pip brings among the tests of basic-pitch.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import librosa
import numpy as np
import soundfile
from instruments import RENDER_SR, recording

SONGS = Path("/usr/share/games/fretsonfire/data/songs/sectoid")
BEATS_A_MINUTE = {"Escape from chaosland": 135, "Feelings": 95}
DOWNLOADS = Path(__file__).parent.parent / "build" / "recordings"
# Where the singer's two phrases begin, with a breath, and end, and where the first note sounds, in seconds.
PHRASES = ((0.22, 4.67, 0.40), (4.67, 9.09, 4.70))
SEMITONE = 2 ** (1 / 12)


def passage(song: str, first_bar: int, bars: int) -> tuple[np.ndarray, np.ndarray]:
    """The band without its guitar, and the guitar: whole bars in four-four time, each of shape (2, n_samples)."""
    # The strokes come a hair after the beat, so a passage begins before its first one.
    start, stop = (round(bar * 240 / BEATS_A_MINUTE[song] * RENDER_SR) for bar in (first_bar, first_bar + bars))
    parts = []
    for name in ("song", "guitar"):
        samples, sr = soundfile.read(SONGS / song / f"{name}.ogg", start=start, stop=stop)
        if sr != RENDER_SR:
            raise ValueError(f"{song} has {sr} Hz, not {RENDER_SR}: its bars lie elsewhere.")
        parts.append(fade_in(samples.T))
    return parts[0], parts[1]


def singer() -> np.ndarray:
    """The whole recording, 9.1 s, as mono at RENDER_SR."""
    name, version = "basic_pitch", "0.4.0"
    path = DOWNLOADS / f"{name}-{version}" / "tests" / "resources" / "vocadito_10.wav"
    if not path.exists():
        # The recording is in the source archive only.
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", name]
        subprocess.run([*command, "-d", str(DOWNLOADS), f"{name}=={version}"], check=True)
        with tarfile.open(DOWNLOADS / f"{name}-{version}.tar.gz") as archive:
            archive.extractall(DOWNLOADS, filter="data")
    return recording(str(path))


def phrase(number: int, semitones: float) -> tuple[int, np.ndarray]:
    """One of the singer's two phrases, higher and faster as a tape is.

    Returns how many samples before its first note it begins, and the phrase.
    """
    start, stop, note = (round(seconds * RENDER_SR) for seconds in PHRASES[number])
    cut = fade_in(singer()[start:stop])
    faster = SEMITONE**semitones
    sung = librosa.resample(cut, orig_sr=RENDER_SR * faster, target_sr=RENDER_SR, res_type="soxr_vhq")
    return round((note - start) / faster), sung


def fade_in(x: np.ndarray, seconds: float = 0.01) -> np.ndarray:
    n = round(seconds * RENDER_SR)
    return np.concatenate([x[..., :n] * np.sin(np.linspace(0, np.pi / 2, n)) ** 2, x[..., n:]], axis=-1)
