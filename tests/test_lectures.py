"""What every lecture has: its parts, small quiet files, alt text, links that lead somewhere, answers that are right."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from lectures_for_nbval import answers
from prose import words
from spellchecker import SpellChecker

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
LECTURES = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "audio/README.md")]
PAGES += sorted((ROOT / "site").rglob("*.md"))
HOMEWORK = ROOT / "teaching" / "homework"
ASSIGNMENTS = [
    HOMEWORK / "rubrics.md",
    HOMEWORK / "for_students" / "README.md",
    *sorted(HOMEWORK.glob("source/*/*.ipynb")),
]
import make_blank

# A call that puts something on the screen that sounds.
SOUNDS = re.compile(r"\b(listen|explore_\w+)\(")
PREDICTION = re.compile(r"\bpredict\(")


@pytest.fixture(params=LECTURES, ids=lambda path: path.stem)
def lecture(request):
    return request.param


@pytest.fixture
def notebook(lecture):
    return nbformat.read(lecture, as_version=4)


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def predictions(notebook):
    """What the predictions ask and tell, as it stands in the saved outputs."""
    outputs = (output for cell in code_cells(notebook) for output in cell.outputs)
    return "\n\n".join(output.get("data", {}).get("text/markdown", "") for output in outputs)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_the_lectures_of_the_map():
    start = prose(nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4))
    assert [path.stem[:2] for path in LECTURES] == [f"{n:02}" for n in range(len(LECTURES))]
    for path in LECTURES[1:]:
        assert f"| **[{int(path.stem[:2])} · " in start
        assert f"]({path.name})" in start


def test_it_has_all_its_parts(lecture, notebook):
    text = prose(notebook)
    opening = notebook.cells[0].source
    for part in ("**What you will hear at the end:**", "| section | minutes |", "**What you need:**", "eadphones"):
        assert part in opening, part
    assert re.search(r"\*\*In one sentence, for a syllabus:\*\* [^.]+\.", opening)
    assert "common misconception" in text
    assert any(SOUNDS.search(cell.source) for cell in code_cells(notebook))
    for heading in ("## Exercises", "## Summary", "## References"):
        assert heading in text, heading
    assert "https://doi.org/10." in text.split("## References")[1]
    exercises = text.split("## Exercises")[1].split("## Summary")[0]
    questions = re.findall(r"^\*\*(\d)\.\*\*", exercises, re.MULTILINE)
    assert 2 <= len(questions) <= 4
    assert questions == [str(n + 1) for n in range(len(questions))]
    assert exercises.count("<details><summary>Answer</summary>") == exercises.count("</details>") == len(questions)


def test_its_table_of_minutes_names_its_sections(notebook):
    table = re.findall(r"^\| (\d+) \| (.+?) \| (\d+) \|$", notebook.cells[0].source, re.MULTILINE)
    headings = re.findall(r"^## (\d+) · (?:Mistake museum, room \d+: )?(.+)$", prose(notebook), re.MULTILINE)
    assert [n for n, _, _ in table] == [str(i + 1) for i in range(len(table))]
    assert all(int(minutes) >= 5 for _, _, minutes in table)
    # The last line of the table is the exploring, the exercises and the summary.
    assert [n for n, _ in headings] in ([n for n, _, _ in table], [n for n, _, _ in table[:-1]])
    for (_, title, _), (_, heading) in zip(table, headings, strict=False):
        title = title.removeprefix("Mistake museum: ").lower()
        assert heading.lower() in title or title in heading.lower(), (title, heading)


def test_the_readme_tells_the_sum_of_its_minutes(lecture, notebook):
    table = re.findall(r"^\| \d+ \| .+ \| (\d+) \|$", notebook.cells[0].source, re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(rf"\(notebooks/{lecture.name}\).*\| (\d+) \|$", readme, re.MULTILINE)
    assert int(told) == sum(map(int, table))


def test_a_prediction_stands_before_each_sound_and_what_to_listen_for_after_it(notebook):
    asked, heard, foretold = "", None, ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if cell.source.startswith("## Exercises"):
                break
            asked += cell.source
        elif PREDICTION.search(cell.source):
            asked += f"*Your prediction:* {cell.source}"
        elif SOUNDS.search(cell.source):
            exploring = re.search(r"^1\. ", asked, re.MULTILINE)
            assert re.search(r"\*Before you|\*Your prediction|\*Once more", asked) or exploring, cell.source
            if heard is not None:
                assert re.search(r"[Ww]hat to listen for|[Ll]isten", foretold + asked), heard
            # A prediction tells beforehand, but only who has committed.
            foretold = asked if "*Your prediction:* " in asked else ""
            asked, heard = "", cell.source


def test_a_prediction_holds_no_formula(notebook):
    """What it tells may be Markdown; TeX would be shown as it was typed."""
    assert "$" not in predictions(notebook)


def test_what_sounds_is_shown(notebook):
    # A player that is not a cell's last line is made, and never seen.
    for cell in code_cells(notebook):
        if SOUNDS.search(cell.source):
            assert any("text/plain" in output.get("data", {}) for output in cell.outputs), cell.source


def test_a_prediction_hides_its_code_and_stands_alone(notebook):
    for cell in code_cells(notebook):
        if PREDICTION.search(cell.source):
            assert cell.metadata.get("jupyter", {}).get("source_hidden") is True, cell.source
            assert "hide-input" in cell.metadata.get("tags", []), cell.source
            assert len(ast.parse(cell.source).body) == 1, cell.source
            (output,) = cell.outputs
            assert "<details>" in output.data["text/markdown"]


def test_it_has_an_explorer(notebook):
    code = "\n".join(cell.source for cell in code_cells(notebook))
    assert re.search(r"explore_\w+\(|\.observe\(", code)


def test_the_museum_has_its_rooms_in_order():
    rooms = [n for path in LECTURES for n in re.findall(r"museum, room (\d+):", path.read_text(encoding="utf-8"))]
    assert rooms == [str(n + 1) for n in range(len(rooms))]
    assert len(rooms) >= 4


def test_it_stands_in_the_readme_with_its_picture_and_minutes(lecture, notebook):
    chosen = [cell for cell in code_cells(notebook) if "picture" in cell.metadata.get("tags", [])]
    assert len(chosen) == 1
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"(notebooks/{lecture.name})" in readme
    assert f"(notebooks/images/{lecture.stem}.png)" in readme
    minutes = sum(int(m) for m in re.findall(r"^\| \d+ \| .+? \| (\d+) \|$", notebook.cells[0].source, re.MULTILINE))
    assert re.search(rf"\(notebooks/{lecture.name}\) \|.*\| {minutes} \|$", readme, re.MULTILINE), minutes


def test_its_cells_are_short(notebook):
    for cell in code_cells(notebook):
        assert cell.source.count("\n") < 20, cell.source
        assert "filterwarnings" not in cell.source


def test_it_is_saved_small_and_quiet(lecture, notebook):
    assert lecture.stat().st_size <= 2_000_000
    assert "widgets" not in notebook.metadata
    for cell in code_cells(notebook):
        assert cell.execution_count is not None
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text
            for kind, data in output.get("data", {}).items():
                assert kind in ("text/plain", "text/markdown", "image/png"), kind
                assert "Warning" not in data


def alt_texts(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    return [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]


def test_each_figure_has_alt_text(notebook):
    assert all(len(alt) >= 40 for alt in alt_texts(notebook))
    assert not any("plt.show" in cell.source for cell in code_cells(notebook))


def test_each_section_begins_a_slide_and_code_stays_with_its_prose(notebook):
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type")
        if cell.cell_type == "code":
            assert kind in (None, "fragment", "skip"), cell.source
        elif cell.source.startswith("#"):
            assert kind == "slide", cell.source
        else:
            assert kind in ("subslide", "fragment", "notes", "skip"), cell.source
        assert not re.search(r"\n## ", cell.source), "a section begins in the middle of a cell"


def imported(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


def test_it_imports_only_what_the_course_installs(notebook):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["lab"], *extras["compiled"]]
    declared = {re.match(r"[\w-]+", name)[0] for name in needed}
    harmless = {"html", "io", "pathlib", "subprocess", "sys", "tempfile", "time", "warnings", "spectrogramtools"}
    pieces = [cell.source for cell in code_cells(notebook)] + [code for code, _ in answers(notebook)]
    for code in pieces:  # plain Python: no magic, no shell
        assert set(imported(code)) <= declared | harmless, code


def anchors(markdown):
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*LECTURES, *PAGES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_inside_the_course_lead_somewhere(page):
    if page.suffix == ".ipynb":
        notebook = nbformat.read(page, as_version=4)
        text = f"{prose(notebook)}\n\n{predictions(notebook)}"
    else:
        text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    for target in targets:
        if re.match(r"https?://", target):
            assert re.fullmatch(r"https://doi\.org/10\.\d{4,}/\S+", target) or page.suffix == ".md", target
            continue
        file, _, anchor = target.partition("#")
        assert (page.parent / file).exists(), target
        if anchor and not file:
            assert anchor in anchors(text), target


@pytest.mark.parametrize("page", [*LECTURES, *PAGES, *ASSIGNMENTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_spelling_is_right(page):
    known = {line for line in (ROOT / "tests" / "words.txt").read_text().splitlines() if not line.startswith("#")}
    if page.suffix == ".ipynb":
        notebook = nbformat.read(page, as_version=4)
        text = "\n\n".join([prose(notebook), predictions(notebook), *alt_texts(notebook)])
    else:
        text = page.read_text(encoding="utf-8")
    unknown = SpellChecker().unknown(words(text)) - known
    assert not unknown


def test_a_misspelt_word_is_found():
    assert SpellChecker().unknown(words("A seperation of `kode` and [words](adress.md), $\\frac$.")) == {"seperation"}


def test_blank_copies_hold_the_same_cells_and_no_outputs(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["make_blank.py", str(tmp_path)])
    make_blank.main()
    assert [path.name for path in sorted(tmp_path.glob("*.ipynb"))] == [path.name for path in LECTURES]
    for path in (NOTEBOOKS / "scores").iterdir():
        assert (tmp_path / "scores" / path.name).read_bytes() == path.read_bytes()
    for path in LECTURES:
        full, blank = (nbformat.read(p, as_version=4) for p in (path, tmp_path / path.name))
        assert [cell.source for cell in full.cells] == [cell.source for cell in blank.cells]
        assert not any(cell.outputs or cell.execution_count for cell in code_cells(blank))
