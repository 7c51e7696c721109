"""REPET-SIM: what recurs is background, at whatever distance.

REPET needs a period. REPET-SIM asks each frame which other frames sound most alike, wherever they are, and takes the
median over them. The similarity of two frames is the cosine between their columns of magnitudes.

The methods compare the square roots of the magnitudes: else a few loud partials, which may be the voice's, decide which
frames are alike.

Functions: `similarity_matrix`, `similar_frames`, `repet_sim_masks` (on magnitudes), `repet_sim` (on a waveform), and
`repet_sim_online`, which looks back only and keeps no more than a buffer.

References: Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.
Rafii and Pardo, "Online REPET-SIM for real-time speech enhancement", ICASSP 2013.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Frames, Real
from spectrogramtools.medians import median_across_similar
from spectrogramtools.progress import progress, wanted
from spectrogramtools.separation.background import background_masks, check_settings, mask_for, rows_below
from spectrogramtools.separation.separate import separate
from spectrogramtools.transforms import lengths

# Rows of the similarity matrix that are in memory at one time.
ROWS = 256


def similarity_matrix(A: ArrayLike) -> Real:
    """Cosine similarity of all pairs of frames.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        Magnitudes, not negative.

    Returns
    -------
    similarity : array of float, shape (n_frames, n_frames)
        From 0 to 1; a silent frame is like nothing, not even itself. It grows with the square of the length: 430 MB of
        float32 for four minutes at a hop of 512.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite.

    References
    ----------
    Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import similarity_matrix
    >>> similarity_matrix(np.array([[3.0, 0.0, 1.0], [0.0, 2.0, 0.0]]))  # the first and the third are alike
    array([[1., 0., 1.],
           [0., 1., 0.],
           [1., 0., 1.]])
    """
    frames = _unit_frames(checks.magnitudes(A))
    return frames @ frames.T


def similar_frames(
    similarity: ArrayLike, *, count: int = 100, distance_frames: int = 1, threshold: float = 0.0
) -> list[Frames]:
    """For each row of a similarity matrix the frames that are most alike: its highest peaks.

    Parameters
    ----------
    similarity : array_like of float, shape (n_rows, n_frames)
        The similarity matrix or some of its rows.
    count : int, optional
        At most so many frames, at least 1.
    distance_frames : int, optional
        A peak is at least as high as all that lie nearer to it than this.
    threshold : float, optional
        A peak is at least so high; from 0 to 1.

    Returns
    -------
    found : list of arrays of int
        Frame indices for each row, the most similar first; a row without any peak gives its highest frame.

    Raises
    ------
    ValueError
        If similarity is not a finite matrix, or an argument is out of range.

    References
    ----------
    Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import similar_frames
    >>> [frames.tolist() for frames in similar_frames(np.array([[0.2, 0.9, 0.3, 0.8]]), distance_frames=2)]
    [[1, 3]]
    """
    from scipy.ndimage import maximum_filter1d

    similarity = checks.real_spectrogram(similarity, "similarity")
    count = checks.whole_number(count, "count", 1)
    # Further than from end to end nothing lies.
    distance = min(checks.whole_number(distance_frames, "distance_frames", 1), similarity.shape[1])
    threshold = checks.number(threshold, "threshold", 0, 1)
    highest_around = maximum_filter1d(similarity, 2 * distance - 1, axis=1, mode="constant", cval=-np.inf)
    peaks = (similarity == highest_around) & (similarity >= threshold)
    found = []
    for row, is_peak in zip(similarity, peaks, strict=True):
        places = np.flatnonzero(is_peak)
        order = np.argsort(-row[places], kind="stable")[:count]
        found.append(places[order] if len(places) else np.array([row.argmax()]))
    return found


def repet_sim_masks(
    A: ArrayLike,
    *,
    count: int = 100,
    distance_frames: int = 43,
    threshold: float = 0.0,
    mask: str = "fitted",
    power: float = 1.0,
    highpass_bins: int = 0,
    verbose: bool = False,
) -> tuple[Real, Real]:
    """Masks of the recurring background and of the foreground.

    Time grows with the square of the number of frames; memory does not, since the similarity matrix is made a few rows
    at a time.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    count : int, optional
        Frames in the median at the most.
    distance_frames : int, optional
        Frames that similar frames lie apart at the least.
    threshold : float, optional
        Similarity that a frame must reach, from 0 to 1.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    highpass_bins : int, optional
        As for `repet_masks`.
    verbose : bool, optional
        Show how far the work is.

    Returns
    -------
    background : array of float, shaped like A
        The mask of what recurs.
    foreground : array of float, shaped like A
        1 - background.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite, or an argument is out of range.

    References
    ----------
    Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import repet_sim_masks
    >>> A = np.tile([[1.0, 0.0], [0.0, 1.0]], (1, 20))  # two chords in turns
    >>> A[0, 6] = 4.0  # and once something louder
    >>> background, foreground = repet_sim_masks(A, distance_frames=1, threshold=0.5, mask="soft")
    >>> float(A[0, 6] * background[0, 6])
    1.0
    """
    A = checks.magnitudes(A)
    check_settings(mask, power, highpass_bins)
    verbose = wanted(verbose)
    how: dict[str, Any] = dict(count=count, distance_frames=distance_frames, threshold=threshold)
    frames = _unit_frames(np.sqrt(A))
    neighbours: list[Frames] = []
    for first in progress(range(0, len(frames), ROWS), "similar frames", verbose):
        neighbours += similar_frames(frames[first : first + ROWS] @ frames.T, **how)
    model = median_across_similar(A, neighbours)
    mask = mask_for(mask, float(np.median([len(near) for near in neighbours])))
    return background_masks(A, model, mask=mask, power=power, highpass_bins=highpass_bins)


def repet_sim(
    y: ArrayLike,
    sr: float,
    *,
    count: int = 100,
    distance: float = 1.0,
    threshold: float = 0.0,
    highpass: float = 100.0,
    mask: str = "fitted",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
    verbose: bool = False,
) -> tuple[Real, Real]:
    """Separate what recurs from what does not. Time grows with the square of the length.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; its channels are separated one by one.
    sr : float
        Hz.
    count : int, optional
        Frames in the median at the most.
    distance : float, optional
        Seconds that similar frames lie apart at the least.
    threshold : float, optional
        Similarity that a frame must reach, from 0 to 1.
    highpass : float, optional
        Hz; everything below goes to the background, where few voices are. For a bass in the foreground, 0.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    verbose : bool, optional
        Show how far the work is.

    Returns
    -------
    background : array of float, shaped like y
        What recurs.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or an argument is out of range.

    References
    ----------
    Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.

    Examples
    --------
    >>> from spectrogramtools import load_clip, repet_sim
    >>> clip = load_clip("verse_chorus")
    >>> background, foreground = repet_sim(clip.mixture[: 8 * clip.sr], clip.sr)
    >>> background.shape
    (176400,)
    """
    sr = checks.rate(sr)
    win_length, hop_length = lengths(win_length, hop_length, sr)
    settings: dict[str, Any] = dict(
        count=count,
        distance_frames=_apart(distance, sr, hop_length),
        threshold=threshold,
        mask=mask,
        power=power,
        highpass_bins=rows_below(highpass, sr, win_length),
        verbose=wanted(verbose),
    )
    background, foreground = separate(
        y, sr, lambda A: repet_sim_masks(A, **settings), win_length=win_length, hop_length=hop_length
    )
    return background, foreground


def repet_sim_online(
    y: ArrayLike,
    sr: float,
    *,
    buffer: float = 10.0,
    count: int = 100,
    distance: float = 1.0,
    threshold: float = 0.0,
    highpass: float = 100.0,
    mask: str = "soft",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
    verbose: bool = False,
) -> tuple[Real, Real]:
    """REPET-SIM that looks back only: each frame is compared with the last `buffer` seconds.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; its channels are separated one by one.
    sr : float
        Hz.
    buffer : float, optional
        Seconds that are remembered. A frame that nothing in them resembles is like itself alone and counts as
        background; so the first seconds are background altogether.
    count : int, optional
        Frames in the median at the most.
    distance : float, optional
        Seconds that similar frames lie apart at the least.
    threshold : float, optional
        Similarity that a frame must reach, from 0 to 1.
    highpass : float, optional
        Hz; everything below goes to the background, where few voices are. For a bass in the foreground, 0.
    mask : {"soft", "binary"}, optional
        As for `repet_masks`; what is fitted there is known at the end of the piece only.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    verbose : bool, optional
        Show how far the work is.

    Returns
    -------
    background : array of float, shaped like y
        What recurs.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or an argument is out of range.

    References
    ----------
    Rafii and Pardo, "Online REPET-SIM for real-time speech enhancement", ICASSP 2013.

    Examples
    --------
    >>> from spectrogramtools import load_clip, repet_sim_online
    >>> clip = load_clip("speech_loop")
    >>> background, foreground = repet_sim_online(clip.mixture[: 4 * clip.sr], clip.sr, buffer=3)
    >>> background.shape
    (88200,)
    """
    y, sr = checks.sound(y), checks.rate(sr)
    win_length, hop_length = lengths(win_length, hop_length, sr)
    checks.one_of(mask, "mask", ("soft", "binary"))
    check_settings(mask, power)
    verbose = wanted(verbose)
    rows = rows_below(highpass, sr, win_length)
    remembered = checks.number(buffer, "buffer", 0, above=True) * sr / hop_length
    how: dict[str, Any] = dict(count=count, distance_frames=_apart(distance, sr, hop_length), threshold=threshold)

    def masks(A: Real) -> tuple[Real, Real]:
        model = _online_model(A, max(1, round(min(remembered, A.shape[1]))), how, verbose)
        return background_masks(A, model, mask=mask, power=power, highpass_bins=rows)

    background, foreground = separate(y, sr, masks, win_length=win_length, hop_length=hop_length)
    return background, foreground


def _online_model(A: Real, remembered: int, how: dict[str, Any], verbose: bool = False) -> Real:
    """For each frame the median over those among the last ones, itself included, that are most like it.

    In a concert the spectrogram would come frame by frame; what is made of a frame uses these frames and no other.
    """
    frames, units = np.ascontiguousarray(A.T), _unit_frames(np.sqrt(A))
    model = np.empty_like(frames)
    for t in progress(range(len(frames)), "frame by frame", verbose):
        past = slice(max(0, t + 1 - remembered), t + 1)
        similar = similar_frames((units[past] @ units[t])[None], **how)[0]
        model[t] = np.median(frames[past][similar], axis=0)
    return model.T


def _apart(distance: float, sr: float, hop_length: int) -> int:
    """Seconds between similar frames as a number of frames."""
    return max(1, round(min(checks.number(distance, "distance", 0) * sr / hop_length, 2.0**40)))


def _unit_frames(A: Real) -> Real:
    """Frames as rows of length 1; a silent one stays 0."""
    frames = np.ascontiguousarray(A.T)
    frames = frames / np.maximum(frames.max(axis=1, keepdims=True), np.finfo(A.dtype).tiny)
    units: Real = frames / np.maximum(np.linalg.norm(frames, axis=1, keepdims=True), np.finfo(A.dtype).tiny)
    return units
