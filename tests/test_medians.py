"""The medians equal scipy's to the last bit, with numba and without, at every shape and from several threads."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import median_filter
from scipy.signal import medfilt

from spectrogramtools import (
    median_across_frequency,
    median_across_periods,
    median_across_similar,
    median_across_time,
    running_median,
)
from spectrogramtools.medians import _repetitions, _sorted_by_swaps, middle

finite = {
    np.float32: st.floats(width=32, allow_nan=False, allow_infinity=False),
    np.float64: st.floats(allow_nan=False, allow_infinity=False),
}


def zero_padded(A, size):
    """What medfilt computes, also where the window is longer than the matrix, about which medfilt itself warns."""
    rows, columns = size[0] // 2, size[1] // 2
    padded = np.pad(A, ((rows, rows), (columns, columns)))
    return medfilt(padded, size)[rows : rows + A.shape[0], columns : columns + A.shape[1]]


def definition(A, width, mode):
    """Pad, cut out every window, sort: slow and plain."""
    padded = np.pad(A, ((0, 0), (width // 2, width // 2)), mode=mode)
    return np.sort(np.lib.stride_tricks.sliding_window_view(padded, width, axis=1))[:, :, width // 2]


def assert_equals_definition(A, width):
    for edges, mode in (("reflect", "symmetric"), ("zero", "constant")):
        np.testing.assert_array_equal(median_across_time(A, width, edges=edges), definition(A, width, mode))
        np.testing.assert_array_equal(median_across_frequency(A, width, edges=edges), definition(A.T, width, mode).T)


def assert_equals_scipy(A, width):
    np.testing.assert_array_equal(median_across_time(A, width), median_filter(A, size=(1, width), mode="reflect"))
    np.testing.assert_array_equal(median_across_frequency(A, width), median_filter(A, size=(width, 1), mode="reflect"))
    np.testing.assert_array_equal(median_across_time(A, width, edges="zero"), zero_padded(A, (1, width)))
    np.testing.assert_array_equal(median_across_frequency(A, width, edges="zero"), zero_padded(A, (width, 1)))


@pytest.fixture(params=["numpy", "the kernel as Python"])
def engine(request, monkeypatch):
    """What computes where numba does not: the fall-back in numpy, and the kernel's own lines uncompiled."""
    slide = None if request.param == "numpy" else running_median._slide
    monkeypatch.setattr(running_median, "_compiled_slide", lambda: slide)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("width", [1, 3, 7, 15, 41])
def test_equals_scipy_also_without_numba(dtype, width):
    A = np.random.default_rng(width).standard_normal((13, 9)).astype(dtype)
    for matrix in (A, np.asfortranarray(A), A[::2, ::-1], A[:1], A[:, :1]):
        assert_equals_definition(matrix, width)
    assert_equals_scipy(A[:, :7], width)
    assert median_across_time(A, width).dtype == median_across_frequency(A, width).dtype == dtype


@pytest.mark.usefixtures("engine")
def test_more_lanes_than_are_taken_at_once():
    """70 lanes are two of the kernel's blocks; 1200 are two of numpy's, at one window a piece and at many."""
    rng = np.random.default_rng(0)
    for shape, width in (((3, 70), 3), ((70, 3), 3), ((2, 1200), 5), ((1, 1200), 1), ((40, 90), 1)):
        assert_equals_definition(rng.standard_normal(shape), width)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("width", [1, 3, 31, 41, 81, 401])
def test_equals_scipy(dtype, order, width):
    A = np.random.default_rng(width).standard_normal((131, 150)).astype(dtype, order=order)
    assert_equals_scipy(A, width)
    assert median_across_time(A, width).dtype == median_across_frequency(A, width).dtype == dtype


@settings(deadline=None, max_examples=100)
@given(data=st.data(), dtype=st.sampled_from([np.float32, np.float64]), half=st.integers(0, 12))
def test_equals_scipy_for_any_finite_matrix(data, dtype, half):
    shape = data.draw(st.tuples(st.integers(1, 70), st.integers(1, 9)))
    A = data.draw(arrays(dtype, shape, elements=finite[dtype]))
    assert_equals_definition(A, 2 * half + 1)
    # Windows up to seven times as long as an axis; beyond that scipy's median_filter reads memory that is not its own.
    if half <= 3 * min(shape):
        assert_equals_scipy(A, 2 * half + 1)


def test_equals_medfilt_on_the_clip(y):
    from spectrogramtools import STFT

    A = np.abs(STFT(y, 2048, 512))
    np.testing.assert_array_equal(median_across_time(A, 41, edges="zero"), medfilt(A, [1, 41]))
    np.testing.assert_array_equal(median_across_frequency(A, 81, edges="zero"), medfilt(A, [81, 1]))


def test_a_tone_and_a_click_come_apart():
    A = np.zeros((40, 60))
    A[11] = 2.0
    A[:, 33] = 5.0
    H, P = median_across_time(A, 9), median_across_frequency(A, 9)
    assert (H[11] == 2).all()
    assert np.count_nonzero(H) == 60
    assert (P[:, 33] == 5).all()
    assert np.count_nonzero(P) == 40


@settings(deadline=None, max_examples=100)
@given(data=st.data(), dtype=st.sampled_from([np.float32, np.float64]), half=st.integers(0, 12))
def test_numpy_equals_the_definition_for_any_finite_matrix(data, dtype, half):
    shape = data.draw(st.tuples(st.integers(1, 70), st.integers(1, 9)))
    A = data.draw(arrays(dtype, shape, elements=finite[dtype]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running_median, "_compiled_slide", lambda: None)
        assert_equals_definition(A, 2 * half + 1)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8])
def test_windows_many_times_as_long_as_the_matrix(n):
    A = np.random.default_rng(n).integers(-9, 9, (n, n)).astype(float)
    for width in range(1, 9 * n, 2):
        assert_equals_definition(A, width)


def test_without_numba_numpy_gives_the_same(tmp_path):
    """In a process in which numba can't be imported."""
    code = """
import sys
sys.modules["numba"] = None
import numpy as np
from spectrogramtools import median_across_frequency, median_across_time
from spectrogramtools.running_median import _compiled_slide
A = np.random.default_rng(0).standard_normal((70, 90)).astype(np.float32)
medians = (median_across_time, median_across_frequency)
parts = [f(A, w, edges=e) for f in medians for w in (5, 201, 1201) for e in ("reflect", "zero")]
assert _compiled_slide() is None
assert not any(name.startswith("scipy") for name in sys.modules)
np.save(sys.argv[1], np.stack(parts))
"""
    path = tmp_path / "medians.npy"
    subprocess.run([sys.executable, "-c", code, path], check=True)
    without = np.load(path)
    assert running_median._compiled_slide() is not None
    A = np.random.default_rng(0).standard_normal((70, 90)).astype(np.float32)
    parts = [
        f(A, w, edges=e)
        for f in (median_across_time, median_across_frequency)
        for w in (5, 201, 1201)
        for e in ("reflect", "zero")
    ]
    np.testing.assert_array_equal(np.stack(parts), without)


def test_works_where_numba_may_not_write_its_cache():
    code = """
import numba, numpy as np
compile_ = numba.njit
def njit(*args, **kwargs):
    if kwargs.get("cache"):
        raise RuntimeError("cannot cache function: no locator available")
    return compile_(*args, **kwargs)
numba.njit = njit
from spectrogramtools import median_across_time
print(median_across_time(np.array([[1.0, 5.0, 2.0, 9.0]]), 3).tolist())
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[[1.0, 2.0, 5.0, 9.0]]"


def test_many_threads_at_once():
    A = np.random.default_rng(0).standard_normal((300, 200)).astype(np.float32)
    expected = median_filter(A, size=(1, 21), mode="reflect")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: median_across_time(A, 21), range(40)))
    for result in results:
        np.testing.assert_array_equal(result, expected)


def test_the_matrix_is_left_alone():
    A = np.random.default_rng(0).standard_normal((20, 30))
    before = A.copy()
    A.flags.writeable = False
    median_across_time(A, 7)
    median_across_frequency(A, 7)
    np.testing.assert_array_equal(A, before)


@settings(deadline=None, max_examples=80)
@given(n=st.integers(4, 60), data=st.data(), dtype=st.sampled_from([np.float32, np.float64]))
def test_across_periods_is_a_nanmedian_of_the_segments(n, data, dtype):
    """The definition with NaN for what the last, partial period lacks."""
    period = data.draw(st.integers(1, n // 2))
    A = np.random.default_rng(n).random((3, n)).astype(dtype)
    count = -(-n // period)
    padded = np.full((3, count * period), np.nan)
    padded[:, :n] = A
    segment = np.nanmedian(padded.reshape(3, count, period), axis=1)
    model = median_across_periods(A, period)
    assert model.dtype == dtype
    np.testing.assert_allclose(model, np.tile(segment, count)[:, :n], rtol=1e-6)
    # A period for each frame, all alike, and "the nearest" that are all: the same.
    np.testing.assert_allclose(median_across_periods(A, np.full(n, period)), model, rtol=1e-6)
    np.testing.assert_allclose(median_across_periods(A, period, nearest=count), model, rtol=1e-6)


def test_nearest_repetitions_around_each_frame():
    A = np.arange(12.0)[None] ** 2  # grows, so that a median tells which frames it saw
    model = median_across_periods(A, 2, nearest=3)[0]
    for t in range(12):
        middle = min(max(t, 2 + t % 2), 8 + t % 2)  # at the ends the three nearest lie on one side
        assert model[t] == middle**2


def test_a_period_that_changes():
    A = np.concatenate([np.tile([1.0, 2, 3], 4), np.tile([5.0, 6, 7, 8], 3)])[None]
    A_noisy = A.copy()
    A_noisy[0, 4] = A_noisy[0, 17] = 100
    periods = np.r_[np.full(12, 3), np.full(12, 4)]
    model = median_across_periods(A_noisy, periods, nearest=3)
    np.testing.assert_array_equal(model[0, :12], A[0, :12])
    np.testing.assert_array_equal(model[0, 13:], A[0, 13:])


def test_across_similar():
    A = np.random.default_rng(0).random((4, 6)).astype(np.float32)
    neighbours = [[0], [0, 1], [2, 5, 3], [3, 1, 0, 5], [4, 4, 4], np.arange(6)]
    model = median_across_similar(A, neighbours)
    for t, near in enumerate(neighbours):
        np.testing.assert_allclose(model[:, t], np.median(A[:, near], axis=1), rtol=1e-6)
    assert model.dtype == np.float32


@pytest.mark.parametrize("nearest", [1, 2, 3, 4, 5, 6, 7, 20])
@pytest.mark.parametrize(("n", "period"), [(12, 1), (23, 3), (24, 3), (25, 3), (10, 5)])
def test_the_nearest_repetitions_by_their_definition(n, period, nearest):
    """Sorted by distance, the earlier first where two are equally near."""
    for t in range(n):
        all_of_them = range(t % period, n, period)
        chosen = sorted(sorted(all_of_them, key=lambda k: (abs(k - t), k))[:nearest])
        assert _repetitions(t, period, n, nearest).tolist() == chosen
        assert _repetitions(t, period, n, None).tolist() == list(all_of_them)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 11, 12, 13, 14, 31])
def test_the_middle_is_numpys_median(count):
    values = np.random.default_rng(count).standard_normal((count, 40))
    before = values.copy()
    np.testing.assert_allclose(middle(values), np.median(values, axis=0), rtol=1e-14)
    np.testing.assert_array_equal(_sorted_by_swaps(values), np.sort(values, axis=0))
    np.testing.assert_array_equal(values, before)
    huge = np.full((count, 3), 1.7e308)
    np.testing.assert_array_equal(middle(huge), huge[0])
    if count % 2:  # half of the smallest number would be 0
        np.testing.assert_array_equal(middle(np.full((count, 3), 5e-324)), 5e-324)


@pytest.mark.parametrize("n", [2, 9, 10])
def test_a_period_must_occur_twice(n):
    A = np.random.default_rng(0).random((3, n))
    for period in (1, n // 2):
        one = median_across_periods(A, period)
        np.testing.assert_array_equal(median_across_periods(A, np.full(n, period)), one)
        assert one.shape == A.shape
    for wrong in (0, n // 2 + 1):
        for periods in (wrong, np.r_[np.ones(n - 1, int), wrong]):
            with pytest.raises(ValueError, match=rf"period_frames is {wrong}, .*at most {n // 2}, half of the {n}"):
                median_across_periods(A, periods)
    for wrong in (np.ones((1, n), int), np.ones((n, n), int), np.ones(n + 1, int), np.ones(n - 1, int)):
        with pytest.raises(ValueError, match="period_frames has shape"):
            median_across_periods(A, wrong)
    with pytest.raises(ValueError, match="nearest is 0"):
        median_across_periods(A, 1, nearest=0)
    np.testing.assert_array_equal(median_across_periods(A, 1, nearest=1), A)


def test_one_frame_for_each_neighbour_list():
    A = np.random.default_rng(0).random((3, 4))
    for count in (3, 5):
        with pytest.raises(ValueError, match=f"neighbours has {count} entries, but A has 4 frames"):
            median_across_similar(A, [[0]] * count)
