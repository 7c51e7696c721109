"""Each sound lies once in the whole site: a FLAC file named by what it holds, exact for 16 bit, to 24 bit for others.

A page that was opened as a file may not read other files, but it may run scripts; so beside each FLAC file lies a
script with the same bytes, which only such a page loads.

Function: `keep`.
"""

import base64
import hashlib
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import soundfile


def keep(text: str, kind: str, channels: int, sr: int, folder: Path) -> dict[str, Any]:
    """Write a sound that a widget holds, unless it is there, and give what the page must know of it.

    It comes as base64, one channel after the other, as "int16" or as "float32".
    """
    data = base64.b64decode(text)
    y = np.frombuffer(data, np.dtype(kind).newbyteorder("<")).reshape(channels, -1).T
    known = {"type": kind, "channels": channels, "sr": sr, "n_samples": len(y), "scale": 1}
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
        text = base64.b64encode(out.getvalue()).decode()
        script = f'(globalThis.spectrogramtoolsSounds??={{}})["{key}"]="{text}"\n'
        path.with_suffix(".js").write_text(script, encoding="ascii")
    return {"key": key, **known}


def in_whole_numbers(y: np.ndarray) -> tuple[np.ndarray, str, float]:
    """Floats as FLAC holds them: as 16 bit where these are enough, else as 24 bit; and what full scale stands for."""
    whole = np.round(y * 32768.0)
    if (whole == y * 32768.0).all() and whole.min() >= -32768 and whole.max() <= 32767:
        return whole.astype(np.int16), "PCM_16", 1
    # A power of two, so that scaling rounds nothing.
    scale = 2.0 ** max(0, math.ceil(math.log2(np.abs(y).max())))
    whole = np.round(y / scale * 2.0**23).clip(-(2**23), 2**23 - 1).astype(np.int32)
    return whole << 8, "PCM_24", scale  # which takes the upper 24 bits
