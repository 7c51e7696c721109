"""Run every lecture from top to bottom and save it with its text and pictures: `make save`.

What is saved stays small and quiet: no sound, no widget state. A widget leaves
one line of text and a still, for readers who look at the notebook where no kernel runs. Cells that say nothing about
slides get their place on one: a heading begins a slide, further prose a slide below it, code follows its prose. The
picture of the cell tagged `picture` becomes the lecture's in the README.
"""

import base64
import io
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor
from PIL import Image

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
# Of a picture in the README's table of lectures, in pixels.
WIDTH = 440
WIDGET = "application/vnd.jupyter.widget-view+json"


def save_for_readme(png: str, path: Path) -> None:
    """A small copy of a lecture's picture, on white, at the width of the README's table."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
    picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, "png", optimize=True)


def is_spare(output: nbformat.NotebookNode) -> bool:
    """Whether this is the still that stands before a widget, for where JupyterLab does not find the widget."""
    return "st-still" in output.get("data", {}).get("text/html", "")


def place_on_slides(notebook: nbformat.NotebookNode) -> None:
    """Give prose that has none its slide type; a cell without one stays on the slide of the cell before it."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            kind = "slide" if cell.source.startswith("#") else "subslide"
            cell.metadata.setdefault("slideshow", {"slide_type": kind})


def main():
    here = {"metadata": {"path": str(NOTEBOOKS)}}
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        place_on_slides(notebook)
        client = NotebookClient(
            notebook, kernel_name="python3", store_widget_state=False, record_timing=False, resources=here
        )
        client.execute()
        # Of a progress bar only the last state is kept.
        notebook, _ = CoalesceStreamsPreprocessor(enabled=True)(notebook, {})
        for cell in notebook.cells:
            if "outputs" in cell:
                cell.outputs = [output for output in cell.outputs if not is_spare(output)]
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                data.pop(WIDGET, None)
                if "image/png" in data and "picture" in cell.metadata.get("tags", []):
                    save_for_readme(data["image/png"], NOTEBOOKS / "images" / f"{path.stem}.png")
        notebook.metadata["language_info"] = {"name": "python"}
        nbformat.write(notebook, path)
        print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
