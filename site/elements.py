"""What stands on a page where a widget stood: its picture, the names of its sounds, and a button that brings it to life.

A widget's state decides what it shows. It stands on the page as JSON, without the sounds, which lie beside the pages;
site.js loads them when the button is pressed, and draws the widget with the JavaScript that JupyterLab draws it with.

Function: `element`.
"""

import html
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sounds

# Beside a state, as long as it is no larger than this.
SMALL = 20_000


def element(states: Mapping[str, Any], model_id: str, still: str, folder: Path) -> str:
    """The HTML for a widget of those whose states nbformat keeps, with its picture's; sounds go into the folder."""
    parts = [part(model, folder) for model in live(states, model_id)]
    if not parts:
        return as_it_stood(states[model_id]["state"])
    names = " · ".join(dict.fromkeys(name for p in parts for name in p["state"].get("names", [])))
    moves = any(p["view"] == "explorer" for p in parts) or len(parts) > 1
    label = "▶ Listen and move the sliders" if moves else "▶ Listen"
    return (
        f'<div class="st-asleep"><div class="st-bar"><button type="button">{label}</button>'
        f'<span class="st-names">{html.escape(names)}</span></div>{still}'
        f'<script type="application/json">{json.dumps(parts).replace("</", "<\\/")}</script></div>'
    )


def live(states: Mapping[str, Any], model_id: str) -> Iterator[Mapping[str, Any]]:
    """The widgets that have JavaScript of ours: this one, or those in it."""
    state = states[model_id]["state"]
    if "_esm" in state:
        yield states[model_id]
    for child in state.get("children", []):
        yield from live(states, child.removeprefix("IPY_MODEL_"))


def part(model: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """All that the page must know of one widget: which view draws it, its state, its sounds and other bytes."""
    state = {k: v for k, v in model["state"].items() if not k.startswith("_") and k not in ("layout", "tabbable", "tooltip")}
    heard, other = {}, []
    for buffer in model.get("buffers", []):
        (name, *deeper), text = buffer["path"], buffer["data"]
        if name.startswith("sound") and not deeper:
            size = state["n_samples"], state["channels"], state["sr"]
            heard[name] = sounds.keep(text, *size, folder)
        else:
            other.append([buffer["path"], text if len(text) <= SMALL else {"key": sounds.keep_bytes(text, folder)}])
    view = model["state"]["_anywidget_id"].rpartition(".")[2].lower()
    return {"view": view, "state": state, "sounds": heard, "bytes": other}


def as_it_stood(state: Mapping[str, Any]) -> str:
    """A slider or a menu that is not ours, as it stood."""
    label = html.escape(str(state.get("description", "")))
    if "continuous_update" in state and "max" in state:
        bounds = f'min="{state["min"]}" max="{state["max"]}" step="any" value="{state["value"]}"'
        return f'<label>{label} <input type="range" disabled {bounds}> {state["value"]:g}</label>'
    if "_options_labels" in state and state.get("index") is not None:
        return f"<label>{label}: <b>{html.escape(str(state['_options_labels'][state['index']]))}</b></label>"
    return ""
