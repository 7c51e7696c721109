"""Masks sum to one at every scale, decide as they say, and leave the mixture's phase alone."""

import itertools

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spectrogramtools import apply_mask, binary_masks, fitted_mask, foreground_trust, repeating_mask, soft_masks
from spectrogramtools.separation.background import background_masks

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


def slow_trust(A, model, starts):
    """Band by band, in numbers that have room for it; between the middles of the bands on straight lines."""
    over = A.astype(np.longdouble) - model
    middles, trusts = [], []
    for start, stop in itertools.pairwise([*starts, len(A)]):
        band = over[start:stop]
        sticks_out, missing = np.sum(band[band > 0] ** 2), np.sum(band[band < 0] ** 2)
        trusts.append(float(max(0, 1 - missing / sticks_out)) if sticks_out else 0.0)
        middles.append((start + stop - 1) / 2)
    return np.interp(np.arange(len(A)), middles, trusts)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("n_bins", "starts"),
    [
        (1, [0]),
        (7, [0]),
        (8, [0, 7]),
        (39, [0, 7, 9, 11, 14, 18, 22, 28]),  # the last band would begin at 35, and be too narrow
        (40, [0, 7, 9, 11, 14, 18, 22, 28, 35]),  # 7 * 2 ** (k / 3), rounded
    ],
)
def test_trust_by_its_formula(n_bins, starts, dtype):
    rng = np.random.default_rng(n_bins)
    model = rng.random((n_bins, 30)).astype(dtype)
    A = (model + 0.1 * rng.standard_normal((n_bins, 30)) + 0.1 * rng.random((n_bins, 1))).clip(0).astype(dtype)
    trust = foreground_trust(A, model)
    assert trust.dtype == dtype
    assert trust.shape == (n_bins,)
    np.testing.assert_allclose(trust, slow_trust(A, model, starts), atol=1e-5)


def test_trust_of_an_exact_loop_of_noise_and_of_silence():
    rng = np.random.default_rng(0)
    model = np.tile(1 + rng.random((100, 1)), 2000)
    voice = np.where(rng.random(model.shape) < 0.1, 3.0, 0.0)
    np.testing.assert_array_equal(foreground_trust(model + voice, model), 1)
    # As far above as below: nothing is foreground, to the accuracy of 14 000 cells in the narrowest band.
    assert foreground_trust(model + rng.uniform(-1, 1, model.shape), model).max() < 0.1
    # Half of what sticks out is a voice's in one band only.
    A = model + rng.choice([-0.5, 0.5], model.shape)
    A[28:35] += np.where(A[28:35] > model[28:35], 1.5, 0)
    trust = foreground_trust(A, model)
    assert trust[31] == pytest.approx(1 - 1 / 16, abs=0.02)
    assert trust[:23].max() < 0.1
    for other, its in ((np.zeros((9, 4)), np.zeros((9, 4))), (model, model), (0 * model, model)):
        assert not foreground_trust(other, its).any()


@pytest.mark.parametrize("scale", [1e-30, 1e30])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_trust_and_fitted_mask_know_no_scale(scale, dtype):
    rng = np.random.default_rng(0)
    A, model = rng.random((2, 30, 20)).astype(dtype)
    A[:, 5:] += 0.5
    assert 0.3 < foreground_trust(A, model).min()
    scaled = dtype(scale) * A, dtype(scale) * model
    np.testing.assert_allclose(foreground_trust(*scaled), foreground_trust(A, model), atol=1e-5)
    np.testing.assert_allclose(fitted_mask(*scaled), fitted_mask(A, model), atol=1e-5)


@settings(deadline=None, max_examples=200)
@given(pair=pairs())
def test_a_fitted_mask_is_a_mask_at_any_scale(pair):
    A, model = pair
    before = A.copy(), model.copy()
    M = fitted_mask(A, model)
    assert M.dtype == A.dtype
    assert M.shape == A.shape
    assert ((M >= 0) & (M <= 1)).all()
    np.testing.assert_array_equal(M[A <= model], 1)
    np.testing.assert_array_equal((A, model), before)


@settings(deadline=None, max_examples=50)
@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 12)),
    seed=st.integers(0, 999),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_fitted_mask_by_its_formula(shape, seed, dtype):
    rng = np.random.default_rng(seed)
    A, model = rng.random((2, *shape)).astype(dtype)
    A += dtype(rng.random())  # any trust between none and all
    trust = foreground_trust(A, model)[:, None].astype(float)
    repeating = np.minimum(A, model).astype(float)
    power = 1 + trust**8
    share = (A - repeating) ** power / ((A - repeating) ** power + repeating**power)
    np.testing.assert_allclose(fitted_mask(A, model), 1 - trust * share, atol=1e-5)
    # The voice above an exact loop: all trust, and the Wiener filter's form.
    repeating = np.full(shape, 0.5, dtype)
    sung = repeating.copy()
    sung[:, 0] += A[:, 0] + dtype(0.1)
    np.testing.assert_array_equal(foreground_trust(sung, repeating), 1)
    wiener = soft_masks(repeating, sung - repeating, power=2)[0]
    np.testing.assert_allclose(fitted_mask(sung, repeating), wiener, atol=1e-6)
    # More is missing than sticks out: no trust, and all is background.
    np.testing.assert_array_equal(fitted_mask(repeating, repeating), 1)
    if shape[1] > 1:
        sung[:, 1] = 0
        sung[:, 0] = 0.7
        np.testing.assert_array_equal(fitted_mask(sung, repeating), 1)


def test_both_masks_of_a_fitted_one_sum_to_one():
    A, model = np.random.default_rng(0).random((2, 30, 20)).astype(np.float32)
    background, foreground = background_masks(A, model, mask="fitted", power=1.0, highpass_bins=3)
    np.testing.assert_array_equal(background + foreground, 1)
    np.testing.assert_array_equal(background[:3], 1)
    np.testing.assert_array_equal(background[3:], fitted_mask(A, model)[3:])
