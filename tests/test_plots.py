"""Pictures: what stands where, in which colour, with which labels."""

import base64
import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from spectrogramtools import STFT, plot_spectrogram
from spectrogramtools.plots import _hz_to_mel, _mel_to_hz, decibels, plot_mask, show_figure

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
    ax = plot_spectrogram(
        STFT(y, 2048, HOP, center=True), SR, HOP, center=True, y_axis=y_axis, ax=plt.figure(figsize=(8, 6)).gca()
    )
    assert brightest_frequency(ax, y_axis) == pytest.approx(1500, rel=0.03)
    assert ax.get_ylabel() == "frequency (Hz)"
    assert ax.get_xlabel() == "time (s)"
    assert ax.get_xlim() == pytest.approx((0, 3), abs=0.05)
    assert ax.get_ylim()[1] == SR / 2


@pytest.mark.parametrize("y_axis", ["linear", "log"])
@pytest.mark.parametrize("center", [False, True])
def test_a_click_is_drawn_at_its_time(center, y_axis):
    y = np.zeros(2 * SR)
    y[SR] = 1
    S = STFT(y, 2048, 128, center=center)
    figure = plt.figure(figsize=(9, 6), layout="constrained")
    ax = plot_spectrogram(S, SR, 128, center=center, y_axis=y_axis, dynamic_range=6, ax=figure.gca())
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].sum(axis=2)
    box = ax.get_window_extent()
    columns = pixels[int(box.y0) + 5 : int(box.y1) - 5].mean(axis=0)
    first, last = (int(ax.transData.transform((seconds, 1000))[0]) for seconds in (0.5, 1.5))
    columns = columns[first:last]
    bright = np.flatnonzero(columns > columns.min() + 10)  # the frames in which the click is loud lie around it
    at = ax.transData.inverted().transform((first + bright.mean() + 0.5, box.y0 + 5))[0]
    assert at == pytest.approx(1.0, abs=0.01)


def test_a_low_rate_has_a_log_axis_that_runs_upwards():
    ax = plot_spectrogram(np.ones((9, 4)), 60, 16, y_axis="log", ax=plt.figure().gca())
    low, high = ax.get_ylim()
    assert 0 < low < high == 30


def test_one_reference_makes_pictures_comparable():
    A = np.random.default_rng(0).uniform(0.01, 1, (33, 20))
    loud, soft = (plot_spectrogram(x, SR, 16, ref=1.0, ax=plt.figure().gca()) for x in (A, 0.1 * A))
    for ax in (loud, soft):
        assert ax.images[0].get_clim() == (-80, 0)
    np.testing.assert_allclose(loud.images[0].get_array() - 20, soft.images[0].get_array(), atol=1e-9)


def test_decibels_have_a_floor():
    np.testing.assert_allclose(decibels(np.array([1.0, 0.1, 0.0]), 1.0, 60), [0, -20, -60])
    np.testing.assert_allclose(decibels(np.array([2.0, 0.0]), 0.5, 73), [20 * np.log10(4), -73])
    assert decibels(np.zeros(3, np.float32), 1.0, 60).dtype == np.float32


def test_silence_and_masks_can_be_drawn():
    plot_spectrogram(np.zeros((9, 4)), SR, 16)
    ax = plot_mask(np.eye(5), SR, 16, y_axis="log", title="mask", ax=plt.figure().gca())
    assert ax.get_title() == "mask"
    assert ax.collections[0].get_clim() == (0, 1)
    ax.figure.canvas.draw()


def test_says_what_is_wrong():
    A = np.ones((9, 4))
    with pytest.raises(ValueError, match="y_axis is 'bark'"):
        plot_spectrogram(A, SR, 16, y_axis="bark")
    with pytest.raises(ValueError, match="ref is 0"):
        plot_spectrogram(A, SR, 16, ref=0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        plot_mask(2 * A, SR, 16)


def test_a_figure_is_shown_with_its_description_and_closed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *data, **how: shown.append((data, how)))
    plt.figure(figsize=(2, 1))
    show_figure("A thin line that rises.")
    ((bundle,), how) = shown[0]
    assert bundle["text/plain"] == "A thin line that rises."
    picture = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert picture.text["Description"] == "A thin line that rises."
    assert how["metadata"]["image/png"] == {"alt": "A thin line that rises.", "width": 160}
    assert plt.get_fignums() == []


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_a_description_is_refused(alt):
    with pytest.raises(ValueError, match="what there is to see"):
        show_figure(alt)


def test_the_lectures_style_survives_colour_blindness_and_projection():
    with plt.style.context("spectrogramtools.lecture"):
        colours = plt.rcParams["axes.prop_cycle"].by_key()["color"]
        assert plt.rcParams["font.size"] >= 14
    # Machado, Oliveira and Fernandes 2009: how linear red, green and blue look without the red or the green cones.
    blind = {
        "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    }
    for matrix in blind.values():
        seen = [np.array(matrix) @ np.array(matplotlib.colors.to_rgb(f"#{c.lstrip('#')}")) ** 2.2 for c in colours[:4]]
        distances = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
        assert min(distances) > 0.1


def test_ticks_are_octaves_on_a_log_axis_and_two_octaves_apart_on_a_mel_axis():
    A = np.ones((513, 9))
    log, mel = (plot_spectrogram(A, 22050, 16, y_axis=y, ax=plt.figure().gca()) for y in ("log", "mel"))
    assert list(log.get_yticks()) == [64, 128, 256, 512, 1024, 2048, 4096, 8192]
    assert list(mel.get_yticks()) == [256, 1024, 4096]
    high = plot_spectrogram(A, 44100, 16, y_axis="log", ax=plt.figure().gca())
    assert list(high.get_yticks())[-2:] == [8192, 16384]
    wide = plot_spectrogram(A, 128, 16, y_axis="log", ax=plt.figure().gca())
    assert list(wide.get_yticks()) == [64], "the highest frequency has a tick as well"


def test_the_mel_scale_and_back():
    hertz = np.array([0.0, 700.0, 1000.0, 10_000.0])
    np.testing.assert_allclose(_hz_to_mel(hertz), [0, 2595 * np.log10(2), 999.99, 3073.5], atol=0.5)
    np.testing.assert_allclose(_mel_to_hz(_hz_to_mel(hertz)), hertz, atol=1e-9)
