"""What stands on a page where a widget stood: its picture, the names of its sounds, and a button that brings it to life.

A widget's state decides what it shows. It stands on the page as JSON, without the sounds, which lie beside the pages;
site.js loads them when the button is pressed, and draws the widget with the JavaScript that JupyterLab draws it with.

Function: `element`.
"""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sounds

LABELS = {"player": "▶ Listen", "explorer": "▶ Listen and move the sliders"}


def element(model: Mapping[str, Any], still: str, folder: Path) -> str:
    """The HTML for a widget, from what nbformat keeps of it and its picture's HTML; its sounds go into the folder."""
    state = model["state"]
    if "_esm" not in state:
        return as_it_stood(state)
    view = state["_anywidget_id"].rpartition(".")[2]
    view = "player" if view == "Player" else "explorer"
    kept = {k: v for k, v in state.items() if not k.startswith("_") and k not in ("layout", "tabbable", "tooltip")}
    heard = {}
    for buffer in model.get("buffers", []):
        (name,) = buffer["path"]
        i = int(name.removeprefix("sound"))
        kind, channels = (state["formats"][i], state["channels"][i]) if "formats" in state else ("int16", state["channels"])
        heard[name] = sounds.keep(buffer["data"], kind, channels, state["sr"], folder)
    text = json.dumps({"view": view, "state": kept, "sounds": heard}).replace("</", "<\\/")
    return (
        f'<div class="st-asleep"><div class="st-bar"><button type="button">{LABELS[view]}</button>'
        f'<span class="st-names">{html.escape(" · ".join(state["names"]))}</span><span role="status"></span></div>'
        f'{still}<script type="application/json">{text}</script></div>'
    )


def as_it_stood(state: Mapping[str, Any]) -> str:
    """A slider or a menu that is not ours, as it stood."""
    label = html.escape(str(state.get("description", "")))
    if "continuous_update" in state and "max" in state:
        bounds = f'min="{state["min"]}" max="{state["max"]}" step="any" value="{state["value"]}"'
        return f'<label>{label} <input type="range" disabled {bounds}> {state["value"]:g}</label>'
    return label
