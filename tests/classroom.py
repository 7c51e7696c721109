"""A course folder with a class in it, for the tests: made in a temporary folder, graded with the teacher's own
commands.

A teacher's real class is never touched: the tests work on a copy of the repository.
"""

import ast
import copy
import csv
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".grading" / "bin" / "python"
ASSIGNMENTS = ("stft", "hpss", "repet", "project")
NOT_COPIED = shutil.ignore_patterns(
    ".*",
    "node_modules",
    "html",
    "build",
    "dist",
    "blank",
    "course",
    "gallery",
    "__pycache__",
    "my_*",
    "submitted",
    "replaced",
    "release",
    "autograded",
    "feedback",
    "report",
    "marks",
    "gradebook.db",
)


def not_copied(folder, names):
    """What a teacher's real class has left here; tables of marks lie beside it, those of lectures elsewhere."""
    tables = {name for name in names if name.endswith(".csv")} if Path(folder).name == "homework" else set()
    return NOT_COPIED(folder, names) | tables


class Classroom:
    """`folder` is nbgrader's course folder, `course` what students get."""

    def __init__(self, folder, copied_from=None):
        self.root = folder / "repository"
        self.folder = self.root / "teaching" / "homework"
        self.course = folder / "course"
        if copied_from:
            shutil.copytree(copied_from, folder, dirs_exist_ok=True)
        else:
            shutil.copytree(ROOT, self.root, ignore=not_copied)
            # As long as one that `make course` draws, and the same in each run.
            (self.folder / "course.toml").write_text(f"number = {2**127 - 1}\n")
            self.run(self.root / "teaching" / "make_course.py", str(self.course))

    def run(self, *command, check=True):
        """Run the grading environment's Python as `make` does, in the course folder."""
        path = {"PATH": "/usr/bin:/bin", "HOME": str(self.root), "LANG": "C.UTF-8"}
        done = subprocess.run(
            [PYTHON, *command], cwd=self.folder, capture_output=True, text=True, env=path, timeout=600, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def grade(self, assignment, check=True):
        return self.run("-m", "grading.grade", assignment, check=check)

    def released(self, assignment):
        return nbformat.read(self.folder / "release" / assignment / f"{assignment}.ipynb", as_version=4)

    def solutions(self, assignment):
        """The sources of the teacher's answers, by cell."""
        notebook = nbformat.read(self.folder / "source" / assignment / f"{assignment}.ipynb", as_version=4)
        return {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells if c.metadata.nbgrader.solution}

    def hand_in(self, student, assignment, notebook):
        """A notebook, or any text, as a student's submission."""
        folder = self.folder / "submitted" / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        text = notebook if isinstance(notebook, str) else json.dumps(notebook)
        (folder / f"{assignment}.ipynb").write_text(text)

    def marks(self, assignment):
        """The score of each student as the gradebook exports it."""
        self.run("-m", "nbgrader", "export", "--to=grades.csv")
        rows = csv.DictReader(io.StringIO((self.folder / "grades.csv").read_text()))
        return {row["student_id"]: float(row["raw_score"]) for row in rows if row["assignment"] == assignment}

    def kept(self, assignment, student):
        return json.loads((self.folder / "marks" / assignment / f"{student}.json").read_text())


def new_classroom(tmp_path_factory):
    """Without submissions. The course is made once for all test processes: by the first one that asks, others wait."""
    import fcntl  # grading needs Linux or macOS

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    made = folder / "course_made"
    with (folder / "course_made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            Classroom(folder / "course_in_the_making")
            (folder / "course_in_the_making").rename(made)
    return Classroom(tmp_path_factory.mktemp("classroom"), copied_from=made)


def fill(released, answers, further=()):
    """The released notebook with these answers, and further code cells before them."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    notebook.cells[:0] = [nbformat.v4.new_code_cell(source) for source in further]
    return notebook


NUMBER = "number = 4711"


def right_diagnosis(classroom, assignment):
    """The cell with the right answers for NUMBER."""
    script = (
        f"from grading import diagnosis; from hidden import {assignment} as h; "
        "from spectrogramtools.homework import which_sounds; "
        f"key = diagnosis.key('{assignment}', h.MISTAKES, h.CLIPS); "
        "print({name: key[i][0] for name, i in zip('ABC', which_sounds(4711))})"
    )
    return "diagnosis = " + classroom.run("-c", script).stdout


def solved(classroom, assignment):
    answers = classroom.solutions(assignment) | {"number": NUMBER}
    if assignment != "project":
        answers["diagnosis"] = right_diagnosis(classroom, assignment)
    return answers


def written(name):
    """A submission from tests/submissions: the answers by cell, and all else as a cell of its own."""
    source = (Path(__file__).parent / "submissions" / f"{name}.py").read_text()
    cells = {cell for assignment in ASSIGNMENTS for cell in ANSWERS[assignment]}
    answers, further = {}, []
    for statement in ast.parse(source).body:
        code = ast.get_source_segment(source, statement)
        target = getattr(statement, "name", "") or ast.unparse(getattr(statement, "targets", [ast.Name("")])[0])
        if target in cells:
            answers[target] = code
        else:
            further.append(code)
    return answers, further


# The cells in which functions are written.
ANSWERS = {
    "stft": ("stft", "istft", "stft_padded", "istft_padded", "tuner", "diagnosis"),
    "hpss": ("median_time", "median_frequency", "soft_masks", "binary_masks", "growing_median", "three_masks"),
    "repet": ("beat_spectrum", "repeating_model", "soft_mask", "two_loops", "middle_mean_model"),
    "project": ("masks",),
}
