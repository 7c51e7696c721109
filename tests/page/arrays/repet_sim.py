"""REPET-SIM: similarities, which frames are alike, masks and sounds."""

import numpy as np
from inputs import channels, matrices, noise

from spectrogramtools import STFT, repet_sim, repet_sim_masks, similar_frames, similarity_matrix
from spectrogramtools.medians import median_across_similar
from spectrogramtools.separation.background import background_masks

SETTINGS = [
    dict(),
    dict(count=1),
    dict(count=3, distance_frames=2),
    dict(distance_frames=5, threshold=0.7),
    dict(distance_frames=1000, threshold=1.0),
    dict(distance_frames=7, threshold=0.1),
]
MASKS = [dict(), dict(mask="soft", power=2.0, highpass_bins=3), dict(mask="binary")]


def cases():
    for name, A in matrices():
        yield on_magnitudes(name, A, SETTINGS, MASKS)
    # More frames than are compared at a time, and some that are equal.
    some = np.abs(noise(30, 40))
    many = np.concatenate([np.abs(noise(30, 300, seed=1)), some, np.zeros((30, 5), np.float32), some], axis=1)
    yield on_magnitudes("many frames", many, SETTINGS, MASKS)
    A = np.abs(noise(1025, 60))
    yield dict(name="double precision", compared=A, exact=similarity_matrix(A.astype(np.float64)))
    for name, sr, y in channels(10):
        win_length = 2048 if sr == 22050 else 4096
        A = np.abs(STFT(y, win_length, win_length // 4, center=True))
        yield on_magnitudes(name, A, [dict(distance_frames=43)], [dict(highpass_bins=10)]) | on_sound(y, sr, {})
    stereo = noise(2, 60000)
    for how in (
        dict(count=5, distance=0.0),
        dict(distance=0.5, threshold=0.5, mask="soft", power=2.0, highpass=0.0),
        dict(win_length=600, hop_length=200),
    ):
        yield dict(name=f"two channels {how}") | on_sound(stereo, 8000, how)
    yield dict(name="silence") | on_sound(0 * stereo[0], 8000, {})


def on_magnitudes(name, A, settings, masks):
    similarity = similarity_matrix(np.sqrt(A))
    found = [dict(how=how, neighbours=similar_frames(similarity, **how)) for how in settings]
    for one in found:
        model = median_across_similar(A, one["neighbours"])
        few = np.median([len(near) for near in one["neighbours"]]) < 3
        one["masks"] = []
        for how in masks:
            settled = dict(mask="soft" if few else "fitted", power=1.0, highpass_bins=0) | how
            one["masks"].append(dict(how=how, masks=background_masks(A, model, **settled)))
    whole = repet_sim_masks(A, **settings[-1], **masks[0])
    return dict(name=name, A=A, similarity=similarity, found=found, whole=settings[-1] | masks[0], masks=whole)


def on_sound(y, sr, how):
    background, _ = repet_sim(y, sr, **how)
    return dict(channels=list(np.atleast_2d(y)), sr=sr, how=how, background=list(np.atleast_2d(background)))
