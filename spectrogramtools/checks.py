"""Bad input gets one clear sentence that says what to do.

Every public function passes its arguments through here first. The functions return the argument as a
numpy array (or a plain number) and raise `ValueError` with a sentence; they never change their input.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_FULL_SCALE = {
    "int8": "y / 128",
    "int16": "y / 32768",
    "int32": "y / 2147483648",
    "uint8": "(y - 128.0) / 128",
}


def waveform(y: ArrayLike, name: str = "y") -> NDArray:
    """A mono waveform: real floating point, shape (n_samples,), finite, not empty."""
    y = _float_array(y, name)
    if y.ndim == 2:
        axis = int(np.argmin(y.shape))
        raise ValueError(
            f"{name} has shape {y.shape}, but this function takes one channel: "
            f"mix down with {name}.mean(axis={axis}), or separate the channels one by one."
        )
    if y.ndim != 1:
        raise ValueError(f"{name} has {y.ndim} dimensions, but a mono waveform has one: (n_samples,).")
    return _finite(y, name, "sample")


def channels(y: ArrayLike, name: str = "y") -> NDArray:
    """A waveform of one or several channels: shape (n_samples,) or (channels, n_samples)."""
    y = _float_array(y, name)
    if y.ndim not in (1, 2):
        raise ValueError(f"{name} has {y.ndim} dimensions; use (n_samples,) or (channels, n_samples).")
    if y.ndim == 2 and y.shape[0] > y.shape[1]:
        raise ValueError(
            f"{name} has shape {y.shape}, which reads as {y.shape[0]} channels: "
            f"use (channels, n_samples), that is {name}.T."
        )
    return _finite(y, name, "sample")


def real_spectrogram(A: ArrayLike, name: str = "A") -> NDArray:
    """A real matrix of shape (n_bins, n_frames), finite, of either sign."""
    A = _array(A, name)
    if np.iscomplexobj(A):
        raise ValueError(f"{name} is complex, but magnitudes are wanted here: pass np.abs({name}).")
    A = _float_array(A, name)
    _two_dimensional(A, name)
    return _finite(A, name, "cell")


def magnitudes(A: ArrayLike, name: str = "A") -> NDArray:
    """A magnitude spectrogram: real, finite, not negative, shape (n_bins, n_frames)."""
    A = real_spectrogram(A, name)
    if A.min() < 0:
        raise ValueError(f"{name} holds negative numbers, but a magnitude is never negative: pass np.abs(S), not dB.")
    return A


def complex_spectrogram(S: ArrayLike, name: str = "S") -> NDArray:
    """A spectrogram as `STFT` gives it, shape (n_bins, n_frames); real numbers count as phase 0."""
    S = _array(S, name)
    if S.dtype in (np.float32, np.float64):
        S = S.astype(np.result_type(S.dtype, np.complex64))
    if S.dtype not in (np.complex64, np.complex128):
        raise ValueError(f"{name} has dtype {S.dtype}: a spectrogram is complex64 or complex128, as STFT returns it.")
    _two_dimensional(S, name)
    if not np.isfinite(S).all():
        raise ValueError(
            f"{name} holds NaN or infinity, as a mask of 0 / 0 leaves it: "
            "soft_masks(A, B) gives 0.5 where both magnitudes are 0."
        )
    return S


def bins_match(S: NDArray, win_length: int, name: str = "S") -> None:
    """The number of rows must be the one that this window length gives."""
    if S.shape[0] != 1 + win_length // 2:
        raise ValueError(
            f"{name} has {S.shape[0]} rows, but win_length={win_length} makes {1 + win_length // 2}: "
            "pass the win_length that the STFT was made with."
        )


def same_shape(A: NDArray, B: NDArray, name_a: str, name_b: str) -> None:
    if A.shape != B.shape:
        raise ValueError(f"{name_a} has shape {A.shape} and {name_b} has {B.shape}: they must be alike.")


def mask(M: ArrayLike, name: str = "M") -> NDArray:
    """A mask: real, shape (n_bins, n_frames), every value in [0, 1] (to rounding)."""
    M = _array(M, name)
    if M.dtype == bool:
        M = M.astype(np.float32)
    M = real_spectrogram(M, name)
    if M.min() < -1e-6 or M.max() > 1 + 1e-6:
        raise ValueError(
            f"{name} runs from {M.min():.3g} to {M.max():.3g}, but a mask lies between 0 and 1: "
            "divide by the sum of the sources first, as soft_masks does."
        )
    return M


def whole_number(value: Any, name: str, minimum: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} is {value!r}, but it must be a whole number of at least {minimum}.") from None
    if number < minimum:
        raise ValueError(f"{name} is {number}, but it must be at least {minimum}.")
    return number


def odd_width(value: Any, name: str = "width") -> int:
    width = whole_number(value, name, 1)
    if width % 2 == 0:
        raise ValueError(
            f"{name} is {width}, but a median needs a middle: use an odd number of cells, {width - 1} or {width + 1}."
        )
    return width


def indices(values: ArrayLike, name: str, n: int) -> NDArray:
    """At least one whole number from 0 to n - 1, shape (n_indices,)."""
    values = _array(values, name)
    if values.ndim != 1 or values.size == 0 or values.dtype.kind not in "iu":
        raise ValueError(f"{name} must be a list of at least one frame index, but it has shape {values.shape}.")
    if values.min() < 0 or values.max() >= n:
        raise ValueError(f"{name} runs from {values.min()} to {values.max()}, but frames count from 0 to {n - 1}.")
    return values


def number(value: Any, name: str, minimum: float, maximum: float = np.inf, *, above: bool = False) -> float:
    """A finite number of at least `minimum` (more than it if `above`) and at most `maximum`."""
    wanted = f"more than {minimum:g}" if above else f"at least {minimum:g}"
    wanted += "" if maximum == np.inf else f" and at most {maximum:g}"
    try:
        x = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}, but it must be a number, {wanted}.") from None
    if not np.isfinite(x) or x < minimum or (above and x == minimum) or x > maximum:
        raise ValueError(f"{name} is {x:g}, but it must be a finite number, {wanted}.")
    return x


def one_of(value: Any, name: str, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        listed = " or ".join(repr(c) for c in choices)
        raise ValueError(f"{name} is {value!r}; choose {listed}.")
    return value


def window_and_hop(win_length: Any, hop_length: Any) -> tuple[int, int]:
    win_length = whole_number(win_length, "win_length", 2)
    hop_length = whole_number(hop_length, "hop_length", 1)
    if hop_length > win_length:
        raise ValueError(
            f"hop_length={hop_length} is longer than win_length={win_length} and leaves gaps between the frames: "
            f"use at most {win_length}; {max(1, win_length // 4)} is usual."
        )
    return win_length, hop_length


def _array(x: ArrayLike, name: str) -> NDArray:
    try:
        return np.asarray(x)
    except (ValueError, TypeError):
        raise ValueError(f"{name} can't be read as an array: its rows differ in length.") from None


def _float_array(x: ArrayLike, name: str) -> NDArray:
    x = _array(x, name)
    if np.iscomplexobj(x):
        raise ValueError(
            f"{name} is complex, but real numbers are wanted here: a waveform, or np.abs of a spectrogram."
        )
    if x.dtype.name in _FULL_SCALE:
        raise ValueError(
            f"{name} has dtype {x.dtype}: scale it to full scale 1.0 first, {name} = "
            f"{_FULL_SCALE[x.dtype.name].replace('y', name, 1)}."
        )
    if x.dtype not in (np.float32, np.float64):
        raise ValueError(f"{name} has dtype {x.dtype}: use float32 or float64, {name}.astype(np.float32).")
    if x.size == 0:
        raise ValueError(f"{name} is empty: shape {x.shape}.")
    return x


def _two_dimensional(x: NDArray, name: str) -> None:
    if x.ndim != 2:
        raise ValueError(f"{name} has shape {x.shape}, but a spectrogram has two dimensions: (n_bins, n_frames).")
    if x.size == 0:
        raise ValueError(f"{name} is empty: shape {x.shape}.")


def _finite(x: NDArray, name: str, what: str) -> NDArray:
    if not np.isfinite(x).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
        place = where[0] if len(where) == 1 else where
        raise ValueError(
            f"{name} holds NaN or infinity, first at {what} {place}: find where it came from; "
            f"np.nan_to_num({name}) replaces it by 0."
        )
    return x
