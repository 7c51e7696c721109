"""Importing the package is quick, gives the names that were promised, and needs nothing but numpy."""

import subprocess
import sys

import numpy as np

import spectrogramtools

HEAVY = ("scipy", "librosa", "numba", "matplotlib", "ipywidgets", "anywidget", "soundfile", "IPython")
NAMES = {
    *("STFT", "iSTFT", "griffinLimInverse", "median_across_time", "median_across_frequency"),
    *("soft_masks", "binary_masks", "apply_mask", "hpss_masks", "hpss", "si_sdr"),
    *("median_across_periods", "median_across_similar", "repeating_mask", "beat_spectrum", "find_period"),
    *("repet_masks", "repet", "repet_extended", "repet_adaptive", "similarity_matrix", "similar_frames"),
    *("repet_sim_masks", "repet_sim", "repet_sim_online", "ft2d_masks", "ft2d", "hpss_two_stage"),
    *("si_sir", "si_sar", "scoreboard", "separate"),
    *(
        "clips",
        "load_clip",
        "load_audio",
        "plot_spectrogram",
        "listen",
        "explore_hpss",
        "explore_repet",
        "explore_stft",
    ),
}


def test_importing_loads_none_of_the_heavy_packages():
    for statement in ("import spectrogramtools", "from spectrogramtools import *"):
        code = f"import sys\n{statement}\nprint([name for name in {HEAVY} if name in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        assert done.stdout.strip() == "[]", statement


def test_the_star_gives_the_promised_names_and_nothing_else():
    space = {}
    exec("from spectrogramtools import *", space)
    assert set(space) - {"__builtins__"} == NAMES


def test_the_core_runs_on_numpy_and_scipy_alone():
    """Where none of the other packages can be imported."""
    code = f"""
import sys
for name in {HEAVY[1:]}:
    sys.modules[name] = None
import numpy as np
from spectrogramtools import *
y = np.random.default_rng(0).standard_normal(20_000)
harmonic, percussive = hpss(y, 22050)
assert np.allclose(harmonic + percussive, y)
griffinLimInverse(np.abs(STFT(y, 512, 128)), 512, 128, 2, verbose=False)
print(si_sdr(y, harmonic))
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, capture_output=True)


def test_windows_are_there_by_name():
    np.testing.assert_allclose(spectrogramtools.hann(4), [0, 0.5, 1, 0.5], atol=1e-15)
    np.testing.assert_allclose(spectrogramtools.halfsine(4), [0, 0.5**0.5, 1, 0.5**0.5], atol=1e-15)
