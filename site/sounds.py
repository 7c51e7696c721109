"""Each sound lies once in the whole site: a FLAC file named by what it holds, exact for 16 bit and to 24 bit for others.

A page that was opened as a file may not read other files, but it may run scripts; so beside each FLAC file lies a script
with the same bytes, which only such a page loads.

Functions: `keep` and, for what is no sound, `keep_bytes`.
"""

import base64
import hashlib
import io
from pathlib import Path

import numpy as np
import soundfile


def keep(text: str, n_samples: int, channels: int, sr: int, folder: Path) -> dict:
    """Write a sound that a widget holds, unless it is there, and give what the page must know of it.

    It comes as base64, one channel after the other, as 16 bit or as floats.
    """
    data = base64.b64decode(text)
    kind = {2: "int16", 4: "float32"}[len(data) // (n_samples * channels)]
    y = np.frombuffer(data, np.dtype(kind).newbyteorder("<")).reshape(channels, n_samples).T
    known = {"type": kind, "channels": channels, "sr": sr, "n_samples": n_samples, "scale": 1}
    key = hashlib.sha256(repr(known).encode() + data).hexdigest()[:16]
    whole, subtype = y, "PCM_16"
    if kind == "float32":
        whole, subtype, known["scale"] = in_whole_numbers(y)
    path = folder / f"{key}.flac"
    if not path.with_suffix(".js").exists():
        out = io.BytesIO()
        soundfile.write(out, whole, sr, subtype, format="FLAC")
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(out.getvalue())
        write_script(base64.b64encode(out.getvalue()).decode(), key, folder)
    return {"key": key, **known}


def keep_bytes(text: str, folder: Path) -> str:
    """Write other bytes that are too many for a page, and give their key."""
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    write_script(text, key, folder)
    return key


def write_script(text: str, key: str, folder: Path) -> None:
    script = f'(globalThis.spectrogramtoolsSounds??={{}})["{key}"]="{text}"\n'
    (folder / f"{key}.js").write_text(script, encoding="ascii")


def in_whole_numbers(y: np.ndarray) -> tuple[np.ndarray, str, float]:
    """Floats as FLAC holds them: as 16 bit where these are enough, or else as 24 bit, and what full scale stands for."""
    whole = np.round(y * 32768.0)
    if (whole == y * 32768.0).all() and whole.min() >= -32768 and whole.max() <= 32767:
        return whole.astype(np.int16), "PCM_16", 1
    # A power of two, so that scaling rounds nothing.
    scale = 2.0 ** max(0, np.ceil(np.log2(np.abs(y).max() * (1 + 2.0**-23))))
    return np.round(y / scale * 2.0**31).astype(np.int64).clip(-(2**31), 2**31 - 1).astype(np.int32), "PCM_24", scale
