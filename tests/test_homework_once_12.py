"""Homework 1 and 2: a mistake in one function is charged once, where another function calls it; and nobody gains by
that."""

import sys

import pytest
from classroom import written
from wrong import graded, solutions, with_mistake
from wrong_solutions import hpss, stft

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")

# The twists, as they are written by who uses the functions of part 1.
CALLING = {
    "stft_padded": """def stft_padded(y, window, hop, n_fft):
    W = len(window)
    y = np.concatenate([np.zeros(W), y, np.zeros(W)])
    more = np.zeros(n_fft - W)
    y = np.concatenate([y, np.zeros((W - len(y)) % hop), more])
    return stft(y, np.concatenate([window, more]), hop)""",
    "istft_padded": """def istft_padded(S, window, hop, n_fft, length):
    W = len(window)
    frames = np.fft.irfft(S, n=n_fft, axis=0)[:W]
    return istft(np.fft.rfft(frames, axis=0), window, hop)[W : W + length]""",
}
ONCE = {
    "stft": (
        "the last frame is lost where it just fits",
        "no second window, and the windows' sum",
    ),
    "hpss": (
        "zeros beyond the ends",
        "mirrored without repeating",
        "the last cell alone",
        "the row again",
        "shorter windows at the ends",
        "the ends as they were",
    ),
}
WRONG = [
    (name, wrong) for name, of in (("stft", stft), ("hpss", hpss)) for wrong in of.WRONG if wrong.title in ONCE[name]
]


def lost(assignment, sources):
    """The cells that lost marks."""
    cells, _ = graded(assignment, sources)
    return {name for name, cell in cells.items() if cell["share"] < 1}


def test_twists_that_call_the_functions_of_part_1_are_right():
    assert not lost("stft", solutions("stft") | CALLING)


@pytest.mark.parametrize(("assignment", "wrong"), [pytest.param(*one, id=one[1].title) for one in WRONG])
def test_a_mistake_is_charged_where_it_is(assignment, wrong):
    assert len(WRONG) == sum(len(titles) for titles in ONCE.values())
    sources = with_mistake(assignment, wrong) | (CALLING if assignment == "stft" else {})
    assert lost(assignment, sources) == {f"check_{wrong.cell}"}


def test_a_mistake_of_its_own_is_charged_too():
    (zeros,) = (wrong for wrong in hpss.WRONG if wrong.title == "zeros beyond the ends")
    again = "def growing_median(A, widths):\n    return np.concatenate([median_time(A[:1], w) for w in widths])"
    cells, _ = graded("hpss", with_mistake("hpss", zeros) | {"growing_median": again})
    assert cells["check_growing_median"]["share"] == 0


@pytest.mark.parametrize("median_time", ["right", "constant"])
def test_handing_back_the_input_earns_nothing(median_time):
    constant, further = written("hpss_constant")
    if median_time == "right":
        constant["median_time"] = solutions("hpss")["median_time"]
    cells, _ = graded("hpss", constant | {"further": "\n".join(further)})
    earned = {name for name, cell in cells.items() if cell["share"] > 0}
    assert earned == ({"check_median_time"} if median_time == "right" else set())
