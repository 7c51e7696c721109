"""Run every lecture from top to bottom and save it with its text and pictures: `make save`.

What is saved stays small and quiet: pictures with a palette of 256 colours, no sound, no widget state. A widget leaves
one line of text and a still, for readers who look at the notebook where no kernel runs. Cells that say nothing about
slides get their place on one: a heading begins a slide, further prose a slide below it, code follows its prose.
"""

import base64
import io
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor
from PIL import Image

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


def with_palette(png: str) -> str:
    """The same picture, base64-encoded, in 256 colours: a third of the size."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    # This method keeps the rare colours as well, such as the bright end of the scale.
    picture = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "png", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def place_on_slides(notebook: nbformat.NotebookNode) -> None:
    """Give each cell that has none its slide type."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            kind = "-"
        else:
            kind = "slide" if cell.source.startswith("#") else "subslide"
        cell.metadata.setdefault("slideshow", {"slide_type": kind})
    notebook.metadata["rise"] = {"scroll": True}


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
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                data.pop(WIDGET, None)
                if "image/png" in data:
                    data["image/png"] = with_palette(data["image/png"])
        notebook.metadata["language_info"] = {"name": "python"}
        nbformat.write(notebook, path)
        print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
