"""Whose sounds were they? The number in a notebook chooses them, but it may not be a friend's."""

import re

from grading.sandbox import StudentError
from spectrogramtools.homework import student_number

# Ids of the roster from which it is plain what the student's number is.
A_NUMBER = re.compile(r"[A-Za-z]?(\d{4,})")


def written(student):
    """The number in a notebook: a whole number, or its digits, and nothing else."""
    try:
        return student_number(student.value("number"))
    except ValueError as error:
        raise StudentError(f"Nobody knows which sounds were yours: {error}") from None


def that_counts(student):
    """The number that chooses the sounds, and a note if it isn't the one in the notebook.

    What the student is known by decides, if that is a number.
    """
    return chosen(written(student), student.known_as)


def chosen(number, known_as):
    """The same of a number that was read before."""
    known = A_NUMBER.fullmatch(known_as)
    own = int(known[1]) if known else number
    note = f" (These were the sounds of {own}, which is you, not of {number} in your notebook.)"
    return own, note if own != number else ""
