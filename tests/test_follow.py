"""A period that moves is followed; the best path by trying all of them; frames lie where the pattern comes again."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repeating import SR, loop, moving, voice

from spectrogramtools import follow_period
from spectrogramtools.separation.follow import _best_path, places_of_frames

PERIOD = 33_075


def mixed(background, level=0):
    above = voice(len(background))
    gain = 10 ** (level / 20) * np.std(background) / np.std(above)
    return (background + gain * above).astype(np.float32)


@pytest.mark.parametrize("ramp", [0.04, -0.03])
@pytest.mark.parametrize("period", [1.5, None])
def test_a_tempo_that_moves_is_followed(ramp, period):
    """Under a voice as loud: each period within 1 % of the known one, and mostly far nearer."""
    n = 12 * SR
    background, at = moving(PERIOD, n, ramp)
    times, periods = follow_period(mixed(background), SR, period=period)
    place = np.linspace(0, 13, 10_000)
    known = (at(np.interp(times * SR, at(place), place) + 1) - times * SR) / SR
    inside = times + known < n / SR
    wrong = np.abs(periods / known - 1)[inside]
    assert wrong.max() < 0.01
    assert np.median(wrong) < 0.003
    np.testing.assert_allclose(np.diff(times), 4 * 128 / SR)
    assert times[0] == 0
    assert n / SR - PERIOD / SR - 0.2 < times[-1] < n / SR - PERIOD / SR + 0.2


@pytest.mark.parametrize("channels", [1, 2])
def test_steady_music_has_a_steady_period(channels):
    y = mixed(loop(PERIOD, 10 * SR))
    stereo = np.stack([y, 0.3 * y])[:channels]
    times, periods = follow_period(stereo, SR)
    assert times.shape == periods.shape
    np.testing.assert_allclose(periods, 1.5, rtol=0.002)
    # The lag lies between two looks, 258.4 of them; without the parabola it would be 258, which is 0.15 % less.
    assert np.mean(periods) == pytest.approx(1.5, rel=0.0007)


def test_both_channels_are_followed():
    """One channel alone is a hiss that says nothing."""
    background, at = moving(PERIOD, 10 * SR, 0.04)
    hiss = 0.1 * np.std(background) * np.random.default_rng(0).standard_normal(len(background))
    _, periods = follow_period(np.stack([hiss, background]), SR, period=1.5)
    assert periods[0] == pytest.approx(at(1.0) / SR, rel=0.01)
    assert periods[-1] < 0.97 * periods[0]


@settings(deadline=None, max_examples=60)
@given(
    rows=st.integers(1, 4), columns=st.integers(1, 6), seed=st.integers(0, 999), cost=st.sampled_from([0.0, 0.2, 1, 9])
)
def test_the_best_path_by_trying_all(rows, columns, seed, cost):
    likeness = np.random.default_rng(seed).standard_normal((rows, columns))

    def worth(path):
        steps = np.abs(np.diff(path))
        return -np.inf if (steps > 1).any() else likeness[path, np.arange(columns)].sum() - cost * steps.sum()

    path = _best_path(likeness, cost)
    best = max(worth(np.array(p)) for p in itertools.product(range(rows), repeat=columns))
    assert worth(path) == pytest.approx(best, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(
    first=st.floats(0.3, 1.2),
    last=st.floats(0.3, 1.2),
    seconds=st.floats(2.5, 9),
    hop=st.integers(20, 200),
)
def test_places_ascend_cover_the_end_and_come_again(first, last, seconds, hop):
    sr, n = 1000, int(seconds * 1000)
    times = np.linspace(0, seconds - last, 50)
    periods = np.linspace(first, last, 50)
    places, frames = places_of_frames(times, periods, n, sr, hop)
    assert places[0] == 0
    assert (np.diff(places) > 0).all()
    assert places[-2] < n <= places[-1]
    assert frames == max(1, round(np.median(periods) * sr / hop))
    again = places[:-frames] + sr * np.interp(places[:-frames] / sr, times, periods)
    assert np.abs(places[frames:] - again).max() <= 1.5  # two roundings to samples
