"""spectrogramtools: the companion module of a course on music source separation.

One idea carries it: a source is what stays the same in some neighbourhood; take the median over that neighbourhood,
turn the result into a mask, keep the mixture's phase.
"""

from spectrogramtools.audio import clips, load_audio, load_clip
from spectrogramtools.evaluation import si_sdr
from spectrogramtools.explorers import explore_hpss
from spectrogramtools.griffinlim import griffinLimInverse
from spectrogramtools.masks import apply_mask, binary_masks, soft_masks
from spectrogramtools.medians import median_across_frequency, median_across_time
from spectrogramtools.player import listen
from spectrogramtools.plots import plot_spectrogram
from spectrogramtools.separation.hpss import hpss, hpss_masks
from spectrogramtools.transforms import STFT, iSTFT
from spectrogramtools.transforms import halfsine as halfsine
from spectrogramtools.transforms import hann as hann

__version__ = "0.1.0"

# halfsine and hann are imported by name: a star import shall not hide scipy's hann from a class that uses it.
__all__ = [
    "STFT",
    "apply_mask",
    "binary_masks",
    "clips",
    "explore_hpss",
    "griffinLimInverse",
    "hpss",
    "hpss_masks",
    "iSTFT",
    "listen",
    "load_audio",
    "load_clip",
    "median_across_frequency",
    "median_across_time",
    "plot_spectrogram",
    "si_sdr",
    "soft_masks",
]
