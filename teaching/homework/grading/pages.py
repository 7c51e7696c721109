"""What the pages that we make have in common: their templates, and what things are called in them.

None has a script: the head of each forbids all that could run or be fetched. Whatever is put into a template becomes
text, unless it is said to be markup.
"""

import functools
import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from grading import marks

# What is graded that is neither a function nor an answer in words.
ABOUT = {
    "derive": "derive: with pencil and paper",
    "check_score": "score: your functions on music",
    "check_diagnosis": "diagnosis: the mistakes that you named",
}


def template(name, **filters):
    pages = Environment(loader=PackageLoader("grading", "."), autoescape=True, undefined=StrictUndefined)
    pages.filters |= {"points": lambda value: f"{round(value, 2):g}"} | filters
    return pages.get_template(name)


def title(assignment):
    """The heading with which an assignment begins."""
    return head(marks.released(assignment).cells[0].source)


def head(source):
    """A cell's first line, without what only Markdown needs."""
    return re.sub(r"^#+ *", "", source.split("\n")[0])


@functools.cache
def functions(assignment):
    """The cells in which a function is asked for."""
    cells = [cell for cell in marks.released(assignment).cells if cell.metadata.nbgrader.solution]
    return {cell.metadata.nbgrader.grade_id for cell in cells if cell.source.startswith("def ")}


def name(grade_id, functions):
    """A graded cell's name for its reader, from its grade_id."""
    bare = grade_id.removeprefix("check_")
    if bare in functions:
        return f"{bare}: what your function does"
    words = bare.replace("_", " ")
    return ABOUT.get(grade_id) or (f"{words}: what was found" if bare != grade_id else f"{words}: in your words")
