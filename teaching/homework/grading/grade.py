"""Grade a class: python -m grading.grade repet

Marks come first, several submissions at once; then nbgrader enters them into its gradebook, one by one. What has been
marked and entered before, and has not changed, is left alone.
"""

import collections
import contextlib
import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from tqdm import tqdm

from grading import course, marks, nbgrader_here
from grading.sandbox import one_line

# What a class could do on a machine that lacks a fence.
WITHOUT = {
    "processes": "Without a namespace or seccomp a submission can start processes; they are found and ended.",
    "network": "Without a namespace or seccomp a submission can use the network.",
    "files": "Without Landlock a submission can read the solutions and write into your files: grade in a container.",
    "disk": "Without a namespace the folder that a submission may write into is watched, and is on your disk.",
    "calls": "Without seccomp a submission can change rights, owners and times of your files: grade in a container.",
}


def main():
    if len(sys.argv) != 2:
        sys.exit("Say which homework: python -m grading.grade repet")
    assignment = sys.argv[1]
    students = handed_in(assignment)
    if not students:
        sys.exit(f"No submission of {assignment} lies in submitted/: python -m grading.collect puts them there.")
    found, failed = mark_all(assignment, students)
    failed |= enter_all(assignment, found)
    print(table(assignment, found))
    for student, why in sorted(failed.items()):
        print(f"{student} is NOT graded: {one_line(why, 500)}")
    sys.exit(1 if failed else 0)


def handed_in(assignment):
    return sorted(path.parts[-3] for path in course.ROOT.glob(f"submitted/*/{assignment}/{assignment}.ipynb"))


def mark_all(assignment, students):
    """Marks of each student, and why some have none."""
    found, failed = {}, {}

    def one(student):
        try:
            return marks.of(assignment, student)
        except Exception as error:  # one submission never stops the others
            return {"failed": f"{type(error).__name__}: {error}"}

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = tqdm(pool.map(one, students), total=len(students), desc="marking", unit="submission")
        for student, result in zip(students, results, strict=True):
            (failed if "failed" in result else found)[student] = result.get("failed", result)
    return found, failed


def enter_all(assignment, found):
    """Let nbgrader enter what is new; why some could not be entered."""
    failed = {}
    with nbgrader_here.api() as api:
        with api.gradebook as gradebook:
            due = gradebook.find_assignment(assignment).duedate
        states = {
            student: f"{result['state']} {due} {handed_in_at(assignment, student)}" for student, result in found.items()
        }
        # Late work always: its penalty is a part of the marks, to which those given by hand belong as well.
        late = {student for student in found if due and handed_in_at(assignment, student)}
        new = [student for student in found if student in late or not is_entered(assignment, student, states[student])]
        for student in tqdm(new, desc="entering", unit="submission"):
            with contextlib.redirect_stderr(io.StringIO()):
                result = api.autograde(assignment, student, force=True)
            if result["success"]:
                entered(assignment, student).write_text(states[student])
            else:
                failed[student] = (result.get("error") or result.get("log") or "no reason given").strip()[-500:]
    return failed


def handed_in_at(assignment, student):
    """What timestamp.txt says, from which nbgrader reckons how late a submission is."""
    note = course.ROOT / "submitted" / student / assignment / "timestamp.txt"
    return note.read_text().strip() if note.is_file() else ""


def entered(assignment, student):
    return course.ROOT / "marks" / assignment / f"{student}.entered"


def is_entered(assignment, student, state):
    note = entered(assignment, student)
    graded = course.ROOT / "autograded" / student / assignment / f"{assignment}.ipynb"
    return graded.is_file() and note.is_file() and note.read_text() == state


def table(assignment, found):
    """The marks as a table, with what a teacher should look at."""
    points = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in marks.released(assignment).cells
        if cell.cell_type == "code" and cell.metadata.nbgrader.grade
    }
    numbers = collections.Counter(result.get("number", "") for result in found.values())
    short = [name.removeprefix("check_") for name in points]
    width = max(16, *map(len, found))
    lines = [f"{'student':{width}}" + "".join(f"{name[:12]:>13}" for name in short) + f"{'in all':>9}  remarks"]
    for student, result in found.items():
        shares = {name: result["cells"].get(name, {"share": 0.0})["share"] for name in points}
        row = [round(points[name] * share, 2) for name, share in shares.items()]
        line = f"{student:{width}}" + "".join(f"{mark:13g}" for mark in row) + f"{sum(row):9.2f}  "
        lines.append(line + "; ".join(remarks(student, result, numbers, found)))
    best = f"{'at best':{width}}" + "".join(f"{value:13g}" for value in points.values())
    fences = next((result["contained"] for result in found.values() if result.get("contained")), {})
    kept = ", ".join(f"{name} {'yes' if yes else 'NO'}" for name, yes in fences.items())
    lines += [f"{best}{sum(points.values()):9.2f}", f"Fenced in on this machine: {kept or 'nothing was run'}"]
    return "\n".join([*lines, *(WITHOUT[name] for name, yes in fences.items() if not yes)])


def remarks(student, result, numbers, found):
    number = result.get("number", "")
    if "unreadable" in result:
        yield "can't be read"
    elif not number:
        yield "no student number"
    elif number in found and number != student:
        yield f"number {number} is another student's"
    elif numbers[number] > 1:
        yield f"number {number} occurs {numbers[number]} times"
    elif number != digits(student).lstrip("0") and len(digits(student)) > 3:
        yield f"number {number} is not the student's own"
    if result.get("survivors"):
        yield "left processes running: " + ", ".join(map(str, result["survivors"]))


def digits(text):
    return "".join(filter(str.isdecimal, text))


if __name__ == "__main__":
    main()
