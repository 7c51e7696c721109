"""What lecture 12 says in prose and no cell of it prints, and what its table has to be for that."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
import pytest
import recordings
import recordings_corpus
from scipy.stats import wilcoxon

from spectrogramtools import framewise_sdr, ft2d, load_clip, repet, sdr
from spectrogramtools.corpus import statistics

ROOT = Path(__file__).parent.parent
LECTURE = ROOT / "notebooks" / "12_a_hundred_songs.ipynb"
METHODS = ("repet", "repet_sim", "ft2d", "repet_extended", "repet_adaptive")


@pytest.fixture(scope="module")
def table():
    return np.genfromtxt(recordings_corpus.TABLE, delimiter=",", names=True, dtype=None, encoding="utf-8")


@pytest.fixture(scope="module")
def over(table):
    """For each method what it adds to the mixture, of shape (songs, passages), in dB: the voices."""
    voices = table[table["kind"] == "voice"]
    scores = {
        method: voices["si_sdr"][voices["method"] == method].reshape(51, 3, 2) for method in np.unique(voices["method"])
    }
    return {str(method): (found - scores["mixture"]).mean(axis=2) for method, found in scores.items()}


@pytest.fixture(scope="module")
def gains(over):
    return {method: np.median(passages, axis=1) for method, passages in over.items()}


@pytest.fixture(scope="module")
def reporting(table):
    first = table[(table["kind"] == "voice") & (table["method"] == "mixture")][::6]
    return first["half"] == "reporting"


@pytest.fixture(scope="module")
def prose():
    notebook = nbformat.read(LECTURE, as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_table_has_the_scripts_songs_each_in_one_half_and_all_of_each(table):
    asked = {song.name: (song.half, song.kinds) for song in recordings_corpus.songs()}
    assert {(row["song"], row["half"]) for row in table} == {(song, half) for song, (half, _) in asked.items()}
    methods = np.unique(table["method"])
    assert len(methods) == len(METHODS) + 4 + 9  # baselines and ideal masks; the grid without the default
    rows = Counter((row["song"], row["passage"], row["kind"], row["method"], row["source"]) for row in table)
    assert rows == Counter(
        (song, number, kind, method, source)
        for song, (_, kinds) in asked.items()
        for number, kind in enumerate(kinds)
        for method in methods
        for source in ("background", "foreground")
    )
    assert np.isfinite(table["si_sdr"]).all()


def test_it_is_sorted_as_the_lecture_takes_it(table):
    keys = [tuple(row)[:6] for row in table]
    assert keys == sorted(keys)


def test_no_song_of_the_script_is_in_both_halves_and_none_is_there_twice():
    names = [song.name for song in recordings_corpus.songs()]
    assert len(set(names)) == len(names) == 51
    assert Counter(song.half for song in recordings_corpus.songs()) == {"tuning": 26, "reporting": 25}


def test_songs_differ_by_14_to_22_db(gains):
    ranges = [np.ptp(gains[method]) for method in METHODS]
    assert (round(min(ranges)), round(max(ranges))) == (14, 22)


def test_the_last_second_of_the_metal_singer_costs_the_mean_four_decibels():
    clip = load_clip("metal_singer")
    voice = clip.stems["voice"].astype(float)
    last = voice[:, 13 * clip.sr : 14 * clip.sr]
    assert 20 * np.log10(np.std(last) / np.std(voice)) == pytest.approx(-54, abs=0.5)
    windows = framewise_sdr(list(clip.stems.values()), repet(clip.mixture, clip.sr), clip.sr)[1]
    assert windows[13] == pytest.approx(-42, abs=0.5)
    assert np.nanmean(windows[:13]) - np.nanmean(windows) == pytest.approx(4, abs=0.5)


def test_the_speech_loop_scores_higher_as_a_whole_than_in_its_seconds():
    clip = load_clip("speech_loop")
    found = repet(clip.mixture, clip.sr)
    windows = framewise_sdr(list(clip.stems.values()), found, clip.sr)[1]
    whole = sdr(clip.stems["speech"].astype(float), found[1], taps=0)
    assert (f"{whole:.1f}", f"{np.nanmedian(windows):.1f}") == ("8.2", "6.3")


@pytest.mark.parametrize(
    ("name", "silences_the_worst"),
    [
        *((name, True) for name in ("band_singer", "breathing_band", "metal_singer", "speech_loop")),
        ("verse_chorus", True),
        ("waltz_clarinet", True),
        ("guitar_solo", False),
    ],
)
def test_the_seconds_in_which_2dft_finds_least_are_its_worst_but_on_the_solo(name, silences_the_worst):
    clip = load_clip(name)
    background, foreground = ft2d(clip.mixture, clip.sr)
    scores = framewise_sdr(list(clip.stems.values()), [background, foreground], clip.sr)[1]
    seconds = [np.s_[..., k * clip.sr : (k + 1) * clip.sr] for k in range(len(scores))]
    share = np.array([np.sum(foreground[s] ** 2) / np.sum(clip.mixture[s] ** 2) for s in seconds])
    scored = ~np.isnan(scores)
    assert (np.corrcoef(share[scored], scores[scored])[0, 1] > 0.3) == silences_the_worst


def test_scipy_takes_a_shortcut_where_most_differences_are_zero(gains):
    x = gains["repet_extended"] - gains["repet_adaptive"]
    assert (np.sum(x == 0), np.sum(x < 0)) == (46, 5)
    assert f"{wilcoxon(x).pvalue:.2f}" == "0.04"
    assert statistics.signed_rank(x) == 0.0625


def test_repet_and_2dft_lie_up_to_five_decibels_apart(gains):
    assert np.abs(gains["repet"] - gains["ft2d"]).max() == pytest.approx(5, abs=0.5)


def test_how_far_repet_is_ahead_depends_on_the_level(over):
    by_level = np.median(over["repet"] - over["repet_sim"], axis=0)
    assert (f"{by_level[0]:.1f}", f"{by_level[2]:.1f}") == ("0.1", "3.5")


def test_the_winner_of_the_reporting_half_is_behind_on_25_songs_of_the_other(gains, reporting):
    behind = gains["repet highpass=200 mask=fitted"] < gains["repet"]
    assert (behind[~reporting].sum(), (~reporting).sum()) == (25, 26)


def test_the_sentence_about_the_table(gains, prose):
    families = [gains[a] - gains[b] for k, a in enumerate(METHODS) for b in METHODS[k + 1 :]]
    corrected = statistics.holm([statistics.signed_rank(x) for x in families])
    assert f"{corrected[0]:.1e}" == "1.3e-08"
    assert np.sum(corrected < 0.05) == 4
    assert "p = 1.3 · 10⁻⁸ after Holm's correction for ten pairs" in prose


def test_the_guitars_of_eight_songs(table):
    guitars = table[table["kind"] == "guitar"]
    scores = {
        method: guitars["si_sdr"][guitars["method"] == method].reshape(8, 2, 2)
        for method in ("mixture", "repet", "repet_sim")
    }
    told = [
        np.median(np.median((scores[method] - scores["mixture"]).mean(axis=2), axis=1))
        for method in ("repet", "repet_sim")
    ]
    assert [f"{x:.1f}" for x in told] == ["-0.5", "0.2"]


def test_nine_songs_in_ten_lie_within_ten_decibels(gains):
    assert all(np.ptp(np.percentile(gains[method], [5, 95])) < 10 for method in METHODS)


def test_the_halves_share_bands_and_games():
    folders = {half: set() for half in ("tuning", "reporting")}
    for song in recordings_corpus.songs():
        if len(song.song.band) > 1:  # the songs of a band have their guitars apart
            folders[song.half].add(song.song.band[0].parents[1].name)
        else:
            folders[song.half].add(song.song.band[0].relative_to(recordings.GAMES).parts[0])
    assert folders["tuning"] == folders["reporting"] == {"sectoid", "muldjord", "asc", "singularity", "wesnoth"}


def test_the_best_difference_of_the_tuning_half_is_another_candidate(gains, reporting):
    candidates = [name for name in gains if name in METHODS[1:] or name.startswith("repet ")]
    assert len(candidates) == 13
    behind = {name: gains[name] - gains["repet"] for name in candidates}
    best = max(candidates, key=lambda name: np.median(behind[name][~reporting]))
    assert best == "repet highpass=100 mask=soft"
    assert f"{np.median(behind[best][~reporting]):.2f}, {np.median(behind[best][reporting]):.2f}" == "0.05, 0.04"
    assert f"{statistics.signed_rank(behind[best][reporting]):.1f}" == "0.5"


def test_what_2dft_finds_in_the_quiet_seconds_of_the_breathing_band_is_worse_than_nothing():
    clip = load_clip("breathing_band")
    voice, found = clip.stems["voice"].astype(float), ft2d(clip.mixture, clip.sr)[1]
    n = found.shape[-1] // clip.sr * clip.sr
    v, f, y = (np.asarray(x)[..., :n].reshape(-1, clip.sr) for x in (voice, found, clip.mixture))
    share = (f**2).sum(axis=1) / (y**2).sum(axis=1)
    quiet = np.argsort(share)[: len(share) // 2]
    scale = np.sum(v * f) / np.sum(f**2)
    assert np.sum((v - scale * f)[quiet] ** 2) > np.sum(v[quiet] ** 2)


def test_mix_scores_what_it_does_where_the_vocals_lie_five_decibels_below_the_rest():
    """Its two numbers, computed from one level: a quarter of the mixture as vocals, three quarters as the rest."""
    rest = 10 ** (5.2 / 10)  # energies, if that of the vocals is 1
    assert -10 * np.log10((3 / 4) ** 2 + (1 / 4) ** 2 * rest) == pytest.approx(1.12, abs=0.05)
    assert -10 * np.log10((1 / 4) ** 2 + (3 / 4) ** 2 / rest) == pytest.approx(6.32, abs=0.05)


def test_published_improvements_are_those_of_the_published_table(prose):
    rows = re.findall(r"^\| (.+?) \| (-?\d+\.\d\d) \| (-?\d+\.\d\d) \|$", prose, re.MULTILINE)
    published = {name: np.array([float(vocals), float(rest)]) for name, vocals, rest in rows}
    assert len(published) == 6
    mix = published["MIX: a quarter of the mixture, and three quarters"]
    improved = {name: published[name] - mix for name in ("REPET", "REPET-SIM", "2DFT")}
    told = ", ".join(f"{vocals:.2f} and {rest:.2f} dB" for vocals, rest in improved.values()).replace("-", "−")
    assert told == "−0.91 and −0.75 dB, 1.18 and 1.05 dB, −0.56 and −0.48 dB"
    assert "−0.91 and −0.75 dB for REPET, 1.18 and 1.05 for REPET-SIM, −0.56 and −0.48 for 2DFT" in prose
