"""SI-SDR by its geometry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spectrogramtools import si_sdr


@pytest.fixture(scope="module")
def arrows():
    """A reference and an error at a right angle to it, of the same energy."""
    reference, other = np.linalg.qr(np.random.default_rng(0).standard_normal((1000, 2)))[0].T
    return reference, other


@given(db=st.floats(-60, 100), scale=st.floats(1e-6, 1e6), level=st.floats(1e-6, 1e6))
def test_ratio_of_target_to_error(arrows, db, scale, level):
    reference, error = arrows
    estimate = scale * (reference + 10 ** (-db / 20) * error)
    assert si_sdr(level * reference, estimate) == pytest.approx(db, abs=1e-3)
    assert si_sdr(level * reference, -estimate) == pytest.approx(db, abs=1e-3)


def test_the_mean_counts(arrows):
    reference, _ = arrows
    assert si_sdr(reference + 10, np.ones(1000)) > 40


def test_extremes(arrows):
    reference, error = arrows
    silence = np.zeros(1000)
    assert si_sdr(np.array([1.0, 0.0]), np.array([2.0, 0.0])) == np.inf
    assert si_sdr(reference, silence) == -np.inf
    assert si_sdr(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == -np.inf
    assert si_sdr(1e200 * reference, 1e-200 * (reference + error)) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="reference is silent"):
        si_sdr(silence, reference)


def test_float32_is_summed_in_float64():
    rng = np.random.default_rng(1)
    reference = rng.standard_normal(200_000).astype(np.float32)
    estimate = reference + 1e-4 * rng.standard_normal(200_000).astype(np.float32)
    exact = si_sdr(reference.astype(np.float64), estimate.astype(np.float64))
    assert si_sdr(reference, estimate) == pytest.approx(exact, abs=1e-9)
