"""Run a lecture's cells and the code of its folded answers; print, as JSON, what each answer prints and what is played.

python tests/run_lecture.py notebooks/01_stft.ipynb

Whoever tries to reach another machine fails: a lecture needs no network.
"""

import contextlib
import io
import json
import re
import sys

import matplotlib
import nbformat
import numpy as np

from spectrogramtools.player.widget import Player

# In an answer: its code, and what the lecture says that it prints.
ANSWER = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)


def refuse_network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError(f"a lecture needs no network, but asked for {arguments[1:]}")


def answers(notebook):
    """The code of the folded answers, each with the output that stands below it."""
    prose = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [match.groups() for source in prose for match in ANSWER.finditer(source)]


def run(code, names):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "lecture", "exec"), names)
    return out.getvalue()


def overhear():
    """A list that grows by name, peak and level (dB of full scale) of each signal that a player is given."""
    heard, play = [], Player.play

    def play_and_note(player, signals, *args, **kwargs):
        for name, y in (signals if isinstance(signals, dict) else {"signal": signals}).items():
            power = np.mean(np.square(y, dtype=float))
            heard.append((name, float(np.abs(y).max()), float(10 * np.log10(power + 1e-30))))
        play(player, signals, *args, **kwargs)

    Player.play = play_and_note
    return heard


def main():
    sys.addaudithook(refuse_network)
    matplotlib.use("Agg")
    heard = overhear()
    notebook = nbformat.read(sys.argv[1], as_version=4)
    names = {"display": lambda *widgets: None}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            run(cell.source, names)
    played = heard.copy()
    print(json.dumps({"printed": [run(code, names) for code, _ in answers(notebook)], "played": played}))


if __name__ == "__main__":
    main()
