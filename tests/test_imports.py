"""Importing the package is quick, gives the names that were promised, and needs nothing but numpy; what only a lecture
needs may be missing."""

import subprocess
import sys

import numpy as np
import pytest

import spectrogramtools

HEAVY = ("scipy", "librosa", "numba", "matplotlib", "ipywidgets", "anywidget", "soundfile", "soxr", "IPython", "tqdm")
NAMES = {
    *("STFT", "iSTFT", "griffinLimInverse", "median_across_time", "median_across_frequency"),
    *("soft_masks", "binary_masks", "apply_mask", "hpss_masks", "hpss", "si_sdr"),
    *("median_across_periods", "median_across_similar", "repeating_mask", "beat_spectrum", "find_period"),
    *("follow_period", "foreground_trust", "fitted_mask"),
    *("repet_masks", "repet", "repet_extended", "repet_adaptive", "similarity_matrix", "similar_frames"),
    *("repet_sim_masks", "repet_sim", "repet_sim_online", "ft2d_masks", "ft2d", "hpss_two_stage"),
    *("si_sir", "si_sar", "sdr", "framewise_sdr", "scoreboard", "separate"),
    *(
        "clips",
        "load_clip",
        "load_audio",
        "plot_spectrogram",
        "listen",
        "listen_blind",
        "predict",
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


# Run at the start of a process: of the packages named in `missing`, none can be found.
BLOCK = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
import numpy as np
from spectrogramtools import *
from spectrogramtools.plots import plot_mask, show_figure
from spectrogramtools.evaluation import Scoreboard

y = np.random.default_rng(0).standard_normal(20_000)
"""


def run_without(missing, code):
    command = [sys.executable, "-W", "error", "-c", f"missing = {missing!r}\n{BLOCK}\n{code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_numerical_core_runs_on_numpy_and_scipy_alone():
    """As in a browser's Python, where the other packages are not to be had."""
    code = """
harmonic, percussive = hpss(y, 22050)
assert np.allclose(harmonic + percussive, y)
griffinLimInverse(np.abs(STFT(y, 512, 128)), 512, 128, 2, verbose=False)
print(si_sdr(y, harmonic))
"""
    assert run_without(HEAVY[1:], code)


def test_the_light_core_loads_resamples_separates_and_measures(tmp_path):
    """With what `pip install spectrogramtools` brings."""
    code = f"""
import soundfile
clip = load_clip("violin_castanets")
soundfile.write({str(tmp_path / "mixture.wav")!r}, clip.mixture, clip.sr)
y, sr = load_audio({str(tmp_path / "mixture.wav")!r}, sr=16000)
assert sr == 16000 and len(y) == -(-len(clip.mixture) * 16000 // clip.sr)
harmonic, percussive = hpss(clip.mixture, clip.sr)
print(si_sdr(clip.stems["violin"], harmonic))
"""
    light = {"scipy", "soundfile", "soxr"}
    assert float(run_without([name for name in HEAVY if name not in light], code)) > 11


@pytest.mark.parametrize(
    ("package", "what", "call"),
    [
        ("matplotlib", "a plot", "plot_spectrogram(STFT(y, 512, 128), 22050, 128)"),
        ("matplotlib", "a plot", "plot_mask(np.ones((257, 9)), 22050, 128)"),
        ("matplotlib", "a plot", "Scoreboard([]).plot()"),
        ("matplotlib", "show_figure", "show_figure('a figure')"),
        ("IPython", "show_figure", "show_figure('a figure')"),
        ("librosa", "useLibrosa=True", "STFT(y, 512, 128, useLibrosa=True)"),
        ("librosa", "useLibrosa=True", "iSTFT(STFT(y, 512, 128), 512, 128, useLibrosa=True)"),
        ("anywidget", "listen", "listen(y, 22050)"),
        ("ipywidgets", "listen", "listen(y, 22050)"),
        ("matplotlib", "listen", "listen(y, 22050)"),
        ("anywidget", "predict", "predict('?', '!', choose=['a', 'b'])"),
        ("ipywidgets", "listen_blind", "listen_blind({'a': y, 'b': y}, 22050)"),
        ("anywidget", "explore_stft", "explore_stft(y, 22050)"),
        ("ipywidgets", "explore_hpss", "explore_hpss(y, 22050)"),
        ("anywidget", "explore_repet", "explore_repet(y, 22050)"),
        ("matplotlib", "explore_balance", "explore_balance({'a': y, 'b': y}, 22050)"),
        ("anywidget", "explore_errors", "explore_errors({'a': y, 'b': y, 'c': y}, 22050)"),
        ("ipywidgets", "explore_griffin_lim", "explore_griffin_lim(y, 22050)"),
        ("anywidget", "explore_repet_sim", "explore_repet_sim(y, 22050)"),
        ("matplotlib", "explore_tempo", "explore_tempo({'a': y, 'b': y}, 22050)"),
        ("anywidget", "explore_window_sum", "explore_window_sum(y, 22050)"),
        ("ipywidgets", "explore_moments", "explore_moments(y, 22050)"),
        ("anywidget", "explore_inner_product", "explore_inner_product(y, 22050)"),
        ("matplotlib", "explore_similarity", "explore_similarity(y, 22050)"),
        ("ipywidgets", "explore_songs", "explore_songs({'a': y[:9], 'b': y[:9]})"),
        ("tqdm", "verbose=True", "repet_sim(y, 22050, verbose=True)"),
    ],
)
def test_a_missing_part_says_what_brings_it(package, what, call):
    code = f"""
try:
    {call}
except ModuleNotFoundError as error:
    print(error.name, error, sep=": ")
"""
    sentence = f'{what} needs {package}, which is not installed: pip install "spectrogramtools[course]" brings it.'
    assert run_without([package], code) == f"{package}: {sentence}\n"


def test_windows_are_there_by_name():
    np.testing.assert_allclose(spectrogramtools.hann(4), [0, 0.5, 1, 0.5], atol=1e-15)
    np.testing.assert_allclose(spectrogramtools.halfsine(4), [0, 0.5**0.5, 1, 0.5**0.5], atol=1e-15)
