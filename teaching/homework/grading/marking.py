"""Mark one notebook's cells: run the hidden parts of an assignment against the student's functions.

A part is a function in hidden/<assignment>.py, decorated with the cell that it belongs to:

    part = Parts()

    @part("check_model", weight=2)
    def the_last_segment(student):
        ...
        return share, "one sentence that the student reads"

`student` is a Sandbox: calling its methods runs the student's code elsewhere. share, from 0 to 1, says how much of the
part is right. A cell's mark is its points times the weighted mean of its parts' shares.
"""

import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grading import course, number
from grading.sandbox import Sandbox, StudentError

# Far above what Sandbox allows; only a mistake of the grader's own would reach it.
LIMIT = 300


@dataclass
class Part:
    """One property, worth a part of a cell's points."""

    cell: str
    weight: float
    ask: Callable


class Parts(list):
    """An assignment's parts; calling it with a cell makes a decorator that adds one."""

    def __call__(self, cell, weight=1):
        def add(ask):
            self.append(Part(cell, weight, ask))
            return ask

        return add


def mark(assignment, student_id, own_cells):
    """Marks of what `submission.code` gives: each cell's share and sentences, and what the teacher should know."""
    hidden = importlib.import_module(f"hidden.{assignment}")
    cells = {}
    with Sandbox([tuple(cell) for cell in own_cells], student_id) as student:
        for one in hidden.part:
            try:
                share, sentence = one.ask(student)
            except StudentError as error:
                share, sentence = 0.0, str(error)
            except Exception as error:  # what came back is so strange that no property of it can be looked at
                share, sentence = 0.0, f"What came back can't be judged ({type(error).__name__})."
            cells.setdefault(one.cell, []).append((one.weight, min(max(float(share), 0.0), 1.0), sentence))
        try:
            told = number.written(student)
        except StudentError:
            told = ""
        return {
            "cells": {
                cell: {
                    "share": sum(weight * share for weight, share, _ in parts) / sum(weight for weight, *_ in parts),
                    "lines": [f"{sign(share)} {sentence}" for _, share, sentence in parts],
                }
                for cell, parts in cells.items()
            },
            "number": told,
            "troubles": student.troubles,
            "survivors": student.survivors,
            "contained": student.contained,
        }


def sign(share):
    return "✔" if share > 0.99 else "✘" if share < 0.01 else "◐"


def mark_elsewhere(assignment, student_id, own_cells):
    """The same in a process of its own: whatever happens there, the class's run goes on.

    It loads no nbformat, which takes longer than most marking.
    """
    with tempfile.TemporaryDirectory(prefix="homework-") as folder:
        path, out = Path(folder, "cells.json"), Path(folder, "marks.json")
        path.write_text(json.dumps(own_cells))
        command = [sys.executable, "-m", "grading.marking", assignment, student_id, str(path), str(out)]
        try:
            done = subprocess.run(command, cwd=course.ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
            return json.loads(out.read_text())
        except subprocess.TimeoutExpired:
            why = f"it took more than {LIMIT} seconds"
        except (OSError, ValueError):
            why = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
    return {"failed": f"The grader could not mark this notebook: {why}."}


def main():
    assignment, student_id, path, out = sys.argv[1:]
    Path(out).write_text(json.dumps(mark(assignment, student_id, json.loads(Path(path).read_text()))))


if __name__ == "__main__":
    main()
