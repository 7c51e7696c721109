"""Players and charts in a page of their own, without kernel and network.

What a widget shows is decided by its state, so the page gets the state of every widget, the same JavaScript, and a
small model that stands in for the kernel's. Players sound as ever; sliders show where they stood. Each sound is kept in
the page once, however many players hold it.

Class: `Page`.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOADER = (Path(__file__).parent / "standalone.js").read_text(encoding="utf-8")
BOXES = ("VBoxModel", "HBoxModel")
STILL = "display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center"


class Page:
    """The widgets of one page.

    Parameters
    ----------
    states : for each model id what nbformat keeps of a widget: `model_name`, `state` and `buffers`.
    """

    def __init__(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        self.states = states
        self.texts: dict[str, str] = {}  # JavaScript, styles and base64-encoded bytes by their hash

    def element(self, model_id: str) -> str:
        """The HTML that stands where the widget stood; nothing for what can't be used without a kernel."""
        model = self.states[model_id]
        state, name = model["state"], model["model_name"]
        if name in BOXES:
            inside = "".join(self.element(child.removeprefix("IPY_MODEL_")) for child in state["children"])
            direction = "column; align-items: stretch" if name == "VBoxModel" else "row"
            return f'<div style="{STILL}; flex-direction: {direction}">{inside}</div>'
        if "_esm" in state:
            return self._live(model)
        return _shown(state)

    def script(self) -> str:
        """What the page needs once, after all its elements."""
        # An element each: browsers have taken minutes to read one that held all sounds of a long page.
        texts = {key: json.dumps(text).replace("</", "<\\/") for key, text in self.texts.items()}
        kept = [f'<script type="application/json" id="st-{key}">{text}</script>' for key, text in texts.items()]
        return "\n".join([*kept, f'<script type="module">\n{LOADER}</script>\n'])

    def _live(self, model: Mapping[str, Any]) -> str:
        shown = {key: value for key, value in model["state"].items() if not key.startswith("_") and key != "layout"}
        if "marker_step" in shown:
            shown["marker_step"] = 0  # nobody would follow the line
        buffers = [[b["path"], self._keep(b["data"])] for b in model.get("buffers", [])]
        parts = {
            "state": shown,
            "buffers": buffers,
            "esm": self._keep(model["state"]["_esm"]),
            "css": self._keep(model["state"].get("_css", "")),
        }
        return f'<div class="st-standalone" data-widget="{html.escape(json.dumps(parts))}"></div>'

    def _keep(self, text: str) -> str:
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.texts[key] = text
        return key


def _shown(state: Mapping[str, Any]) -> str:
    """A slider or a menu as it stood."""
    label = html.escape(str(state.get("description", "")))
    if "continuous_update" in state and "max" in state:
        bounds = f'min="{state["min"]}" max="{state["max"]}" step="any" value="{state["value"]}"'
        tip = "it moves where the notebook runs"
        return f'<label title="{tip}">{label} <input type="range" disabled {bounds}> {state["value"]:g}</label>'
    if "_options_labels" in state and state.get("index") is not None:
        return f"<label>{label}: <b>{html.escape(str(state['_options_labels'][state['index']]))}</b></label>"
    if isinstance(state.get("value"), bool) and "indent" in state:
        return f"<label>{label}: <b>{'on' if state['value'] else 'off'}</b></label>"
    return ""
