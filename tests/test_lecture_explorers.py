"""The explorers that the lectures opened with a few lines of their own: values, sounds, code, and what is wrong."""

import json

import numpy as np
import pytest
from loops import SR

from spectrogramtools import (
    STFT,
    explore_balance,
    explore_errors,
    explore_griffin_lim,
    explore_inner_product,
    explore_moments,
    explore_repet_sim,
    explore_similarity,
    explore_tempo,
    explore_window_sum,
    find_period,
    griffinLimInverse,
    iSTFT,
    repet,
    repet_adaptive,
    repet_sim,
    si_sdr,
    si_sir,
    similarity_matrix,
)
from spectrogramtools.explorers.explorer import IMPORTS
from spectrogramtools.explorers.window_sum import WINDOWS


@pytest.fixture
def three(clip):
    n = 40_000
    stems = {name: stem[:n] for name, stem in clip.stems.items()}
    return {**stems, "noise": np.random.default_rng(0).normal(size=n).astype(np.float32)}


def stereo(sounds):
    return {name: np.stack([sound, 0.5 * sound]) for name, sound in sounds.items()}


def run_code(e, given):
    names = {"y": given, "sounds": given, "sr": e.sr}
    exec(IMPORTS + e.code(), names)
    return names


@pytest.mark.parametrize("sides", [dict, stereo])
@pytest.mark.parametrize(("balance", "loud", "beside"), [(0, 1, 1), (-1, 0, 1), (1, 1, 0), (-0.25, 0.75, 1)])
def test_balance(three, sides, balance, loud, beside):
    three.pop("noise")
    given = sides(three)
    e = explore_balance(given, SR)
    e.balance.value = balance
    violin, castanets = given.values()
    np.testing.assert_allclose(e.sounds["your mix"], loud * violin + beside * castanets, atol=1e-7)
    np.testing.assert_array_equal(run_code(e, given)["mix"], e.sounds["your mix"])
    assert e.controls[0]["label"] == "from castanets to violin"
    assert e.controls[0]["ends"] == ["castanets", "violin"]


@pytest.mark.parametrize("sides", [dict, stereo])
def test_errors(three, sides):
    given = sides(three)
    e = explore_errors(given, SR)
    assert [control["label"] for control in e.controls] == ["castanets (dB)", "noise (dB)"]
    violin, castanets, _ = given.values()
    for interference, artefacts in ((-60, -20), (-20, -60), (-10, -10)):
        e.interference.value, e.artefacts.value = interference, artefacts
        source, estimate = e.sounds.values()
        np.testing.assert_array_equal(source, violin)
        np.testing.assert_allclose(run_code(e, given)["estimate"], estimate, atol=1e-6)
        if interference == -20:
            assert si_sir(violin, estimate, [castanets]) == pytest.approx(20, abs=0.3)
        if artefacts == -20:
            assert si_sdr(violin, estimate) == pytest.approx(20, abs=0.3)
    assert list(e.sounds) == ["violin", "estimate"]


@pytest.mark.parametrize("start", ["zero", "random"])
@pytest.mark.parametrize("momentum", [0, 0.99])
def test_griffin_lim(clip, start, momentum):
    y = clip.mixture[:20_000]
    e = explore_griffin_lim(y, SR, win_length=1024, hop_length=200)
    e.start.value, e.momentum.value, e.turns.value = start, momentum, 10
    A = np.abs(STFT(y.astype(float), 1024, 200, center=True))
    how = dict(momentum=momentum, phase=start, seed=0, center=True, length=len(y), verbose=False)
    np.testing.assert_array_equal(e.sounds["found phase"], griffinLimInverse(A, 1024, 200, 10, **how))
    np.testing.assert_array_equal(e.sounds["original"], y)
    np.testing.assert_array_equal(run_code(e, y)["found"], e.sounds["found phase"])
    both = np.stack([y, -0.5 * y])
    two = explore_griffin_lim(both, SR, win_length=1024, hop_length=200)
    two.values = e.values
    np.testing.assert_allclose(two.sounds["found phase"][0], e.sounds["found phase"], atol=1e-12)
    np.testing.assert_array_equal(run_code(two, both)["found"], two.sounds["found phase"])


@pytest.mark.parametrize("sides", [dict, stereo])
@pytest.mark.parametrize("settings", [{}, {"count": 3, "mask": "soft"}, {"distance": 0.4, "threshold": 0.6}])
def test_repet_sim(loop, sides, settings):
    stems = sides(loop)
    y = sum(stems.values())
    e = explore_repet_sim(y, SR, references=stems)
    for name, value in settings.items():
        getattr(e, name).value = value
    parts = repet_sim(y, SR, **{"count": 10, **settings})
    code = run_code(e, y)
    for name, part in zip(("background", "foreground"), parts, strict=True):
        np.testing.assert_array_equal(e.sounds[name], part)
        np.testing.assert_array_equal(code[name], part)
    assert e.settings["references"] == ["loop", "voice"]


@pytest.mark.filterwarnings("ignore:nothing in y repeats")
@pytest.mark.parametrize("sides", [dict, stereo])
def test_tempo(loop, sides):
    given = sides(loop)
    e = explore_tempo(given, SR)
    assert e.settings["period"] == find_period(given["loop"], SR)
    e.tempo.value = 0
    np.testing.assert_allclose(e.sounds["mixture"], sum(given.values()), atol=1e-7)
    e.tempo.value = 3
    mixture = e.sounds["mixture"]
    np.testing.assert_array_equal(e.sounds["foreground, repet"], repet(mixture, SR)[1])
    np.testing.assert_array_equal(e.sounds["foreground, adaptive"], repet_adaptive(mixture, SR)[1])
    code = run_code(e, given)
    for name, there in {"mixture": "mixture", "foreground_followed": "foreground, adaptive"}.items():
        np.testing.assert_array_equal(code[name], e.sounds[there])


def test_a_tape_that_gets_faster():
    """A tone on it rises by as much as the speed, from below its pitch to above it."""
    n = 4 * SR
    tone = np.sin(2 * np.pi * 440 * np.arange(n) / SR)
    e = explore_tempo({"loop": tone, "voice": np.zeros(n)}, SR, period=1.0)
    e.tempo.value = 4
    mixture = e.sounds["mixture"]
    for start, pitch in ((0, 0.965), (1.75 * SR, 1.0), (3.4 * SR, 1.032)):
        piece = mixture[int(start) : int(start) + SR // 2] * np.hanning(SR // 2)
        assert 2 * np.abs(np.fft.rfft(piece)).argmax() == pytest.approx(440 * pitch, abs=4)


@pytest.mark.parametrize("sides", [1, 2])
def test_moments(sides):
    """Two sounds in turns: the most alike are every other one, and all sound the same."""
    t = np.arange(SR) / SR
    y = np.concatenate([0.3 * np.sin(2 * np.pi * f * t) for f in (300, 1100) * 4])
    y = y if sides == 1 else np.stack([y, 0.5 * y])
    e = explore_moments(y, SR, moment=2.5, count=4)
    sounds = e.sounds
    assert list(sounds) == ["this moment", "the most alike"]
    pieces = np.split(np.atleast_2d(sounds["the most alike"])[0], 4)
    for piece in pieces:
        assert np.abs(np.fft.rfft(piece)).argmax() * SR / len(piece) == pytest.approx(300, abs=2)
    assert pieces[0][0] == pieces[0][-1] == 0
    code = run_code(e, y)
    assert sorted(code["found"] * 512 // SR) == [0, 2, 4, 6]
    for name, there in {"this_moment": "this moment", "most_alike": "the most alike"}.items():
        np.testing.assert_allclose(code[name], sounds[there], atol=1e-7)
    for moment in (0, 8.0):
        e.moment.value, e.compared.value = moment, "magnitudes"
        np.testing.assert_allclose(run_code(e, y)["most_alike"], e.sounds["the most alike"], atol=1e-7)
    e.heard.value = "music"
    np.testing.assert_array_equal(e.sounds["the music"], y)


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("shape", WINDOWS)
def test_window_sum(clip, shape, sides):
    """Untouched frames add up to the sound times the sum of their fades; divided by it, to the sound."""
    y = clip.mixture[:9000]
    y = y if sides == 1 else np.stack([y, 0.5 * y])
    e = explore_window_sum(y, SR, win_length=480)
    e.shape.value = shape
    for hop, fades in ((120, 2), (304, 1), (536, 2)):
        e.hop.value, e.fades.value = hop, fades
        fade = WINDOWS[shape](480) ** fades
        total = np.array([fade[(n + 480) % hop :: hop].sum() for n in range(9000)])
        mean = fade.sum() / hop
        for divided, level in (("mean", total / mean), ("sum", total >= 0.01 * mean)):
            e.divided.value = divided
            np.testing.assert_allclose(e.sounds["there and back"], y * level, atol=1e-12)
            np.testing.assert_allclose(run_code(e, y)["back"], e.sounds["there and back"], atol=1e-12)
    np.testing.assert_array_equal(e.sounds["signal"], y)


def test_window_sum_of_touched_columns(clip):
    """With the hop of the course it is the module's inverse; nothing is left above 1500 Hz."""
    y = clip.mixture[: 2 * SR]
    e = explore_window_sum(y, SR)
    e.columns.value, e.divided.value = "masked", "sum"
    back = e.sounds["there and back"]
    S = STFT(y.astype(float), 2048, 512, center=True)
    S[round(1500 * 2048 / SR) :] = 0
    np.testing.assert_allclose(back, iSTFT(S, 2048, 512, center=True, length=len(y)), atol=1e-3)
    np.testing.assert_allclose(run_code(e, y)["back"], back, atol=1e-12)
    energy = np.abs(np.fft.rfft(back * np.hanning(len(back)))) ** 2
    assert energy[2 * 2000 :].sum() < 1e-9 * energy.sum()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inner_product(dtype):
    """Of a tone the arrow is longest at the tone's own frequency, and turns with the frame's beginning."""
    n = np.arange(2 * SR)
    y = (0.5 * np.sin(2 * np.pi * 436.4 * n / SR)).astype(dtype)
    e = explore_inner_product(y, SR, time=1.0, frequency=436.4)
    assert e.start == SR - 1024
    total = run_code(e, y)["total"]
    assert abs(total) == pytest.approx(0.5 * 2048 / np.pi, rel=1e-3)
    for later in (1, 13, 512):
        e.later.value = later
        turned = np.angle(run_code(e, y)["total"] / total) - 2 * np.pi * 436.4 * later / SR
        assert np.cos(turned) == pytest.approx(1, abs=1e-5)
    for frequency in (200, 430, 440, 1000):
        e.frequency.value = frequency
        assert abs(run_code(e, y)["total"]) < 0.95 * abs(total)
    code, sounds = run_code(e, y), e.sounds
    assert list(sounds) == ["the note", "the cosine", "both"]
    for name in ("note", "cosine", "both"):
        there = sounds[name if name == "both" else f"the {name}"]
        assert there.dtype == dtype
        assert there[0] == there[-1] == 0
        np.testing.assert_allclose(code[name], there, atol=1e-7)
    note, cosine = sounds["the note"], sounds["the cosine"]
    assert len(note) == len(cosine) == round(0.6 * SR)
    assert np.abs(np.fft.rfft(cosine)).argmax() * SR / len(cosine) == pytest.approx(1000, abs=1)
    assert np.abs(cosine).max() == pytest.approx(0.1, rel=0.01)


def test_inner_product_at_the_ends():
    """The frame may begin a hop later and still lies in y; of a short y all is heard."""
    y = np.random.default_rng(0).uniform(-1, 1, 3000)
    for time, start in ((1024 / SR, 0), (None, 220), ((3000 - 512 - 1024) / SR, 440)):
        e = explore_inner_product(y, SR, time=time)
        assert (e.start, e.first, e.piece) == (start, 0, 3000)
        e.later.value = 512
        assert len(run_code(e, y)["frame"]) == 2048
    e = explore_inner_product(np.tile(y, 9), SR, time=1.15)
    assert e.first + e.piece == 27000


@pytest.mark.parametrize("votes", ["power", "rows", "moments"])
@pytest.mark.parametrize("sides", [1, 2])
def test_similarity(sides, votes, loop):
    """A loop beside itself one period later is the same in both ears; the code gives sounds, matrix and means."""
    y = np.tile(np.random.default_rng(0).normal(size=40 * 512) / 10, 4)
    y = y if sides == 1 else np.stack([y, y / 3])
    e = explore_similarity(y, SR, lag=40 * 512 / SR, votes=votes)
    left, right = e.sounds["beside itself"]
    np.testing.assert_array_equal(left, right)
    assert not e.sounds["the difference"].any()
    e.lag.value = 1.0
    code = run_code(e, y)
    np.testing.assert_array_equal(code["beside_itself"], e.sounds["beside itself"])
    np.testing.assert_array_equal(code["difference"], e.sounds["the difference"])
    assert code["difference"].std() > 0.1 / sides
    means = [np.mean(np.diagonal(code["similarity"], lag)) for lag in range(len(code["similarity"]))]
    np.testing.assert_allclose(code["b"], means / means[0], atol=1e-9)
    assert 10 + code["b"][10:80].argmax() == 40
    if votes == "moments":
        np.testing.assert_allclose(np.diagonal(code["similarity"]), 1)
        A = np.abs(STFT(code["y"], 2048, 512, center=True))
        np.testing.assert_allclose(code["similarity"], similarity_matrix(A), atol=1e-9)


def test_says_what_is_wrong(clip, three, loop):
    y = clip.mixture[:9000]
    with pytest.raises(ValueError, match=r"sounds has 3 signals, but 2 are wanted: one sound, then another\."):
        explore_balance(three, SR)
    with pytest.raises(ValueError, match=r"sounds is an array of .*such as \{\"violin\": violin"):
        explore_balance(y, SR)
    with pytest.raises(ValueError, match=r"a has shape .* and b has .*: they must be alike"):
        explore_balance({"a": y, "b": y[:5]}, SR)
    with pytest.raises(ValueError, match="sounds has 2 signals, but 3 are wanted: the source, then another source"):
        explore_errors({"a": y, "b": y}, SR)
    with pytest.raises(ValueError, match="noise is silent, so no level can be set beside it"):
        explore_errors({**three, "noise": 0 * three["noise"]}, SR)
    with pytest.raises(ValueError, match="hop_length=900 is longer than win_length=800"):
        explore_griffin_lim(y, SR, win_length=800, hop_length=900)
    with pytest.raises(ValueError, match=r"references has 1 signals.*background"):
        explore_repet_sim(y, SR, references={"a": y})
    with pytest.raises(ValueError, match="period is 9 s, but y lasts"):
        explore_tempo(loop, SR, period=9)
    with pytest.raises(ValueError, match="no room for a period"):
        explore_tempo({"a": y, "b": y}, SR)
    with pytest.raises(ValueError, match=r"moment is 2, .* at least 0 and at most 0.408"):
        explore_moments(y, SR, moment=2)
    with pytest.raises(ValueError, match=r"count is 13, .* at least 1 and at most 12"):
        explore_moments(y, SR, count=13)
    with pytest.raises(ValueError, match="heard is 'noise'; choose 'pieces' or 'music'"):
        explore_moments(y, SR, heard="noise")
    with pytest.raises(ValueError, match="y has 2559 samples, but a frame of 2048 that may come 512 later wants 2560"):
        explore_inner_product(y[:2559], SR)
    with pytest.raises(ValueError, match=r"time is 0, .* at least 0.0464399 and at most 0.3"):
        explore_inner_product(y, SR, time=0)
    with pytest.raises(ValueError, match=r"frequency is 100, .* at least 200 and at most 1000"):
        explore_inner_product(y, SR, frequency=100)
    with pytest.raises(ValueError, match=r"highest is 200, .* more than 200 and at most 11025"):
        explore_inner_product(y, SR, highest=200)
    with pytest.raises(ValueError, match="this function takes one channel"):
        explore_inner_product(np.stack([y, y]), SR)
    e = explore_griffin_lim(y, SR)
    with pytest.raises(ValueError, match="turns is 7; choose 0 or 1 or 2 or 3"):
        e.turns.value = 7
    with pytest.raises(ValueError, match=r"win_length is 100, .* at least 128"):
        explore_window_sum(y, SR, win_length=100)
    with pytest.raises(ValueError, match=r"hop is 2312, .* at least 128 and at most 2304"):
        explore_window_sum(y, SR).hop.value = 2312
    with pytest.raises(ValueError, match=r"lag is 0.3, .* at least 0 and at most 0.185"):
        explore_similarity(y, SR, lag=0.3)
    with pytest.raises(ValueError, match="votes is 'all'; choose 'power' or 'rows' or 'moments'"):
        explore_similarity(y, SR, votes="all")
    with pytest.raises(ValueError, match=r"y lasts 0.045 s, which leaves no room for a lag: give at least 0.046 s"):
        explore_similarity(y[:1000], SR)
    each = [explore_griffin_lim, explore_repet_sim, explore_moments, explore_inner_product, explore_window_sum]
    for explore in [*each, explore_similarity]:
        with pytest.raises(ValueError, match="3 channels"):
            explore(np.ones((3, 90_000)), SR)
        with pytest.raises(ValueError, match="y_axis is 'mel'"):
            explore(y, SR, y_axis="mel")


def all_of_them(y, loop):
    two = {"one": y, "other": y[::-1]}
    yield explore_balance(two, SR), "Spectrograms, one scale, 0.9 s: your mix."
    yield explore_errors({**two, "noise": np.roll(y, 9)}, SR), "Spectrograms, one scale, 0.9 s: one, estimate."
    yield explore_griffin_lim(y, SR), "Spectrograms, one scale, 0.9 s: original, found phase."
    yield explore_repet_sim(y, SR), "Spectrograms, one scale, 0.9 s: mixture, background, foreground."
    yield explore_moments(y, SR, count=2), "Spectrograms, one scale, 0.6 s: this moment, the most alike."
    yield explore_window_sum(y, SR), "Spectrograms, one scale, 0.9 s: signal, there and back."
    yield explore_inner_product(y, SR), "Spectrograms, one scale, 0.6 s: the note, the cosine, both."
    yield explore_similarity(y, SR), "Spectrograms, one scale, 0.9 s: beside itself, the difference."
    tempo = explore_tempo(loop, SR)
    seconds = loop["loop"].shape[-1] / SR
    alt = f"Spectrograms, one scale, {seconds:.1f} s: mixture, foreground, repet, foreground, adaptive."
    yield tempo, alt


@pytest.mark.filterwarnings("ignore:nothing in y repeats")
def test_the_saved_text_is_always_the_same(clip, loop):
    for e, alt in all_of_them(clip.mixture[:20_000], loop):
        assert repr(e) == f"explore_{e.kind}: controls, picture and sound: run the cell"
        data, metadata = e._repr_mimebundle_()
        assert metadata["image/png"]["alt"] == alt
        assert data["image/png"]
        json.dumps([e.controls, e.values, e.settings])


def test_values_go_both_ways(clip):
    e = explore_griffin_lim(clip.mixture[:9000], SR)
    heard = []
    e.turns.observe(lambda change: heard.append(change["new"]), "value")
    e.set_state({"values": {**e.values, "turns": 20, "start": "random"}})
    assert heard == [e.turns.value] == [20]
    assert 'phase="random"' in e.code()
    e.momentum.value = 0.99
    assert e.values == {"start": "random", "momentum": 0.99, "turns": 20}
