"""Griffin-Lim: convergence in dB, monotone without momentum, start phases, the progress bar."""

import numpy as np
import pytest

from spectrogramtools import STFT, griffinLimInverse, hann, iSTFT
from spectrogramtools.griffinlim import _gain_inside_signal, _impose, start_phase
from spectrogramtools.transforms import synthesis_gain

WIN, HOP = 2048, 512


@pytest.fixture(scope="module")
def A(y):
    return np.abs(STFT(y, WIN, HOP, hann, center=True))


def convergence(A, x, weight=1.0, **settings):
    """Spectral convergence in dB: distance of the magnitudes over their norm."""
    found = np.abs(STFT(x, WIN, HOP, hann, **settings))
    return 10 * np.log10(np.sum(weight * (found - A) ** 2) / np.sum(weight * A**2))


def run(A, n, length, **settings):
    settings = {"phase": "random", "seed": 0, **settings}
    return griffinLimInverse(A, WIN, HOP, n, winfunc=hann, center=True, length=length, verbose=False, **settings)


@pytest.mark.parametrize(("n", "limit"), [(10, -12), (32, -16), (100, -20)])
@pytest.mark.parametrize("seed", [0, 1])
def test_convergence_and_momentum(A, y, n, limit, seed):
    plain = convergence(A, run(A, n, len(y), seed=seed), center=True)
    fast = convergence(A, run(A, n, len(y), seed=seed, momentum=0.99), center=True)
    assert plain <= limit
    assert fast <= plain - 2


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("phase", ["zero", "random"])
def test_never_rises_without_momentum(y, center, phase):
    y = y[:30_000].astype(np.float64)
    A = np.abs(STFT(y, WIN, HOP, hann, center=center))
    weight = np.r_[1, np.full(WIN // 2 - 1, 2), 1][:, None]  # bins between 0 and Nyquist stand for two
    length = len(y) if center else None
    settings = dict(winfunc=hann, phase=phase, seed=0, center=center, length=length, verbose=False)
    levels = [convergence(A, griffinLimInverse(A, WIN, HOP, n, **settings), weight, center=center) for n in range(40)]
    assert (np.diff(levels) <= 1e-9).all()
    assert levels[-1] < levels[0] - 6


def test_the_true_phase_is_a_fixed_point(y):
    S = STFT(y, WIN, HOP, hann, center=True)
    x = run(np.abs(S), 5, len(y), phase=np.angle(S))
    assert np.abs(x - y).max() < 1e-4


def test_no_iteration_is_the_inverse_of_the_start_phase(A, y):
    angles = np.random.default_rng(5).uniform(-np.pi, np.pi, A.shape)
    x = run(A, 0, len(y), phase=angles)
    expected = iSTFT(A * np.exp(1j * angles), WIN, HOP, hann, center=True, length=len(y))
    assert np.abs(x - expected).max() < 1e-5
    np.testing.assert_array_equal(run(A, 3, len(y), phase="zero"), run(A, 3, len(y), phase=np.zeros_like(A)))


def test_seed_repeats_and_differs(A, y):
    a, b, c = (run(A, 2, len(y), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(a, b)
    assert np.abs(a - c).max() > 0.01


def test_progress_counts_and_can_be_silent(A, capsys):
    griffinLimInverse(A[:, :20], WIN, HOP, 3, winfunc=hann)
    shown = capsys.readouterr().out
    for i in (1, 2, 3):
        assert f"Iteration {i} of 3" in shown
    assert shown.endswith("\n")
    griffinLimInverse(A[:, :20], WIN, HOP, 3, winfunc=hann, verbose=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_and_silence(dtype):
    A = np.zeros((33, 12), dtype)
    for momentum in (0, 0.99):
        x = griffinLimInverse(A, 64, 16, 4, phase="random", seed=0, momentum=momentum, verbose=False)
        assert x.dtype == dtype
        assert x.shape == (64 + 16 * 11,)
        assert not x.any()


def test_edges_stay_quiet_without_padding(y):
    A = np.abs(STFT(y, WIN, HOP))
    x = griffinLimInverse(A * np.linspace(0, 1, A.shape[0], dtype=np.float32)[:, None], WIN, HOP, verbose=False)
    assert np.abs(np.r_[x[:2048], x[-2048:]]).max() <= np.abs(y).max()


@pytest.mark.parametrize("settings", [{}, {"center": True, "length": 5003}, {"center": True}])
@pytest.mark.parametrize("momentum", [0, 0.99])
def test_equals_the_textbook_loop(y, settings, momentum):
    """Sound and spectrogram in turns, written with STFT and iSTFT; the module's loop takes short cuts."""
    transform = dict(win_length=512, hop_length=128, center=settings.get("center", False))
    A = np.abs(STFT(y[20_000:25_003].astype(np.float64), **transform))
    S, previous = A.astype(complex), 0
    for _ in range(6):
        consistent = STFT(iSTFT(S, **transform, length=settings.get("length")), **transform)
        S = A * np.exp(1j * np.angle(consistent + momentum * (consistent - previous)))
        previous = consistent
    expected = iSTFT(S, **transform, length=settings.get("length"))
    x = griffinLimInverse(A, 512, 128, 6, momentum=momentum, verbose=False, **settings)
    np.testing.assert_allclose(x, expected, atol=1e-9)


def test_where_the_sound_has_nothing_the_magnitude_gets_phase_zero():
    S = np.array([[0.0, 1e-30 + 1e-30j, 2j]])
    _impose(np.array([[3.0, 1e-30, 4.0]]), S)
    np.testing.assert_allclose(S, [[3, 1e-30 / 2**0.5 * (1 + 1j), 4j]])


def test_the_random_start_covers_the_circle():
    A = np.ones((50, 60), np.float32)
    angles = start_phase("random", 7, A)
    np.testing.assert_array_equal(angles, np.random.default_rng(7).uniform(0, 2 * np.pi, A.shape).astype(np.float32))
    assert 0 <= angles.min() < 0.1
    assert 2 * np.pi - 0.1 < angles.max() <= 2 * np.pi
    assert np.abs(start_phase("random", None, A) - start_phase("random", None, A)).max() > 1
    assert not start_phase("zero", None, A).any()
    assert start_phase("zero", None, A).dtype == angles.dtype == start_phase(A.astype(float), None, A).dtype == A.dtype


def test_the_smallest_arguments():
    A = np.ones((33, 6))
    start_phase("random", 0, A)
    for wrong in (-1, 1.5, "a"):
        with pytest.raises(ValueError, match="seed is "):
            start_phase("random", wrong, A)
    assert griffinLimInverse(A, 64, 16, NIters=1, momentum=0, length=0, verbose=False).shape == (0,)
    for wrong in ({"length": -1}, {"NIters": -1}, {"momentum": -1e-9}, {"phase": A[:, :5]}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            griffinLimInverse(A, 64, 16, verbose=False, **wrong)


def test_the_defaults(capsys):
    """Ten iterations with a bar, from phase zero, without momentum, not centred."""
    A = np.abs(np.random.default_rng(0).standard_normal((33, 12)))
    x = griffinLimInverse(A, 64, 16)
    assert capsys.readouterr().out.count("\r") == 10
    expected = griffinLimInverse(
        A, 64, 16, NIters=10, momentum=0, phase=np.zeros_like(A), center=False, length=64 + 16 * 11, verbose=False
    )
    np.testing.assert_array_equal(x, expected)


def test_the_bar_fills(capsys):
    griffinLimInverse(np.ones((33, 6)), 64, 16, NIters=3)
    bars = ["██████              ", "█████████████       ", "████████████████████"]
    shown = "".join(f"\rIteration {i} of 3 |{bar}|" for i, bar in enumerate(bars, 1))
    assert capsys.readouterr().out == shown + "\n"


@pytest.mark.parametrize("win", [64, 63])
@pytest.mark.parametrize("length", [None, 50, 111])
def test_outside_of_the_signal_the_sound_is_zero(win, length):
    window = np.ones(win)
    gain = _gain_inside_signal(window, 16, 6, True, length)
    inside = np.zeros(win + 80, bool)
    inside[win // 2 : win + 80 - win // 2 if length is None else win // 2 + length] = True
    np.testing.assert_array_equal(gain, np.where(inside, synthesis_gain(window, 16, 6), 0))
    np.testing.assert_array_equal(_gain_inside_signal(window, 16, 6, False, length), synthesis_gain(window, 16, 6))


def test_how_little_counts_as_nothing():
    S = np.array([[2e-20j, 0.9e-20j, 0.0]])
    _impose(np.array([[1.0, 1.0, 0.0]]), S)
    np.testing.assert_allclose(S, [[1j, 1, 0]])
