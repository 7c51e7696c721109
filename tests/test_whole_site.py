"""The whole site, as `make site` builds it, in three browsers; `make test` has run the lectures for it by then."""

import functools
import inspect
import json
import re
from pathlib import Path

import browser
import check_pages
import living_page
import numpy as np
import pytest
import soundfile
from living_page import PLAYER, said, wait_for
from other_browsers import BROWSERS, missing, opened
from test_site import CUT_OFF, build

import spectrogramtools

ROOT = Path(__file__).parent.parent
SITE = ROOT / "build" / "site"
PAGES = ["index", *(f"lectures/{path.stem}" for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb")))]
EXPLORER = ".st-explorer"


@pytest.fixture(scope="module", autouse=True)
def _built():
    if missing("chromium") and not browser.REQUIRED:
        pytest.skip(missing("chromium"))
    said, failed = build(ROOT)
    assert not failed, said


@pytest.fixture(scope="module")
def server():
    with living_page.served(SITE) as address:
        yield address


@pytest.fixture(scope="module", params=BROWSERS)
def page(request):
    with opened(request.param) as page:
        yield page


def test_the_whole_site_is_as_it_should_be():
    assert check_pages.problems(SITE) == []


def test_every_public_name_is_in_the_reference():
    pages = "".join(path.read_text(encoding="utf-8") for path in (SITE / "reference").glob("*.html"))
    for name in (*spectrogramtools.__all__, "halfsine", "hann"):
        assert f'id="spectrogramtools.{name}"' in pages, name


def test_each_lecture_fits_a_phone():
    with opened("chromium", width=390) as page:
        for name in PAGES:
            page.goto((SITE / f"{name}.html").as_uri())
            wake(page, ".st-asleep button")
            assert page.evaluate(CUT_OFF, False) == [], name
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
        assert page.problems == []


def wake(page, button):
    """Press what waits; then the page's first player plays."""
    page.click(button)
    page.wait_for_function(f"() => document.querySelector('{PLAYER}')?.dataset.playing === 'true'")


def test_each_page_opens_from_a_file_and_sounds(page):
    for name in PAGES:
        page.goto((SITE / f"{name}.html").as_uri())
        page.wait_for_function("() => document.querySelector('.st-asleep img').naturalWidth > 0")
        assert page.evaluate("() => performance.now()") < 1000 * living_page.SLOWEST, name
        page.evaluate(f"() => {{ {living_page.OVERHEAR} }}")
        wake(page, ".st-asleep button")
        page.wait_for_function("() => lastHeard().some((v) => Math.abs(v) > 0.001)")
        assert page.problems == [], name


@pytest.mark.parametrize("name", PAGES)
def test_a_slider_moves_and_what_sounds_is_what_the_module_computes(page, server, name):
    page.goto(f"{server}/{name}.html")
    if widget_of(name)[0]["kind"] == "songs":
        return assert_told(page, name)
    page.evaluate(f"() => {{ {living_page.OVERHEAR} }}")
    # The page's last explorer alone is left to be pressed.
    page.evaluate("() => [...document.querySelectorAll('.st-asleep')].slice(0, -1).forEach((e) => e.remove())")
    wake(page, ".st-asleep button")
    wait_for(page, PLAYER, "version", "Number(v) >= 1")
    before = said(page, PLAYER, "version")
    slider = f"{EXPLORER} input[type=range]:not(:disabled)"
    page.press(slider, "ArrowRight")
    wait_for(page, PLAYER, "version", f"Number(v) > {before}")
    page.wait_for_function(f"() => document.querySelector('{EXPLORER}').getAttribute('aria-busy') === 'false'")
    control = page.evaluate(f"() => document.querySelector('{slider}').dataset.control")
    value = float(page.evaluate(f"() => document.querySelector('{slider}').value"))
    sounds = computed(name, control, value)
    state, given = widget_of(name)
    if state["kind"] == "repet_sim":
        return assert_scored(page, given, sounds)
    choice = min(1, len(sounds) - 1)
    page.click(f".st-choices button:nth-child({choice + 1})")
    page.press(PLAYER, "Space")
    wait_for(page, PLAYER, "playing", "v === 'false'")
    page.press(PLAYER, "Home")
    wait_for(page, PLAYER, "position", "Number(v) === 0")
    page.press(PLAYER, "Space")
    wait_for(page, PLAYER, "position", "Number(v) > 0.7")
    assert_heard(living_page.heard(page), list(sounds.values())[choice])
    assert page.problems == []


def widget_of(name):
    """What the page knows of its last explorer, and its sounds."""
    texts = re.findall(r'<script type="application/json">(.*?)</script>', (SITE / f"{name}.html").read_text("utf-8"))
    widgets = [json.loads(text) for text in texts]
    widget = [widget for widget in widgets if widget["view"] == "explorer"][-1]
    files = (SITE / "_static" / "sounds" / f"{sound['key']}.flac" for sound in widget["sounds"].values())
    scales = (sound["scale"] for sound in widget["sounds"].values())
    sounds = [scale * np.squeeze(soundfile.read(file)[0].T) for file, scale in zip(files, scales, strict=True)]
    return widget["state"], dict(zip(widget["state"].get("names", ()), sounds, strict=True))


@functools.cache
def computed(name, control, place):
    """What the module computes where the page's explorer stands, after this control was moved to this place."""
    state, sounds = widget_of(name)
    explore = getattr(spectrogramtools, f"explore_{state['kind']}")
    asked = inspect.signature(explore).parameters
    given = {name: value for name, value in state["settings"].items() if name in asked and name != "references"}
    if state["kind"] in ("balance", "errors", "tempo"):
        explorer = explore(sounds, state["sr"], **given)
    else:
        y, *stems = sounds.values()
        references = {"references": dict(zip([*sounds][1:], stems, strict=True))} if stems else {}
        explorer = explore(y, state["sr"], **references, **given)
    for recipe in state["controls"]:
        value = state["values"][recipe["name"]]
        if recipe["name"] == control:
            value = recipe["options"][int(place)][1] if "options" in recipe else place
        getattr(explorer, recipe["name"]).value = value
    return explorer.sounds


def assert_told(page, name):
    """Where nothing is heard, the text says what the module finds, before and after a slider has moved."""
    explorer = spectrogramtools.explore_songs(widget_of(name)[0]["settings"]["scores"])
    for songs in (explorer.songs.value, explorer.songs.value + 1):
        explorer.songs.value = songs
        found = explorer.found
        claim = "is {difference:.1f} dB, 95 % interval {low:.1f} to {high:.1f} dB".format(**found).replace("-", "−")
        page.wait_for_function(f"() => document.querySelector('{EXPLORER} .st-text')?.textContent.includes('{claim}')")
        page.press(f"{EXPLORER} [data-control=songs]", "ArrowRight")
    assert page.problems == []


def assert_scored(page, given, sounds):
    """As good as the module's. Where a loop comes again exactly, frames are equally similar but for a last bit.

    It depends on a browser's cosine which of them are taken, and so does the sound.
    """
    texts = page.evaluate(
        "() => [...document.querySelectorAll('.st-scores td:nth-child(2)')].map((e) => e.textContent)"
    )
    now = [float(text.replace("−", "-")) for text in texts]
    pairs = zip([*given.values()][1:], [*sounds.values()][1:], strict=True)
    assert now == pytest.approx([spectrogramtools.si_sdr(*pair) for pair in pairs], abs=0.15)


def assert_heard(samples, y):
    """The signal, from somewhere on; of a stereo one what both sides have in common."""
    y = np.asarray(y, np.float64) if np.ndim(y) == 1 else np.mean(y, axis=0, dtype=np.float64)
    part = samples[-8192:]
    # Where in the loop it differs least.
    alike = np.fft.irfft(np.fft.rfft(y) * np.conj(np.fft.rfft(part, len(y))), len(y))
    energy = np.cumsum(np.square(np.concatenate([[0], y, y[: len(part)]])))
    place = int(np.argmin(energy[len(part) :][: len(y)] - energy[: len(y)] - 2 * alike))
    expected = y[(place + np.arange(len(part))) % len(y)]
    assert np.abs(part).max() > 1e-3
    assert np.abs(part - expected).max() < 1e-4
