"""REPET and its family: masks sum to one, parts to the mixture, and a loop comes out from under a voice."""

import re
import warnings

import loops
import numpy as np
import pytest
from repeating import SR, loop, moving, voice

from spectrogramtools import (
    STFT,
    apply_mask,
    fitted_mask,
    ft2d,
    ft2d_masks,
    iSTFT,
    median_across_periods,
    repeating_mask,
    repet,
    repet_adaptive,
    repet_extended,
    repet_masks,
    repet_sim,
    repet_sim_masks,
    repet_sim_online,
    si_sdr,
    similar_frames,
    similarity_matrix,
)
from spectrogramtools.separation.repet import fitting_hop

METHODS = {
    "repet": repet,
    "repet, given period": lambda y, sr, **k: repet(y, sr, period=1.5, **k),
    "repet_extended": lambda y, sr, **k: repet_extended(y, sr, segment=6.0, **k),
    "repet_adaptive": repet_adaptive,
    "repet_sim": repet_sim,
    "repet_sim_online": lambda y, sr, **k: repet_sim_online(y, sr, buffer=6.0, **k),
    "ft2d": ft2d,
}
PERIOD = 33_075  # 1.5 s, 64.6 frames of 512


@pytest.fixture(scope="module")
def mixture():
    n = 12 * SR
    background, above = loop(PERIOD, n), voice(n)
    above *= np.std(background) / np.std(above)
    return [x.astype(np.float32) for x in (background, above, background + above)]


@pytest.mark.parametrize("separate", METHODS.values(), ids=METHODS.keys())
@pytest.mark.parametrize("settings", [{}, {"mask": "binary", "highpass": 150.0}])
def test_parts_add_up_and_beat_the_mixture(mixture, separate, settings):
    background, _, y = mixture
    before = y.copy()
    parts = separate(y, SR, **settings)
    assert all(part.shape == y.shape and part.dtype == np.float32 for part in parts)
    assert np.abs(sum(parts) - y).max() < 1e-6
    np.testing.assert_array_equal(y, before)
    late = slice(6 * SR, None)  # by then the form that looks back only has heard the loop four times
    assert si_sdr(background[late], parts[0][late]) > si_sdr(background[late], y[late]) + 3
    if settings:  # what lies below the high-pass is in the background, up to the leakage of the window
        low = np.abs(STFT(parts[1], 2048, 512, center=True))[:10].max()
        assert low < 0.05 * np.abs(STFT(y, 2048, 512, center=True)).max()


@pytest.mark.parametrize("separate", METHODS.values(), ids=METHODS.keys())
def test_silence_gives_silence(separate):
    for part in separate(np.zeros(12 * SR, np.float32), SR):
        assert part.shape == (12 * SR,)
        assert not part.any()


@pytest.mark.parametrize("separate", METHODS.values(), ids=METHODS.keys())
def test_channels_one_by_one(mixture, separate):
    _, _, y = mixture
    stereo = np.stack([y, 0.5 * y])
    background, _ = separate(stereo, SR)
    np.testing.assert_allclose(background[0], separate(y, SR)[0], atol=1e-6)
    np.testing.assert_allclose(background[1], 0.5 * background[0], atol=1e-6)


def test_repet_by_hand(mixture):
    """Cut, overlay, median, minimum, mask: the steps, one by one, give what repet gives with the paper's mask."""
    y = mixture[2]
    hop = fitting_hop(PERIOD, 2048)
    S = STFT(y, 2048, hop, center=True)
    A = np.abs(S)
    frames = round(PERIOD / hop)
    M = repeating_mask(A, median_across_periods(A, frames))
    background = iSTFT(apply_mask(S, M), 2048, hop, center=True, length=len(y))
    np.testing.assert_allclose(repet(y, SR, period=1.5, highpass=0, mask="soft")[0], background, atol=1e-6)
    np.testing.assert_allclose(repet_masks(A, frames, mask="soft")[0], M, atol=1e-6)
    fitted = fitted_mask(A, median_across_periods(A, frames))
    np.testing.assert_array_equal(repet_masks(A, frames)[0], fitted)
    fitted[: int(np.ceil(100 * 2048 / SR))] = 1  # the rows below the high-pass
    background = iSTFT(apply_mask(S, fitted), 2048, hop, center=True, length=len(y))
    np.testing.assert_allclose(repet(y, SR, period=1.5)[0], background, atol=1e-6)
    for mask in ("fitted", "soft", "binary"):
        np.testing.assert_array_equal(np.add(*repet_masks(A, frames, mask=mask)), 1)
    np.testing.assert_array_equal(repet_masks(A, frames, mask="binary")[0], M >= 0.5)
    np.testing.assert_allclose(repet_masks(A, frames, mask="soft", power=2)[0], M**2 / (M**2 + (1 - M) ** 2), atol=1e-5)
    assert (repet_masks(np.zeros((3, 4)), 2)[0] == 1).all()


def test_a_hop_that_fits_the_period_is_worth_decibels(mixture):
    background, _, y = mixture
    sliding, fitting = (repet(y, SR, period=1.5, hop_length=hop)[0] for hop in (512, None))
    assert si_sdr(background, fitting) > si_sdr(background, sliding) + 1


@pytest.mark.parametrize("period", [18_000.0, 33_075.0, 48_000.4, 81_920.0, 95_999.7])
def test_fitting_hop_fits(period):
    hop = fitting_hop(period, 2048)
    assert 341 <= hop <= 682
    assert abs(period - hop * round(period / hop)) < 3


def test_a_frame_off_costs_much(mixture):
    background, _, y = mixture
    hop = fitting_hop(PERIOD, 2048)
    right, wrong = (repet(y, SR, period=(PERIOD + d) / SR, hop_length=hop)[0] for d in (0, hop))
    assert si_sdr(background, right) > si_sdr(background, wrong) + 5


def test_a_loop_that_changes_half_way():
    n = 12 * SR
    background = np.r_[loop(PERIOD, n), loop(26_000, n, seed=9)]
    above = voice(2 * n)
    y = background + np.std(background) / np.std(above) * above
    changing, fixed = repet_extended(y, SR, segment=8.0)[0], repet(y, SR)[0]
    assert si_sdr(background, changing) > si_sdr(background, fixed) + 2


@pytest.mark.parametrize("segment", [6.0, 6.00003, 5.3, 12.0])
def test_pieces_fade_into_one_another(mixture, segment):
    """Where each piece gives itself as background, the faded pieces add up to the whole."""
    loop_alone = mixture[0].astype(np.float64)
    background, foreground = repet_extended(loop_alone, SR, segment=segment, period=PERIOD / SR)
    assert np.abs(background + foreground - loop_alone).max() < 1e-12
    assert si_sdr(loop_alone, background) > 30


def test_a_piece_without_a_period_of_its_own_is_taken_from_the_whole(mixture):
    y = mixture[2].astype(np.float64)
    for period in (None, 1.5):
        whole, pieces = repet(y, SR, period=period), repet_extended(y, SR, segment=6.0, period=period)
        np.testing.assert_allclose(pieces, whole, atol=1e-12)


@pytest.mark.parametrize("ramp", [0.04, -0.03])
def test_a_tempo_that_moves_is_worth_decibels(ramp):
    n = 12 * SR
    background, _ = moving(PERIOD, n, ramp)
    above = voice(n)
    above *= np.std(background) / np.std(above)
    y = background + above
    moving_frames, equal_frames = repet_adaptive(y, SR), repet(y, SR)
    for stem, followed, fixed in zip((background, above), moving_frames, equal_frames, strict=True):
        assert si_sdr(stem, followed) > si_sdr(stem, fixed) + 3
    np.testing.assert_allclose(sum(moving_frames), y, atol=1e-12)
    # Each channel for itself, at common places.
    stereo = repet_adaptive(np.stack([y, 0.5 * y]), SR)
    np.testing.assert_allclose(stereo[0], [moving_frames[0], 0.5 * moving_frames[0]], atol=1e-9)
    # About is near enough, and a period is followed that is given.
    about = repet_adaptive(y, SR, period=1.47)[0]
    assert si_sdr(background, about) > si_sdr(background, equal_frames[0]) + 3


@pytest.mark.parametrize("settings", [{}, {"period": 1.5, "mask": "soft", "power": 2, "highpass": 0}])
def test_where_the_tempo_stands_still_frames_are_equally_far_apart(mixture, settings):
    y = mixture[2]
    np.testing.assert_allclose(repet_adaptive(y, SR, **settings), repet(y, SR, **settings), atol=1e-6)


def test_nearest_is_the_medians():
    """The pattern changes after six of twelve repetitions; five neighbours know only one of both, all know neither."""
    n = 9 * SR
    background = np.r_[loop(PERIOD, n), loop(PERIOD, n, seed=9)]
    background += np.random.default_rng(0).standard_normal(2 * n) * 0.02 * np.std(background)
    near, far = (
        repet_adaptive(background, SR, period=1.5, nearest=5),
        repet_adaptive(background, SR, period=1.5, nearest=99),
    )
    np.testing.assert_allclose(far, repet(background, SR, period=1.5), atol=1e-9)
    np.testing.assert_allclose(repet_adaptive(background, SR, period=1.5), near, atol=1e-9)  # found by itself
    assert si_sdr(background, near[0]) > si_sdr(background, far[0]) + 6


def extended(y, sr):
    return repet_extended(y, sr, segment=6.0)


def warned(separate, *arguments, **settings):
    """What it warns of, and whether that points to this file."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        separate(*arguments, **settings)
    assert all(w.category is UserWarning and w.filename == __file__ for w in caught)
    return [str(w.message) for w in caught]


def melody(seed):
    return loops.voice(np.random.default_rng(seed), 12 * SR)


@pytest.mark.parametrize("separate", [repet, repet_adaptive, extended])
def test_a_melody_that_never_repeats_warns_once(separate):
    (told,) = warned(separate, melody(0), SR)
    assert re.fullmatch(
        r"nothing in y repeats clearly, so \d\d % of its energy are foreground: REPET is not made for this music; "
        r"repet_sim needs no period\.",
        told,
    )


def test_most_melodies_warn():
    """Not all: of some, by chance, pieces of one length are a little alike."""
    assert sum(len(warned(repet, melody(seed), SR)) for seed in range(10)) >= 7


def test_of_what_is_background_nothing_is_said():
    """No lag of noise is better than another, but the fitted mask leaves it in the background."""
    noise = np.random.default_rng(0).standard_normal(12 * SR)
    assert warned(repet, noise, SR) == []
    assert np.std(repet(noise, SR)[1]) < 0.3 * np.std(noise)


def test_pieces_that_repeat_are_not_said_to_repeat_nothing():
    """Two loops of other periods: as a whole they hardly repeat, but each piece does."""
    n = 8 * SR
    y = np.r_[loop(PERIOD, n), loop(26_000, n, seed=9)]
    y += 4 * np.std(y) / np.std(melody(0)) * loops.voice(np.random.default_rng(0), 2 * n)
    assert warned(repet_extended, y, SR, segment=8.0) == []


@pytest.mark.parametrize("level", [-5, 5, 10])
def test_an_exact_loop_never_warns(mixture, level):
    background, above, _ = mixture
    y = background + 10 ** (level / 20) * above
    for method in (repet, repet_adaptive, repet_extended):
        assert warned(method, y, SR) == []
        assert warned(method, np.stack([y, above]), SR) == []  # nor if one channel repeats


def test_similarity_is_the_cosine():
    A = np.random.default_rng(0).random((5, 7)).astype(np.float32)
    similarity = similarity_matrix(A)
    assert similarity.dtype == np.float32
    for i in range(7):
        for j in range(7):
            cosine = A[:, i] @ A[:, j] / np.linalg.norm(A[:, i]) / np.linalg.norm(A[:, j])
            assert similarity[i, j] == pytest.approx(cosine, abs=1e-6)
    np.testing.assert_allclose(similarity_matrix(1e-30 * A), similarity, atol=1e-6)


def test_similarity_and_neighbours():
    A = np.zeros((2, 8))
    A[0, [0, 3, 6]] = 1, 2, 3
    A[1, [1, 2, 4, 5]] = 1
    similarity = similarity_matrix(A)
    np.testing.assert_allclose(np.diag(similarity), [1, 1, 1, 1, 1, 1, 1, 0])
    np.testing.assert_allclose(similarity[0], [1, 0, 0, 1, 0, 0, 1, 0])
    assert set(similar_frames(similarity, distance_frames=2, threshold=0.5)[0]) == {0, 3, 6}
    assert len(similar_frames(similarity, count=2, distance_frames=2)[0]) == 2
    one = similar_frames(np.array([[0.1, 0.9, 0.8, 0.2, 0.7, 0.3]]), distance_frames=2)[0]
    assert one.tolist() == [1, 4]
    assert similar_frames(np.array([[0.1, 0.9, 0.8, 0.2, 0.7, 0.3]]), distance_frames=4)[0].tolist() == [1]
    assert similar_frames(np.array([[0.1, 0.2]]), threshold=0.5)[0].tolist() == [1]


@pytest.mark.parametrize("masks", [repet_sim_masks, ft2d_masks])
def test_masks_of_any_magnitudes_sum_to_one(masks):
    A = np.random.default_rng(0).random((30, 50)).astype(np.float32)
    for mask in ("fitted", "soft", "binary"):
        background, foreground = masks(A, mask=mask, highpass_bins=2)
        assert background.dtype == np.float32
        np.testing.assert_array_equal(background + foreground, 1)
        np.testing.assert_array_equal(background[:2], 1)


def test_repet_sim_is_made_a_few_rows_at_a_time(monkeypatch):
    from spectrogramtools.separation import repet_sim as module

    A = np.random.default_rng(0).random((20, 70)).astype(np.float32)
    whole = repet_sim_masks(A, distance_frames=3)[0]
    monkeypatch.setattr(module, "ROWS", 16)
    np.testing.assert_allclose(repet_sim_masks(A, distance_frames=3)[0], whole, rtol=1e-5)


def test_online_looks_back_only(mixture):
    y = mixture[2][: 6 * SR]
    changed = y.copy()
    changed[4 * SR :] = 0
    whole, cut = (repet_sim_online(x, SR, buffer=3.0)[0] for x in (y, changed))
    np.testing.assert_allclose(whole[: 4 * SR - 2048], cut[: 4 * SR - 2048], atol=1e-6)


def test_online_is_the_offline_form_with_a_past_only():
    """Frame by frame: the same neighbours and the same median as repet_sim_masks on the frames up to this one."""
    from spectrogramtools.separation import repet_sim as module

    A = np.random.default_rng(4).uniform(0.1, 1, (9, 40))
    how = dict(count=3, distance_frames=2, threshold=0.0)
    model = module._online_model(A, 12, how)
    for t in (0, 5, 11, 12, 25, 39):
        past = A[:, max(0, t - 11) : t + 1]
        chosen = similar_frames(similarity_matrix(past), **how)[-1]
        np.testing.assert_allclose(model[:, t], np.median(past[:, chosen], axis=1), rtol=1e-12)


def test_online_keeps_only_its_buffer(mixture):
    """Whatever was before the buffer could have been anything."""
    y = mixture[2][: 6 * SR]
    other = y.copy()
    other[: 2 * SR] = np.random.default_rng(0).standard_normal(2 * SR)
    a, b = (repet_sim_online(x, SR, buffer=2.0)[0] for x in (y, other))
    np.testing.assert_allclose(a[int(4.3 * SR) :], b[int(4.3 * SR) :], atol=1e-6)


def test_two_repetitions_do_not_say_how_exact_they_are():
    """The mean of two is as far from the one as from the other; then the fitted mask is the paper's."""
    n = 2 * PERIOD
    background, above = loop(PERIOD, n), voice(n)
    y = background + np.std(background) / np.std(above) * above
    A = np.abs(STFT(y, 2048, 525, center=True))[:, :126]  # a period is 63 frames of 525
    np.testing.assert_array_equal(repet_masks(A, 63)[0], repet_masks(A, 63, mask="soft")[0])
    three = np.concatenate([A, A[:, :63] * 0.9], axis=1)
    assert np.abs(repet_masks(three, 63)[0] - repet_masks(three, 63, mask="soft")[0]).max() > 0.1
    two_of_three = [repet_masks(three, 63, mask=mask, nearest=2)[0] for mask in ("fitted", "soft")]
    np.testing.assert_array_equal(*two_of_three)


@pytest.mark.parametrize("method", [repet_extended, repet_adaptive, repet_sim, repet_sim_online])
def test_a_bar_moves_if_one_asks_for_it(mixture, method, capsys):
    y = mixture[2][: 11 * SR : 4]
    silent = method(y, SR / 4)
    assert capsys.readouterr() == ("", "")
    told = method(y, SR / 4, verbose=True)
    assert "0%|" in capsys.readouterr().err
    np.testing.assert_array_equal(silent, told)


def test_two_similar_frames_do_not_say_it_either():
    A = np.random.default_rng(0).random((30, 60))
    few, enough = (
        [repet_sim_masks(A, count=n, distance_frames=2, mask=m)[0] for m in ("fitted", "soft")] for n in (2, 3)
    )
    np.testing.assert_array_equal(*few)
    assert np.abs(enough[0] - enough[1]).max() > 0.1
