"""Spectrograms as small pictures: one byte a cell, at the size at which they are drawn.

The page makes its own in the same way (`page/engine/pictures.js`); these are for readers who see no widgets.

The page draws one and the same picture on a linear or on a logarithmic frequency axis. So its rows lie as close as the
finer of the two needs them: at low frequencies one row a bin, further up the steps of the logarithmic axis, at the top
those of the linear one. Where a row holds several bins the loudest counts, so that a thin partial is not lost; and so
it does where several rows fall into one line of pixels, as on the axis for which they are too fine.

Functions: `one_picture`, `row_starts`, `row_edges`, `picture`, `on_pixels`, `still_of`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from spectrogramtools.arrays import Real
from spectrogramtools.transforms import STFT

# A plot is so many steps high; the largest number of columns that a picture has.
HIGH, COLUMNS = 150, 440
# What lies further below the loudest cell, in dB, is black.
DYNAMIC_RANGE = 80.0
# Hz, where the logarithmic axis begins.
LOWEST = 50.0
# Where it has marks.
MARKS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


def one_picture(spectra: Sequence[Real]) -> Real:
    """What is drawn of all channels: the root mean square of their magnitudes, so that equal channels look like one."""
    if len(spectra) == 1:
        return spectra[0]
    level: Real = np.sqrt(np.mean(np.square(spectra), axis=0))
    return level


@lru_cache(maxsize=16)
def row_starts(n_bins: int, sr: int) -> tuple[int, ...]:
    """The first bin of each row."""
    bin_hz = sr / 2 / (n_bins - 1)
    linear_step, log_step = sr / 2 / HIGH, np.log(sr / 2 / LOWEST) / HIGH
    starts = [0]
    while starts[-1] < n_bins - 1:
        hertz = starts[-1] * bin_hz
        starts.append(starts[-1] + max(1, int(min(linear_step, log_step * hertz) / bin_hz)))
    return tuple(start for start in starts if start < n_bins)


def row_edges(n_bins: int, sr: int) -> NDArray[np.float32]:
    """Where the rows lie, in Hz: one number more than there are rows."""
    bin_hz = sr / 2 / (n_bins - 1)
    return ((np.array([*row_starts(n_bins, sr), n_bins]) - 0.5) * bin_hz).astype(np.float32)


def picture(A: Real, sr: int, ref: float, columns: int = COLUMNS) -> NDArray[np.uint8]:
    """Magnitudes, shape (n_bins, n_frames), as levels from 0 (-80 dB below ref) to 255, shape (n_columns, n_rows)."""
    cells = _loudest(A.T, row_starts(len(A), sr))
    if len(cells) > columns:
        cells = np.maximum.reduceat(cells, np.arange(columns) * len(cells) // columns, axis=0)
    cells = np.maximum(cells / ref, 10 ** (-DYNAMIC_RANGE / 20))
    levels = np.log10(cells) * (255 * 20 / DYNAMIC_RANGE) + 255
    rounded: NDArray[np.uint8] = np.round(np.clip(levels, 0, 255)).astype(np.uint8)
    return rounded


def on_pixels(levels: NDArray[np.uint8], edges: Real, hertz: Real, columns: Real) -> NDArray[np.uint8]:
    """A picture at so many pixels, shape (width, height), the loudest cell of each; without this some would be skipped.

    `hertz` and `columns`, which rise, say where the pixels begin: one number more than there are pixels.
    """
    rows = np.clip(np.searchsorted(edges, hertz, side="right") - 1, 0, levels.shape[1] - 1)
    places = np.clip(np.floor(columns).astype(int), 0, len(levels) - 1)
    lines = np.maximum.reduceat(levels[:, : rows[-1] + 1], rows[:-1], axis=1)
    drawn: NDArray[np.uint8] = np.maximum.reduceat(lines[: places[-1] + 1], places[:-1], axis=0)
    return drawn


def _loudest(frames: Real, starts: tuple[int, ...]) -> Real:
    """The loudest bin of each row; four times faster than numpy's reduceat, for neighbouring rows hold equally many."""
    sizes = np.diff([*starts, frames.shape[1]])
    cells = np.empty((len(frames), len(starts)), frames.dtype)
    row = bin_ = 0
    for size, rows in groupby(sizes):
        n = len(list(rows))
        together, end = cells[:, row : row + n], bin_ + n * size
        together[:] = frames[:, bin_:end:size]
        for k in range(1, size):
            np.maximum(together, frames[:, bin_ + k : end : size], out=together)
        row, bin_ = row + n, end
    return cells


def still_of(sounds: Mapping[str, Real], sr: int, window: tuple[int, int], y_axis: str = "linear") -> bytes:
    """The spectrograms of sounds, each (n_samples,) or (channels, n_samples), side by side on one scale, as a PNG."""
    spectra = {name: _magnitudes(y, window) for name, y in sounds.items()}
    first = next(iter(spectra.values()))
    ref = float(first.max()) or 1.0
    pictures = {name: picture(A, sr, ref) for name, A in spectra.items()}
    seconds = next(iter(sounds.values())).shape[-1] / sr
    return _drawn(pictures, row_edges(len(first), sr), seconds, y_axis == "log")


def _magnitudes(y: Real, window: tuple[int, int]) -> Real:
    return one_picture([np.abs(STFT(side.astype(np.float32), *window, center=True)) for side in np.atleast_2d(y)])


def _drawn(pictures: Mapping[str, NDArray[np.uint8]], edges: Real, seconds: float, log: bool) -> bytes:
    from matplotlib.figure import Figure
    from PIL import Image

    columns = 2 if len(pictures) == 4 else min(3, len(pictures))
    rows = -(-len(pictures) // columns)
    figure = Figure(figsize=(0.8 + 3.4 * columns, 0.4 + 2.2 * rows), dpi=72, layout="constrained")
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    low, high = (np.log2(LOWEST), np.log2(edges[-1])) if log else (0, edges[-1])
    scale = dict(cmap="magma", vmin=-DYNAMIC_RANGE, vmax=0, extent=(0, seconds, low, high))
    images = []
    for ax, name in zip(grid.flat, pictures, strict=False):
        # Which pixels there are is known when all else has been laid out.
        images.append(ax.imshow([[0]], origin="lower", aspect="auto", interpolation="nearest", **scale))
        if log:
            hertz = [mark for mark in MARKS if LOWEST <= mark <= edges[-1]]
            ax.set_yticks(np.log2(hertz), [f"{mark}" for mark in hertz])
        ax.set_title(name)
        ax.label_outer()
    shown, empty = grid.flat[: len(pictures)], grid.flat[len(pictures) :]
    for ax in empty:
        ax.remove()
    figure.colorbar(images[0], ax=shown, label="dB", fraction=0.04, pad=0.02)
    figure.supxlabel("time (s)")
    figure.supylabel("frequency (Hz)")
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for ax, image, levels in zip(shown, images, pictures.values(), strict=True):
        width, height = (int(side) for side in ax.get_window_extent().size)
        steps = np.linspace(low, high, height + 1)
        pixels = on_pixels(levels, edges, 2**steps if log else steps, np.linspace(0, len(levels), width + 1))
        image.set_data((pixels.T / 255.0 - 1) * DYNAMIC_RANGE)
    large, small = io.BytesIO(), io.BytesIO()
    figure.savefig(large, format="png")
    whole = Image.open(large).convert("RGB")
    # This method keeps the rare colours as well, such as the bright end of the scale.
    whole.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return small.getvalue()
