"""The sounds to be diagnosed: which mistake is in which file follows from the course's number, and stays with the
teacher."""

import numpy as np

from grading import course, number
from grading.marking import Part
from grading.sandbox import one_line
from spectrogramtools.homework import SOUNDS, which_sounds

# The root of the mean square of each sound: its loudness shall tell nothing, and the strokes of castanets stay below 1.
LOUDNESS = 0.05


def equally_loud(y, passage):
    """A sound, brought to the loudness of all others by what is handed out of it, from second to second."""
    start, stop = (22050 * second for second in passage)
    return y * (LOUDNESS / np.sqrt(np.mean(np.square(y[start:stop], dtype=float))))


def key(assignment, mistakes, clips):
    """(mistake, clip) for each of an assignment's files, in the order of this course."""
    pairs = [(mistake, clip) for mistake in mistakes for clip in clips]
    assert len(pairs) == SOUNDS
    return [pairs[i] for i in course.random("diagnosis", assignment).permutation(len(pairs))]


def parts(assignment, mistakes, clips):
    """Three parts of a mark: is the mistake in A, B and C the one that was named?"""

    def ask(student, place):
        name = "ABC"[place]
        answers = student.value("diagnosis")
        given = answers.get(name) if isinstance(answers, dict) else None
        counts, note = number.that_counts(student)
        true, _ = key(assignment, mistakes, clips)[which_sounds(counts)[place]]
        right = isinstance(given, str) and given.strip().lower() == true
        said = one_line(repr(given), 60)
        return float(right), f"{name}: {said} is {'right' if right else 'not the mistake that was made'}.{note}"

    return [
        Part("check_diagnosis", 1, lambda student, place=place: ask(student, place), f"sound {'ABC'[place]}")
        for place in range(3)
    ]
