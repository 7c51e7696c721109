"""What a teacher does around the marks: collect, export, late work, the gallery; and what the visible checks say."""

import csv
import io
import itertools
import json
import re
import shutil
import sys
import tracemalloc
import zipfile
from pathlib import Path
from types import SimpleNamespace

import make_gallery
import nbformat
import numpy as np
import pytest
import soundfile
from classroom import PYTHON, fill, new_classroom, solved, written
from wrong import checks_of

from spectrogramtools import load_audio, separate
from spectrogramtools.homework import error_db

ROOT = Path(__file__).parent.parent
HOMEWORK = ROOT / "teaching" / "homework"
sys.path.insert(0, str(HOMEWORK))
from grading import number, submission
from grading.sandbox import StudentError

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS"),
    pytest.mark.skipif(not PYTHON.exists(), reason="make grading makes the environment"),
]

ROSTER = '''id,first_name,last_name,email,lms_user_id
2701,Ada,Ångström,ada@school.example,3021
2702,Ben,Okafor,ben@school.example,3022
2703,"Eva ""E""","van der Berg, Jr.",eva@school.example,3023
2704,Dai,Nakamura,dai@school.example,3024
'''


# What Formgrader does when a teacher types a mark: seven points for the report.
BY_HAND = """
import sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as gradebook:
    for student in sys.argv[1:]:
        gradebook.find_grade("report", "project", "project", student).manual_score = 7
    gradebook.db.commit()
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A classroom of its own, with a roster."""
    room = new_classroom(tmp_path_factory)
    (room.folder / "roster.csv").write_text(ROSTER)
    room.run("-m", "nbgrader", "db", "student", "import", "roster.csv")
    return room


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_term_from_download_to_table(desk, tmp_path):
    released, right = desk.released("project"), desk.solutions("project")
    good = json.dumps(fill(released, right | {"number": "number = 2701"}))
    stems = io.BytesIO()
    soundfile.write(stems, np.zeros(100), 22050, format="FLAC")
    with_stems = io.BytesIO()
    zipped(with_stems, {"my/project.ipynb": good, "my/stems/voice.flac": stems.getvalue(), "../../evil.py": "evil"})
    download = zipped(
        tmp_path / "moodle.zip",
        {
            "Ada Ångström_3021_assignsubmission_file_/homework.zip": with_stems.getvalue(),
            "Ben Okafor_3022_assignsubmission_file_/project (1).ipynb": json.dumps(released),
            "vanderbergjreva_55_777_project.ipynb": "no notebook",  # Canvas writes names like this
            "Somebody Else_99_assignsubmission_file_/project.ipynb": good,
        },
    )
    done = desk.run("-m", "grading.collect", "project", str(download), "roster.csv", check=False)
    assert done.returncode == 1
    assert "whose is it? vanderbergjreva_55_777_project.ipynb" in done.stdout, "Eva's first name has an E behind it"
    assert "whose is it? Somebody Else_99" in done.stdout
    assert "2 collected; nothing from 2: 2703, 2704" in done.stdout
    submitted = desk.folder / "submitted"
    assert sorted(p.relative_to(submitted).as_posix() for p in submitted.rglob("*") if p.is_file()) == [
        "2701/project/project.ipynb",
        "2701/project/stems/voice.flac",
        "2702/project/project.ipynb",
    ]
    assert not list(desk.root.rglob("evil*"))
    desk.run("-m", "nbgrader", "db", "assignment", "add", "project", "--duedate=2027-01-15 12:00 UTC")
    desk.grade("project")
    for name, columns in (("Moodle", ("ID number", "project")), ("Canvas", ("SIS User ID", "project"))):
        desk.run("-m", "nbgrader", "export", f"--exporter=grading.exports.{name}", "--to=out.csv")
        rows = list(csv.DictReader(io.StringIO((desk.folder / "out.csv").read_text())))
        got = {row[columns[0]]: row[columns[1]] for row in rows}
        if name == "Canvas":
            assert got.pop("") == "30", "the line with the points that are possible"
        assert got == {"2701": "8", "2702": "0", "2703": "", "2704": ""}
    assert rows[-1].keys() == {
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "stft",
        "hpss",
        "repet",
        "project",
    }

    # The same download again changes nothing; a new file takes the old one's place, and the old one is kept.
    again = desk.run("-m", "grading.collect", "project", str(download), "roster.csv", check=False)
    assert "2701: as before" in again.stdout
    newer = zipped(tmp_path / "newer.zip", {"okaforben_LATE_3022_778_project-1.ipynb": good})
    desk.run("-m", "grading.collect", "project", str(newer), "roster.csv")
    kept = list((desk.folder / "replaced").rglob("project.ipynb"))
    assert [json.loads(path.read_text())["cells"] for path in kept] == [json.loads(json.dumps(released))["cells"]]

    # A mark by hand stays when the work is handed in and graded anew.
    desk.run("-c", BY_HAND, "2701", "2702")
    desk.hand_in("2701", "project", fill(released, right | {"number": "number = 27010"}))
    # A day and an hour late: two days begun, a fifth of all marks, those by hand among them.
    (submitted / "2702" / "project" / "timestamp.txt").write_text("2027-01-16 13:00 UTC")
    desk.grade("project")
    desk.run("-m", "nbgrader", "export", "--exporter=grading.exports.Moodle", "--to=out.csv")
    rows = csv.DictReader(io.StringIO((desk.folder / "out.csv").read_text()))
    marks = {row["ID number"]: float(row["project"] or "nan") for row in rows}
    assert marks["2701"] == 8 + 7
    assert marks["2702"] == pytest.approx(0.8 * (8 + 7))
    # What is read after that counts in the penalty too, once the class is graded again.
    desk.run("-c", BY_HAND.replace("7", "2"), "2702")
    desk.grade("project")
    desk.run("-m", "nbgrader", "export", "--exporter=grading.exports.Moodle", "--to=out.csv")
    rows = csv.DictReader(io.StringIO((desk.folder / "out.csv").read_text()))
    marks = {row["ID number"]: float(row["project"] or "nan") for row in rows}
    assert marks["2702"] == pytest.approx(0.8 * (8 + 2))


# A student's Markdown that would like to run a script in the reader's browser.
ACTIVE = r"""
Eight plain words that a reader should see.
<script>alert(4)</script> <svg/onload=alert(5)> <JavaScript:alert(7)> [click](javascript:alert)
![x](x.png"onerror=alert)
[click](JAVASCRIPT&colon;alert) [click](java&#115;cript:alert) [click](data:text/html,hello) [click](<javascript:alert>)
[click][one] [two] $\href{javascript:alert}{click}$

[one]: javascript:alert
[two]: <javascript:alert>
"""


def test_feedback_says_in_words_what_was_found_and_runs_no_script(desk):
    answers = {"listen_answer": 'At 0:03 <script>alert(1)</script> <img src=x onerror="alert(2)"> the fill.'}
    text = fill(desk.released("repet"), solved(desk, "repet") | written("repet_half")[0] | answers)
    for cell in text.cells:
        if cell.metadata.nbgrader.grade_id == "number":
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": "<script>alert(3)</script>"})]
    text.cells.append(nbformat.v4.new_markdown_cell(ACTIVE))
    desk.hand_in("scripted", "repet", text)
    desk.grade("repet")
    desk.run("-m", "nbgrader", "generate_feedback", "repet", "--student=scripted")
    page = (desk.folder / "feedback" / "scripted" / "repet" / "repet.html").read_text()
    assert "The frames of a partial last segment: the error is" in page
    assert "two_loops is not written yet" in page
    assert "alert(3)" not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg/onload" not in page
    assert "Eight plain words that a reader should see" in page
    assert not re.search(r"href=[\"']?\s*(java|vb|data)", page, re.IGNORECASE)
    assert "\\href" not in page
    assert not re.search(r"<img[^>]*(x.png|onerror)", page)
    desk.hand_in("no_json", "repet", '<script>alert(6)</script> [x](javascript:alert) {"cells": [')
    desk.grade("repet")
    desk.run("-m", "nbgrader", "generate_feedback", "repet", "--student=no_json")
    page = (desk.folder / "feedback" / "no_json" / "repet" / "repet.html").read_text()
    assert "This submission could not be read." in page
    assert "<script>alert" not in page
    assert not re.search(r"href=[\"']?\s*(java|vb|data)", page, re.IGNORECASE)


def test_what_has_been_handed_in_keeps_its_cells_and_nothing_is_lost(desk, tmp_path):
    desk.hand_in("2704", "stft", desk.released("stft"))
    desk.grade("stft")
    release = {p: p.read_bytes() for p in (desk.folder / "release" / "stft").rglob("*") if p.is_file()}
    source = desk.folder / "source" / "stft" / "stft.ipynb"
    before = source.read_text()
    notebook = nbformat.reads(before, 4)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id != "check_tuner"]
    try:
        nbformat.write(notebook, source)
        done = desk.run(desk.root / "teaching" / "make_course.py", str(tmp_path / "course"), check=False)
    finally:
        source.write_text(before)
    assert done.returncode == 1
    assert "stft has been handed in, and its notebook has other cells now" in done.stderr
    assert {p: p.read_bytes() for p in (desk.folder / "release" / "stft").rglob("*") if p.is_file()} == release
    desk.grade("stft")


def bad_zips():
    """A zip file of each kind that can't be taken, and what is said of it."""
    flag, method, deflate64, utf8 = 6, 8, b"\x09\0", b"\x00\x08"

    def archive(name="repet.ipynb", content=b"{}", **settings):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", **settings) as opened:
            opened.writestr(name, content)
        return held.getvalue()

    def patched(data, place, value):
        # In the file's own head and, two bytes later, in the list of files at the end.
        for head, further in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
            start = data.index(head) + place + further
            data = data[:start] + value + data[start + len(value) :]
        return data

    nested = archive()
    for _ in range(1200):
        nested = archive("a.zip", nested)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as opened:
        for i in range(300):
            opened.writestr(f"{i}.flac", b"")
    return {
        "no zip": (b"no zip", "File is not a zip file"),
        "cut off": (archive()[:-30], "File is not a zip file"),
        "encrypted": (patched(archive(), flag, b"\x01\0"), "is encrypted"),
        "deflate64": (patched(archive(), method, deflate64), "compression"),
        "bad CRC": (archive(content=b"before").replace(b"before", b"behind"), "Bad CRC-32"),
        "no UTF-8": (patched(archive("ab.ipynb"), flag, utf8).replace(b"ab.", b"\xff\xfe."), "can't decode"),
        "zips in zips": (nested, "there is no notebook among"),
        "long name": (archive("a" * 300 + ".flac"), "a file's name has more than 120 letters"),
        "bomb": (
            archive("a.flac", bytes(201 << 20), compression=zipfile.ZIP_DEFLATED, compresslevel=1),
            "more than 200 MiB",
        ),
        "many": (many.getvalue(), "there are more than 200 files in it"),
    }


def cell(source, kind="markdown", **more):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": "answer"}}} | more


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([cell("")] * 501, "has more than 500 cells: hand in what was asked for"),
        ([cell("x" * 60_000, "code")] * 4, "has more than 200000 characters of code and words"),
        (28, "can't be read as a notebook"),
        ([cell({"a": 1})], "can't be read as a notebook"),
    ],
)
def test_a_submission_that_is_none_is_refused_in_one_sentence(tmp_path, cells, said):
    path = tmp_path / "repet.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    with pytest.raises(submission.UnreadableNotebookError, match=said):
        submission.read(path)


def test_what_counts_of_a_submission_is_read_however_much_else_there_is(tmp_path):
    path = tmp_path / "repet.ipynb"
    long = cell("\\begin{a}" * 9000)
    code = cell(["x = 1\n", "# \ud83d\n"], "code", outputs=[{"output_type": "stream", "text": ["a\ud83d", "b"]}])
    path.write_text(json.dumps({"cells": [long, code], "metadata": {"deep": [{}] * 100_000}}))
    (_, words, _, _), (_, source, grade_id, (output,)) = submission.read(path)
    assert words.endswith("(The rest of these 81000 characters is not shown.)")
    assert len(words) < 10_100
    assert (source, grade_id, output.text) == ("x = 1\n# ?\n", "answer", "a?b")


def test_a_bad_zip_costs_its_owner_alone(desk, tmp_path):
    bad = bad_zips()
    names = [*bad, "right", "both"]
    rows = [f"{i},Student,{name.title().replace(' ', '')},,{9000 + i}" for i, name in enumerate(names, start=100)]
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(["id,first_name,last_name,email,lms_user_id", *rows]))
    uploads = {f"x_{9000 + i}_1_repet.zip": bad[name][0] for i, name in enumerate(bad, start=100)}
    uploads["x_9110_1_repet.ipynb"] = uploads["x_9111_2_repet.ipynb"] = "{}"
    uploads["x_9111_1_sounds.zip"] = b"no zip"
    download = zipped(tmp_path / "canvas.zip", uploads)
    done = desk.run("-m", "grading.collect", "repet", str(download), str(roster), check=False)
    assert done.returncode == 1
    assert not done.stderr
    lines = done.stdout.splitlines()
    for i, (name, (_, said)) in enumerate(bad.items(), start=100):
        assert f"{i}: NOT collected" in lines, name
        (about,) = [line for line in lines if line.startswith(f"{i}: ") and not line.endswith("NOT collected")]
        assert said in about, name
    assert "110: collected" in lines
    assert "111: collected" in lines
    assert "111: sounds.zip can't be read: File is not a zip file" in lines
    assert lines[-1].startswith("2 collected; nothing from 10: 100, 101,")
    assert not [path for i in range(100, 110) for path in (desk.folder / "submitted").glob(f"{i}/*")]
    shutil.rmtree(desk.folder / "submitted")
    no_zip = tmp_path / "no.zip"
    no_zip.write_text("no zip")
    done = desk.run("-m", "grading.collect", "repet", str(no_zip), str(roster), check=False)
    assert done.stderr == f"{no_zip} can't be opened as a zip file (File is not a zip file): download it again.\n"


def test_a_file_is_its_uploaders_whatever_it_is_called(desk, tmp_path):
    def of(who):
        return json.dumps({"handed in by": who})

    with_copies = io.BytesIO()
    stale = ("a/.ipynb_checkpoints/repet-checkpoint.ipynb", "a/repet-Copy1.ipynb", "old repet.ipynb")
    zipped(
        with_copies, {name: of("nobody") for name in stale} | {"a/repet.ipynb": of("Eva"), "Untitled.ipynb": of("no")}
    )
    download = zipped(
        tmp_path / "all.zip",
        {
            "angstromada_3021_70_repet.ipynb": of("Ada"),
            # Somebody else's files, and Ben's, named as a classmate's would be.
            "zorro_99_71_a_3021_repet.ipynb": of("Zorro"),
            "zorro_99_72_a_3021_1_repet.ipynb": of("Zorro"),
            "Zorro_98_assignsubmission_file_a_3021_assignsubmission_file_repet.ipynb": of("Zorro"),
            "Zorro_98_assignsubmission_file_/Ada Ångström_3021_assignsubmission_file_/repet.ipynb": of("Zorro"),
            "okaforben_3022_73_a_3021_repet.ipynb": of("Ben"),
            "Eva_3023_assignsubmission_file_/2701_3021_repet.zip": with_copies.getvalue(),
            "Dai Nakamura_55_assignsubmission_file_/a\n2701: collected.ipynb": of("Dai"),
        },
    )
    done = desk.run("-m", "grading.collect", "repet", str(download), "roster.csv", check=False)
    assert done.stdout.count("whose is it? ") == 4
    assert "4 collected; nothing from 0: -" in done.stdout
    for student, who in (("2701", "Ada"), ("2702", "Ben"), ("2703", "Eva"), ("2704", "Dai")):
        kept = (desk.folder / "submitted" / student / "repet" / "repet.ipynb").read_text()
        assert kept == of(who)
    assert "2703: collected (4 notebooks, repet.ipynb was taken)" in done.stdout
    shutil.rmtree(desk.folder / "submitted")


def test_a_roster_that_is_none_is_refused_in_one_sentence(desk, tmp_path):
    (tmp_path / "wrong.csv").write_text("name\nAda\n")
    done = desk.run("-m", "grading.collect", "repet", str(tmp_path), str(tmp_path / "wrong.csv"), check=False)
    assert "must be a table with the columns id," in done.stderr
    (tmp_path / "wrong.csv").write_text("id\n../../2701\n")
    done = desk.run("-m", "grading.collect", "repet", str(tmp_path), str(tmp_path / "wrong.csv"), check=False)
    assert "is no student id" in done.stderr


def test_the_gallery_shows_those_who_agreed_and_runs_nothing(desk, tmp_path):
    shutil.rmtree(desk.folder / "submitted", ignore_errors=True)
    released = desk.released("project")
    answers = {
        "7": 'gallery = {"consent": True, "title": "<b>Two</b> bars", "artist": "me", "licence": "CC0"}',
        "8": 'gallery = {"consent": False, "title": "secret", "artist": "", "licence": "", "your_name": ""}',
        "6": 'gallery = {[1]: 2, "consent": True}',
        "9": f'gallery = open({str(tmp_path / "evil.txt")!r}, "w")',
    }
    for student, gallery in answers.items():
        desk.hand_in(student, "project", fill(released, {"gallery": gallery}))
        stems = desk.folder / "submitted" / student / "project" / "stems"
        stems.mkdir()
        soundfile.write(stems / "voice.flac", np.zeros(100), 22050)
    desk.run(desk.root / "teaching" / "make_gallery.py", str(tmp_path / "gallery"))
    page = (tmp_path / "gallery" / "index.html").read_text()
    assert "&lt;b&gt;Two&lt;/b&gt; bars" in page
    assert "secret" not in page
    assert len(list((tmp_path / "gallery").rglob("*.flac"))) == page.count("<audio") == 1
    assert not (tmp_path / "evil.txt").exists()


def test_the_gallery_does_not_read_a_long_answer(tmp_path):
    long = 'gallery = {"consent": True, "title": [' + "1," * 90_000 + "]}"
    read = {}
    for name, sources in {
        "long": [long],
        "short": [CONSENT],
        "taken back": [CONSENT, f"{CONSENT}  # {'!' * 2000}"],
    }.items():
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps({"cells": [cell(source, "code") for source in sources]}))
        tracemalloc.start()
        read[name] = make_gallery.consent(path)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 5e6, name
    assert read == {"long": None, "short": {"consent": True, "title": "One"}, "taken back": None}


CONSENT = 'gallery = {"consent": True, "title": "One"}'


def stereo(seconds, sr=44100):
    """Noise, which FLAC can't make smaller: a soloist in the middle, a band on both sides that is loud at the end."""
    rng = np.random.default_rng(4)
    soloist, band = rng.uniform(-0.2, 0.2, seconds * sr), rng.uniform(-0.1, 0.1, (2, seconds * sr))
    return soloist + band * np.linspace(1, 6, seconds * sr)


def test_half_a_minute_in_full_quality_goes_from_the_notebook_to_the_gallery(desk, tmp_path):
    y = stereo(30)
    checks_of("project").save_stems(y, {"background": 0.3 * y, "foreground": 0.7 * y}, 44100, tmp_path / "stems")
    files = {f"stems/{path.name}": path.read_bytes() for path in (tmp_path / "stems").iterdir()}
    assert sum(map(len, files.values())) > 15e6
    notebook = json.dumps(fill(desk.released("project"), {"gallery": CONSENT}))
    homework = io.BytesIO()
    zipped(homework, {"project.ipynb": notebook} | files)
    download = zipped(tmp_path / "all.zip", {"angstromada_3021_70_project.zip": homework.getvalue()})
    shutil.rmtree(desk.folder / "submitted", ignore_errors=True)
    done = desk.run("-m", "grading.collect", "project", str(download), "roster.csv")
    assert "2701: collected" in done.stdout
    desk.run(desk.root / "teaching" / "make_gallery.py", str(tmp_path / "gallery"))
    shown = {f"stems/{path.name}": path.read_bytes() for path in (tmp_path / "gallery" / "01").iterdir()}
    assert shown == files
    shutil.rmtree(desk.folder / "submitted")


# The visible checks, each with a function that makes one mistake.


def frames(y, window, hop, first=0):
    W = len(window)
    starts = range(first, len(y) - W + 1, hop)
    return np.array([np.fft.rfft(y[s : s + W] * window) for s in starts]).T


def one_late(y, window, hop):
    S = frames(y, window, hop)
    S[:, 3:] = frames(y, window, hop)[:, [*range(4, S.shape[1]), S.shape[1] - 1]]
    return S


def add_up(S, window, hop, scale=1.0, divide=True):
    W = len(window)
    y = np.zeros(W + hop * (S.shape[1] - 1))
    total = np.zeros(len(y))
    for i in range(S.shape[1]):
        y[i * hop : i * hop + W] += np.fft.irfft(S[:, i], n=W) * window
        total[i * hop : i * hop + W] += window**2
    return scale * (np.divide(y, total, where=total > 0.01, out=np.zeros_like(y)) if divide else y)


def beat(A, off=0, biased=False):
    P, n = A**2, A.shape[1]
    b = np.array([(P[:, : n - lag] * P[:, lag:]).sum() / (1 if biased else n - lag) for lag in range(n)])
    b = b / b[0] if b[0] > 0 else b
    return np.roll(b, off) if off == 0 else np.concatenate([[1], b[:-1]])


def whole_only(A, period):
    n = A.shape[1] // period
    model = np.zeros_like(A)
    segments = A[:, : n * period].reshape(len(A), n, period)
    model[:, : n * period] = np.tile(np.median(segments, axis=1), (1, n))
    return model


def zero_edges(A, width):
    half = width // 2
    P = np.pad(A, ((0, 0), (half, half)))
    return np.median([P[:, i : i + A.shape[1]] for i in range(width)], axis=0)


def in_place(A, model):
    A[A == 0] = 1
    return np.minimum(model / A, 1)


def uses_scipy(A, width):
    return ndimage.median_filter(A, (1, width))


def imports_scipy(A, width):
    import scipy.ndimage

    return scipy.ndimage.median_filter(A, (1, width))


def calls_scipy(A, width):
    return np.stack([uses_scipy(row[None], width)[0] for row in A])


def median_of_a_row(row, width):
    raise NotImplementedError


def leans_on_a_stub(A, width):
    return np.stack([median_of_a_row(row, width) for row in A])


def ratio(H, P, power):
    with np.errstate(invalid="ignore"):
        M = H**power / (H**power + P**power)
    return M, 1 - M


import scipy.ndimage as ndimage

SAID = [
    ("stft", "stft", [one_late], "✘ frame 3 starts at sample 80, not 60: +1 hops"),
    ("stft", "stft", [lambda y, w, h: frames(y, w, h).T], "has shape (9, 17), not (17, 9)"),
    ("stft", "stft", [lambda y, w, h: None], "returns nothing: is there a return at its end?"),
    ("stft", "stft", [lambda y, w, h: frames(y, w, h) / len(w)], ", not 32: is each frame multiplied"),
    ("stft", "istft", [frames, add_up], "✔ W = 64, hop = 27: the reconstruction error is -31"),
    ("stft", "istft", [frames, lambda S, w, h: add_up(S, w, h, 2.0)], "everything is 2 times too loud"),
    ("stft", "istft", [frames, lambda S, w, h: add_up(S, w, h, divide=False)], "divided by the sum of the squared"),
    ("stft", "istft", [frames, lambda S, w, h: np.roll(add_up(S, w, h), h)], "it is 32 samples too late"),
    ("stft", "istft", [frames, lambda S, w, h: add_up(S, w, h).astype("f4")], "right so far; in float64 it would be"),
    ("stft", "tuner", [lambda y, sr, n: "441 Hz"], "returns str of <U6, not numbers"),
    ("stft", "tuner", [lambda y, sr, n: np.nan], "✘ one number should come back, in Hz, not nan"),
    ("hpss", "soft_masks", [lambda H, P, p: (H, 1)], "returns parts of different shapes, which are no array together"),
    ("hpss", "median_time", [zero_edges], "1 2 2 3 3, not 9 2 2 3 3: are there zeros beyond the ends?"),
    ("hpss", "median_time", [uses_scipy], "✘ uses_scipy uses ndimage from scipy: in grading there is numpy only"),
    (
        "hpss",
        "median_time",
        [imports_scipy],
        "✘ imports_scipy uses scipy.ndimage from scipy: in grading",
    ),
    ("hpss", "median_time", [calls_scipy], "✘ calls_scipy uses ndimage from scipy: in grading there is numpy only"),
    ("hpss", "median_time", [leans_on_a_stub], "· median_of_a_row is not written yet"),
    ("hpss", "soft_masks", [ratio], "✘ power 2, both 0: the mask is nan, not 0.5"),
    (
        "repet",
        "beat_spectrum",
        [lambda A: beat(A, off=1)],
        "the period is 12 frames, but b's peak is at 13, 1 too late",
    ),
    ("repet", "beat_spectrum", [lambda A: beat(A, biased=True)], "after four periods b is 0.20, not 1"),
    (
        "repet",
        "repeating_model",
        [whole_only],
        "✘ 6 frames are wrong, the first is 50: these are the partial last segment",
    ),
    ("repet", "soft_mask", [in_place], "✘ in_place changes what it is given: work on a copy"),
    ("repet", "soft_mask", [lambda A, m: m / np.maximum(A, 1e-9)], "the mask reaches 3: where the model exceeds A?"),
    ("project", "masks", [lambda A: np.stack([A, 1 - A])], "✘ a pattern: from -"),
]


@pytest.mark.parametrize(("assignment", "check", "functions", "said"), SAID)
def test_a_visible_check_says_what_is_wrong(assignment, check, functions, said, capsys):
    getattr(checks_of(assignment), check)(*functions)
    assert said in capsys.readouterr().out


def test_an_attribute_that_is_called_as_a_module_is_none(capsys):
    def own(A, width):
        return SimpleNamespace(ndimage=A).ndimage

    checks_of("hpss").median_time(own)
    assert "in grading" not in capsys.readouterr().out


def test_a_function_that_raises_is_told_of_and_stops_nothing(capsys):
    def half_done(A):
        return A[:, 0] / missing  # noqa: F821

    checks_of("repet").beat_spectrum(half_done)
    assert "✘ half_done stops with NameError: name 'missing' is not defined" in capsys.readouterr().out


@pytest.mark.parametrize("channels", [1, 2])
def test_stems_are_as_good_as_the_file_and_add_up(channels, tmp_path, capsys):
    soundfile.write(tmp_path / "song.flac", stereo(12)[:channels].T, 44100, subtype="PCM_16")
    y, sr = load_audio(tmp_path / "song.flac", sr=None, mono=False)
    background, foreground = separate(y, sr, lambda A: np.stack([A < 40, A >= 40]).astype(float))
    checks_of("project").save_stems(y, {"background": background, "foreground": foreground}, sr, tmp_path / "stems")
    told = capsys.readouterr().out
    assert "✘" not in told
    assert f"12.0 s, {channels} channel{'s' * (channels > 1)} at 44100 Hz" in told
    read = {path.stem: load_audio(path, sr=None, mono=False) for path in (tmp_path / "stems").iterdir()}
    assert set(read) == {"mixture", "background", "foreground"}
    assert all(found.shape == y.shape and rate == 44100 for found, rate in read.values())
    assert {soundfile.info(path).subtype for path in (tmp_path / "stems").iterdir()} == {"PCM_24"}
    total = read["background"][0] + read["foreground"][0]
    assert error_db(read["mixture"][0], y) < -120
    assert error_db(total, y) < -120
    assert error_db(background, read["background"][0]) < -100


def test_stems_that_would_clip_are_softer_together(tmp_path, capsys):
    y = stereo(12) / 2
    checks_of("project").save_stems(y, {"loud": 3 * y, "rest": -2 * y}, 44100, tmp_path)
    told = capsys.readouterr().out
    assert re.search(r"^All are written \d\.\d dB softer", told, re.MULTILINE)
    read = {path.stem: soundfile.read(path)[0].T for path in tmp_path.iterdir()}
    assert 0.999 < np.abs(read["loud"]).max() <= 1
    assert error_db(read["loud"] + read["rest"], read["mixture"]) < -80
    assert error_db(read["loud"], 3 * read["mixture"]) < -80


REFUSED = [
    (lambda y: (y, {"a": y}), "save_stems needs the rate: save_stems(y, stems, sr)"),
    (lambda y: (y, {"a": y}, "stems"), "sr is 'stems', but it must be the file's rate in Hz"),
    (lambda y: (y, {"a": y}, 44100.0), "sr is 44100.0, but"),
    (lambda y: (y, [y], 44100), "stems is a dict"),
    (lambda y: (y.T, {"a": y.T}, 44100), "y has the shape (44100, 2), but it must be (n_samples,), or (channels"),
    (lambda y: (y, {"a": y[0]}, 44100), "a has the shape (1, 44100), but y has (2, 44100)"),
    (lambda y: (y, {"a": y[:, :-1]}, 44100), "a has the shape (2, 44099), but y has (2, 44100)"),
    (lambda y: (y, {"a": y * np.nan}, 44100), "a holds what is no real, finite sample"),
    (lambda y: (y, {"a": np.fft.fft(y)}, 44100), "a holds what is no real, finite sample"),
    (lambda y: (y, {"a": np.round(32767 * y).astype(np.int16)}, 44100), "full scale is 1.0"),
    (lambda y: (y, {"../a": y}, 44100), "'../a' can't be a stem's name"),
    (lambda y: (y, {"mixture": y}, 44100), "'mixture' can't be a stem's name"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_can_not_be_written_is_refused_in_a_sentence(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((TypeError, ValueError), match=re.escape(said)):
        checks_of("project").save_stems(*arguments(stereo(1)))
    assert not list(tmp_path.iterdir())


def test_stems_that_do_not_add_up_are_silent_or_too_long_are_told_of(tmp_path, capsys):
    y = stereo(4)[0]
    checks_of("project").save_stems(y, {"a": y, "b": 1e-6 * y}, 11025, tmp_path)
    told = capsys.readouterr().out
    assert "✔ 16.0 s, 1 channel at 11025 Hz" in told
    assert "✔ the stems add up to the mixture: -120 dB" in told
    assert "✘ b: peak 7.8e-07, this is silence" in told
    checks_of("project").save_stems(y, {"a": y, "b": 0.1 * y}, 22050, tmp_path)
    told = capsys.readouterr().out
    assert "✘ 8.0 s, 1 channel at 22050 Hz: choose ten to thirty seconds" in told
    assert "✘ the stems' sum is off by -20.0 dB" in told


def test_what_pencil_and_paper_give_is_what_numbers_give():
    """The model answer's three figures, from two million phases."""
    notebook = nbformat.read(HOMEWORK / "source" / "project" / "project.ipynb", 4)
    source = " ".join(next(c.source for c in notebook.cells if c.metadata.nbgrader.grade_id == "derive").split())
    X = 1 + np.exp(1j * np.arange(0, 2 * np.pi, 3e-6))
    mask = np.minimum(1, np.abs(X)) / np.abs(X)
    assert np.mean(np.abs(X) < 1) == pytest.approx(1 / 3, abs=1e-5)
    assert "a third of all phases" in source
    assert f"= {np.mean(np.abs(1 - mask * X) ** 2):.3f}$, or" in source
    assert f"whose mean is {np.mean(np.abs(1 - X / 2) ** 2):.1f}, or" in source
    for B, V, phi in ((1.0, 0.5, 1.9), (1.0, 0.5, 1.8), (1.0, 2.1, np.pi)):
        assert (abs(B + V * np.exp(1j * phi)) < B) == (np.cos(phi) < -V / (2 * B))


def test_without_a_number_there_are_no_sounds(tmp_path):
    from spectrogramtools.homework import my_sounds, which_sounds

    with pytest.raises(ValueError, match="write your student number where it says number = 0"):
        my_sounds(0, tmp_path)
    with pytest.raises(FileNotFoundError, match="copy it from the course as well"):
        my_sounds(4711, tmp_path / "sounds")
    chosen = {which_sounds(number) for number in range(1, 501)}
    assert len(chosen) > 400
    assert all(len(set(three)) == 3 and max(three) < 18 for three in chosen)
    assert which_sounds(4711) == which_sounds(" 4711") == which_sounds("004711")


class Evasive(int):
    """Another number at each look."""

    def __str__(self):
        return str(next(NUMBERS))


NUMBERS = itertools.count(4711)
NO_NUMBERS = ("s4711", "4711a", "47 11", "4711.0", "٤٧١١", "0x1267", "-4711", "", " ", "0", "00", "9" * 41, "²")
NO_NUMBERS += (0, -1, None, True, 4711.0, 4711 + 0j, b"4711", ["4711"], {"4711": 1}, ..., np.int64(4711), Evasive(4711))


@pytest.mark.parametrize("given", NO_NUMBERS, ids=repr)
def test_a_number_is_a_whole_number_and_nothing_else(given, tmp_path):
    from spectrogramtools.homework import my_sounds

    with pytest.raises(ValueError, match=r"^number is no"):
        my_sounds(given, tmp_path)
    student = SimpleNamespace(value=lambda name: given, known_as="2701")
    with pytest.raises(StudentError, match=r"^Nobody knows which sounds were yours: number is no"):
        number.that_counts(student)


@pytest.mark.parametrize(
    ("known_as", "given", "counts", "noted"),
    [
        ("2701", 2701, 2701, False),
        ("s02701", "2701", 2701, False),
        ("2701", "4711", 2701, True),
        ("ada", 4711, 4711, False),
    ],
)
def test_the_rosters_id_decides_whose_sounds_they_were(known_as, given, counts, noted):
    found, note = number.that_counts(SimpleNamespace(value=lambda name: given, known_as=known_as))
    assert found == counts
    assert bool(note) == noted


def test_no_answer_of_the_homework_is_in_a_lecture():
    """The twists are nowhere in the course."""
    lectures = "\n".join(
        cell.source for path in (ROOT / "notebooks").glob("[0-9]*.ipynb") for cell in nbformat.read(path, 4).cells
    )
    module = "\n".join(path.read_text() for path in (ROOT / "spectrogramtools").rglob("*.py"))
    for name in ("two_loops", "polymeter", "middle_mean", "three_masks", "growing_median", "stft_padded", "tuner"):
        assert name not in lectures + module
