"""The site: a small course, built as `make site` builds the large one, which test_whole_site.py looks at.

It fetches nothing from elsewhere, holds each sound once, plays what was computed, is as wide as the screen and whole on
paper; and whatever is wrong in its sources fails the build.
"""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import axe
import browser
import living_page
import nbformat
import numpy as np
import pytest
import soundfile
from test_browser import block_errors, lag_of, wait_for_attribute

from spectrogramtools import hpss, load_clip

ROOT = Path(__file__).parent.parent
import check_pages
import make_site
import pictures
import sounds

CELLS = (
    "import numpy as np\nfrom spectrogramtools import *\nclip = load_clip('violin_castanets')",
    "listen({'mixture': clip.mixture, **clip.stems}, clip.sr)",
    "listen({'the same mixture': clip.mixture}, clip.sr)",
    "explore_hpss(clip.mixture, clip.sr, references=clip.stems, power=2)",
    "listen({'sides': np.stack(list(clip.stems.values()))}, clip.sr)",
    "import matplotlib.pyplot as plt\nfrom spectrogramtools.plots import show_figure\n"
    "plt.figure(figsize=(14, 4))\nplt.plot([0, 1])\nshow_figure('A line that rises & rises.')",
    "print('a long line ' * 30)  # " + "and what it says " * 15,
    "listen_blind(clip.stems, clip.sr)",
    "explore_songs({'a': np.arange(9), 'b': np.arange(9) % 5})",
    "predict('What is it?', 'See [there](00_other.ipynb#further-down).', choose=['rain', 'a buzz'])",
)
PROSE = (
    "The share $M_H$, not `a $5 note$`, see [the other lecture](00_other.ipynb#further-down).\n\n$$M_H + M_P = 1$$\n\n"
    f"|{' a column |' * 30}\n|{'---|' * 30}\n|{' a cell |' * 30}"
    "\n\n<details><summary>Answer</summary>\n\nIt is folded.\n\n</details>"
)
INDEX = """# A small course

```{explorer} hpss violin_castanets
```

[A lecture](../notebooks/01_small.ipynb), [a file](../data.txt), and <div id="your-song"></div>

```{toctree}
lectures/00_other
lectures/01_small
installing
```
"""


def write_course(folder):
    """A course of two lectures and an opening page."""
    (folder / "notebooks").mkdir()
    (folder / "site").mkdir()
    (folder / "data.txt").write_text("data")
    (folder / "site" / "index.md").write_text(INDEX)
    (folder / "site" / "installing.md").write_text("# Installing\n")
    path = folder / "notebooks" / "01_small.ipynb"
    browser.write_notebook(path, *CELLS)
    notebook = nbformat.read(path, as_version=4)
    opening = "# A small lecture\n\nPress <kbd>Shift</kbd> + <kbd>Enter</kbd>."
    notebook.cells[-1].metadata = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    notebook.cells = [nbformat.v4.new_markdown_cell(opening), *notebook.cells, nbformat.v4.new_markdown_cell(PROSE)]
    nbformat.write(notebook, path)
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Another one\n\n## Further down")])
    nbformat.write(other, folder / "notebooks" / "00_other.ipynb")


def build(folder):
    """Build the site of a course; gives what was said, and whether it failed."""
    done = subprocess.run([sys.executable, ROOT / "site" / "make_site.py", folder], capture_output=True, text=True)
    return done.stdout + done.stderr, done.returncode


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    write_course(folder)
    before = {path: path.read_bytes() for path in folder.glob("notebooks/*")}
    said, failed = build(folder)
    assert not failed, said
    assert "01_small is done" in said
    assert {path: path.read_bytes() for path in folder.glob("notebooks/*")} == before
    return folder


@pytest.fixture(scope="module")
def small(course):
    return course / "build" / "site"


@pytest.fixture(scope="module")
def lecture(small):
    return (small / "lectures" / "01_small.html").read_text(encoding="utf-8")


# --- what is in the pages


def test_nothing_is_fetched_and_nothing_is_wrong(small, lecture):
    assert check_pages.problems(small) == []
    for page in small.rglob("*.html"):
        assert not re.search(r"""<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:)?//""", page.read_text())


def test_figures_have_alt_text_and_a_size(lecture):
    (figure,) = re.findall(r"<img[^>]+rises[^>]+>", lecture)
    assert 'alt="A line that rises &amp; rises."' in figure
    assert re.search(r'width="\d+" height="\d+" loading="lazy"', figure)


def test_formulas_links_and_answers(lecture):
    assert lecture.count("<math") == 2
    assert "a $5 note$" in re.sub("</?span.*?>", "", lecture)
    assert 'href="00_other.html#further-down"' in lecture
    assert "<details><summary>Answer</summary>" in lecture


def test_a_page_says_how_to_run_the_lecture_and_gives_it_as_it_is(course, small, lecture):
    assert "<kbd" not in lecture.replace("kbd compound", "")
    (notebook,) = small.glob("_downloads/*/01_small.ipynb")
    assert notebook.read_bytes() == (course / "notebooks" / "01_small.ipynb").read_bytes()
    assert f"../_downloads/{notebook.parent.name}/01_small.ipynb" in lecture


def test_each_sound_lies_there_once(small, lecture):
    """Two players hold the mixture; what they play has one file for both."""
    widgets = [json.loads(text) for text in re.findall(r'<script type="application/json">(.*?)</script>', lecture)]
    assert [widget["view"] for widget in widgets] == [
        "player",
        "player",
        "explorer",
        "player",
        "blind",
        "explorer",
        "predict",
    ]
    assert widgets[0]["sounds"]["sound0"]["key"] == widgets[1]["sounds"]["sound0"]["key"]
    keys = {sound["key"] for widget in widgets for sound in widget["sounds"].values()}
    files = {path.name for path in (small / "_static" / "sounds").iterdir()}
    assert files == {f"{key}{end}" for key in keys for end in (".flac", ".js")}


def test_what_is_as_it_was_is_not_run_again_and_what_is_wanted_no_more_goes(course, small):
    forgotten = small / "_static" / "sounds" / "0123456789abcdef.flac"
    forgotten.write_bytes(b"of an earlier build")
    said, failed = build(course)
    assert not failed, said
    assert "01_small is as it was" in said
    assert not forgotten.exists()


# --- what is wrong


def test_whatever_is_wrong_in_the_sources_fails_the_build(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "page.png").write_bytes((ROOT / "notebooks/images/01_stft.png").read_bytes())
    (tmp_path / "site" / "index.md").write_text(
        "# A course\n\n[nowhere](#nowhere) [lost](missing.md) ![](../page.png)\n\n{doc}`gone`\n\n"
        '<script src="https://elsewhere.test/x.js"></script><a href="other.html">other</a>\n'
    )
    (tmp_path / "missing.md").write_text("")
    said, failed = build(tmp_path)
    assert failed
    for part in (
        "nowhere",
        "missing.md",
        "without a description",
        "gone",
        "elsewhere.test",
        "other.html leads nowhere",
    ):
        assert part in said, part


def test_a_figure_without_a_description_fails(tmp_path):
    with pytest.raises(ValueError, match="has no description"):
        pictures.picture("", {}, tmp_path, "")


def test_a_heavy_page_is_found(tmp_path):
    (tmp_path / "big.css").write_text(" " * 1_500_001)
    (tmp_path / "index.html").write_text('<link rel="stylesheet" href="big.css">')
    assert check_pages.problems(tmp_path) == ["index.html: it weighs 1.50 MB"]


def test_a_sound_that_is_not_there_is_found(tmp_path):
    widget = json.dumps({"sounds": {"sound0": {"key": "abc"}}})
    (tmp_path / "index.html").write_text(f'<script type="application/json">{widget}</script>')
    found = check_pages.problems(tmp_path)
    assert found == [f"index.html: the sound abc{end} is not there" for end in (".flac", ".js")]


# --- sounds


def kept(tmp_path, y, kind):
    """What comes back of a sound, from either of its two files."""
    known = sounds.keep(sounds.base64.b64encode(y.tobytes()).decode(), kind, len(y), 22050, tmp_path)
    assert json.loads(json.dumps(known)) == known
    path = tmp_path / f"{known['key']}.flac"
    (text,) = re.findall(r'="([^"]+)"\n', path.with_suffix(".js").read_text())
    assert sounds.base64.b64decode(text) == path.read_bytes()
    back, sr = soundfile.read(io.BytesIO(path.read_bytes()), always_2d=True)
    assert sr == 22050
    return back.T * known["scale"], soundfile.info(path).subtype


def test_16_bit_come_back_as_they_were(tmp_path):
    y = np.random.default_rng(0).integers(-32768, 32768, (2, 5000)).astype("<i2")
    back, subtype = kept(tmp_path, y, "int16")
    assert subtype == "PCM_16"
    assert (back * 32768 == y).all()


def test_floats_that_are_16_bit_are_kept_as_such(tmp_path):
    y = (np.random.default_rng(0).integers(-32768, 32768, (1, 5000)) / 32768).astype("<f4")
    back, subtype = kept(tmp_path, y, "float32")
    assert subtype == "PCM_16"
    assert (back == y).all()


@pytest.mark.parametrize("peak", [0.3, 1.0, 1.7, 5.0])
def test_other_floats_come_back_to_24_bit(tmp_path, peak):
    y = np.random.default_rng(0).uniform(-1, 1, (2, 5000)).astype("<f4")
    y *= np.float32(peak / np.abs(y).max())
    back, subtype = kept(tmp_path, y, "float32")
    assert subtype == "PCM_24"
    assert np.abs(back - y).max() <= max(1, 2 ** np.ceil(np.log2(peak))) * 2.0**-23


def test_silence_is_a_sound(tmp_path):
    back, _ = kept(tmp_path, np.zeros((1, 100), "<f4"), "float32")
    assert (back == 0).all()


# --- in a browser


def a_browser(*scripts, **settings):
    if browser.CHROMIUM is None:
        reason = "no Chromium here: on Debian, apt install chromium brings it"
        pytest.fail(reason) if browser.REQUIRED else pytest.skip(reason)
    return browser.chromium(*scripts, **settings)


@pytest.fixture(scope="module")
def server(small):
    with living_page.served(small) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def address(request, server, small):
    return {"http": server, "file": small.as_uri()}[request.param]


def wake(page, n):
    """Press the button of the nth widget; gives its player, playing."""
    page.locator(".st-asleep, .st-awake").nth(n).locator("button").first.click()
    player = page.locator(".st-asleep, .st-awake").nth(n).locator(".st-player")
    player.wait_for()
    wait_for_attribute(page, player, "playing", "v === 'true'")
    return player


def heard_of(page):
    browser.start_recording(page)
    browser.wait_for_recording(page, 2, 22050)  # so long that strokes are told from one another
    return browser.stereo_recording(page)[:, 4000:]


def test_a_page_plays_what_was_computed(server):
    with a_browser(browser.OVERHEAR) as page:
        wanted = []
        page.on("request", lambda request: wanted.append(request.url))
        page.goto(f"{server}/lectures/01_small.html")
        assert page.locator(".st-player").count() == 0
        assert not [url for url in wanted if "/sounds/" in url]
        player = wake(page, 2)
        assert page.evaluate("() => document.activeElement.className") == "st-play"
        player.get_by_role("button", name="percussive").click()
        y = load_clip("violin_castanets").mixture
        how = dict(winh=20 * 512 / 22050, winv=40 * 22050 / 2048)
        percussive = np.asarray(hpss(y, 22050, **how, power=2)[1], np.float64)
        heard = heard_of(page)[0]
        assert block_errors(heard, percussive, lag_of(heard, percussive)).max() < -60
        wake(page, 3)
        assert player.get_attribute("data-playing") == "false"
        sides = heard_of(page)
        stems = [np.asarray(stem, np.float64) for stem in load_clip("violin_castanets").stems.values()]
        lag = lag_of(sides.sum(axis=0), sum(stems))
        for heard, stem in zip(sides, stems, strict=True):
            assert block_errors(heard, stem, lag).max() < -60
        flacs = [url for url in wanted if "/sounds/" in url]
        assert len(flacs) == len(set(flacs)) == 4
        assert not [url for url in wanted if not url.startswith((server, "blob:", "data:"))]
        assert page.problems == []


def test_the_opening_page_sounds_and_a_slider_moves_in_ten_seconds(address):
    with a_browser() as page:
        page.goto(f"{address}/index.html")
        player = wake(page, 0)
        wait_for_attribute(page, player, "version", "Number(v) >= 1")
        before = int(player.get_attribute("data-version"))
        page.locator(".st-explorer input[type=range]").first.press("ArrowRight")
        wait_for_attribute(page, player, "version", f"Number(v) > {before}")
        assert page.evaluate("() => performance.now()") < 10_000
        assert page.problems == []


def test_a_sound_that_does_not_come_is_said_and_can_be_tried_again(server):
    with a_browser() as page:
        page.route("**/sounds/*", lambda route: route.fulfill(status=503))
        page.goto(f"{server}/lectures/01_small.html")
        asleep = page.locator(".st-asleep").first
        asleep.locator("button").click()
        asleep.get_by_text("could not be loaded").wait_for()
        page.unroute("**/sounds/*")
        wake(page, 0)


def test_a_song_of_ones_own_is_taken_apart_and_saved(address, tmp_path):
    clip = load_clip("violin_castanets")
    song = tmp_path / "song.flac"
    soundfile.write(song, clip.mixture, clip.sr)
    with a_browser() as page:
        page.goto(f"{address}/index.html")
        page.set_input_files(".st-drop input", song)
        page.locator(".st-options button").click()
        player = page.locator(".st-song .st-player")
        player.wait_for()
        wait_for_attribute(page, player, "playing", "v === 'true'")
        page.locator(".st-song .st-explorer[aria-busy=false]").wait_for()
        page.locator(".st-song summary", has_text="save").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="harmonic.wav").click()
        harmonic, sr = soundfile.read(download.value.path())
        assert sr == clip.sr
        expected = hpss(clip.mixture, clip.sr, winh=20 * 512 / 22050, winv=40 * 22050 / 2048)[0]
        assert np.abs(harmonic - expected).max() < 1e-4
        assert page.problems == []


def write_wav(path, y, sr=8000):
    soundfile.write(path, y, sr, subtype="PCM_16")
    return path


def test_a_file_that_will_not_do_gets_a_sentence(server, tmp_path):
    (tmp_path / "text.mp3").write_text("this is no sound")
    files = {
        tmp_path / "text.mp3": "can't read text.mp3",
        write_wav(tmp_path / "silent.wav", np.zeros(16000)): "silent.wav is silent",
        write_wav(tmp_path / "short.wav", np.full(800, 0.1)): "short.wav lasts 0.1 s",
        write_wav(tmp_path / "long.wav", np.full(16 * 60 * 8000, 0.1)): "long.wav lasts 16:00",
        write_wav(tmp_path / "six.wav", np.full((16000, 6), 0.1)): "six.wav has 6 channels",
    }
    with a_browser() as page:
        page.goto(f"{server}/index.html")
        for path, sentence in files.items():
            page.set_input_files(".st-drop input", path)
            page.locator(".st-says", has_text=sentence).wait_for()
            assert page.locator(".st-options").is_hidden()


# What reaches beyond the page and can't be scrolled into sight, or on paper what could be seen only by scrolling.
CUT_OFF = """(onPaper) => {
  const width = document.documentElement.clientWidth;
  const cut = (e) => {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1;
    if (onPaper && scrolls && e.clientWidth) return true;
    if (e.getBoundingClientRect().right <= width) return false;
    for (let around = e.parentElement; around; around = around.parentElement) {
      const overflow = getComputedStyle(around).overflowX;
      if (overflow === "hidden") return true;
      if (overflow !== "visible" && around.scrollWidth > around.clientWidth) return false;
    }
    return true;
  };
  return [...document.querySelectorAll("article *")].filter(cut).map((e) => `${e.tagName} ${e.className}`);
}"""


@pytest.mark.parametrize("width", [390, 768, 1024])
def test_no_page_is_wider_than_the_screen(small, width):
    with a_browser(width=width) as page:
        page.goto((small / "lectures" / "01_small.html").as_uri())
        for n in range(3):
            wake(page, n)
        assert page.evaluate(CUT_OFF, False) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_paper_shows_figures_and_code_whole_and_answers_open(small):
    with a_browser(width=718) as page:  # A4 without its margins
        page.goto((small / "lectures" / "01_small.html").as_uri())
        page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth)")
        page.emulate_media(media="print")
        assert not page.locator(".skip-to-content, .st-asleep button").first.is_visible()
        assert [e for e in page.evaluate(CUT_OFF, True) if not e.startswith(("TABLE", "MATH"))] == []
        answer = page.get_by_text("It is folded.")
        assert page.locator(".st-then").is_visible()
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        assert answer.is_visible()
        assert not page.locator(".tag_hide-input pre").is_visible()
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert not answer.is_visible()


def test_a_prediction_needs_no_press_and_its_code_is_folded(small):
    with a_browser() as page:
        page.goto((small / "lectures" / "01_small.html").as_uri())
        page.locator(".st-predict").wait_for()
        for hidden in (".tag_hide-input pre", ".st-then"):
            assert not page.locator(hidden).is_visible()
        page.locator(".st-choice").nth(1).click()
        page.locator(".st-commit").click()
        assert page.locator(".st-said").inner_text() == "You said: a buzz"
        assert page.get_by_role("link", name="there").get_attribute("href") == "00_other.html#further-down"
        blind = page.locator(".st-asleep").last
        assert "violin" not in blind.inner_text()
        blind.locator("button").click()
        page.get_by_role("button", name="10 rounds").click()
        page.locator(".st-unseen .st-play").click()
        wait_for_attribute(page, page.locator(".st-unseen"), "playing", "v === 'true'")
        assert page.problems == []


def test_an_explorer_without_sounds_needs_no_press(small):
    with a_browser() as page:
        page.goto((small / "lectures" / "01_small.html").as_uri())
        text = page.locator(".st-at-once .st-text")
        text.get_by_text("9 of 9 songs, draw 1: the median of a − b is 0.0 dB").wait_for()
        page.locator(".st-at-once [data-control=songs]").press("ArrowLeft")
        text.get_by_text("8 of 9 songs, draw 1").wait_for()
        assert page.locator(".st-at-once canvas").count() == 3
        assert page.locator(".st-at-once details").filter(has_text="save").is_hidden()
        assert page.problems == []


def test_what_was_drawn_follows_the_theme(small):
    with a_browser() as page:
        page.goto((small / "lectures" / "01_small.html").as_uri())
        player = wake(page, 0)
        ink = "(e) => getComputedStyle(e).color"
        before = player.evaluate(ink)
        page.emulate_media(color_scheme="dark")
        assert player.evaluate(ink) != before
        assert page.evaluate("() => document.body.dataset.jpThemeName") == "dark"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(small, theme, width):
    with a_browser(width=width) as page:
        page.emulate_media(color_scheme=theme)
        for name in ("index.html", "lectures/01_small.html", "search.html"):
            page.goto((small / name).as_uri())
            if name != "search.html":
                wake(page, 0)
            assert axe.violations(page) == [], name


def test_search_works_from_a_file(small):
    with a_browser() as page:
        page.goto((small / "search.html").as_uri() + "?q=another")
        page.locator("#search-results a", has_text="Another one").wait_for()
        assert page.problems == []


def test_all_pages_are_laid_out():
    """Sphinx says so where a page stands in no list of contents; that each lecture is laid out, it can't know."""
    index = (ROOT / "site" / "index.md").read_text(encoding="utf-8")
    for path in ROOT.glob("notebooks/[0-9]*.ipynb"):
        assert f"<lectures/{path.stem}>" in index
    for source, target in make_site.ELSEWHERE.items():
        assert (ROOT / source).exists()
        assert target.stem == "readme" or target.stem in index
