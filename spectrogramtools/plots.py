"""Pictures of spectrograms and masks, with labelled axes and, where pictures are compared, one scale.

Functions: `plot_spectrogram`, `plot_mask`; `show_figure` shows a figure together with its description. The lectures'
style is a file beside this one: `matplotlib.pyplot.style.use("spectrogramtools.lecture")`.

Conventions: time runs to the right in seconds, frequency upwards in hertz; magnitudes are drawn in dB below `ref`,
masks from 0 to 1. The colours (magma, cividis) grow steadily in lightness: they survive colour blindness.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

# Below 50 Hz a logarithmic axis would spend a third of its height on three bins.
LOWEST_LOG_FREQUENCY = 50.0
# On the screen an inch of a figure is so wide, however finely it is drawn.
PIXELS_PER_INCH = 80
HERTZ_TICKS = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)


def decibels(A: Real, ref: float, dynamic_range: float) -> Real:
    """20 log10(A / ref), not lower than -dynamic_range."""
    floor = 10 ** (-dynamic_range / 20)
    levels: Real = 20 * np.log10(np.maximum(A / ref, floor))
    return levels


def plot_spectrogram(
    S: ArrayLike,
    sr: float,
    hop_length: int,
    *,
    center: bool = False,
    y_axis: str = "linear",
    ref: float | None = None,
    dynamic_range: float = 80.0,
    title: str = "",
    colorbar: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a spectrogram in dB.

    Parameters
    ----------
    S : array_like of complex or float, shape (1 + win_length // 2, n_frames)
        A spectrogram or its magnitudes.
    sr : float
        Hz.
    hop_length : int
        Samples from frame to frame.
    center : bool, optional
        As it was given to `STFT`, which decides when a frame is: half a window later if False.
    y_axis : {"linear", "log", "mel"}, optional
        The frequency axis; "log" begins at 50 Hz, "mel" is the scale, not mel bands.
    ref : float, optional
        The magnitude drawn as 0 dB; None takes the largest of S. Give pictures that are compared the same one.
    dynamic_range : float, optional
        dB; what is further below ref is drawn as black.
    title : str, optional
        Of the picture.
    colorbar : bool, optional
        Draw the scale beside it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None takes the current axes.

    Returns
    -------
    ax : matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    ValueError
        If S is not a finite matrix, or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from spectrogramtools import STFT, plot_spectrogram
    >>> S = STFT(np.sin(np.arange(8000) / 5), 512, 128)
    >>> ax = plot_spectrogram(S, 8000, 128, ax=Figure().subplots())
    >>> ax.get_ylabel(), [float(f) for f in ax.get_ylim()]
    ('frequency (Hz)', [0.0, 4000.0])
    """
    S, colorbar = checks.complex_spectrogram(S), checks.flag(colorbar, "colorbar")
    if ref is None:
        ref = float(np.abs(S).max()) or 1.0
    ref = checks.number(ref, "ref", 1e-30, 1e30)
    dynamic_range = checks.number(dynamic_range, "dynamic_range", 0, above=True)
    image = decibels(np.abs(S), ref, dynamic_range)
    scale = dict(cmap="magma", vmin=-dynamic_range, vmax=0)
    return _draw(image, sr, hop_length, center, y_axis, scale, title, "dB" if colorbar else None, ax)


def plot_mask(
    M: ArrayLike,
    sr: float,
    hop_length: int,
    *,
    center: bool = False,
    y_axis: str = "linear",
    title: str = "",
    colorbar: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a mask, dark where it is 0 and bright where it is 1.

    Parameters
    ----------
    M : array_like of float, shape (1 + win_length // 2, n_frames)
        A mask, in [0, 1].
    sr : float
        As for `plot_spectrogram`.
    hop_length : int
        As for `plot_spectrogram`.
    center : bool, optional
        As for `plot_spectrogram`.
    y_axis : {"linear", "log", "mel"}, optional
        As for `plot_spectrogram`.
    title : str, optional
        As for `plot_spectrogram`.
    colorbar : bool, optional
        As for `plot_spectrogram`.
    ax : matplotlib.axes.Axes, optional
        As for `plot_spectrogram`.

    Returns
    -------
    ax : matplotlib.axes.Axes
        Where it was drawn.

    Raises
    ------
    ValueError
        If M leaves [0, 1], or an argument is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from spectrogramtools.plots import plot_mask
    >>> ax = plot_mask(np.eye(257), 8000, 128, title="diagonal", ax=Figure().subplots())
    >>> ax.get_title()
    'diagonal'
    """
    scale, colorbar = dict(cmap="cividis", vmin=0, vmax=1), checks.flag(colorbar, "colorbar")
    return _draw(
        checks.mask(M),
        sr,
        hop_length,
        center,
        y_axis,
        scale,
        title,
        "mask" if colorbar else None,
        ax,
    )


def show_figure(alt: str) -> None:
    """Show the current figure in the notebook, with a description for those who can't see it, and close it.

    The description stands where an exported page looks for it (metadata `alt`), in the picture's file itself
    (`Description`), and is the text of the output where no picture can be shown. The picture has 128 colours.

    Parameters
    ----------
    alt : str
        What there is to see, in a sentence or two.

    Raises
    ------
    ValueError
        If alt is empty or no text.
    """
    needs("show_figure", "matplotlib", "IPython")
    import matplotlib.pyplot as plt
    from IPython.display import display

    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt is {alt!r}, but it must say in a sentence what there is to see.")
    figure = plt.gcf()
    picture = base64.b64encode(_as_png(figure, alt)).decode()
    how = {"alt": alt, "width": round(PIXELS_PER_INCH * figure.get_figwidth())}
    plt.close()
    display({"image/png": picture, "text/plain": alt}, metadata={"image/png": how}, raw=True)


def _as_png(figure: Figure, alt: str) -> bytes:
    """A figure in 128 colours, a fifth of the size, that says itself what there is to see."""
    from PIL import Image, PngImagePlugin

    pixels = io.BytesIO()
    figure.savefig(pixels, format="png", pil_kwargs={"compress_level": 1})
    picture = Image.open(pixels).convert("RGB")
    # This method keeps the rare colours as well, such as the bright end of the scale.
    picture = picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    said = PngImagePlugin.PngInfo()
    said.add_itxt("Description", alt)
    out = io.BytesIO()
    picture.save(out, "png", pnginfo=said)
    return out.getvalue()


def _draw(
    image: Real,
    sr: float,
    hop_length: int,
    center: bool,
    y_axis: str,
    scale: dict[str, Any],
    title: str,
    colorbar: str | None,
    ax: Axes | None,
) -> Axes:
    needs("a plot", "matplotlib")
    import matplotlib.pyplot as plt

    checks.one_of(y_axis, "y_axis", ("linear", "log", "mel"))
    center = checks.flag(center, "center")
    if not (ax is None or hasattr(ax, "pcolormesh")):
        raise ValueError(f"ax is {checks.shown(ax)}, but it must be matplotlib's axes, or None.")
    sr = checks.rate(sr)
    hop_length = checks.whole_number(hop_length, "hop_length", 1)
    ax = plt.gca() if ax is None else ax
    n_bins, n_frames = image.shape
    bin_hz = sr / 2 / max(1, n_bins - 1)
    # Cells reach half a bin and half a frame to each side of the place they stand for: the middle of the frame.
    middle_of_first = 0 if center else n_bins - 1
    times = (middle_of_first + (np.arange(n_frames + 1) - 0.5) * hop_length) / sr
    frequencies = (np.arange(n_bins + 1) - 0.5) * bin_hz
    if y_axis == "linear":  # an image draws ten times faster than a mesh, but only on even axes
        extent = (times[0], times[-1], frequencies[0], frequencies[-1])
        drawn: ScalarMappable = ax.imshow(image, origin="lower", aspect="auto", extent=extent, **scale)
    else:
        drawn = ax.pcolormesh(times, np.maximum(frequencies, 0), image, rasterized=True, **scale)
    if y_axis == "log":
        ax.set_yscale("log")
        ax.set_ylim(min(max(LOWEST_LOG_FREQUENCY, bin_hz), sr / 8), sr / 2)
    else:
        if y_axis == "mel":
            ax.set_yscale("function", functions=(_hz_to_mel, _mel_to_hz))
        ax.set_ylim(0, sr / 2)
    if y_axis != "linear":
        ticks = [t for t in HERTZ_TICKS if ax.get_ylim()[0] <= t <= sr / 2]
        ax.set_yticks(ticks[2::2] if y_axis == "mel" else ticks)
        ax.set_yticks([], minor=True)
        ax.yaxis.set_major_formatter("{x:g}")
    ax.set_xlim(0, times[-1])
    ax.set_xlabel("time (s)")
    ax.set_ylabel("frequency (Hz)")
    ax.set_title(title)
    if colorbar is not None:
        ax.figure.colorbar(drawn, ax=ax, label=colorbar)
    return ax


def _hz_to_mel(f: Real) -> Real:
    """O'Shaughnessy's formula, 2595 log10(1 + f / 700)."""
    mel: Real = 2595 * np.log10(1 + np.maximum(f, 0) / 700)
    return mel


def _mel_to_hz(m: Real) -> Real:
    hertz: Real = 700 * (10 ** (m / 2595) - 1)
    return hertz
