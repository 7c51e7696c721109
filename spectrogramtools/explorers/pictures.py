"""Spectrograms side by side that can follow a slider.

Drawing axes and labels with matplotlib takes a tenth of a second, drawing the image alone a few milliseconds. So the
axes are drawn once and kept as a background, onto which the images are drawn anew.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from spectrogramtools.plots import decibels, plot_spectrogram

DYNAMIC_RANGE = 80.0


class Pictures:
    """One spectrogram a title, all on one dB scale whose top is the largest value of A, shape (n_bins, n_frames)."""

    def __init__(self, titles: Sequence[str], A: NDArray, sr: int, hop_length: int) -> None:
        self.ref = float(A.max()) or 1.0
        figure = Figure(figsize=(11.5, 3.4), dpi=80, layout="constrained")
        self.canvas = FigureCanvasAgg(figure)
        self.axes = figure.subplots(1, len(titles), sharey=True)
        for ax, title in zip(self.axes, titles, strict=True):
            last = ax is self.axes[-1]
            plot_spectrogram(
                A, sr, hop_length, ref=self.ref, dynamic_range=DYNAMIC_RANGE, title=title, colorbar=last, ax=ax
            )
            ax.label_outer()
            ax.images[0].set_animated(True)
        self.canvas.draw()
        self.background = self.canvas.copy_from_bbox(figure.bbox)

    def png(self, magnitudes: Sequence[NDArray]) -> bytes:
        """The picture of these magnitude spectrograms, one a title."""
        self.canvas.restore_region(self.background)
        for ax, A in zip(self.axes, magnitudes, strict=True):
            ax.images[0].set_data(decibels(A, self.ref, DYNAMIC_RANGE))
            ax.draw_artist(ax.images[0])
        picture = io.BytesIO()
        # The picture crosses a socket once and is thrown away: quick compression beats good compression.
        Image.fromarray(np.asarray(self.canvas.buffer_rgba())).convert("RGB").save(picture, "png", compress_level=1)
        return picture.getvalue()
