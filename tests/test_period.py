"""The beat spectrum by its formula; the period to a fraction of a sample, where others would miss it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repeating import SR, loop, voice

from spectrogramtools import STFT, beat_spectrum, find_period


@settings(deadline=None, max_examples=50)
@given(n_bins=st.integers(1, 5), n=st.integers(1, 40), dtype=st.sampled_from([np.float32, np.float64]))
def test_beat_spectrum_by_its_formula(n_bins, n, dtype):
    A = (np.random.default_rng(n).random((n_bins, n)) + 0.1).astype(dtype)
    X = A.astype(np.float64) ** 2
    plain = np.array([np.mean(np.sum(X[:, : n - lag] * X[:, lag:], axis=0)) for lag in range(n)])
    b = beat_spectrum(A)
    assert b.dtype == dtype
    assert b[0] == 1
    np.testing.assert_allclose(b, plain / plain[0], rtol=1e-4)


def test_beat_spectrum_of_silence_and_of_a_loop():
    assert not beat_spectrum(np.zeros((3, 9))).any()
    A = np.tile(np.random.default_rng(0).random((4, 10)), 8)
    b = beat_spectrum(1e-30 * A)
    np.testing.assert_allclose(b[10::10], 1, rtol=1e-6)
    assert (np.delete(b, np.arange(0, 80, 10)) < 0.999).all()


@pytest.mark.parametrize("period", [20_011, 33_333, 48_000, 70_001])
@pytest.mark.parametrize("level", [-5, 0, 5])
def test_period_to_the_sample_under_a_voice(period, level):
    n = 7 * period + 1000
    background, above = loop(period, n), voice(n)
    y = background + 10 ** (level / 20) * np.std(background) / np.std(above) * above
    assert find_period(y.astype(np.float32), SR) * SR == pytest.approx(period, abs=0.5)


def test_period_to_a_fraction_of_a_sample():
    """Decaying tones that start at multiples of a period of 30 000.4 samples."""
    period, n = 30_000.4, 300_000
    y = np.zeros(n)
    t = np.arange(n)
    for delay, frequency in ((0, 311.3), (0.23, 702.7), (0.61, 1203.9)):
        for k in range(11):
            since = (t - (k + delay) * period) / SR
            y += np.where(since > 0, np.sin(2 * np.pi * frequency * since) * np.exp(-since / 0.05), 0)
    assert find_period(y, SR) * SR == pytest.approx(period, abs=0.15)


@pytest.mark.parametrize(
    "steady",
    [
        lambda t: 0.5 + 0 * t,
        lambda t: np.sin(2 * np.pi * 50 * t),
        lambda t: sum(np.sin(2 * np.pi * f * t) for f in (110, 139, 165)),
    ],
    ids=["offset", "hum", "chord"],
)
def test_what_is_steady_does_not_drown_the_loop(steady):
    """An offset, a hum or a held chord is like itself at any lag, and here three times as loud as the loop."""
    n = 300_000
    background = loop(41_001, n)
    drone = steady(np.arange(n) / SR)
    y = background + voice(n) * 0.1 + 3 * np.std(background) / np.sqrt(np.mean(drone**2)) * drone
    assert find_period(y.astype(np.float32), SR) * SR == pytest.approx(41_001, abs=0.5)


def test_the_shortest_true_period_wins():
    """The second half is a copy of the first but for its level and one burst: then the whole is the period."""
    half = loop(30_000, 30_000)
    other = half.copy()
    other[15_000:16_000] += loop(1000, 1000, seed=5)
    n = 240_000
    assert find_period(np.tile(half, 8)[:n], SR) * SR == pytest.approx(30_000, abs=0.5)
    assert find_period(np.tile(np.r_[half, 2 * other], 4)[:n], SR) * SR == pytest.approx(60_000, abs=0.5)


def test_three_repetitions_and_a_fade():
    y = loop(50_000, 156_000)
    assert find_period(y, SR) * SR == pytest.approx(50_000, abs=0.5)
    faded = loop(50_000, 400_000) * 10 ** (np.linspace(0, -20, 400_000) / 20)
    assert find_period(faded, SR) * SR == pytest.approx(50_000, abs=0.5)


def test_channels_decide_together():
    """Loop and turned loop would cancel if the channels were mixed down."""
    n = 300_000
    background = loop(41_000, n)
    stereo = np.stack([background + 0.1 * voice(n), -background])
    assert find_period(stereo, SR) * SR == pytest.approx(41_000, abs=0.5)


def test_where_no_two_bars_are_the_same_sample_by_sample():
    """New noise in each repetition, only its envelope repeats: the spectrogram's answer, within a frame."""
    rng = np.random.default_rng(0)
    period, n = 44_100, 44_100 * 7
    envelope = np.tile(np.abs(loop(period, period)), 7)
    envelope = np.convolve(envelope, np.ones(400) / 400, "same")
    found = find_period(envelope * rng.standard_normal(n), SR) * SR
    assert found == pytest.approx(period, abs=512)


def test_range_is_kept():
    y = loop(22_050, 12 * 22_050)
    assert find_period(y, SR, min_period=1.5) == pytest.approx(2.0, abs=1e-4)
    assert find_period(y, SR, min_period=2.5, max_period=3.5) == pytest.approx(3.0, abs=1e-4)


def test_the_clip_has_the_length_of_its_bar(y):
    """Castanets in a pattern of two bars of 16 sixteenths, 3072 samples each, played twice: too few to ask for more."""
    assert STFT(y, 2048, 512).shape[1] > 0
    period = find_period(y, SR) * SR / 3072
    assert period == pytest.approx(round(period), abs=0.2)
