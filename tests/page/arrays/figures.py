"""Figures that say what they show, and one that does not."""

import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from spectrogramtools.plots import _as_png

SAID = ["A line.", "Länger – ‘√2’ 🎻\nin two lines; " + "and on, " * 400]


def cases():
    for said in SAID:
        figure = plt.figure(figsize=(2, 1))
        figure.add_subplot().plot([1, 2])
        yield dict(png=np.frombuffer(_as_png(figure, said), np.uint8), said=said)
    silent = io.BytesIO()
    Image.new("P", (3, 3)).save(silent, "png")
    yield dict(png=np.frombuffer(silent.getvalue(), np.uint8), said="")
