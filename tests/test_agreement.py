"""How well repetitions agree: against slow loops, and of noise the same however many there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spectrogramtools.separation.agreement import left_out_error, of_endless, repetitions, stands_out
from spectrogramtools.separation.repet import _error, _number_that_agrees


def slow_error(stack, nearest=None, among=slice(None)):
    """Each repetition beside the median of all others, or of so many that are nearest, the later one of two."""
    n, error = len(stack), 0.0
    for i in range(n)[among]:
        others = sorted((j for j in range(n) if j != i), key=lambda j: (abs(j - i), -j))
        if nearest is not None:
            others = others[:nearest]
        error += np.abs(stack[i] - np.median(stack[others], axis=0)).sum()
    return error / stack[among].sum()


@settings(deadline=None, max_examples=80)
@given(
    n=st.integers(2, 12),
    levels=st.sampled_from([2, 5, 1000]),  # with few levels there are many ties
    nearest=st.sampled_from([None, 1, 2, 3, 4, 5, 9, 17]),
    start=st.integers(0, 3),
    left=st.integers(0, 3),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_left_out_error_by_a_slow_loop(n, levels, nearest, start, left, dtype):
    stack = np.random.default_rng(n).integers(1, 1 + levels, (n, 7, 3)).astype(dtype)
    before = stack.copy()
    assert left_out_error(stack) == pytest.approx(slow_error(stack), rel=1e-5)
    assert left_out_error(stack, nearest) == pytest.approx(slow_error(stack, nearest), rel=1e-5)
    among = slice(start, n - left)
    if start < n - left:
        assert left_out_error(stack, nearest, among) == pytest.approx(slow_error(stack, nearest, among), rel=1e-5)
    np.testing.assert_array_equal(stack, before)


def test_the_median_of_the_others_is_numpys():
    """All orders of few values with ties, one cell each."""
    values = np.stack(np.meshgrid(*[[1.0, 2.0, 4.0]] * 5, indexing="ij")).reshape(5, -1)
    for n in (2, 3, 4, 5):
        stack = values[:n, :, None]
        by_hand = sum(np.abs(stack[i] - np.median(np.delete(stack, i, axis=0), axis=0)).sum() for i in range(n))
        assert left_out_error(stack) == pytest.approx(by_hand / stack.sum(), rel=1e-12)


def test_error_of_what_is_equal_silent_or_alone():
    stack = np.tile(np.random.default_rng(0).random((1, 6, 4)), (5, 1, 1))
    assert left_out_error(stack) == left_out_error(stack, 3) == 0
    assert left_out_error(0 * stack) == 0
    assert left_out_error(stack[:1]) == 0
    assert left_out_error(stack[:0]) == 0


def test_repetitions_of_a_period_with_a_fraction():
    """Period 4.5 in 20 frames: they begin at 0, 4.5, 9, 13.5 and 18, rounded to even; the last is cut off and left out.

    Every fourth row from the fifth is looked at: rows 5 and 9.
    """
    A = np.arange(12)[:, None] * 100.0 + np.arange(20)
    stack = repetitions(A, 4.5)
    assert stack.shape == (4, 4, 2)
    np.testing.assert_array_equal(stack[:, 0, 0], [500, 504, 509, 514])
    np.testing.assert_array_equal(stack[2], [[509, 909], [510, 910], [511, 911], [512, 912]])
    assert repetitions(A, 10).shape == (2, 10, 2)
    assert repetitions(A[:, :19], 10).shape == (1, 10, 2)


def test_a_loop_of_a_fraction_agrees_at_its_period_only():
    """Smooth curves with a period of 20.5 frames; taken as 20 or 21 they slide."""
    t = np.arange(205)
    A = 2 + np.stack([np.sin(2 * np.pi * (t / 20.5 + k / 30)) for k in range(30)])
    errors = {period: left_out_error(repetitions(A, period)) for period in (20, 20.5, 21)}
    assert errors[20.5] < 0.25 * min(errors[20], errors[21])


def test_the_error_of_noise_is_the_same_for_any_number():
    rng = np.random.default_rng(0)
    numbers = (3, 4, 5, 6, 7, 12, 13, 60)
    raw = np.array([left_out_error(5 + rng.standard_normal((n, 60, 500 // n + 20))) for n in numbers])
    corrected = np.array([of_endless(error, n) for error, n in zip(raw, numbers, strict=True)])
    # Endlessly many: the mean distance of a normal value from the middle, over the mean of 5.
    endless = np.sqrt(2 / np.pi) / 5
    assert raw[0] > 1.2 * endless
    assert corrected[0] == pytest.approx(0.917 * endless, rel=0.01)  # of three it takes off too much
    np.testing.assert_allclose(corrected[1:], endless, rtol=0.05)
    np.testing.assert_allclose(corrected[-3:], endless, rtol=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_a_loop_stands_out_and_noise_does_not(seed):
    rng = np.random.default_rng(seed)
    noise = 3 + rng.standard_normal((805, 400)).clip(-3)
    loop = np.tile(2 * rng.random((805, 40)), 10)
    assert stands_out(loop + noise, 40)
    assert stands_out(loop + noise, 80)
    for period in (40, 47.3, 80, 130):
        assert not stands_out(noise, period)
    for period in (44, 57):
        assert not stands_out(loop + noise, period)
    # Two repetitions are compared with two of the other lags, though these have more.
    assert stands_out(np.tile(2 * rng.random((805, 200)), 2) + noise, 200)
    # Where no other lag is long enough or short enough, there is nothing to compare it with.
    assert stands_out(noise[:, :2], 1.0)


def test_channels_are_weighed_by_their_loudness():
    rng = np.random.default_rng(0)
    loud, soft = 9 * rng.random((6, 20, 5)), rng.random((6, 20, 5))
    errors, sums = [left_out_error(s) for s in (loud, soft)], [loud.sum(), soft.sum()]
    assert _error([loud, soft]) == pytest.approx(np.dot(errors, sums) / sum(sums))
    assert _error([0 * loud, 0 * soft]) == 0


def test_how_many_of_the_nearest_agree():
    """A pattern that changes every eight repetitions, one that never changes, and too few to choose from."""
    rng = np.random.default_rng(0)
    noise = 0.05 * rng.random((32, 40, 6))
    changes = np.repeat(rng.random((4, 40, 6)), 8, axis=0)
    assert _number_that_agrees([changes + noise]) in (5, 9)
    assert _number_that_agrees([changes[:1] + noise]) is None
    assert _number_that_agrees([changes[:6] + noise[:6]]) is None
