"""One API: what a function takes, in which order, with which defaults, and how its docstring says so."""

import ast
import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path

import numpydoc.docscrape
import pytest

import spectrogramtools

PACKAGE = Path(spectrogramtools.__file__).parent
PUBLIC = {name: getattr(spectrogramtools, name) for name in (*spectrogramtools.__all__, "halfsine", "hann")}

# Every parameter that has a default, so that none changes unnoticed. A change belongs into CHANGELOG.md.
TRANSFORM = dict(winfunc=None, useLibrosa=False, center=False)
WINDOW = dict(win_length=None, hop_length=None)
MASK = dict(mask="fitted", power=1.0)
ONLINE = dict(mask="soft", power=1.0)
HPSS = dict(mask="soft", power=1.0, margin=1.0, edges="reflect")
SIM = dict(count=100, threshold=0.0)
DRAWING = dict(center=False, y_axis="linear", title="", colorbar=True, ax=None)
DEFAULTS = {
    "STFT": TRANSFORM,
    "iSTFT": dict(**TRANSFORM, length=None),
    "griffinLimInverse": dict(
        NIters=10, winfunc=None, momentum=0.0, phase="zero", seed=None, center=False, length=None, verbose=True
    ),
    "median_across_time": dict(edges="reflect"),
    "median_across_frequency": dict(edges="reflect"),
    "median_across_periods": dict(nearest=None),
    "soft_masks": dict(power=1.0),
    "binary_masks": dict(margin=1.0),
    "apply_mask": dict(phase="mixture"),
    "separate": dict(**WINDOW, winfunc=None),
    "hpss_masks": dict(winh_frames=20, winv_bins=40, **HPSS),
    "hpss": dict(winh=0.35, winv=80.0, **HPSS, **WINDOW, winfunc=None),
    "hpss_two_stage": dict(
        winh=0.1,
        winv=250.0,
        mask="binary",
        power=1.0,
        margin=2.0,
        edges="reflect",
        long_win_length=None,
        short_win_length=None,
    ),
    "find_period": dict(min_period=0.8, max_period=None),
    "follow_period": dict(period=None, verbose=False),
    "repet_masks": dict(**MASK, highpass_bins=0, nearest=None),
    "repet": dict(period=None, highpass=100.0, **MASK, **WINDOW),
    "repet_extended": dict(segment=10.0, period=None, highpass=100.0, **MASK, **WINDOW, verbose=False),
    "repet_adaptive": dict(period=None, nearest=None, highpass=100.0, **MASK, **WINDOW, verbose=False),
    "similar_frames": dict(**SIM, distance_frames=1),
    "repet_sim_masks": dict(**SIM, distance_frames=43, **MASK, highpass_bins=0, verbose=False),
    "repet_sim": dict(**SIM, distance=1.0, highpass=100.0, **MASK, **WINDOW, verbose=False),
    "repet_sim_online": dict(buffer=10.0, **SIM, distance=1.0, highpass=100.0, **ONLINE, **WINDOW, verbose=False),
    "ft2d_masks": dict(neighbourhood=(1, 25), **MASK, highpass_bins=0),
    "ft2d": dict(neighbourhood=(1, 25), highpass=100.0, **MASK, **WINDOW),
    "sdr": dict(taps=512),
    "framewise_sdr": dict(window=1.0),
    "scoreboard": dict(highpass=100.0, **WINDOW),
    "load_audio": dict(sr=22050, mono=True),
    "plot_spectrogram": dict(**DRAWING, ref=None, dynamic_range=80.0),
    "listen": dict(y_axis="linear"),
    "listen_blind": dict(scores=None),
    "predict": dict(choose=None, order=None, sketch=None),
    "explore_stft": dict(y_axis="linear"),
    "explore_hpss": dict(references=None, mask="soft", power=1.0, **WINDOW, y_axis="linear"),
    "explore_repet": dict(references=None, period=None, y_axis="linear"),
    "explore_inner_product": dict(
        time=None, frequency=None, lowest=200.0, highest=1000.0, win_length=None, y_axis="log"
    ),
    "explore_balance": dict(y_axis="linear"),
    "explore_errors": dict(y_axis="linear"),
    "explore_griffin_lim": dict(**WINDOW, y_axis="linear"),
    "explore_repet_sim": dict(references=None, y_axis="linear"),
    "explore_tempo": dict(period=None, y_axis="linear"),
    "explore_window_sum": dict(win_length=None, y_axis="linear"),
    "explore_moments": dict(moment=None, count=8, compared="roots", heard="pieces", y_axis="linear"),
    "explore_similarity": dict(lag=0.0, votes="power", y_axis="linear"),
}
# What classes already type, without keywords.
POSITIONAL = ("STFT", "iSTFT", "griffinLimInverse")


@pytest.mark.parametrize("name", PUBLIC)
def test_the_defaults_are_these(name):
    parameters = inspect.signature(PUBLIC[name]).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert defaults == DEFAULTS.get(name, {})


@pytest.mark.parametrize("name", PUBLIC)
def test_options_are_given_by_name(name):
    """Positional are the arrays and what belongs to them; a waveform's function takes (y, sr) and nothing else."""
    if name in POSITIONAL:
        return
    parameters = inspect.signature(PUBLIC[name]).parameters.values()
    for p in parameters:
        optional = p.default is not p.empty
        assert not optional or p.kind is p.KEYWORD_ONLY or (name, p.name) == ("load_audio", "sr")
    first = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    if first[:1] == ["y"]:
        assert first[:2] == ["y", "sr"]


@pytest.mark.parametrize("name", PUBLIC)
def test_the_docstring_says_each_parameter(name):
    """numpydoc reads every parameter of the signature, one an entry, with its type; and an example."""
    doc = numpydoc.docscrape.FunctionDoc(PUBLIC[name])
    told = {entry.name: entry for entry in doc["Parameters"]}
    assert list(told) == list(inspect.signature(PUBLIC[name]).parameters)
    for entry in (*told.values(), *doc["Returns"]):
        assert entry.type, entry.name
        assert entry.desc, entry.name
    assert doc["Examples"], "no example"


def modules():
    found = pkgutil.walk_packages([str(PACKAGE)], "spectrogramtools.")
    return [name for _, name, _ in found]


@pytest.mark.parametrize("name", modules())
def test_the_examples_are_true(name, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, raise_on_error=False)
    assert failed == 0


# From the top floor to the lowest: a module imports from its own floor and from lower ones, never from above.
FLOORS = [
    {"explorers", "corpus"},
    {"blind", "prediction"},
    {"player", "plots", "homework"},
    {"bss_eval"},
    {"evaluation", "audio"},
    {"separation"},
    {"griffinlim", "masks", "medians"},
    {"running_median", "transforms"},
    {"checks", "progress"},
    {"arrays", "extras"},
]
FLOOR = {name: i for i, names in enumerate(FLOORS) for name in names}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path):
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if own == "__init__":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", None)]
        for name in (n for n in names if isinstance(node, ast.Import | ast.ImportFrom) and n):
            if name.startswith("spectrogramtools"):
                parts = name.split(".")
                others = [parts[1]] if len(parts) > 1 else [a.name for a in node.names]
                for other in others:
                    assert FLOOR[own] <= FLOOR[other], f"{own} imports {other}, which lies above it"
