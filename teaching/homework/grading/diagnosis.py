"""The sounds to be diagnosed: which mistake is in which file follows from the course's number, and stays with the
teacher."""

from grading import course
from grading.marking import Part
from grading.sandbox import StudentError
from spectrogramtools.homework import SOUNDS, which_sounds


def key(assignment, mistakes, clips):
    """(mistake, clip) for each of an assignment's files, in the order of this course."""
    pairs = [(mistake, clip) for mistake in mistakes for clip in clips]
    assert len(pairs) == SOUNDS
    return [pairs[i] for i in course.random("diagnosis", assignment).permutation(len(pairs))]


def parts(assignment, mistakes, clips):
    """Three parts of a mark: is the mistake in A, B and C the one that was named?"""

    def ask(student, place):
        name = "ABC"[place]
        given = student.value("diagnosis")
        given = given.get(name) if isinstance(given, dict) else None
        number = student.value("number")
        if str(number).strip() in ("0", ""):
            raise StudentError("There is no student number in the first cell, so nobody knows which sounds were yours.")
        true, _ = key(assignment, mistakes, clips)[which_sounds(number)[place]]
        right = isinstance(given, str) and given.strip().lower() == true
        return float(right), f"{name}: {given!r} is {'right' if right else 'not the mistake that was made'}."

    return [Part("check_diagnosis", 1, lambda student, place=place: ask(student, place)) for place in range(3)]
