"""In the kernel of a tested lecture: no network, no warning of the numbers, a record of what is played and shown."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np

VIEW = "application/vnd.jupyter.widget-view+json"

played = []
shown = [[]]  # cell by cell, from the first one on: of each output the widget's model, or None for a picture


def prepare():
    """Whoever tries to reach another machine fails from now on, and so does a division by zero."""
    sys.addaudithook(refuse_network)
    warnings.simplefilter("error", RuntimeWarning)
    overhear()
    leave_out_stills()
    note_what_is_shown()


def refuse_network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError(f"a lecture needs no network, but asked for {arguments[1:]}")


def leave_out_stills():
    """As in the saved lectures: no still before a widget for where JupyterLab does not find the widget."""
    from IPython import get_ipython

    def without_still(message):
        return None if "st-still" in message["content"]["data"].get("text/html", "") else message

    get_ipython().display_pub.register_hook(without_still)


def note_what_is_shown():
    """From now on `shown` grows by each cell and by each of its outputs."""
    from IPython import get_ipython

    def note(message):
        if message["msg_type"] == "display_data":
            shown[-1].append(message["content"]["data"].get(VIEW, {}).get("model_id"))
        return message

    get_ipython().events.register("pre_run_cell", lambda info: shown.append([]))
    get_ipython().display_pub.register_hook(note)


def keep_widgets(path, key):
    """Keep what the site needs of the widgets, so that it need not run the lecture again; see site/runs.py."""
    from ipywidgets import Widget

    states = Widget.get_manager_state()["state"]
    kept = {model: states[model] for cell in shown for model in cell if model}
    Path(path).write_text(json.dumps({"key": key, "shown": shown, "states": kept}), encoding="utf-8")


def overhear():
    """From now on `played` grows by name, peak and level (dB of full scale) of each signal that a player is given."""
    from spectrogramtools.player.widget import Player

    play = Player.play

    def play_and_note(player, signals, *args, **kwargs):
        for name, y in (signals if isinstance(signals, dict) else {"signal": signals}).items():
            power = np.mean(np.square(y, dtype=float))
            played.append((name, float(np.abs(y).max()), float(10 * np.log10(power + 1e-30))))
        play(player, signals, *args, **kwargs)

    Player.play = play_and_note


def check_what_was_played():
    """Nothing clips and nothing is silent, but for what is about just that."""
    assert played
    for name, peak, level in played:
        assert peak <= 1.1 or name in ("added up", "naive"), (name, peak)
        assert level < -12 or name == "naive", (name, level)
        assert level > -45 or name == "difference", (name, level)


def answer(code):
    """Run it among the lecture's names; only what it prints is seen."""
    import matplotlib.pyplot as plt
    from IPython import get_ipython

    names = get_ipython().user_ns
    names["display"] = lambda *widgets: None
    exec(compile(code, "answer", "exec"), names)
    plt.close("all")
