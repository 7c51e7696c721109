"""The explorer of REPET: masks, phases, fixed and fitting hops, periods found and chosen; in stereo, and of noise."""

from itertools import product

import numpy as np
from explored import explored, scores_of
from inputs import noise

from spectrogramtools import STFT, beat_spectrum, explore_repet, load_clip
from spectrogramtools.player.pictures import one_picture

SR = 22050
SETTINGS = [
    {},
    *(
        dict(mask=mask, phase=phase, fit=fit)
        for mask, phase, fit in product(("fitted", "soft", "binary"), ("mixture", "zero"), (True, False))
    ),
    dict(highpass=0, shown="mask"),
    dict(highpass=400, mask="soft"),
    dict(period=0.9),
    dict(period=1.2345, fit=False),
    dict(period=3.5),  # twice at the most, so that nothing can be fitted
    {},
]


def cases():
    clip = load_clip("speech_loop")
    n = 8 * clip.sr
    stems = {name: stem[:n] for name, stem in clip.stems.items()}
    e = explore_repet(clip.mixture[:n], clip.sr, references=stems)
    scores = scores_of(stems)
    yield explored("speech over a loop", e, SETTINGS, lambda e: {**scores(e), "curves": {"beats": [beats(e)]}})
    metal = load_clip("metal_singer")
    e = explore_repet(metal.mixture[:, : 9 * metal.sr], metal.sr)
    yield explored("stereo", e, [{}, dict(fit=False), dict(phase="zero", mask="soft"), dict(period=2.0)])
    e = explore_repet(load_clip("band_singer").stems["voice"][: 8 * SR], SR)
    yield explored("a voice alone", e, [{}, dict(mask="binary")])
    yield explored("noise", explore_repet(0.1 * noise(60_000), 16000, period=1.0), [{}, dict(mask="binary")])


def beats(e):
    """The beat spectrum of what is drawn, up to half of it."""
    A = one_picture([np.abs(STFT(y, e.win_length, e.hop_length, center=True)) for y in np.atleast_2d(e.y)])
    lags = e.y.shape[-1] // 2 // e.hop_length
    seconds = np.arange(1, lags) * e.hop_length / e.sr
    return [seconds.astype(np.float32), beat_spectrum(A)[1:lags].astype(np.float32)]
