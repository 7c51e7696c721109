"""The page that a student gets, in the place of nbgrader's own: `nbgrader generate_feedback` and Formgrader's button
make it by the two classes that nbgrader_config.py names.

It is one file with sounds and pictures in it, and without a script: its own head forbids all that could run or be
fetched. A student's words come in as text, never as markup; see words.py.
"""

import base64
import re

from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbgrader.preprocessors import GetGrades
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import default

from grading import heard, marks, pages, sounds, words

# So much of a student's text is shown: of a line that was found, of what a cell printed, of a cell's code; and so much
# of all pictures, in base64.
LINE, PRINTED, CODE, PICTURES = 500, 2000, 20_000, 2**20
LIGHT, DARK = (HtmlFormatter(style=style, nowrap=True) for style in ("default", "github-dark"))
A_HINT = " It looks like "


class Grades(GetGrades):
    """Fetches marks and comments; also whether a person gave a mark, or has yet to read the answer."""

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        own = cell.metadata.nbgrader
        grade = self.gradebook.find_grade(own.grade_id, self.notebook_id, self.assignment_id, self.student_id)
        own["by_hand"] = grade.manual_score is not None
        to_read = own.solution and cell.source.strip()
        own["unread"] = bool(to_read and grade.needs_manual_grade and not own["by_hand"])


class Page(Exporter):
    """The page, from the graded notebook."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self):
        return ".html"

    def from_notebook_node(self, notebook, resources=None, **settings):
        notebook, resources = super().from_notebook_node(notebook, resources, **settings)
        return page(notebook, resources["nbgrader"]), resources


def page(notebook, of):
    """`of` says of whom and what, and the marks in all."""
    assignment, student = of["assignment"], of["student"]
    blocks = list(together(shown(notebook, assignment)))
    graded = [block for block in blocks if block["kind"] in ("check", "answer")]
    leave_out(blocks)
    listen_to(blocks, assignment, student, notebook.metadata.get("heard", {}))
    return pages.template("feedback.html.j2", data=data).render(
        title=pages.title(assignment),
        student=student,
        blocks=blocks,
        graded=graded,
        unread=[block for block in graded if block["unread"]],
        score=max(0.0, of["score"]),
        best=of["max_score"],
        late=of["late_penalty"],
        counted_once=counted_once(graded),
        light=LIGHT.get_style_defs(".code"),
        dark=DARK.get_style_defs(".code"),
    )


def data(sound):
    return "data:audio/flac;base64," + base64.b64encode(sound).decode()


def shown(notebook, assignment):
    """What stands on the page, in its order: headings, tasks, notes, the student's cells, and what was found."""
    begun = False
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader")
        if cell.metadata.get("note"):
            # What is ours in it is no link, and the rest may be the student's.
            yield {"kind": "note", "html": words.theirs(cell.source)}
        elif own is None or own.solution:
            yield from students(cell, own, assignment)
        elif own.grade:
            parts = [*lines(cell.metadata.get("parts", []))]
            yield {"kind": "check", "parts": parts, "heard": None} | about(own, assignment)
        elif cell.cell_type == "markdown":
            # Before the first part stand the rules.
            begun = begun or cell.source.startswith("## ")
            if begun:
                yield from given(cell.source)


def together(blocks):
    """What was asked in cells that follow each other, as one."""
    last = {}
    for block in blocks:
        if last.get("kind") == block["kind"] == "task":
            last["html"] += block["html"]
        else:
            yield block
            last = block


def given(source):
    if source.startswith("## "):
        yield {"kind": "heading", "text": pages.head(source)}
        source = source.partition("\n")[2]
    if source.strip():
        yield {"kind": "task", "html": words.ours(source)}


def students(cell, own, assignment):
    if cell.cell_type == "markdown":
        block = {"kind": "words", "html": words.theirs(cell.source)}
    else:
        block = {"kind": "code", "html": code(cell.source), "outputs": [*outputs(cell)]}
    if own and own.grade:
        yield block | {"of": block["kind"], "kind": "answer"} | about(own, assignment)
    elif cell.source.strip():
        comment = own.get("comment") if own else None
        yield block | {"comment": words.ours(comment) if comment else ""}


def about(own, assignment):
    """What a graded cell is called, and its marks."""
    return {
        "id": own.grade_id,
        "name": pages.name(own.grade_id, pages.functions(assignment)),
        "score": own.score,
        "points": own.points,
        "by_hand": own.by_hand,
        "unread": own.unread,
        "comment": words.ours(own.comment) if own.get("comment") else "",
    }


def lines(parts):
    """The lines that say what was found, in pieces. What is found of several parts, or again, is told once."""
    told = set()
    for part in parts:
        sign, _, text = part["line"][:LINE].partition(" ")
        if part["line"] in told:
            continue
        text, it_looks_like, hint = text.partition(A_HINT) if part["mistake"] else (text, "", "")
        if hint:
            hint = f"Again {part['mistake']}." if part["mistake"] in told else it_looks_like.strip() + " " + hint
        told |= {part["line"], part["mistake"]}
        state = {"✔": "right", "✘": "wrong"}.get(sign, "half right")
        yield {"sign": sign, "state": state, "text": text, "hint": hint, "counted_at": part["counted_at"]}


def counted_once(graded):
    """(function, checks that are right but for it) of each mistake that is charged in one place alone."""
    places = {}
    for block in graded:
        for part in block.get("parts", ()):
            if part["counted_at"] and block["id"] not in places.setdefault(part["counted_at"], []):
                places[part["counted_at"]].append(block["id"])
    return [(function, [id.removeprefix("check_") for id in ids]) for function, ids in places.items()]


def listen_to(blocks, assignment, student, about):
    """Put the sounds under the checks that they belong to."""
    pairs = {
        sounds.of(assignment).under: (
            [*heard.of_functions(assignment, marks.sounds_of(assignment, student))],
            "yours",
            about.get("mute", ""),
        ),
        "check_diagnosis": ([*heard.to_diagnose(assignment, about.get("number", ""), student)], "with the mistake", ""),
    }
    for block in blocks:
        if block["kind"] == "check" and block["id"] in pairs:
            block["heard"] = pairs[block["id"]]


def code(source):
    cut = source if len(source) <= CODE else source[:CODE] + f"\n# (The rest of {len(source)} characters is not shown.)"
    return Markup(highlight(cut, PythonLexer(), LIGHT))


def outputs(cell):
    """Of what a cell gave, as the student saw it, text and pictures."""
    for output in cell.outputs:
        if output.output_type == "stream":
            text = output.text if len(output.text) <= PRINTED else output.text[:PRINTED] + " … (the rest is not shown)"
            yield {"text": text, "picture": ""}
        elif "image/png" in output.get("data", {}):
            yield {"text": "", "picture": re.sub(r"\s", "", output.data["image/png"])}


def leave_out(blocks):
    """The pictures for which the page has no room."""
    room = PICTURES
    for output in (output for block in blocks for output in block.get("outputs", ())):
        room -= len(output["picture"])
        if room < 0 and output["picture"]:
            output |= {"text": "(A picture is not shown: there are too many, or they are too large.)", "picture": ""}
