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
sys.path.insert(0, str(ROOT / "teaching"))
import make_pages

CELLS = (
    "import numpy as np\nfrom spectrogramtools import *\nclip = load_clip('violin_castanets')",
    "listen({'mixture': clip.mixture, **clip.stems}, clip.sr)",
    "explore_hpss(clip.mixture, clip.sr, clip.stems, power=2)",
    "explore_repet(clip.mixture, clip.sr)",
    "explore_stft(clip.mixture, clip.sr)",
    "import matplotlib.pyplot as plt\nfrom spectrogramtools.plots import show_figure\n"
    "plt.plot([0, 1])\nshow_figure('A line that rises & rises.')",
)


@pytest.fixture(scope="module")
def page_html(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    browser.write_notebook(folder / "small.ipynb", *CELLS)
    notebook = nbformat.read(folder / "small.ipynb", as_version=4)
    prose = "The share $M_H$, not `a $5 note$`, see [lecture 5](05_hpss_masks.ipynb#3).\n\n$$M_H + M_P = 1$$"
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
    kept = re.search(r'id="st-kept"[^>]*>(.*?)</script>', page_html, re.DOTALL)[1]
    one = len(clip.mixture) * 2 * 4 // 3
    sounds = [text for text in json.loads(kept).values() if len(text) == one]
    # Mixture, violin, castanets, harmonic, background; the rest follows by subtraction, or equals the mixture.
    assert len(sounds) == 5


def test_a_page_plays_what_was_computed(page_html):
    if browser.CHROMIUM is None:
        reason = "no Chromium here: on Debian, apt install chromium brings it"
        pytest.fail(reason) if browser.REQUIRED else pytest.skip(reason)
    with browser.chromium(browser.OVERHEAR) as page:
        wanted = []
        page.on("request", lambda request: wanted.append(request.url))
        # A made-up address, answered from memory: browsers let no worklet record a page that comes from a file.
        address = "https://lectures.test/small.html"
        page.route("**/*", lambda route: route.fulfill(body=page_html, content_type="text/html"))
        page.goto(address)
        page.wait_for_function("() => document.querySelectorAll('.st-player').length === 4")
        # The line on the beat spectrum stands still: nobody would follow it.
        assert page.locator(".st-chart canvas").first.get_attribute("role") == "img"
        player = page.locator(".st-player").nth(1)
        assert "12.0" not in player.locator(".st-scores").inner_text()
        assert "13.6" in player.locator(".st-scores").inner_text()
        player.locator(".st-play").click()
        wait_for_attribute(page, player, "playing", "v === 'true'")
        player.get_by_role("button", name="percussive").click()
        browser.start_recording(page)
        browser.wait_for_recording(page, 0.6, 22050)
        heard = browser.recording(page)[4000:]
        y = load_clip("violin_castanets").mixture
        percussive = np.asarray(hpss(y, power=2)[1], np.float64)
        assert block_errors(heard, percussive, lag_of(heard, percussive)).max() < -60
        assert [url for url in wanted if not url.startswith(("blob:", "data:"))] == [address]
        assert page.problems == []


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
