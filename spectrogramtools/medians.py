"""The medians: one idea, four neighbourhoods.

A source is what stays the same in some neighbourhood of a spectrogram cell; the median over that neighbourhood keeps it
and drops whatever is there only for a moment. Before and after the cell in time, the median keeps steady partials;
above and below it in frequency, it keeps clicks and drums.

Functions: `median_across_time`, `median_across_frequency`.

Conventions: `width` counts all cells of the window and is odd. edges "reflect" continues the matrix mirrored, the
edge cell repeated (d c b a | a b c d | d c b a), as scipy.ndimage and librosa do; "zero" continues it with zeros, as
scipy.signal.medfilt does, and pulls the medians at the borders down.

Reference: FitzGerald, "Harmonic/percussive separation using median filtering", DAFx 2010: its two filters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.running_median import running_median


def median_across_time(A: ArrayLike, width: int, edges: str = "reflect") -> NDArray:
    """Median of the `width` frames around each cell, each row for itself: promotes what is harmonic.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), finite.
    width : frames, odd; may be longer than the matrix.
    edges : "reflect" or "zero".

    Returns
    -------
    Array like A: equal to scipy.ndimage.median_filter(A, (1, width)), or with edges="zero" to
    scipy.signal.medfilt(A, (1, width)).

    Raises
    ------
    ValueError : A is complex, not a matrix or not finite; width is even.
    """
    A, width = _checked(A, width, edges)
    return running_median(A.T, width, edges).T


def median_across_frequency(A: ArrayLike, width: int, edges: str = "reflect") -> NDArray:
    """Median of the `width` bins around each cell, each column for itself: promotes what is percussive.

    Parameters, result and errors as for `median_across_time`, with `width` in bins.
    """
    A, width = _checked(A, width, edges)
    return running_median(A, width, edges)


def _checked(A: ArrayLike, width: int, edges: str) -> tuple[NDArray[np.floating], int]:
    checks.one_of(edges, "edges", ("reflect", "zero"))
    return checks.real_spectrogram(A), checks.odd_width(width)
