"""HPSS adds up, equals librosa's where it follows its conventions, and separates the clip as well as it did."""

import librosa
import numpy as np
import pytest

from spectrogramtools import STFT, apply_mask, hpss, hpss_masks, hpss_two_stage, iSTFT, si_sdr


@pytest.fixture(scope="module")
def S(y):
    return STFT(y, 2048, 512, center=True)


@pytest.mark.parametrize("mask", ["soft", "binary"])
@pytest.mark.parametrize("power", [1, 2])
def test_masks_sum_to_one(S, mask, power):
    H, P = hpss_masks(np.abs(S), mask=mask, power=power)
    np.testing.assert_array_equal(H + P, 1)


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("margin", [1, 2, 4])
def test_soft_masks_equal_librosas(S, power, margin):
    """librosa: reflected edges, widths in cells, power 2 by default, on magnitudes."""
    A = np.abs(S)
    theirs = librosa.decompose.hpss(A, kernel_size=(41, 81), power=power, margin=float(margin), mask=True)
    ours = hpss_masks(A, winh_frames=20, winv_bins=40, power=power, margin=margin)
    for mine, yours in zip(ours, theirs, strict=True):
        assert np.abs(mine * A - yours * A).max() <= 1e-6 * A.max()


def test_binary_masks_are_libfmps(S):
    """libfmp: zero edges, medians of powers, binary masks; a tie is harmonic."""
    from scipy.signal import medfilt

    power = np.abs(S[:, :200]).astype(np.float64) ** 2
    harmonic = medfilt(power, [1, 31]) >= medfilt(power, [31, 1])
    H, P = hpss_masks(power, winh_frames=15, winv_bins=15, mask="binary", edges="zero")
    np.testing.assert_array_equal(H, harmonic)
    np.testing.assert_array_equal(P, ~harmonic)


def test_masks_are_the_class_notes(S):
    """The class notes: medfilt, 2 * winh + 1 frames and 2 * winv + 1 bins, SH / (SH + SP)."""
    from scipy.signal import medfilt

    A = np.abs(S)
    SH, SP = medfilt(A, [1, 41]), medfilt(A, [81, 1])
    H, P = hpss_masks(A, edges="zero")
    known = SH + SP > 0
    np.testing.assert_allclose(H[known], (SH / np.where(known, SH + SP, 1))[known], atol=1e-6)
    np.testing.assert_allclose(P[known], (SP / np.where(known, SH + SP, 1))[known], atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mask", ["soft", "binary"])
@pytest.mark.parametrize("settings", [{}, {"win_length": 1000, "hop_length": 250}, {"winh": 0, "winv": 3, "power": 2}])
def test_the_parts_sum_to_the_mixture(y, dtype, mask, settings):
    y = y[:50_001].astype(dtype)
    harmonic, percussive = hpss(y, 22050, mask=mask, **settings)
    assert harmonic.shape == percussive.shape == y.shape
    assert harmonic.dtype == percussive.dtype == dtype
    assert np.abs(harmonic + percussive - y).max() <= 2 * np.finfo(dtype).eps


def test_the_second_part_is_what_its_own_mask_lets_through(y, S):
    """What is left of y and what the percussive mask lets through are the same to rounding."""
    _, percussive = hpss(y, 22050, power=2)
    _, P = hpss_masks(np.abs(S), winh_frames=15, winv_bins=7, power=2)
    masked = iSTFT(apply_mask(S, P), 2048, 512, center=True, length=len(y))
    assert np.abs(percussive - masked).max() < 1e-6


def test_with_a_margin_the_rest_is_the_residuals(y, S):
    harmonic, percussive = hpss(y, 22050, mask="binary", margin=2)
    H, P = hpss_masks(np.abs(S), winh_frames=15, winv_bins=7, mask="binary", margin=2)
    assert set(np.unique(H + P)) == {0, 1}
    residual = iSTFT((1 - H - P) * S, 2048, 512, center=True, length=len(y))
    assert np.abs(y - harmonic - percussive - residual).max() < 1e-6
    assert np.abs(residual).max() > 0.01


def test_scores_on_the_clip(clip):
    """Beats the mixture by far; the numbers are the lecture's."""
    violin, castanets = clip.stems.values()
    y = clip.mixture
    assert si_sdr(violin, y) == pytest.approx(2.9, abs=0.05)
    assert si_sdr(castanets, y) == pytest.approx(-2.9, abs=0.05)
    as_in_class = dict(winh=20 * 512 / 22050, winv=40 * 22050 / 2048)
    for settings, scores in (
        ({}, (12.1, 8.8)),
        ({"power": 2}, (13.4, 10.2)),
        ({"mask": "binary"}, (13.0, 10.1)),
        (as_in_class, (11.3, 9.8)),
        ({**as_in_class, "power": 2}, (12.9, 10.4)),
        ({**as_in_class, "mask": "binary"}, (13.1, 9.9)),
    ):
        harmonic, percussive = hpss(y, 22050, **settings)
        assert (si_sdr(violin, harmonic), si_sdr(castanets, percussive)) == pytest.approx(scores, abs=0.06)


def test_channels_are_separated_one_by_one(clip):
    violin, castanets = (stem[:30_000] for stem in clip.stems.values())
    stereo = np.stack([violin + castanets, castanets - 0.2 * violin])
    harmonic, percussive = hpss(stereo, 22050)
    assert harmonic.shape == percussive.shape == stereo.shape
    for channel in (0, 1):
        np.testing.assert_array_equal(hpss(stereo[channel], 22050)[0], harmonic[channel])
    np.testing.assert_array_equal(hpss(stereo[:1], 22050)[1][0], percussive[0])


def test_seconds_and_hertz_mean_the_same_at_every_rate(clip):
    """The clip at twice its rate: the windows follow, and the scores stay."""
    soxr = pytest.importorskip("soxr")
    violin, castanets = (soxr.resample(stem, clip.sr, 2 * clip.sr) for stem in clip.stems.values())
    harmonic, percussive = hpss(violin + castanets, 2 * clip.sr)
    for stem, part, score in ((violin, harmonic, 12.1), (castanets, percussive, 8.8)):
        assert si_sdr(stem, part) == pytest.approx(score, abs=0.5)


def test_silence_gives_silence():
    for part in hpss(np.zeros(9000, np.float32), 22050, power=2):
        assert part.shape == (9000,)
        assert not part.any()


def test_two_stages(clip):
    """Long windows for the tones, short ones for the clicks: they sum up, and each is better than with one window."""
    parts = hpss_two_stage(clip.mixture, clip.sr)
    assert np.abs(sum(parts) - clip.mixture).max() < 1e-6
    # 0.2 s and 500 Hz are 2 * 2 + 1 frames and 2 * 46 + 1 bins of 4096/1024, 2 * 34 + 1 and 2 * 3 + 1 of 256/64.
    tones = hpss(
        clip.mixture,
        clip.sr,
        winh=2 * 1024 / clip.sr,
        winv=46 * clip.sr / 4096,
        mask="binary",
        margin=2,
        win_length=4096,
    )[0]
    clicks = hpss(
        clip.mixture - tones,
        clip.sr,
        winh=34 * 64 / clip.sr,
        winv=3 * clip.sr / 256,
        mask="binary",
        margin=2,
        win_length=256,
    )[1]
    np.testing.assert_allclose(parts[:2], [tones, clicks], atol=1e-6)
    violin, castanets = clip.stems.values()
    one = hpss(clip.mixture, clip.sr, mask="binary", margin=2)
    assert si_sdr(violin, parts[0]) > si_sdr(violin, one[0]) + 1
    assert si_sdr(castanets, parts[1]) > si_sdr(castanets, one[1]) + 5
    stereo = hpss_two_stage(np.stack([clip.mixture, -clip.mixture]), clip.sr)
    np.testing.assert_allclose(stereo[1][1], -parts[1], atol=1e-6)


@pytest.mark.parametrize("mask", ["soft", "binary"])
def test_a_margin_for_each_part(S, mask):
    A = np.abs(S)
    H, P = hpss_masks(A, mask=mask, margin=(1, 3))
    np.testing.assert_array_equal(H, hpss_masks(A, mask=mask, margin=1)[0])
    np.testing.assert_array_equal(P, hpss_masks(A, mask=mask, margin=3)[1])
    assert P.sum() < hpss_masks(A, mask=mask, margin=1)[1].sum()
    with pytest.raises(ValueError, match="margin has 3 numbers"):
        hpss_masks(A, margin=(1, 2, 3))


def test_half_widths_reach_no_further_than_all_there_is():
    """A second to each side of half a second, and more hertz than there are: all frames, and all bins."""
    y = np.random.default_rng(0).standard_normal(11_025)
    S = STFT(y, 2048, 512, center=True)
    M, _ = hpss_masks(np.abs(S), winh_frames=22, winv_bins=1025)
    expected = iSTFT(apply_mask(S, M), 2048, 512, center=True, length=len(y))
    np.testing.assert_allclose(hpss(y, 22050, winh=1.0, winv=1e9)[0], expected, atol=1e-12)
