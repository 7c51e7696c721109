"""Copies of the lectures for nbval, in which all else that is asked of a lecture stands as cells.

python tests/lectures_for_nbval.py build/lectures

So each lecture is run once, cell by cell as it stands there, and after that in the same kernel: was all that it played
neither silent nor too loud, and does the code of each folded answer print what the lecture says that it prints? The
kernel also keeps what the widgets held, for the site (site/runs.py).
"""

import re
import shutil
import sys
from pathlib import Path

import nbformat

TESTS = Path(__file__).parent
sys.path.append(str(TESTS.parent / "site"))
import runs

# In an answer: its code, and what the lecture says that it prints.
ANSWER = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)
# None of this may leave a name behind that a lecture could use.
KERNEL = "__import__('lecture_kernel')"


def answers(notebook):
    """The code of the folded answers, each with the output that stands below it."""
    prose = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [match.groups() for source in prose for match in ANSWER.finditer(source)]


def for_nbval(notebook, kept=None, key=""):
    """The same notebook, prepared in its first cell, with a cell about what was played and one for each answer.

    What the widgets hold goes into the file `kept`, if that is given.
    """
    further = [cell_that_prints(f"{KERNEL}.check_what_was_played()")]
    if kept:
        further.append(cell_that_prints(f"{KERNEL}.keep_widgets({str(kept)!r}, {key!r})"))
    for code, expected in answers(notebook):
        further.append(cell_that_prints(f"{KERNEL}.answer({code!r})", expected))
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = f"__import__('sys').path.append({str(TESTS)!r})\n{KERNEL}.prepare()\n{first.source}"
    notebook.cells += further
    return notebook


def cell_that_prints(source, text=None):
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
    return nbformat.v4.new_code_cell(source, execution_count=0, outputs=outputs)


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("*.ipynb"), *out.glob("*.widgets.json")]:
        old.unlink()
    notebooks = TESTS.parent / "notebooks"
    shutil.copytree(notebooks / "scores", out / "scores", dirs_exist_ok=True)
    for path in sorted(notebooks.glob("[0-9]*.ipynb")):
        kept = out.resolve() / f"{path.stem}.widgets.json"
        nbformat.write(for_nbval(nbformat.read(path, as_version=4), kept, runs.key(path)), out / path.name)


if __name__ == "__main__":
    main()
