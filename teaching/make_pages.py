"""Run the lectures and write each as one HTML page that needs no kernel and no network: `make html`.

The pages hold the sounds and play them; sliders show where they stood. The notebooks themselves stay as they are.
"""

import re
import sys
from pathlib import Path

import nbformat
from jinja2 import DictLoader
from latex2mathml.converter import convert
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor
from standalone import Page

ROOT = Path(__file__).parent.parent
VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
# Nothing is wider than the page: pictures shrink; tables, formulas and code scroll, and on paper code wraps.
FITS = """<style>
img { max-width: 100%; height: auto; }
.jp-RenderedMarkdown table, .jp-RenderedMarkdown math[display="block"] { display: block; overflow-x: auto; }
.jp-OutputArea-output, .jp-InputArea-editor .highlight pre { overflow-x: auto; }
@media print {
  .highlight pre, .jp-OutputArea-output pre { white-space: pre-wrap !important; overflow-wrap: anywhere; }
}
</style>"""
# JupyterLab's look without the scripts that it would load from the network.
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_css -%}{{ super() }}{{ resources.fits }}{%- endblock -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block data_png -%}
<img src="data:image/png;base64,{{ output.data['image/png'] }}"
     alt="{{ output | get_metadata('alt', 'image/png') | e }}">
{%- endblock -%}
{%- block footer_js -%}{{ resources.widgets_script }}{%- endblock -%}
"""
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
LINK = re.compile(r"(\]\([\w./-]+)\.ipynb(#[\w-]*)?\)")


def for_the_web(markdown: str) -> str:
    """Formulas as MathML, which browsers draw by themselves, and links to pages instead of notebooks."""

    def formula(match: re.Match) -> str:
        display, inline = match.groups()
        return convert(display or inline, display="block" if display else "inline")

    pieces = CODE.split(markdown)  # every other piece is code
    pieces[::2] = [LINK.sub(r"\1.html\2)", FORMULA.sub(formula, piece)) for piece in pieces[::2]]
    return "".join(pieces)


def page(notebook: nbformat.NotebookNode, title: str, folder: Path) -> str:
    """Run a notebook in this folder and give its page."""
    here = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name="python3", store_widget_state=True, resources=here).execute()
    notebook, _ = CoalesceStreamsPreprocessor(enabled=True)(notebook, {})
    states = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    widgets = Page(states)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = for_the_web(cell.source)
        # The still before a widget is for where the widget is not found.
        outputs = [o for o in cell.get("outputs", []) if "st-still" not in o.get("data", {}).get("text/html", "")]
        if "outputs" in cell:
            cell.outputs = outputs
        for output in outputs:
            data = output.get("data", {})
            if VIEW in data:
                output.data = {"text/html": widgets.element(data[VIEW]["model_id"])}
    exporter = HTMLExporter(extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})], template_file="page.html.j2")
    notebook.metadata["title"] = title
    return exporter.from_notebook_node(notebook, {"widgets_script": widgets.script(), "fits": FITS})[0]


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "html"
    out.mkdir(exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        target = out / f"{path.stem}.html"
        target.write_text(page(notebook, path.stem, path.parent), encoding="utf-8")
        print(f"{target}: {target.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
