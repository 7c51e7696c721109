"""What is made of marks for people to read: a student's feedback page, and the class at a glance."""

import base64
import csv
import io
import re
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
import soundfile
from browser import CHROMIUM, FLAGS
from classroom import ANSWERS, PYTHON, ROOT, fill, new_classroom, solved, written
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(ROOT / "teaching" / "homework"))
from grading import heard, likeness, sounds, submission, words
from grading.formulas import formula
from grading.sandbox import StudentError

from spectrogramtools.homework import which_sounds

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS"),
    pytest.mark.skipif(not PYTHON.exists(), reason="make grading makes the environment"),
]

# Parts that are worth nothing: a classic mistake in everybody's model, found the same twice and again; one that is
# counted elsewhere; and one that nobody has right, nobody knows why.
FOUND = """

from grading.compare import Classic, Found

MISTAKE = Classic("a mistake of everybody's", "lecture 8, section 2")


@part("check_repeating_model", weight=0)
@part("check_repeating_model", weight=0)
def of_the_test(student):
    return Found(0.0, f"Nine repetitions: the error is -3.0 dB. {MISTAKE}", MISTAKE.title)


@part("check_repeating_model", weight=0)
def again(student):
    return Found(0.0, f"Ten repetitions: wrong. {MISTAKE}", MISTAKE.title)


@part("check_two_loops", weight=0)
def counted_elsewhere(student):
    return Found(1.0, "Twice as slow: right, given your repeating_model.", counted_at="repeating_model")


@part("check_soft_mask", weight=0)
def nobody_knows_why(student):
    return Found(0.0, "It is wrong.")
"""

# What a person does in Formgrader: reads one answer of a student's, and takes half a point off a check.
BY_HAND = """
import sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as gradebook:
    gradebook.find_grade("listen_answer", "repet", "repet", "2701").manual_score = 1.5
    gradebook.find_comment("listen_answer", "repet", "repet", "2701").manual_comment = "See https://school.example/fills"
    gradebook.find_grade("check_soft_mask", "repet", "repet", "2701").manual_score = 1.5
    gradebook.db.commit()
"""

# What would like to be a link, to run, or to take all the room.
ACTIVE = """At 0:03 <script>alert(1)</script> <img src=x onerror=alert(2)> the **fill**.
https://evil.example/a <https://evil.example/b> <1@evil.example> [here](https://evil.example/c) ![d](https://evil.example/d)

| a | b |
|---|---|
| $\\href{https://evil.example/e}{x}$ | `<b>` |
"""


TAGS = ("p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code")


def loud_and_renamed():
    """The different solution in disguise: its own names are others, its cells stand in another order, with comments."""
    answers, further = written("repet_different")
    names = {"power": "p", "out": "result", "values": "sorted_cells", "cut": "quarter", "mean_product": "one_lag"}
    names |= {"lag": "d", "new": "line", "first": "slow", "Masker": "Quotient", "mask": "m", "n": "count", "t": "frame"}
    names |= {"row": "bin_"}

    def disguised(source):
        for old, new in names.items():
            source = re.sub(rf"(?<![.\w]){old}\b", new, source)
        return source.replace(":\n", ":  # look\n")

    return {cell: disguised(source) for cell, source in answers.items()}, [disguised(s) for s in further[::-1]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A class that was graded, read in part, and got its pages; then the class at a glance."""
    room = new_classroom(tmp_path_factory)
    hidden = room.folder / "hidden" / "repet.py"
    hidden.write_text(hidden.read_text() + FOUND)
    right, released = solved(room, "repet"), room.released("repet")
    told = dict.fromkeys(("average_answer", "diagnosis_reasons", "listen_answer"), "Because it comes **once**.")
    room.hand_in("2701", "repet", fill(released, right | told | {"number": "number = 2701"}))
    different, further = written("repet_different")
    room.hand_in("2702", "repet", fill(released, right | different | {"number": "number = 2702"}, further))
    renamed, others = loud_and_renamed()
    room.hand_in("2703", "repet", fill(released, right | renamed | {"number": "number = 2703"}, others))
    half = written("repet_half")[0] | {"soft_mask": "def soft_mask(A, model):\n    return A - 99 * model"}
    scripted = fill(released, right | half | {"listen_answer": ACTIVE, "number": "number = '<b>'"})
    printed = nbformat.v4.new_output("stream", name="stdout", text="<script>alert(3)</script>" + "long" * 1200)
    picture = nbformat.v4.new_output("display_data", {"image/png": "A" * 900_000})
    scripted.cells += [nbformat.v4.new_code_cell("1 / 0  # </pre><script>", outputs=[printed, picture, picture])]
    scripted.cells += [nbformat.v4.new_markdown_cell(ACTIVE)]
    room.hand_in("2704", "repet", scripted)
    room.hand_in("2705", "repet", '<script>alert(6)</script> [x](https://evil.example) {"cells": [')
    room.hand_in("2706", "repet", fill(released, right | {"number": "number = 2706"}))
    for student, when in (("2701", "2027-01-15 11:00 UTC"), ("2702", "2027-01-16 13:00 UTC")):
        (room.folder / "submitted" / student / "repet" / "timestamp.txt").write_text(when)
    room.run("-m", "nbgrader", "db", "assignment", "add", "repet", "--duedate=2027-01-15 12:00 UTC")
    room.grade("repet")
    room.run("-c", BY_HAND)
    room.run("-m", "nbgrader", "generate_feedback", "repet")
    return room


def page(room, student):
    return (room.folder / "feedback" / student / "repet" / "repet.html").read_text()


def seen_on(html):
    """What a reader sees, without the style."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body")[2]).split())


def test_each_check_has_a_name_and_each_finding_its_line(desk):
    text = page(desk, "2701")
    seen = seen_on(text)
    for name in ANSWERS["repet"]:
        assert seen.count(f"{name}: what your function does") == 2, "in the table, and where it is"
    assert "score: your functions on music" in seen
    assert "diagnosis reasons: in your words" in seen
    assert "Test cell" not in text
    right, wrong = (
        f'<li class="{state}"><span class="sign" role="img" aria-label="{state}">{sign}</span>'
        for state, sign in (("right", "✔"), ("wrong", "✘"))
    )
    assert f'{right}Twice as slow: right, given your repeating_model. <a href="#check_repeating_model">(counted' in text
    hint = '<span class="hint">It looks like a mistake of everybody&#39;s: lecture 8, section 2.</span>'
    assert f"{wrong}Nine repetitions: the error is -3.0 dB.{hint}" in text
    assert text.count("Nine repetitions") == 1
    assert "Ten repetitions: wrong. Again a mistake of everybody&#39;s." in seen
    assert "A mistake in repeating_model is counted there, once: two_loops, which calls it, loses nothing" in seen


def test_what_nobody_has_read_is_no_zero(desk):
    seen = seen_on(page(desk, "2701"))
    assert "so far" in seen
    worth = {
        own.grade_id: own.points for own in (c.metadata.nbgrader for c in desk.released("repet").cells) if own.grade
    }
    open_ = [points for name, points in worth.items() if not name.startswith("check_") and name != "listen_answer"]
    told = f"{len(open_)} of your answers are not read yet: up to {sum(open_):g} more points"
    total = re.search(rf"2701 ([\d.]+) of {sum(worth.values()):g} points so far {told}", seen)
    # Three sounds that were guessed, half a point off, 1.5 by hand.
    automatic = sum(points for name, points in worth.items() if name.startswith("check_"))
    assert float(total[1]) in [automatic - 3 + guessed - 0.5 + 1.5 for guessed in range(4)]
    assert "listen answer: in your words 1.5 of 2" in seen
    assert seen.count("diagnosis reasons: in your words not read yet (of 3)") == 2
    assert "These points were given by a person." in seen
    assert '<a href="https://school.example/fills">' in page(desk, "2701"), "a teacher's comment may have a link"
    # Where nothing was written there is nothing to read.
    assert "not read yet" not in seen_on(page(desk, "2705"))
    assert "so far" not in seen_on(page(desk, "2705"))
    assert "handed in late" in seen_on(page(desk, "2702"))
    assert "handed in late" not in seen_on(page(desk, "2701"))


@pytest.mark.parametrize("student", ["2704", "2705"])
def test_nothing_of_a_students_is_active_or_takes_all_the_room(desk, student):
    text = page(desk, student)
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert set(re.findall(r"href=\"?([^\">]*)", text)) <= {f"#{i}" for i in re.findall(r' id="([\w]+)"', text)}
    assert not re.search(r"<(img|iframe|object|svg|b>)[^>]*(x|onerror|evil)", text)
    assert all(
        source.startswith(("data:audio/flac;", "data:image/png;")) for source in re.findall(r'src="([^"]*)', text)
    )
    if student == "2704":
        assert "<strong>fill</strong>" in text, "what is harmless is still Markdown"
        assert "<td><code>&lt;b" in text.replace("&lt; b", "&lt;b")
        assert "alert(3)" in text
        assert text.count("long") < 600
        assert text.count("A" * 1000) < 1000
        assert "(A picture is not shown" in text
        assert "ZeroDivisionError" in seen_on(text)
    else:
        assert "This submission could not be read." in text
    assert len(text) < 3 * 2**20


def test_addresses_and_tags_become_words():
    said = "a<b, <1@evil.example>, <https://evil.example>, http://evil.example; 3 // 2, [1](2)"
    inert = "a< b, < 1@evil.example>, < https:// evil.example>, http:// evil.example; 3 // 2, [1] (2)"
    assert submission.inert(said) == inert


def test_a_students_markdown_has_no_link_and_no_markup_even_without_that():
    html = words.theirs(
        f"{ACTIVE}\n\n[one][two] <b>three</b>\n\n[two]: https://evil.example\n\n<script>\nalert(1)\n</script>"
    )
    assert set(re.findall(r"<(/?\w+)", html)) <= {f"{end}{tag}" for end in ("", "/") for tag in TAGS}
    assert "<strong>fill</strong>" in html
    ours = words.ours("[lecture 8](../../8.ipynb), [paper](https://doi.org/10.1/2), <i>x</i> [z](javascript:x)")
    assert ours == '<p>lecture 8, <a href="https://doi.org/10.1/2">paper</a>, &lt;i&gt;x&lt;/i&gt; z</p>\n'


SYMBOLS = {
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "msub",
    "msup",
    "mtable",
    "mtr",
    "mtd",
}


@pytest.mark.parametrize(
    ("tex", "symbols"),
    [
        (r"\frac{\pi}{2} \cdot \frac{\sigma^2}{n}", "π 2 · σ 2 n"),
        (r"|X(f)| \le \left|\sin(\pi f T)\right|", "| X ( f ) | ≤ | sin ( π f T ) |"),
        (r"\mathrm{e}^{-2\pi\mathrm{i}fmT} = q^m", "e − 2 π i f m T = q m"),
        ("a < b & c", "a < b & c"),
        ("{" * 499 + "x" + "}" * 499, "x"),
    ],
)
def test_a_formula_is_drawn(tex, symbols):
    for source, display in ((f"so ${tex}$.", "inline"), (f"$$\n{tex}\n$$", "block")):
        for text in (words.theirs(source), words.ours(source)):
            assert text.count("<math ") == 1
            math = ElementTree.fromstring(text[text.index("<math") : text.index("</math>") + 7])
            assert math.get("display") == display
            found = list(math.iter())
            assert {element.tag.rpartition("}")[2] for element in found} <= SYMBOLS
            assert " ".join(element.text for element in found if element.text) == symbols


@pytest.mark.parametrize(
    "tex",
    [
        *(r"\href{https://evil.example/e}{x}", r"\style{position:fixed}{x}", r"\class{found}{x}", r"\color{red}{x}"),
        *(r"\left( x", r"x_1_2", r"\frac", "{", "^" * 300, "x" * 3000, r"\sqrt" * 333),
    ],
)
def test_a_formula_that_is_none_or_holds_more_is_shown_as_it_was_typed(tex):
    assert words.theirs(f"so ${tex}$.") == f'<p>so <code class="formula">{tex}</code>.</p>\n'


@given(
    st.text(st.sampled_from(sorted("\\{}^_&<>\"'/ax1 ")), max_size=40),
    st.sampled_from(["text", "mathrm", "href", "frac"]),
)
def test_no_formula_brings_markup_with_it(tex, command):
    html = formula(rf"\{command}{{{tex}}}<script>{tex}", "inline")
    assert set(re.findall(r"<(\w+)", html)) <= SYMBOLS | {
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mroot",
        "mstyle",
        "code",
    }
    assert "&lt;script" in html or html.startswith("<math")
    assert "href=" not in re.sub(r">[^<]*", ">", html)


def heard_on(text):
    """The sounds of a page, in pairs, with their titles."""
    found = re.findall(r'<div class="pair"><b>([^<]*)</b>(.*?)</div>', text, re.DOTALL)
    for title, players in found:
        pair = re.findall(r"data:audio/flac;base64,([^\"]*)", players)
        yield title, [soundfile.read(io.BytesIO(base64.b64decode(sound)))[0] for sound in pair]


def test_own_sounds_are_heard_beside_the_right_ones(desk):
    made = dict(heard_on(page(desk, "2701")))
    assert list(made)[:2] == ["the band", "the singer"]
    assert [title[0] for title in list(made)[2:]] == ["A", "B", "C"]
    for title, (mine, right) in made.items():
        assert len(mine) == len(right) > 80_000
        assert np.abs(right).max() > 0.01
        if title in ("the band", "the singer"):
            np.testing.assert_allclose(mine, right, atol=1e-4)
        else:
            assert np.abs(mine - right).max() > 0.01
    # The sounds of "diagnose" are those that were handed out for the student's number.
    for title, place in zip(list(made)[2:], which_sounds(2701), strict=True):
        handed_out, _ = soundfile.read(desk.folder / f"release/repet/sounds/{place:02d}.flac")
        np.testing.assert_array_equal(made[title][0], handed_out)
    # A mask of -99 times something is cut to what a mask can be.
    for title, (mine, right) in list(heard_on(page(desk, "2704")))[:2]:
        assert np.abs(mine).max() <= 2.001 * np.abs(right).max(), title
    assert not list(heard_on(page(desk, "2705")))


def test_what_came_back_becomes_a_sound_or_a_sentence():
    loud = sounds.sound([1e300, -5.0, 0.0])
    assert np.abs(loud).max() == 1
    assert len(sounds.sound(np.zeros(10**6))) == sounds.LONGEST
    for strange in (np.array([1, np.nan]), 1j * np.ones(3), np.ones((2, 2)), "x", [], None):
        with pytest.raises(StudentError, match="There is no sound in"):
            sounds.sound(strange)
    A = np.ones((3, 4))
    np.testing.assert_array_equal(sounds.mask(np.arange(12).reshape(3, 4) - 1, A), np.arange(12).reshape(3, 4) > 1)
    for strange in (np.ones((4, 3)), np.full((3, 4), np.inf), 1j * A, [[1, 2], [3]]):
        with pytest.raises(StudentError, match="There is no mask that could be heard"):
            sounds.mask(strange, A)


def test_nothing_is_much_louder_than_what_is_right():
    right = 0.1 * np.sin(np.arange(22050) / 10)
    noise = np.sign(np.sin(np.arange(22050.0) ** 2))
    for mine in (right, 9 * right, noise, np.eye(1, 22050)[0]):
        heard = sounds.no_louder(mine, right)
        assert np.abs(heard).max() <= 0.2 + 1e-9
        assert np.std(heard) <= 2 * np.std(right) + 1e-9
    np.testing.assert_array_equal(sounds.no_louder(1.9 * right, right), 1.9 * right)
    assert np.abs(sounds.no_louder(noise, 0 * right)).max() < 1e-6


@pytest.mark.parametrize("assignment", ["stft", "hpss", "repet", "project"])
def test_a_function_that_makes_no_sound_is_told_of(assignment, tmp_path):
    def nothing(*arguments):
        raise StudentError("It is not written yet.")

    class Nobody:
        def __getattr__(self, name):
            return nothing

    folder = tmp_path / "2701.sounds"
    folder.mkdir()
    (folder / "old.flac").write_bytes(b"of an earlier submission")
    assert sounds.keep(assignment, Nobody(), folder) == "It is not written yet."
    assert not folder.exists()
    made = dict(heard.right(assignment))
    functions = sounds.of(assignment).right
    assert sounds.keep(assignment, functions, folder) == ""
    for title, mine, right in heard.of_functions(assignment, folder):
        assert mine == right
        assert len(right) < 250_000
        assert np.std(made.pop(title)) > 0.001
    assert not made
    strange = SimpleNamespace(**{name: lambda *_: "x" for name in vars(functions)})
    assert "There is no" in sounds.keep(assignment, strange, folder)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_on_a_phone_nothing_is_wider_than_the_page(desk):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        phone = browser.new_page(viewport={"width": 390, "height": 844})
        for student in ("2701", "2704", "2705"):
            phone.goto((desk.folder / "feedback" / student / "repet" / "repet.html").as_uri())
            phone.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            assert phone.evaluate("document.documentElement.scrollWidth") == 390, student
            if student == "2701":
                length = "(one) => new Promise((go) => { one.onloadedmetadata = () => go(one.duration); one.load() })"
                assert phone.locator("audio").first.evaluate(length) == pytest.approx(6, abs=0.1)
        browser.close()


# The class at a glance


@pytest.fixture(scope="module")
def report(desk):
    """The page and the rows of the table by student, made while one submission is gone and one's marks are broken."""
    (desk.folder / "submitted" / "2704" / "repet" / "repet.ipynb").write_bytes(b"\xff")
    (desk.folder / "marks" / "repet" / "2705.json").write_text("{")
    desk.run("-m", "grading.report", "repet")
    table = csv.DictReader(io.StringIO((desk.folder / "report" / "repet.csv").read_text()))
    return (desk.folder / "report" / "repet.html").read_text(), {row["id"]: row for row in table}


def test_the_table_has_a_row_for_each_student(report, desk):
    _, rows = report
    assert list(rows) == ["2701", "2702", "2703", "2704", "2705", "2706"]
    first = rows["2701"]
    assert list(first)[-6:] == ["automatic", "by hand", "total", "late", "handed in", "remarks"]
    assert (first["check_soft_mask"], first["listen_answer"], first["diagnosis_reasons"]) == (
        "1.5",
        "1.5",
        "not read yet",
    )
    assert first["by hand"] == "not read yet"
    assert float(first["total"]) == float(first["automatic"]) + 1.5
    assert first["handed in"] == "2027-01-15 11:00 UTC"
    assert float(rows["2702"]["late"]) == pytest.approx(0.2 * float(rows["2702"]["automatic"]))
    assert rows["2704"]["remarks"] == "no student number"
    assert rows["2705"]["remarks"].startswith("can't be read here")
    assert float(rows["2705"]["total"]) == 0


def test_the_page_says_what_holds_what_goes_wrong_and_when_it_came(report):
    text, _ = report
    seen = seen_on(text)
    assert "6 of 6 submissions are graded. Of 6 some answers are not read yet" in seen
    assert "a mistake of everybody&#39;s 5 2701, 2702, 2703, 2704, 2706" in seen
    assert "soft_mask: nobody knows why 5 2701, 2702, 2703, 2704, 2706" in seen
    assert re.search(
        r"<td[^>]*>partial segment</td>\s*<td><div[^>]*aria-label=\"80 % right, 0 % in part, 20 % not\"", text
    )
    assert 'aria-label="submissions by the time before and after it was due: 12–1 h: 1, 2 d late: 1"' in text
    assert re.search(r'aria-label="students by marks: 0–2: 1,', text)


def test_the_page_names_those_alike_and_says_that_this_is_no_verdict(report):
    seen = seen_on(report[0])
    assert "This is no verdict." in seen
    assert "38 % of the shorter program, and 60 passages" in seen
    alike = re.findall(r"(\d{4}, \d{4}) (\d+) %", seen)
    # 2701 and 2706 have the same solution, but it is on the web.
    assert [pair for pair, _ in alike] == ["2702, 2703"]
    assert int(alike[0][1]) > 60


def test_the_page_runs_nothing(report):
    text, _ = report
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert "href" not in text
    assert "evil" not in text


def test_without_homework_or_marks_one_sentence_says_what_to_do(desk):
    script = (
        "import sys\nfrom grading import report\n"
        "for sys.argv[1:] in [], ['nothing'], ['stft']:\n"
        "    try: report.main()\n    except SystemExit as said: print(said)"
    )
    assert desk.run("-c", script).stdout.splitlines() == [
        "Say which homework: python -m grading.report repet",
        "There is no homework 'nothing' in release/: there is hpss, project, repet, stft.",
        "Nothing of stft is graded yet: python -m grading.grade stft does it.",
    ]


def program(name):
    answers, further = written(name)
    return "\n\n".join([*further, *answers.values()])


def solution():
    notebook = nbformat.read(ROOT / "teaching/homework/source/repet/repet.ipynb", as_version=4)
    return "\n\n".join(c.source for c in notebook.cells if c.metadata.nbgrader.solution and c.cell_type == "code")


def in_disguise():
    answers, further = loud_and_renamed()
    return "\n\n".join([*[*answers.values()][::-1], '"""Another text."""', *further])


def test_a_copy_is_found_in_disguise_and_independent_work_is_not():
    compile(in_disguise(), "copy", "exec")
    others = {
        "half": program("repet_half"),
        "right": solution(),
        "empty": "",
        "no Python": "def f(:\n  'x",
        "one": "x = 1",
    }
    programs = others | {"different": program("repet_different"), "copy": in_disguise()}
    found, shares = likeness.pairs(programs)
    assert [pair.students for pair in found] == [("different", "copy")]
    assert found[0].share > 0.7
    assert found[0].where["middle_mean_model"] == 1
    assert len(shares) == 7 * 6 / 2
    # What everybody has says nothing, whoever else has it.
    assert likeness.pairs(programs, [in_disguise()])[0] == []
    assert likeness.pairs({})[0] == likeness.pairs({"one": in_disguise()})[0] == []


def test_what_many_write_counts_less_than_what_two_write():
    nobodys = {str(i): "" for i in range(60)}
    found, _ = likeness.pairs(nobodys | dict.fromkeys("ab", program("repet_half")))
    assert [(pair.students, pair.share) for pair in found] == [(("a", "b"), 1)]
    _, shares = likeness.pairs(nobodys | dict.fromkeys("abcdefghijklmnopqrstuvwxyz", program("repet_half")))
    assert 0 < shares.max() < 0.4


def test_short_functions_are_alike_by_nature_and_prove_nothing():
    short = "def soft_mask(A, model):\n    return np.where(A > 0, np.minimum(model, A) / np.where(A > 0, A, 1), 1.0)"
    programs = {"a": short, "b": short.replace("model", "m"), "c": program("repet_half")}
    assert likeness.passages(short)["soft_mask"]
    assert likeness.pairs(programs)[0] == []


def test_names_comments_texts_and_layout_make_no_difference():
    plain = "def f(x):\n    y = np.mean(x, axis=0)\n    return y * 2 if y.any() else print('none', y, x)"
    other = (
        '@decorated\ndef g(z):\n    """What it does."""\n    w = np.mean(  # of all\n        z, axis=0)\n\n'
        '    return w * 2 if w.any() else print("nothing", w, z)'
    )
    of_f = likeness.passages(plain)["f"]
    assert of_f
    assert len(of_f & set().union(*likeness.passages(other).values())) >= len(of_f) - 1
    for changed in (plain.replace("mean", "median"), plain.replace("* 2", "* 3"), plain.replace("y, x", "x, y")):
        assert of_f != likeness.passages(changed)["f"]
