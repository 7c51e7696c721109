"""Wrong solutions of the homework, and what becomes of them: what the visible checks say, and what grading finds.

`tests/wrong_solutions/` has a file for each assignment, in which each sentence of its text is broken once or more. Here
they are run in this process: whether grading's own process does the same is tested elsewhere.
"""

import ast
import contextlib
import copy
import importlib
import importlib.util
import io
import sys
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import numpy as np

HOMEWORK = Path(__file__).parent.parent / "teaching" / "homework"
sys.path.insert(0, str(HOMEWORK))
from grading import marking
from grading.sandbox import StudentError, explain


@dataclass(frozen=True)
class Wrong:
    """A solution with one thing wrong: in the teacher's `cell`, `old` is replaced by `new`; without `old`, `new` is all
    of the cell. `said` is a regular expression that a line of the visible checks with a ✘ has to match."""

    title: str
    cell: str
    new: str
    said: str
    old: str = ""


@cache
def notebook(assignment):
    return nbformat.read(HOMEWORK / "source" / assignment / f"{assignment}.ipynb", as_version=4)


@cache
def solutions(assignment):
    """The teacher's functions, by cell."""
    written = [
        cell for cell in notebook(assignment).cells if cell.cell_type == "code" and cell.metadata.nbgrader.solution
    ]
    return {cell.metadata.nbgrader.grade_id: cell.source for cell in written if cell.source.startswith("def ")}


def with_mistake(assignment, wrong):
    """All functions of the assignment, one of them wrong."""
    right = solutions(assignment)
    if not wrong.old:
        return right | {wrong.cell: wrong.new}
    assert right[wrong.cell].count(wrong.old) == 1, f"{wrong.title}: the solution has another text now"
    return right | {wrong.cell: right[wrong.cell].replace(wrong.old, wrong.new)}


def functions(sources):
    """What the cells define, as a kernel would have it."""
    names = {"np": np, "__name__": "__main__"}
    for source in sources.values():
        exec(compile(source, "<cell>", "exec"), names)
    return names


@cache
def checks_of(assignment):
    path = HOMEWORK / "source" / assignment / "checks.py"
    spec = importlib.util.spec_from_file_location(f"checks_{assignment}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def visible(assignment, sources):
    """What the notebook's checks print."""
    names = functions(sources) | {"checks": checks_of(assignment)}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cell in notebook(assignment).cells:
            grade_id = cell.metadata.nbgrader.grade_id
            if grade_id.startswith("check_") and grade_id != "check_diagnosis":
                exec(cell.source, names)
    return printed.getvalue()


class Student:
    """In place of grading's Sandbox: the same functions, in this process."""

    def __init__(self, sources):
        self.names, self.shares = functions(sources), {}

    def __getattr__(self, name):
        return lambda *arguments: self.call(name, *arguments)

    def call(self, name, *arguments):
        if name not in self.names:
            raise StudentError(f"There is no {name} in the notebook.")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = self.names[name](*copy.deepcopy(arguments))
        except Exception as error:
            raise StudentError(explain(name, f"{type(error).__name__}: {error}")) from error
        # As it arrives: an array, with values of its own.
        return [np.array(part) for part in result] if isinstance(result, tuple) else np.array(result)


@cache
def points(assignment):
    """Of the cells that a program alone marks, but for the diagnosis, which is no matter of the functions."""
    cells = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in notebook(assignment).cells}
    return {name: own.points for name, own in cells.items() if name.startswith("check_") and name != "check_diagnosis"}


def graded(assignment, sources):
    """The cells of grading's report, and the part of all points that is reached."""
    hidden = importlib.import_module(f"hidden.{assignment}")
    parts = [part for part in hidden.part if part.cell in points(assignment)]
    cells = marking.ask_all(parts, Student(sources))
    reached = sum(worth * cells[name]["share"] for name, worth in points(assignment).items())
    return cells, reached / sum(points(assignment).values())


def small_changes(source):
    """(what, source) for each small change of a function's code: a number one more or less, another operation, another
    comparison, another function of numpy."""
    operations = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}
    operations |= {ast.Pow: ast.Mult}
    comparisons = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
    names = {"median": "mean", "mean": "median", "minimum": "maximum", "maximum": "minimum", "hanning": "ones"}
    names |= {"max": "min", "min": "max", "argmax": "argmin", "abs": "real"}
    for place, node in enumerate(ast.walk(ast.parse(source))):
        for change in changes(node, operations, comparisons, names):
            tree = ast.parse(source)
            change([*ast.walk(tree)][place])
            changed = ast.unparse(tree)
            if changed != ast.unparse(ast.parse(source)):
                yield difference(ast.unparse(ast.parse(source)), changed), changed


def changes(node, operations, comparisons, names):
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda n: setattr(n, "value", n.value + 1)
        yield lambda n: setattr(n, "value", n.value - 1)
    elif isinstance(node, ast.BinOp) and type(node.op) in operations:
        yield lambda n: setattr(n, "op", operations[type(n.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in comparisons:
        yield lambda n: n.ops.__setitem__(0, comparisons[type(n.ops[0])]())
    elif isinstance(node, ast.Attribute) and node.attr in names:
        yield lambda n: setattr(n, "attr", names[n.attr])


def difference(before, after):
    """The line that is another one."""
    lines = zip(before.splitlines(), after.splitlines(), strict=True)
    return next(f"{a.strip()}  →  {b.strip()}" for a, b in lines if a != b)
