"""Listening in place: one player for all the signals that are to be compared.

All signals run together and start at the same sample; a click or a number key chooses which one is heard, so two
results can be compared in the middle of a note. The spectrogram of what is heard stands above; a click or a drag in it
seeks, a drag in the strip over it loops a passage, and the signals can be mixed with a gain for each. What you hear is
what was computed: nothing is normalised, and one scale serves all signals. Only where a signal or a mix would clip is
it played softer, and the player says so.

Function: `listen`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from spectrogramtools.player.widget import Player


def listen(signals: ArrayLike | Mapping[str, ArrayLike], sr: int, *, y_axis: str = "linear") -> Player:
    """A player for a waveform, or for several that are to be compared.

    Parameters
    ----------
    signals : array_like of float, shape (n_samples,) or (2, n_samples), or dict from str to such arrays
        What is to be heard, full scale 1.0. Shorter ones are followed by silence; beside a stereo signal a mono one
        sounds on both sides.
    sr : int
        Hz.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    player : Player
        A widget. `player.play(signals)` gives it new signals, also while it sounds.

    Raises
    ------
    ValueError
        If there is no signal, one is not a finite float waveform of one or two channels, or a browser can't play at sr.

    Examples
    --------
    >>> from spectrogramtools import listen, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> listen({"mixture": clip.mixture, **clip.stems}, clip.sr)
    ♪ mixture | violin | castanets (10.0 s): run the cell to listen
    """
    needs("listen", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.player.widget import Player

    return Player(signals, sr, y_axis)
