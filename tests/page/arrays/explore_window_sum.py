"""The explorer of window sums: every window, hops up to beyond it, both fades, both divisors, a mask; in stereo."""

from itertools import product

import numpy as np
from explored import explored
from scipy.signal import check_COLA, check_NOLA

from spectrogramtools import explore_window_sum, load_clip
from spectrogramtools.explorers.window_sum import WINDOWS

HOPS = [120, 480, 640, 904, 960, 1728, 1920, 2160]
SETTINGS = [
    dict(shape=shape, hop=hop, fades=1 + (k % 2), divided=("mean", "sum")[k // 2 % 2])
    for k, (hop, shape) in enumerate(product(HOPS, WINDOWS))
]
MASKED = [
    dict(columns="masked", divided="sum"),
    dict(columns="masked", hop=1736, divided="sum"),
    dict(columns="masked", hop=2160, shape="Hann"),
    dict(columns="masked", hop=640, fades=1, divided="sum", shape="Blackman"),
]


def cases():
    clip = load_clip("violin_castanets")
    y = clip.mixture[: 2 * clip.sr]
    yield explored(
        "violin and castanets", explore_window_sum(y, clip.sr, win_length=1920), [{}, *SETTINGS, *MASKED], told
    )
    two = np.stack([y, 0.5 * clip.stems["violin"][: len(y)]])
    settings = [{}, dict(hop=2048), dict(columns="masked", hop=1024, shape="Hann", divided="sum")]
    yield explored("stereo", explore_window_sum(two, clip.sr), settings, told)


def told(e):
    """The two curves of the chart; what scipy says of the windows; by how many dB amplitudes go up and down."""
    W, hop = e.win_length, e.hop.value
    weights = WINDOWS[e.shape.value](W) ** e.fades.value
    mean = weights.sum() / hop
    corners = [(0, 0), *((k * W // 64, weights[k * W // 64]) for k in range(64)), (W, weights[-1]), (W, 0)]
    starts = np.arange(-((W - 1) // hop) * hop, 3 * W, hop)
    x = np.concatenate([[start + n for n, _ in corners] for start in starts])
    frames = np.tile([w / mean for _, w in corners], len(starts))
    places = np.arange(0, 3 * W + 1, 4)
    total = np.array([weights[r::hop].sum() for r in range(hop)])
    curves = [[x, frames], [places, total[places % hop] / mean]]
    curves = [[part.astype(np.float32) for part in curve] for curve in curves]
    # Beyond a whole window there are gaps, of which scipy knows nothing.
    gaps = hop > W
    cola = not gaps and check_COLA(weights, W, W - hop)
    nola = not gaps and check_NOLA(np.sqrt(np.abs(weights)), W, W - hop)  # which squares by itself
    swing = 20 * np.log10(total.max() / total.min()) if nola else np.nan
    return dict(curves={"sum": curves}, cola=bool(cola), nola=bool(nola), swing=float(swing))
