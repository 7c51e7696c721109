"""The explorer of Griffin-Lim at every start and momentum; in stereo, with another window, and silent.

The ways of its cells and the lengths of its steps come from a loop of STFT and iSTFT, turn by turn.
"""

from itertools import product

import numpy as np
from explored import explored

from spectrogramtools import STFT, explore_griffin_lim, hpss_masks, iSTFT, load_clip
from spectrogramtools.griffinlim import start_phase

SETTINGS = [
    dict(start=start, momentum=momentum, turns=turns)
    for start, momentum, turns in product(("zero", "random"), (0, 0.99), (0, 1, 5, 20, 100, 2))
]


def cases():
    clip = load_clip("violin_castanets")
    y = clip.mixture[: clip.sr]
    yield explored("violin and castanets", explore_griffin_lim(y, clip.sr), SETTINGS, both)
    two = np.stack([y, 0.5 * clip.stems["violin"][: len(y)]])
    some = [dict(start="random", turns=10), dict(turns=5)]
    yield explored("stereo", explore_griffin_lim(two, clip.sr), some, both)
    e = explore_griffin_lim(y[:9000], clip.sr, win_length=500, hop_length=130)
    yield explored("another window", e, [dict(start="random", momentum=0.99, turns=50)], both)
    yield explored("silence", explore_griffin_lim(np.zeros(5000), 8000), [dict(turns=2)])


def convergence(e):
    """How far the magnitudes are from those that are wanted, in dB."""
    wanted, got = (
        [np.abs(STFT(side.astype(float), e.win_length, e.hop_length, center=True)) for side in np.atleast_2d(sound)]
        for sound in e.sounds.values()
    )
    off = np.linalg.norm(np.array(got) - wanted) / np.linalg.norm(wanted)
    return dict(convergence=20 * np.log10(off))


def both(e):
    return {**convergence(e), **turn_by_turn(e)}


def turn_by_turn(e):
    """The stations of three cells at the last turn, in parts of their magnitudes; how far each step goes, in dB."""
    sides = np.atleast_2d(e.y).astype(float)
    original = [STFT(side, e.win_length, e.hop_length, center=True) for side in sides]
    cells = chosen(np.abs(original[0]))
    squared, first = np.zeros((2, e.turns.value)), []
    for S in original:
        stations, steps = walked(S, e)
        squared += steps
        first = first or [[station[cell] / np.abs(S[cell]) for station in stations] for cell in cells]
    energy = sum(np.sum(np.abs(S) ** 2) for S in original)
    turns = np.arange(1, e.turns.value + 1)
    curves = [[turns.astype(np.float32), (10 * np.log10(row / energy)).astype(np.float32)] for row in squared]
    true = [original[0][cell] / np.abs(original[0][cell]) for cell in cells]
    return dict(
        curves=dict(distance=curves),
        cells=np.array([[[z.real, z.imag] for z in (mine, *way)] for mine, way in zip(true, first, strict=True)]),
    )


def walked(S, e):
    """The last turn's spectrograms, from station to station, and the squared lengths of all steps."""
    A, how = np.abs(S), dict(center=True, length=e.y.shape[-1])
    stations = [A * np.exp(1j * start_phase(e.start.value, 0, A))]
    before, steps = None, []
    for _ in range(e.turns.value):
        wanted = stations[-1]
        found = STFT(iSTFT(wanted, e.win_length, e.hop_length, **how), e.win_length, e.hop_length, center=True)
        steps.append([np.sum(np.abs(wanted - found) ** 2), np.sum((np.abs(found) - A) ** 2)])
        further = found + e.momentum.value * (found - (found if before is None else before))
        middle = [found, further] if e.momentum.value else [found]
        stations, before = [wanted, *middle, A * np.exp(1j * np.angle(further))], found
    return stations, np.array(steps).reshape(-1, 2).T


def chosen(A):
    """The strongest cell of what lasts, the strongest of what comes at once, the median of the first one's frame."""
    partial, stroke = (np.unravel_index(np.argmax((M * A).T), A.T.shape)[::-1] for M in hpss_masks(A))
    faint = np.argsort(A[:, partial[1]], kind="stable")[len(A) // 2]
    return [tuple(partial), tuple(stroke), (faint, partial[1])]
