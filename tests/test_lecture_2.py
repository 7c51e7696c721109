"""What lecture 2 tells of window sums, and no cell prints."""

import numpy as np
import pytest
from scipy.signal import find_peaks

from spectrogramtools import STFT, iSTFT, load_clip
from spectrogramtools.transforms import halfsine

W = 2048


@pytest.mark.parametrize(("part", "whole"), [(0.75, True), (0.96, True), (0.975, False)])
def test_istft_mends_all_hops_up_to_97_per_cent_of_the_window(part, whole):
    y = np.random.default_rng(0).uniform(-1, 1, 20 * W)
    back = iSTFT(STFT(y, W, round(part * W)), W, round(part * W))[W:-W]
    assert np.allclose(back, y[W:][: len(back)], rtol=0, atol=1e-10) == whole
    assert np.any(back == 0) != whole


def test_of_seven_strokes_in_the_picture_four_are_lost():
    clip = load_clip("violin_castanets")
    strokes, _ = find_peaks(np.abs(clip.stems["castanets"]), height=0.05, distance=2000)
    seen = strokes[(strokes > 7.8 * clip.sr) & (strokes < 9.1 * clip.sr)]
    around = np.add.outer(seen, np.arange(-32, 32))
    gain = halfsine(W)[around % W] ** 2  # frames end to end
    level = [np.sum((clip.mixture.astype(float)[around] * factor) ** 2, axis=1) for factor in (1, gain)]
    lost = 10 * np.log10(level[1] / level[0]) < -20
    assert (len(seen), lost.sum()) == (7, 4)


def test_two_ways_to_say_how_much_a_gain_swings():
    fade = np.sin(np.pi * np.arange(1920) / 1920) ** 2
    total = np.array([fade[r::800].sum() for r in range(800)])
    gain = total / total.mean()
    assert np.std(gain) == pytest.approx(10 ** (-28.5 / 20), rel=0.03)
    assert [round(v, 3) for v in (gain.min(), gain.max())] == [0.945, 1.049]
    assert 20 * np.log10(gain.max() / gain.min()) == pytest.approx(0.9, abs=0.05)
