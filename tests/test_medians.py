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

from spectrogramtools import median_across_frequency, median_across_time, running_median

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
        np.testing.assert_array_equal(median_across_time(A, width, edges), definition(A, width, mode))
        np.testing.assert_array_equal(median_across_frequency(A, width, edges), definition(A.T, width, mode).T)


def assert_equals_scipy(A, width):
    np.testing.assert_array_equal(median_across_time(A, width), median_filter(A, size=(1, width), mode="reflect"))
    np.testing.assert_array_equal(median_across_frequency(A, width), median_filter(A, size=(width, 1), mode="reflect"))
    np.testing.assert_array_equal(median_across_time(A, width, edges="zero"), zero_padded(A, (1, width)))
    np.testing.assert_array_equal(median_across_frequency(A, width, edges="zero"), zero_padded(A, (width, 1)))


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


def test_without_numba_scipy_gives_the_same(tmp_path):
    """In a process in which numba can't be imported."""
    code = """
import sys
sys.modules["numba"] = None
import numpy as np
from spectrogramtools import median_across_frequency, median_across_time
from spectrogramtools.running_median import _compiled_slide
A = np.random.default_rng(0).standard_normal((70, 90)).astype(np.float32)
medians = (median_across_time, median_across_frequency)
parts = [f(A, w, e) for f in medians for w in (5, 201, 1201) for e in ("reflect", "zero")]
assert _compiled_slide() is None
np.save(sys.argv[1], np.stack(parts))
"""
    path = tmp_path / "medians.npy"
    subprocess.run([sys.executable, "-c", code, path], check=True)
    without = np.load(path)
    assert running_median._compiled_slide() is not None
    A = np.random.default_rng(0).standard_normal((70, 90)).astype(np.float32)
    parts = [
        f(A, w, e)
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
