"""The explorers' Python side: values go both ways, and the module gives their sounds, and so does their code."""

import json

import numpy as np
import pytest
from loops import SR

from spectrogramtools import STFT, explore_hpss, explore_repet, explore_stft, find_period, hpss, iSTFT, repet, si_sdr
from spectrogramtools.explorers.explorer import IMPORTS


@pytest.fixture
def hpss_explorer(clip):
    n = 40_000
    return explore_hpss(clip.mixture[:n], clip.sr, references={name: stem[:n] for name, stem in clip.stems.items()})


@pytest.fixture
def repet_explorer(loop):
    return explore_repet(sum(loop.values()), SR, references=loop)


def assert_code_gives_the_sounds(explorer, *wanted):
    names = {"np": np, "y": explorer.y, "sr": explorer.sr}
    exec(IMPORTS + explorer.code(), names)
    sounds = explorer.sounds
    assert {name for name in sounds if name in names} == set(wanted)
    for name in wanted:
        np.testing.assert_allclose(names[name], sounds[name], atol=2e-6)


def by_the_page(explorer, **values):
    """The page tells where its controls stand."""
    explorer.set_state({"values": {**explorer.values, **values}})


@pytest.mark.parametrize(
    "settings", [{}, {"power": 2}, {"mask": "binary"}, {"margin": 2}, {"mask": "binary", "margin": 3}]
)
def test_hpss_follows_its_controls(hpss_explorer, settings):
    e = hpss_explorer
    e.winh_frames.value, e.winv_bins.value = 7, 11
    for name, value in settings.items():
        getattr(e, name).value = value
    parts = dict(
        zip(("harmonic", "percussive"), hpss(e.y, SR, winh=7 * 512 / SR, winv=11 * SR / 2048, **settings), strict=True)
    )
    if "margin" in settings:
        parts["residual"] = e.y - parts["harmonic"] - parts["percussive"]
    assert list(e.sounds) == ["mixture", *parts]
    for name, part in parts.items():
        np.testing.assert_allclose(e.sounds[name], part, atol=1e-6)
    assert_code_gives_the_sounds(e, *parts)


@pytest.mark.parametrize("mask", ["soft", "binary", "none"])
@pytest.mark.parametrize("phase", ["mixture", "zero", "Griffin-Lim"])
def test_hpss_code_gives_the_sounds(hpss_explorer, mask, phase):
    hpss_explorer.mask.value, hpss_explorer.phase.value = mask, phase
    hpss_explorer.winh_frames.value = 5
    assert_code_gives_the_sounds(hpss_explorer, "harmonic", "percussive")


@pytest.mark.parametrize("phase", ["zero", "Griffin-Lim"])
def test_a_margin_leaves_a_residual_with_any_phase(hpss_explorer, phase):
    e = hpss_explorer
    e.phase.value, e.margin.value = phase, 2
    assert list(e.sounds) == ["mixture", "harmonic", "percussive", "residual"]
    assert_code_gives_the_sounds(e, "harmonic", "percussive", "residual")
    parts = sum(e.sounds[name].astype(float) for name in ("harmonic", "percussive", "residual"))
    if phase == "zero":  # the masks sum to one, and no phase lets anything cancel
        how = dict(center=True, length=len(e.y))
        np.testing.assert_allclose(parts, iSTFT(np.abs(STFT(e.y, 2048, 512, center=True)), 2048, 512, **how), atol=1e-5)
    e.mask.value = "none"
    assert list(e.sounds) == ["mixture", "harmonic", "percussive"]


def test_the_page_gets_the_baselines(hpss_explorer):
    e = hpss_explorer
    assert e.settings["references"] == ["violin", "castanets"]
    table = e.settings["baselines"]
    assert table["methods"] == ["mixture", "high-pass 100 Hz", "ideal binary mask", "ideal ratio mask"]
    n = len(e.y)
    stem = np.frombuffer(e.sound1, "<i2")[:n] / 32768
    assert table["rows"][0][0] == f"{si_sdr(stem, e.y):.1f}"


def test_values_go_both_ways(hpss_explorer):
    e = hpss_explorer
    heard = []
    e.winh_frames.observe(lambda change: heard.append((change["old"], change["new"])), "value")
    by_the_page(e, winh_frames=33, mask="binary")
    assert (e.winh_frames.value, e.mask.value) == (33, "binary")
    assert heard == [(20, 33)]
    assert 'mask="binary"' in e.code()
    assert "winh=33 * hop_length" in e.code()
    e.winv_bins.value = 12
    assert e.values == {**e.values, "winh_frames": 33, "winv_bins": 12, "mask": "binary"}


def test_nothing_is_computed_until_somebody_asks_and_then_once(hpss_explorer, monkeypatch):
    from spectrogramtools.explorers import hpss as module

    calls = []
    monkeypatch.setattr(module, "hpss", lambda *a, f=module.hpss, **k: calls.append(k["winh"]) or f(*a, **k))
    e = hpss_explorer
    for winh in (10, 11, 12):
        by_the_page(e, winh_frames=winh)
    assert calls == []
    assert e.sounds["harmonic"] is e.sounds["harmonic"]
    assert calls == [12 * 512 / SR]


def test_a_value_crosses_the_wire_alone(hpss_explorer, monkeypatch):
    e = hpss_explorer
    sent = []
    monkeypatch.setattr(e, "send_state", lambda key=None: sent.append(key))
    e.winh_frames.value = 25
    assert sent == ["values"]


def test_sounds_travel_exactly(clip, loop):
    """A clip's 16 bit as they are; what 16 bit do not hold as floats."""
    e = explore_hpss(clip.mixture[:9000], clip.sr)
    assert e.formats == ["int16"]
    np.testing.assert_array_equal(np.frombuffer(e.sound0, "<i2") / np.float32(32768), e.y)
    y = np.stack([*loop.values()])
    e = explore_hpss(y, SR)
    assert (e.formats, e.channels) == (["float32"], [2])
    np.testing.assert_array_equal(np.frombuffer(e.sound0, "<f4").reshape(2, -1), y)


def test_what_is_handed_over_later_changes_nothing(clip):
    y = clip.mixture[:9000].copy()
    e = explore_hpss(y, clip.sr)
    before = e.sounds["harmonic"].copy()
    y[:] = 0
    e.winh_frames.value = 19
    e.winh_frames.value = 20
    np.testing.assert_array_equal(e.sounds["harmonic"], before)


@pytest.mark.filterwarnings("ignore:nothing in y repeats")
@pytest.mark.parametrize(
    "settings",
    [{}, {"mask": "soft"}, {"mask": "binary"}, {"highpass": 0}, {"fit": False}, {"fit": False, "mask": "binary"}],
)
def test_repet_follows_its_controls(repet_explorer, settings):
    e = repet_explorer
    assert e.settings["found"] == e.period.value == find_period(e.y, SR)
    for name, value in settings.items():
        getattr(e, name).value = value
    e.period.value = 0.9 * e.found
    given = {name: value for name, value in settings.items() if name != "fit"}
    hop = {} if settings.get("fit", True) else {"hop_length": 512}
    parts = repet(e.y, SR, period=e.period.value, **given, **hop)
    for name, part in zip(("background", "foreground"), parts, strict=True):
        np.testing.assert_allclose(e.sounds[name], part, atol=1e-6)
    assert_code_gives_the_sounds(e, "background", "foreground")


def test_repet_without_phase(repet_explorer):
    repet_explorer.phase.value = "zero"
    assert_code_gives_the_sounds(repet_explorer, "background", "foreground")
    repet_explorer.fit.value = False
    assert_code_gives_the_sounds(repet_explorer, "background", "foreground")


def test_stft_there_and_back(clip):
    e = explore_stft(clip.mixture[:60_000], clip.sr)
    for length, hop, shape in ((512, 4, "half-sine"), (4096, 3, "Hann"), (1024, 2, "rectangular"), (8192, 8, "Hann")):
        e.length.value, e.hop.value, e.shape.value = length, hop, shape
        error = si_sdr(e.y.astype(float), e.sounds["there and back"])
        assert error > 250
        names = {"y": e.y}
        exec(IMPORTS + e.code(), names)
        np.testing.assert_array_equal(names["back"], e.sounds["there and back"])
        np.testing.assert_array_equal(names["difference"], e.sounds["difference"])
        assert names["S"].shape[0] == length // 2 + 1


def test_says_what_is_wrong(clip, hpss_explorer):
    y = clip.mixture[:9000]
    with pytest.raises(ValueError, match=r"references has 1 signals.*harmonic"):
        explore_hpss(y, clip.sr, references={"violin": y})
    with pytest.raises(ValueError, match="they must be alike"):
        explore_hpss(y, clip.sr, references={"violin": y, "castanets": y[:5]})
    with pytest.raises(ValueError, match=r"power is 9, .* at most 6"):
        explore_hpss(y, clip.sr, power=9)
    with pytest.raises(ValueError, match="mask is 'hard'; choose 'soft' or 'binary' or 'none'"):
        explore_hpss(y, clip.sr, mask="hard")
    with pytest.raises(ValueError, match="y_axis is 'mel'; choose 'linear' or 'log'"):
        explore_hpss(y, clip.sr, y_axis="mel")
    with pytest.raises(ValueError, match=r"references has 3 signals.*background"):
        explore_repet(clip.mixture, clip.sr, references={"a": y, "b": y, "c": y})
    with pytest.raises(ValueError, match="leaves no room for a period"):
        explore_repet(y, clip.sr)
    with pytest.raises(ValueError, match="period is 9"):
        explore_repet(clip.mixture, clip.sr, period=9)
    for explore in (explore_stft, explore_hpss, explore_repet):
        with pytest.raises(ValueError, match="3 channels"):
            explore(np.ones((3, 90_000)), clip.sr)
    with pytest.raises(ValueError, match=r"winh_frames is 99, .* at least 0 and at most 80"):
        hpss_explorer.winh_frames.value = 99
    with pytest.raises(ValueError, match="phase is 'loud'; choose"):
        hpss_explorer.phase.value = "loud"
    assert hpss_explorer.winh_frames.value == hpss_explorer.values["winh_frames"] == 20


@pytest.mark.parametrize("name", ["stft", "hpss", "repet"])
def test_two_channels_sound_as_the_functions_say(name, clip):
    """Stereo: each channel as if it stood alone, and the code gives the same."""
    n = 4 * clip.sr
    y = np.stack([clip.mixture[:n], 0.5 * clip.stems["violin"][:n]])
    e, expected = {
        "stft": lambda: (explore_stft(y, clip.sr), {"there and back": y}),
        "hpss": lambda: (
            explore_hpss(y, clip.sr),
            dict(
                zip(("harmonic", "percussive"), hpss(y, clip.sr, winh=20 * 512 / SR, winv=40 * SR / 2048), strict=True)
            ),
        ),
        "repet": lambda: (
            explore_repet(y, clip.sr, period=1.1),
            dict(zip(("background", "foreground"), repet(y, clip.sr, period=1.1), strict=True)),
        ),
    }[name]()
    for part, sound in expected.items():
        np.testing.assert_allclose(e.sounds[part], sound, atol=2e-6)
    assert_code_gives_the_sounds(e, *(["difference"] if name == "stft" else expected))
    if hasattr(e, "phase"):
        e.phase.value = "zero"
        assert_code_gives_the_sounds(e, *expected)


def test_the_saved_text_is_always_the_same(hpss_explorer, clip):
    assert repr(hpss_explorer) == "explore_hpss: controls, picture and sound: run the cell"
    data, metadata = hpss_explorer._repr_mimebundle_()
    assert "harmonic" in metadata["image/png"]["alt"]
    assert data["text/plain"] == repr(hpss_explorer)
    assert data["image/png"]
    assert "run the cell" in repr(explore_stft(clip.mixture, clip.sr))
    json.dumps([hpss_explorer.controls, hpss_explorer.values, hpss_explorer.settings])
