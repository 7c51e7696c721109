"""Commit, then listen: a question that is answered before what there is to see or hear is told.

Who has said what comes hears it with other ears. One chooses, puts in order or sketches a curve; only then does the
rest unfold, beside what one said.

Function: `predict`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from spectrogramtools.prediction.widget import Prediction


def predict(
    question: str,
    then: str,
    *,
    choose: Sequence[str] | None = None,
    order: Sequence[str] | None = None,
    sketch: Mapping[str, Any] | None = None,
) -> Prediction:
    """A prediction: exactly one of `choose`, `order` and `sketch` says how it is made.

    Parameters
    ----------
    question : str
        In Markdown: inline `code`, emphasis and links.
    then : str
        In Markdown, with lists as well: what unfolds when one has committed, or skipped.
    choose : sequence of str, optional
        The answers, two to nine, of which one is chosen. A teacher can count a hall's hands for each.
    order : sequence of str, optional
        What is to be put in order, two to nine, as it stands at first.
    sketch : dict, optional
        A curve to be drawn: `x` and `y` are tuples of label (with the unit), lowest and highest value; `truth` is a
        pair of lists, the places and the values, drawn over it afterwards.

    Returns
    -------
    prediction : Prediction
        A widget. Its `said` is None at first; then the choice, the list in its new order, or the pair of lists of what
        was drawn; the empty string after "Skip".

    Raises
    ------
    ValueError
        If not exactly one of `choose`, `order` and `sketch` is given, or it is not as said above.

    Examples
    --------
    >>> from spectrogramtools import predict
    >>> predict("What is heard?", "A *buzz*: all strokes begin at once.", choose=["rain", "a buzz"])
    What is heard?
    ○ rain
    ○ a buzz
    (run the cell to answer)
    """
    needs("predict", "anywidget", "ipywidgets")
    from spectrogramtools.prediction.widget import Prediction

    return Prediction(question, then, choose=choose, order=order, sketch=sketch)
