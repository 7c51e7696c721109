"""The marks of submissions, kept in marks/, so that a second run grades only what is new."""

import json

import nbformat

from grading import course, marking, submission


def released(assignment):
    path = course.ROOT / "release" / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: `make course` makes what is handed out.")
    return nbformat.read(path, as_version=4)


def of(assignment, student):
    """Marks of one submission, from marks/ if neither it nor the grader has changed since."""
    handed_in = course.ROOT / "submitted" / student / assignment / f"{assignment}.ipynb"
    kept = course.ROOT / "marks" / assignment / f"{student}.json"
    state = fingerprint(assignment, handed_in)
    if kept.is_file():
        marks = json.loads(kept.read_text())
        if marks["state"] == state:
            return marks
    try:
        notebook = submission.rebuild(released(assignment), submission.read(handed_in))
    except submission.UnreadableNotebookError as error:
        marks = {"cells": {}, "unreadable": str(error)}
    else:
        marks = marking.mark_elsewhere(assignment, student, submission.code(notebook), sounds_of(assignment, student))
    marks["state"] = state
    if "failed" not in marks:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(marks, indent=1))
    return marks


def sounds_of(assignment, student):
    """Where lies what a submission's functions sound like."""
    return course.ROOT / "marks" / assignment / f"{student}.sounds"


def fingerprint(assignment, handed_in):
    digest = course.state()
    digest.update((course.ROOT / "release" / assignment / f"{assignment}.ipynb").read_bytes())
    digest.update(handed_in.read_bytes())
    return digest.hexdigest()
