"""REPET on magnitudes and on waveforms: every clip, random loops, all masks, few repetitions, silence."""

import numpy as np
from inputs import matrices, noise, stopped, whole_clips

from spectrogramtools import find_period, repet, repet_adaptive, repet_extended, repet_masks
from spectrogramtools.separation.background import mask_for, rows_below
from spectrogramtools.separation.repet import nothing_repeats

SETTINGS = [
    dict(),
    dict(mask="soft"),
    dict(mask="soft", power=2.0, highpass_bins=2),
    dict(mask="binary", highpass_bins=1),
    dict(nearest=1),
    dict(nearest=2),
    dict(nearest=5, highpass_bins=500),
]


def cases():
    for name, A in matrices():
        if A.shape[1] < 2:
            continue
        for period in sorted({1, 2, 3, 7, A.shape[1] // 2}):
            if period > A.shape[1] // 2:
                continue
            for how in SETTINGS:
                yield on_magnitudes(name, A, period, how)
        moving = np.random.default_rng(0).integers(1, A.shape[1] // 2 + 1, A.shape[1])
        for how in SETTINGS:
            yield on_magnitudes(name, A, moving, how)
    for name, sr, y in whole_clips():
        runs = [(repet, {}), (repet_adaptive, {})]
        if name in ("guitar_drums", "metal_singer", "voice_tabla"):
            runs += [
                (repet_extended, dict(segment=y.shape[-1] / sr / 2.5)),
                (repet, dict(hop_length=512, highpass=0.0, mask="soft", power=2.0)),
            ]
        if name == "guitar_drums":
            runs.append((repet, dict(mask="binary", win_length=1500)))
        yield on_sound(name, y, sr, runs)
    loop = np.concatenate([noise(9000)] * 5)
    changing = np.concatenate([loop, np.concatenate([noise(7000, seed=2)] * 6)])
    stereo = np.stack([loop, noise(len(loop), seed=1)])
    runs = [
        (repet, {}),
        (repet, dict(period=1.1)),
        (repet_adaptive, {}),
        (repet_adaptive, dict(period=1.1, nearest=3)),
        (repet_extended, dict(segment=4.0)),
        (repet_extended, dict(segment=4.0, period=1.1)),
    ]
    for name, y in [("a loop", loop), ("two channels", stereo), ("silence", 0 * loop), ("loops", changing)]:
        yield on_sound(name, y, 8000, runs)
        yield on_sound(f"{name}, in double precision", y.astype(np.float64), 8000, runs)
    # As it changes, so many repetitions around each are the best.
    for turns in (1, 2, 4):
        yield on_sound("it changes", slowly(turns), 8000, [(repet_adaptive, dict(period=0.4, win_length=1024))])
    for name, y, period in [
        ("a loop", loop, 9000.0),
        ("a loop, at another lag", loop, 7000.0),
        ("a loop under noise", loop + noise(len(loop), seed=3), 9000.0),
        ("noise", noise(45000), 9000.0),
        ("two channels", stereo, 7000.0),
    ]:
        for part in (1.0, 0.5):
            nothing = nothing_repeats(y, part * y, period, 1024, 250)
            yield dict(name=name, heard=list(np.atleast_2d(y)), part=part, period=period, nothing=nothing)
    yield on_sound("twice only", loop[:18000], 8000, [(repet, dict(period=1.1))])
    for function, how in [
        (repet, dict(period=3.0)),
        (repet_adaptive, dict(period=3.0)),
        (repet_extended, dict(segment=6.0)),
        (repet_extended, dict(segment=0.0)),
        (repet_extended, dict(segment=3.0, period=2.0)),
    ]:
        error = stopped(function, loop[:45000], 8000, **how)
        yield dict(name="no room", function=function.__name__, channels=[loop[:45000]], sr=8000, how=how, error=error)
    asked = [("fitted", 2.9), ("fitted", 3.0), ("soft", 2.0), ("binary", 1.0)]
    yield dict(name="masks for", asked=[dict(mask=m, repetitions=n, taken=mask_for(m, n)) for m, n in asked])
    rows = [(100.0, 22050.0, 2048), (0.0, 8000.0, 512), (1e6, 8000.0, 512), (250.0, 8000.0, 256), (251.0, 8000.0, 256)]
    yield dict(name="rows below", rows=[dict(highpass=h, sr=sr, win=w, rows=rows_below(h, sr, w)) for h, sr, w in rows])


def on_magnitudes(name, A, period, how):
    return dict(name=name, A=A, period=period, how=how, masks=repet_masks(A, period, **how))


def on_sound(name, y, sr, runs):
    return dict(name=name, channels=list(np.atleast_2d(y)), sr=sr, runs=[run(y, sr, *one) for one in runs])


def run(y, sr, function, how):
    if y.any() and function is not repet_extended and "period" not in how:
        # The same one for both: where people play it is as exact as float32 lets a spectrogram be.
        how = how | dict(period=find_period(y, sr))
    background, _ = function(y, sr, **how)
    return dict(function=function.__name__, how=how, background=list(np.atleast_2d(background)))


def slowly(turns):
    """Forty repetitions, of which each is a little different from the one before."""
    angles = np.pi * turns * np.arange(40)[:, None] / 80
    loops = np.cos(angles) * noise(3200) + np.sin(angles) * noise(3200, seed=1) + 0.5 * noise(40, 3200, seed=2)
    return loops.astype(np.float32).ravel()
