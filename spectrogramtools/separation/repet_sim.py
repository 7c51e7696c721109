"""REPET-SIM: what recurs is background, at whatever distance.

REPET needs a period. REPET-SIM asks each frame which other frames sound most alike, wherever they are, and takes the
median over them. The similarity of two frames is the cosine between their columns of magnitudes.

Functions: `similarity_matrix`, `similar_frames`, `repet_sim_masks` (on magnitudes), `repet_sim` (on a waveform), and
`repet_sim_online`, which looks back only and keeps no more than a buffer.

References: Rafii and Pardo, "Music/voice separation using the similarity matrix", ISMIR 2012.
Rafii and Pardo, "Online REPET-SIM for real-time speech enhancement", ICASSP 2013.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.medians import median_across_similar
from spectrogramtools.separation.background import background_masks, rows_below, separate
from spectrogramtools.transforms import STFT, iSTFT

# Rows of the similarity matrix that are in memory at one time.
ROWS = 256


def similarity_matrix(A: ArrayLike) -> NDArray:
    """Cosine similarity of all pairs of frames.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), not negative.

    Returns
    -------
    Array of shape (n_frames, n_frames), typed like A, from 0 to 1; a silent frame is like nothing, not even itself. It
    grows with the square of the length: 430 MB of float32 for four minutes at a hop of 512.

    Raises
    ------
    ValueError : A is complex, negative or not finite.
    """
    frames = _unit_frames(checks.magnitudes(A))
    return frames @ frames.T


def similar_frames(
    similarity: ArrayLike, count: int = 100, distance: int = 1, threshold: float = 0.0
) -> list[NDArray[np.int64]]:
    """For each row of a similarity matrix the frames that are most alike: its highest peaks.

    Parameters
    ----------
    similarity : float array, shape (n_rows, n_frames): the similarity matrix or some of its rows.
    count : at most so many frames, at least 1.
    distance : frames; a peak is at least as high as all that lie nearer to it than this.
    threshold : a peak is at least so high.

    Returns
    -------
    An array of frame indices for each row, the most similar first; a row without any peak gives its highest frame.

    Raises
    ------
    ValueError : similarity is not a finite matrix; an argument is out of range.
    """
    from scipy.ndimage import maximum_filter1d

    similarity = checks.real_spectrogram(similarity, "similarity")
    count = checks.whole_number(count, "count", 1)
    distance = checks.whole_number(distance, "distance", 1)
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
    count: int = 100,
    distance: int = 43,
    threshold: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    highpass_bins: int = 0,
) -> tuple[NDArray, NDArray]:
    """Masks of the recurring background and of the foreground.

    Parameters
    ----------
    A : float array, shape (n_bins, n_frames), not negative: the mixture's magnitudes.
    count, distance, threshold : as for `similar_frames`, distance in frames.
    mask, power, highpass_bins : as for `repet_masks`.

    Returns
    -------
    background, foreground : masks shaped like A that sum to one. Time grows with the square of n_frames; memory does
        not,
    since the similarity matrix is made a few rows at a time.

    Raises
    ------
    ValueError : A is complex, negative or not finite; an argument is out of range.
    """
    A = checks.magnitudes(A)
    frames = _unit_frames(A)
    neighbours = []
    for first in range(0, len(frames), ROWS):
        neighbours += similar_frames(frames[first : first + ROWS] @ frames.T, count, distance, threshold)
    return background_masks(A, median_across_similar(A, neighbours), mask, power, highpass_bins)


def repet_sim(
    y: ArrayLike,
    sr: int,
    count: int = 100,
    distance: float = 1.0,
    threshold: float = 0.0,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int = 2048,
    hop_length: int = 512,
) -> tuple[NDArray, NDArray]:
    """Separate what recurs from what does not.

    Parameters
    ----------
    y : float array, shape (n_samples,) or (channels, n_samples), channels one by one; sr : Hz.
    count : frames in the median at the most.
    distance : seconds that similar frames lie apart at the least.
    threshold : similarity that a frame must reach, from 0 to 1.
    highpass : Hz, everything below goes to the background; mask, power : as for `repet_masks`; win_length, hop_length
        : samples.

    Returns
    -------
    background, foreground : shaped like y; they sum to y. Time grows with the square of the length.

    Raises
    ------
    ValueError : y is not a finite float waveform; an argument is out of range.
    """
    y = checks.channels(y)
    sr = checks.number(sr, "sr", 0, above=True)
    win_length, hop_length = checks.window_and_hop(win_length, hop_length)
    settings = dict(
        count=count, threshold=threshold, mask=mask, power=power, highpass_bins=rows_below(highpass, sr, win_length)
    )
    settings["distance"] = max(1, round(checks.number(distance, "distance", 0) * sr / hop_length))
    return separate(y, win_length, hop_length, lambda A: repet_sim_masks(A, **settings)[0])


def repet_sim_online(
    y: ArrayLike,
    sr: int,
    buffer: float = 10.0,
    count: int = 100,
    distance: float = 1.0,
    threshold: float = 0.0,
    highpass: float = 0.0,
    mask: str = "soft",
    power: float = 2.0,
    win_length: int = 2048,
    hop_length: int = 512,
) -> tuple[NDArray, NDArray]:
    """REPET-SIM that looks back only: each frame is compared with the last `buffer` seconds, which is all it keeps.

    Parameters
    ----------
    y : float array, shape (n_samples,), mono.
    buffer : seconds. A frame that nothing in the buffer resembles is like itself alone and counts as background; so the
        first seconds are background altogether.
    sr, count, distance, threshold, highpass, mask, power, win_length, hop_length : as for `repet_sim`.

    Returns
    -------
    background, foreground : shaped like y; they sum to y.

    Raises
    ------
    ValueError : y is not a finite mono float waveform; an argument is out of range.
    """
    y = checks.waveform(y)
    sr = checks.number(sr, "sr", 0, above=True)
    win_length, hop_length = checks.window_and_hop(win_length, hop_length)
    kept = max(1, round(checks.number(buffer, "buffer", 0, above=True) * sr / hop_length))
    apart = max(1, round(checks.number(distance, "distance", 0) * sr / hop_length))
    rows = rows_below(highpass, sr, win_length)
    S = STFT(y, win_length, hop_length, center=True)
    masked = np.empty_like(S)
    # In a concert the spectrogram would come frame by frame; everything below uses the buffer and nothing else.
    past = np.zeros((S.shape[0], kept), S.real.dtype)
    for t in range(S.shape[1]):
        past[:, t % kept] = np.abs(S[:, t])
        known = past[:, : t + 1]
        now = min(t, kept) if t < kept else t % kept
        order = np.roll(np.arange(known.shape[1]), -(now + 1))  # the oldest first, so that "apart" means apart in time
        units = _unit_frames(known[:, order])
        similar = similar_frames((units @ units[-1])[None], count, apart, threshold)[0]
        model = np.median(known[:, order[similar]], axis=1).astype(past.dtype)
        M, _ = background_masks(past[:, [t % kept]], model[:, None], mask, power, rows)
        masked[:, t] = M[:, 0] * S[:, t]
    background = iSTFT(masked, win_length, hop_length, center=True, length=len(y))
    return background, y - background


def _unit_frames(A: NDArray) -> NDArray:
    """Frames as rows of length 1; a silent one stays 0."""
    frames = np.ascontiguousarray(A.T)
    frames = frames / np.maximum(frames.max(axis=1, keepdims=True), np.finfo(A.dtype).tiny)
    return frames / np.maximum(np.linalg.norm(frames, axis=1, keepdims=True), np.finfo(A.dtype).tiny)
