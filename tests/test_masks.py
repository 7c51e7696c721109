"""Masks sum to one at every scale, decide as they say, and leave the mixture's phase alone."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spectrogramtools import apply_mask, binary_masks, repeating_mask, soft_masks

magnitudes = {
    np.float32: st.floats(0, float(np.finfo(np.float32).max), width=32),
    np.float64: st.floats(0, float(np.finfo(np.float64).max)),
}


@st.composite
def pairs(draw):
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    return tuple(draw(arrays(dtype, shape, elements=magnitudes[dtype])) for _ in range(2))


@settings(deadline=None, max_examples=300)
@given(pair=pairs(), power=st.sampled_from([0.5, 1, 2, 4, 50]))
def test_soft_masks_at_any_scale(pair, power):
    A, B = pair
    M, rest = soft_masks(A, B, power=power)
    assert M.dtype == rest.dtype == A.dtype
    np.testing.assert_array_equal(M + rest, 1)
    assert ((M >= 0) & (M <= 1)).all()
    np.testing.assert_array_equal(M[(A == 0) & (B == 0)], 0.5)
    assert (M[A > B] >= 0.5).all()
    assert (M[A < B] <= 0.5).all()
    # The formula itself, in numbers that have room for it.
    a, b = A.astype(np.longdouble), B.astype(np.longdouble)
    with np.errstate(all="ignore"):
        plain = 1 / (1 + (b / a) ** power)
    sensible = (a > 0) & np.isfinite(plain)
    np.testing.assert_allclose(M[sensible], plain[sensible].astype(float), atol=20 * np.finfo(A.dtype).eps)


def test_soft_masks_by_hand():
    M, rest = soft_masks(np.array([[3.0, 1.0, 0.0, 2.0]]), np.array([[1.0, 9.0, 0.0, 0.0]]))
    np.testing.assert_allclose(M, [[0.75, 0.1, 0.5, 1.0]])
    np.testing.assert_allclose(rest, [[0.25, 0.9, 0.5, 0.0]])
    wiener, _ = soft_masks(np.array([[3.0]]), np.array([[1.0]]), power=2)
    np.testing.assert_allclose(wiener, [[0.9]])


@pytest.mark.parametrize("power", [1, 2, 4])
def test_soft_masks_equal_librosas(power):
    A, B = np.random.default_rng(0).random((2, 50, 60))
    A[:5, :5] = B[:5, :5] = 0
    np.testing.assert_allclose(
        soft_masks(A, B, power=power)[0], librosa.util.softmask(A, B, power=power, split_zeros=True), atol=1e-12
    )


@settings(deadline=None, max_examples=200)
@given(pair=pairs(), margin=st.sampled_from([1.0, 1.5, 3.0, 1e6]))
def test_binary_masks_decide(pair, margin):
    A, B = pair
    M, N = binary_masks(A, B, margin=margin)
    a, b = A.astype(np.longdouble), B.astype(np.longdouble)
    # At the border itself rounding decides, which among the smallest of numbers is as large as they are.
    smallest = np.finfo(A.dtype).smallest_subnormal
    far = np.abs(a - margin * b) > 1e-5 * a + smallest
    np.testing.assert_array_equal(M[far], (a >= margin * b)[far])
    far = np.abs(b - margin * a) > 1e-5 * b + smallest
    np.testing.assert_array_equal(N[far], (b > margin * a)[far])
    assert (M + N <= 1).all()
    if margin == 1:
        np.testing.assert_array_equal(M + N, 1)


def test_a_tie_goes_to_the_first():
    M, N = binary_masks(np.array([[2.0, 0.0]]), np.array([[2.0, 0.0]]))
    assert M.tolist() == [[1, 1]]
    assert N.tolist() == [[0, 0]]


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_apply_mask(dtype):
    rng = np.random.default_rng(1)
    S = (rng.standard_normal((9, 7)) + 1j * rng.standard_normal((9, 7))).astype(dtype)
    M = rng.random((9, 7))
    masked = apply_mask(S, M)
    assert masked.dtype == dtype
    assert apply_mask(S, M, phase="zero").dtype == apply_mask(S, M, phase=np.zeros((9, 7))).dtype == dtype
    np.testing.assert_allclose(np.abs(masked), M * np.abs(S), rtol=1e-5)
    np.testing.assert_allclose(np.angle(masked), np.angle(S), atol=1e-5)
    flat = apply_mask(S, M, phase="zero")
    np.testing.assert_allclose(flat, M * np.abs(S), rtol=1e-5)
    angles = rng.uniform(-3, 3, (9, 7))
    turned = apply_mask(S, M, phase=angles)
    np.testing.assert_allclose(np.abs(turned), M * np.abs(S), rtol=1e-5)
    np.testing.assert_allclose(np.angle(turned), angles, atol=1e-5)


def test_inputs_are_left_alone():
    A, B = np.random.default_rng(0).random((2, 5, 6))
    copies = A.copy(), B.copy()
    soft_masks(A, B, power=2)
    binary_masks(A, B, margin=2)
    apply_mask(A + 1j * B, A)
    np.testing.assert_array_equal((A, B), copies)


def test_repeating_mask_by_hand():
    A = np.array([[4.0, 4.0, 0.0, 0.0]], np.float32)
    M = repeating_mask(A, np.array([[1.0, 9.0, 0.0, 2.0]], np.float32))
    assert M.dtype == np.float32
    np.testing.assert_array_equal(M, [[0.25, 1, 1, 1]])


@pytest.mark.parametrize("scale", [1e-30, 0.01, 0.5, 1, 1e30])
def test_repeating_mask_at_any_scale(scale):
    A = scale * np.array([[1.0, 2.0, 0.0, 1.0]])
    np.testing.assert_allclose(repeating_mask(A, scale * np.array([[0.5, 3.0, 1.0, 0.0]])), [[0.5, 1, 1, 0]])


def test_both_masks_have_the_finer_precision():
    A, B = np.ones((2, 3), np.float32), np.ones((2, 3))
    for masks in (soft_masks(A, B), soft_masks(B, A), binary_masks(A, B), binary_masks(B, A)):
        assert [M.dtype for M in masks] == [np.float64, np.float64]
    assert {M.dtype for M in (*soft_masks(A, A), *binary_masks(A, A))} == {np.dtype(np.float32)}
