"""What a student handed in, laid into the notebook that was handed out.

Of a submission only the student's own words and code count. Everything else (points, tests, which cell is which) comes
from the released notebook, so that nothing is gained by editing, moving, doubling or deleting it.
"""

import copy
import json
import re
import threading

import nbformat

from grading.wire import text

LARGEST = 30 * 2**20
# As long as it is read, one of them may take a gigabyte.
ONE_AT_A_TIME = threading.Lock()
# Far more than anybody writes; what makes pages of it takes time that grows with the square of a cell's length.
MOST_CELLS, MOST_TEXT, MOST_WORDS = 500, 200_000, 10_000
# Where a tag, an address, a link or a picture begins in Markdown: each could run a script in the teacher's browser.
ACTIVE = re.compile(r"<(?=\S)|(?<=:)//(?=\S)|\](?=[(:\[])|\\(?=href)")


class UnreadableNotebookError(Exception):
    """The file is no notebook; the text says why."""


def read(path):
    """The cells of a submitted notebook, as (type, source, grade_id, harmless outputs).

    Read as JSON: of what else may stand in a notebook, and how much of it, nothing is looked at.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableNotebookError(
                f"{path.name} is larger than {LARGEST >> 20} MiB: hand it in without outputs."
            )
        with ONE_AT_A_TIME:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if len(cells) > MOST_CELLS:
            raise UnreadableNotebookError(f"{path.name} has more than {MOST_CELLS} cells: hand in what was asked for.")
        cells = [_cell(cell) for cell in cells if cell["cell_type"] in ("code", "markdown")]
    except UnreadableNotebookError:
        raise
    except Exception as error:
        why = text(f"{type(error).__name__}: {error}"[:200])
        raise UnreadableNotebookError(f"{path.name} can't be read as a notebook ({why}).") from error
    if sum(len(source) for _, source, _, _ in cells) > MOST_TEXT:
        raise UnreadableNotebookError(
            f"{path.name} has more than {MOST_TEXT} characters of code and words: hand in what was asked for."
        )
    return cells


def _cell(cell):
    own = cell.get("metadata", {}).get("nbgrader", {})
    source = _joined(cell["source"])
    if cell["cell_type"] == "markdown" and len(source) > MOST_WORDS:
        source = source[:MOST_WORDS] + f"\n\n(The rest of these {len(source)} characters is not shown.)"
    return cell["cell_type"], source, str(own.get("grade_id")), harmless(cell.get("outputs", []))


def _joined(lines):
    """A notebook keeps text as a string or as a list of lines."""
    if not isinstance(lines, str | list):
        raise TypeError("a cell without text")
    return text("".join(lines))


def inert(words):
    """A student's Markdown without tags and links: a space behind their first sign, and they are plain words."""
    return ACTIVE.sub(lambda begin: begin[0] + " ", words)


def rebuild(released, cells):
    """The released notebook with the student's answers in their places, and the student's further cells between."""
    ids = {cell.metadata.nbgrader.grade_id for cell in released.cells}
    answers, further, place = {}, {None: []}, None
    for kind, source, grade_id, outputs in cells:
        if grade_id in ids and grade_id not in answers:
            answers[grade_id] = (source, outputs)
            place = grade_id
            further[place] = []
        else:
            further[place].append(_own_cell(kind, source, outputs))
    notebook = copy.deepcopy(released)
    notebook.cells = further[None]
    for given in released.cells:
        cell = copy.deepcopy(given)
        grade_id = cell.metadata.nbgrader.grade_id
        if cell.metadata.nbgrader.solution:
            source, outputs = answers.get(grade_id, ("", []))
            cell.source = source if cell.cell_type == "code" else inert(source)
            if cell.cell_type == "code":
                cell.outputs = outputs
        notebook.cells += [cell, *further.get(grade_id, [])]
    return notebook


def _own_cell(kind, source, outputs):
    if kind == "code":
        return nbformat.v4.new_code_cell(source, outputs=outputs)
    return nbformat.v4.new_markdown_cell(inert(source))


def harmless(outputs):
    """Of the outputs that were handed in, text and pictures; no page, no script."""
    kept = []
    for output in outputs[:20]:
        if output.get("output_type") == "stream":
            printed = _joined(output.get("text", ""))[:5000]
            kept.append(nbformat.v4.new_output("stream", name="stdout", text=printed))
        elif output.get("output_type") in ("display_data", "execute_result"):
            picture = _joined(output.get("data", {}).get("image/png", ""))
            # A library's picture is base64, in which no markup can stand.
            if picture and re.fullmatch(r"[A-Za-z0-9+/=\s]*", picture):
                kept.append(nbformat.v4.new_output("display_data", {"image/png": picture}))
    return kept


def code(notebook):
    """What the student's process has to run: (name, source) of the code cells that are the student's."""
    cells = []
    for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        own = cell.metadata.get("nbgrader")
        if own is None:
            cells.append((f"your own code cell (number {number})", cell.source))
        elif own.solution:
            cells.append((f"the cell {own.grade_id}", cell.source))
    return cells


def empty(released):
    """The same of a submission that can't be read."""
    return rebuild(released, [])
