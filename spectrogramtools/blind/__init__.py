"""Listening without knowing what one hears: the only test in which a name can't help.

With two sounds an ABX test: X is one of them, round after round, and one says which; guessing gets half of the rounds
right, and how rarely it gets as many as somebody did is an exact number. With three or more a ranking: letters in an
order that nobody knows, put from best to worst; then the names, and how well the order agrees with the scores.

Function: `listen_blind`.

References
----------
.. [1] Clark, D. "High-resolution subjective testing using a double-blind comparator", J. Audio Eng. Soc. 30(5), 1982.
.. [2] Kendall, M. G. "A new measure of rank correlation", Biometrika 30, 1938. https://doi.org/10.1093/biomet/30.1-2.81
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from spectrogramtools.blind.widget import Blind


def listen_blind(signals: Mapping[str, ArrayLike], sr: int, *, scores: Mapping[str, float] | None = None) -> Blind:
    """A blind test: with two signals an ABX test, with three to nine a ranking.

    Parameters
    ----------
    signals : dict from str to array_like of float, shape (n_samples,) or (2, n_samples)
        What is compared, full scale 1.0, by name. Nothing is made louder or softer but all of them together, where one
        would clip.
    sr : int
        Hz.
    scores : dict from str to float, optional
        A number in dB for each name, shown beside the names at the end; more is better.

    Returns
    -------
    blind : Blind
        A widget. Its `answers` are the names that one gave X round by round, or the names from best to worst; its
        `result` is None until the test is over, then a dict: `right`, `rounds` and `p`, or `order` and `tau`.

    Raises
    ------
    ValueError
        If there are fewer than two or more than nine signals, one can't be played, or scores lacks a name.

    Examples
    --------
    >>> from spectrogramtools import listen_blind, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> listen_blind({"as it is": clip.mixture, "a bit softer": 0.9 * clip.mixture}, clip.sr)
    A blind test of 2 sounds (10.0 s): run the cell to listen
    """
    needs("listen_blind", "anywidget", "ipywidgets")
    from spectrogramtools.blind.widget import Blind

    return Blind(signals, sr, scores)
