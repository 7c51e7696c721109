"""What is heard on the feedback page: music, as the functions of an assignment make it.

Once with the student's functions, when a submission is marked, and once with those that are right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from grading.compare import array
from grading.sounds import mask
from scipy.ndimage import median_filter

from spectrogramtools import (
    STFT,
    apply_mask,
    halfsine,
    iSTFT,
    load_clip,
    median_across_periods,
    repeating_mask,
    repet_sim_masks,
    soft_masks,
)


@dataclass(frozen=True)
class Heard:
    """Sounds by title, `made` of functions: the student's, or the `right` ones; and `under` which check they stand."""

    under: str
    right: SimpleNamespace
    made: Callable


def music(name, n_frames, win, hop=512):
    return STFT(load_clip(name).mixture[: n_frames * hop], win, hop, center=True)


def two(S, mask, win, names, hop=512):
    """What a mask takes out of the mixture, and what it leaves."""
    n = hop * (S.shape[1] - 1)
    parts = zip(names, (mask, 1 - mask), strict=True)
    return {name: iSTFT(apply_mask(S, part), win, hop, center=True, length=n) for name, part in parts}


def there_and_back(functions):
    # The hop does not divide the window.
    y, window = load_clip("violin_castanets").mixture[: 5 * 22050].astype(float), halfsine(1024)
    return {"there and back": functions.istft(functions.stft(y, window, 400), window, 400)}


def violin_and_castanets(functions):
    S = music("violin_castanets", 172, 1024)
    A = np.abs(S)
    found = array(functions.soft_masks(functions.median_time(A, 17), functions.median_frequency(A, 17), 2))
    return two(S, first(found, A), 1024, ("the violin", "the castanets"))


def band_and_singer(functions):
    S = music("band_singer", 640, 1024)
    A = np.abs(S)
    return two(S, mask(functions.soft_mask(A, functions.repeating_model(A, 160)), A), 1024, ("the band", "the singer"))


def background_and_foreground(functions):
    S = music("band_singer", 500, 2048)
    A = np.abs(S)
    return two(S, first(array(functions.masks(A)), A), 2048, ("the background", "the foreground"))


def first(masks, A):
    """The first of two masks, if there are two."""
    return mask(masks[0] if masks.ndim == 3 and len(masks) else masks, A)


EACH = {
    "stft": Heard(
        "check_istft",
        SimpleNamespace(
            stft=lambda y, window, hop: STFT(y, len(window), hop, winfunc=lambda _: window),
            istft=lambda S, window, hop: iSTFT(S, len(window), hop, winfunc=lambda _: window),
        ),
        there_and_back,
    ),
    "hpss": Heard(
        "check_score",
        SimpleNamespace(
            median_time=lambda A, width: median_filter(A, (1, width)),
            median_frequency=lambda A, width: median_filter(A, (width, 1)),
            soft_masks=lambda H, P, power: soft_masks(H, P, power=power),
        ),
        violin_and_castanets,
    ),
    "repet": Heard(
        "check_score",
        SimpleNamespace(repeating_model=median_across_periods, soft_mask=repeating_mask),
        band_and_singer,
    ),
    "project": Heard("check_score", SimpleNamespace(masks=repet_sim_masks), background_and_foreground),
}
# For an assignment that is not listed.
NOTHING = Heard("", SimpleNamespace(), lambda functions: {})
