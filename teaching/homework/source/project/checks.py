"""Checks for homework 4, and the stems' way to disk. They say what is wrong, and decide no mark."""

from pathlib import Path

import numpy as np
import soundfile

from spectrogramtools import STFT, apply_mask, iSTFT, load_clip, si_sdr
from spectrogramtools.homework import attempt, error_db, say


def masks(function):
    """Shape, range and sum; for noise, silence, and a few frames."""
    noise = np.random.default_rng(5).gamma(1.0, size=(40, 120))
    for name, A in (("noise", noise), ("silence", np.zeros((40, 120))), ("three frames", noise[:, :3])):
        result = attempt(function, A)
        if result is None:
            return
        if say(result.shape == (2, *A.shape), f"{name}: the shape is right", f"{name}: the shape is {result.shape}"):
            off = np.abs(result.sum(axis=0) - 1).max()
            say(off < 1e-6, f"{name}: the masks sum to one", f"{name}: the sum is off by {off:.3g}")
            low, high = result.min(), result.max()
            fine = low >= 0 and high <= 1 + 1e-6
            say(fine, f"{name}: between 0 and 1", f"{name}: from {low:.3g} to {high:.3g}, not from 0 to 1")


def score(function):
    """On ten seconds of a clip of the course."""
    clip = load_clip("band_trumpet")
    y, trumpet = clip.mixture[: 10 * clip.sr], clip.stems["trumpet"][: 10 * clip.sr]
    S = STFT(y, 2048, 512, center=True)
    found = attempt(function, np.abs(S))
    if found is not None and found.shape == (2, *S.shape):
        band = iSTFT(apply_mask(S, np.clip(found[0], 0, 1)), 2048, 512, center=True, length=len(y))
        before, after = si_sdr(y - trumpet, y), si_sdr(y - trumpet, band)
        told = f"under the trumpet the band has {after:.1f} dB, the mixture {before:.1f} dB"
        say(after > before, told, f"{told}: worse than doing nothing")


def save_stems(y, stems, folder="stems"):
    """Write the mixture and its stems as FLAC, and say whether they add up."""
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    error = error_db(sum(np.asarray(stem, dtype=float) for stem in stems.values()), y)
    say(error < -80, f"the stems add up to the mixture: {error:.0f} dB", f"the stems' sum is off by {error:.1f} dB")
    for name, stem in {"mixture": y, **stems}.items():
        peak = float(np.abs(stem).max())
        say(
            1e-4 < peak <= 1, f"{name}: peak {peak:.2f}", f"{name}: peak {peak:.2g}, it should lie between 0.0001 and 1"
        )
        soundfile.write(folder / f"{name}.flac", np.clip(stem, -1, 1), 22050, subtype="PCM_24")
    print(f"{len(stems) + 1} files are in the folder {folder}: hand it in with this notebook")
