"""Clips and loading.

A clip is a short mixture together with the stems it was made of; the stems add up to the mixture exactly, sample by
sample, so every separation can be scored. In a checkout the clips lie in `audio/`, in an installed package in `clips/`.

Functions: `clips`, `load_clip`, `load_audio`; the class `Clip`.

Conventions: waveforms are float32, mono, full scale 1.0; `sr` is in Hz.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from spectrogramtools import checks

_INSTALLED = Path(__file__).parent / "clips"
_CHECKOUT = Path(__file__).parent.parent / "audio"


@dataclass(frozen=True)
class Clip:
    """A mixture and its stems: mixture and every stem have shape (n_samples,)."""

    name: str
    sr: int
    mixture: NDArray[np.float32]
    stems: dict[str, NDArray[np.float32]]
    about: str

    def __repr__(self) -> str:
        seconds = len(self.mixture) / self.sr
        return f"Clip({self.name!r}: {seconds:.1f} s at {self.sr} Hz, stems {', '.join(self.stems)})"


def clips() -> list[str]:
    """The names of the clips, in alphabetical order."""
    return sorted(path.parent.name for path in _folder().glob("*/clip.json"))


def load_clip(name: str) -> Clip:
    """A clip by its name, one of `clips()`.

    Raises ValueError for a name that is not there.
    """
    checks.one_of(name, "name", tuple(clips()))
    folder = _folder() / name
    card = json.loads((folder / "clip.json").read_text(encoding="utf-8"))
    mixture, sr = _read(folder / "mixture.flac")
    stems = {stem: _read(folder / f"{stem}.flac")[0][:, 0] for stem in card["stems"]}
    return Clip(name, sr, mixture[:, 0], stems, card["about"])


def load_audio(path_or_file: str | os.PathLike | BinaryIO, sr: int | None = 22050) -> tuple[NDArray[np.float32], int]:
    """Load a sound file as mono at the rate `sr`.

    Parameters
    ----------
    path_or_file : a path, or a file opened in binary mode. WAV, FLAC, OGG and MP3 are read without further programs.
    sr : sampling rate in Hz to convert to; None keeps the file's own.

    Returns
    -------
    y : float32, shape (n_samples,), the mean of the file's channels; sr : Hz.

    Raises
    ------
    FileNotFoundError : there is no such file.
    ValueError : the file is empty or can't be read as sound.
    """
    if sr is not None:
        sr = checks.whole_number(sr, "sr", 1)
    if isinstance(path_or_file, str | os.PathLike) and not Path(path_or_file).is_file():
        raise FileNotFoundError(
            f"there is no file {str(path_or_file)!r} in {Path.cwd()}: check the name and the folder."
        )
    samples, own_sr = _read(path_or_file)
    if len(samples) == 0:
        raise ValueError(f"{_named(path_or_file)} holds no samples.")
    y = samples.mean(axis=1)
    if sr is None or sr == own_sr:
        return y, own_sr
    import librosa

    return librosa.resample(y, orig_sr=own_sr, target_sr=sr), sr


def _folder() -> Path:
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def _named(path_or_file: str | os.PathLike | BinaryIO) -> str:
    """What a message calls it."""
    return str(path_or_file) if isinstance(path_or_file, str | os.PathLike) else "this file"


def _read(path_or_file: str | os.PathLike | BinaryIO) -> tuple[NDArray[np.float32], int]:
    import soundfile

    try:
        return soundfile.read(path_or_file, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ValueError(
            f"{_named(path_or_file)} can't be read as sound ({error.error_string.rstrip('.')}): "
            "convert it to WAV, FLAC, OGG or MP3 first."
        ) from None
