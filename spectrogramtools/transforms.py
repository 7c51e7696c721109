"""The short-time Fourier transform and its least-squares inverse.

Conventions
-----------
- Frame i starts at sample i * hop_length (`center=False`, as in class), or is centred there (`center=True`:
  half a window of zeros is put before and after the signal, so that every sample is covered).
- The window is the half-sine sin(pi n / W) unless `winfunc` says otherwise. The same one serves analysis and synthesis.
- `iSTFT` is the least-squares inverse: overlap-add of the windowed frames, divided by the sum of the squared windows.
  Where that sum is below 1 % of its steady value the output is 0; otherwise a frame that a mask has changed would be
  divided by almost nothing and explode at the edges.

Functions: `STFT`, `iSTFT`; the windows `halfsine` and `hann`, both periodic.

References: Allen and Rabiner, "A unified approach to short-time Fourier analysis and synthesis", Proc. IEEE, 1977.
Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2), 1984, equation 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools import checks
from spectrogramtools.arrays import Complex, Real
from spectrogramtools.extras import needs

WindowFunction = Callable[[int], NDArray[Any]]

# Below this part of the window sum's steady value a sample counts as not covered.
COVERED = 0.01
# Frames that are transformed at a time.
BLOCK = 128
# How long a window lasts where a waveform's function is told no other length: 2048 samples at 22.05 kHz.
SECONDS = 2048 / 22050


def halfsine(win_length: int) -> NDArray[np.float64]:
    """Half a period of a sine, sin(pi n / win_length): the class's window.

    Its square is a Hann window, so used twice (analysis and synthesis) it adds up to a constant at hops of W/2, W/3, …

    Parameters
    ----------
    win_length : int
        Samples, at least 1.

    Returns
    -------
    window : array of float64, shape (win_length,)
        From 0 at the first sample to 1 in the middle.

    Raises
    ------
    ValueError
        If win_length is not a whole number of at least 1.

    Examples
    --------
    >>> from spectrogramtools import halfsine
    >>> halfsine(4).round(3).tolist()
    [0.0, 0.707, 1.0, 0.707]
    """
    win_length = checks.window_length(win_length)
    return np.sin(np.pi * np.arange(win_length) / win_length)


def hann(win_length: int) -> NDArray[np.float64]:
    """The periodic Hann window, 0.5 - 0.5 cos(2 pi n / win_length).

    Parameters
    ----------
    win_length : int
        Samples, at least 1.

    Returns
    -------
    window : array of float64, shape (win_length,)
        From 0 at the first sample to 1 in the middle.

    Raises
    ------
    ValueError
        If win_length is not a whole number of at least 1.

    Examples
    --------
    >>> from spectrogramtools import hann
    >>> hann(4).round(3).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    win_length = checks.window_length(win_length)
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(win_length) / win_length)


def STFT(
    y: ArrayLike,
    win_length: int,
    hop_length: int,
    winfunc: WindowFunction | None = None,
    useLibrosa: bool = False,
    center: bool = False,
) -> Complex:
    """Short-time Fourier transform of a mono waveform.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,)
        The waveform, full scale 1.0.
    win_length : int
        Samples in a window.
    hop_length : int
        Samples from one frame to the next.
    winfunc : callable, optional
        From a length to a window of that length; None is `halfsine`.
    useLibrosa : bool, optional
        Let librosa compute it; the numbers are the same to rounding.
    center : bool, optional
        False: frame i starts at sample i * hop_length; what is left after the last whole frame is not analysed.
        True: frame i is centred on sample i * hop_length, with zeros beyond both ends.

    Returns
    -------
    S : array of complex, shape (1 + win_length // 2, n_frames)
        complex64 for float32, complex128 for float64. n_frames is 1 + (n_samples - win_length) // hop_length;
        centred, n_samples counts 2 * (win_length // 2) more.

    Raises
    ------
    ValueError
        If y is not a finite mono float waveform or is shorter than one window, or hop_length leaves gaps.

    References
    ----------
    Allen and Rabiner, "A unified approach to short-time Fourier analysis and synthesis", Proc. IEEE, 1977.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import STFT
    >>> y = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)  # a second of 1000 Hz at 8 kHz
    >>> S = STFT(y, 512, 128)
    >>> S.shape
    (257, 59)
    >>> int(np.abs(S[:, 10]).argmax()) * 8000 / 512  # the loudest row, in Hz
    1000.0
    """
    y = checks.waveform(y)
    win_length, hop_length = checks.window_and_hop(win_length, hop_length)
    useLibrosa, center = checks.flag(useLibrosa, "useLibrosa"), checks.flag(center, "center")
    checks.window_fits(win_length, len(y))
    window = sample_window(winfunc, win_length).astype(y.dtype)
    if center:
        y = np.pad(y, win_length // 2)
    if len(y) < win_length:
        raise ValueError(
            f"y has {len(y)} samples, fewer than one window of {win_length}: "
            "use a shorter win_length, or center=True, which pads with zeros."
        )
    if useLibrosa:
        needs("useLibrosa=True", "librosa")
        import librosa

        dtype = np.result_type(y.dtype, np.complex64)
        return librosa.stft(y, n_fft=win_length, hop_length=hop_length, window=window, center=False, dtype=dtype)
    return analyse(y, window, hop_length).T


def iSTFT(
    S: ArrayLike,
    win_length: int,
    hop_length: int,
    winfunc: WindowFunction | None = None,
    useLibrosa: bool = False,
    center: bool = False,
    length: int | None = None,
) -> Real:
    """Least-squares inverse of `STFT`.

    Parameters
    ----------
    S : array_like of complex, shape (1 + win_length // 2, n_frames)
        The spectrogram; real magnitudes are taken as phase 0.
    win_length : int
        As it was given to `STFT`.
    hop_length : int
        As it was given to `STFT`.
    winfunc : callable, optional
        As it was given to `STFT`.
    useLibrosa : bool, optional
        Let librosa compute it; the numbers are the same to rounding.
    center : bool, optional
        As it was given to `STFT`.
    length : int, optional
        Samples to return, cut or filled with zeros; None returns what the frames span: with center=False
        win_length + hop_length * (n_frames - 1), with center=True 2 * (win_length // 2) fewer.

    Returns
    -------
    y : array of float, shape (n_samples,)
        float32 for complex64, float64 for complex128. Samples at which the sum of squared windows is below 1 % of its
        steady value are 0.

    Raises
    ------
    ValueError
        If S does not belong to win_length or holds NaN, hop_length leaves gaps, or length is more than ten times what
        the frames span.

    References
    ----------
    Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE TASSP 32(2), 1984, equation 6.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import STFT, iSTFT
    >>> y = np.random.default_rng(0).uniform(-1, 1, 8000)
    >>> back = iSTFT(STFT(y, 512, 128, center=True), 512, 128, center=True, length=len(y))
    >>> bool(np.abs(back - y).max() < 1e-14)
    True
    """
    S = checks.complex_spectrogram(S)
    win_length, hop_length = checks.window_and_hop(win_length, hop_length)
    useLibrosa, center = checks.flag(useLibrosa, "useLibrosa"), checks.flag(center, "center")
    checks.bins_match(S, win_length)
    window = sample_window(winfunc, win_length).astype(S.real.dtype)
    length = output_length(length, win_length + hop_length * (S.shape[1] - 1))
    gain = synthesis_gain(window, hop_length, S.shape[1])
    if useLibrosa:
        needs("useLibrosa=True", "librosa")
        import librosa

        y = librosa.istft(
            S,
            hop_length=hop_length,
            n_fft=win_length,
            window=window,
            center=False,
            dtype=S.real.dtype,
            length=len(gain),
        )
        y = np.where(gain > 0, y, 0)
    else:
        y = gain * synthesise(S.T, window, hop_length)
    if center:
        y = y[win_length // 2 :]
        length = max(0, len(gain) - 2 * (win_length // 2)) if length is None else length
    if length is None:
        return y
    return np.pad(y[:length], (0, max(0, length - len(y))))


def output_length(length: int | None, spanned: int) -> int | None:
    """How many samples an inverse shall return, checked against what its frames span."""
    if length is None:
        return None
    length = checks.whole_number(length, "length", 0)
    if length > 10 * spanned:
        raise ValueError(f"length is {length}, but the frames span {spanned} samples: it counts samples, not frames.")
    return length


def lasting(seconds: float, sr: float) -> int:
    """The window, a power of two in samples, that lasts nearest to so many seconds."""
    return 1 << max(4, round(math.log2(seconds * sr)))


def lengths(win_length: Any, hop_length: Any, sr: float) -> tuple[int, int]:
    """Window and hop of a waveform's function, in samples: as asked for, or 93 ms and a quarter of the window."""
    win_length = lasting(SECONDS, sr) if win_length is None else checks.window_length(win_length, 2)
    return checks.window_and_hop(win_length, max(1, win_length // 4) if hop_length is None else hop_length)


def sample_window(winfunc: WindowFunction | None, win_length: int) -> NDArray[np.float64]:
    """The window's samples as float64, checked."""
    if winfunc is None:
        return halfsine(win_length)
    if not callable(winfunc):
        raise ValueError(
            f"winfunc is {checks.shown(winfunc)}, but it must be a function from a length to a window, "
            "such as spectrogramtools.hann or numpy.hanning."
        )
    window = checks.array(checks.called(winfunc, "winfunc", win_length), "the window")
    if window.shape != (win_length,) or window.dtype.kind not in "fiu" or not np.isfinite(window).all():
        raise ValueError(f"winfunc({win_length}) must return {win_length} finite real numbers.")
    if not window.any():
        raise ValueError(f"winfunc({win_length}) returned a window of zeros, with which nothing can be heard.")
    return window.astype(np.float64)


def analyse(y: Real, window: Real, hop_length: int) -> Complex:
    """Spectra of all whole frames of y, shape (n_frames, n_bins): frames as rows lie together in memory."""
    from scipy.fft import rfft

    frames = np.lib.stride_tricks.sliding_window_view(y, len(window))[::hop_length]
    S = np.empty((len(frames), 1 + len(window) // 2), np.result_type(y.dtype, np.complex64))
    for block in blocks(len(frames)):
        S[block] = rfft(frames[block] * window, axis=1)
    return S


def synthesise(S: Complex, window: Real, hop_length: int) -> Real:
    """Overlap-add of the windowed frames of S, shape (n_frames, n_bins), without dividing by the window sum."""
    from scipy.fft import irfft

    y = np.zeros(len(window) + hop_length * (len(S) - 1), S.real.dtype)
    for block in blocks(len(S)):
        frames = irfft(S[block], n=len(window), axis=1)
        frames *= window
        piece = overlap_add(frames, hop_length)
        start = block.start * hop_length
        y[start : start + len(piece)] += piece
    return y


def blocks(n_frames: int) -> Iterator[slice]:
    """All frames, some at a time: what is made of a block stays in the cache, which beats one long pass."""
    for first in range(0, n_frames, BLOCK):
        yield slice(first, min(first + BLOCK, n_frames))


def synthesis_gain(window: Real, hop_length: int, n_frames: int) -> Real:
    """One over the sum of squared windows at every sample, and 0 where that sum is below 1 % of its steady value."""
    squared = np.broadcast_to(window**2, (n_frames, len(window)))
    window_sum = overlap_add(squared, hop_length)
    steady = np.sum(window**2) / hop_length
    covered = window_sum >= COVERED * steady
    return np.divide(1, window_sum, out=np.zeros_like(window_sum), where=covered)


def overlap_add(frames: Real, hop_length: int) -> Real:
    """Sum of frames, shape (n_frames, win_length), each hop_length samples later than the one before."""
    n_frames, win_length = frames.shape
    n_blocks = -(-win_length // hop_length)
    # Cut each frame into blocks of one hop: block j of frame i belongs at place i + j, so all frames add up at once.
    out = np.zeros((n_frames + n_blocks - 1, hop_length), frames.dtype)
    for j in range(n_blocks):
        block = frames[:, j * hop_length : (j + 1) * hop_length]
        out[j : j + n_frames, : block.shape[1]] += block
    return out.ravel()[: win_length + hop_length * (n_frames - 1)]
