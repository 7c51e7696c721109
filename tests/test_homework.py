"""Homework: handed out without answers, and graded so that each submission gets the mark that it deserves."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile

import nbformat
import numpy as np
import psutil
import pytest
import soundfile
from cheats import CHEATS
from classroom import ANSWERS, ASSIGNMENTS, NUMBER, PYTHON, ROOT, fill, new_classroom, solved, written

from spectrogramtools import si_sdr

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS"),
    pytest.mark.skipif(not PYTHON.exists(), reason="make grading makes the environment"),
]

# What grading alone decides, without the answers that a person reads.
AUTOMATIC = {
    "stft": 22,
    "hpss": 22,
    "repet": 20,
    "project": 8,
}


@pytest.fixture(scope="session")
def classroom(tmp_path_factory):
    return new_classroom(tmp_path_factory)


@pytest.fixture(scope="session")
def repet_class(classroom):
    """A class that has handed in homework 3; graded once."""
    right, released = solved(classroom, "repet"), classroom.released("repet")
    hand_in = classroom.hand_in
    hand_in("solution", "repet", fill(released, right))
    hand_in("empty", "repet", released)
    hand_in("half", "repet", fill(released, right | written("repet_half")[0]))
    answers, further = written("repet_different")
    # A cell whose first lines can't run where there is no display, with a helper behind them.
    further[1] = "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n" + further[1]
    hand_in("different", "repet", fill(released, right | answers, further))
    for name, (answers, further) in CHEATS.items():
        notebook = fill(released, {"number": NUMBER} | answers, further)
        text = json.dumps(notebook).replace("{folder}", str(classroom.folder))
        hand_in(name.replace(" ", "_"), "repet", text)
    edited = fill(released, {"number": NUMBER})
    for cell in edited.cells:
        own = cell.metadata.nbgrader
        if own.grade and cell.cell_type == "code":
            cell.source, own.points = "28.0", 1000
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "28.0"})]
    hand_in("edits_tests", "repet", edited)
    claimed = fill(released, {"number": NUMBER})
    for cell in claimed.cells:
        own = cell.metadata.nbgrader
        own.solution, own.locked, own.grade = not own.solution, not own.locked, False
        own.grade_id = "check_" + own.grade_id.removeprefix("check_")
    hand_in("edits_metadata", "repet", claimed)
    deleted = fill(released, {"number": NUMBER})
    deleted.cells = [c for c in deleted.cells if not c.metadata.nbgrader.grade]
    hand_in("deletes_tests", "repet", deleted)
    honest = fill(released, right)
    honest.cells = [c for c in honest.cells if not c.metadata.nbgrader.grade]
    hand_in("right_without_tests", "repet", honest)
    doubled = fill(released, right)
    doubled.cells += [cell for cell in released.cells if cell.metadata.nbgrader.grade_id == "check_soft_mask"] * 3
    hand_in("doubles_tests", "repet", doubled)
    loop = {"repeating_model": "def repeating_model(A, period):\n    while True:\n        pass"}
    hand_in("endless_loop", "repet", fill(released, right | loop))
    hand_in("endless_cell", "repet", fill(released, right, ["while True:\n    pass"]))
    hog = {"beat_spectrum": "def beat_spectrum(A):\n    return np.ones(int(50e9 / 8)).sum() + A"}
    hand_in("memory_hog", "repet", fill(released, right | hog))
    answers, further = written("repet_outlives")
    hand_in("outlives", "repet", fill(released, right | answers, further))
    hand_in("no_json", "repet", '<script>alert(6)</script> {"cells": [')
    hand_in("no_notebook", "repet", '{"cells": "28", "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    strange = {"cell_type": "code", "outputs": [7], "source": 5, "metadata": {"nbgrader": [1]}, "execution_count": {}}
    hand_in("strange", "repet", json.dumps({"cells": [strange], "metadata": [], "nbformat": 4, "nbformat_minor": 5}))
    hand_in("20270001", "repet", fill(released, {"number": "number = 28"}))
    # The first half of an emoji: JSON can say that, and no file or screen can.
    half = {"listen_answer": "At 0:03 \ud83d the fill.", "soft_mask": right["soft_mask"] + "\n# \ud83d"}
    hand_in("half_an_emoji", "repet", fill(released, right | half, ["print('\\ud83d')", "1 / 0  # \ud83d"]))
    forged = r'number = "4711\n20279999     8  8  3  2  28.00\x1b[2A\x1b[2K \ud83d"'
    hand_in("forges_the_table", "repet", fill(released, right | {"number": forged}))
    forged = "def soft_mask(A, model):\n    raise ValueError('\\n\\x1b[2K\\u2714 right \\ud83d')"
    hand_in("forges_a_verdict", "repet", fill(released, right | {"soft_mask": forged}))
    # A friend's number with the friend's right answers; and one's own, with a letter before it.
    hand_in("20270002", "repet", fill(released, right))
    hand_in("s4711", "repet", fill(released, right))
    hand_in("no_number", "repet", fill(released, right | {"number": "number = None"}))
    before = {path: path.read_bytes() for path in protected(classroom)}
    done = classroom.grade("repet")
    print(done.stdout)
    marks = classroom.marks("repet")
    return classroom, marks, done.stdout, before


def lines_of(cell):
    return [part["line"] for part in cell["parts"]]


def protected(classroom):
    return [classroom.folder / "course.toml", classroom.folder / "source/repet/repet.ipynb"]


def test_right_work_gets_full_marks_however_it_is_written(repet_class):
    _, marks, _, _ = repet_class
    for name in ("solution", "different", "right_without_tests", "doubles_tests"):
        assert marks[name] == AUTOMATIC["repet"], name


def test_half_right_work_gets_about_half(repet_class):
    _, marks, _, _ = repet_class
    assert 0.4 * AUTOMATIC["repet"] <= marks["half"] <= 0.65 * AUTOMATIC["repet"]


@pytest.mark.parametrize(
    "name", [*CHEATS, "empty", "edits tests", "edits metadata", "deletes tests", "no json", "no notebook", "strange"]
)
def test_no_mark_that_is_not_deserved(repet_class, name):
    _, marks, _, _ = repet_class
    assert marks[name.replace(" ", "_")] == 0


def test_what_does_not_end_and_what_eats_memory_costs_its_own_marks_only(repet_class):
    classroom, marks, _, _ = repet_class
    # repeating_model is worth 3, and so are two_loops and the score, which call it.
    assert marks["endless_loop"] == AUTOMATIC["repet"] - 9
    assert marks["endless_cell"] == 0
    assert marks["memory_hog"] == AUTOMATIC["repet"] - 3
    told = json.dumps(classroom.kept("repet", "endless_loop"))
    assert "did not come to an end within" in told
    assert "more memory than" in json.dumps(classroom.kept("repet", "memory_hog"))


def test_a_process_that_outlives_the_call_is_found_and_ended(repet_class):
    classroom, marks, table, _ = repet_class
    kept = classroom.kept("repet", "outlives")
    ids = kept["survivors"]
    if os.geteuid() == 0 and not kept["contained"]["calls"]:  # elsewhere it may not even start one
        assert ids
        assert f"left processes running: {ids[0]}" in table
    assert not any(psutil.pid_exists(pid) for pid in ids)
    assert marks["outlives"] == AUTOMATIC["repet"]


def test_half_an_emoji_costs_nothing(repet_class):
    _, marks, _, _ = repet_class
    assert marks["half_an_emoji"] == AUTOMATIC["repet"]


def test_nobody_forges_a_row_or_a_verdict(repet_class):
    classroom, marks, table, _ = repet_class
    rows = table[table.index("student  ") :].splitlines()
    assert [row.split()[0] for row in rows[1 : 1 + len(marks)]] == sorted(marks)
    assert all(line.isprintable() for line in rows)
    assert re.search(r"^forges_the_table .* no student number$", table, re.MULTILINE)
    assert marks["forges_the_table"] == AUTOMATIC["repet"] - 3
    lines = lines_of(classroom.kept("repet", "forges_a_verdict")["cells"]["check_soft_mask"])
    assert all(line.startswith("✘ soft_mask stops with ValueError: ") and line.isprintable() for line in lines)
    assert not any("✔" in line for line in lines)


def test_the_sounds_of_diagnose_are_ones_own(repet_class):
    classroom, marks, _, _ = repet_class
    assert marks["s4711"] == AUTOMATIC["repet"]
    assert marks["20270002"] < AUTOMATIC["repet"]
    lines = lines_of(classroom.kept("repet", "20270002")["cells"]["check_diagnosis"])
    note = "(These were the sounds of 20270002, which is you, not of 4711 in your notebook.)"
    assert all(line.endswith(note) for line in lines)
    assert marks["no_number"] == AUTOMATIC["repet"] - 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux fences files in")
def test_nothing_was_written_outside(repet_class):
    classroom, _, _, before = repet_class
    assert not list(classroom.root.rglob("evil*"))
    assert not list(classroom.root.parent.glob("evil*"))
    assert {path: path.read_bytes() for path in before} == before


def test_the_table_names_everybody_and_what_to_look_at(repet_class):
    _, _, table, _ = repet_class
    assert re.search(r"^no_json .* can't be read$", table, re.MULTILINE)
    assert re.search(r"^empty .* no student number$", table, re.MULTILINE)
    assert re.search(r"number 4711 occurs \d+ times", table)
    assert re.search(r"^20270001 .* number 28 is not the student's own$", table, re.MULTILINE)
    assert re.search(r"Fenced in on this machine: processes \w+, network \w+, files \w+", table)


def test_the_table_says_what_a_missing_fence_means_and_which_processes_were_left(repet_class):
    classroom, _, _, _ = repet_class
    script = (
        "from grading import grade; result = {'cells': {}, 'number': '2702', 'survivors': [12, 13], "
        "'contained': {'files': True, 'calls': False}}; print(grade.table('repet', {'2701': result}))"
    )
    told = classroom.run("-c", script).stdout
    assert "Fenced in on this machine: files yes, calls NO\nWithout seccomp a submission can change rights" in told
    assert "number 2702 is not the student's own; left processes running: 12, 13" in told
    assert "Without Landlock" not in told


def test_a_second_run_grades_only_what_is_new(repet_class):
    classroom, marks, _, _ = repet_class
    graded = classroom.folder / "autograded" / "half" / "repet" / "repet.ipynb"
    times = graded.stat().st_mtime_ns, (classroom.folder / "marks/repet/half.json").stat().st_mtime_ns
    classroom.hand_in("empty", "repet", fill(classroom.released("repet"), solved(classroom, "repet")))
    classroom.grade("repet")
    assert classroom.marks("repet") == marks | {"empty": AUTOMATIC["repet"]}
    after = graded.stat().st_mtime_ns, (classroom.folder / "marks/repet/half.json").stat().st_mtime_ns
    assert times == after
    classroom.hand_in("empty", "repet", classroom.released("repet"))
    classroom.grade("repet")
    assert classroom.marks("repet") == marks


def test_nbgraders_own_command_gives_the_same_marks(repet_class):
    classroom, marks, _, _ = repet_class
    for kind in ("json", "entered"):
        (classroom.folder / "marks" / "repet" / f"half.{kind}").unlink()
    classroom.run("-m", "nbgrader", "autograde", "repet", "--student=half", "--force")
    assert classroom.marks("repet") == marks


# The same masks as lists of lists of numbers, which the visible checks accept too.
AS_LISTS = {
    "hpss": (
        "soft_masks",
        "\narrays = soft_masks\ndef soft_masks(*given):\n    return [mask.tolist() for mask in arrays(*given)]",
    ),
    "project": ("masks", "\narrays = masks\ndef masks(A):\n    return np.asarray(arrays(A)).tolist()"),
}


@pytest.mark.parametrize("assignment", ["stft", "hpss", "project"])
def test_the_other_homework(classroom, assignment):
    released, right = classroom.released(assignment), solved(classroom, assignment)
    if assignment == "stft":
        dishonest, further = written("stft_keeps")
    elif assignment == "hpss":
        dishonest, further = {}, ["from scipy.ndimage import median_filter", "from spectrogramtools import *"]
        for name in ANSWERS["hpss"]:
            dishonest[name] = f"def {name}(A, width, *_):\n    return median_filter(A, (1, width))"
    else:
        dishonest, further = written("project_equaliser")
    classroom.hand_in("solution", assignment, fill(released, right))
    classroom.hand_in("empty", assignment, released)
    classroom.hand_in("half", assignment, fill(released, right | written(f"{assignment}_half")[0]))
    if assignment in AS_LISTS:
        name, code = AS_LISTS[assignment]
        classroom.hand_in("lists", assignment, fill(released, right | {name: right[name] + code}))
    classroom.hand_in("dishonest", assignment, fill(released, {"number": NUMBER} | dishonest, further))
    constant = written("project_checkerboard" if assignment == "project" else f"{assignment}_constant")[0]
    classroom.hand_in("constant", assignment, fill(released, {"number": NUMBER} | constant))
    print(classroom.grade(assignment).stdout)
    marks = classroom.marks(assignment)
    full = AUTOMATIC[assignment]
    assert marks["solution"] == full
    if assignment in AS_LISTS:
        assert marks["lists"] == full
    assert marks["empty"] == 0
    assert 0.4 * full <= marks["half"] <= 0.65 * full
    assert marks["dishonest"] == 0
    assert marks["constant"] == 0


# What students get


def test_the_bundle_holds_no_answer_in_any_form(classroom):
    text = {path: readable(path) for path in classroom.course.rglob("*") if path.is_file()}
    everything = "\n".join(text.values())
    for word in (
        "BEGIN SOLUTION",
        "END SOLUTION",
        "from hidden",
        "hidden/",
        "course.toml",
        "gradebook",
        "diagnosis.key",
    ):
        assert not [str(path) for path, content in text.items() if word in content], word
    with (classroom.folder / "course.toml").open("rb") as file:
        assert str(tomllib.load(file)["number"]) not in everything
    handed_out = "\n".join(content for path, content in text.items() if "homework" in path.parts)
    squeezed = re.sub(r"\s+", "", handed_out)
    for assignment in ASSIGNMENTS:
        for grade_id, source in classroom.solutions(assignment).items():
            for line in answer_lines(source):
                assert re.sub(r"\s+", "", line) not in squeezed, (assignment, grade_id, line)
    names = [path.name for path in classroom.course.rglob("*")]
    assert not {"hidden", "grading", "source", "rubrics.md", "make_course.py", ".git"} & set(names)


def answer_lines(source):
    """The lines that only the teacher's copy has."""
    inside, lines = False, []
    for line in source.split("\n"):
        if "SOLUTION" in line:
            inside = "BEGIN" in line
        elif inside and len(line.strip()) > 24:
            lines.append(line)
    return lines


def readable(path):
    """A file's text; of a sound, whatever text it carries."""
    return path.read_bytes().decode("utf-8", "ignore")


def test_no_function_in_the_bundle_is_the_twists_answer(classroom):
    """By structure, whatever it is called: the functions of the teacher's copy against all that are handed out."""

    def shapes(tree):
        return {ast.dump(ast.Module(f.body, [])) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef)}

    handed_out = set()
    for path in classroom.course.rglob("*.py"):
        handed_out |= shapes(ast.parse(path.read_text()))
    for path in (classroom.course / "homework").rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                handed_out |= shapes(ast.parse(cell.source))
    for assignment in ASSIGNMENTS:
        for grade_id, source in classroom.solutions(assignment).items():
            if source.startswith("def "):
                answers = shapes(ast.parse(source))
                assert answers, grade_id
                assert not answers & handed_out, grade_id


def test_the_zip_holds_the_same_as_the_folder(classroom):
    with zipfile.ZipFile(classroom.course.with_suffix(".zip")) as archive:
        packed = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    lying = {
        p.relative_to(classroom.course).as_posix(): p.read_bytes() for p in classroom.course.rglob("*") if p.is_file()
    }
    assert packed == lying
    for needed in (
        "README.md",
        "Makefile",
        "environment.yml",
        "notebooks/08_repet.ipynb",
        "notebooks/scores/recordings.csv",
        "spectrogramtools/__init__.py",
    ):
        assert needed in packed


@pytest.mark.parametrize("assignment", ["stft", "hpss", "repet"])
def test_the_sounds_are_all_different_and_their_files_do_not_tell_which_is_which(classroom, assignment):
    files = sorted((classroom.course / "homework" / assignment / "sounds").iterdir())
    assert [path.name for path in files] == [f"{i:02d}.flac" for i in range(18)]
    infos = [soundfile.info(path) for path in files]
    assert {(info.samplerate, info.channels, info.frames, info.subtype) for info in infos} == {
        (22050, 1, 88200, "PCM_16")
    }
    table = "".join(cell.source for cell in classroom.released(assignment).cells)
    mistakes = re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)
    assert len(mistakes) == 6
    assert not [path for path in files for mistake in mistakes if mistake.encode() in path.read_bytes()]
    sounds = [soundfile.read(path)[0] for path in files]
    assert all(0.05 < np.abs(y).max() < 1 or np.mean(y**2) > 1e-6 for y in sounds)
    alike = [si_sdr(a, b) for i, a in enumerate(sounds) for b in sounds[:i]]
    assert max(alike) < 25, "each mistake can be told from each other"


def test_every_link_in_the_bundle_leads_to_something_in_it(classroom):
    pages = [*classroom.course.glob("*.md"), *classroom.course.rglob("*.ipynb")]
    assert len(pages) == 1 + 13 + len(ASSIGNMENTS)
    for page in pages:
        if page.suffix == ".md":
            text = page.read_text()
        else:
            text = "\n".join(c.source for c in nbformat.read(page, as_version=4).cells if c.cell_type == "markdown")
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            file = target.split("#")[0]
            assert file.startswith("http") or (page.parent / file).exists(), (page.name, target)


def test_another_number_makes_another_course(classroom):
    """Hidden data and the key of the diagnosis follow from course.toml."""
    script = (
        "from grading import course, diagnosis; from hidden import repet as h; "
        "print(diagnosis.key('repet', h.MISTAKES, h.CLIPS)); print(h.noise('whole', 2, 2).tolist())"
    )
    toml = classroom.folder / "course.toml"
    before, first = toml.read_text(), classroom.run("-c", script).stdout
    try:
        toml.write_text("number = 4711\n")
        second = classroom.run("-c", script).stdout
    finally:
        toml.write_text(before)
    assert all(a != b for a, b in zip(first.splitlines(), second.splitlines(), strict=True))
    assert classroom.run("-c", script).stdout == first


def test_a_number_is_drawn_once_and_never_after_sounds_were_handed_out(classroom):
    toml, public = classroom.folder / "course.toml", (ROOT / "teaching" / "homework" / "course.toml").read_text()
    sounds, away = classroom.folder / "release", classroom.folder / "not_yet_made"
    draw = ("-c", "from grading import course; print(course.draw_number(), course.number())")
    before = toml.read_text()
    try:
        toml.write_text(public)
        told = classroom.run(*draw).stdout
        assert "begin a new class in a new clone" in told
        assert toml.read_text() == public
        sounds.rename(away)
        drawn = []
        for _ in range(2):
            toml.write_text(public)
            told = classroom.run(*draw).stdout
            assert "commit it to your private copy" in told
            drawn.append(toml.read_text())
            assert classroom.run(*draw).stdout == f" {told.split()[-1]}\n"
            assert toml.read_text() == drawn[-1]
        first, second = (tomllib.loads(text)["number"] for text in drawn)
        assert first != second
        assert min(first, second) > 2**100
        assert drawn[0].replace(str(first), "20261121") == public
    finally:
        toml.write_text(before)
        if away.exists():
            away.rename(sounds)


# Of a cell, run as the course's own environment does; what it prints comes back.
RUN = """
import sys, json, io, contextlib, matplotlib, nbformat
matplotlib.use("Agg")
sys.path.insert(0, "")
names = {"display": lambda widget: print("shown:", type(widget).__name__, *widget.names)}
printed = {}
for cell in nbformat.read(sys.argv[1], as_version=4).cells:
    if cell.cell_type == "code":
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(cell.source, cell.metadata.nbgrader.grade_id, "exec"), names)
        printed[cell.metadata.nbgrader.grade_id] = out.getvalue()
print(json.dumps(printed))
"""


def run_as_student(classroom, assignment, notebook, tmp_path):
    path = tmp_path / "notebook.ipynb"
    nbformat.write(notebook, path)
    folder = classroom.course / "homework" / assignment
    command = [sys.executable, "-c", RUN, str(path)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_as_handed_out_a_notebook_runs_and_says_what_is_missing(classroom, assignment, tmp_path):
    printed = run_as_student(classroom, assignment, classroom.released(assignment), tmp_path)
    for cell in classroom.released(assignment).cells:
        name = cell.metadata.nbgrader.grade_id
        if name.startswith("check_"):
            assert ("has no answer yet" if name == "check_diagnosis" else "not written yet") in printed[name], name
            assert "✘" not in printed[name], name


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_with_the_answers_every_visible_check_is_content(classroom, assignment, tmp_path):
    notebook = fill(classroom.released(assignment), solved(classroom, assignment))
    printed = run_as_student(classroom, assignment, notebook, tmp_path)
    assert not [text for text in printed.values() if "✘" in text or "·" in text]
    assert all("✔" in text for name, text in printed.items() if name.startswith("check_"))
    shown = [text for text in printed.values() if "shown: Player" in text]
    assert len(shown) == {"repet": 3, "project": 1}.get(assignment, 2)
    if assignment != "stft":
        assert re.search(r"SI-SDR: \d+\.\d dB, (one frame off|swapped|the mixture's) -?\d+\.\d dB", printed["music"])


def test_points_are_what_the_first_table_says(classroom):
    for assignment in ASSIGNMENTS:
        notebook = classroom.released(assignment)
        promised = [int(n) for n in re.findall(r"^\| \d · .*\| (\d+) \|$", notebook.cells[0].source, re.MULTILINE)]
        part, given = 0, [0] * len(promised)
        for cell in notebook.cells:
            head = re.match(r"## (\d) ·", cell.source) or re.search(r"^## (\d) ·", cell.source, re.MULTILINE)
            part = int(head[1]) if head else part
            given[part - 1] += cell.metadata.nbgrader.get("points", 0)
        assert given == promised, assignment
