"""The folder of results: a JSON for each song and method, written in one piece or not at all.

A file says what it was made by: method, arguments, code, seed, passages, and the names, sizes and times of the song's
files. Where all this is as it was, nothing is computed again. `schema.json` says what stands in a file.

Functions: `made_by`, `is_current`, `write`, `read`, `read_all`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

SCHEMA = 1
FOLDER = "scores"


def made_by(*all_that_matters: Any) -> str:
    """A fingerprint of all that decides what is in a file."""
    return hashlib.sha256(repr((SCHEMA, all_that_matters)).encode()).hexdigest()[:24]


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def is_current(path: Path, made_by: str) -> bool:
    """Whether the file was made by this, and did not fail. What can't be read is made again."""
    try:
        kept = read(path)
        return bool(kept["made_by"] == made_by and kept["failed"] is None)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return False


def write(path: Path, result: dict[str, Any]) -> None:
    """Whoever reads the file sees the old one or the new one, and never a part."""
    unfinished = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}")
    text = json.dumps({"schema": SCHEMA, **result, "versions": versions()}, indent=1, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    except OSError:  # a disk is full
        unfinished.unlink(missing_ok=True)
        raise


def read_all(out: str | os.PathLike[str]) -> Iterator[dict[str, Any]]:
    """All results of a folder, checked against the schema; ValueError with a sentence where one is none."""
    import jsonschema

    folder = Path(out) / FOLDER
    if not folder.is_dir():
        raise FileNotFoundError(f"{str(out)!r} holds no results: give the folder that was given as --out.")
    schema = jsonschema.Draft202012Validator(json.loads((Path(__file__).parent / "schema.json").read_text("utf-8")))
    for path in sorted(folder.rglob("*.json")):
        try:
            result = read(path)
            schema.validate(result)
        except (ValueError, jsonschema.ValidationError) as error:
            reason = error.message if isinstance(error, jsonschema.ValidationError) else error
            raise ValueError(f"{path} is no result of this version ({reason}): remove it and run again.") from None
        yield result


@functools.cache
def versions() -> dict[str, str]:
    """Of what computes."""
    own = sys.modules["spectrogramtools"].__version__  # which need not be installed
    others = {name: version(name) for name in ("numpy", "scipy", "soundfile")}
    return {"python": platform.python_version(), "spectrogramtools": own, **others}
