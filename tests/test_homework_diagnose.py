"""The sounds to be diagnosed: each mistake can be heard, is like no other one, and is found by who reads the text."""

import importlib
import io
import re
import subprocess
import sys
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from classroom import PYTHON, ROOT
from wrong import checks_of, notebook

from spectrogramtools import (
    STFT,
    binary_masks,
    halfsine,
    iSTFT,
    load_clip,
    median_across_frequency,
    median_across_periods,
    median_across_time,
    repeating_mask,
    si_sdr,
    soft_masks,
)
from spectrogramtools.homework import my_sounds, which_sounds

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")

ASSIGNMENTS = ("stft", "hpss", "repet")
RATE = 22050

# What can be heard. A tone hides what lies 20 dB and more under it, noise what lies 5 dB under it: of a difference of
# -15 dB something is always heard. Of levels the ear notices 1 dB; 3 dB, the average over all cells that are not more
# than 40 dB under the loudest one, is another colour or another rhythm. Neither minds how loud a sound is as a whole.
HEARD_SDR, HEARD_LEVELS, LOUD = 15, 3, 40


def hidden(assignment):
    return importlib.import_module(f"hidden.{assignment}")


@cache
def sounds(assignment):
    """What is handed out, by mistake and clip; and what a program without a mistake makes, by None and clip."""
    made = hidden(assignment)
    start, stop = (RATE * second for second in made.PASSAGE)
    return {
        (mistake, clip): as_file(made.broken(mistake, clip)[start:stop])
        for mistake in (None, *made.MISTAKES)
        for clip in made.CLIPS
    }


def as_file(y):
    file = io.BytesIO()
    soundfile.write(file, y, RATE, format="FLAC", subtype="PCM_16")
    file.seek(0)
    return soundfile.read(file)[0]


@cache
def levels(assignment, which):
    return 20 * np.log10(np.abs(STFT(sounds(assignment)[which], 2048, 512)) + 1e-9)


def apart(assignment, one, other):
    """Two sounds' SI-SDR, which is the same in both directions, and the distance of their levels, in dB."""
    A, B = levels(assignment, one), levels(assignment, other)
    floor = max(A.max(), B.max()) - LOUD
    heard = np.maximum(A, B) > floor
    distance = np.maximum(A, floor)[heard] - np.maximum(B, floor)[heard]
    return si_sdr(sounds(assignment)[one], sounds(assignment)[other]), np.sqrt(np.mean(distance**2))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_mistake_can_be_heard_and_none_sounds_like_another_one(assignment):
    handed_out = [which for which in sounds(assignment) if which[0]]
    assert len(handed_out) == 18
    too_near = {}
    for i, one in enumerate(handed_out):
        sdr, distance = apart(assignment, one, (None, one[1]))
        if sdr > HEARD_SDR and distance < HEARD_LEVELS:
            too_near[one, "right"] = sdr, distance
        for other in handed_out[:i]:
            sdr, distance = apart(assignment, one, other)
            if sdr > HEARD_SDR or distance < HEARD_LEVELS:
                too_near[one, other] = sdr, distance
    assert not too_near


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_loudness_tells_nothing_and_nothing_is_cut_off(assignment):
    for which, y in sounds(assignment).items():
        assert 0.1 < np.abs(y).max() < 0.95, which
        assert np.sqrt(np.mean(y**2)) == pytest.approx(0.05, rel=0.001), which


# What a student can do: the text, the clips and the module.


@cache
def text(assignment):
    cells = notebook(assignment).cells
    found = next(cell.source for cell in cells if cell.metadata.nbgrader.grade_id == "diagnose_text")
    return re.sub(r"\s+", " ", found)


def named_mistakes(assignment):
    return tuple(re.findall(r"\| `([a-z ]+)` \|", text(assignment)))


def named_clips(assignment):
    return tuple(re.findall(r'"(\w+)"\)?`', text(assignment)))


def frames_of(assignment, clip):
    """Window and hop as the text has them for a clip; for repet the period as well."""
    window = int(re.search(r"half-sine windows of (\d+) samples", text(assignment))[1])
    if assignment == "repet":
        hop, period = re.search(rf"\| {clip} \| (\d+) samples \| (\d+) frames \|", text(assignment)).groups()
        return window, int(hop), int(period)
    return window, int(re.search(rf"half-sine windows of {window} samples and a hop of (\d+)", text(assignment))[1])


def there_and_back(mistake, y, window, hop):
    S = STFT(np.pad(y, window // 2), window, hop)
    if mistake == "no phase":
        S = np.abs(S) + 0j
    elif mistake == "power":
        S = np.abs(S) * S
    elif mistake == "conjugate":
        S = S.conj()
    elif mistake == "lost frames":
        S = np.where(np.arange(S.shape[1]) % 8 == 0, 0, S)
    out = iSTFT(S, window, hop * 7 // 8 if mistake == "wrong hop" else hop)
    if mistake == "no window sum":
        total = np.zeros(len(out))
        for start in range(0, len(out) - window + 1, hop):
            total[start : start + window] += halfsine(window) ** 2
        out = out * total
    return out[window // 2 :]


def percussive(mistake, y, window, hop):
    if mistake == "long frames":
        told = re.search(r"`long frames` \| its STFT has windows of (\d+) samples and a hop of (\d+)", text("hpss"))
        window, hop = (int(n) for n in told.groups())
    S = STFT(y, window, hop, center=True)
    A = np.abs(S)
    width = 3 if mistake == "short windows" else 31
    across_time, across_frequency = median_across_time, median_across_frequency
    if mistake == "mean":
        across_time, across_frequency = mean_across_time, lambda A, width: mean_across_time(A.T, width).T
    H, P = across_time(A, width), across_frequency(A, width)
    if mistake == "swapped":
        H, P = P, H
    mask = binary_masks(H, P)[1] if mistake == "binary" else soft_masks(H, P, power=2)[1]
    return iSTFT(mask * (np.abs(S) + 0j if mistake == "no phase" else S), window, hop, center=True)


def mean_across_time(A, width):
    padded = np.pad(A, ((0, 0), (width // 2, width // 2)), mode="symmetric")
    return np.lib.stride_tricks.sliding_window_view(padded, width, axis=1).mean(axis=-1)


def background(mistake, y, window, hop, period):
    S = STFT(y, window, hop, center=True)
    A = np.abs(S)
    if mistake == "mean":
        model = np.empty_like(A)
        for frame in range(period):
            model[:, frame::period] = A[:, frame::period].mean(axis=1)[:, None]
    elif mistake == "no period":
        model = np.repeat(np.median(A, axis=1)[:, None], A.shape[1], axis=1)
    else:
        wrong = {"one frame off": period + 1, "half a period": period // 2}
        model = median_across_periods(A, wrong.get(mistake, period))
    mask = repeating_mask(A, model)
    if mistake == "swapped":
        mask = 1 - mask
    return iSTFT(mask * (A + 0j if mistake == "no phase" else S), window, hop, center=True)


PROGRAMS = {"stft": there_and_back, "hpss": percussive, "repet": background}


@cache
def made_again(assignment):
    """What a student makes, who tries each mistake of the text on each clip of the text."""
    start, stop = re.search(r"from second (\d+) to (\d+)", text(assignment)).groups()
    cut = slice(RATE * int(start), RATE * int(stop))
    return {
        (mistake, clip): PROGRAMS[assignment](mistake, load_clip(clip).mixture, *frames_of(assignment, clip))[cut]
        for mistake in named_mistakes(assignment)
        for clip in named_clips(assignment)
    }


def diagnose(assignment, sound):
    """The mistake and the clip with which a student makes this sound, by the measure and the limits of the text."""
    measure = (lambda a, b: np.corrcoef(a, b)[0, 1]) if "np.corrcoef(yours" in text(assignment) else si_sdr
    limits = re.search(r"it is above ([\d.]+).* if the mistake is the same, and below ([\d.]+)", text(assignment))
    above, below = (float(limit.rstrip(".")) for limit in limits.groups())
    alike = {which: measure(mine, sound) for which, mine in made_again(assignment).items()}
    (found,) = (which for which, value in alike.items() if value > below)
    assert alike[found] > above
    return found


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_text_names_mistakes_clips_windows_and_hops_as_they_are(assignment):
    made = hidden(assignment)
    assert named_mistakes(assignment) == made.MISTAKES == checks_of(assignment).MISTAKES
    assert named_clips(assignment) == made.CLIPS
    for clip in made.CLIPS:
        if assignment == "repet":
            period, hop = made.PERIOD_AND_HOP[clip]
            assert frames_of(assignment, clip) == (made.WINDOW, hop, period)
        else:
            assert frames_of(assignment, clip) == (made.WINDOW, made.HOP)
    assert "from second {} to {}".format(*made.PASSAGE) in text(assignment)


def marks(assignment, number, answers):
    """What grading gives this student for the answers A, B and C."""
    from grading import diagnosis

    values = {"number": number, "diagnosis": dict(zip("ABC", answers, strict=True))}
    student = SimpleNamespace(value=values.get, known_as=str(number))
    parts = diagnosis.parts(assignment, hidden(assignment).MISTAKES, hidden(assignment).CLIPS)
    return [part.ask(student)[0] for part in parts]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_two_hundred_students_of_two_hundred_courses_find_their_three_mistakes(assignment, monkeypatch):
    from grading import course, diagnosis

    made = hidden(assignment)
    found = {which: diagnose(assignment, sound) for which, sound in sounds(assignment).items() if which[0]}
    random, chosen = np.random.default_rng(200), set()
    for _ in range(200):
        course_number, number = (int(n) for n in random.integers(1, 2**62, size=2))
        monkeypatch.setattr(course, "number", lambda drawn=course_number: drawn)
        files = diagnosis.key(assignment, made.MISTAKES, made.CLIPS)
        heard = [files[i] for i in which_sounds(number)]
        assert len({sounds(assignment)[which].tobytes() for which in heard}) == 3
        assert [found[which] for which in heard] == heard, (course_number, number)
        answers = [found[which][0] for which in heard]
        assert marks(assignment, number, answers) == [1, 1, 1], (course_number, number)
        chosen.update(heard)
    assert len(chosen) == 18


MAKE_SOUNDS = """
import sys
from pathlib import Path
sys.path[:0] = [{teaching!r}, {root!r}]
import make_course
from spectrogramtools.homework import which_sounds
make_course.HOMEWORK = Path({folder!r})
for assignment in make_course.WITH_SOUNDS:
    (make_course.HOMEWORK / "release" / assignment).mkdir(parents=True)
    for place in which_sounds({number}):
        make_course.make_sound(assignment, place)
"""


@pytest.mark.skipif(not PYTHON.exists(), reason="make grading makes the environment")
def test_a_student_finds_the_mistakes_in_the_files_that_make_course_writes(tmp_path):
    number = 20270003
    folders = {"teaching": str(ROOT / "teaching"), "root": str(ROOT), "folder": str(tmp_path)}
    subprocess.run([PYTHON, "-c", MAKE_SOUNDS.format(**folders, number=number)], check=True)
    for assignment in ASSIGNMENTS:
        heard = my_sounds(number, tmp_path / "release" / assignment / "sounds")
        answers = [diagnose(assignment, sound)[0] for sound in heard.values()]
        assert marks(assignment, number, answers) == [1, 1, 1], assignment
