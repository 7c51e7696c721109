"""STFT and iSTFT: shapes, librosa's numbers, reconstruction in dB, edges that stay quiet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spectrogramtools import STFT, hann, hpss_masks, iSTFT
from spectrogramtools.transforms import halfsine

WINDOWS = {"half-sine": None, "hann": hann, "numpy's symmetric hann": np.hanning}


def noise(n, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).standard_normal(n).astype(dtype)


def error_db(y, estimate):
    energy = np.sum((np.float64(y) - estimate) ** 2)
    return -np.inf if energy == 0 else 10 * np.log10(energy / np.sum(np.float64(y) ** 2))


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
        assert error_db(y, back) < limit, n


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
    assert error_db(y, back) < -300


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
    assert error_db(y[covered], back[covered]) < -300
    assert not back[~covered].any()


def test_without_padding_all_but_the_uncovered_edges_come_back():
    y = noise(20_000)
    back = iSTFT(STFT(y, 1000, 250), 1000, 250)
    assert len(back) == 20_000
    zero = np.flatnonzero(back == 0)
    # The half-sine's square reaches 1 % of its steady sum of 2 within the first and last 46 samples.
    assert zero.min() == 0
    assert set(zero) <= {*range(46), *range(19_954, 20_000)}
    assert error_db(y[46:-46], back[46:-46]) < -300


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
