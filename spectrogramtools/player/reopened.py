"""What is seen of a widget where a saved notebook is opened anew and the kernel that made the widget is gone.

JupyterLab prefers a widget's view to the picture beside it in the same output, and where it finds no widget it writes
"Error displaying widget: model not found". So the picture also stands in an output of its own, just before the widget:
unseen, until such a line comes next; then it is shown in the place of the line. While there is a widget, nothing shows.

Class: `WithStill`, for widgets that have such a picture.
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


class WithStill:
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

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})  # type: ignore[misc]
        picture = {"image/png": base64.b64encode(self.still()).decode()}
        return {**data, **picture}, {**metadata, "image/png": {"alt": self.alt}}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        source, alt = f"data:image/png;base64,{data['image/png']}", html.escape(self.alt)
        display(
            {"text/html": f'{STYLE}<img class="st-still" style="display: none" src="{source}" alt="{alt}">'}, raw=True
        )
        display(data, metadata=metadata, raw=True)
