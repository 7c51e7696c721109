"""What lecture 3 tells of its explorer, and no cell prints: two starts, and how the three cells go."""

import numpy as np
import pytest

from spectrogramtools import STFT, hpss_masks, iSTFT, load_clip
from spectrogramtools.griffinlim import start_phase

WINDOW = 2048, 512


@pytest.fixture(scope="module")
def wanted():
    clip = load_clip("violin_castanets")
    return np.abs(STFT(clip.mixture[: 5 * clip.sr].astype(float), *WINDOW, center=True))


def walk(A, start, momentum, turns):
    """The spectrogram of a sound in each turn."""
    S, before = A * np.exp(1j * start_phase(start, 0, A)), None
    for _ in range(turns):
        found = STFT(iSTFT(S, *WINDOW, center=True, length=110250), *WINDOW, center=True)
        yield S, found
        S = found if before is None else found + momentum * (found - before)
        S, before = A * np.exp(1j * np.angle(S)), found


@pytest.mark.parametrize(
    ("start", "momentum", "told"),
    [
        ("zero", 0, {2: -8.5, 10: -13.5, 100: -21.6}),
        ("random", 0, {2: -9.8, 10: -13.0, 100: -22.2}),
        ("zero", 0.99, {100: -32.1}),
        ("random", 0.99, {100: -29.9}),
    ],
)
def test_how_near_each_start_comes(wanted, start, momentum, told):
    steps = []
    for S, found in walk(wanted, start, momentum, 101):
        steps += [np.linalg.norm(S - found), np.linalg.norm(np.abs(found) - wanted)]
    levels = 20 * np.log10(np.array(steps) / np.linalg.norm(wanted))
    assert {n: round(float(levels[2 * n + 1]), 1) for n in told} == told
    assert bool(np.all(np.diff(steps) <= 0)) == (momentum == 0)


def test_how_three_cells_go(wanted):
    partial, stroke = (np.unravel_index(np.argmax(M * wanted), wanted.shape) for M in hpss_masks(wanted))
    frame = partial[1]
    faint = (np.argsort(wanted[:, frame], kind="stable")[len(wanted) // 2], frame)
    for start in ("zero", "random"):
        ways = np.array(
            [
                [found[cell] / wanted[cell] for cell in (partial, stroke, faint)]
                for _, found in walk(wanted, start, 0, 101)
            ]
        )
        assert np.all(np.abs(np.abs(ways[3:, :2]) - 1) < 0.07)
        if start == "zero":
            assert np.abs(ways[2:11, 2]).max() == pytest.approx(1.88, abs=0.01)
            angles = np.angle(ways[:, 2])
            assert angles.max() / (2 * np.pi) > 1 / 3
            assert angles[-1] / angles.max() == pytest.approx(0.5, abs=0.06)
