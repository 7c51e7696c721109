"""What is seen of a widget where a saved notebook is opened anew and the kernel that made the widget is gone.

JupyterLab prefers a widget's view to the picture beside it in the same output, and where it finds no widget it writes
"Error displaying widget: model not found". So the picture also stands in an output of its own, just before the widget:
unseen, until such a line comes next; then it is shown in the place of the line. While there is a widget, nothing shows.

Function: `display_with_still`.
"""

from __future__ import annotations

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


def display_with_still(data: dict[str, Any], metadata: dict[str, Any]) -> None:
    """Show a widget as its `_repr_mimebundle_` has it, with the picture that is in there before it."""
    from IPython.display import display

    source, alt = f"data:image/png;base64,{data['image/png']}", html.escape(metadata["image/png"]["alt"])
    display({"text/html": f'{STYLE}<img class="st-still" style="display: none" src="{source}" alt="{alt}">'}, raw=True)
    display(data, metadata=metadata, raw=True)
