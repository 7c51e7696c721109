"""What stands on a page where a widget stood: its picture, the names of its sounds, a button that brings it to life.

A widget's state decides what it shows. It stands on the page as JSON, without the sounds, which lie beside the pages;
site.js loads them when the button is pressed, and draws the widget with the JavaScript that JupyterLab draws it with.
What has no sounds, such as a prediction, is drawn when the page is there.

Function: `element`.
"""

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sounds

LABELS = {"player": "▶ Listen", "explorer": "▶ Listen and move the sliders", "blind": "▶ Listen blind"}
VIEWS = {"Player": "player", "Prediction": "predict", "Blind": "blind"}  # all others are explorers
# A link to another lecture, which is a page here.
LECTURE = re.compile(r"(\]\([\w-]+)\.ipynb")


def element(model: Mapping[str, Any], still: str, folder: Path) -> str:
    """The HTML for a widget, from what nbformat keeps of it and its picture's HTML; its sounds go into the folder."""
    state = model["state"]
    if "_esm" not in state:
        return as_it_stood(state)
    view = VIEWS.get(state["_anywidget_id"].rpartition(".")[2], "explorer")
    kept = {k: v for k, v in state.items() if not k.startswith("_") and k not in ("layout", "tabbable", "tooltip")}
    heard = {}
    for buffer in model.get("buffers", []):
        (name,) = buffer["path"]
        i = int(name.removeprefix("sound"))
        how = (state["formats"][i], state["channels"][i]) if view == "explorer" else ("int16", state["channels"])
        heard[name] = sounds.keep(buffer["data"], *how, state["sr"], folder)
    if view == "predict":
        kept["then"] = LECTURE.sub(r"\1.html", kept["then"])
    text = json.dumps({"view": view, "state": kept, "sounds": heard}).replace("</", "<\\/")
    script = f'<script type="application/json">{text}</script>'
    if view == "predict":
        return f'<div class="st-at-once">{readable(kept)}{script}</div>'
    if not heard:
        return f'<div class="st-at-once">{still}{script}</div>'
    names = "which is which is told at the end" if view == "blind" else " · ".join(state["names"])
    return (
        f'<div class="st-asleep"><div class="st-bar"><button type="button">{LABELS[view]}</button>'
        f'<span class="st-names">{html.escape(names)}</span><span role="status"></span></div>{still}{script}</div>'
    )


def readable(state: Mapping[str, Any]) -> str:
    """A prediction where no script runs: what is asked and answered, as it was typed."""
    listed = "".join(f"<li>{html.escape(item)}</li>" for item in state["items"])
    then = f'<p style="white-space: pre-line">{html.escape(state["then"])}</p>'
    asked = f"<p><strong>{html.escape(state['question'])}</strong></p>" + (f"<ul>{listed}</ul>" if listed else "")
    return f"{asked}<details><summary>And then?</summary>{then}</details>"


def as_it_stood(state: Mapping[str, Any]) -> str:
    """A slider or a menu that is not ours, as it stood."""
    label = html.escape(str(state.get("description", "")))
    if "continuous_update" in state and "max" in state:
        bounds = f'min="{state["min"]}" max="{state["max"]}" step="any" value="{state["value"]}"'
        return f'<label>{label} <input type="range" disabled {bounds}> {state["value"]:g}</label>'
    return label
