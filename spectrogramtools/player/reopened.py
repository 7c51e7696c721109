"""What is seen of a widget where a saved notebook is opened anew and the kernel that made the widget is gone.

JupyterLab prefers a widget's view to what stands beside it in the same output, and where it finds no widget it writes
"Error displaying widget: model not found". So a picture or a text also stands in an output of its own, just before the
widget: unseen, until such a line comes next; then it is shown in the place of the line. While there is a widget,
nothing shows.

Classes: `WithStill`, for widgets that have a picture, and `WithText`, for those that have a text.
"""

from __future__ import annotations

import base64
import html
from typing import Any

# An output that holds JupyterLab's line and nothing else: a widget, or an error in one, would be an element in it.
NOT_FOUND = ".jp-OutputArea-child > .jupyter-widgets"
STYLE = f"""<style>
.st-still {{ display: none !important; }}
.jp-OutputArea-child:has(+ {NOT_FOUND}):not(:has(+ {NOT_FOUND} *)) .st-still {{ display: block !important; }}
.jp-OutputArea-child:has(.st-still) + .jp-OutputArea-child:has(> .jupyter-widgets):not(:has(> .jupyter-widgets *)) {{
  display: none;
}}
</style>"""
UNSEEN = 'class="st-still" style="display: none"'


class Reopened:
    """A widget beside whose view its output holds something for those who have no widgets."""

    def beside(self) -> tuple[dict[str, str], dict[str, Any]]:
        """What stands in the same output, by its kind, and what is told of it."""
        raise NotImplementedError

    def instead(self) -> str:
        """The HTML that stands before the widget, unseen while there is one."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})  # type: ignore[misc]
        more, told = self.beside()
        return {**data, **more}, {**metadata, **told}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        display({"text/html": STYLE + self.instead()}, raw=True)
        display(data, metadata=metadata, raw=True)


class WithStill(Reopened):
    """A widget beside whose view its output holds a picture of what it shows, described in words.

    A subclass says which PNG that is (`still`) and what it shows (`alt`).
    """

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        raise NotImplementedError

    def still(self) -> bytes:
        """The picture, as a PNG."""
        raise NotImplementedError

    def beside(self) -> tuple[dict[str, str], dict[str, Any]]:
        return {"image/png": base64.b64encode(self.still()).decode()}, {"image/png": {"alt": self.alt}}

    def instead(self) -> str:
        source = f"data:image/png;base64,{base64.b64encode(self.still()).decode()}"
        return f'<img {UNSEEN} src="{source}" alt="{html.escape(self.alt)}">'


class WithText(Reopened):
    """A widget beside whose view its output holds a text, in Markdown.

    A subclass says it in Markdown (`markdown`) and in plain HTML (`html`).
    """

    def markdown(self) -> str:
        raise NotImplementedError

    def html(self) -> str:
        raise NotImplementedError

    def beside(self) -> tuple[dict[str, str], dict[str, Any]]:
        return {"text/markdown": self.markdown()}, {}

    def instead(self) -> str:
        return f"<div {UNSEEN}>{self.html()}</div>"
