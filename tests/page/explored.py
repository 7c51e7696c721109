"""What an explorer of the page is handed, and what it has to answer at each setting of its controls."""

import warnings

import numpy as np

from spectrogramtools import si_sdr


def explored(name, e, settings, answer=lambda e: {}):
    """A case: all that the page gets, and for each setting the module's sounds, the code, and what `answer` adds."""
    at_first = dict(e.values)
    answers = []
    for setting in settings:
        e.values = {**at_first, **setting}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sounds = {name: np.ravel(sound).astype(np.float32) for name, sound in e.sounds.items()}
            answers.append(dict(values=e.values, sounds=sounds, code=e.code(), **answer(e)))
    return dict(
        name=name, kind=e.kind, sr=e.sr, settings=e.settings, signals=handed_over(e), at_first=at_first, answers=answers
    )


def handed_over(e):
    """The sounds as the page reads them: each channel of each."""
    types = {"int16": ("<i2", np.float32(1 / 32768)), "float32": ("<f4", np.float32(1))}
    signals = []
    for i, (name, channels, how) in enumerate(zip(e.names, e.channels, e.formats, strict=True)):
        kind, scale = types[how]
        sound = np.frombuffer(getattr(e, f"sound{i}"), kind) * scale
        signals.append(dict(name=name, channels=list(sound.reshape(channels, -1))))
    return signals


def scores_of(references):
    """For each setting the SI-SDR of the sounds that follow the mixture; of one that is nothing but rounding, NaN."""

    def answer(e):
        both = zip(references.values(), list(e.sounds.values())[1:], strict=False)
        return dict(scores=[[si_sdr(r, x) if np.abs(x).max() > 1e-6 else np.nan] for r, x in both])

    return answer
