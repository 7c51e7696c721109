"""Clips and loading.

A clip is a short mixture together with the stems it was made of; the stems add up to the mixture exactly, sample by
sample, so every separation can be scored. In a checkout the clips lie in `audio/`, in an installed package in `clips/`.

Functions: `clips`, `load_clip`, `load_audio`; the class `Clip`.

Conventions: waveforms are float32, full scale 1.0, shape (n_samples,) or (channels, n_samples); `sr` is in Hz.
"""

from __future__ import annotations

import io
import json
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from spectrogramtools import checks

if TYPE_CHECKING:
    from soundfile import SoundFile

_INSTALLED = Path(__file__).parent / "clips"
_CHECKOUT = Path(__file__).parent.parent / "audio"
# Frames that are read at once, so that a long file in stereo needs no room beside its mono form.
_BLOCK = 1 << 16
# Full scale is 1.0. A damaged MP3 may decode to millions; whole numbers kept as float reach 32768 at most once loud.
_LOUDEST = 1000
# Hz; no format goes higher, and what is loaded grows with the rate that is asked for.
_HIGHEST_SR = 768_000


# Without eq=False, == would compare arrays and stop at their many truth values.
@dataclass(frozen=True, eq=False)
class Clip:
    """A mixture and its stems, as `load_clip` gives them. A clip equals itself only.

    Attributes
    ----------
    name : str
        One of `clips()`.
    sr : int
        Hz.
    mixture : float32 array, shape (n_samples,) or, in stereo, (2, n_samples)
        The sum of the stems.
    stems : dict from str to float32 array, shaped like the mixture
        By name.
    about : str
        What is heard, where it comes from, and its licence.
    """

    name: str
    sr: int
    mixture: NDArray[np.float32]
    stems: dict[str, NDArray[np.float32]]
    about: str

    def __repr__(self) -> str:
        seconds = self.mixture.shape[-1] / self.sr
        stereo = " in stereo" if self.mixture.ndim == 2 else ""
        return f"Clip({self.name!r}: {seconds:.1f} s at {self.sr} Hz{stereo}, stems {', '.join(self.stems)})"


def clips() -> list[str]:
    """Name the clips.

    Returns
    -------
    names : list of str
        In alphabetical order.

    Examples
    --------
    >>> "violin_castanets" in clips()
    True
    """
    return sorted(path.parent.name for path in _folder().glob("*/clip.json"))


def load_clip(name: str) -> Clip:
    """Load a clip by its name.

    Parameters
    ----------
    name : str
        One of `clips()`.

    Returns
    -------
    clip : Clip
        With `mixture`, `stems` and `sr`; most are mono, a clip in stereo has two rows.

    Raises
    ------
    ValueError
        If there is no such clip.

    Examples
    --------
    >>> clip = load_clip("violin_castanets")
    >>> clip
    Clip('violin_castanets': 10.0 s at 22050 Hz, stems violin, castanets)
    >>> bool((clip.stems["violin"] + clip.stems["castanets"] == clip.mixture).all())
    True
    >>> load_clip("metal_singer").mixture.shape
    (2, 627200)
    """
    checks.one_of(name, "name", tuple(clips()))
    folder = _folder() / name
    card = json.loads((folder / "clip.json").read_text(encoding="utf-8"))
    mixture, sr = _as_it_is(folder / "mixture.flac")
    stems = {stem: _as_it_is(folder / f"{stem}.flac")[0] for stem in card["stems"]}
    return Clip(name, sr, mixture, stems, card["about"])


def load_audio(
    path_or_file: str | os.PathLike[str] | BinaryIO, sr: int | None = 22050, *, mono: bool = True
) -> tuple[NDArray[np.float32], int]:
    """Load a sound file.

    Parameters
    ----------
    path_or_file : str, path or binary file
        WAV, FLAC, OGG and MP3 are read without further programs.
    sr : int or None, optional
        The rate to convert to, in Hz; None keeps the file's own.
    mono : bool, optional
        True gives the mean of the file's channels, False all of them.

    Returns
    -------
    y : float32 array, shape (n_samples,) or, with mono=False, (channels, n_samples)
        The samples; one channel is a channel too, so with mono=False a mono file has shape (1, n_samples).
    sr : int
        Hz.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is empty, can't be read as sound, holds NaN or infinite samples, or is damaged.

    Warns
    -----
    UserWarning
        If the file breaks off: y is what is there. (An OGG does not say how long it should be.)

    Examples
    --------
    >>> import io, soundfile
    >>> file = io.BytesIO()
    >>> soundfile.write(file, np.zeros((44100, 2)), 44100, format="WAV")
    >>> load_audio(io.BytesIO(file.getvalue()))[0].shape
    (22050,)
    >>> y, sr = load_audio(io.BytesIO(file.getvalue()), sr=None, mono=False)
    >>> y.shape, sr
    ((2, 44100), 44100)
    """
    if sr is not None:
        sr = checks.whole_number(sr, "sr", 1)
        if sr > _HIGHEST_SR:
            raise ValueError(f"sr is {sr}, but it must be at most {_HIGHEST_SR} Hz.")
    mono, name = checks.flag(mono, "mono"), _named(path_or_file)
    with _opened(path_or_file, name) as file:
        own_sr = file.samplerate
        samples, n_read = _samples(file, own_sr if sr is None else sr, mono, name)
        promised = _promised(file, n_read)
    if n_read == 0:
        raise ValueError(f"{name} holds no samples.")
    if promised - n_read > own_sr / 10:  # an MP3 may count a frame or two that is only there to start the decoder
        warnings.warn(
            f"{name} breaks off: {n_read / own_sr:.1f} of {promised / own_sr:.1f} s are loaded, "
            "the rest is missing or damaged.",
            stacklevel=2,
        )
    return samples, own_sr if sr is None else sr


def _as_it_is(path: Path) -> tuple[NDArray[np.float32], int]:
    """All channels at the file's own rate; one channel without an axis of its own."""
    y, sr = load_audio(path, sr=None, mono=False)
    return (y[0] if len(y) == 1 else y), sr


def _folder() -> Path:
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def _named(path_or_file: str | os.PathLike[str] | BinaryIO) -> str:
    """What a message calls it."""
    return str(path_or_file) if isinstance(path_or_file, str | os.PathLike) else "this file"


def _opened(path_or_file: str | os.PathLike[str] | BinaryIO, name: str) -> SoundFile:
    import soundfile

    if isinstance(path_or_file, str | os.PathLike):
        if not os.path.isfile(path_or_file):
            raise FileNotFoundError(f"there is no file {name!r} in {Path.cwd()}: check the name and the folder.")
    elif not hasattr(path_or_file, "read") or isinstance(path_or_file, io.TextIOBase):
        raise ValueError('path_or_file must be a path, or a file opened in binary mode, as by open(path, "rb").')
    try:
        return soundfile.SoundFile(path_or_file)
    except (soundfile.LibsndfileError, TypeError) as error:  # TypeError: raw samples, without a header
        reason = error.error_string.rstrip(".") if isinstance(error, soundfile.LibsndfileError) else "no header"
        raise ValueError(
            f"{name} can't be read as sound ({reason}): convert it to WAV, FLAC, OGG or MP3 first, "
            "for example with Audacity or ffmpeg."
        ) from None


def _samples(file: SoundFile, sr: int, mono: bool, name: str) -> tuple[NDArray[np.float32], int]:
    """The samples at the rate sr, and how many frames the file really held."""
    import soxr

    n_channels = 1 if mono else file.channels
    own_sr = file.samplerate
    stream = soxr.ResampleStream(own_sr, sr, n_channels, dtype="float32", quality="HQ") if sr != own_sr else None
    kept, n_read = bytearray(), 0  # bytes grow in place
    for block in _blocks(file, name):
        n_read += len(block)
        mixed = block.mean(axis=1, keepdims=True) if mono else block
        kept += (stream.resample_chunk(mixed) if stream else mixed).tobytes()
    if stream:
        kept += stream.resample_chunk(np.zeros((0, n_channels), np.float32), last=True).tobytes()
        # soxr may give a sample more or fewer; n seconds are n seconds.
        n_bytes = -(-n_read * sr // own_sr) * n_channels * 4
        del kept[n_bytes:]
        kept += bytes(n_bytes - len(kept))
    y = np.frombuffer(kept, np.float32)
    return (y if mono else np.ascontiguousarray(y.reshape(-1, n_channels).T)), n_read


def _blocks(file: SoundFile, name: str) -> Iterator[NDArray[np.float32]]:
    """The file's samples up to its end, or up to where it is damaged; each block has shape (n_frames, channels)."""
    import soundfile

    n_read = 0
    while True:
        try:
            block = file.read(_BLOCK, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            return
        if len(block) == 0:
            return
        bad = ~np.isfinite(block).all(axis=1)
        if bad.any():
            where = (n_read + np.argmax(bad)) / file.samplerate
            raise ValueError(f"{name} holds NaN or infinite samples, the first at {where:.3f} s: export it again.")
        peak = np.abs(block).max()
        if peak > _LOUDEST:
            raise ValueError(
                f"{name} reaches {peak:.2g} where full scale is 1: it is damaged, or its samples were never scaled; "
                "export it again."
            )
        n_read += len(block)
        yield block


def _promised(file: SoundFile, n_read: int) -> int:
    """How many frames the file's header speaks of."""
    # Of a WAV or AIFF that breaks off, libsndfile counts what is there; only its log tells of the header's number. What
    # was written into a pipe has the largest number there is in that place, and is whole.
    told = re.search(r"(?:data|SSND) : (\d+) \(should be (\d+)\)", file.extra_info)
    if told and int(told[1]) < 0x7FFFFF00 and int(told[2]) > 0:
        return n_read * int(told[1]) // int(told[2])
    return int(file.frames)
