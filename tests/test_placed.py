"""Frames that lie where one wants them: the sound comes back, and equal places are the usual transform."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spectrogramtools.separation import placed
from spectrogramtools.separation.placed import PlacedMixture
from spectrogramtools.separation.separate import Mixture


def sound(n, dtype=np.float64):
    return np.random.default_rng(n).standard_normal(n).astype(dtype)


@settings(deadline=None, max_examples=60)
@given(
    gaps=st.lists(st.integers(1, 40), min_size=3, max_size=60), beyond=st.integers(0, 39), win=st.sampled_from([64, 65])
)
def test_uneven_places_give_the_sound_back(gaps, beyond, win):
    places = np.concatenate([[0], np.cumsum(gaps)])
    y = sound(max(1, places[-1] - beyond))  # the last frame may lie beyond the end
    mixture = PlacedMixture(y, win, places)
    assert mixture.A.shape == (1 + win // 2, len(places))
    assert np.sum((mixture.sound(mixture.S) - y) ** 2) <= 1e-10 * np.sum(y**2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("win", "hop", "n"), [(64, 16, 1000), (64, 21, 1001), (128, 32, 100)])
def test_equal_places_are_the_usual_transform(win, hop, n, dtype):
    y = sound(n, dtype)
    usual = Mixture(y, win, hop)
    mixture = PlacedMixture(y, win, hop * np.arange(usual.S.shape[1]))
    assert mixture.S.dtype == usual.S.dtype
    assert mixture.A.dtype == dtype
    np.testing.assert_allclose(mixture.S, usual.S, atol=2e-5 if dtype == np.float32 else 1e-12)
    mask = np.random.default_rng(0).random(usual.S.shape).astype(dtype)
    for ours, theirs in zip(mixture.sounds([mask, 1 - mask]), usual.sounds([mask, 1 - mask]), strict=True):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, theirs, atol=1e-5 if dtype == np.float32 else 1e-12)


def test_frames_are_made_a_block_at_a_time(monkeypatch):
    y, places = sound(500), np.array([0, 20, 30, 60, 61, 90, 130, 160, 200])
    whole = PlacedMixture(y, 64, places)
    back = whole.sound(whole.S)
    monkeypatch.setattr(placed, "blocks", lambda n: (slice(k, min(n, k + 2)) for k in range(0, n, 2)))
    np.testing.assert_array_equal(PlacedMixture(y, 64, places).S, whole.S)
    np.testing.assert_array_equal(whole.sound(whole.S), back)


def test_what_no_window_covers_is_silent():
    """Places up to 100 of 500 samples, and a hole of two windows."""
    y = sound(500)
    mixture = PlacedMixture(y, 64, np.array([0, 16, 32, 200, 216, 232]))
    back = mixture.sound(mixture.S)
    np.testing.assert_allclose(back[:60], y[:60], atol=1e-9)
    np.testing.assert_allclose(back[175:258], y[175:258], atol=1e-9)
    assert not back[65:167].any()
    assert not back[265:].any()
