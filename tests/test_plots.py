"""Pictures: what stands where, in which colour, with which labels."""

import matplotlib
import numpy as np
import pytest

from spectrogramtools import STFT, plot_spectrogram
from spectrogramtools.plots import decibels, plot_mask

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SR, HOP = 22050, 512


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def brightest_frequency(ax, y_axis):
    """Draw the axes and read the brightest row of pixels back in hertz."""
    figure = ax.figure
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].sum(axis=2)
    box = ax.get_window_extent()
    rows = pixels[int(box.y0) + 2 : int(box.y1) - 2, int(box.x0) + 20 : int(box.x1) - 20].mean(axis=1)
    at = int(box.y0) + 2 + rows.argmax() + 0.5
    return ax.transData.inverted().transform((box.x0 + 50, at))[1]


@pytest.mark.parametrize("y_axis", ["linear", "log", "mel"])
def test_a_tone_is_drawn_at_its_frequency(y_axis):
    y = np.sin(2 * np.pi * 1500 * np.arange(3 * SR) / SR)
    ax = plot_spectrogram(STFT(y, 2048, HOP, center=True), SR, HOP, y_axis, ax=plt.figure(figsize=(8, 6)).gca())
    assert brightest_frequency(ax, y_axis) == pytest.approx(1500, rel=0.03)
    assert ax.get_ylabel() == "frequency (Hz)"
    assert ax.get_xlabel() == "time (s)"
    assert ax.get_xlim() == pytest.approx((0, 3), abs=0.05)
    assert ax.get_ylim()[1] == SR / 2


def test_one_reference_makes_pictures_comparable():
    A = np.random.default_rng(0).uniform(0.01, 1, (33, 20))
    loud, soft = (plot_spectrogram(x, SR, 16, ref=1.0, ax=plt.figure().gca()) for x in (A, 0.1 * A))
    for ax in (loud, soft):
        assert ax.images[0].get_clim() == (-80, 0)
    np.testing.assert_allclose(loud.images[0].get_array() - 20, soft.images[0].get_array(), atol=1e-9)


def test_decibels_have_a_floor():
    np.testing.assert_allclose(decibels(np.array([1.0, 0.1, 0.0]), 1.0, 60), [0, -20, -60])
    assert decibels(np.zeros(3, np.float32), 1.0, 60).dtype == np.float32


def test_silence_and_masks_can_be_drawn():
    plot_spectrogram(np.zeros((9, 4)), SR, 16)
    ax = plot_mask(np.eye(5), SR, 16, "log", title="mask", ax=plt.figure().gca())
    assert ax.get_title() == "mask"
    assert ax.collections[0].get_clim() == (0, 1)
    ax.figure.canvas.draw()


def test_says_what_is_wrong():
    A = np.ones((9, 4))
    with pytest.raises(ValueError, match="y_axis is 'bark'"):
        plot_spectrogram(A, SR, 16, "bark")
    with pytest.raises(ValueError, match="ref is 0"):
        plot_spectrogram(A, SR, 16, ref=0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        plot_mask(2 * A, SR, 16)
