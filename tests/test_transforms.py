"""STFT and iSTFT: shapes, librosa's numbers, reconstruction in dB, edges that stay quiet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spectrogramtools import STFT, hann, hpss_masks, iSTFT
from spectrogramtools.homework import error_db
from spectrogramtools.transforms import halfsine, overlap_add, synthesis_gain

WINDOWS = {"half-sine": None, "hann": hann, "numpy's symmetric hann": np.hanning}


def noise(n, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).standard_normal(n).astype(dtype)


def test_shape_is_the_class_notes():
    assert STFT(noise(147008), 2048, 512, useLibrosa=False).shape == (1025, 284)


@pytest.mark.parametrize(("dtype", "spectrum"), [(np.float32, np.complex64), (np.float64, np.complex128)])
def test_precision_is_kept(dtype, spectrum):
    S = STFT(noise(5000, dtype), 512, 128)
    assert S.dtype == spectrum
    assert iSTFT(S, 512, 128).dtype == dtype
    assert STFT(noise(5000, dtype), 512, 128, useLibrosa=True).dtype == spectrum


def test_frame_i_starts_at_sample_i_times_hop():
    y = noise(4000)
    S = STFT(y, 256, 100)
    window = np.sin(np.pi * np.arange(256) / 256)
    for i in (0, 1, 37):
        np.testing.assert_allclose(S[:, i], np.fft.rfft(window * y[100 * i : 100 * i + 256]), atol=1e-12)


def test_centred_frame_i_is_centred_on_sample_i_times_hop():
    y = noise(4000)
    S = STFT(y, 256, 100, center=True)
    window = np.sin(np.pi * np.arange(256) / 256)
    padded = np.concatenate([np.zeros(128), y, np.zeros(128)])
    for i in (0, 1, 40):
        np.testing.assert_allclose(S[:, i], np.fft.rfft(window * padded[100 * i : 100 * i + 256]), atol=1e-12)


def test_a_sine_stands_in_its_bin_with_the_windows_sum_as_magnitude():
    win, k = 512, 20
    y = np.cos(2 * np.pi * k * np.arange(4000) / win)
    A = np.abs(STFT(y, win, 128, winfunc=hann))
    assert (A.argmax(axis=0) == k).all()
    np.testing.assert_allclose(A[k], hann(win).sum() / 2, rtol=1e-12)


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-10)])
@pytest.mark.parametrize(("win", "hop"), [(2048, 512), (1023, 200), (1000, 500)])
@pytest.mark.parametrize("winfunc", WINDOWS.values(), ids=WINDOWS.keys())
def test_librosa_gives_the_same_numbers(y, center, dtype, tolerance, win, hop, winfunc):
    y = y[:40_001].astype(dtype)
    ours = STFT(y, win, hop, winfunc, center=center)
    theirs = STFT(y, win, hop, winfunc, useLibrosa=True, center=center)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() <= tolerance * np.abs(ours).max()
    masked = ours * np.random.default_rng(0).random(ours.shape).astype(dtype)
    for length in (None, 39_000, 41_000):
        a = iSTFT(masked, win, hop, winfunc, center=center, length=length)
        b = iSTFT(masked, win, hop, winfunc, useLibrosa=True, center=center, length=length)
        assert a.shape == b.shape
        assert a.dtype == b.dtype == dtype
        assert np.abs(a - b).max() <= tolerance * np.abs(a).max()


def test_centred_transform_is_librosas_own(y):
    import librosa

    ours = STFT(y, 2048, 512, hann, center=True)
    theirs = librosa.stft(y, n_fft=2048, hop_length=512, pad_mode="constant")
    assert np.abs(ours - theirs).max() <= 1e-5 * np.abs(theirs).max()


@pytest.mark.parametrize(("dtype", "limit"), [(np.float64, -300), (np.float32, -120)])
@pytest.mark.parametrize("winfunc", [None, hann], ids=["half-sine", "hann"])
@pytest.mark.parametrize("ratio", [3, 4, 8])
@pytest.mark.parametrize("win", [2048, 1023, 96, 45])
def test_reconstruction(dtype, limit, winfunc, ratio, win):
    hop = win // ratio
    for n in (10 * win, 10 * hop - 1, 10 * hop + 1, 3 * win + 7, win // 2, 1):
        y = noise(n, dtype)
        back = iSTFT(STFT(y, win, hop, winfunc, center=True), win, hop, winfunc, center=True, length=n)
        assert error_db(back, y) < limit, n


@settings(deadline=None, max_examples=150)
@given(
    n=st.integers(1, 3000),
    win=st.integers(8, 400),
    ratio=st.sampled_from([3, 4, 8]),
    winfunc=st.sampled_from([None, hann]),
    seed=st.integers(0, 9),
)
def test_reconstruction_at_any_length(n, win, ratio, winfunc, seed):
    hop = win // ratio
    y = noise(n, seed=seed)
    back = iSTFT(STFT(y, win, hop, winfunc, center=True), win, hop, winfunc, center=True, length=n)
    assert back.shape == y.shape
    assert error_db(back, y) < -300


@pytest.mark.parametrize("winfunc", [None, hann], ids=["half-sine", "hann"])
@pytest.mark.parametrize("n", [10_000, 10_239, 10_240])
def test_reconstruction_with_two_windows_over_each_sample(winfunc, n):
    win, hop = 1024, 512
    y = noise(n)
    window = (winfunc or halfsine)(win)
    window_sum = np.zeros(n + 2 * win)
    for start in range(0, n + win - win + 1, hop):  # centred: the padded signal has n + win samples
        window_sum[start : start + win] += window**2
    covered = window_sum[win // 2 : win // 2 + n] >= 0.01 * np.sum(window**2) / hop
    back = iSTFT(STFT(y, win, hop, winfunc, center=True), win, hop, winfunc, center=True, length=n)
    assert error_db(back[covered], y[covered]) < -300
    assert not back[~covered].any()


def test_without_padding_all_but_the_uncovered_edges_come_back():
    y = noise(20_000)
    back = iSTFT(STFT(y, 1000, 250), 1000, 250)
    assert len(back) == 20_000
    zero = np.flatnonzero(back == 0)
    # The half-sine's square reaches 1 % of its steady sum of 2 within the first and last 46 samples.
    assert zero.min() == 0
    assert set(zero) <= {*range(46), *range(19_954, 20_000)}
    assert error_db(back[46:-46], y[46:-46]) < -300


def test_length_cuts_or_fills_with_zeros():
    S = STFT(noise(5000), 512, 128, center=True)
    full = iSTFT(S, 512, 128, center=True)
    assert len(full) == 128 * (S.shape[1] - 1)
    long = iSTFT(S, 512, 128, center=True, length=9000)
    np.testing.assert_array_equal(iSTFT(S, 512, 128, center=True, length=77), full[:77])
    assert len(long) == 9000
    assert not long[6000:].any()


@pytest.mark.parametrize("winfunc", [None, hann], ids=["half-sine", "hann"])
@pytest.mark.parametrize("mask", ["soft", "binary"])
@pytest.mark.parametrize("useLibrosa", [False, True])
def test_a_masked_spectrogram_does_not_explode_at_the_edges(y, winfunc, mask, useLibrosa):
    S = STFT(y, 2048, 512, winfunc)
    for M in hpss_masks(np.abs(S), mask=mask):
        part = iSTFT(M * S, 2048, 512, winfunc, useLibrosa=useLibrosa)
        for edge in (part[:2048], part[-2048:]):
            assert np.abs(edge).max() <= np.abs(y).max()


def test_the_inverse_is_the_least_squares_one():
    """Of all signals, iSTFT's has the spectrogram nearest to an inconsistent one: any change makes it worse."""
    rng = np.random.default_rng(3)
    win, hop, n = 64, 16, 400
    S = STFT(noise(n), win, hop, center=True)
    S = S * rng.random(S.shape)
    # Bins between 0 and Nyquist stand for two.
    weight = np.r_[1, np.full(win // 2 - 1, 2), 1][:, None]

    def distance(y):
        return np.sum(weight * np.abs(STFT(y, win, hop, center=True) - S) ** 2)

    best = iSTFT(S, win, hop, center=True, length=n)
    for _ in range(20):
        assert distance(best + 1e-3 * rng.standard_normal(n)) > distance(best)


def test_inputs_are_left_alone(y):
    before = y.copy()
    S = STFT(y, 2048, 512)
    S_before = S.copy()
    iSTFT(S, 2048, 512)
    np.testing.assert_array_equal(y, before)
    np.testing.assert_array_equal(S, S_before)


def test_the_windows_by_hand():
    half = np.sqrt(0.5)
    np.testing.assert_allclose(halfsine(4), [0, half, 1, half])
    np.testing.assert_allclose(hann(4), [0, 0.5, 1, 0.5])
    np.testing.assert_allclose(hann(3), [0, 0.75, 0.75])
    assert halfsine(5).dtype == hann(5).dtype == np.float64


@pytest.mark.parametrize(
    "window",
    [
        np.r_[np.nan, np.ones(63)],
        np.r_[np.ones(63), np.inf],
        np.ones(64, complex),
        np.ones(64, bool),
        np.ones(63),
        np.ones((64, 1)),
        np.ones((1, 64)),
        1.0,
    ],
    ids=["NaN", "infinite", "complex", "boolean", "short", "column", "row", "number"],
)
def test_a_window_that_is_none(window):
    S = np.ones((33, 5), complex)
    for call in (
        lambda: STFT(noise(100), 64, 16, winfunc=lambda n: window),
        lambda: iSTFT(S, 64, 16, winfunc=lambda n: window),
    ):
        with pytest.raises(ValueError, match=r"winfunc\(64\) must return 64 finite real numbers\."):
            call()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.uint8])
def test_a_window_of_any_real_type(dtype):
    y = noise(300)
    S = STFT(y, 64, 16, winfunc=lambda n: np.full(n, 3, dtype))
    np.testing.assert_allclose(S[:, 2], 3 * np.fft.rfft(y[32:96]), atol=1e-12)
    one = STFT(y, 64, 16, winfunc=lambda n: np.eye(1, n)[0])  # a single sample is a window too
    np.testing.assert_allclose(one[:, 3], y[48], atol=1e-12)


def test_exactly_one_window_is_one_frame():
    y = noise(64)
    assert STFT(y, 64, 16).shape == (33, 1)
    assert STFT(y[:1], 64, 16, center=True).shape == (33, 1)
    assert iSTFT(STFT(y, 64, 16), 64, 16).shape == (64,)
    with pytest.raises(ValueError, match="fewer than one window"):
        STFT(y[:63], 64, 16)


@pytest.mark.parametrize(("win", "frames", "length"), [(64, 1, 0), (63, 1, 1), (64, 2, 16), (63, 4, 49)])
def test_centred_frames_span_two_half_windows_fewer(win, frames, length):
    S = np.ones((1 + win // 2, frames), complex)
    assert iSTFT(S, win, 16, center=True).shape == (length,)
    assert iSTFT(S, win, 16, center=True, length=0).shape == (0,)
    assert iSTFT(S, win, 16, length=0).shape == (0,)


def test_librosa_is_only_asked_when_told(monkeypatch):
    import librosa

    monkeypatch.setattr(librosa, "stft", None)
    monkeypatch.setattr(librosa, "istft", None)
    iSTFT(STFT(noise(300), 64, 16), 64, 16)
    with pytest.raises(TypeError):
        STFT(noise(300), 64, 16, useLibrosa=True)


@pytest.mark.parametrize("hop", [1, 7, 16, 64])
@pytest.mark.parametrize("frames", [1, 2, 9])
def test_overlap_add_and_gain_by_their_formulas(hop, frames):
    window = np.abs(noise(64))
    pieces = noise(frames * 64).reshape(frames, 64)
    total, squares = np.zeros((2, 64 + hop * (frames - 1)))
    for i in range(frames):
        total[i * hop : i * hop + 64] += pieces[i]
        squares[i * hop : i * hop + 64] += window**2
    np.testing.assert_allclose(overlap_add(pieces, hop), total, atol=1e-12)
    expected = [1 / s if s >= 0.01 * np.sum(window**2) / hop else 0 for s in squares]
    np.testing.assert_allclose(synthesis_gain(window, hop, frames), expected)


def test_one_per_cent_is_covered_and_less_is_not():
    """Squares 1, 1, 98 … add up to 100 at a hop of 4, so that the steady value is 25 and its hundredth part 0.25."""
    for first, covered in ((0.26, True), (0.25, True), (0.24, False)):
        window = np.sqrt([first, 1, 98, 1 - first])
        assert bool(synthesis_gain(window, 4, 1)[0]) == covered


@pytest.mark.parametrize("frames", [1, 127, 128, 129, 300])
def test_any_number_of_blocks(frames):
    """Frames are transformed some at a time; where a block ends nothing is missing or doubled."""
    y = noise(32 + 8 * (frames - 1))
    S = STFT(y, 32, 8)
    assert S.shape == (17, frames)
    for i in {0, frames // 2, frames - 1, min(frames - 1, 128)}:
        np.testing.assert_allclose(S[:, i], np.fft.rfft(halfsine(32) * y[8 * i : 8 * i + 32]), atol=1e-12)
    np.testing.assert_allclose(iSTFT(S, 32, 8)[4:-4], y[4:-4], atol=1e-12)
