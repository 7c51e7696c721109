"""A lecture, run, as a notebook that MyST-NB makes a page of: its figures are files, its widgets wait for a press.

Function: `page`.
"""

import re
import shutil
from pathlib import Path

import elements
import nbformat
import pictures
from runs import VIEW, run

NOTE = """

```{{note}}
On this page players and explorers work, and the code stands as it was run. To run and change it, take
{{download}}`the notebook </notebooks/{name}>`: [how](/installing.md).
```
"""
# What only somebody with the notebook can do.
RUN = re.compile(r"^.*<kbd>Shift</kbd> \+ <kbd>Enter</kbd>.*$", re.MULTILINE)


def page(path: Path, target: Path, static: Path) -> None:
    """Write the notebook of a lecture's page, with sounds and pictures into `static`; the lecture stays as it is."""
    notebook, states = run(path)
    for cell in notebook.cells:
        # The still before a widget is for where the widget is not found.
        outputs = [o for o in cell.get("outputs", []) if "st-still" not in o.get("data", {}).get("text/html", "")]
        if "outputs" in cell:
            cell.outputs = outputs
        for output in outputs:
            show(output, states, static)
    opening = notebook.cells[0]
    opening.source = RUN.sub("", opening.source) + NOTE.format(name=path.name)
    notebook.metadata = {
        "language_info": {"name": "python"},
        "kernelspec": {"name": "python3", "display_name": "Python"},
    }
    nbformat.write(notebook, target)
    shutil.copy(path, target.parent.parent / "notebooks")


def show(output: nbformat.NotebookNode, states: dict, static: Path) -> None:
    """Let a figure or a widget be HTML."""
    data, still = output.get("data", {}), ""
    if "image/png" in data:
        how = output.metadata.get("image/png", {})
        still = pictures.picture(data["image/png"], how, static / "pictures", "../_static/pictures")
    if VIEW in data:
        still = elements.element(states[data[VIEW]["model_id"]], still, static / "sounds")
    if still:
        output.data = {"text/html": still}
