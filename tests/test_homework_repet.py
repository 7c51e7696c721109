"""Homework 3: what a mistake costs, once, and is called; what comes of its polymeter, and of pencil and paper."""

import itertools
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from wrong import checks_of, functions, graded, solutions, with_mistake
from wrong_solutions.repet import WRONG

from spectrogramtools import STFT, apply_mask, iSTFT, si_sdr

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def wrong(title):
    return with_mistake("repet", next(one for one in WRONG if one.title == title))


def lines(cells, name):
    return [part["line"] for part in cells[f"check_{name}"]["parts"]]


def test_a_bug_of_the_model_costs_nothing_again_where_the_model_is_called():
    for title in ("the partial segment is ignored", "mean for median"):
        cells, _ = graded("repet", wrong(title))
        assert 0.5 <= cells["check_repeating_model"]["share"] < 0.7
        assert cells["check_two_loops"]["share"] == 1
        assert any("right, given your repeating_model" in line for line in lines(cells, "two_loops"))
    assert graded("repet", wrong("the partial segment is ignored"))[0]["check_score"]["share"] == 1


@pytest.mark.parametrize("handed_back", ["A", "np.stack([A, A])", "np.stack([A, 0 * A])", "(A, A - A)"])
def test_whoever_hands_back_what_comes_in_earns_nothing(handed_back):
    given = {
        "repeating_model": "def repeating_model(A, period):\n    return A",
        "two_loops": f"def two_loops(A, p, q, turns):\n    return {handed_back}",
        "middle_mean_model": "def middle_mean_model(A, period):\n    return A",
    }
    cells, _ = graded("repet", solutions("repet") | given)
    assert [cells[f"check_{name}"]["share"] for name in (*given, "score")] == [0, 0, 0, 0]
    # Nor does it help to call a model that does nothing, in the right way.
    cells, _ = graded("repet", solutions("repet") | {"repeating_model": given["repeating_model"]})
    assert cells["check_two_loops"]["share"] == 0


@pytest.mark.parametrize("title", ["mean for median", "minimum for median"])
def test_a_known_mistake_earns_half_of_its_cell_and_not_the_score(title):
    cells, _ = graded("repet", wrong(title))
    assert cells["check_repeating_model"]["share"] == 0.5
    assert cells["check_score"]["share"] < 0.5


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("A for A squared", "It looks like A for A squared: lecture 7, exercise 2."),
        ("rows normalised one by one", "It looks like rows of one weight: lecture 7, section 5 · Who decides."),
        ("mean for median", "It looks like the mean, not the median: lecture 8, exercise 1."),
        ("the wrong reshape", "It looks like the median of neighbours: lecture 8, section 10 · Mistake museum, room 9"),
        ("shares of energies", "It looks like shares of energies: lecture 5, section 4 · Harder masks."),
        ("nothing below 0", "It looks like negative differences that are set to 0: the text of two_loops."),
        ("Q first", "It looks like Q made before P: the text of two_loops."),
        (
            "one is dropped at least",
            "It looks like one dropped at each end where none is: the text of middle_mean_model.",
        ),
    ],
)
def test_what_was_found_names_the_mistake_and_where_it_is_treated(title, told):
    source = wrong(title)
    cells, _ = graded("repet", source)
    changed = next(name for name in source if source[name] != solutions("repet")[name])
    assert any(told in line for line in lines(cells, changed))


def test_the_places_that_feedback_names_are_there():
    from hidden import repet as hidden

    A = np.random.default_rng(0).gamma(1.0, size=(3, 25))
    made = hidden.wrong_beat_spectra(A), hidden.wrong_models(A, 6), hidden.wrong_masks(A, A[::-1])
    places = {classic.lecture for classic, _ in itertools.chain(*made, hidden.wrong_means(A, 6))}
    found = [re.match(r"lecture (\d+), (?:section (\d+ · .+)|exercise (\d+))$", p) for p in places if p[:4] != "the "]
    assert len(found) == len(places) - 1
    for place in found:
        number, section, exercise = place.groups()
        (path,) = NOTEBOOKS.glob(f"{int(number):02d}_*.ipynb")
        heads = [cell.source.split("\n")[0] for cell in nbformat.read(path, 4).cells]
        text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
        assert (
            any(head.startswith(f"## {section}") for head in heads)
            if section
            else (f"**{exercise}.**" in text.split("## Exercises")[1])
        ), place[0]


def test_the_polymeter_comes_apart_as_the_prediction_says():
    fours, threes, singing, sr = checks_of("repet").polymeter()
    together = fours + threes + singing
    assert (sr, len(together)) == (22050, 12 * 60 * 512)
    assert 0.7 < np.abs(together).max() < 1
    S = STFT(together, 2048, 512, center=True)
    A, two_loops = np.abs(S), functions(solutions("repet"))["two_loops"]
    scores = []
    for turns in (1, 2, 3):
        P, Q = (np.maximum(model, 0) for model in two_loops(A, 80, 60, turns))
        mask = P / np.maximum(P + Q + np.maximum(A - P - Q, 0), 1e-9)
        scores.append(si_sdr(fours, iSTFT(apply_mask(S, mask), 2048, 512, center=True, length=len(together))))
    assert np.round(scores, 1).tolist() == [14.3, 18.3, 18.5]
    groove = np.abs(STFT(fours, 2048, 512, center=True))
    both, singer = (np.abs(STFT(y, 2048, 512, center=True)) > groove / 2 for y in (threes + singing, singing))
    for covered, share in ((both, 1 / 10), (singer, 1 / 70)):
        assert share_of_cells(groove, covered) == pytest.approx(share, rel=0.1)


def share_of_cells(groove, covered):
    """Of the cells in which the groove is heard: those that are covered in more than half of the repetitions."""
    heard = (groove > groove.max() / 100)[:, :720].reshape(-1, 9, 80).mean(axis=1) > 0.5
    return (covered[:, :720].reshape(-1, 9, 80).mean(axis=1) > 0.5)[heard].mean()


def worst(function, n, k):
    """How far a voice that covers k of n repetitions of a cell brings its model out of the untouched ones' range."""
    own = np.linspace(1.0, 2.0, n - k)
    far = []
    for above in range(k + 1):  # so many of the k far above, the others far below
        row = np.concatenate([own, np.full(above, 1e9), np.full(k - above, -1e9)])
        model = function(row[None], 1)[0, 0]
        far.append(max(model - own.max(), own.min() - model))
    return max(far)


def test_pencil_and_paper_find_what_the_functions_do():
    names = functions(solutions("repet"))
    stands = {
        "repeating_model": lambda n: (n - 1) // 2,
        "middle_mean_model": lambda n: n // 4,
    }
    for name, most in stands.items():
        for n in range(1, 25):
            for k in range(n):
                far = worst(names[name], n, k)
                assert (far <= 1e-9) if k <= most(n) else (far > 1e6), (name, n, k)
    third = {n: -(-n // 3) for n in range(1, 200)}
    assert [n for n in third if third[n] > stands["repeating_model"](n)] == [1, 2, 4]
    assert not [n for n in third if third[n] <= stands["middle_mean_model"](n)]
