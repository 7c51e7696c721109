"""spectrogramtools: the companion module of a course on music source separation.

One idea carries it: a source is what stays the same in some neighbourhood; take the median over that neighbourhood,
turn the result into a mask, keep the mixture's phase.
"""

from spectrogramtools.audio import clips, load_audio, load_clip
from spectrogramtools.blind import listen_blind
from spectrogramtools.bss_eval import framewise_sdr, sdr
from spectrogramtools.evaluation import scoreboard, si_sar, si_sdr, si_sir
from spectrogramtools.explorers import (
    explore_balance,
    explore_errors,
    explore_griffin_lim,
    explore_hpss,
    explore_inner_product,
    explore_moments,
    explore_repet,
    explore_repet_sim,
    explore_similarity,
    explore_songs,
    explore_stft,
    explore_tempo,
    explore_window_sum,
)
from spectrogramtools.griffinlim import griffinLimInverse
from spectrogramtools.masks import (
    apply_mask,
    binary_masks,
    fitted_mask,
    foreground_trust,
    repeating_mask,
    soft_masks,
)
from spectrogramtools.medians import (
    median_across_frequency,
    median_across_periods,
    median_across_similar,
    median_across_time,
)
from spectrogramtools.player import listen
from spectrogramtools.plots import plot_spectrogram
from spectrogramtools.prediction import predict
from spectrogramtools.separation.follow import follow_period
from spectrogramtools.separation.ft2d import ft2d, ft2d_masks
from spectrogramtools.separation.hpss import hpss, hpss_masks, hpss_two_stage
from spectrogramtools.separation.period import beat_spectrum, find_period
from spectrogramtools.separation.repet import repet, repet_adaptive, repet_extended, repet_masks
from spectrogramtools.separation.repet_sim import (
    repet_sim,
    repet_sim_masks,
    repet_sim_online,
    similar_frames,
    similarity_matrix,
)
from spectrogramtools.separation.separate import separate
from spectrogramtools.transforms import STFT, iSTFT
from spectrogramtools.transforms import halfsine as halfsine
from spectrogramtools.transforms import hann as hann

__version__ = "0.10.0"

# halfsine and hann are imported by name: a star import shall not hide scipy's hann from a class that uses it.
__all__ = [
    "STFT",
    "apply_mask",
    "beat_spectrum",
    "binary_masks",
    "clips",
    "explore_balance",
    "explore_errors",
    "explore_griffin_lim",
    "explore_hpss",
    "explore_inner_product",
    "explore_moments",
    "explore_repet",
    "explore_repet_sim",
    "explore_similarity",
    "explore_songs",
    "explore_stft",
    "explore_tempo",
    "explore_window_sum",
    "find_period",
    "fitted_mask",
    "follow_period",
    "foreground_trust",
    "framewise_sdr",
    "ft2d",
    "ft2d_masks",
    "griffinLimInverse",
    "hpss",
    "hpss_masks",
    "hpss_two_stage",
    "iSTFT",
    "listen",
    "listen_blind",
    "load_audio",
    "load_clip",
    "median_across_frequency",
    "median_across_periods",
    "median_across_similar",
    "median_across_time",
    "plot_spectrogram",
    "predict",
    "repeating_mask",
    "repet",
    "repet_adaptive",
    "repet_extended",
    "repet_masks",
    "repet_sim",
    "repet_sim_masks",
    "repet_sim_online",
    "scoreboard",
    "sdr",
    "separate",
    "si_sar",
    "si_sdr",
    "si_sir",
    "similar_frames",
    "similarity_matrix",
    "soft_masks",
]
