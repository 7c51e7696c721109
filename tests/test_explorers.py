"""The explorers play and show what the functions compute, and their code gives the same."""

import numpy as np
import pytest
from loops import SR, make_loop
from test_player import heard, told

from spectrogramtools import (
    STFT,
    beat_spectrum,
    explore_hpss,
    explore_repet,
    explore_stft,
    find_period,
    hpss,
    repet,
    si_sdr,
)
from spectrogramtools.explorers.explorer import IMPORTS


@pytest.fixture
def hpss_explorer(clip):
    n = 40_000
    return explore_hpss(clip.mixture[:n], clip.sr, references={name: stem[:n] for name, stem in clip.stems.items()})


@pytest.fixture(scope="module")
def loop():
    loop = make_loop(5)
    n = 4 * loop.period
    background, voice = loop.background[:n].astype(np.float32), loop.voice[:n].astype(np.float32)
    return {"loop": 0.1 * background / background.std(), "voice": 0.1 * voice / voice.std()}


@pytest.fixture
def repet_explorer(loop):
    return explore_repet(sum(loop.values()), SR, references=loop)


def ran(explorer):
    """What the code gives that the explorer shows, as (name, array)."""
    names = {"np": np, "y": explorer.y, "sr": explorer.sr}
    exec(IMPORTS + explorer.code(), names)
    return {name: names[name] for name in explorer.sounds if name in names}


def assert_code_gives_what_is_heard(explorer, *names):
    given = ran(explorer)
    assert set(given) == set(names)
    for name in names:
        np.testing.assert_allclose(given[name], explorer.sounds[name], atol=2e-6)
    peak = max(1.0, *(np.abs(s).max() for s in explorer.sounds.values()))
    np.testing.assert_allclose(heard(explorer.player), np.stack([*explorer.sounds.values()]) / peak, atol=7e-5)


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
    assert e.player.names == ["mixture", *parts]
    for name, part in parts.items():
        np.testing.assert_allclose(e.sounds[name], part, atol=1e-6)
    assert_code_gives_what_is_heard(e, *parts)
    assert "15 frames = 348 ms" in e.player.caption
    assert "23 bins = 248 Hz" in e.player.caption
    head, *rows = e.player.scores
    assert head[1:] == ["now", "mixture", "high-pass 100 Hz", "ideal binary mask", "ideal ratio mask"]
    for (name, stem), part, row in zip(e.scores.references.items(), parts.values(), rows, strict=False):
        assert row[:3] == [name, f"{si_sdr(stem, part):.1f}", f"{si_sdr(stem, e.y):.1f}"]


@pytest.mark.parametrize("mask", ["soft", "binary", "none"])
@pytest.mark.parametrize("phase", ["mixture", "zero", "Griffin-Lim"])
def test_hpss_code_gives_what_is_heard(hpss_explorer, mask, phase):
    hpss_explorer.mask.value, hpss_explorer.phase.value = mask, phase
    hpss_explorer.winh_frames.value = 5
    assert_code_gives_what_is_heard(hpss_explorer, "harmonic", "percussive")


def test_the_phase_decides_the_sound_but_not_the_picture(hpss_explorer):
    e = hpss_explorer
    pictures = [e.player.picture1, e.player.picture2]
    sounds = []
    for phase in ("mixture", "zero", "Griffin-Lim"):
        e.phase.value = phase
        sounds.append(e.sounds["harmonic"])
        assert [e.player.picture1, e.player.picture2] == pictures
    scores = [si_sdr(sounds[0], other) for other in sounds[1:]]
    assert max(scores) < 10


def test_a_new_mask_needs_no_new_median(hpss_explorer, monkeypatch):
    from spectrogramtools.explorers import hpss as module

    calls = []
    for name in ("median_across_time", "median_across_frequency"):
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, f=original, n=name: calls.append(n) or f(*a))
    e = hpss_explorer
    e.mask.value, e.power.value, e.margin.value, e.phase.value = "binary", 2, 2, "zero"
    assert calls == []
    e.winh_frames.value += 1
    assert calls == ["median_across_time"]
    e.winv_bins.value += 1
    assert calls == ["median_across_time", "median_across_frequency"]


@pytest.mark.filterwarnings("ignore:nothing in y repeats")
def test_two_repetitions_are_heard_as_repet_gives_them(repet_explorer):
    """They do not say how exact they are; what is fitted to that needs three."""
    e = repet_explorer
    e.period.value = 0.99 * e.period.max
    parts = repet(e.y, SR, period=e.period.value)
    for name, part in zip(("background", "foreground"), parts, strict=True):
        np.testing.assert_allclose(e.sounds[name], part, atol=1e-6)


@pytest.mark.parametrize(
    "settings",
    [{}, {"mask": "soft"}, {"mask": "binary"}, {"highpass": 0}, {"fit": False}, {"fit": False, "mask": "binary"}],
)
def test_repet_follows_its_controls(repet_explorer, settings):
    e = repet_explorer
    for name, value in settings.items():
        getattr(e, name).value = value
    assert "Nothing repeats" not in e.player.caption
    e.period.value = 0.9 * e.found
    given = {name: value for name, value in settings.items() if name != "fit"}
    hop = {} if settings.get("fit", True) else {"hop_length": 512}
    with pytest.warns(UserWarning, match="nothing in y repeats clearly"):
        parts = repet(e.y, SR, period=e.period.value, **given, **hop)
    assert "Nothing repeats clearly with it: most of the energy is foreground." in e.player.caption
    for name, part in zip(("background", "foreground"), parts, strict=True):
        np.testing.assert_allclose(e.sounds[name], part, atol=1e-6)
    with pytest.warns(UserWarning, match="nothing in y repeats clearly"):
        assert_code_gives_what_is_heard(e, "background", "foreground")
    assert f"Period {e.period.value:.3f} s" in e.player.caption
    assert e.player.scores[1][1] == f"{si_sdr(e.scores.references['loop'], parts[0]):.1f}"
    assert e.beats.marker == e.period.value
    # Each picture lies where its frames are: the mixture's has a hop of its own, so that it need not travel again.
    hop = int(e.player.caption.split(" frames of ")[1].split()[0])
    assert [start for start, _ in e.player.columns] == pytest.approx([-256 / SR, -hop / 2 / SR, -hop / 2 / SR])


def test_repet_without_phase(repet_explorer):
    repet_explorer.phase.value = "zero"
    assert_code_gives_what_is_heard(repet_explorer, "background", "foreground")
    assert not repet_explorer.player.rest


def test_a_score_without_end_can_be_shown(repet_explorer):
    """Of an estimate that is perfect, and of one that is silent."""
    e = repet_explorer
    e.seen[e.period.value] = [np.inf, -np.inf]
    e.draw()
    panel = e.near.panels[0]
    assert np.isfinite(panel["y_range"]).all()
    assert all(np.isfinite(np.frombuffer(c["y"], "<f4")).all() for c in panel["curves"])
    assert [row[1] for row in e.scores.table([np.inf, -np.inf])[1:]] == ["> 99", "< -99"]


def test_repet_draws_the_beat_spectrum(repet_explorer):
    e = repet_explorer
    curve = e.beats.panels[0]["curves"][0]
    lags, likeness = (np.frombuffer(curve[axis], "<f4") for axis in "xy")
    b = beat_spectrum(np.abs(STFT(e.y, 2048, 512, center=True)))
    assert lags[0] == pytest.approx(512 / SR)
    assert lags[-1] == pytest.approx(len(e.y) / SR / 2, abs=2 * 512 / SR)
    np.testing.assert_allclose(likeness, b[1 : 1 + len(lags)], rtol=1e-5)
    # The period stands on a peak.
    at = round(e.found * SR / 512) - 1
    assert likeness[at] > 1.5 * np.median(likeness)


def test_a_slider_that_the_page_rounds_keeps_the_period_to_the_sample(repet_explorer):
    e = repet_explorer
    e.period.value = e.found
    caption = e.player.caption
    for rounded in (e.found - 0.0004, e.found + 0.0004):
        e.period.value = rounded
        assert e.seconds == e.found
        assert e.player.caption == caption
        assert f"period={e.found!r}" in e.code()
    e.period.value = e.found + 0.001
    assert e.seconds == e.found + 0.001


def test_repet_finds_its_period_and_follows_line_and_buttons(repet_explorer):
    e = repet_explorer
    assert e.found == find_period(e.y, SR)
    assert e.period.value == e.found
    e.beats.marker = 1.5  # as a hand drags it
    assert e.period.value == 1.5
    buttons = {b.description: b for b in e.children[0].children[1].children}
    for name, period in (
        ("½ ×", 0.75),
        ("2 ×", 1.5),
        ("− frame", 1.5 - 512 / SR),
        ("+ frame", 1.5),
        ("find it", e.found),
    ):
        buttons[name].click()
        assert e.period.value == pytest.approx(period)
        assert e.beats.marker == pytest.approx(period)


def test_one_frame_off_falls_off_a_cliff(repet_explorer):
    """The curve holds the scores of REPET at each period, and they fall within one frame.

    With the soft mask, and without a high-pass: a fitted one gives the background what does not agree, and falls less.
    """
    e = repet_explorer
    e.mask.value, e.highpass.value = "soft", 0
    e.score_button.click()
    curve = e.near.panels[0]["curves"][0]
    periods, scores = (np.frombuffer(curve[axis], "<f4") for axis in "xy")
    assert len(periods) == 33
    assert np.diff(periods) == pytest.approx(512 / SR, abs=1e-5)
    at = int(np.argmin(np.abs(periods - e.found)))
    assert scores.argmax() == at
    assert scores[at] > max(scores[at - 1], scores[at + 1]) + 2
    background = repet(e.y, SR, period=e.found + 512 / SR, mask="soft", highpass=0)[0]
    assert scores[at + 1] == pytest.approx(si_sdr(e.scores.references["loop"], background), abs=1e-3)
    # Other settings, other curve.
    e.mask.value = "binary"
    assert len(np.frombuffer(e.near.panels[0]["curves"][0]["x"], "<f4")) == 1
    e.score_button.click()
    assert len(np.frombuffer(e.near.panels[0]["curves"][0]["x"], "<f4")) == 33


def test_stft_there_and_back(clip):
    e = explore_stft(clip.mixture[:60_000], clip.sr)
    for length, hop, shape in ((512, 4, "half-sine"), (4096, 3, "Hann"), (1024, 2, "rectangular"), (8192, 8, "Hann")):
        e.length.value, e.hop.value, e.shape.value = length, hop, shape
        error = float(e.player.caption.split("There and back: −")[1].split(" dB")[0])
        assert error > 250
        assert "windows cover" not in e.player.caption
        names = {"y": e.y}
        exec(IMPORTS + e.code(), names)
        np.testing.assert_array_equal(names["back"], e.sounds["there and back"])
        np.testing.assert_array_equal(names["difference"], e.sounds["difference"])
        assert names["S"].shape[0] == length // 2 + 1
    # Where windows that end in zeros stand side by side, samples are lost, and it says so.
    e.length.value, e.hop.value, e.shape.value = 1024, 1, "Hann"
    assert int(e.player.caption.split("windows cover ")[1].split()[0]) < 0.9 * len(e.y)
    assert np.abs(e.sounds["difference"]).max() > 0.01


def test_stft_draws_the_frame_that_was_clicked(clip):
    sr = clip.sr
    sine = np.concatenate([np.zeros(sr), np.sin(2 * np.pi * 1000 * np.arange(sr) / sr)])
    e = explore_stft(sine, sr)

    def spectrum():
        curve = e.frame.panels[0]["curves"][0]
        return (np.frombuffer(curve[axis], "<f4") for axis in "xy")

    e.time.value = 0.5
    assert max(list(spectrum())[1]) == -120
    e.player.position = 1.5  # as a click in the picture tells it
    assert e.time.value == 1.5
    hertz, level = spectrum()
    assert hertz[level.argmax()] == pytest.approx(1000, abs=sr / 2048)
    assert level.max() == pytest.approx(0, abs=1.5)  # a sine at full scale; between two bins it loses some


def test_one_update_is_small(clip, loop):
    """Bytes of one slider move on a clip of 10 s: 700 kB where one new signal says all, 1.2 MB otherwise."""
    n = 10 * SR
    e = explore_hpss(clip.mixture[:n], clip.sr)

    def size(explorer, action):
        widgets = [
            explorer.player,
            *(getattr(explorer, c) for c in ("beats", "near", "segment") if hasattr(explorer, c)),
        ]
        messages = []

        def collect(rest):
            if rest:
                messages.extend(told(rest[0], lambda: collect(rest[1:])))
            else:
                action()

        collect(widgets)
        assert [m["state"]["version"] for m, _ in messages if "version" in m["state"]] == [explorer.player.version]
        return sum(len(b) for _, buffers in messages for b in buffers)

    def moved(control, value):
        return lambda: setattr(control, "value", value)

    assert 2 * n < size(e, moved(e.winh_frames, 25)) < 690_000
    assert size(e, moved(e.mask, "binary")) < 690_000
    e.margin.value = 2
    assert 4 * n < size(e, moved(e.winh_frames, 26)) < 1_190_000
    songs = {name: np.resize(stem, n) for name, stem in loop.items()}
    r = explore_repet(sum(songs.values()), SR, references=songs)
    for period in (1.1, 1.7, 3.3):
        assert 2 * n < size(r, moved(r.period, period)) < 690_000


def test_an_error_is_told_in_the_widget_and_what_was_there_stays(hpss_explorer):
    e = hpss_explorer
    before = e.player.version, e.sounds
    e.mixtures[0].A = e.mixtures[0].A[:-1]  # as if something went wrong
    e.mask.value = "binary"
    assert e.player.message != ""
    assert (e.player.version, e.sounds) == before


def test_the_code_is_shown_on_demand(hpss_explorer):
    e = hpss_explorer
    assert e.code_text.value == ""
    e.code_button.value = True
    assert "winh=20 * hop_length / sr" in e.code_text.value
    e.winh_frames.value = 33
    assert "winh=33 * hop_length / sr" in e.code_text.value
    e.code_button.value = False
    assert e.code_text.value == ""


def test_says_what_is_wrong(clip):
    y = clip.mixture[:9000]
    with pytest.raises(ValueError, match=r"references has 1 signals.*harmonic"):
        explore_hpss(y, clip.sr, references={"violin": y})
    with pytest.raises(ValueError, match="they must be alike"):
        explore_hpss(y, clip.sr, references={"violin": y, "castanets": y[:5]})
    with pytest.raises(ValueError, match=r"power is 9, .* at most 6"):
        explore_hpss(y, clip.sr, power=9)
    with pytest.raises(ValueError, match="mask is 'hard'"):
        explore_hpss(y, clip.sr, mask="hard")
    with pytest.raises(ValueError, match=r"references has 3 signals.*background"):
        explore_repet(clip.mixture, clip.sr, references={"a": y, "b": y, "c": y})
    with pytest.raises(ValueError, match="leaves no room for a period"):
        explore_repet(y, clip.sr)
    with pytest.raises(ValueError, match="period is 9"):
        explore_repet(clip.mixture, clip.sr, period=9)
    for explore in (explore_stft, explore_hpss, explore_repet):
        with pytest.raises(ValueError, match="3 channels"):
            explore(np.ones((3, 90_000)), clip.sr)


@pytest.mark.parametrize("name", ["stft", "hpss", "repet"])
def test_two_channels_sound_as_the_functions_say(name, clip):
    """Stereo: each channel as if it stood alone, played in place, and the code gives the same."""
    n = 4 * clip.sr
    y = np.stack([clip.mixture[:n], 0.5 * clip.stems["violin"][:n]])
    e = {
        "stft": lambda: explore_stft(y, clip.sr),
        "hpss": lambda: explore_hpss(y, clip.sr),
        "repet": lambda: explore_repet(y, clip.sr, period=1.1),
    }[name]()
    expected = {
        "stft": dict.fromkeys(("there and back",), y),
        "hpss": dict(
            zip(("harmonic", "percussive"), hpss(y, clip.sr, winh=20 * 512 / SR, winv=40 * SR / 2048), strict=True)
        ),
        "repet": dict(zip(("background", "foreground"), repet(y, clip.sr, period=1.1), strict=True)),
    }[name]
    for part, sound in expected.items():
        np.testing.assert_allclose(e.sounds[part], sound, atol=2e-6)
    assert e.player.channels == 2
    assert len(ran(e)) >= 1
    assert_code_gives_what_is_heard(e, *ran(e))
    if hasattr(e, "phase"):
        e.phase.value = "zero"
        assert_code_gives_what_is_heard(e, *expected)


def test_two_channels_with_references_are_scored(clip):
    n = 4 * clip.sr
    stems = {name: np.stack([stem[:n], 0.3 * stem[:n]]) for name, stem in clip.stems.items()}
    e = explore_hpss(sum(stems.values()), clip.sr, references=stems)
    mono = explore_hpss(clip.mixture[:n], clip.sr, references={name: x[0] for name, x in stems.items()})
    assert e.player.scores == mono.player.scores


def test_the_saved_text_is_always_the_same(hpss_explorer, clip):
    assert repr(hpss_explorer) == "explore_hpss: sliders, picture and sound: run the cell"
    data, metadata = hpss_explorer._repr_mimebundle_()
    assert "harmonic" in metadata["image/png"]["alt"]
    assert data["text/plain"] == repr(hpss_explorer)
    assert data["image/png"]
    assert "run the cell" in repr(explore_stft(clip.mixture, clip.sr))
