"""Whose sounds were they? The number in a notebook's first cell chooses them, but it may not be a friend's."""

import re

from grading.sandbox import StudentError

# As a school writes its students' ids: those of a roster (collect.py) and those in a notebook.
AN_ID = re.compile(r"[\w.@-]{1,40}")
# Ids from which it is plain what the student's number is.
A_NUMBER = re.compile(r"[A-Za-z]?(\d{4,})")


def written(student):
    """The number in the first cell, as text."""
    number = student.value("number")
    number = str(number).strip() if type(number) in (int, str) else ""
    if number in ("0", ""):
        raise StudentError("There is no student number in the first cell, so nobody knows which sounds were yours.")
    if not AN_ID.fullmatch(number):
        raise StudentError("The student number in the first cell is none: digits or letters, and . _ @ - are allowed.")
    return number


def that_counts(student):
    """The number that chooses the sounds, and a note if it isn't the one in the first cell.

    What the student is known by decides, if that is a number; as the student wrote it, if it is the same.
    """
    return chosen(written(student), student.known_as)


def chosen(number, known_as):
    """The same of a number that was read before."""
    known = A_NUMBER.fullmatch(known_as)
    if not known or number.lstrip("0") in (known[0], known[1].lstrip("0")):
        return number, ""
    return known[0], f" (These were the sounds of {known[0]}, which is you, not of {number} in your first cell.)"
