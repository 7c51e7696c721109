"""A chart for the explorers: curves or a small spectrogram over one axis, with a marker that can be dragged.

Imported only when an explorer is wanted, because anywidget takes its time to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from spectrogramtools.arrays import Real
from spectrogramtools.player.pictures import picture, row_edges
from spectrogramtools.player.widget import BUILT

# Columns of a small spectrogram.
SMALL = 160


class Chart(anywidget.AnyWidget):
    """Panels below one another; `marker` is where the line stands, also after somebody has dragged it."""

    _esm = BUILT / "chart.js"
    _css = (
        ".st-chart { width: 100%; max-width: 960px; margin-top: 8px; color: var(--jp-ui-font-color1, #222); "
        "font: 12px var(--jp-ui-font-family, system-ui, sans-serif); } "
        ".st-chart canvas { display: block; width: 100%; height: 200px; } "
        ".st-chart canvas:focus-visible { outline: 3px solid #d55e00; }"
    )

    panels: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    x_label = traitlets.Unicode().tag(sync=True)
    x_range = traitlets.List([0.0, 1.0]).tag(sync=True)
    marker = traitlets.Float(None, allow_none=True).tag(sync=True)
    marker_range = traitlets.List([0.0, 1.0]).tag(sync=True)
    marker_step = traitlets.Float(0.0).tag(sync=True)  # of the arrow keys; 0: the marker can't be moved
    description = traitlets.Unicode().tag(sync=True)  # said by a screen reader

    def __repr__(self) -> str:
        return f"chart: {self.description}: run the cell"


def curve(name: str, x: ArrayLike, y: ArrayLike, dots: bool = False) -> dict[str, Any]:
    """One curve of a panel."""
    return {"name": name, "x": _bytes(x), "y": _bytes(y), "dots": dots}


def panel(title: str, y_label: str, y_range: Sequence[float], curves: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A panel of curves."""
    return {"title": title, "y_label": y_label, "y_range": [float(y) for y in y_range], "curves": list(curves)}


def spectrogram_panel(title: str, A: Real, sr: int, ref: float, seconds: float) -> dict[str, Any]:
    """A panel with a spectrogram that lasts so many seconds."""
    levels, edges = picture(A, sr, ref, SMALL), row_edges(len(A), sr)
    cells = {"levels": levels.tobytes(), "edges": _bytes(edges), "column_seconds": seconds / len(levels)}
    return {**panel(title, "frequency (Hz)", (0, float(edges[-1])), []), **cells}


def _bytes(values: ArrayLike) -> bytes:
    return np.asarray(values, "<f4").tobytes()
