"""A lecture's run: the notebook with its outputs, and the states of its widgets.

`make test` runs each lecture cell by cell and compares what comes with what is saved in it; its kernel keeps what the
widgets held (tests/lecture_kernel.py). While nothing has changed since, a page needs no run of its own: its texts and
pictures are the saved ones.

Functions: `key`, which changes when a run would, and `run`.
"""

import functools
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "build" / "lectures"
VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
MODULE = ("spectrogramtools/**/*.py", "spectrogramtools/**/*.json", "spectrogramtools/*.mplstyle", "audio/*/*.flac")
BESIDE = ("notebooks/scores/*.csv",)


@functools.cache
def of_the_module() -> bytes:
    files = (path for pattern in (*MODULE, *BESIDE) for path in sorted(ROOT.glob(pattern)))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def key(path: Path) -> str:
    """Of all that decides what a run of this notebook gives."""
    return hashlib.sha256(of_the_module() + path.read_bytes()).hexdigest()


def run(path: Path) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
    """The notebook with its outputs, and what nbformat keeps of each widget, by its id; the file stays as it is."""
    notebook = nbformat.read(path, as_version=4)
    kept = KEPT / f"{path.stem}.widgets.json"
    if kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
        if found["key"] == key(path) and fits(notebook, found["shown"]):
            return notebook, found["states"]
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # several lectures run side by side
    here = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="python3", store_widget_state=True, resources=here).execute()
    notebook, _ = CoalesceStreamsPreprocessor(enabled=True)(notebook, {})
    return notebook, notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})


def fits(notebook: nbformat.NotebookNode, shown: list[list[str | None]]) -> bool:
    """Say in the saved outputs which of them were widgets; whether each cell has as many as it showed."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, models in zip(cells, shown, strict=False):
        outputs = [o for o in cell.outputs if o.output_type == "display_data" or "image/png" in o.get("data", {})]
        if len(outputs) != len(models):
            return False
        for output, model in zip(outputs, models, strict=True):
            if model:
                output.data[VIEW] = {"model_id": model}
    return len(cells) <= len(shown)
