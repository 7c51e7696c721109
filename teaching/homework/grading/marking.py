"""Mark one notebook's cells: run the hidden parts of an assignment against the student's functions.

A part is a function in hidden/<assignment>.py, decorated with the cell that it belongs to:

    part = Parts()

    @part("check_model", weight=2)
    def the_last_segment(student):
        ...
        return share, "one sentence that the student reads"

`student` is a Sandbox: calling its methods runs the student's code elsewhere. share, from 0 to 1, says how much of the
part is right; compare.py has more that a part may say. A cell's mark is its points times the weighted mean of its
parts' shares. Parts are asked in their order, and `student.shares` holds what the cells have earned so far.
"""

import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grading import course, number, sounds
from grading.compare import Found
from grading.sandbox import Sandbox, StudentError

# Far above what Sandbox allows; only a mistake of the grader's own would reach it.
LIMIT = 300


@dataclass
class Part:
    """One property, worth a part of a cell's points."""

    cell: str
    weight: float
    ask: Callable
    name: str


class Parts(list):
    """An assignment's parts; calling it with a cell makes a decorator that adds one."""

    def __call__(self, cell, weight=1):
        def add(ask):
            self.append(Part(cell, weight, ask, ask.__name__.replace("_", " ")))
            return ask

        return add


def mark(assignment, student_id, own_cells, folder):
    """Marks of what `submission.code` gives: each cell's share and what was found, and what the teacher should know.

    What the functions sound like is written into a folder.
    """
    hidden = importlib.import_module(f"hidden.{assignment}")
    with Sandbox([tuple(cell) for cell in own_cells], student_id) as student:
        cells = ask_all(hidden.part, student)
        try:
            told = str(number.written(student))
        except StudentError:
            told = ""
        return {
            "cells": cells,
            "number": told,
            # Last of all: no mark waits for it.
            "mute": sounds.keep(assignment, student, folder),
            "troubles": student.troubles,
            "survivors": student.survivors,
            "contained": student.contained,
        }


def ask_all(parts, student):
    """Each cell's share, and of its parts name, weight, share, a line, the mistake that it looks like, and where that
    is counted."""
    cells = {}
    for one in parts:
        try:
            found = Found(*one.ask(student))
        except StudentError as error:
            found = Found(0.0, str(error))
        except Exception as error:  # what came back is so strange that no property of it can be looked at
            found = Found(0.0, f"What came back can't be judged ({type(error).__name__}).")
        share = min(max(float(found.share), 0.0), 1.0)
        cell = cells.setdefault(one.cell, {"parts": []})
        cell["parts"].append(
            {
                "name": one.name,
                "weight": one.weight,
                "share": share,
                "line": f"{sign(share)} {found.sentence}",
                "mistake": found.mistake,
                "counted_at": found.counted_at,
            }
        )
        weights = sum(part["weight"] for part in cell["parts"])
        student.shares[one.cell] = sum(part["weight"] * part["share"] for part in cell["parts"]) / weights
    return {name: {"share": student.shares[name], **cell} for name, cell in cells.items()}


def sign(share):
    return "✔" if share > 0.99 else "✘" if share < 0.01 else "◐"


def mark_elsewhere(assignment, student_id, own_cells, sounds_folder):
    """The same in a process of its own: whatever happens there, the class's run goes on.

    It loads no nbformat, which takes longer than most marking.
    """
    with tempfile.TemporaryDirectory(prefix="homework-") as folder:
        path, out = Path(folder, "cells.json"), Path(folder, "marks.json")
        path.write_text(json.dumps(own_cells))
        command = [sys.executable, "-m", "grading.marking", assignment, student_id, str(path), str(out)]
        command.append(str(sounds_folder))
        try:
            done = subprocess.run(command, cwd=course.ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
            return json.loads(out.read_text())
        except subprocess.TimeoutExpired:
            why = f"it took more than {LIMIT} seconds"
        except (OSError, ValueError):
            why = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
    return {"failed": f"The grader could not mark this notebook: {why}."}


def main():
    assignment, student_id, path, out, folder = sys.argv[1:]
    marks = mark(assignment, student_id, json.loads(Path(path).read_text()), Path(folder))
    Path(out).write_text(json.dumps(marks))


if __name__ == "__main__":
    main()
