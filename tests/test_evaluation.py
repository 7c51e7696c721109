"""SI-SDR by its geometry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from spectrogramtools import hpss, scoreboard, si_sar, si_sdr, si_sir
from spectrogramtools.evaluation import Score, Scoreboard, rounded


@pytest.fixture(scope="module")
def arrows():
    """A reference and an error at a right angle to it, of the same energy."""
    reference, other = np.linalg.qr(np.random.default_rng(0).standard_normal((1000, 2)))[0].T
    return reference, other


@given(db=st.floats(-60, 100), scale=st.floats(1e-6, 1e6), level=st.floats(1e-6, 1e6))
def test_ratio_of_target_to_error(arrows, db, scale, level):
    reference, error = arrows
    estimate = scale * (reference + 10 ** (-db / 20) * error)
    assert si_sdr(level * reference, estimate) == pytest.approx(db, abs=1e-3)
    assert si_sdr(level * reference, -estimate) == pytest.approx(db, abs=1e-3)


def test_the_mean_counts(arrows):
    reference, _ = arrows
    assert si_sdr(reference + 10, np.ones(1000)) > 40


def test_extremes(arrows):
    reference, error = arrows
    silence = np.zeros(1000)
    assert si_sdr(np.array([1.0, 0.0]), np.array([2.0, 0.0])) == np.inf
    assert si_sdr(reference, silence) == -np.inf
    assert si_sdr(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == -np.inf
    assert si_sdr(1e200 * reference, 1e-200 * (reference + error)) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="reference is silent"):
        si_sdr(silence, reference)


def test_channels_are_one_long_signal(arrows):
    """As in BSS Eval's scores for images: one scale for all channels, energies summed over them."""
    reference, error = arrows
    stereo = np.stack([reference, 0.5 * reference])
    wrong = np.stack([0.1 * error, 0.1 * error])
    expected = 10 * np.log10(np.sum(stereo**2) / np.sum(wrong**2))
    assert si_sdr(stereo, 3 * (stereo + wrong)) == pytest.approx(expected, abs=1e-9)
    assert si_sdr(stereo, stereo + wrong) == pytest.approx(si_sdr(stereo.ravel(), (stereo + wrong).ravel()), abs=1e-9)
    # A source in the wrong place is an error, though each channel alone is perfect up to its level.
    assert si_sdr(stereo, stereo[::-1]) == pytest.approx(10 * np.log10(0.8**2 / (1 - 0.8**2)), abs=1e-9)
    others = [np.stack([error, -error])]
    scores = (
        si_sdr(stereo, stereo + wrong),
        si_sir(stereo, stereo + wrong, others),
        si_sar(stereo, stereo + wrong, others),
    )
    sdr, sir, sar = (10 ** (-score / 10) for score in scores)
    assert sdr == pytest.approx(sir + sar, rel=1e-9)
    assert sir == pytest.approx(0, abs=1e-12)
    with pytest.raises(ValueError, match="reference has shape"):
        si_sdr(stereo, reference)


def test_scoreboard_in_stereo(clip):
    """Channels that are alike score as one does, and the ideal masks are made for each channel."""
    stems = {name: stem[: 3 * clip.sr] for name, stem in clip.stems.items()}
    mixture = clip.mixture[: 3 * clip.sr]
    mono = scoreboard({"twice": [mixture, mixture]}, stems, mixture, clip.sr)
    two = {name: np.stack([stem, stem]) for name, stem in stems.items()}
    stereo = scoreboard({"twice": [np.stack([mixture, mixture])] * 2}, two, np.stack([mixture, mixture]), clip.sr)
    for a, b in zip(mono.rows, stereo.rows, strict=True):
        assert (a.method, a.source) == (b.method, b.source)
        assert b.si_sdr == pytest.approx(a.si_sdr, abs=1e-6)


def test_float32_is_summed_in_float64():
    rng = np.random.default_rng(1)
    reference = rng.standard_normal(200_000).astype(np.float32)
    estimate = reference + 1e-4 * rng.standard_normal(200_000).astype(np.float32)
    exact = si_sdr(reference.astype(np.float64), estimate.astype(np.float64))
    assert si_sdr(reference, estimate) == pytest.approx(exact, abs=1e-9)


@pytest.fixture(scope="module")
def axes():
    """Four arrows at right angles, each of length 1."""
    return np.linalg.qr(np.random.default_rng(2).standard_normal((500, 4)))[0].T


def test_interference_and_artefacts_by_their_angles(axes):
    """2 of the target, 0.2 of the other source, 0.02 of nothing known: 20 dB and 40 dB."""
    target, other, nothing, _ = axes
    estimate = 2 * target + 0.2 * other + 0.02 * nothing
    assert si_sir(target, estimate, [other]) == pytest.approx(20)
    assert si_sar(target, estimate, [other]) == pytest.approx(40)
    # References that overlap span the same space; the target is what lies along its own reference.
    leaning = (target + other) / 2**0.5
    plain = np.array([2.0, 0.2, 0.02])
    along = plain[:2] @ [0.5**0.5, 0.5**0.5]
    interference = np.sum(plain[:2] ** 2) - along**2
    assert si_sir(leaning, estimate, [other]) == pytest.approx(10 * np.log10(along**2 / interference))
    assert si_sar(leaning, estimate, [other]) == pytest.approx(10 * np.log10(along**2 / 0.02**2))


@given(weights=st.lists(st.floats(0.01, 100), min_size=4, max_size=4), level=st.floats(1e-5, 1e5))
def test_the_three_ratios_belong_together(axes, weights, level):
    estimate = level * np.dot(weights, axes)
    a, b, c, _ = axes
    sdr, sir, sar = si_sdr(a, estimate), si_sir(a, estimate, [b, c]), si_sar(a, estimate, [b, c])
    assert 10 ** (-sdr / 10) == pytest.approx(10 ** (-sir / 10) + 10 ** (-sar / 10), rel=1e-6)


def test_ratios_on_the_clip_do_not_mind_levels(clip):
    violin, castanets = clip.stems.values()
    estimate = clip.mixture + 0.5 * violin
    expected = si_sir(violin, estimate, [castanets])
    assert si_sir(0.01 * violin, 3 * estimate, [7 * castanets]) == pytest.approx(expected, abs=1e-3)
    assert expected == pytest.approx(si_sdr(violin, estimate), abs=0.1)  # no artefacts: a sum of the stems
    assert si_sar(violin, estimate, [castanets]) > 90


def test_scoreboard(clip):
    harmonic, percussive = hpss(clip.mixture, clip.sr, power=2)
    board = scoreboard({"hpss": (harmonic, percussive)}, clip.stems, clip.mixture, clip.sr)
    scores = {(r.method, r.source): r for r in board.rows}
    methods = ["mixture", "high-pass 100 Hz", "hpss", "ideal binary mask", "ideal ratio mask"]
    assert list(dict.fromkeys(r.method for r in board.rows)) == methods
    for source in clip.stems:
        mixture, ours, ideal = (scores[m, source].si_sdr for m in ("mixture", "hpss", "ideal ratio mask"))
        assert mixture + 5 < ours < ideal - 3
        assert scores["ideal binary mask", source].si_sdr > ours
    assert scores["hpss", "violin"].si_sdr == si_sdr(clip.stems["violin"], harmonic)
    printed = repr(board).splitlines()
    assert len(printed) == 11
    assert "hpss                     violin" in printed[5]
    assert "13.4" in printed[5]
    ax = board.plot(Figure().subplots())
    assert [label.get_text() for label in ax.get_yticklabels()] == methods
    assert ax.get_xlabel() == "SI-SDR (dB)"
    widths = [bar.get_width() for bar in ax.patches]
    assert widths[2] == pytest.approx(scores["hpss", "violin"].si_sdr)


def test_high_pass_alone_splits_at_its_frequency():
    t = np.arange(22050) / 22050
    low, high = np.sin(2 * np.pi * 40 * t), np.sin(2 * np.pi * 1000 * t)
    board = scoreboard({}, {"background": low, "foreground": high}, low + high, 22050)
    assert [r.si_sdr > 25 for r in board.rows if r.method == "high-pass 100 Hz"] == [True, True]


def test_says_what_is_wrong(clip):
    violin, castanets = clip.stems.values()
    with pytest.raises(ValueError, match="others is empty"):
        si_sir(violin, violin, [])
    with pytest.raises(ValueError, match=r"others\[0\] is silent"):
        si_sar(violin, violin, [0 * violin])
    with pytest.raises(ValueError, match="references has 1 sources"):
        scoreboard({}, {"violin": violin}, violin, 22050)
    with pytest.raises(ValueError, match="mine gives 1 estimates for 2 references"):
        scoreboard({"mine": [violin]}, clip.stems, clip.mixture, clip.sr)
    with pytest.raises(ValueError, match="castanets has shape"):
        scoreboard({}, {"violin": violin, "castanets": castanets[1:]}, clip.mixture, clip.sr)


def test_bars_stand_side_by_side_around_their_method():
    board = Scoreboard([Score(m, s, 10.0, 10.0, 10.0) for m in ("first", "second") for s in ("a", "b")])
    ax = board.plot(Figure().subplots())
    middles = sorted(bar.get_y() + bar.get_height() / 2 for bar in ax.patches)
    assert middles == pytest.approx([-0.2, 0.2, 0.8, 1.2])
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([0.4] * 4)


@pytest.mark.parametrize(
    ("score", "text"),
    [(98.94, "98.9"), (-98.94, "-98.9"), (99.0, "> 99"), (-99.0, "< -99"), (np.inf, "> 99"), (-np.inf, "< -99")],
)
def test_beyond_99_db_no_digits_are_told(score, text):
    assert rounded(score) == text


def test_of_three_sources_each_is_scored_against_both_others(axes):
    sources = dict(zip("bac", axes, strict=False))  # not in the order of the alphabet
    mixture = sum(sources.values())
    estimates = [2 * axes[0] + 0.3 * axes[1] + 0.1 * axes[2], axes[1] + 0.5 * axes[0], axes[2] + 0.2 * axes[3]]
    rows = scoreboard({"mine": estimates}, sources, mixture, 8000).rows
    for row in (row for row in rows if row.method == "mine"):
        i = list(sources).index(row.source)
        others = [y for j, y in enumerate(sources.values()) if j != i]
        assert row.si_sdr == si_sdr(axes[i], estimates[i])
        assert row.si_sir == si_sir(axes[i], estimates[i], others)
        assert row.si_sar == si_sar(axes[i], estimates[i], others)
