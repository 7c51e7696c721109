"""The explorer of a tempo that moves: sounds, scores, and the period, followed and true; in stereo."""

import warnings

import numpy as np
from explored import explored

from spectrogramtools import explore_tempo, follow_period, load_clip, repet, repet_adaptive, si_sdr

SETTINGS = [{}, *(dict(tempo=tempo) for tempo in (0, 0.5, 4))]


def cases():
    clip = load_clip("band_singer")
    stems = {name: stem[: 15 * clip.sr] for name, stem in clip.stems.items()}
    yield explored("band and singer", explore_tempo(stems, clip.sr, period=81920 / clip.sr), SETTINGS, beside)
    stems = {name: np.stack([stem, 0.5 * stem]) for name, stem in stems.items()}
    yield explored("stereo", explore_tempo(stems, clip.sr), [dict(tempo=1)], beside)


def beside(e):
    voice = list(e.given.values())[1]
    mixture = e.sounds["mixture"]
    moved = mixture - voice
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        both = [separate(mixture, e.sr) for separate in (repet, repet_adaptive)]
    scores = [[si_sdr(moved, back), si_sdr(voice, front)] for back, front in both]
    times, periods = follow_period(mixture, e.sr)
    n = mixture.shape[-1]
    speed = 1 + e.tempo.value / 100 * np.linspace(-1, 1, n)
    place, now = np.minimum(np.cumsum(speed) - speed[0], n - 1) / e.sr, np.arange(n) / e.sr
    again = np.interp(np.interp(times, now, place) + e.settings["period"], place, now)
    known = again < now[-1] - 0.01
    curves = [[times, periods], [times[known], (again - times)[known]]]
    return dict(scores=scores, curves={"period": [[x.astype(np.float32), y.astype(np.float32)] for x, y in curves]})
