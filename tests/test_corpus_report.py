"""What is said of results: songs as the unit, honest intervals and tests, tables that can be read anywhere."""

import csv
import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import stats

from spectrogramtools.corpus import __main__ as command
from spectrogramtools.corpus import figures, formats, methods, read_scores, report, results, statistics
from spectrogramtools.corpus.methods import own_code
from spectrogramtools.corpus.statistics import Interval, by_song, compare, holm, median_interval, signed_rank, summarise

PACKAGE = Path(methods.__file__).parent.parent
SOURCES = ("background", "foreground")
BASELINES = ("mixture", "ideal ratio mask")


def told(score):
    """As it stands in a file."""
    return None if np.isnan(score) else float(score) if np.isfinite(score) else "inf" if score > 0 else "-inf"


def a_score(si_sdr, *, stems=("voice",), windows=(), reason=None, **others):
    scores = dict.fromkeys(("si_sdr", "si_sir", "si_sar", "sdr"), si_sdr) | others
    scores = {name: told(score) for name, score in scores.items()}
    return dict(stems=[*stems], **scores, sdr_windows=[told(w) for w in windows], reason=reason)


def put(out, song, method, passages, *, failed=None, skipped=None, seconds=200.0, residual=-np.inf):
    """A result: a dict from source to scores for each passage of ten seconds."""
    sources = [*passages[0]] if passages else [*SOURCES]
    result = dict(
        made_by="…", failed=failed, skipped=skipped, seconds=1.0, settings=dict(segments=None, seed=0),
        track=dict(name=song) | (dict(sr=44100, channels=2, seconds=seconds, stems=["voice"],
                                      residual=told(residual)) if passages else {}),
        method=dict(name=method, arguments={}, sources=sources, code="…", baseline=method in BASELINES),
        passages=[dict(start=10.0 * k, stop=10.0 * k + 10, sources=given) for k, given in enumerate(passages)],
    )  # fmt: skip
    name = re.sub(r"\W", "_", method) + "_".join(sources) + ".json"
    results.write(out / results.FOLDER / song / name, result)


def corpus(out, methods, source="foreground"):
    """A folder with one score for each song and method: rows of numbers by method."""
    for method, values in methods.items():
        for k, value in enumerate(values):
            if value is not None:
                put(out, f"song {k:03}", method, [{source: a_score(value)}])
    return read_scores(out)


@pytest.fixture
def scores(tmp_path):
    """Twelve songs, two methods between the mixture and an oracle."""
    rng = np.random.default_rng(3)
    mixture = rng.normal(0, 3, 12)
    methods = {
        "mixture": mixture,
        "one": mixture + rng.normal(4, 2, 12),
        "other": mixture + rng.normal(2, 3, 12),
        "ideal ratio mask": mixture + 15,
    }
    return corpus(tmp_path, {name: values.round(4) for name, values in methods.items()})


def values_of(scores, method, score="si_sdr"):
    (methods,) = by_song(scores, score).values()
    return np.array([song.score for song in methods[method].values()])


# The table


def test_a_row_says_all_of_a_passage(tmp_path):
    a = a_score(3.0, si_sir=np.inf, si_sar=-np.inf, sdr=np.nan, stems=("guitar", "voice"), reason="b is silent")
    put(
        tmp_path,
        "test/a song",
        "one",
        [dict(b=a_score(1.0), a=a), dict(b=a_score(1.0), a=a)],
        seconds=20.0,
        residual=-30.5,
    )
    put(
        tmp_path,
        "test/a song",
        "mixture",
        [dict(b=a_score(-1.0), a=a_score(-2.0)), dict(b=a_score(0), a=a_score(-4.0))],
    )
    row = next(r for r in read_scores(tmp_path).rows if (r.method, r.source, r.start) == ("one", "a", 10.0))
    assert (row.song, row.stop, row.kind, row.sources) == ("test/a song", 20.0, "method", ("a", "b"))
    assert (row.stems, row.reason) == (("guitar", "voice"), "b is silent")
    assert (row.si_sdr, row.si_sir, row.si_sar) == (3.0, np.inf, -np.inf)
    assert math.isnan(row.sdr)
    assert (row.seconds, row.sr, row.channels, row.residual) == (20.0, 44100, 2, -30.5)
    assert row.mixture_si_sdr == -4.0


def test_the_csv_file_holds_all_of_the_table(tmp_path, scores):
    put(tmp_path, 'a "song", with\na comma', "one", [dict(foreground=a_score(np.inf, si_sir=np.nan, si_sar=-np.inf))])
    scores = read_scores(tmp_path)
    scores.write_csv(tmp_path / "scores.csv")
    with open(tmp_path / "scores.csv", encoding="utf-8", newline="") as file:
        read = [*csv.DictReader(file)]
    assert len(read) == len(scores.rows) == 4 * 12 + 1
    for line, row in zip(read, scores.rows, strict=True):
        assert (line["song"], line["method"], line["kind"]) == (row.song, row.method, row.kind)
        assert line["stems"].split(";") == [*row.stems]
        for name in ("si_sdr", "si_sir", "si_sar", "sdr", "mixture_si_sdr", "start", "seconds"):
            np.testing.assert_equal(float(line[name]), getattr(row, name))


def test_failures_are_kept_with_their_sentences(tmp_path):
    put(tmp_path, "a", "one", [], failed="it stops.")
    put(tmp_path, "b", "one", [], failed="it stops.")
    put(tmp_path, "b", "other", [], failed="it stops.")
    put(tmp_path, "c", "one", [], failed="there is no file.")
    for method in ("one", "third"):
        put(tmp_path, "d", method, [], failed="it has no memory.")
    put(tmp_path, "c", "mixture", [], skipped="has no foreground.")
    put(tmp_path, "c", "other", [], skipped="has no foreground.")
    found = report.report(tmp_path)
    failed = [(missing.song, missing.method) for missing in found.scores.failed]
    assert failed == [("a", "one"), ("b", "one"), ("b", "other"), ("c", "one"), ("d", "one"), ("d", "third")]
    assert "one failed on 2 songs (a, b): it stops." in found.remarks()
    assert "other failed on 1 song (b): it stops." in found.remarks()
    assert "one, third failed on 1 song (d): it has no memory." in found.remarks()
    assert "one failed on 1 song (c): there is no file." in found.remarks()
    assert "other was not run on 1 song (c): has no foreground." in found.remarks()
    assert "nothing to compare" in str(found)
    found.write(tmp_path / "report")


def test_a_broken_file_is_told_in_a_sentence(tmp_path, scores, capsys):
    (tmp_path / results.FOLDER / "song 003" / "broken.json").write_text('{"schema": 1')
    with pytest.raises(ValueError, match=r"broken\.json is no result of this version .*: remove it and run again\."):
        read_scores(tmp_path)
    assert report.main([str(tmp_path)]) == 2
    assert "remove it and run again" in capsys.readouterr().err
    assert report.main([str(tmp_path / "elsewhere")]) == 2
    assert "holds no results" in capsys.readouterr().err


def test_a_method_can_not_hide_behind_a_baseline(tmp_path):
    put(tmp_path, "a", "mixture", [dict(foreground=a_score(1.0))])
    path = next((tmp_path / results.FOLDER / "a").iterdir())
    path.write_text(path.read_text().replace('"baseline": true', '"baseline": false'))
    with pytest.raises(ValueError, match="a method is called 'mixture', which is a baseline's name"):
        read_scores(tmp_path)


def test_the_same_sources_in_another_order_are_compared_and_their_mixture_counts_once(tmp_path):
    for song in "ab":
        for first, second, method in [(*SOURCES, "one"), (*SOURCES[::-1], "other")]:
            for name, score in ((method, 5.0), ("mixture", 1.0)):
                put(tmp_path, song, name, [{first: a_score(score), second: a_score(score)}])
    scores = read_scores(tmp_path)
    assert len(scores.rows) == 2 * 3 * 2
    assert [(p.first, p.second, p.songs) for p in compare(scores)[:3]] == [
        ("one", "mixture", 2), ("other", "mixture", 2), ("one", "other", 2)
    ]  # fmt: skip


def test_sources_of_one_name_from_other_divisions_are_not_compared(tmp_path):
    put(tmp_path, "a", "one", [dict(vocals=a_score(1.0), band=a_score(1.0))])
    put(tmp_path, "a", "other", [dict(vocals=a_score(1.0), drums=a_score(1.0), bass=a_score(1.0))])
    found = report.report(tmp_path)
    assert found.pairs == []
    assert "vocals (of band, vocals)" in str(found)
    assert "vocals (of bass, drums, vocals)" in str(found)
    assert (tmp_path / "report" / "scores_vocals_(of_band,_vocals).png") in found.write(tmp_path / "report")


# Songs are the unit


def test_passages_collapse_to_songs(tmp_path):
    """A song that was cut into many passages counts as much as one that was not."""
    cut = {"a": [1.0, 2.0, 9.0], "b": [4.0], "c": [8.0, 6.0, np.nan]}
    for song, values in cut.items():
        put(tmp_path, song, "one", [dict(foreground=a_score(value)) for value in values])
    scores = read_scores(tmp_path)
    assert values_of(scores, "one").tolist() == [2.0, 4.0, 7.0]
    (summary,) = summarise(scores)
    assert (summary.songs, summary.score.median, summary.quartiles) == (3, 4.0, (3.0, 5.5))
    text = " ".join(str(report.report(tmp_path)).split())
    assert "Songs were cut: 7 passages from 3 songs." in text
    assert "Without SI-SDR, and left out: 1 passage from 1 song" in text


def test_medians_and_quartiles_are_numpys(scores):
    found = {summary.method: summary for summary in summarise(scores)}
    assert [*found] == ["mixture", "one", "other", "ideal ratio mask"]
    mixture = values_of(scores, "mixture")
    for method, summary in found.items():
        values = values_of(scores, method)
        assert summary.score.median == np.median(values)
        np.testing.assert_allclose(summary.quartiles, np.quantile(values, [0.25, 0.75]))
        if method != "mixture":
            assert summary.improvement.median == pytest.approx(np.median(values - mixture), abs=1e-6)
            assert (summary.below, summary.compared) == ((values < mixture).sum(), 12)
    assert math.isnan(found["mixture"].improvement.median)


def test_the_gain_is_the_median_of_gains_and_not_the_gain_of_medians(tmp_path):
    scores = corpus(tmp_path, {"mixture": [0.0, 10.0, 20.0], "one": [21.0, 11.0, 19.0]})
    (_, one) = summarise(scores)
    assert one.score.median - 10 == 9
    assert one.improvement.median == 1
    assert (one.below, one.compared) == (1, 3)


def test_a_song_on_which_nothing_changes_is_not_below_the_mixture(tmp_path):
    (_, one) = summarise(corpus(tmp_path, {"mixture": [0.0, 1.0, 2.0], "one": [0.0, 1.0, 1.9]}))
    assert (one.below, one.compared) == (1, 3)


def test_the_aggregate_of_windows_is_musdbs(tmp_path):
    """The median over windows of a second, silent ones left out, then the median over songs."""
    windows = {"a": [1.0, 5.0, np.nan, 9.0], "b": [np.nan, 2.0, 4.0], "c": [7.0]}
    for song, values in windows.items():
        put(tmp_path, song, "one", [dict(vocals=a_score(0.0, sdr=np.nanmedian(values), windows=values))])
    (summary,) = summarise(read_scores(tmp_path), "sdr")
    assert summary.score.median == np.median([5.0, 3.0, 7.0]) == 5.0
    assert "as in MUSDB18's tables" in " ".join(report.report(tmp_path, score="sdr").remarks())


# Intervals


@pytest.mark.parametrize("n", [2, 3, 6, 7, 12, 25])
def test_the_interval_is_the_plain_bootstraps(n):
    """Which draws all songs of each resample, sorts them and looks for the middle."""
    rng = np.random.default_rng(n)
    values = np.arange(n, dtype=float)  # so that a difference is one of ranks
    medians = np.median(values[rng.integers(0, n, (200_000, n))], axis=1)
    found = [median_interval(values, seed=seed) for seed in range(40)]
    for end, percent in (("low", 2.5), ("high", 97.5)):
        ends = [getattr(interval, end) for interval in found]
        # Where the percentile lies between two ranks, some seeds give the one and some the other.
        below, above = (np.percentile(medians, percent + d, method="inverted_cdf") for d in (-0.5, 0.5))
        assert below <= min(ends) <= max(ends) <= above
    assert all(interval.median == np.median(values) for interval in found)


@pytest.mark.parametrize(("n", "held"), [(7, 0.875), (50, 0.95)])
def test_so_often_the_interval_holds_the_true_median(n, held):
    """Of scores that lie evenly around it, and of others. For an odd number of songs it is what the binomial
    distribution says of ranks: with 7, of those from the second to the sixth."""
    rng = np.random.default_rng(0)
    for draw, true in ((rng.standard_normal, 0.0), (rng.standard_exponential, np.log(2))):
        intervals = [median_interval(draw(n), seed=seed) for seed in range(2000)]
        assert np.mean([i.low <= true <= i.high for i in intervals]) == pytest.approx(held, abs=0.02)
    if n == 7:
        assert stats.binom.cdf(5, 7, 0.5) - stats.binom.cdf(1, 7, 0.5) == pytest.approx(held)


def test_an_interval_is_the_same_each_time_and_moves_with_its_seed():
    values = np.random.default_rng(0).normal(size=40)
    assert median_interval(values) == median_interval(values)
    assert len({median_interval(values, seed=seed) for seed in range(20)}) > 1
    with pytest.raises(ValueError, match="seed is -1"):
        median_interval(values, seed=-1)


def test_without_songs_there_is_no_interval():
    for values, middle in (([], np.nan), ([3.0], 3.0), ([3.0, np.nan], 3.0)):
        found = median_interval(values)
        np.testing.assert_equal([found.median, found.low, found.high], [middle, np.nan, np.nan])


@given(st.lists(st.floats(-60, 60) | st.sampled_from([np.inf, -np.inf, np.nan]), min_size=1, max_size=30))
@settings(max_examples=200)
def test_infinite_scores_break_no_interval(values):
    values = np.array(values)
    interval = median_interval(values)
    numbers = values[~np.isnan(values)]
    if len(numbers) < 2:
        return
    assert numbers.min() <= interval.low <= interval.median <= interval.high <= numbers.max()
    assert interval.median == statistics.median(values)
    with np.errstate(invalid="ignore"):
        expected = np.median(numbers)
    assert interval.median == (0 if np.isnan(expected) else pytest.approx(expected, abs=1e-12))


# Pairs


def test_pairs_rest_on_the_songs_that_both_have(tmp_path):
    methods = {
        "mixture": [0.0] * 6,
        "one": [1.0, 2.0, 3.0, 4.0, 5.0, None],
        "other": [None, 1.0, 1.0, 1.0, 1.0, 1.0],
    }
    scores = corpus(tmp_path, methods)
    found = {(pair.first, pair.second): pair for pair in compare(scores)}
    assert [*found] == [("one", "mixture"), ("other", "mixture"), ("one", "other")]
    assert [pair.songs for pair in found.values()] == [5, 5, 4]
    pair = found["one", "other"]
    assert pair.differences == {f"song {k:03}": float(k) for k in (1, 2, 3, 4)}
    assert (pair.ahead, pair.equal, pair.difference.median) == (4, 0, 2.5)
    assert "fewer than 6 songs have a score of one (5), other (5)" in " ".join(report.report(tmp_path).remarks())


def test_what_was_cut_or_put_together_in_another_way_is_not_compared(tmp_path):
    for song in "abc":
        put(tmp_path, song, "one", [dict(foreground=a_score(5.0))])
    put(tmp_path, "a", "other", [dict(foreground=a_score(3.0))])
    put(tmp_path, "b", "other", [dict(foreground=a_score(3.0)), dict(foreground=a_score(3.0))])
    put(tmp_path, "c", "other", [dict(foreground=a_score(3.0, stems=("guitar",)))])
    (pair,) = compare(read_scores(tmp_path))
    assert pair.differences == {"a": 2.0}
    assert "on 2 songs, such as b: there they are not compared" in " ".join(report.report(tmp_path).remarks())


def test_oracles_and_baselines_are_in_no_pair(tmp_path, scores):
    rng = np.random.default_rng(0)
    for k, value in enumerate(rng.normal(size=12)):
        put(tmp_path, f"song {k:03}", "third", [dict(foreground=a_score(value))])
    pairs = compare(read_scores(tmp_path))
    assert {(p.first, p.second) for p in pairs} == {
        *itertools.combinations(["one", "other", "third"], 2), *((m, "mixture") for m in ("one", "other", "third"))
    }  # fmt: skip


def test_the_family_is_all_that_is_compared(tmp_path):
    """Of every source, and against the mixture as well."""
    rng = np.random.default_rng(1)
    for song, method in itertools.product(range(9), ("mixture", "one", "other")):
        put(
            tmp_path,
            f"song {song}",
            method,
            [{source: a_score(value) for source, value in zip(SOURCES, rng.normal(size=2), strict=True)}],
        )
    pairs = compare(read_scores(tmp_path))
    assert len(pairs) == 6
    np.testing.assert_array_equal([pair.holm for pair in pairs], holm([pair.p for pair in pairs]))
    assert min(pair.holm for pair in pairs) == pytest.approx(min(1, 6 * min(pair.p for pair in pairs)))


def test_the_test_is_wilcoxons(scores):
    for pair in compare(scores):
        other = values_of(scores, pair.second)
        d = values_of(scores, pair.first) - other
        assert pair.p == stats.wilcoxon(d, method="exact").pvalue
        assert pair.ahead == (d > 0).sum()


def test_the_p_value_counts_signs():
    """Of all 2^n signs that the ranks could have, those whose sum is at least as far from its middle."""
    rng = np.random.default_rng(5)
    for n in (4, 7, 10):
        d = rng.normal(0.5, 1, n)
        ranks = stats.rankdata(np.abs(d))
        middle = ranks.sum() / 2
        sums = np.array([np.dot(signs, ranks) for signs in itertools.product((0, 1), repeat=n)])
        as_far = np.abs(sums - middle) >= abs(ranks[d > 0].sum() - middle) - 1e-9
        assert signed_rank(d) == pytest.approx(as_far.mean(), rel=1e-12)


def test_zeros_infinities_and_equal_differences():
    assert signed_rank([0.0, 0.0]) == signed_rank([]) == 1.0
    assert signed_rank([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.0, 6.0]) == 2.0 ** (1 - 6)
    assert signed_rank([1.0, -2.0, 3.0, np.inf, 5.0]) == signed_rank([1.0, -2.0, 3.0, 50.0, 5.0])
    assert signed_rank([1.0, -2.0, 3.0, -np.inf, 5.0]) == signed_rank([1.0, -2.0, 3.0, -50.0, 5.0])
    assert 0 < signed_rank([1.0, 1.0, 1.0, -1.0, 2.0]) < 1
    many = np.random.default_rng(0).normal(0.3, 1, 80)
    assert signed_rank(many) == stats.wilcoxon(many, method="asymptotic").pvalue


@pytest.mark.parametrize("n", [1, 5, 12, 40])
def test_the_least_p_is_the_one_that_is_told(n):
    assert signed_rank(np.arange(1.0, n + 1)) == pytest.approx(2.0 ** (1 - n), rel=1e-12)


def test_infinite_scores_are_compared(tmp_path):
    inf = np.inf
    methods = {
        "mixture": [0.0, 0.0, 0.0, 0.0, 0.0],
        "one": [-inf, -inf, 3.0, inf, 5.0],
        "other": [-inf, 2.0, 2.0, inf, -inf],
    }
    found = report.report(corpus(tmp_path, methods) and tmp_path)
    pair = found.pairs[-1]
    assert [*pair.differences.values()] == [0.0, -inf, 1.0, 0.0, inf]
    assert (pair.difference.median, pair.equal, pair.ahead) == (0.0, 2, 2)
    assert pair.p == signed_rank([-50.0, 1.0, 50.0])
    assert "Infinite scores: one for foreground on 3 songs; other for foreground on 3 songs." in " ".join(
        found.remarks()
    )
    assert "< -99" in str(found)
    assert all(path.exists() for path in found.write(tmp_path / "report"))


def test_nothing_is_compared_with_the_mixtures_artefacts(tmp_path):
    methods = {"mixture": [300.0, np.inf, 310.0], "one": [5.0, 6.0, 7.0], "other": [4.0, 4.0, 4.0]}
    found = report.report(corpus(tmp_path, methods) and tmp_path, score="si_sar")
    assert [(p.first, p.second) for p in found.pairs] == [("one", "other")]
    assert all(math.isnan(summary.improvement.median) for summary in found.summaries)
    assert "over mixture" not in str(found)
    assert "The mixture holds no artefacts" in str(found)


# Holm


def test_holms_correction_by_hand():
    """Five p-values, sorted: 0.005, 0.011, 0.02, 0.04, 0.13. Times 5, 4, 3, 2, 1: 0.025, 0.044, 0.06, 0.08, 0.13."""
    np.testing.assert_allclose(holm([0.02, 0.005, 0.13, 0.04, 0.011]), [0.06, 0.025, 0.13, 0.08, 0.044])
    # None is less than the one before it: 3 times 0.02 is 0.06, but 2 times 0.025 only 0.05. And none is more than 1.
    np.testing.assert_allclose(holm([0.025, 0.02, 0.9]), [0.06, 0.06, 0.9])
    np.testing.assert_allclose(holm([0.6, 0.5]), [1.0, 1.0])
    assert holm([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.sampled_from([0.01, 0.05, 0.2]))
def test_holms_correction_rejects_what_his_steps_reject(p, alpha):
    """Sorted, the k-th is rejected if it and all before it are below alpha / (m - k)."""
    rejected = np.zeros(len(p), bool)
    for k, i in enumerate(np.argsort(p, kind="stable")):
        if p[i] * (len(p) - k) > alpha:
            break
        rejected[i] = True
    corrected = holm(p)
    assert ((corrected <= alpha) == rejected).all()
    assert (corrected >= np.array(p)).all()


def test_holm_keeps_the_promise():
    """Where nothing differs, at most one family in twenty says that something does."""
    rng = np.random.default_rng(0)
    false = [min(holm([signed_rank(d) for d in rng.normal(size=(6, 12))])) <= 0.05 for _ in range(400)]
    assert np.mean(false) <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 400)
    assert any(false)


# What so many songs can tell


@pytest.mark.parametrize(
    ("n", "sentence"),
    [
        (1, "one song tells nothing about others"),
        (4, "holds the true median with a probability of 87.5 % only"),
        (5, "holds the true median with a probability of 93.75 % only"),
        (6, "6 songs are few"),
        (19, "19 songs are few"),
    ],
)
def test_small_corpora_are_told_so(tmp_path, n, sentence):
    corpus(tmp_path, {"mixture": np.zeros(n), "one": np.arange(1.0, n + 1), "other": np.arange(n) / 2 - 1})
    assert sentence in " ".join(report.report(tmp_path).remarks())


def test_many_songs_are_not(tmp_path):
    corpus(tmp_path, {"mixture": np.zeros(20), "one": np.arange(1.0, 21)})
    assert not re.search("few|least p", " ".join(report.report(tmp_path).remarks()))


def test_where_no_difference_can_be_significant_it_is_said(tmp_path):
    """Six songs and three comparisons: 3 × 2^-5 = 0.094, though one is better than the other on all."""
    corpus(tmp_path, {"mixture": np.zeros(6), "one": np.arange(1.0, 7), "other": np.arange(1.0, 7) * 3})
    found = report.report(tmp_path)
    assert min(pair.holm for pair in found.pairs) == 3 * 2.0**-5
    sentence = (
        "No difference could have become significant: with 6 songs the least p that Wilcoxon's test can give is 0.031, "
        "which Holm's correction for 3 comparisons makes 0.094."
    )
    assert sentence in found.remarks()


def test_where_it_can_the_least_p_is_said(tmp_path):
    corpus(tmp_path, {"mixture": np.zeros(8), "one": np.arange(1.0, 9), "other": np.arange(1.0, 9) * 3})
    found = report.report(tmp_path)
    assert max(pair.holm for pair in found.pairs) == 3 * 2.0**-7
    told = "With 8 songs the least p that Wilcoxon's test can give is 0.0078, and 0.023 after Holm's."
    assert told in found.remarks()


def test_it_is_said_which_stems_a_source_is(tmp_path):
    for song, stems in {"a": ("voice",), "b": ("voice",), "c": ("guitar", "lead")}.items():
        put(tmp_path, song, "one", [dict(foreground=a_score(1.0, stems=stems), bass=a_score(1.0, stems=("bass",)))])
    notes = report.report(tmp_path).remarks()
    assert "foreground is voice (2 songs), guitar + lead (1 song)." in notes
    assert not any(note.startswith("bass is") for note in notes)


def test_songs_whose_stems_do_not_add_up_are_told(tmp_path):
    for song, residual in {"a": -np.inf, "b": -31.0, "c": -12.25, "d": 1.5, "e": np.nan}.items():
        put(tmp_path / "all", song, "one", [dict(foreground=a_score(1.0))], residual=residual)
        put(tmp_path / song, song, "one", [dict(foreground=a_score(1.0))], residual=residual)
    told = "stems of {} do not add up to the mixture, such as {}, where what they leave over is at {} dB of it"
    assert told.format("2 songs", "d", "+1.5") in " ".join(report.report(tmp_path / "all").remarks())
    assert told.format("1 song", "c", "-12.2") in " ".join(report.report(tmp_path / "c").remarks())
    for song in "abe":
        assert "add up" not in " ".join(report.report(tmp_path / song).remarks())


# Formats

NASTY = r"m:f(a='50%_#1', b={2}, c=x^2|~\y$ & <z>*` [l] --)"


def test_markdown_takes_nothing_for_a_mark():
    written = formats.as_markdown(formats.Table("a_b", ["n"], {"so|urce": [[NASTY, "1"]]}), ["*note*"])
    row = written.splitlines()[4]
    cells = re.split(r"(?<!\\)\|", row)
    assert len(cells) == 4
    assert re.sub(r"\\(.)", r"\1", cells[1].strip()) == NASTY
    assert not re.search(r"(?<!\\)[*_`<>\[\]$~]", row)
    assert written.splitlines()[0] == r"a\_b"
    assert written.splitlines()[-1] == r"- \*note\*"


def test_latex_takes_nothing_for_a_command():
    assert formats.latex("50% of #1 & _x_ {y} $z$") == r"50\% of \#1 \& \_x\_ \{y\} \$z\$"
    assert formats.latex("a\\b~c^d <e> |") == (
        r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d \textless{}e\textgreater{} \textbar{}"
    )
    assert formats.latex("--out\n– a-b") == r"-{}-out -- a-b"
    written = formats.as_latex(
        formats.Table("T", ["95 % interval", "p"], {"s": [[NASTY, "-1.5 to 2.0", "4.4e-07"]]}), ["n_1"]
    )
    row = next(line for line in written.splitlines() if "50" in line)
    assert len(re.findall(r"(?<!\\)&", row)) == 2
    assert row.endswith(r"& $-1.5$\,to\,2.0 & $4.4\cdot10^{-7}$ \\")
    assert not re.search(r"(?<!\\)[%#_^~]", row.split(" & $-1.5$")[0])
    assert written.count("{") - written.count(r"\{") == written.count("}") - written.count(r"\}")
    assert [line for line in written.splitlines() if "rule" in line] == [r"\toprule", r"\midrule", r"\bottomrule"]
    assert r"n\_1\par" in written


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("-7.1", "$-7.1$"), ("> 99", "$> 99$"), ("< -99", "$< -99$"), ("–", "--"), ("2.0", "2.0"), ("3 of 12", "3/12")],
)
def test_numbers_in_latex(cell, expected):
    written = formats.as_latex(formats.Table("T", ["n"], {"s": [["m", cell]]}), [])
    assert rf"m & {expected} \\" in written


def test_numbers_are_rounded_and_nothing_is_less_than_zero_by_nothing():
    assert [formats.decibels(x) for x in (1.25, -0.04, np.nan, np.inf, -np.inf, 302.9)] == [
        "1.2", "0.0", "–", "> 99", "< -99", "> 99"
    ]  # fmt: skip
    assert [formats.probability(p) for p in (1.0, 0.03125, 0.00012345, 4.44e-7)] == ["1", "0.031", "0.00012", "4.4e-07"]
    assert formats.span(np.nan, np.nan) == "–"


def test_text_stands_in_columns(scores, tmp_path):
    lines = str(report.report(tmp_path)).splitlines()
    heads, *rows = lines[2:7]
    assert heads.split()[:3] == ["foreground", "songs", "median"]
    assert [re.split(" {3,}", row)[0] for row in rows] == ["mixture", "one", "other", "ideal ratio mask"]
    assert {re.search(r" 12 ", row).end() for row in rows} == {heads.index("songs") + len("songs") + 1}
    assert max(map(len, lines)) <= 120


def test_parameters_are_in_order(tmp_path):
    names = ["m(power=10)", "m(power=2)", "m(power=1.5)", "a"]
    corpus(tmp_path, {"ideal ratio mask": [1.0], **{name: [1.0] for name in names}, "mixture": [1.0]})
    expected = ["mixture", "a", "m(power=1.5)", "m(power=2)", "m(power=10)", "ideal ratio mask"]
    assert [summary.method for summary in report.report(tmp_path).summaries] == expected


# The command


def test_the_command_prints_a_table_and_writes_files(scores, tmp_path, capsys):
    assert report.main([str(tmp_path), "--score", "si_sir", "--format", "latex"]) == 0
    printed = capsys.readouterr().out
    assert r"\begin{tabular}" in printed
    assert "SI-SIR (dB)" in printed
    folder = tmp_path / "report"
    assert {path.name for path in folder.iterdir()} == {
        *("scores.csv", "pairs.csv", "table.md", "table.tex"),
        *(f"{what}_foreground.png" for what in ("scores", "pairs", "mixture", "seconds")),
    }
    assert (folder / "table.tex").read_text() == printed[:-1]
    assert report.main([str(tmp_path), "--out", str(tmp_path / "elsewhere")]) == 0
    assert (tmp_path / "elsewhere" / "table.md").exists()
    with pytest.raises(ValueError, match=r"score is 'sir'; choose 'si_sdr' or"):
        report.report(tmp_path, score="sir")


def test_the_pairs_file_holds_all_pairs_in_full(scores, tmp_path):
    found = report.report(tmp_path)
    found.write(tmp_path / "report")
    with open(tmp_path / "report" / "pairs.csv", encoding="utf-8", newline="") as file:
        read = [*csv.DictReader(file)]
    assert len(read) == len(found.pairs) == 3
    for line, pair in zip(read, found.pairs, strict=True):
        assert (line["first"], line["second"], int(line["songs"])) == (pair.first, pair.second, pair.songs)
        assert (float(line["p"]), float(line["p_holm"])) == (pair.p, pair.holm)
        assert Interval(*(float(line[name]) for name in ("median", "low", "high"))) == pair.difference


def test_a_run_ends_with_the_table(tmp_path, monkeypatch, capsys):
    corpus(tmp_path, {"mixture": [1.0, 2.0], "one": [3.0, 5.0]})
    evaluated = command.evaluate.__globals__["Evaluated"](str(tmp_path), new=2)
    monkeypatch.setattr(command, "evaluate", lambda *given, **options: evaluated)
    assert command.main(["ROOT", "--methods", "one", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("2 new results")
    assert str(report.report(tmp_path)) in printed


def test_what_is_said_afterwards_makes_no_score_old(monkeypatch, tmp_path):
    """The fingerprint of the code that scores does not know of files that only read scores."""
    copied = tmp_path / "spectrogramtools"
    for kept in (*PACKAGE.glob("*.py"), *PACKAGE.glob("separation/*.py"), *PACKAGE.glob("corpus/*.py")):
        path = copied / kept.relative_to(PACKAGE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept.read_bytes())
    monkeypatch.setattr(methods, "__file__", str(copied / "corpus" / "methods.py"))

    def fingerprint():
        own_code.cache_clear()
        return own_code()

    before = fingerprint()
    for name in ("table", "statistics", "remarks", "formats", "figures", "report"):
        (copied / "corpus" / f"{name}.py").write_text("changed")
    assert fingerprint() == before
    (copied / "corpus" / "scores.py").write_text("changed")
    assert fingerprint() != before
    own_code.cache_clear()


# Pictures


def shown(path):
    """Its pixels, and what it says of itself."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int), picture.info["Description"]


def near(picture, colour):
    return np.abs(picture - np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])).sum(axis=2) < 30


def test_pictures_are_written_and_show_something(scores, tmp_path):
    written = [path for path in report.report(tmp_path).write(tmp_path / "report") if path.suffix == ".png"]
    assert len(written) == 4
    for path in written:
        picture, alt = shown(path)
        assert near(picture, figures.BLUE).sum() > 200
        assert 0.5 < near(picture, "#ffffff").mean() < 0.99
        assert "SI-SDR of foreground" in alt.replace("of the", "of")


def test_a_box_is_where_its_songs_are(scores):
    """Read from the axes: quartiles of each box, a dot for each song."""
    ((figure, alt),) = figures.draw_scores(scores).values()
    ax = figure.axes[0]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["mixture", "one", "other", "ideal ratio mask"]
    assert ax.get_xlabel() == "SI-SDR of foreground (dB)"
    for k, (method, box) in enumerate(zip(labels, ax.patches, strict=True)):
        values = values_of(scores, method)
        x = box.get_path().vertices[:, 0]
        np.testing.assert_allclose([x.min(), x.max()], np.quantile(values, [0.25, 0.75]))
        dots = [line for line in ax.lines if line.get_marker() == "o" and abs(line.get_ydata()[0] - k) < 0.4]
        np.testing.assert_allclose(np.sort(dots[0].get_xdata()), np.sort(values))
        assert bool(box.get_hatch()) == (method == "ideal ratio mask")
        assert f"{method} {np.median(values):.1f}" in alt


def test_differences_are_drawn_song_by_song(scores):
    pairs = compare(scores)
    ((figure, _),) = figures.draw_pairs(pairs).values()
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [f"{p.first} less {p.second}" for p in pairs]
    assert ax.get_xlabel() == "difference in SI-SDR of foreground (dB)"
    for k, pair in enumerate(pairs):
        lines = [line for line in ax.lines if np.abs(np.array(line.get_ydata()) - k).max() < 0.4]
        found = {line.get_marker(): np.array(line.get_xdata()) for line in lines}
        np.testing.assert_allclose(np.sort(found["o"]), sorted(pair.differences.values()))
        np.testing.assert_allclose(found["D"], pair.difference.median)
        np.testing.assert_allclose(found["None"], [pair.difference.low, pair.difference.high])


def test_each_song_stands_over_its_property(scores):
    ((figure, _),) = figures.draw_property(scores, "si_sdr", "mixture").values()
    mixture = values_of(scores, "mixture")
    assert [ax.get_title() for ax in figure.axes] == ["one", "other"]
    for ax in figure.axes:
        (dots,) = (line for line in ax.lines if line.get_marker() == "o")
        np.testing.assert_allclose(dots.get_xdata(), mixture)
        np.testing.assert_allclose(dots.get_ydata(), values_of(scores, ax.get_title()))
    assert figure.get_supxlabel() == "SI-SDR of the mixture (dB)"
    ((figure, _),) = figures.draw_property(scores, "si_sdr", "seconds").values()
    assert figure.get_supxlabel() == "length of the song (s)"
    assert set(figure.axes[0].lines[0].get_xdata()) == {200.0}


def test_what_has_no_place_stands_at_the_edge(tmp_path):
    scores = corpus(tmp_path, {"mixture": [0.0, 1.0, 2.0], "one": [-np.inf, 3.0, 300.0]})
    ((figure, _),) = figures.draw_scores(scores).values()
    ax = figure.axes[0]
    edges = {line.get_marker(): float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() in ("<", ">")}
    assert edges == {"<": ax.get_xlim()[0], ">": ax.get_xlim()[1]}
    assert ax.get_xlim()[1] < 5
    assert "one beyond 99 dB" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_many_songs_have_no_dots_and_many_pairs_more_pictures(tmp_path):
    rng = np.random.default_rng(0)
    many = {f"m(power={k})": rng.normal(size=2) for k in range(9)}
    scores = corpus(tmp_path, {"mixture": np.zeros(61), "one": rng.normal(size=61), **many})
    ((figure, _),) = figures.draw_scores(scores).values()
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert max(len(line.get_xdata()) for line in dots) == 2
    drawn = figures.draw_pairs(compare(scores))
    assert [*drawn] == ["pairs_foreground_1", "pairs_foreground_2"]
    assert sum(len(figure.axes[0].get_yticklabels()) for figure, _ in drawn.values()) == 10 + 45


def test_results_are_as_the_schema_wants_them(tmp_path):
    """What these tests write is what `evaluate` writes."""
    put(tmp_path, "a", "one", [dict(foreground=a_score(np.inf, windows=[1.0, np.nan, -np.inf]))])
    (result,) = results.read_all(tmp_path)
    assert json.dumps(result["passages"][0]["sources"]["foreground"]["sdr_windows"]) == '[1.0, null, "-inf"]'
