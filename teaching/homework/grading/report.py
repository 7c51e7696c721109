"""The class at a glance: python -m grading.report repet

Writes report/repet.html, to look at and to show, and report/repet.csv, with a row for each student. It is made from
what was marked (marks/) and entered (nbgrader's gradebook), and changes neither.
"""

import collections
import csv
import datetime
import json
import math
import statistics
import sys

import nbformat
import numpy as np
from nbgrader.api import MissingEntry
from tqdm import tqdm

from grading import course, grade, likeness, marks, nbgrader_here, pages, submission

UNREAD = "not read yet"
# Columns of the picture of marks, at most; and of that of hand-ins, by hours from the due date: each ends there.
BINS = 15
TIMES = {"> 7 d": -168, "7–3 d": -72, "3–2 d": -48, "2–1 d": -24, "24–12 h": -12, "12–1 h": -1, "last hour": 0}
LATE = {"1 d late": 24, "2 d late": 48, "3 d late": 72, "later": float("inf")}
# The rows of a list that are shown, and the students that are named in one.
ROWS, NAMED = 20, 12


def main():
    if len(sys.argv) != 2:
        sys.exit("Say which homework: python -m grading.report repet")
    assignment = sys.argv[1]
    handed_out = sorted(path.parent.name for path in course.ROOT.glob("release/*/*.ipynb"))
    if assignment not in handed_out:
        sys.exit(f"There is no homework {assignment!r} in release/: there is {', '.join(handed_out) or 'none'}.")
    rows, due, best = entered(assignment)
    if not rows:
        sys.exit(f"Nothing of {assignment} is graded yet: python -m grading.grade {assignment} does it.")
    found, programs = {}, {}
    for row in tqdm(rows, desc="reading", unit="submission"):
        student = row["student"]
        try:
            found[student] = json.loads((course.ROOT / "marks" / assignment / f"{student}.json").read_text())
            programs[student] = own_code(assignment, student)
        except Exception as error:  # one submission never stops the others
            found.setdefault(student, {"cells": {}})
            row["remarks"].append(f"can't be read here ({type(error).__name__})")
    numbers = collections.Counter(one.get("number", "") for one in found.values())
    for row in rows:
        row["remarks"] += grade.remarks(row["student"], found[row["student"]], numbers, found)
    alike, shares = likeness.pairs(programs, known(assignment))
    folder = course.ROOT / "report"
    folder.mkdir(exist_ok=True)
    write(folder / f"{assignment}.csv", rows)
    page = pages.template("report.html.j2", few=few).render(
        title=pages.title(assignment),
        rows=rows,
        handed_in=len(grade.handed_in(assignment)),
        best=best,
        totals=columns([row["total"] for row in rows], equal(best)),
        quartiles=np.percentile([row["total"] for row in rows], [25, 50, 75]),
        cells=cells(assignment, rows),
        parts=parts(assignment, found),
        mistakes=mistakes(found),
        failing=failing(assignment, found),
        times=times(rows, due),
        late=LATE,
        alike=alike[:ROWS],
        n_alike=len(alike),
        shares=shares,
        usual=np.median(shares) if len(shares) else 0.0,
        limit=likeness,
        unread=UNREAD,
    )
    (folder / f"{assignment}.html").write_text(page, encoding="utf-8")
    print(f"{folder / assignment}.html and .csv: {len(rows)} students, {len(alike)} pairs alike")


def entered(assignment):
    """A row for each student whose marks are in the gradebook; when the work was due; and the most that can be had."""
    rows = []
    with nbgrader_here.api() as api, api.gradebook as gradebook:
        try:
            entry = gradebook.find_assignment(assignment)
        except MissingEntry:
            return [], None, 0
        order = [c.metadata.nbgrader.grade_id for c in marks.released(assignment).cells if c.metadata.nbgrader.grade]
        for one in sorted(gradebook.assignment_submissions(assignment), key=lambda one: one.student.id):
            grades = {g.name: g for notebook in one.notebooks for g in notebook.grades}
            if grades:
                rows.append(row(one, [grades[name] for name in order if name in grades]))
        return rows, entry.duedate, entry.max_score


def row(one, grades):
    marked = {g.name: UNREAD if g.needs_manual_grade and g.manual_score is None else g.score for g in grades}
    by_hand = [marked[g.name] for g in grades if not g.name.startswith("check_")]
    return {
        "student": one.student.id,
        "marks": marked,
        "best": {g.name: g.max_score for g in grades},
        "automatic": sum(g.score for g in grades if g.name.startswith("check_")),
        "by hand": UNREAD if UNREAD in by_hand else sum(by_hand),
        "total": round(max(0.0, one.score - one.late_submission_penalty), 2),
        "late": one.late_submission_penalty,
        "handed in": one.timestamp,
        "remarks": [],
    }


def own_code(assignment, student):
    """A student's code cells, as one program."""
    path = course.ROOT / "submitted" / student / assignment / f"{assignment}.ipynb"
    try:
        notebook = submission.rebuild(marks.released(assignment), submission.read(path))
    except submission.UnreadableNotebookError:
        return ""
    return "\n".join(source for _, source in submission.code(notebook))


def known(assignment):
    """Code that everybody has: what was handed out, what the lectures show, and the solutions, which are on the web."""
    paths = [*course.ROOT.parent.parent.glob("notebooks/[0-9]*.ipynb")]
    paths += [course.ROOT / kind / assignment / f"{assignment}.ipynb" for kind in ("release", "source")]
    cells = (cell for path in paths if path.is_file() for cell in nbformat.read(path, as_version=4).cells)
    return [cell.source for cell in cells if cell.cell_type == "code"]


def write(path, rows):
    names = list(rows[0]["marks"])
    head = ["id", *names, "automatic", "by hand", "total", "late", "handed in", "remarks"]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(head)
        for row in rows:
            marked = [rounded(row["marks"].get(name, "")) for name in names]
            sums = [rounded(row[key]) for key in ("automatic", "by hand", "total", "late")]
            when = row["handed in"].strftime("%Y-%m-%d %H:%M UTC") if row["handed in"] else ""
            table.writerow([row["student"], *marked, *sums, when, "; ".join(row["remarks"])])


def rounded(mark):
    return mark if isinstance(mark, str) else f"{round(mark, 2):g}"


# What the page shows


def columns(values, ends):
    """How many values lie between the ends of two columns, by the column's label."""
    counts = dict.fromkeys(ends, 0)
    for value in values:
        counts[next(label for label, end in ends.items() if value <= end)] += 1
    return counts


def equal(best):
    """Equal columns for marks; what is more than the best one, by extra credit, belongs into the last."""
    step = math.ceil(best / BINS)
    ends = {f"{low}–{low + step}": low + step for low in range(0, math.ceil(best), step)}
    return ends | {[*ends][-1]: float("inf")}


def cells(assignment, rows):
    """Of each graded cell the name, the mean of what was read of it, what it is worth, and how many are unread."""
    found = []
    for name, best in rows[0]["best"].items():
        read = [row["marks"][name] for row in rows if isinstance(row["marks"].get(name), float)]
        found.append(
            {
                "name": short(assignment, name),
                "mean": statistics.fmean(read) if read else None,
                "best": best,
                "unread": len(rows) - len(read),
            }
        )
    return found


def short(assignment, grade_id):
    return pages.name(grade_id, pages.functions(assignment)).partition(":")[0]


def parts(assignment, found):
    """By cell: of each property the name, and how many have it, half of it, and not."""
    table = {}
    for one in found.values():
        for cell, marked in one["cells"].items():
            for part in marked["parts"]:
                states = table.setdefault(short(assignment, cell), {}).setdefault(part["name"], collections.Counter())
                states[part["line"][0]] += 1
    return {
        cell: [(name, [states[sign] for sign in "✔◐✘"]) for name, states in rows.items()]
        for cell, rows in table.items()
    }


def mistakes(found):
    """The classic mistakes, the commonest first: (mistake, students)."""
    made = collections.defaultdict(dict)
    for student, one in found.items():
        for marked in one["cells"].values():
            for part in marked["parts"]:
                if part["mistake"]:
                    made[part["mistake"]][student] = True
    return commonest(made)


def failing(assignment, found):
    """What most have wrong for another reason: (cell: part, students)."""
    wrong = collections.defaultdict(dict)
    for student, one in found.items():
        for cell, marked in one["cells"].items():
            for part in marked["parts"]:
                if part["share"] < 0.5 and not part["mistake"] and cell != "check_diagnosis":
                    wrong[f"{short(assignment, cell)}: {part['name']}"][student] = True
    return commonest(wrong)


def commonest(students_of):
    return sorted(((what, [*who]) for what, who in students_of.items()), key=lambda one: (-len(one[1]), one[0]))[:ROWS]


def few(students):
    more = f" and {len(students) - NAMED} more" if len(students) > NAMED else ""
    return ", ".join(students[:NAMED]) + more


def times(rows, due):
    """When work came, before and after it was due, by the column's label."""
    came = [(row["handed in"] - due) / datetime.timedelta(hours=1) for row in rows if row["handed in"] and due]
    return columns(came, TIMES | LATE) if came else {}


if __name__ == "__main__":
    main()
