"""Run a lecture's cells, then the code of its folded answers, and print what each answer prints, as JSON.

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


def main():
    sys.addaudithook(refuse_network)
    matplotlib.use("Agg")
    notebook = nbformat.read(sys.argv[1], as_version=4)
    names = {"display": lambda *widgets: None}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            run(cell.source, names)
    print(json.dumps([run(code, names) for code, _ in answers(notebook)]))


if __name__ == "__main__":
    main()
