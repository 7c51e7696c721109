"""Bad input gets a ValueError with a sentence that names the argument, what it was, and what to do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes
from matplotlib.figure import Figure

import spectrogramtools as tools
from spectrogramtools.plots import plot_mask

Y = np.zeros(4096)
A = np.ones((33, 20))
S = A + 0j
AXIS = ("time (s)", 0, 1)


def sketch(**axes):
    return tools.predict("?", "!", sketch={"x": AXIS, "y": AXIS, "truth": ([0, 1], [0, 1]), **axes})


def blind(scores):
    return tools.listen_blind({"a": Y, "b": Y}, 22050, scores=scores)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: tools.STFT(np.zeros((2, 4096)), 64, 16), r"y has shape \(2, 4096\).*y.mean\(axis=0\)"),
        (lambda: tools.STFT(np.zeros((4096, 2)), 64, 16), r"y.mean\(axis=1\)"),
        (lambda: tools.STFT(np.zeros(4096, np.int16), 64, 16), "y / 32768"),
        (lambda: tools.STFT(np.zeros(4096, int), 64, 16), r"y has dtype int64.*astype\(np.float32\)"),
        (lambda: tools.STFT(np.r_[Y, np.nan], 64, 16), "y holds NaN or infinity, first at sample 4096"),
        (lambda: tools.STFT(Y[:0], 64, 16), "y is empty"),
        (lambda: tools.STFT(Y[:63], 64, 16), "63 samples, fewer than one window of 64.*center=True"),
        (lambda: tools.STFT([[1.0, 2.0], [3.0]], 64, 16), "y can't be read as an array"),
        (lambda: tools.STFT(Y + 1j, 64, 16), "y is complex"),
        (lambda: tools.STFT(Y, 64, 65), "hop_length=65 is longer than win_length=64 and leaves gaps.*16 is usual"),
        (lambda: tools.STFT(Y, 64, 0), "hop_length is 0"),
        (lambda: tools.STFT(Y, 64.5, 16), "win_length is 64.5, but it must be a whole number"),
        (lambda: tools.STFT(Y, 64, 16, winfunc="hann"), "winfunc is 'hann'.*spectrogramtools.hann"),
        (lambda: tools.STFT(Y, 64, 16, winfunc=lambda n: np.ones(n + 1)), r"winfunc\(64\) must return 64 finite"),
        (lambda: tools.STFT(Y, 64, 16, winfunc=np.zeros), "returned a window of zeros"),
        (lambda: tools.iSTFT(S, 128, 16), "S has 33 rows, but win_length=128 makes 65"),
        (lambda: tools.iSTFT(S * np.nan, 64, 16), "S holds NaN.*mask of 0 / 0.*soft_masks"),
        (lambda: tools.iSTFT(S[0], 64, 16), r"S has shape \(20,\).*two dimensions"),
        (lambda: tools.iSTFT(S, 64, 16, length=-1), "length is -1"),
        (lambda: tools.iSTFT(A.astype(int), 64, 16), "S has dtype int64"),
        (lambda: tools.griffinLimInverse(S, 64, 16), r"A is complex.*np.abs\(A\)"),
        (lambda: tools.griffinLimInverse(-A, 64, 16), "A holds negative numbers"),
        (lambda: tools.griffinLimInverse(A, 64, 16, NIters=-1), "NIters is -1"),
        (lambda: tools.griffinLimInverse(A, 64, 16, momentum=-0.1), "momentum is -0.1"),
        (lambda: tools.griffinLimInverse(A, 64, 16, phase="found"), "phase is 'found'; choose 'zero' or 'random'"),
        (lambda: tools.griffinLimInverse(A, 64, 16, phase=A[:, 1:]), r"phase has shape \(33, 19\)"),
        (lambda: tools.griffinLimInverse(A, 64, 16, phase="random", seed="a"), "seed is 'a'"),
        (lambda: tools.median_across_time(A, 8), "width_frames is 8.*7 or 9"),
        (lambda: tools.median_across_frequency(A, 0), "width_bins is 0"),
        (lambda: tools.median_across_time(A, 5, edges="wrap"), "edges is 'wrap'; choose 'reflect' or 'zero'"),
        (lambda: tools.median_across_time(S, 5), "A is complex"),
        (lambda: tools.median_across_time(A.astype(np.float16), 5), "A has dtype float16"),
        (lambda: tools.soft_masks(A, A[1:]), r"A has shape \(33, 20\) and B has \(32, 20\)"),
        (lambda: tools.soft_masks(A, A, power=0), "power is 0.*more than 0"),
        (lambda: tools.soft_masks(A, A, power="two"), "power is 'two'"),
        (lambda: tools.binary_masks(A, A, margin=0.5), "margin is 0.5"),
        (lambda: tools.apply_mask(S, 2 * A), "M runs from 2 to 2, but a mask lies between 0 and 1"),
        (lambda: tools.apply_mask(S, A[1:]), "they must be alike"),
        (lambda: tools.apply_mask(S, A, phase="none"), "phase is 'none'"),
        (lambda: tools.hpss_masks(A, mask="hard"), "mask is 'hard'; choose 'soft' or 'binary'"),
        (lambda: tools.hpss_masks(A, winh_frames=-1), "winh_frames is -1"),
        (lambda: tools.hpss(np.zeros((4096, 2)), 22050), r"reads as 4096 channels.*y.T"),
        (lambda: tools.hpss(np.zeros((1, 2, 3)), 22050), "y has 3 dimensions"),
        (lambda: tools.median_across_periods(A, 11), "period_frames is 11.*at most 10, half of the 20 frames"),
        (lambda: tools.median_across_periods(A, 0), "period_frames is 0"),
        (lambda: tools.median_across_periods(A, 2.5), "period_frames is 2.5.*round it"),
        (lambda: tools.median_across_periods(A, np.ones(19, int)), r"period_frames has shape \(19,\)"),
        (lambda: tools.median_across_periods(A, 2, nearest=0), "nearest is 0"),
        (lambda: tools.median_across_similar(A, [[0]] * 19), "neighbours has 19 entries, but A has 20 frames"),
        (lambda: tools.median_across_similar(A, [[]] * 20), r"neighbours\[0\] must be a list of at least one"),
        (lambda: tools.median_across_similar(A, [[20]] * 20), r"neighbours\[0\] runs from 20 to 20.*0 to 19"),
        (lambda: tools.repeating_mask(A, A[1:]), "they must be alike"),
        (lambda: tools.beat_spectrum(-A), "A holds negative numbers"),
        (lambda: tools.find_period(Y, 1000), "y is silent"),
        (
            lambda: tools.find_period(Y + 1, 22050),
            "a period of 0.8 s or more.*no room for a period in y, which lasts 0.19 s.*min_period= to find_period",
        ),
        (lambda: tools.find_period(Y + 1, 1000, min_period=0), "min_period is 0.*more than 0"),
        (lambda: tools.find_period(Y + 1, 1000, min_period=-0.5), "min_period is -0.5"),
        (lambda: tools.find_period(Y + 1, 1000, max_period=3), "max_period is 3.*at most 2.048"),
        (lambda: tools.repet(Y + 1, 1000, period=3), "period is 3 s, but y lasts 4.096 s.*at most 2.048 s"),
        (lambda: tools.repet(Y + 1, 1000, period=1, mask="hard"), "mask is 'hard'"),
        (lambda: tools.repet(Y + 1, 1000, period=1, highpass=-1), "highpass is -1"),
        (lambda: tools.repet(Y + 1, 0), "sr is 0"),
        (lambda: tools.repet(Y + 1, 1000, period=1, hop_length=0), "hop_length is 0"),
        (lambda: tools.repet(Y + 1, 1000, period=1, hop_length=4000), "leaves gaps"),
        (lambda: tools.repet(Y + 1, 1000, period="one"), "period is 'one'"),
        (lambda: tools.repet_adaptive(Y + 1, 1000, period=1, hop_length=1.5), "hop_length is 1.5"),
        (lambda: tools.repet_extended(Y + 1, 1000, segment=5), "segment is 5 s, but y lasts 4.096 s"),
        (lambda: tools.repet_sim(Y, 1000, count=0), "count is 0"),
        (lambda: tools.repet_sim(Y, 1000, threshold=2), "threshold is 2"),
        (lambda: tools.repet_sim_online(Y, 1000, buffer=0), "buffer is 0"),
        (lambda: tools.ft2d(Y, 1000, neighbourhood=(1, 2, 3)), "neighbourhood is.*two numbers"),
        (lambda: tools.similar_frames(S), "similarity is complex"),
        (lambda: tools.hpss_two_stage(Y, 1000, winh=-1), "winh is -1"),
        (lambda: tools.si_sdr(Y, Y), "reference is silent"),
        (lambda: tools.si_sdr(Y + 1, Y[1:]), "reference has shape"),
        (lambda: tools.sdr(Y, Y), "reference is silent"),
        (lambda: tools.sdr(Y + 1, Y[1:]), "reference has shape"),
        (lambda: tools.sdr(Y + 1, Y, taps=-1), "taps is -1, but it must be at least 0"),
        (lambda: tools.sdr(Y + 1, Y, taps=4097), "taps is 4097, but channels times taps may be 4096 at most: use 4096"),
        (lambda: tools.framewise_sdr([], [], 1000), "references is empty: give at least one source"),
        (lambda: tools.framewise_sdr(3, [Y], 1000), "references is 3, but it must be a list of waveforms"),
        (
            lambda: tools.framewise_sdr([Y], [Y, Y], 1000),
            "references has 1 sources and estimates has 2: give one estimate for each",
        ),
        (lambda: tools.framewise_sdr([Y, Y[1:]], [Y, Y], 1000), r"references\[1\] has shape .*references\[0\] has"),
        (lambda: tools.framewise_sdr([Y], [Y[1:]], 1000), r"references\[0\] has shape .*estimates\[0\] has"),
        (lambda: tools.framewise_sdr([Y], [Y], 1000, window=0), "window is 0"),
        (lambda: tools.plot_spectrogram(A, 0, 16), "sr is 0"),
        (
            lambda: tools.hpss(Y, 2048),
            r"sr is 2048, which looks like a window's length.*hpss\(y, 22050, win_length=2048\)",
        ),
        (lambda: tools.hpss(Y, 22050, winh=20), "winh is 20 s, but y lasts 0.18.* s.*hpss_masks"),
        (lambda: tools.hpss(Y, 22050, winv=-1), "winv is -1"),
        (lambda: tools.hpss(Y, "22050"), "sr is '22050', but it must be a number"),
        (lambda: tools.hpss(Y, 22050, margin=(1, 2, 3)), "margin has 3 numbers"),
        (lambda: tools.hpss(Y, 22050, power=10**400), "power is a whole number of more than 20 digits"),
        (lambda: tools.hpss(Y, 22050, power=1 + 0j), "power is .1.0j., but it must be a number"),
        (lambda: tools.hpss(np.ma.masked_array(Y, Y == 0), 22050), r"y holds masked values.*y.filled\(0\)"),
        (lambda: tools.median_across_time(A, 10**9 + 1), "width_frames is 1000000001, but that axis has 20 cells"),
        (lambda: tools.hpss_masks(A, winv_bins=10**9), "winv_bins is 1000000000, but that axis has 33 cells"),
        (lambda: tools.median_across_similar(A, 3), "neighbours is 3, but it must be a list"),
        (lambda: tools.median_across_similar(A, [[0.0]] * 20), r"neighbours\[0\] holds float64 numbers.*astype\(int\)"),
        (lambda: tools.STFT(Y, 10**6, 10, center=True), "win_length is 1000000, but y has 4096 samples"),
        (lambda: tools.repet_masks(A, 2, highpass_bins=-1), "highpass_bins is -1"),
        (lambda: tools.iSTFT(S, 64, 16, length=3681), "length is 3681, but the frames span 368 samples"),
        (lambda: tools.griffinLimInverse(A, 64, 16, length=3681), "length is 3681, but the frames span 368 samples"),
        (lambda: tools.hpss_masks(A, mask="x" * 100), "mask is 'x{58}…; choose"),
        (lambda: tools.ft2d_masks(A, neighbourhood=(1, 2, 3, 4)), r"neighbourhood is \(1, 2, 3, 4\), but"),
        (lambda: tools.ft2d_masks(A, neighbourhood=(1, 2, 3, 4, 5)), "neighbourhood is a tuple, but"),
        (lambda: tools.iSTFT(S, 64, 16, length=10**6), "length is 1000000, but the frames span 368 samples"),
        (lambda: tools.halfsine(2.5), "win_length is 2.5"),
        (lambda: tools.hann(-1), "win_length is -1"),
        (lambda: tools.repet(Y, 1000, mask="hard", period=-3), "mask is 'hard'"),
        (lambda: tools.repet(Y, 1000, period=-3), "period is -3"),
        (lambda: tools.repet_adaptive(Y, 1000, nearest=0), "nearest is 0"),
        (lambda: tools.repet_adaptive(Y + 1, 1000, period=3), "period is 3 s, but y lasts 4.096 s.*at most 2.048 s"),
        (lambda: tools.repet_adaptive(Y[:1000] + 1, 1000), "no room for a period in y, which lasts 1.00 s"),
        (lambda: tools.follow_period(Y, 1000), "y is silent"),
        (lambda: tools.follow_period(Y + 1, 1000, period=3), "period is 3 s, but y lasts 4.096 s"),
        (lambda: tools.follow_period(Y + 1, 1000, period=-3), "period is -3"),
        (lambda: tools.follow_period(Y[:1000] + 1, 1000), "no room for a period in y, which lasts 1.00 s"),
        (lambda: tools.follow_period(Y + 1, 0), "sr is 0"),
        (lambda: tools.foreground_trust(A, A[1:]), r"A has shape \(33, 20\) and model has \(32, 20\)"),
        (lambda: tools.foreground_trust(S, A), "A is complex"),
        (lambda: tools.fitted_mask(A, -A), "model holds negative numbers"),
        (
            lambda: tools.repet_sim_online(Y, 1000, mask="fitted"),
            "mask is 'fitted'; choose 'soft' or 'binary'",
        ),
        (lambda: tools.separate(Y, 1000, 3), "masks is 3, but it must be a function"),
        (lambda: tools.separate(Y, 1000, lambda A: 3), "what masks returns is 3, but it must be a list of masks"),
        (lambda: tools.separate(Y, 1000, lambda A: []), "masks returns no mask"),
        (lambda: tools.separate(Y, 1000, lambda A: [A[1:] * 0]), "mask 0 has shape"),
        (lambda: tools.scoreboard([], {"a": Y, "b": Y}, Y, 1000), r"estimates is \[\], but it must be a dict"),
        (
            lambda: tools.scoreboard({"x": 3}, {"a": Y + 1, "b": Y + 2}, Y, 1000),
            "what x gives is 3.*a list of estimates",
        ),
        (
            lambda: tools.scoreboard({"mixture": [Y, Y]}, {"a": Y, "b": Y}, Y, 1000),
            "'mixture', which is a baseline's name",
        ),
        (lambda: tools.si_sir(Y + 1, Y, 3), "others is 3"),
        (lambda: tools.predict("?", "!"), "one of choose=, order= and sketch=, but there is none of them"),
        (lambda: tools.predict("?", "!", choose=["a", "b"], order=["a", "b"]), "there is choose and order"),
        (lambda: tools.predict(3, "!", choose=["a", "b"]), "question is 3, but it must be a text"),
        (lambda: tools.predict("?", " ", choose=["a", "b"]), "then is ' ', but it must be a text"),
        (lambda: tools.predict("?", "!", choose="ab"), "choose is 'ab', but it must be a list of texts"),
        (lambda: tools.predict("?", "!", choose=["a"]), "choose has 1 answers, but two to 9"),
        (lambda: tools.predict("?", "!", order=["a", "a"]), "order has 'a' twice"),
        (lambda: tools.predict("?", "!", order=["a", 2]), r"order\[1\] is 2, but it must be a text"),
        (lambda: tools.predict("?", "!", sketch=3), r"sketch is 3, but it must be a dict, such as dict\(x="),
        (lambda: tools.predict("?", "!", sketch={"x": AXIS}), "sketch has x, but x, y and truth are wanted"),
        (lambda: sketch(x=("s", 1)), "x has 2 parts, but three are wanted"),
        (lambda: sketch(x=("s", 2, 1)), "x runs from 2 to 1"),
        (lambda: sketch(y=("s", "0", 1)), "y's lowest value is '0'"),
        (lambda: sketch(y=(0, 0, 1)), "y's label is 0, but it must be a text"),
        (lambda: sketch(truth=[[0, 1], [0, 1], [0, 1]]), "truth has 3 parts"),
        (lambda: sketch(truth=[[0, 1], [0, np.nan]]), r"truth\[1\] is \[0, nan\].*at least two finite numbers"),
        (lambda: sketch(truth=[[0, 1], [0, 1, 2]]), "truth has 2 places and 3 values"),
        (lambda: tools.listen_blind(Y, 22050), "signals is an array of shape .*, but it must be a dict"),
        (lambda: tools.listen_blind({"a": Y}, 22050), "signals has 1 signals, but two to 9"),
        (lambda: tools.listen_blind({"a": Y, "b": Y}, 1000), "sr is 1000"),
        (lambda: blind(3), "scores is 3, but it must be a dict"),
        (lambda: blind({"a": 1}), "scores has no number for 'b'"),
        (lambda: blind({"a": 1, "b": 2, "c": 3}), "scores has 'c', which is no signal's name"),
        (lambda: blind({"a": 1, "b": np.inf}), r"scores\['b'\] is inf"),
    ],
)
def test_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence) as error:
        call()
    assert len(str(error.value).splitlines()) == 1


any_array = arrays(scalar_dtypes(), array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=70))
CALLS = {
    "STFT": lambda x: tools.STFT(x, 16, 4),
    "STFT centred": lambda x: tools.STFT(x, 16, 4, center=True),
    "iSTFT": lambda x: tools.iSTFT(x, 8, 2),
    "griffinLimInverse": lambda x: tools.griffinLimInverse(x, 8, 2, 2, verbose=False),
    "median_across_time": lambda x: tools.median_across_time(x, 5),
    "median_across_frequency": lambda x: tools.median_across_frequency(x, 5, edges="zero"),
    "soft_masks": lambda x: tools.soft_masks(x, x, power=2),
    "binary_masks": lambda x: tools.binary_masks(x, x, margin=2),
    "apply_mask": lambda x: tools.apply_mask(x, x),
    "hpss_masks": lambda x: tools.hpss_masks(x, winh_frames=2, winv_bins=2),
    "hpss": lambda x: tools.hpss(x, 8000, win_length=16, hop_length=4),
    "hpss_two_stage": lambda x: tools.hpss_two_stage(x, 100, long_win_length=16, short_win_length=8),
    "median_across_periods": lambda x: tools.median_across_periods(x, 3),
    "median_across_periods, periods": lambda x: tools.median_across_periods(np.ones((4, 20)), x),
    "median_across_similar": lambda x: tools.median_across_similar(x, [[0]] * x.shape[-1] if x.ndim else []),
    "median_across_similar, neighbours": lambda x: tools.median_across_similar(np.ones((4, 3)), [x, x, x]),
    "repeating_mask": lambda x: tools.repeating_mask(x, x),
    "beat_spectrum": lambda x: tools.beat_spectrum(x),
    "find_period": lambda x: tools.find_period(x, 10_000, min_period=0.01),
    "repet_masks": lambda x: tools.repet_masks(x, 2),
    "repet": lambda x: tools.repet(x, 10, period=1.0, win_length=16),
    "repet, blind": lambda x: tools.repet(x, 10_000),
    "repet_extended": lambda x: tools.repet_extended(x, 10, segment=5.0, period=1.0, win_length=16),
    "repet_adaptive": lambda x: tools.repet_adaptive(x, 10, period=1.0, win_length=16),
    "repet_adaptive, blind": lambda x: tools.repet_adaptive(x, 10_000),
    "follow_period": lambda x: tools.follow_period(x, 100, period=0.2),
    "foreground_trust": lambda x: tools.foreground_trust(x, x),
    "fitted_mask": lambda x: tools.fitted_mask(x, np.roll(x, 1)),
    "similarity_matrix": lambda x: tools.similarity_matrix(x),
    "similar_frames": lambda x: tools.similar_frames(x),
    "repet_sim_masks": lambda x: tools.repet_sim_masks(x, distance_frames=2),
    "repet_sim": lambda x: tools.repet_sim(x, 10, win_length=16, hop_length=4),
    "repet_sim_online": lambda x: tools.repet_sim_online(x, 10, buffer=2.0, win_length=16, hop_length=4),
    "ft2d_masks": lambda x: tools.ft2d_masks(x),
    "ft2d": lambda x: tools.ft2d(x, 10, win_length=16, hop_length=4),
    "si_sdr": lambda x: tools.si_sdr(x, x),
    "sdr": lambda x: tools.sdr(x, x, taps=3),
    "framewise_sdr": lambda x: tools.framewise_sdr([x, x], [x, np.roll(x, 1)], 3),
    "si_sir": lambda x: tools.si_sir(x, x, [x]),
    "si_sar": lambda x: tools.si_sar(x, x, x),
    "plot_spectrogram": lambda x: tools.plot_spectrogram(x, 100, 4, ax=Figure().subplots()),
    "separate": lambda x: tools.separate(x, 100, lambda A: [A * 0, 1 - A * 0], win_length=16),
    "listen": lambda x: tools.listen(x, 8000),
    "listen_blind": lambda x: tools.listen_blind({"a": x, "b": x}, 8000),
    "predict": lambda x: sketch(truth=(x, x)),
    "explore_hpss": lambda x: tools.explore_hpss(x, 8000, win_length=16, hop_length=4),
    "explore_balance": lambda x: tools.explore_balance({"a": x, "b": x}, 8000).sounds,
    "explore_errors": lambda x: tools.explore_errors({"a": x, "b": x, "c": x}, 8000).sounds,
    "explore_griffin_lim": lambda x: tools.explore_griffin_lim(x, 8000, win_length=16, hop_length=4).sounds,
    "explore_repet_sim": lambda x: tools.explore_repet_sim(x, 8000).sounds,
    "explore_inner_product": lambda x: tools.explore_inner_product(x, 8000, win_length=4).sounds,
    "explore_moments": lambda x: tools.explore_moments(x, 8000).sounds,
    "explore_window_sum": lambda x: tools.explore_window_sum(x, 8000, win_length=256).sounds,
    "explore_similarity": lambda x: tools.explore_similarity(x, 8000).sounds,
    "explore_songs": lambda x: tools.explore_songs({"a": x, "b": x}).found,
    "explore_tempo": lambda x: tools.explore_tempo({"a": x, "b": x}, 8000, period=0.002),
    "scoreboard": lambda x: tools.scoreboard({"x": [x, x]}, {"a": x, "b": x}, x, 8000, win_length=16, hop_length=4),
}


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")  # of numbers near the largest float
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@settings(deadline=None, max_examples=120)
@given(x=any_array)
def test_any_array_gives_a_result_or_a_sentence(call, x):
    before = x.copy()
    try:
        call(x)
    except ValueError as error:
        assert str(error).endswith((".", "…"))
        assert len(str(error)) > 20
    np.testing.assert_array_equal(x, before)


@settings(deadline=None, max_examples=30)
@given(win=st.one_of(st.integers(-2, 20), st.floats(), st.text(max_size=3), st.none()), hop=st.integers(-2, 20))
def test_any_window_and_hop_give_a_result_or_a_sentence(win, hop):
    try:
        S = tools.STFT(Y, win, hop, center=True)
        assert tools.iSTFT(S, win, hop, center=True, length=len(Y)).shape == Y.shape
    except ValueError as error:
        assert "_length" in str(error)


def test_masks_can_be_boolean():
    np.testing.assert_array_equal(tools.apply_mask(S, A > 0.5), S)
    plot_mask(A > 0.5, 22050, 16)
