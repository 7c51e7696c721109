"""Copies of the lectures without outputs, for teaching live: `make blank` writes them into blank/.

In such a copy no result gives the answer to a prediction away before the class has made it.
"""

import shutil
import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ClearOutputPreprocessor

ROOT = Path(__file__).parent.parent


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "blank"
    out.mkdir(exist_ok=True)
    shutil.copytree(ROOT / "notebooks" / "scores", out / "scores", dirs_exist_ok=True)  # which a lecture reads
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook, _ = ClearOutputPreprocessor(enabled=True)(notebook, {})
        nbformat.write(notebook, out / path.name)
        print(out / path.name)


if __name__ == "__main__":
    main()
