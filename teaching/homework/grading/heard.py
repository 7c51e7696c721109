"""The sounds of a feedback page, in pairs: what a student made or had, and what is right, as FLAC."""

import importlib
from functools import cache

import soundfile

from grading import course, diagnosis, number, sounds
from spectrogramtools.homework import which_sounds


@cache
def right(assignment):
    """What the assignment's functions should sound like, by title."""
    of = sounds.of(assignment)
    return {title: sounds.sound(y) for title, y in of.made(of.right).items()}


def of_functions(assignment, folder):
    """(title, theirs, right), as FLAC, of what was kept in a folder."""
    for title, true in right(assignment).items():
        path = folder / f"{title}.flac"
        if path.is_file():
            yield title, sounds.flac(sounds.no_louder(soundfile.read(path)[0], true)), sounds.flac(true)


@cache
def without_mistake(assignment, clip):
    """What is handed out of a clip, by a program without a mistake."""
    hidden = importlib.import_module(f"hidden.{assignment}")
    start, stop = (sounds.SR * second for second in hidden.PASSAGE)
    return sounds.flac(hidden.broken(None, clip)[start:stop])


def to_diagnose(assignment, told, known_as):
    """(title, broken, right), as FLAC, of the three sounds that a student had; `told` is the notebook's number."""
    hidden = importlib.import_module(f"hidden.{assignment}")
    if not told or not hasattr(hidden, "broken"):
        return
    counts, _ = number.chosen(int(told), known_as)
    key = diagnosis.key(assignment, hidden.MISTAKES, hidden.CLIPS)
    for name, place in zip("ABC", which_sounds(counts), strict=True):
        path = course.ROOT / "release" / assignment / "sounds" / f"{place:02d}.flac"
        if path.is_file():
            yield f"{name}: {key[place][1]}", path.read_bytes(), without_mistake(assignment, key[place][1])
