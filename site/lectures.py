"""A lecture, run, as a notebook that MyST-NB makes a page of: its figures are files, its widgets wait for a press.

Function: `page`.
"""

import os
from pathlib import Path

import elements
import nbformat
import pictures
from nbclient import NotebookClient
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor

VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"


def page(path: Path, target: Path, static: Path) -> None:
    """Run a notebook and write its page's, with sounds and pictures into `static`; the notebook stays as it is."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # several lectures run side by side
    notebook = nbformat.read(path, as_version=4)
    here = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="python3", store_widget_state=True, resources=here).execute()
    notebook, _ = CoalesceStreamsPreprocessor(enabled=True)(notebook, {})
    states = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    for cell in notebook.cells:
        # The still before a widget is for where the widget is not found.
        outputs = [o for o in cell.get("outputs", []) if "st-still" not in o.get("data", {}).get("text/html", "")]
        if "outputs" in cell:
            cell.outputs = outputs
        for output in outputs:
            show(output, states, static)
    notebook.metadata = {"language_info": {"name": "python"}, "kernelspec": {"name": "python3", "display_name": "Python"}}
    nbformat.write(notebook, target)


def show(output: nbformat.NotebookNode, states: dict, static: Path) -> None:
    """Let a figure or a widget be HTML."""
    data, still = output.get("data", {}), ""
    if "image/png" in data:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        still = pictures.picture(data["image/png"], alt, static / "pictures", "../_static/pictures")
    if VIEW in data:
        still = elements.element(states[data[VIEW]["model_id"]], still, static / "sounds")
    if still:
        output.data = {"text/html": still}
