"""The beat spectrum by its formula; the period to a fraction of a sample, where others would miss it."""

import io

import loops
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from repeating import SR, loop, voice

from spectrogramtools import STFT, beat_spectrum, find_period
from spectrogramtools.separation import period as parts
from spectrogramtools.separation.period import fitting_hop


@settings(deadline=None, max_examples=50)
@given(n_bins=st.integers(1, 5), n=st.integers(1, 40), dtype=st.sampled_from([np.float32, np.float64]))
def test_beat_spectrum_by_its_formula(n_bins, n, dtype):
    A = (np.random.default_rng(n).random((n_bins, n)) + 0.1).astype(dtype)
    X = A.astype(np.float64) ** 2
    plain = np.array([np.mean(np.sum(X[:, : n - lag] * X[:, lag:], axis=0)) for lag in range(n)])
    b = beat_spectrum(A)
    assert b.dtype == dtype
    assert b[0] == 1
    np.testing.assert_allclose(b, plain / plain[0], rtol=1e-4)


def test_beat_spectrum_of_silence_and_of_a_loop():
    assert not beat_spectrum(np.zeros((3, 9))).any()
    A = np.tile(np.random.default_rng(0).random((4, 10)), 8)
    b = beat_spectrum(1e-30 * A)
    np.testing.assert_allclose(b[10::10], 1, rtol=1e-6)
    assert (np.delete(b, np.arange(0, 80, 10)) < 0.999).all()


@pytest.mark.parametrize("period", [20_011, 33_333, 48_000, 70_001])
@pytest.mark.parametrize("level", [-5, 0, 5])
def test_period_to_the_sample_under_a_voice(period, level):
    n = 7 * period + 1000
    background, above = loop(period, n), voice(n)
    y = background + 10 ** (level / 20) * np.std(background) / np.std(above) * above
    assert find_period(y.astype(np.float32), SR) * SR == pytest.approx(period, abs=0.5)


def test_period_to_a_fraction_of_a_sample():
    """Decaying tones that start at multiples of a period of 30 000.4 samples."""
    period, n = 30_000.4, 300_000
    y = np.zeros(n)
    t = np.arange(n)
    for delay, frequency in ((0, 311.3), (0.23, 702.7), (0.61, 1203.9)):
        for k in range(11):
            since = (t - (k + delay) * period) / SR
            y += np.where(since > 0, np.sin(2 * np.pi * frequency * since) * np.exp(-since / 0.05), 0)
    assert find_period(y, SR) * SR == pytest.approx(period, abs=0.15)


@pytest.mark.parametrize(
    "steady",
    [
        lambda t: 0.5 + 0 * t,
        lambda t: np.sin(2 * np.pi * 50 * t),
        lambda t: sum(np.sin(2 * np.pi * f * t) for f in (110, 139, 165)),
    ],
    ids=["offset", "hum", "chord"],
)
def test_what_is_steady_does_not_drown_the_loop(steady):
    """An offset, a hum or a held chord is like itself at any lag, and here three times as loud as the loop."""
    n = 300_000
    background = loop(41_001, n)
    drone = steady(np.arange(n) / SR)
    y = background + voice(n) * 0.1 + 3 * np.std(background) / np.sqrt(np.mean(drone**2)) * drone
    assert find_period(y.astype(np.float32), SR) * SR == pytest.approx(41_001, abs=0.5)


def test_the_shortest_true_period_wins():
    """The second half is a copy of the first but for its level and one burst: then the whole is the period."""
    half = loop(30_000, 30_000)
    other = half.copy()
    other[15_000:16_000] += loop(1000, 1000, seed=5)
    n = 240_000
    assert find_period(np.tile(half, 8)[:n], SR) * SR == pytest.approx(30_000, abs=0.5)
    assert find_period(np.tile(np.r_[half, 2 * other], 4)[:n], SR) * SR == pytest.approx(60_000, abs=0.5)


def test_three_repetitions_and_a_fade():
    y = loop(50_000, 156_000)
    assert find_period(y, SR) * SR == pytest.approx(50_000, abs=0.5)
    faded = loop(50_000, 400_000) * 10 ** (np.linspace(0, -20, 400_000) / 20)
    assert find_period(faded, SR) * SR == pytest.approx(50_000, abs=0.5)


def test_channels_decide_together():
    """Loop and turned loop would cancel if the channels were mixed down."""
    n = 300_000
    background = loop(41_000, n)
    stereo = np.stack([background + 0.1 * voice(n), -background])
    assert find_period(stereo, SR) * SR == pytest.approx(41_000, abs=0.5)


def test_where_no_two_bars_are_the_same_sample_by_sample():
    """New noise in each repetition, only its envelope repeats: the repetitions' answer, within a frame."""
    rng = np.random.default_rng(0)
    period, n = 44_100, 44_100 * 7
    envelope = np.tile(np.abs(loop(period, period)), 7)
    envelope = np.convolve(envelope, np.ones(400) / 400, "same")
    found = find_period(envelope * rng.standard_normal(n), SR) * SR
    multiple = round(found / period)
    assert multiple in (1, 2)  # that repeats as well
    assert found == pytest.approx(multiple * period, abs=512)


@pytest.mark.parametrize("seed", [11, 13, 14, 15, 19])
def test_a_loop_that_is_played_by_hand(seed):
    """Each beat comes 1 % of a beat early or late: the waveform does not repeat, and two bars may do as well as one."""
    played = loops.make_played(seed, jitter=0.01)
    _, _, y = played.mixture(0)
    found = find_period(y, SR) * SR / played.period
    assert round(found) in (1, 2)
    assert found == pytest.approx(round(found), rel=0.01)


@pytest.mark.parametrize("kind", ["MP3", "OGG"])
@pytest.mark.parametrize("seed", [3, 11])
def test_a_lossy_file_keeps_the_period(kind, seed):
    exact = loops.make_loop(seed)
    _, _, y = exact.mixture(0)
    file = io.BytesIO()
    soundfile.write(file, y, SR, format=kind)
    file.seek(0)
    decoded, sr = soundfile.read(file)
    assert np.abs(decoded[: len(y)] - y).max() > 1e-4  # it did lose something
    assert find_period(decoded, sr) * sr == pytest.approx(exact.period, rel=0.01)


@pytest.mark.parametrize(("exact", "shortest"), [(None, 1.5 * SR), (30_000.0, 0.8 * SR)])
def test_where_people_play_less_than_a_bar_is_no_period(monkeypatch, exact, shortest):
    """Copies of a loop may be as short as min_period says; where the waveform does not repeat, 1.5 s or more."""
    asked = []
    monkeypatch.setattr(parts, "_from_waveform", lambda *_: exact)
    monkeypatch.setattr(parts, "_from_repetitions", lambda *given: asked.append(given[4]) or 40_000.0)
    y = np.random.default_rng(0).standard_normal(8 * SR)
    assert find_period(y, SR) * SR == pytest.approx(40_000)
    find_period(y, SR, min_period=2)
    assert asked == pytest.approx([shortest, 2 * SR])


def test_more_than_ten_seconds_are_found_only_if_asked_for():
    sr, period = 4000, 44_000
    y = loop(period, 4 * period)
    assert find_period(y, sr) <= 10
    assert find_period(y, sr, max_period=12) == pytest.approx(11, abs=1e-3)
    # A shortest one that leaves little below ten moves the limit.
    assert find_period(y, sr, min_period=4) == pytest.approx(11, abs=1e-3)


@pytest.mark.parametrize(
    ("errors", "nearly", "found"),
    [
        ({1: 1.0, 2: 0.99, 3: 0.99, 4: 0.99}, (1.02, 0.0), 1),  # hardly better: the shorter one
        ({1: 1.0, 2: 0.97, 3: 0.99, 4: 0.96}, (1.02, 0.0), 2),
        ({1: 1.0, 2: 0.97, 3: 0.99, 4: 0.9}, (1.02, 0.0), 4),
        ({1: 0.105, 2: 0.1, 3: 0.1, 4: 0.09}, (1.06, 0.01), 1),  # 0.1054 is enough
        ({1: 0.106, 2: 0.1, 3: 0.1, 4: 0.09}, (1.06, 0.01), 2),
    ],
)
def test_the_shortest_of_those_that_agree_nearly_best(monkeypatch, errors, nearly, found):
    hop = fitting_hop(20_000, 2048)
    monkeypatch.setattr(parts, "repetitions", lambda A, frames: [round(frames * hop / 20_000)] * 3)
    monkeypatch.setattr(parts, "left_out_error", lambda stack: errors[stack[0]])
    monkeypatch.setattr(parts, "of_endless", lambda error, n: error)
    y = np.random.default_rng(0).standard_normal((1, 250_000))
    assert parts._from_repetitions(y, 20_000, (1,), nearly, 900, 80_000) == found * 20_000


def test_divisions_are_tried_and_the_range_holds(monkeypatch):
    tried = []
    monkeypatch.setattr(parts, "repetitions", lambda A, frames: [frames] * 3)
    monkeypatch.setattr(parts, "left_out_error", lambda stack: tried.append(stack[0]) or 1.0)
    y = np.random.default_rng(0).standard_normal((1, 250_000))
    hop = fitting_hop(12_000, 2048)
    factors = {m / d for m in (1, 2, 3, 4, 6, 8) for d in (1, 2, 3, 4)}
    for shortest, longest in ((900, 90_000), (5000, 90_000), (900, 30_000), (12_001, 24_000)):
        tried.clear()
        found = parts._from_repetitions(y, 12_000, (1, 2, 3, 4), (1.02, 0.0), shortest, longest)
        # No more than a third of y, however long a period may be.
        wanted = [f for f in sorted(factors) if shortest - 1 <= 12_000 * f <= min(longest, 250_000 / 3) + 1]
        np.testing.assert_allclose(np.sort(tried) * hop / 12_000, wanted)
        assert found == pytest.approx(12_000 * wanted[0])
    assert parts._from_repetitions(y, 12_000, (1,), (1.02, 0.0), 13_000, 14_000) == 12_000  # nothing to choose from


def test_range_is_kept():
    y = loop(22_050, 12 * 22_050)
    assert find_period(y, SR, min_period=1.5) == pytest.approx(2.0, abs=1e-4)
    assert find_period(y, SR, min_period=2.5, max_period=3.5) == pytest.approx(3.0, abs=1e-4)


def test_the_clip_has_the_length_of_its_bar(y):
    """Castanets in a pattern of two bars of 16 sixteenths, 3072 samples each, played twice: too few to ask for more."""
    assert STFT(y, 2048, 512).shape[1] > 0
    period = find_period(y, SR) * SR / 3072
    assert period == pytest.approx(round(period), abs=0.2)


# The parts, by their formulas.


def plain_autocorrelation(X, n_lags):
    return np.array([np.sum(X[: len(X) - lag] * X[lag:]) for lag in range(n_lags)])


@pytest.mark.parametrize("columns", [1, 2, 31, 32, 33, 70])
def test_autocorrelation_by_its_formula(columns):
    X = np.random.default_rng(columns).standard_normal((50, columns))
    np.testing.assert_allclose(parts._autocorrelation(X, 37), plain_autocorrelation(X, 37), atol=1e-9)
    first, last = X * (np.arange(50) < 40)[:, None], X * (np.arange(50) >= 10)[:, None]
    for part in (X, first, last):  # also where one end is silent
        energies = [np.sqrt(np.sum(part[: 50 - lag] ** 2) * np.sum(part[lag:] ** 2)) for lag in range(37)]
        expected = plain_autocorrelation(part, 37) / np.maximum(energies, 1e-9 * np.sum(part**2))
        np.testing.assert_allclose(parts._normalised_autocorrelation(part, 37), expected, atol=1e-9)


def test_silence_has_the_likeness_zero_where_the_energies_are_nothing():
    """Two clicks 45 samples apart: for lags above 4 one of the overlapping parts holds no more than one of them."""
    X = np.zeros((50, 1))
    X[[0, 45]] = 1
    likeness = parts._normalised_autocorrelation(X, 50)
    np.testing.assert_allclose(likeness[[0, 45]], 1)
    assert np.abs(np.delete(likeness, [0, 45])).max() < 1e-6


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("hum", [0, 30])
def test_flattened_autocorrelation_by_its_formula(channels, hum):
    """Faded over a tenth at both ends; bins far above the median of their block are cut; divided by the overlap."""
    rng = np.random.default_rng(channels)
    n, n_lags = 5000, 3000
    y = rng.standard_normal((channels, n)) + hum * np.sin(0.3 * np.arange(n))
    fade = np.ones(n)
    fade[:500] = np.sin(np.pi / 2 * np.arange(500) / 499) ** 2
    fade[-500:] = fade[:500][::-1]
    length = 8000
    power = sum(np.abs(np.fft.rfft(channel * fade, length)) ** 2 for channel in y)
    for start in range(0, len(power) - parts.NEIGHBOURHOOD + 1, parts.NEIGHBOURHOOD):
        block = power[start : start + parts.NEIGHBOURHOOD]
        block[:] = np.minimum(block, parts.CUT * np.median(block[::8]))
    likeness = np.fft.irfft(power, length)[:n_lags]
    energy = np.sum((y * fade) ** 2, axis=0)
    overlap = [np.sqrt(energy[: n - lag].sum() * energy[lag:].sum()) / energy.sum() for lag in range(n_lags)]
    expected = likeness / likeness[0] / overlap
    np.testing.assert_allclose(parts._flattened_autocorrelation(y, n_lags), expected, atol=1e-9)
    assert (power < 1e3 * np.median(power) * 1.5).all()


@pytest.mark.parametrize("vertex", [20.3, 33.0, 39.8])
def test_between_frames_the_parabola_decides(monkeypatch, vertex):
    asked = []

    def likeness(votes, n_lags):
        asked.append(n_lags)
        return 1 - 0.01 * (np.arange(n_lags) - vertex) ** 2

    monkeypatch.setattr(parts, "_normalised_autocorrelation", likeness)
    y = np.random.default_rng(0).standard_normal((1, 60 * 512))
    assert parts._from_spectrogram(y, 10.0 * 512, 45.9 * 512) == pytest.approx(vertex * 512)
    assert asked == [47]
    # At an end of the range the vertex may lie beyond, but no more than half a frame.
    assert parts._from_spectrogram(y, 10.0 * 512, 19.2 * 512) == min(19.5, vertex) * 512
    assert parts._from_spectrogram(y, 40.1 * 512, 50.0 * 512) == (41 - 0.5) * 512


@pytest.mark.parametrize(
    ("before", "after", "shift"), [(0.5, 0.5, 0), (0.5, 0.75, 1 / 6), (0.75, 0.5, -1 / 6), (1, 1, 0)]
)
def test_three_points_of_a_parabola(monkeypatch, before, after, shift):
    points = np.zeros(40)
    points[19:22] = before, 1, after
    if before == 1:
        points[:] = 1  # flat: no vertex, the first lag stands
    monkeypatch.setattr(parts, "_normalised_autocorrelation", lambda votes, n_lags: points[:n_lags])
    y = np.random.default_rng(0).standard_normal((1, 60 * 512))
    assert parts._from_spectrogram(y, 20.0 * 512, 30.0 * 512) == pytest.approx((20 + shift) * 512)


def test_rows_vote_alike_however_loud():
    """A loud row that repeats every 16 frames is outvoted by two soft ones that repeat every 20."""
    rng = np.random.default_rng(0)
    frames = 200
    A = np.concatenate([1e4 * np.resize(rng.random(16), (1, frames)), np.resize(rng.random(20), (2, frames))])
    spectra = np.zeros((1025, frames))
    spectra[[100, 300, 500]] = A
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "STFT", lambda *_, **__: spectra + 0j)
        assert parts._from_spectrogram(np.zeros((1, frames * 512)), 8 * 512, 30 * 512) == pytest.approx(
            20 * 512, abs=100
        )


def test_peak_looks_as_far_as_it_says():
    likeness = np.zeros(100)
    likeness[0] = 9
    for place, reach in ((50.4, 3), (49.6, 3), (50, 7)):
        for there in (round(place) - reach, round(place), round(place) + reach):
            likeness[1:] = 0
            likeness[there] = 1
            likeness[[round(place) - reach - 1, round(place) + reach + 1]] = 2
            assert parts._peak(likeness, place, reach) == there
    likeness[1:] = 0
    likeness[1] = 1
    assert parts._peak(likeness, 3, 8) == 1  # lag 0, where all is like itself, is no period


def test_agreement_is_the_mean_over_the_multiples():
    likeness = np.random.default_rng(0).standard_normal(1000)
    for p in (99.6, 124.0, 30.3, 491.0):
        multiples = [round(k * p) for k in range(1, 1000) if k * p <= 1000 - 8]
        expected = np.mean([likeness[m - 2 : m + 3].max() for m in multiples])
        assert parts._agreement(likeness, p) == pytest.approx(expected)
    assert parts._agreement(likeness, 995.0) == likeness[993:998].max()  # one at the least


@pytest.mark.parametrize("multiple", [1, 2, 3, 4])
@pytest.mark.parametrize("division", [1, 2, 3, 4, 5, 6, 7, 8])
def test_multiples_and_divisions_of_the_rough_period_are_tried(monkeypatch, multiple, division):
    """The waveform repeats every 3360 samples; the spectrogram has said a multiple or a division of that."""
    true, n = 3360, 200_000
    rough = true * division // multiple
    likeness = np.zeros(int(0.75 * n) + 8)
    likeness[rough::rough] = 0.2
    likeness[true::true] = 1
    monkeypatch.setattr(parts, "_flattened_autocorrelation", lambda y, n_lags: likeness[:n_lags])
    assert parts._from_waveform(np.ones((1, n)), rough, 3000, n / 3) == true


@pytest.mark.parametrize(("rough", "found"), [(9000, 3000), (11_000, 11_000)])
def test_no_further_divisions_are_tried(monkeypatch, rough, found):
    likeness = np.zeros(80_000)
    likeness[1000::1000] = 1
    likeness[rough::rough] = 1.05
    monkeypatch.setattr(parts, "_flattened_autocorrelation", lambda y, n_lags: likeness[:n_lags])
    assert parts._from_waveform(np.ones((1, 100_000)), rough, 900, 40_000) == found


def test_the_range_holds_for_multiples_and_divisions(monkeypatch):
    likeness = np.zeros(80_000)
    likeness[1000::1000] = 1
    monkeypatch.setattr(parts, "_flattened_autocorrelation", lambda y, n_lags: likeness[:n_lags])
    for shortest, found in ((1000, 1000), (1001, 1000), (1002, 2000), (2001, 2000), (2002, 3000)):
        assert parts._from_waveform(np.ones((1, 100_000)), 6000, shortest, 40_000) == found
    likeness[:] = 0
    likeness[1000::1000] = 0.2
    likeness[4000::4000] = 1
    for longest, found in ((4000, 4000), (3999, 4000), (3998, 2000)):
        assert parts._from_waveform(np.ones((1, 100_000)), 1000, 900, longest) == found
    # What is more than a third of the clip does not occur three times.
    for n, found in ((12_000, 4000), (11_997, 4000), (11_990, 2000)):
        assert parts._from_waveform(np.ones((1, n)), 1000, 900, 9000) == found


def test_the_waveform_says_nothing_where_it_does_not_repeat(monkeypatch):
    likeness = np.zeros(80_000)
    monkeypatch.setattr(parts, "_flattened_autocorrelation", lambda y, n_lags: likeness[:n_lags])
    for level, found in ((0.099, None), (0.101, 5000)):
        likeness[5000::5000] = level
        assert parts._from_waveform(np.ones((1, 100_000)), 5000.4, 900, 30_000) == found
    # Nothing within the range: not even the peak that was found beside the rough period.
    likeness[:] = 0
    likeness[5900::5900] = 1
    assert parts._from_waveform(np.ones((1, 100_000)), 5000.4, 4950, 5050) is None


@pytest.mark.parametrize(("rough", "at", "found"), [(5000, 6024, 6024), (5000, 6025, 5000), (2001, 2501, 2501)])
def test_the_waveform_is_searched_two_frames_around(monkeypatch, rough, at, found):
    likeness = np.zeros(80_000)
    likeness[rough::rough] = 0.5
    likeness[at::at] = 1
    monkeypatch.setattr(parts, "_flattened_autocorrelation", lambda y, n_lags: likeness[:n_lags])
    assert parts._from_waveform(np.ones((1, 100_000)), rough, rough - 100, 1.3 * rough) == found


def test_a_short_rough_period_is_searched_a_quarter_around(monkeypatch):
    """Where likeness grows towards lag 0, the search ends a quarter of the period before."""
    monkeypatch.setattr(parts, "_flattened_autocorrelation", lambda y, n_lags: 1 - np.arange(n_lags) / n_lags)
    reached = []
    monkeypatch.setattr(parts, "_sharpened", lambda likeness, period, reach: reached.append(reach) or period)
    for rough in (2000, 2003, 4096, 8000):
        reached.clear()
        parts._from_waveform(np.ones((1, 100_000)), rough, 900, 30_000)
        assert reached[0] == min(1024, rough // 4)
        assert set(reached[1:]) == {3}


def test_of_a_long_song_the_middle_is_looked_at(monkeypatch):
    seen = []

    def likeness(y, n_lags):
        seen.append((y[0, 0], y.shape[1], n_lags))
        return np.zeros(n_lags)

    monkeypatch.setattr(parts, "_flattened_autocorrelation", likeness)
    monkeypatch.setattr(parts, "LOOKED_AT", 20_000)
    y = np.arange(100_000.0)[None]
    for rough, kept in ((1000, 20_000), (2000.5, 24_006), (30_000, 100_000)):
        parts._from_waveform(y, rough, 900, 30_000)
        assert seen.pop() == ((100_000 - kept) // 2, kept, int(0.75 * kept) + parts.REACH)


def test_how_short_a_sound_may_be():
    y = loop(1100, 6 * 512)
    assert find_period(y[: 6 * 512], 1000, min_period=0.5, max_period=1.1) > 0
    with pytest.raises(ValueError, match="leaves no room"):
        find_period(y[: 6 * 512 - 1], 1000, min_period=0.5, max_period=1.1)
    # Below two frames no period is looked for, whatever min_period says.
    y = loop(4000, 20_000)
    assert find_period(y, 1000, min_period=1e-6, max_period=1.024) >= 1.023
    assert find_period(y, 1000, min_period=4.096, max_period=4.096) == pytest.approx(4.096, abs=0.1)
    with pytest.raises(ValueError, match="leaves no room"):
        find_period(y, 1000, min_period=4.0, max_period=3.999)
    with pytest.raises(ValueError, match="leaves no room"):
        find_period(y, 1000, min_period=0.1, max_period=1.023)
    with pytest.raises(ValueError, match=r"max_period is -0\.5"):
        find_period(y, 1000, max_period=-0.5)


def test_silence_has_a_beat_spectrum_as_long_as_it_is():
    assert beat_spectrum(np.zeros((3, 9))).shape == (9,)


@pytest.mark.parametrize("bounds", [(2.0, 2.0), (1.99, 2.005), (1.5, 1.51)])
def test_bounds_with_no_whole_frame_between_them(bounds):
    """A frame is 23 ms; what is found lies between the bounds all the same."""
    y = loop(round(2.0 * SR), 16 * SR)
    found = find_period(y, SR, min_period=bounds[0], max_period=bounds[1])
    assert bounds[0] <= found <= bounds[1]
    if bounds[0] <= 2.0 <= bounds[1]:
        assert found == pytest.approx(2.0, abs=1e-4)
