"""The explorer of songs: few and all of them, both ways to compare, both middles; whole numbers; as few as it takes."""

import numpy as np
from explored import explored

from spectrogramtools import explore_songs
from spectrogramtools.explorers.songs import counts

SETTINGS = [
    {},
    dict(songs=2),
    dict(songs=5, draw=7),
    dict(songs=25, draw=100),
    dict(songs=40),
    dict(middle="mean", songs=12),
    dict(first="b", second="c", songs=7),
    dict(first="b", second="b"),
]


def cases():
    rng = np.random.default_rng(0)
    song = 4 * rng.normal(size=40)
    scores = {"a": song + rng.normal(1, 1, 40), "b": song + rng.normal(0, 1, 40), "c": 0.5 * song}
    settings = [{**setting, "compared": compared} for setting in SETTINGS for compared in ("paired", "unpaired")]
    yield explored("forty songs", explore_songs(scores), settings, numbers)
    rounded = {'of "A"': scores["a"][:13], "é": np.round(scores["b"][:13]).astype(int)}
    yield explored("rounded", explore_songs(rounded), [{}, dict(songs=13), dict(songs=9, compared="unpaired")], numbers)
    yield explored("five", explore_songs({"x": song[:5], "y": song[5:10]}), [{}, dict(songs=4)], numbers)


def numbers(e):
    """What is told, and the interval's width so far, of the same songs and of other ones."""
    upto = [n for n in counts(e.n_songs) if n < e.songs.value] + [e.songs.value]
    widths = [
        np.array([np.subtract(*e.study(songs=n, paired=paired).interval()[::-1]) for n in upto])
        for paired in (True, False)
    ]
    return dict(found=e.found, upto=np.array(upto), widths=widths)
