"""From masks to sounds: what every separation here does once its masks are known.

A mixture is transformed, each mask is laid on its spectrogram, and what comes through is transformed back with the
mixture's phase. Masks that sum to one share the sound itself, so the last sound is what the others leave, to rounding.

Functions and class: `separate`, for any function from magnitudes to masks; `Mixture`, one channel's spectrogram and
magnitudes, for whoever keeps them while masks change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.arrays import Complex, Real
from spectrogramtools.transforms import STFT, WindowFunction, iSTFT, lengths

Masks = Callable[[Real], Sequence[Real]]


class Mixture:
    """One channel: `y`, its spectrogram `S`, centred, and the magnitudes `A`; `sounds` goes from masks to waveforms."""

    def __init__(self, y: Real, win_length: int, hop_length: int, winfunc: WindowFunction | None = None) -> None:
        self.y, self.window = y, (win_length, hop_length, winfunc)
        self.S = STFT(y, *self.window, center=True)
        self.A: Real = np.abs(self.S)

    def sounds(self, masks: Sequence[ArrayLike]) -> list[Real]:
        """One sound for each mask, with the mixture's phase."""
        shares = [self._checked(M, f"mask {i}") for i, M in enumerate(masks)]
        if sum_to_one(shares):
            found = [self.sound(M * self.S) for M in shares[:-1]]
            return [*found, self.y - sum(found, np.zeros_like(self.y))]
        return [self.sound(M * self.S) for M in shares]

    def sound(self, S: Complex | Real) -> Real:
        """The sound of a spectrogram of this shape, as long as the channel."""
        return iSTFT(S, *self.window, center=True, length=len(self.y))

    def _checked(self, M: ArrayLike, name: str) -> Real:
        M = checks.mask(M, name).astype(self.A.dtype, copy=False)
        checks.same_shape(M, self.A, name, "the mixture's spectrogram")
        return M


def separate(
    y: ArrayLike,
    sr: float,
    masks: Masks,
    *,
    win_length: int | None = None,
    hop_length: int | None = None,
    winfunc: WindowFunction | None = None,
) -> tuple[Real, ...]:
    """Separate a waveform with masks of your own.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture; each channel gets masks of its own.
    sr : float
        Hz.
    masks : callable
        From magnitudes, shape (1 + win_length // 2, n_frames), to masks of this shape, one for each source.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    winfunc : callable, optional
        As for `STFT`.

    Returns
    -------
    sounds : tuple of arrays of float, each shaped like y
        One for each mask. If the masks sum to one, the sounds sum to y.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, an argument is out of range, or what `masks` gives is no list of masks.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import separate
    >>> y = np.random.default_rng(0).uniform(-1, 1, 22050)
    >>> def low_and_high(A):
    ...     low = np.zeros_like(A)
    ...     low[:100] = 1  # the lowest hundred rows
    ...     return low, 1 - low
    >>> low, high = separate(y, 22050, low_and_high)
    >>> bool(np.abs(low + high - y).max() < 1e-14)
    True
    """
    y = checks.sound(y)
    win_length, hop_length = lengths(win_length, hop_length, checks.rate(sr))
    if not callable(masks):
        raise ValueError(f"masks is {checks.shown(masks)}, but it must be a function from magnitudes to masks.")
    parts = []
    for channel in np.atleast_2d(y):
        mixture = Mixture(channel, win_length, hop_length, winfunc)
        parts.append(mixture.sounds(_listed(checks.called(masks, "masks", mixture.A))))
    return tuple(np.stack(sound).reshape(y.shape) for sound in zip(*parts, strict=True))


def sum_to_one(masks: Sequence[Real]) -> bool:
    """Whether masks share every cell out completely, to the rounding of float32."""
    return bool(np.abs(sum(masks) - 1).max() < 1e-6)


def _listed(masks: Any) -> Sequence[Any]:
    found = checks.sequence(masks, "what masks returns", "masks, one for each source")
    if len(found) == 0:
        raise ValueError("masks returns no mask: give one for each source.")
    return found
