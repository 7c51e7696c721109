"""For keyboards and screen readers: what axe-core finds, a focus that is seen, what is said."""

import re

import axe
import living_page
import pytest
from living_page import PLAYER, wait_for
from other_browsers import BROWSERS, opened

THEMES = ["light", "dark"]
# What has the focus, and how much its ring differs from what lies around it; 0 if there is none.
RING = """() => {
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const luminance = (colour) => numbers(colour).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q);
    return (high + 0.05) / (low + 0.05);
  };
  const background = (e) => {
    const colour = e ? getComputedStyle(e).backgroundColor : "rgb(255, 255, 255)";
    return numbers(colour)[3] === 0 ? background(e.parentElement) : colour;
  };
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  // The playhead's ring lies on a picture, so it has two colours, of which one is always seen.
  const [ring, other] = [style.outlineColor, e.className === "st-head" ? style.boxShadow : background(e.parentElement)];
  return [e.className || e.tagName, seen ? contrast(ring, other) : 0];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return living_page.write_page(tmp_path_factory.mktemp("page"), living_page.a_player()).as_uri()


@pytest.fixture(scope="module", params=BROWSERS)
def page(request, address):
    with opened(request.param) as page:
        page.goto(address)
        page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
        yield page


def wear(page, theme):
    page.evaluate("(theme) => (document.documentElement.className = theme)", theme)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(address, theme):
    with opened("chromium") as page:
        page.goto(address)
        wear(page, theme)
        page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
        assert axe.violations(page) == []
        page.click(f"{PLAYER} .st-remix")
        page.click(f"{PLAYER} .st-loop")
        page.click(f"{PLAYER} summary")
        page.click(f"{PLAYER} .st-play")
        wait_for(page, PLAYER, "playing", "v === 'true'")
        page.evaluate("() => dispatchEvent(new Event('spectrogramtools-interrupted'))")
        assert "output" in page.locator(".st-message").inner_text()
        assert axe.violations(page) == []
        # And it would find something.
        page.evaluate("() => document.querySelector('.st-player canvas').removeAttribute('aria-label')")
        assert [line.split(":")[0] for line in axe.violations(page, [PLAYER])] == ["role-img-alt"]


def rings(page, widget):
    """What the keys reach in the page's first widget, one after the other, and the contrast of its ring."""
    stops = page.evaluate(
        """(widget) => {
             const stops = "button, input, select, summary, [tabindex='0']";
             const all = document.querySelector(widget).parentElement.querySelectorAll(stops);
             return [...all].filter((e) => e.checkVisibility() && !e.disabled).length;
           }""",
        widget,
    )
    page.press("h1 a", "Tab")
    yield page.evaluate(RING)
    for _ in range(stops - 1):
        page.press(":focus", "Tab")
        yield page.evaluate(RING)


def test_the_focus_is_seen(page):
    for theme in THEMES:
        wear(page, theme)
        found = list(rings(page, PLAYER))
        assert [name for name, _ in found][:3] == ["st-player", "st-play", "BUTTON"]
        assert {"st-head", "INPUT", "SUMMARY"} <= {name for name, _ in found}
        assert [ring for ring in found if ring[1] < 3] == []


def test_the_spectrograms_label_says_what_is_in_it(page, address):
    page.goto(address)
    found = []
    for name, key in (("tone", "1"), ("strokes", "2")):
        page.wait_for_function("() => document.querySelector('.st-player')")
        page.press(PLAYER, key)
        label = "document.querySelector('.st-player canvas').getAttribute('aria-label')"
        page.wait_for_function(f"(name) => {label}?.includes(name)", arg=name)
        told = page.evaluate(f"() => {label}")
        pattern = r"spectrogram of .*: most of its energy between (\d+) and (\d+) hertz, loudest at ([\d.]+) seconds;"
        found.append([float(number) for number in re.match(pattern, told).groups()])
    (low, high, _), (lowest, highest, loudest) = found
    assert 300 < low < 600
    assert 1700 < high < 2000
    assert lowest > 800
    assert highest > 9000
    assert loudest % 0.25 < 0.1  # at one of the strokes


def test_what_a_press_has_done_is_said(page, address):
    """In an element that is always there, so that its text is read out when it changes."""
    page.goto(address)
    page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
    seen = "document.querySelectorAll('[role=status]')"
    said = f"() => [...{seen}].map((e) => e.checkVisibility() && e.textContent).join('|')"
    assert page.evaluate(said) == "|"
    page.press(PLAYER, "Space")
    wait_for(page, PLAYER, "playing", "v === 'true'")
    assert page.evaluate(said) == "|playing tone"
    page.press(PLAYER, "2")
    assert page.evaluate(said) == "|strokes"
    page.press(PLAYER, "Space")
    wait_for(page, PLAYER, "playing", "v === 'false'")
    assert re.fullmatch(r"\|paused at \d\.\d seconds", page.evaluate(said))
    page.press(PLAYER, "m")
    page.press(PLAYER, "Space")
    wait_for(page, PLAYER, "playing", "v === 'true'")
    assert page.evaluate(said) == "|playing the mix"
    assert page.problems == []
