"""Homework 4: a mask earns what it owes to the music, on music that nobody has."""

import importlib
import re
import sys

import numpy as np
import pytest
from classroom import written
from wrong import graded, solutions, visible

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")

project = importlib.import_module("hidden.project")
course = project.course


def handed_in(name):
    answers, further = written(f"project_{name}")
    return {"further": "\n\n".join(further)} | answers


# What each submission earns of the eight points, at least and at most.
EARNED = {
    "half": (3.2, 5.2),
    "hpss": (4, 4.5),
    "factors": (4.2, 5.4),
    "equaliser": (0, 0),
    "checkerboard": (0, 0),
    "dice": (0, 0),
    "complex": (0, 0),
}


@pytest.mark.parametrize("name", EARNED)
def test_what_masks_earn(name):
    cells, share = graded("project", handed_in(name))
    print(cells)
    least, most = EARNED[name]
    assert least <= 8 * share <= most


@pytest.mark.parametrize("name", ["hpss", "factors"])
def test_a_method_of_ones_own_is_told_how_far_it_gets_and_nothing_else(name):
    red = [line for line in visible("project", handed_in(name)).splitlines() if line.startswith("✘")]
    assert all("earn all points" in line for line in red), red


def test_a_sentence_says_why_nothing_is_earned():
    lines = [part["line"] for cell in graded("project", handed_in("equaliser"))[0].values() for part in cell["parts"]]
    assert all("the masks hardly change when the music begins" in line for line in lines[:3])
    assert all(re.search(r"earn nothing, .* all\. \((Your mask.*|The mixture) has -?\d", line) for line in lines[3:])
    lines = [part["line"] for cell in graded("project", handed_in("complex"))[0].values() for part in cell["parts"]]
    assert all(line.endswith("the masks are complex; a mask is a real number, from 0 to 1.") for line in lines)


def test_masks_of_true_and_false_are_masks():
    sources = solutions("project")
    last = "np.stack([background, 1 - background])"
    assert sources["masks"].count(last) == 1
    sources["masks"] = sources["masks"].replace(last, "np.stack([background > 0.5, background <= 0.5])")
    assert "where the music begins 9 frames later, the masks do" in visible("project", sources)
    assert graded("project", sources)[1] > 0.8


def best_rows(piece):
    """The equaliser that comes nearest to a background, made from the background itself."""
    true = project.STFT(piece.background, 2048, 512, center=True)
    rows = np.sum((true * piece.S.conj()).real, axis=1) / np.sum(np.abs(piece.S) ** 2, axis=1)
    return np.repeat(np.clip(rows, 0, 1)[:, None], piece.S.shape[1], axis=1)


class Knows:
    """In place of a sandbox: recognises the music, and has the best equaliser for each."""

    def __init__(self, pieces):
        self.answers = {piece.A.tobytes(): best_rows(piece) for piece in pieces}

    def masks(self, A):
        rows = self.answers[A.tobytes()]
        return np.stack([rows, 1 - rows])


def test_an_equaliser_earns_nothing_even_if_it_is_fitted_to_the_stems():
    pieces = project.music(course.number())
    knows = Knows(pieces)
    gained = [piece.reached(knows.masks(piece.A)[0]) - piece.nothing for piece in pieces]
    assert max(gained) > 1, "it is worth something to the ear"
    assert [project.on_music(knows, place).share for place in range(3)] == [0, 0, 0]


@pytest.mark.parametrize("number", [1, 2**127 - 1])
def test_each_course_has_music_of_its_own_on_which_the_solution_earns_all(number, monkeypatch):
    heard = [piece.y for piece in project.music(course.number())]
    monkeypatch.setattr(course, "number", lambda: number)
    pieces = project.music(number)
    for piece in pieces:
        assert all(abs(np.corrcoef(piece.y, other)[0, 1]) < 0.5 for other in heard)
        assert piece.repet_sim >= piece.nothing + 3
    cells, share = graded("project", solutions("project"))
    assert share == 1, cells
