"""REPET, the repeating pattern extraction technique: what repeats is background.

Cut the spectrogram into periods, lay them on one another and take the median: what repeats stays, the voice above it
goes. A mask keeps of each cell what this model explains; the rest is foreground.

Beyond the paper, `repet` takes a hop of which the period is a whole multiple. With a fixed hop the periods slide
against each other by a part of a frame, and the median blurs.

Functions: `repet_masks` (on magnitudes) and `repet` (on a waveform); for a background that changes, `repet_extended`
(piece by piece) and `repet_adaptive` (a period for each frame).

References: Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice
separation", IEEE TASLP 21(1), 2013. Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering for music/voice
separation exploiting the repeating musical structure", ICASSP 2012.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Real
from spectrogramtools.medians import median_across_periods
from spectrogramtools.progress import progress, wanted
from spectrogramtools.separation.agreement import left_out_error, repetitions, stands_out
from spectrogramtools.separation.background import background_masks, check_settings, mask_for, rows_below
from spectrogramtools.separation.follow import follow_period, places_of_frames
from spectrogramtools.separation.period import find_period, fitting_hop, middle_of, seconds_that_repeat
from spectrogramtools.separation.placed import PlacedMixture
from spectrogramtools.separation.separate import Mixture, separate
from spectrogramtools.transforms import lengths

# The period is taken to move, or the music to change, if then the repetitions' error is so many times what it was.
MOVES, CHANGES = 0.97, 0.9
# Numbers of nearest repetitions that are tried.
NEAREST = (5, 9, 17)


def repet_masks(
    A: ArrayLike,
    period_frames: int | ArrayLike,
    *,
    mask: str = "fitted",
    power: float = 1.0,
    highpass_bins: int = 0,
    nearest: int | None = None,
) -> tuple[Real, Real]:
    """Masks of the repeating background and of the foreground.

    Parameters
    ----------
    A : array_like of float, shape (n_bins, n_frames)
        The mixture's magnitudes, not negative.
    period_frames : int or array_like of int, shape (n_frames,)
        Frames; one period, or one for each frame.
    mask : {"fitted", "soft", "binary"}, optional
        "soft": a share of each cell; "binary": all of a cell of which the model explains at least half; "fitted": the
        soft one, fitted in each band to how exactly the repetitions repeat, see `fitted_mask`; it needs three of them,
        and with two it is the soft one.
    power : float, optional
        Of the soft mask. With 1 the share is min(model, A) / A, as in the paper; 2 has the Wiener filter's form.
    highpass_bins : int, optional
        So many of the lowest rows go to the background altogether.
    nearest : int, optional
        Take the median over so many repetitions around each frame only; None takes all.

    Returns
    -------
    background : array of float, shaped like A
        The mask of what repeats.
    foreground : array of float, shaped like A
        1 - background.

    Raises
    ------
    ValueError
        If A is complex, negative or not finite, or a period or another argument is out of range.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013, sections II.B and II.C.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import repet_masks
    >>> A = np.array([[1.0, 5.0, 1.0, 5.0, 9.0, 5.0]])  # 1 5 three times, and once a voice above the 1
    >>> background, foreground = repet_masks(A, 2, mask="soft")
    >>> (A * background).tolist()
    [[1.0, 5.0, 1.0, 5.0, 1.0, 5.0]]
    """
    A = checks.magnitudes(A)
    check_settings(mask, power, highpass_bins)
    model = median_across_periods(A, period_frames, nearest=nearest)
    mask = mask_for(mask, min(A.shape[1] / np.asarray(period_frames).max(), nearest or 3))
    return background_masks(A, model, mask=mask, power=power, highpass_bins=highpass_bins)


def repet(
    y: ArrayLike,
    sr: float,
    *,
    period: float | None = None,
    highpass: float = 100.0,
    mask: str = "fitted",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
) -> tuple[Real, Real]:
    """Separate what repeats from what does not.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; the channels have one common period and are separated one by one.
    sr : float
        Hz.
    period : float, optional
        Seconds, at most half of y; None lets `find_period` find it.
    highpass : float, optional
        Hz; everything below goes to the background, where few voices are. For a bass in the foreground, 0.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes one near a quarter of win_length of which the period is a whole
        multiple.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        If y is not a finite float waveform or is too short, or an argument is out of range.

    Warns
    -----
    UserWarning
        If nothing repeats: the period is no better than any other lag, and most of the energy is foreground.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import load_clip, repet, si_sdr
    >>> clip = load_clip("band_singer")
    >>> band, voice = repet(clip.mixture, clip.sr)
    >>> bool(si_sdr(clip.stems["voice"], voice) > si_sdr(clip.stems["voice"], clip.mixture) + 10)
    True
    """
    y, sr, win_length = _waveform(y, sr, win_length, hop_length)
    settings = _settings(highpass, mask, power, sr, win_length)
    if period is not None:
        period = seconds_that_repeat(period, y.shape[-1], sr)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    period = find_period(y, sr) if period is None else period
    hop = _hop(hop_length, period * sr, win_length)
    background, foreground = _with_period(y, sr, period, settings, win_length, hop)
    warn_where_nothing_repeats(y, foreground, period * sr, win_length, hop)
    return background, foreground


def repet_extended(
    y: ArrayLike,
    sr: float,
    *,
    segment: float = 10.0,
    period: float | None = None,
    highpass: float = 100.0,
    mask: str = "fitted",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
    verbose: bool = False,
) -> tuple[Real, Real]:
    """REPET piece by piece, for a background that changes: overlapping segments, each with a period of its own.

    A segment in which its own repetitions do not agree better than those of the whole is taken from `repet` of the
    whole, which knows more of them.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; the channels have one common period and are separated one by one.
    sr : float
        Hz.
    segment : float, optional
        Seconds a piece lasts; the next one begins half of it later, and pieces are faded into one another.
    period : float, optional
        Seconds, at most half of a segment; None finds one in each piece.
    highpass : float, optional
        Hz; everything below goes to the background, where few voices are. For a bass in the foreground, 0.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes one near a quarter of win_length of which the period is a whole
        multiple.
    verbose : bool, optional
        Show how far the work is.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        As for `repet`, and if segment is longer than y.

    Warns
    -----
    UserWarning
        As for `repet`, if no segment has a period of its own.

    References
    ----------
    Rafii and Pardo, "REpeating Pattern Extraction Technique (REPET): a simple method for music/voice separation",
    IEEE TASLP 21(1), 2013: its extension to longer pieces.

    Examples
    --------
    >>> from spectrogramtools import load_clip, repet_extended
    >>> clip = load_clip("verse_chorus")
    >>> background, foreground = repet_extended(clip.mixture, clip.sr, segment=10)
    >>> background.shape == clip.mixture.shape
    True
    """
    y, sr, win_length = _waveform(y, sr, win_length, hop_length)
    settings = _settings(highpass, mask, power, sr, win_length)
    pieces = _pieces(y.shape[-1], sr, segment)
    if period is not None:
        period = seconds_that_repeat(period, min(stop - start for start, stop in pieces), sr)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    period_of_all = find_period(y, sr) if period is None else period
    hop_of_all = _hop(hop_length, period_of_all * sr, win_length)
    of_all, _ = _with_period(y, sr, period_of_all, settings, win_length, hop_of_all)
    stacks = _stacks(y, win_length, hop_of_all, period_of_all * sr / hop_of_all)
    differs = False
    background = np.zeros_like(y)
    for start, stop in progress(pieces, "segments", wanted(verbose)):
        fade = np.ones(stop - start, y.dtype)
        half = int(segment * sr / 2)
        ramp = (np.arange(half, dtype=y.dtype) + y.dtype.type(0.5)) / half
        if start > 0:
            fade[:half] = ramp
        if stop < y.shape[-1]:
            fade[half:] = ramp[::-1]
        piece, part = y[..., start:stop], of_all[..., start:stop]
        if piece.any():
            own = find_period(piece, sr) if period is None else period
            hop = _hop(hop_length, own * sr, win_length)
            among = slice(*np.round(np.array([start, stop]) / (period_of_all * sr)).astype(int))
            if _error(_stacks(piece, win_length, hop, own * sr / hop)) < CHANGES * _error(stacks, among=among):
                part, _ = _with_period(piece, sr, own, settings, win_length, hop)
                differs = True
        background[..., start:stop] += fade * part
    if not differs:
        warn_where_nothing_repeats(y, y - background, period_of_all * sr, win_length, hop_of_all)
    return background, y - background


def repet_adaptive(
    y: ArrayLike,
    sr: float,
    *,
    period: float | None = None,
    nearest: int | None = None,
    highpass: float = 100.0,
    mask: str = "fitted",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
    verbose: bool = False,
) -> tuple[Real, Real]:
    """REPET for a band that breathes: the period is followed as it moves, and frames are placed by it.

    Where that does not make the repetitions agree better, because the tempo stands still, frames are equally far apart,
    as in `repet`. In the same way the median is taken over the nearest repetitions only where these agree better than
    all of them, because the music changes.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; the channels have common periods and are separated one by one.
    sr : float
        Hz.
    period : float, optional
        Seconds, about, and at most half of y; None lets `find_period` find it.
    nearest : int, optional
        Repetitions in the median, those nearest to a frame, itself among them; None lets their agreement decide.
    highpass : float, optional
        Hz; everything below goes to the background, where few voices are. For a bass in the foreground, 0.
    mask : {"fitted", "soft", "binary"}, optional
        As for `repet_masks`.
    power : float, optional
        As for `repet_masks`.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame, on average; None takes one near a quarter of win_length of which the period is a
        whole multiple.
    verbose : bool, optional
        Show how far the work is.

    Returns
    -------
    background : array of float, shaped like y
        What repeats.
    foreground : array of float, shaped like y
        y - background.

    Raises
    ------
    ValueError
        As for `repet`.

    Warns
    -----
    UserWarning
        As for `repet`.

    References
    ----------
    Liutkus, Rafii, Badeau, Pardo and Richard, "Adaptive filtering for music/voice separation exploiting the repeating
    musical structure", ICASSP 2012: local periods and the nearest repetitions, there on frames equally far apart.

    Examples
    --------
    >>> from spectrogramtools import load_clip, repet_adaptive
    >>> clip = load_clip("verse_chorus")
    >>> background, foreground = repet_adaptive(clip.mixture, clip.sr)
    >>> background.shape == clip.mixture.shape
    True
    """
    y, sr, win_length = _waveform(y, sr, win_length, hop_length)
    settings = _settings(highpass, mask, power, sr, win_length)
    nearest = None if nearest is None else checks.whole_number(nearest, "nearest", 1)
    if period is not None:
        period = seconds_that_repeat(period, y.shape[-1], sr)
    if not y.any():
        return np.zeros_like(y), np.zeros_like(y)
    period = find_period(y, sr) if period is None else period
    hop = _hop(hop_length, period * sr, win_length)
    times, periods = follow_period(y, sr, period=period, verbose=verbose)
    places, moving_frames = places_of_frames(times, periods, y.shape[-1], sr, hop)
    frames = max(1, round(period * sr / hop))
    channels = np.atleast_2d(y)
    steady = _stacks(y, win_length, hop, frames)
    moving = [repetitions(PlacedMixture(channel, win_length, places).A, moving_frames) for channel in channels]
    moves = _error(moving) < MOVES * _error(steady)
    if nearest is None:
        nearest = _number_that_agrees(moving if moves else steady)
    sounds = []
    for channel in channels:
        mixture = PlacedMixture(channel, win_length, places) if moves else Mixture(channel, win_length, hop)
        masks = repet_masks(mixture.A, moving_frames if moves else frames, nearest=nearest, **settings)
        sounds.append(mixture.sounds(masks))
    background, foreground = (np.stack(sound).reshape(y.shape) for sound in zip(*sounds, strict=True))
    if not moves:
        warn_where_nothing_repeats(y, foreground, period * sr, win_length, hop)
    return background, foreground


def _with_period(
    y: Real, sr: float, period: float, settings: dict[str, Any], win_length: int, hop: int
) -> tuple[Real, Real]:
    """Background and foreground at this period."""
    frames = max(1, round(period * sr / hop))
    background, foreground = separate(
        y, sr, lambda A: repet_masks(A, frames, **settings), win_length=win_length, hop_length=hop
    )
    return background, foreground


def nothing_repeats(y: Real, foreground: Real, period: float, win_length: int, hop: int) -> bool:
    """Whether most of the energy is foreground, and the period (in samples) no better than any other lag."""
    if float(np.mean(foreground**2)) < float(np.mean(y**2)) / 2:
        return False
    y = middle_of(np.atleast_2d(y), period)
    return not any(stands_out(Mixture(channel, win_length, hop).A, period / hop) for channel in y)


def warn_where_nothing_repeats(y: Real, foreground: Real, period: float, win_length: int, hop: int) -> None:
    """Say so, rather than call nearly everything foreground silently."""
    if nothing_repeats(y, foreground, period, win_length, hop):
        share = float(np.sum(foreground**2) / np.sum(y**2))
        warnings.warn(
            f"nothing in y repeats clearly, so {100 * min(share, 1):.0f} % of its energy are foreground: REPET is not "
            "made for this music; repet_sim needs no period.",
            stacklevel=3,
        )


def _stacks(y: Real, win_length: int, hop: int, frames: float) -> list[Real]:
    """Each channel's repetitions."""
    return [repetitions(Mixture(channel, win_length, hop).A, frames) for channel in np.atleast_2d(y)]


def _error(stacks: list[Real], nearest: int | None = None, among: slice = slice(None)) -> float:
    """How far the repetitions are from one another, over all channels."""
    loudness = [float(stack[among].sum()) for stack in stacks]
    errors = [left_out_error(stack, nearest, among) for stack in stacks]
    return float(np.average(errors, weights=loudness)) if any(loudness) else 0.0


def _number_that_agrees(stacks: list[Real]) -> int | None:
    """How many of the nearest repetitions agree clearly better than all of them; None where they don't."""
    n = len(stacks[0])
    found = {number: _error(stacks, number) for number in NEAREST if number < n - 1}
    if not found:
        return None
    best = min(found, key=lambda number: found[number])
    return best if found[best] < CHANGES * _error(stacks) else None


def _waveform(y: ArrayLike, sr: float, win_length: int | None, hop_length: int | None) -> tuple[Real, float, int]:
    """The mixture, its rate and the window, checked; the hop is checked as well, though the period decides later."""
    y, sr = checks.sound(y), checks.rate(sr)
    win_length, _ = lengths(win_length, hop_length, sr)
    return y, sr, checks.whole_number(win_length, "win_length", 16)


def _settings(highpass: float, mask: str, power: float, sr: float, win_length: int) -> dict[str, Any]:
    """What `repet_masks` is told, beside the period."""
    check_settings(mask, power)
    return dict(mask=mask, power=power, highpass_bins=rows_below(highpass, sr, win_length))


def _hop(hop_length: int | None, period: float, win_length: int) -> int:
    """The hop that was asked for, or the one that fits the period."""
    return fitting_hop(period, win_length) if hop_length is None else int(hop_length)


def _pieces(n_samples: int, sr: float, segment: float) -> list[tuple[int, int]]:
    """Start and stop of segments that overlap by half; the last one reaches to the end."""
    segment = checks.number(segment, "segment", 0, above=True)
    # Even, so that one half fades out exactly where the other fades in.
    length = 2 * int(min(segment * sr, n_samples + 2) / 2)
    if length > n_samples or length < 2:
        raise ValueError(
            f"segment is {segment:g} s, but y lasts {n_samples / sr:g} s: use a shorter one, or repet itself."
        )
    starts = range(0, max(1, n_samples - length + 1), length // 2)
    return [(start, n_samples if start == starts[-1] else start + length) for start in starts]
