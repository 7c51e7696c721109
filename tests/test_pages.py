"""The lectures as pages: they hold sound and pictures, need no kernel and no network, and leave the notebooks alone."""

import json
import re
import sys
from pathlib import Path

import browser
import nbformat
import numpy as np
import pytest
from test_browser import block_errors, lag_of, wait_for_attribute

from spectrogramtools import hpss, load_clip

ROOT = Path(__file__).parent.parent
import make_pages

CELLS = (
    "import numpy as np\nfrom spectrogramtools import *\nclip = load_clip('violin_castanets')",
    "listen({'mixture': clip.mixture, **clip.stems}, clip.sr)",
    "explore_hpss(clip.mixture, clip.sr, references=clip.stems, power=2)",
    "explore_repet(clip.mixture, clip.sr)",
    "explore_stft(clip.mixture, clip.sr)",
    "listen({'sides': np.stack(list(clip.stems.values()))}, clip.sr)",
    "import matplotlib.pyplot as plt\nfrom spectrogramtools.plots import show_figure\n"
    "plt.figure(figsize=(14, 4))\nplt.plot([0, 1])\nshow_figure('A line that rises & rises.')",
    "print('a long line ' * 30)  # " + "and what it says " * 15,
)


@pytest.fixture(scope="module")
def page_html(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    browser.write_notebook(folder / "small.ipynb", *CELLS)
    notebook = nbformat.read(folder / "small.ipynb", as_version=4)
    prose = "The share $M_H$, not `a $5 note$`, see [lecture 5](05_hpss_masks.ipynb#3).\n\n$$M_H + M_P = 1$$"
    prose += "\n\n|" + " a column |" * 30 + "\n|" + "---|" * 30 + "\n|" + " a cell |" * 30
    notebook.cells.append(nbformat.v4.new_markdown_cell(prose))
    return make_pages.page(notebook, "small", folder)


def test_nothing_is_fetched(page_html):
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page_html)
    assert "<script src" not in page_html


def test_figures_have_alt_text(page_html):
    assert 'alt="A line that rises &amp; rises."' in page_html


def test_formulas_and_links(page_html):
    assert page_html.count("<math") == 2
    assert "a $5 note$" in page_html
    assert 'href="05_hpss_masks.html#3"' in page_html


def test_each_sound_is_held_once(page_html, clip):
    """Three players hold the mixture; one copy of it, of the stems and of what is separated is in the page."""
    kept = [json.loads(text) for text in re.findall(r'id="st-\w+"[^>]*>(.*?)</script>', page_html)]
    one = len(clip.mixture) * 2 * 4 // 3
    # Mixture, violin, castanets, harmonic, background; the rest follows by subtraction, or equals the mixture. And one
    # that is stereo. Each has a script element of its own.
    assert sum(len(text) == one for text in kept) == 5
    assert sum(len(text) == 2 * one for text in kept) == 1


def a_browser(width=1200):
    if browser.CHROMIUM is None:
        reason = "no Chromium here: on Debian, apt install chromium brings it"
        pytest.fail(reason) if browser.REQUIRED else pytest.skip(reason)
    return browser.chromium(browser.OVERHEAR, width=width)


def test_a_page_plays_what_was_computed(page_html):
    with a_browser() as page:
        wanted = []
        page.on("request", lambda request: wanted.append(request.url))
        # A made-up address, answered from memory: browsers let no worklet record a page that comes from a file.
        address = "https://lectures.test/small.html"
        page.route("**/*", lambda route: route.fulfill(body=page_html, content_type="text/html"))
        page.goto(address)
        page.wait_for_function("() => document.querySelectorAll('.st-player').length === 5")
        # The line on the beat spectrum stands still: nobody would follow it.
        assert page.locator(".st-chart canvas").first.get_attribute("role") == "img"
        player = page.locator(".st-player").nth(1)
        assert "11.3" not in player.locator(".st-scores").inner_text()
        assert "12.9" in player.locator(".st-scores").inner_text()
        player.locator(".st-play").click()
        wait_for_attribute(page, player, "playing", "v === 'true'")
        player.get_by_role("button", name="percussive").click()
        browser.start_recording(page)
        browser.wait_for_recording(page, 0.6, 22050)
        heard = browser.recording(page)[4000:]
        y = load_clip("violin_castanets").mixture
        percussive = np.asarray(hpss(y, 22050, winh=20 * 512 / 22050, winv=40 * 22050 / 2048, power=2)[1], np.float64)
        assert block_errors(heard, percussive, lag_of(heard, percussive)).max() < -60
        page.locator(".st-player").last.locator(".st-play").click()
        wait_for_attribute(page, page.locator(".st-player").last, "playing", "v === 'true'")
        browser.start_recording(page)
        browser.wait_for_recording(page, 0.6, 22050)
        sides = browser.stereo_recording(page)[:, 4000:]
        stems = [np.asarray(stem, np.float64) for stem in load_clip("violin_castanets").stems.values()]
        lag = lag_of(sides.sum(axis=0), sum(stems))
        for heard, stem in zip(sides, stems, strict=True):
            assert block_errors(heard, stem, lag).max() < -60
        assert [url for url in wanted if not url.startswith(("blob:", "data:"))] == [address]
        assert page.problems == []


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
  return [...document.querySelectorAll("body *")].filter(cut).map((e) => `${e.tagName} ${e.className}`);
}"""


@pytest.mark.parametrize("width", [390, 768, 1024])
def test_no_page_is_wider_than_the_screen(page_html, width):
    with a_browser(width) as page:
        page.set_content(page_html)
        page.locator(".st-player").last.wait_for()
        assert page.evaluate(CUT_OFF, False) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_paper_shows_figures_and_code_whole(page_html):
    with a_browser(width=718) as page:  # A4 without its margins
        page.set_content(page_html)
        page.locator(".st-player").last.wait_for()
        page.emulate_media(media="print")
        assert [e for e in page.evaluate(CUT_OFF, True) if not e.startswith(("TABLE", "MATH"))] == []


def test_pages_are_written_and_notebooks_stay_as_they_are(tmp_path, monkeypatch, capsys):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    browser.write_notebook(notebooks / "00_a.ipynb", "print(6 * 7)")
    before = (notebooks / "00_a.ipynb").read_bytes()
    monkeypatch.setattr(make_pages, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make_pages.py", str(tmp_path / "out")])
    make_pages.main()
    assert "00_a.html" in capsys.readouterr().out
    assert "42" in (tmp_path / "out" / "00_a.html").read_text()
    assert (notebooks / "00_a.ipynb").read_bytes() == before
