"""What a student's functions sound like, for the feedback page: kept in marks/ when a submission is marked.

What is heard says hidden/sounds.py. Of what a student's functions return nothing but numbers comes this far, and
nothing becomes of them but sound.
"""

import importlib
import io
import shutil

import numpy as np
import soundfile

from grading.compare import array
from grading.sandbox import StudentError

SR = 22050
# Six seconds are enough to hear what is wrong, and keep a page small.
LONGEST = 6 * SR
# Nothing is louder than what it stands beside by more than this factor, 6 dB.
LOUDER = 2.0


def keep(assignment, student, folder):
    """Write what the student's functions make of music; where they make nothing of it, the sentence that says why."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        made = {title: sound(y) for title, y in of(assignment).made(student).items()}
    except StudentError as error:
        return str(error)
    except Exception as error:  # what came back is so strange that nothing can be made of it
        return f"What came back can't be made a sound ({type(error).__name__})."
    folder.mkdir(parents=True)
    for title, y in made.items():
        (folder / f"{title}.flac").write_bytes(flac(y))
    return ""


def of(assignment):
    """What is to be heard of an assignment."""
    hidden = importlib.import_module("hidden.sounds")
    return hidden.EACH.get(assignment, hidden.NOTHING)


def sound(value):
    """What came back as a waveform that can be played: real, finite, not too long, no louder than can be written."""
    y = array(value)
    if y.ndim != 1 or y.dtype.kind == "c" or not y.size:
        raise StudentError(f"There is no sound in an array of {y.dtype} with shape {y.shape}.")
    y = y[:LONGEST].astype(float)
    if not np.isfinite(y).all():
        raise StudentError("There is no sound in NaN or infinity.")
    return y / max(np.abs(y).max(), 1.0)


def mask(value, A):
    """What came back as a mask of A, if it is one."""
    values = array(value)
    if values.shape != A.shape or values.dtype.kind == "c":
        raise StudentError(f"There is no mask that could be heard: its shape is {values.shape}, not {A.shape}.")
    if not np.isfinite(values).all():
        raise StudentError("There is no mask that could be heard: it holds NaN or infinity.")
    return np.clip(values, 0, 1)


def flac(y):
    held = io.BytesIO()
    soundfile.write(held, y, SR, format="FLAC", subtype="PCM_16")
    return held.getvalue()


def no_louder(mine, right):
    """`mine`, turned down where its peak or its energy is more than 6 dB above that of what is right."""
    for measure in (lambda y: np.abs(y).max(), lambda y: np.sqrt(np.mean(y**2))):
        mine = mine / max(measure(mine) / max(LOUDER * measure(right), 1e-9), 1.0)
    return mine
