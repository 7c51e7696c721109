"""Bad input gets one clear sentence that says what to do.

Every public function passes its arguments through here first. The functions return the argument as a
numpy array (or a plain number) and raise `ValueError` with a sentence; they never change their input.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools.arrays import Complex, Real

# What is allocated stays in proportion to the input: a median's window may have so many cells more than twice the axis
# that it slides over, and a transform's window so many samples more than eight times the signal.
MORE_CELLS, MORE_SAMPLES = 2000, 2**16
# No sound is louder than this, where full scale is 1.0.
LOUDEST = 1e18
# The longest window that is made without a signal.
LONGEST_WINDOW = 2**24

_FULL_SCALE = {
    "int8": "y / 128",
    "int16": "y / 32768",
    "int32": "y / 2147483648",
    "uint8": "(y - 128.0) / 128",
}


def waveform(y: ArrayLike, name: str = "y") -> Real:
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


def channels(y: ArrayLike, name: str = "y") -> Real:
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


def sound(y: ArrayLike, name: str = "y") -> Real:
    """Channels of which magnitudes can be taken without overflow."""
    y = channels(y, name)
    if max(y.max(), -y.min()) > LOUDEST:
        raise ValueError(f"{name} reaches {np.abs(y).max():.3g}, but full scale is 1.0: scale it down first.")
    return y


def real_spectrogram(A: ArrayLike, name: str = "A") -> Real:
    """A real matrix of shape (n_bins, n_frames), finite, of either sign."""
    A = array(A, name)
    if np.iscomplexobj(A):
        raise ValueError(f"{name} is complex, but magnitudes are wanted here: pass np.abs({name}).")
    A = _float_array(A, name)
    _two_dimensional(A, name)
    return _finite(A, name, "cell")


def magnitudes(A: ArrayLike, name: str = "A") -> Real:
    """A magnitude spectrogram: real, finite, not negative, shape (n_bins, n_frames)."""
    A = real_spectrogram(A, name)
    if A.min() < 0:
        raise ValueError(f"{name} holds negative numbers, but a magnitude is never negative: pass np.abs(S), not dB.")
    return A


def complex_spectrogram(S: ArrayLike, name: str = "S") -> Complex:
    """A spectrogram as `STFT` gives it, shape (n_bins, n_frames); real numbers count as phase 0."""
    S = array(S, name)
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


def bins_match(S: Real | Complex, win_length: int, name: str = "S") -> None:
    """The number of rows must be the one that this window length gives."""
    if S.shape[0] != 1 + win_length // 2:
        raise ValueError(
            f"{name} has {S.shape[0]} rows, but win_length={win_length} makes {1 + win_length // 2}: "
            "pass the win_length that the STFT was made with."
        )


def same_shape(A: NDArray[Any], B: NDArray[Any], name_a: str, name_b: str) -> None:
    if A.shape != B.shape:
        raise ValueError(f"{name_a} has shape {A.shape} and {name_b} has {B.shape}: they must be alike.")


def mask(M: ArrayLike, name: str = "M") -> Real:
    """A mask: real, shape (n_bins, n_frames), every value in [0, 1] (to rounding)."""
    M = array(M, name)
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
        number = int(operator.index(value))
    except Exception:  # an object may raise anything when it is asked
        raise ValueError(f"{name} is {shown(value)}, but it must be a whole number of at least {minimum}.") from None
    if not minimum <= number < 2**62:
        wanted = f"at least {minimum}" if number < minimum else "a number that a computer can count to"
        raise ValueError(f"{name} is {shown(number)}, but it must be {wanted}.")
    return number


def widest(n: int) -> int:
    """The widest median over an axis of n cells; wider ones would only allocate more and more of the same cells."""
    return 2 * n + MORE_CELLS - 1


def half_width(value: Any, name: str, n: int) -> int:
    """How far a median over an axis of n cells reaches to each side."""
    half = whole_number(value, name, 0)
    if half > widest(n) // 2:
        raise ValueError(f"{name} is {half}, but that axis has {n} cells: use at most {widest(n) // 2}.")
    return half


def odd_width(value: Any, name: str, n: int) -> int:
    """The width of a median over an axis of n cells: odd, and not out of all proportion to it."""
    width = whole_number(value, name, 1)
    if width > widest(n):
        raise ValueError(f"{name} is {width}, but that axis has {n} cells: use at most {widest(n)}.")
    if width % 2 == 0:
        raise ValueError(
            f"{name} is {width}, but a median needs a middle: use an odd number of cells, {width - 1} or {width + 1}."
        )
    return width


def indices(values: ArrayLike, name: str, n: int) -> NDArray[np.integer[Any]]:
    """At least one whole number from 0 to n - 1, shape (n_indices,)."""
    values = array(values, name)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} must be a list of at least one frame index, but it has shape {values.shape}.")
    if values.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {values.dtype} numbers, but a frame index is a whole one: {name}.astype(int).")
    if values.min() < 0 or values.max() >= n:
        raise ValueError(f"{name} runs from {values.min()} to {values.max()}, but frames count from 0 to {n - 1}.")
    return values


def number(value: Any, name: str, minimum: float, maximum: float = np.inf, *, above: bool = False) -> float:
    """A finite number of at least `minimum` (more than it if `above`) and at most `maximum`."""
    wanted = f"more than {minimum:g}" if above else f"at least {minimum:g}"
    wanted += "" if maximum == np.inf else f" and at most {maximum:g}"
    if not _is_one_real_number(value):
        raise ValueError(f"{name} is {shown(value)}, but it must be a number, {wanted}.")
    try:
        x = float(value)
    except OverflowError:  # a whole number beyond the largest float
        raise ValueError(f"{name} is {shown(value)}, but it must be a finite number, {wanted}.") from None
    if not np.isfinite(x) or x < minimum or (above and x == minimum) or x > maximum:
        raise ValueError(f"{name} is {x:g}, but it must be a finite number, {wanted}.")
    return x


def rate(sr: Any) -> float:
    """A sampling rate in Hz."""
    return number(sr, "sr", 0.001, 1e7)


def called(function: Callable[..., Any], name: str, argument: Any) -> Any:
    """What a function of the caller's gives; the error that stops it is told as well, with its own traceback."""
    try:
        return function(argument)
    except Exception as error:
        told = " ".join(str(error).split()).rstrip(".")
        raise ValueError(f"{name} stops with {type(error).__name__}: {told}.") from error


def angles(phase: ArrayLike, name: str = "phase") -> Real:
    """Angles in radians, shape (n_bins, n_frames)."""
    found = real_spectrogram(phase, name)
    if np.abs(found).max() > 1e6:
        raise ValueError(f"{name} reaches {np.abs(found).max():.3g}, but angles in radians need no more than 2 pi.")
    return found


def flag(value: Any, name: str) -> bool:
    """True or False, and nothing that only counts as one of them."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {shown(value)}, but it must be True or False.")
    return bool(value)


def one_of(value: Any, name: str, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        listed = " or ".join(repr(c) for c in choices)
        raise ValueError(f"{name} is {shown(value)}; choose {listed}.")
    return value


def mapping(value: Any, name: str, example: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is {shown(value)}, but it must be a dict, such as {example}.")
    return value


def sequence(value: Any, name: str, what: str) -> Sequence[Any]:
    """A list, a tuple or the rows of an array, as a list."""
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    if not is_list and not (isinstance(value, np.ndarray) and value.ndim > 0):
        raise ValueError(f"{name} is {shown(value)}, but it must be a list of {what}.")
    return list(value)


def window_length(win_length: Any, minimum: int = 1) -> int:
    samples = whole_number(win_length, "win_length", minimum)
    if samples > LONGEST_WINDOW:
        raise ValueError(f"win_length is {samples}, but a window has at most {LONGEST_WINDOW} samples.")
    return samples


def window_and_hop(win_length: Any, hop_length: Any) -> tuple[int, int]:
    win_length = window_length(win_length, 2)
    hop_length = whole_number(hop_length, "hop_length", 1)
    if hop_length > win_length:
        raise ValueError(
            f"hop_length={hop_length} is longer than win_length={win_length} and leaves gaps between the frames: "
            f"use at most {win_length}; {max(1, win_length // 4)} is usual."
        )
    return win_length, hop_length


def window_fits(win_length: int, n_samples: int) -> None:
    """A centred window may be longer than the signal, but not out of all proportion to it."""
    longest = 8 * n_samples + MORE_SAMPLES
    if win_length > longest:
        raise ValueError(f"win_length is {win_length}, but y has {n_samples} samples: use at most {longest}.")


def array(x: ArrayLike, name: str) -> NDArray[Any]:
    """Anything that numpy can read as an array, without what a masked array hides."""
    if isinstance(x, np.ma.MaskedArray):
        if np.ma.is_masked(x):
            raise ValueError(f"{name} holds masked values, which have no sound: fill them first, {name}.filled(0).")
        x = x.data
    try:
        return np.asarray(x)
    except Exception:  # an object may raise anything when it is asked
        raise ValueError(f"{name} can't be read as an array: its rows must be equally long.") from None


def _float_array(x: ArrayLike, name: str) -> Real:
    x = array(x, name)
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


def _two_dimensional(x: NDArray[Any], name: str) -> None:
    if x.ndim != 2:
        raise ValueError(f"{name} has shape {x.shape}, but a spectrogram has two dimensions: (n_bins, n_frames).")
    if x.size == 0:
        raise ValueError(f"{name} is empty: shape {x.shape}.")


def _finite(x: Real, name: str, what: str) -> Real:
    if not np.isfinite(x).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
        place = where[0] if len(where) == 1 else where
        raise ValueError(
            f"{name} holds NaN or infinity, first at {what} {place}: find where it came from; "
            f"np.nan_to_num({name}) replaces it by 0."
        )
    return x


def _is_one_real_number(value: Any) -> bool:
    """A number of Python's or numpy's, or an array that holds nothing but one."""
    if isinstance(value, np.ndarray):
        return value.shape == () and value.dtype.kind in "fiu" and not np.ma.is_masked(value)
    return isinstance(value, int | float | np.floating | np.integer) and not isinstance(value, np.timedelta64)


def shown(value: Any) -> str:
    """What was passed, in one line that is not too long to read."""
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a whole number of more than 20 digits"
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple | list) and len(value) <= 4:
        inside = ", ".join(shown(part) for part in value)
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if not isinstance(value, str | bytes | int | float | complex | np.generic | np.ndarray | None):
        return f"a {type(value).__name__}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:59] + "…"
