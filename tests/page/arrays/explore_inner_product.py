"""The explorer of the inner product: frequencies that fit and that do not, frames that begin later, a wide range."""

import numpy as np
from explored import explored

from spectrogramtools import explore_inner_product, halfsine, load_clip

SETTINGS = [
    {},
    dict(frequency=436.4),
    dict(frequency=437.2, later=51),
    dict(frequency=330, later=512),
    dict(frequency=1000.0),
    dict(frequency=200.0, later=1),
]


def cases():
    clip = load_clip("violin_castanets")
    violin = clip.stems["violin"]
    yield explored("violin", explore_inner_product(violin, clip.sr, time=0.5, frequency=400), SETTINGS, drawn())
    wide = explore_inner_product(clip.mixture, clip.sr, lowest=0, highest=clip.sr / 2, win_length=1001)
    yield explored("wide", wide, [{}, dict(frequency=5000.2), dict(frequency=11000.0, later=250)], drawn())
    short = explore_inner_product(clip.mixture[:3000], clip.sr, frequency=300)
    yield explored("short", short, [{}, dict(later=512)], drawn())


def drawn():
    """The lengths of the arrows at the lowest and the highest frequency so far and between, and the arrow of now."""
    seen = []

    def answer(e):
        seen.append(e.frequency.value)
        start = e.start + e.later.value
        frame = e.y[start : start + e.win_length] * halfsine(e.win_length)
        low, high = e.frequency.min, e.frequency.max
        count = int(np.ceil(8 * (high - low) * e.win_length / e.sr))
        grid = low + (high - low) * np.arange(count + 1) / count
        within = grid[(grid > min(seen)) & (grid < max(seen))]
        places = np.array([min(seen), *within, max(seen)])
        now = np.array([e.frequency.value])
        lengths, (length,) = np.abs(totals(frame, places, e.sr)), np.abs(totals(frame, now, e.sr))
        (total,) = totals(frame, now, e.sr)
        arrow = [np.array([0, total.real]), np.array([0, total.imag])]
        return dict(curves={"spectrum": [[places, lengths], [now, np.array([length])]], "arrow": [arrow]})

    def totals(frame, hertz, sr):
        n = np.arange(len(frame))
        return np.array([np.sum(frame * np.exp(-2j * np.pi * f * n / sr)) for f in hertz])

    def as_drawn(e):
        curves = answer(e)["curves"]
        return dict(curves={name: [[np.float32(x) for x in c] for c in cs] for name, cs in curves.items()})

    return as_drawn
