"""Spectrograms as pictures for the page: nothing lost, everything in its place."""

import io

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from spectrogramtools.player.pictures import (
    COLUMNS,
    DYNAMIC_RANGE,
    LOWEST,
    on_pixels,
    picture,
    row_edges,
    row_starts,
    still_of,
)


@given(st.integers(2, 4097), st.sampled_from([8000, 22050, 48000]))
def test_rows_cover_all_bins_and_are_fine_enough_for_both_axes(n_bins, sr):
    starts, edges = row_starts(n_bins, sr), row_edges(n_bins, sr)
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    assert starts[-1] < n_bins
    assert len(edges) == len(starts) + 1
    bin_hz = sr / 2 / (n_bins - 1)
    assert edges[-1] == pytest.approx(sr / 2 + bin_hz / 2, rel=1e-6)
    # A row is one bin, or no higher than a step of either axis, of which a plot has 150.
    heights, lower = np.diff(edges), np.maximum(edges[:-1], 0)
    several = heights > 1.5 * bin_hz
    assert (heights[several] <= 1.001 * sr / 2 / 150).all()
    log_step = lower * np.log(sr / 2 / LOWEST) / 150
    assert (heights[several] <= log_step[several] + 1.001 * bin_hz).all()


@given(st.integers(0, 1024), st.integers(0, 999), st.integers(1, 1000))
def test_a_lone_cell_is_seen_where_it_is(row, column, n_frames):
    column %= n_frames
    A = np.zeros((1025, n_frames), np.float32)
    A[row, column] = 1
    levels = picture(A, 22050, 1.0)
    assert levels.shape[0] == min(n_frames, COLUMNS)
    where = np.argwhere(levels)
    assert len(where) == 1
    (x, y) = where[0]
    edges = row_edges(1025, 22050)
    assert edges[y] < row * 22050 / 2048 < edges[y + 1]
    assert abs((x + 0.5) / levels.shape[0] - (column + 0.5) / n_frames) <= 1 / levels.shape[0]


def test_levels_are_decibels():
    dB = np.array([0.0, -20, -40, -79, -81, -200])
    A = np.tile(10 ** (dB / 20), (3, 1))
    expected = np.round(np.clip(255 + dB * 255 / DYNAMIC_RANGE, 0, 255))
    assert (picture(A, 22050, 1.0)[:, 0] == expected).all()
    assert (picture(10 * A, 22050, 10.0)[:, 0] == expected).all()


@pytest.mark.parametrize(("y_axis", "share"), [("linear", 1000 / 11025), ("log", np.log(20) / np.log(11025 / 50))])
def test_a_tone_lies_in_the_still_where_the_axis_says(y_axis, share):
    tone = np.sin(2 * np.pi * 1000 * np.arange(22050) / 22050)
    png = still_of({"tone": tone}, 22050, (2048, 512), y_axis)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"), float)
    # A column through the plot, beside its title: white above and below, and inside all is darker than the tone.
    column = pixels[:, round(0.3 * pixels.shape[1])]
    top = np.argmax(column < 60)
    height = np.argmax(column[top:] > 250)
    assert 1 - np.argmax(column[top : top + height - 2]) / height == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("y_axis", ["linear", "log"])
@pytest.mark.parametrize("height", [30, 58, 122, 175, 400])
def test_no_line_is_too_thin_for_the_pixels(y_axis, height):
    edges = row_edges(1025, 22050)
    hertz = (np.geomspace if y_axis == "log" else np.linspace)(LOWEST, edges[-1], height + 1)
    columns = np.linspace(0, 100, 71)
    for row in range(np.argmax(edges > LOWEST), len(edges) - 1):
        levels = np.zeros((100, len(edges) - 1), np.uint8)
        levels[31, row] = 200
        drawn = on_pixels(levels, edges, hertz, columns)
        assert drawn.shape == (70, height)
        assert drawn.max() == 200
        x, y = np.nonzero(drawn)
        assert ((columns[x] < 32) & (columns[x + 1] > 31)).all()
        assert ((hertz[y] < edges[row + 1]) & (hertz[y + 1] > edges[row])).all()


@pytest.mark.parametrize("y_axis", ["linear", "log"])
@pytest.mark.parametrize("n_sounds", [1, 2, 4])
def test_a_soft_tone_has_its_level_in_the_still(y_axis, n_sounds):
    def tone(bin_):
        return np.sin(2 * np.pi * bin_ * np.arange(22050) / 2048)

    soft = (40, 65, 93, 118, 140, 180, 464)
    sound = tone(300) + 0.01 * sum(tone(bin_) for bin_ in soft)  # each 40 dB below
    png = still_of({str(k): sound for k in range(n_sounds)}, 22050, (2048, 512), y_axis)
    levels = levels_in(png, 0.3 if n_sounds == 1 else 0.2)
    for bin_ in soft:
        share = np.log(bin_ * 22050 / 2048 / LOWEST) / np.log(11025 / LOWEST) if y_axis == "log" else bin_ / 1024
        place = round((1 - share) * len(levels))
        assert levels[place - 2 : place + 3].max() == pytest.approx(-40, abs=1.5), bin_


def levels_in(png, share):
    """The decibels in a column through the topmost plot of a still, read from their colours."""
    colours = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), float)
    column = colours[:, round(share * colours.shape[1])]
    grey = column.mean(axis=1)
    top = np.argmax(grey < 60)
    inside = column[top : top + np.argmax(grey[top:] > 250)]
    magma = 255 * matplotlib.colormaps["magma"](np.arange(256))[:, :3]
    return np.abs(inside[:, None] - magma).sum(axis=2).argmin(axis=1) * DYNAMIC_RANGE / 255 - DYNAMIC_RANGE
