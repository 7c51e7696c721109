"""From a few songs' scores to a claim: the numbers, the code that gives them, what is saved, and what is wrong."""

import json

import elements
import numpy as np
import pytest
from ipywidgets.embed import dependency_state
from living_page import scores
from scipy.stats import mannwhitneyu, wilcoxon

from spectrogramtools import explore_songs
from spectrogramtools.corpus import statistics
from spectrogramtools.explorers.songs import DRAWS, counts


@pytest.fixture
def e():
    return explore_songs(scores())


def run_code(e):
    names = {"np": np, "scores": e.scores}
    exec(e.code(), names)
    return names


@pytest.mark.parametrize("compared", ["paired", "unpaired"])
@pytest.mark.parametrize("middle", ["median", "mean"])
@pytest.mark.parametrize(("songs", "draw"), [(2, 1), (9, 3), (31, 99), (40, 100)])
def test_the_code_gives_what_is_found(e, compared, middle, songs, draw):
    e.compared.value, e.middle.value, e.songs.value, e.draw.value = compared, middle, songs, draw
    e.second.value = "plain"
    names, found = run_code(e), e.found
    for name in ("difference", "low", "high", "p"):
        assert names[name] == pytest.approx(found[name], abs=1e-12)
    assert found["low"] <= found["difference"] <= found["high"]


def test_the_code_of_many_songs():
    """Of more than fifty songs p comes from the normal law."""
    rng = np.random.default_rng(0)
    e = explore_songs({"a": rng.normal(0.3, 1, 60), "b": rng.normal(0, 1, 60)})
    e.songs.value = 60
    assert run_code(e)["p"] == pytest.approx(e.found["p"], abs=1e-12)


def test_a_claim_is_what_it_says(e):
    """All songs at once, written out; the interval about as wide as the normal law has it."""
    e.middle.value, e.songs.value = "mean", 40
    a, b, _ = e.scores.values()
    found = e.found
    assert found["difference"] == found["of all songs"] == pytest.approx(np.mean(a - b))
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * np.std(a - b) / np.sqrt(40), rel=0.05)
    assert found["p"] == pytest.approx(wilcoxon(a - b).pvalue)
    assert (found["draws with A ahead"], found["draws that decide for A"]) == (100, 100)  # the same songs each time
    e.compared.value = "unpaired"
    found = e.found
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * np.sqrt((a.var() + b.var()) / 40), rel=0.05)
    assert found["p"] == pytest.approx(mannwhitneyu(a, b).pvalue)


@pytest.mark.parametrize("n_songs", [5, 8, 13, 50, 51, 120])
@pytest.mark.parametrize("n_equal", [0, 3])
def test_it_finds_what_the_corpus_finds(n_songs, n_equal):
    """Two implementations, one claim; and the page has the explorer's numbers, as tests/page compares.

    The differences are whole, so that an end of an interval is a place among the songs.
    """
    rng = np.random.default_rng(n_songs)
    d = np.where(rng.random(n_songs) < 0.3, -1, 1) * rng.permutation(np.arange(1, n_songs + 1))
    d[:n_equal] = 0
    of_songs = rng.integers(-20, 20, n_songs)
    e = explore_songs({"a": of_songs + d, "b": of_songs})
    e.songs.value = n_songs
    theirs, mine = statistics.median_interval(d), e.found
    assert (mine["difference"], mine["p"]) == (theirs.median, pytest.approx(statistics.signed_rank(d), abs=1e-12))
    places = np.sort(d)
    for end in ("low", "high"):
        # Random numbers of their own: an end lies at the same song, or at the next one.
        apart = np.searchsorted(places, mine[end]) - np.searchsorted(places, getattr(theirs, end))
        assert abs(apart) <= 1


def test_a_hundred_draws_are_those_of_the_slider(e):
    ahead = []
    for draw in range(1, DRAWS + 1):
        e.draw.value = draw
        ahead.append(run_code(e)["difference"] > 0)
    assert 60 < e.found["draws with A ahead"] == sum(ahead) < 100


def test_a_draw_takes_no_song_twice(e):
    numbered = explore_songs({"a": np.arange(40), "b": np.arange(40) + 100})
    for paired in (True, False):
        study = numbered.study(draw=5, songs=20, paired=paired)
        assert len(set(study.a)) == len(set(study.b)) == 20
        assert (set(study.a) == set(study.b - 100)) == paired
        assert set(study.a).isdisjoint(study.b - 100) != paired
    few, more = (numbered.study(songs=n).a for n in (12, 13))
    np.testing.assert_array_equal(few, more[:12])


def test_two_equal_methods(e):
    e.second.value = "new"
    for compared, middle in (("paired", "median"), ("unpaired", "mean")):
        e.compared.value, e.middle.value, e.songs.value = compared, middle, 40
        assert (e.found["difference"], e.found["p"]) == (0, 1)
    same = explore_songs({"a": np.ones(8), "b": np.ones(8)})
    assert same.found["p"] == 1
    same.compared.value = "unpaired"
    assert same.found["p"] == 1
    assert same.still()


def test_the_points_of_the_curve():
    for n in (5, 40, 100, 500):
        points = list(counts(n))
        assert points[:3] == [2, 3, 4]
        assert points[-1] == n
        assert points == sorted(set(points))


def test_values_go_both_ways(e):
    heard = []
    e.songs.observe(lambda change: heard.append(change["new"]), "value")
    e.set_state({"values": {**e.values, "songs": 33, "first": "plain"}})
    assert heard == [33] == [e.songs.value]
    assert 'scores["plain"]' in e.code()
    e.draw.value = 7
    assert e.values["draw"] == 7
    assert e.sounds == {}


def test_the_saved_text_and_picture(e):
    assert repr(e) == "explore_songs: controls and pictures: run the cell"
    data, metadata = e._repr_mimebundle_()
    found = e.found
    alt = metadata["image/png"]["alt"]
    assert alt.startswith("new − old, median of the same songs, 10 of 40: ")
    numbers = f"{found['difference']:.2f} dB, 95 % interval {found['low']:.2f} to {found['high']:.2f} dB, p = "
    assert numbers.replace("-", "−") in alt
    assert alt.endswith(f"In 100 such draws new comes out ahead {found['draws with A ahead']} times.")
    assert data["image/png"]
    before = e.still()
    e.compared.value = "unpaired"
    assert e.still() != before
    json.dumps([e.controls, e.values, e.settings])


def test_a_page_of_the_site_draws_it_at_once(e, tmp_path):
    model = dependency_state([e], drop_defaults=False)[e.model_id]
    html = elements.element(model, '<img alt="songs">', tmp_path)
    assert html.startswith('<div class="st-at-once"><img alt="songs"><script')
    assert "<button" not in html


def test_what_is_given_stays_as_it_was():
    given = scores()
    e = explore_songs(given)
    before = e.found
    given["new"] += 100
    assert e.found == before
    assert explore_songs({"a": [1, 2, 3, 4, 5], "b": np.zeros(5, np.float32)}).found["difference"] == 3


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([[1.0] * 9] * 2, r"scores is .*, but it must be a dict, such as \{\"repet\""),
        ({"a": np.ones(9)}, "scores has 1 methods, but two or more are wanted"),
        ({"a": np.ones(9), 3: np.ones(9)}, "scores has the key 3, but a method's name must be a string"),
        ({"a": np.ones(9), "b": np.ones(8)}, "a has 9 scores and b has 8: each method needs one for each song"),
        ({"a": np.ones(4), "b": np.ones(4)}, r"scores\[\"a\"\] has 4 songs, .* at least 5 and at most 500"),
        ({"a": np.ones(501), "b": np.ones(501)}, "has 501 songs"),
        ({"a": np.ones((9, 2)), "b": np.ones(9)}, r"has shape \(9, 2\) and dtype float64, .*\(n_songs,\)"),
        ({"a": ["1"] * 9, "b": np.ones(9)}, "dtype <U1, but it must be one real number for each song"),
        ({"a": [1.0] * 5 + [np.nan], "b": np.ones(6)}, "holds nan at song 5, .* leave this song out of all methods"),
        ({"a": [1.0] * 5 + [-np.inf], "b": np.ones(6)}, "holds -inf at song 5"),
        ({"a": [1.0] * 5 + [1001], "b": np.ones(6)}, "holds 1001.0 at song 5, .* at most 1000"),
    ],
)
def test_says_what_is_wrong(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        explore_songs(given)


def test_says_what_is_wrong_with_a_value(e):
    with pytest.raises(ValueError, match=r"songs is 41, .* at least 2 and at most 40"):
        e.songs.value = 41
    with pytest.raises(ValueError, match="first is 'newest'; choose 'new' or 'old' or 'plain'"):
        e.first.value = "newest"
