"""What the module computes, for the page's own tests to compare with.

    python tests/page/write_arrays.py FOLDER [CHAPTER ...]

A chapter is a file in tests/page/arrays/ with a function `cases` that yields dicts: what goes in and what comes out, by
name, arrays and plain values alike. CHAPTER.bin holds the arrays' bytes, CHAPTER.json all else; tests/page/arrays.js
reads both. The same inputs are made each time. Matrices, shape (bins, frames), are written frame by frame.
"""

import importlib
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
# Numbers begin at such places that any of them can be read in place.
ALIGNED = 16


def write_all(folder, chapters):
    folder.mkdir(parents=True, exist_ok=True)
    for chapter in chapters or sorted(path.stem for path in (HERE / "arrays").glob("*.py")):
        write(folder, chapter, importlib.import_module(f"arrays.{chapter}").cases())


def write(folder, chapter, cases):
    with open(folder / f"{chapter}.bin", "wb") as file:

        def told(value):
            if isinstance(value, np.ndarray):
                file.write(b"\0" * (-file.tell() % ALIGNED))
                at, value = file.tell(), value.T if value.ndim == 2 else value
                parts = [value.real, value.imag] if value.dtype.kind == "c" else [value]
                for part in parts:
                    part = part.astype(np.int32) if part.dtype.kind == "i" else part
                    file.write(np.ascontiguousarray(part, part.dtype.newbyteorder("<")).tobytes())
                return {"at": at, "type": part.dtype.name, "complex": len(parts) == 2, "shape": list(value.shape[::-1])}
            if isinstance(value, dict):
                return {name: told(part) for name, part in value.items()}
            if isinstance(value, list | tuple):
                return [told(part) for part in value]
            return value if not isinstance(value, float) or np.isfinite(value) else str(value)

        index = [told(case) for case in cases]
    (folder / f"{chapter}.json").write_text(json.dumps(index))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]), sys.argv[2:])
