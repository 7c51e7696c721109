"""The one driver: from any masks to sounds that add up."""

import numpy as np
import pytest

from spectrogramtools import STFT, apply_mask, iSTFT, separate

SR = 22050


def thirds(A):
    return [np.full_like(A, 0.5), np.full_like(A, 0.25), np.full_like(A, 0.25)]


def test_three_masks_give_three_sounds_that_add_up(y):
    y = y[:30_000]
    parts = separate(y, SR, thirds)
    assert len(parts) == 3
    assert np.abs(sum(parts) - y).max() < 1e-6
    np.testing.assert_allclose(parts[1], 0.25 * y, atol=1e-6)
    # The last one is what the others leave, to the bit; masks that leave something have no such last one.
    np.testing.assert_array_equal(parts[2], y - (parts[0] + parts[1]))
    halves = separate(y, SR, lambda A: [np.full_like(A, 0.5), np.full_like(A, 0.25)])
    assert np.abs(halves[1] - (y - halves[0])).max() > 0.1
    almost = separate(y, SR, lambda A: [np.full_like(A, 0.5), np.full_like(A, 0.499)])
    assert np.abs(almost[1] - (y - almost[0])).max() > 1e-4


def test_each_sound_is_what_its_mask_lets_through(y):
    """By hand: transform, mask, back; with masks that leave something, nothing is made up."""
    y = y[:30_000]
    random = np.random.default_rng(0)
    S = STFT(y, 2048, 512, center=True)
    M, N = random.uniform(0, 0.4, (2, *S.shape)).astype(np.float32)
    for part, mask in zip(separate(y, SR, lambda A: [M, N]), (M, N), strict=True):
        expected = iSTFT(apply_mask(S, mask), 2048, 512, center=True, length=len(y))
        np.testing.assert_allclose(part, expected, atol=1e-6)


def test_each_channel_has_masks_of_its_own(y):
    stereo = np.stack([y[:20_000], y[20_000:40_000]])
    seen = []

    def masks(A):
        seen.append(A)
        return [A >= np.median(A)]

    (loud,) = separate(stereo, SR, masks)
    assert loud.shape == stereo.shape
    for channel, A, part in zip(stereo, list(seen), loud, strict=True):
        np.testing.assert_array_equal(A, np.abs(STFT(channel, 2048, 512, center=True)))
        np.testing.assert_array_equal(part, separate(channel, SR, masks)[0])


@pytest.mark.parametrize(("sr", "window"), [(8000, 1024), (11025, 1024), (22050, 2048), (44100, 4096), (48000, 4096)])
def test_the_window_lasts_as_long_at_every_rate(sr, window):
    sizes = []
    separate(np.zeros(sr), sr, lambda A: sizes.append(A.shape) or [A])
    assert sizes == [(1 + window // 2, 1 + sr // (window // 4))]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_stays(dtype):
    y = np.random.default_rng(0).uniform(-1, 1, 9000).astype(dtype)
    parts = separate(y, SR, thirds, win_length=1000, hop_length=250)
    assert all(part.dtype == dtype for part in parts)
