"""Wrong solutions of the homework: the visible checks never reassure, and lead to the cause; and they cost marks."""

import importlib
import re
import sys

import pytest
from wrong import graded, small_changes, solutions, visible, with_mistake

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")

ASSIGNMENTS = ("stft", "hpss", "repet", "project")
WRONG = {name: importlib.import_module(f"wrong_solutions.{name}").WRONG for name in ASSIGNMENTS}
# Whose checks are all green has at least so much of what a program marks.
ALL_BUT = 0.95


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_is_right_is_green_and_earns_all(assignment):
    sources = solutions(assignment)
    assert "✘" not in visible(assignment, sources)
    cells, share = graded(assignment, sources)
    assert share == 1, cells


@pytest.mark.parametrize(
    ("assignment", "wrong"),
    [pytest.param(name, wrong, id=f"{name}: {wrong.title}") for name in ASSIGNMENTS for wrong in WRONG[name]],
)
def test_a_wrong_solution_is_red_in_words_that_lead_to_the_cause_and_loses_marks(assignment, wrong):
    sources = with_mistake(assignment, wrong)
    red = [line for line in visible(assignment, sources).splitlines() if line.startswith("✘")]
    assert any(re.search(wrong.said, line) for line in red), red
    _, share = graded(assignment, sources)
    assert share < 1


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_assignment_is_broken_in_eight_ways_or_more(assignment):
    assert len(WRONG[assignment]) >= 8


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_small_change_leaves_all_checks_green_and_costs_marks(assignment):
    """What nobody thought of: the teacher's functions, each changed in each place."""
    reassured = []
    right = solutions(assignment)
    for cell, source in right.items():
        for what, changed in small_changes(source):
            sources = right | {cell: changed}
            if "✘" not in visible(assignment, sources) and graded(assignment, sources)[1] < ALL_BUT:
                reassured.append(f"{cell}: {what}")
    assert not reassured
