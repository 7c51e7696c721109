"""The separators and the pictures where changes of a sign or a unit would have gone unnoticed."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from spectrogramtools import (
    STFT,
    find_period,
    ft2d,
    hpss_two_stage,
    iSTFT,
    plot_spectrogram,
    repet,
    repet_adaptive,
    repet_extended,
    repet_sim,
    repet_sim_online,
    scoreboard,
)

SR, WIN, HOP = 1000, 64, 16
SHORT = dict(win_length=WIN, hop_length=HOP)


@pytest.fixture(scope="module")
def noise():
    rng = np.random.default_rng(0)
    return np.repeat(rng.random(32), 64) * rng.standard_normal(2048)


def background_by_hand(y, looks_back, count, apart, threshold, power):
    """REPET-SIM word for word: the frames most alike (by square roots), their median, no more than the mixture, a mask.

    Rows are 15.625 Hz apart, so seven of them, from 0 to 93.75 Hz, lie below the high-pass of 100 Hz.
    """
    S = STFT(y, WIN, HOP, center=True)
    A = np.abs(S)
    M = np.empty_like(A)
    for t in range(A.shape[1]):
        first = max(0, t + 1 - looks_back) if looks_back else 0
        known = A[:, first : t + 1] if looks_back else A
        units = np.sqrt(known) / np.linalg.norm(np.sqrt(known), axis=0)
        alike = units.T @ units[:, t - first]
        n = len(alike)
        peaks = [i for i in range(n) if alike[i] >= alike[max(0, i - apart + 1) : i + apart].max()]
        peaks = [i for i in peaks if alike[i] >= threshold] or [int(np.argmax(alike))]
        best = sorted(peaks, key=lambda i: -alike[i])[:count]
        model = np.minimum(np.median(known[:, best], axis=1), A[:, t])
        M[:, t] = model**power / (model**power + (A[:, t] - model) ** power)
    M[:7] = 1
    return iSTFT(M * S, WIN, HOP, center=True, length=len(y))


# Seconds, and the frames of 16 ms that they are: none, none after rounding, one, three, and ten.
@pytest.mark.parametrize(("distance", "apart"), [(0, 1), (0.007, 1), (0.017, 1), (0.05, 3), (0.16, 10)])
@pytest.mark.parametrize(("count", "threshold", "power"), [(100, 0.0, 2.0), (5, 0.5, 1.0)])
def test_repet_sim_word_for_word(noise, distance, apart, count, threshold, power):
    settings = dict(count=count, distance=distance, threshold=threshold, mask="soft", power=power, **SHORT)
    expected = background_by_hand(noise, None, count, apart, threshold, power)
    background, foreground = repet_sim(noise, SR, **settings)
    np.testing.assert_allclose(background, expected, atol=1e-9)
    np.testing.assert_allclose(background + foreground, noise, atol=1e-12)


@pytest.mark.parametrize(("buffer", "kept"), [(0.001, 1), (0.04, 2), (0.32, 20), (9.0, 562)])
@pytest.mark.parametrize(("distance", "apart"), [(0, 1), (0.05, 3)])
def test_repet_sim_online_word_for_word(noise, buffer, kept, distance, apart):
    settings = dict(buffer=buffer, count=7, distance=distance, threshold=0.4, power=1.0, **SHORT)
    expected = background_by_hand(noise, kept, 7, apart, 0.4, 1.0)
    np.testing.assert_allclose(repet_sim_online(noise, SR, **settings)[0], expected, atol=1e-9)


@pytest.mark.parametrize("separate", [ft2d, repet_sim, repet_sim_online])
def test_all_rows_below_the_high_pass_are_background(noise, separate):
    """Rows are 15.625 Hz apart: three lie below all of 31.3 … 46.9 Hz, two below 31.25 Hz."""
    parts = {hz: separate(noise, SR, highpass=hz, mask="soft", **SHORT)[0] for hz in (31.25, 31.3, 40.0, 46.875, 46.9)}
    np.testing.assert_array_equal(parts[40.0], parts[31.3])
    np.testing.assert_array_equal(parts[40.0], parts[46.875])
    assert np.abs(parts[40.0] - parts[31.25]).max() > 1e-3
    assert np.abs(parts[40.0] - parts[46.9]).max() > 1e-3


@pytest.mark.parametrize(
    "call",
    [
        lambda y, sr: ft2d(y, sr, **SHORT),
        lambda y, sr: repet_sim(y, sr, **SHORT),
        lambda y, sr: repet_sim_online(y, sr, **SHORT),
        lambda y, sr: repet(y, sr, period=200, **SHORT),
        lambda y, sr: repet_extended(y, sr, segment=2000, period=200, **SHORT),
        lambda y, sr: repet_adaptive(np.tile(y, 4), sr, **SHORT),
        lambda y, sr: find_period(np.tile(y, 4), sr, min_period=2500),
        lambda y, sr: hpss_two_stage(y, sr, long_win_length=64, short_win_length=8),
        lambda y, sr: scoreboard({}, {"a": y, "b": y[::-1]}, y, sr=sr, **SHORT),
        lambda y, sr: plot_spectrogram(np.ones((33, 9)), sr=sr, hop_length=16, ax=Figure().subplots()),
    ],
)
def test_a_rate_is_any_number_above_zero(noise, call):
    call(noise, 0.5)
    for wrong in (0, -0.5):
        with pytest.raises(ValueError, match="sr is"):
            call(noise, wrong)


def test_the_smallest_windows_of_two_stages(noise):
    harmonic, percussive, residual = hpss_two_stage(noise, SR, long_win_length=4, short_win_length=4)
    np.testing.assert_allclose(harmonic + percussive + residual, noise, atol=1e-12)
    for wrong in ("long_win_length", "short_win_length"):
        with pytest.raises(ValueError, match=f"{wrong} is 3"):
            hpss_two_stage(noise, SR, **{wrong: 3})


def test_a_high_pass_at_zero_leaves_all_to_the_others(noise):
    settings = dict(sr=SR, **SHORT)
    rows = scoreboard({}, {"a": noise[::-1], "b": noise}, noise, highpass=0, **settings).rows
    nothing, everything = [r for r in rows if r.method == "high-pass 0 Hz"]
    assert nothing.si_sdr == -np.inf
    assert everything.si_sdr > 100
    with pytest.raises(ValueError, match=r"highpass is -0\.5"):
        scoreboard({}, {"a": noise, "b": noise}, noise, highpass=-0.5, **settings)


def test_cells_reach_half_a_bin_and_half_a_frame_to_each_side():
    ax = plot_spectrogram(np.ones((33, 9)), sr=SR, hop_length=16, center=True, ax=Figure().subplots())
    bin_hz, frame = SR / 64, 16 / SR
    extent = ax.images[0].get_extent()
    np.testing.assert_allclose(extent, [-frame / 2, 8.5 * frame, -bin_hz / 2, 32.5 * bin_hz])
    assert ax.get_ylim() == (0, SR / 2)
    assert ax.get_xlim() == pytest.approx((0, 8.5 * frame))


@pytest.mark.parametrize(("y_axis", "scale"), [("linear", "linear"), ("log", "log"), ("mel", "function")])
def test_each_axis_has_its_scale(y_axis, scale):
    ax = plot_spectrogram(np.ones((513, 9)), sr=22050, hop_length=16, y_axis=y_axis, ax=Figure().subplots())
    assert ax.get_yscale() == scale
    assert ax.get_ylim() == ((50, 11025) if y_axis == "log" else (0, 11025))
    if y_axis == "mel":
        # Equal steps on the mel scale are equally high: half of 2595 log10(1 + 11025 / 700) stands in the middle.
        half = 700 * ((1 + 11025 / 700) ** 0.5 - 1)
        low, middle, high = ax.transData.transform([(0, 0), (0, half), (0, 11025)])[:, 1]
        assert middle - low == pytest.approx(high - middle)
