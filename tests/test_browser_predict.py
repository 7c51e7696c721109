"""Predictions and blind tests on a page from a file, in three browsers: nothing is told before one has committed."""

import axe
import living_page
import numpy as np
import pytest
from living_page import PLAYER, wait_for
from other_browsers import BROWSERS, opened
from test_accessibility import THEMES, rings, wear
from test_three_browsers import assert_heard
from test_touch import SMALL, TARGETS

from spectrogramtools import listen_blind, predict

THEN = "Like a *buzz*, see [there](other.ipynb):\n\n- at `onsets`, and\n  between them\n- <b>everywhere</b>"
AXES = dict(x=("delay (samples)", 0, 20), y=("SI-SDR (dB)", -10, 20), truth=([0, 10, 20], [20, 0, -10]))
NOT_BY_LOT = "Math.random = () => 0;"
KINDS = ["choose", "order", "sketch"]
# What can be seen of the prediction number so-and-so.
SEEN = """(n) => {
  const root = document.querySelectorAll(".st-predict")[n];
  const seen = (selector) => [...root.querySelectorAll(selector)].filter((e) => e.checkVisibility());
  const text = (selector) => seen(selector).map((e) => e.textContent);
  const told = root.querySelector("[role=status]").textContent;
  return [text(".st-said"), seen(".st-then").length, text(".st-tools button"), told];
}"""
COMMIT, COUNT = ["That is my prediction", "Skip"], "Count hands"
# Whether the lines of a sketch are there, blue and orange.
COLOURS = """() => {
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const all = new Set(new Uint32Array(data.buffer));
  return [0xffc47d3b, 0xff005ed5].map((colour) => all.has(colour));
}"""
# Whether a player's picture has anything in it but black on white.
COLOURFUL = """() => {
  const canvas = document.querySelector(".st-player canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let k = 0; k < data.length; k += 4) if (Math.abs(data[k] - data[k + 2]) > 9) return true;
  return false;
}"""


def widgets():
    return [
        predict("What does it sound *like*?", THEN, choose=["rain", "`a` buzz", "a bell"]),
        predict("Which is best?", THEN, order=["one", "two", "three"]),
        predict("How does it fall?", THEN, sketch=AXES),
    ]


def blind_tests():
    tone, strokes = living_page.two_signals().values()
    few = {"the tone": tone, "the strokes": strokes}
    both = {**few, "both": tone / 2 + strokes / 2}
    return [listen_blind(few, living_page.SR), listen_blind(both, living_page.SR, scores=dict.fromkeys(both, 1.0))]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    pages = {"predict": widgets(), "blind": blind_tests()}
    return {k: living_page.write_page(tmp_path_factory.mktemp(k), *made).as_uri() for k, made in pages.items()}


@pytest.fixture(scope="module", params=BROWSERS)
def page(request):
    with opened(request.param, NOT_BY_LOT) as page:
        yield page


def open_predictions(page, address):
    page.goto(address)
    page.wait_for_function("() => document.querySelectorAll('.st-predict').length === 3")
    for n, kind in enumerate(KINDS):
        page.evaluate(f"() => (document.querySelectorAll('.st-predict')[{n}].parentElement.id = '{kind}')")


def test_a_prediction(page, addresses):
    open_predictions(page, addresses["predict"])
    for n in range(3):
        assert page.evaluate(SEEN, n)[:3] == [[], 0, [*COMMIT, *([COUNT] if n == 0 else [])]]
    # By keys alone: choose, change one's mind, choose again, commit.
    page.press("#choose input", "Space")
    page.press("#choose input", "ArrowDown")
    page.press("#choose .st-tools button:nth-child(2)", "Enter")
    assert page.evaluate("() => [...document.querySelectorAll('#choose input:checked')].length") == 0
    assert page.evaluate("() => document.querySelector('#choose .st-commit').disabled")
    page.press("#choose input", "Space")
    page.press(":focus", "ArrowDown")
    page.press("#choose .st-commit", "Enter")
    said = "You said: a buzz"
    assert page.evaluate(SEEN, 0) == [[said], 1, ["Start over", COUNT], f"{said}. What comes of it is told now."]
    assert page.evaluate("() => document.querySelector('#choose input').disabled")
    assert page.evaluate("() => document.activeElement.className") == "st-shown"
    # The rest is Markdown, and no HTML.
    assert page.evaluate("() => document.querySelector('#choose .st-then').innerHTML") == (
        '<p class="">Like a <em class="">buzz</em>, see <a class="" href="other.ipynb">there</a>:</p>'
        '<ul class=""><li class="">at <code class="">onsets</code>, and between them</li>'
        '<li class="">&lt;b&gt;everywhere&lt;/b&gt;</li></ul>'
    )
    page.click("#choose .st-tools button:nth-child(4)")
    assert page.evaluate(SEEN, 0)[:3] == [[], 0, [*COMMIT, COUNT]]
    # In order, by hand; the button that is pressed keeps the focus.
    page.click("#order li:nth-child(3) button")
    assert page.evaluate(SEEN, 1)[3] == "three is now number 2 of 3"
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "move three up"
    page.click("#order .st-commit")
    assert page.evaluate(SEEN, 1)[3].startswith("You said: one, then three, then two.")
    page.click("#choose .st-tools button:nth-child(3)")
    assert page.evaluate(SEEN, 0)[:2] == [["You skipped it."], 1]
    assert page.problems == []


def test_a_sketch(page, addresses):
    open_predictions(page, addresses["predict"])
    label = "() => document.querySelector('canvas').getAttribute('aria-label')"
    width = page.evaluate("() => document.querySelector('canvas').clientWidth")
    left, right = {"x": 58, "y": 10}, {"x": width - 18, "y": 10 + 192 / 2}  # from the upper left corner to the middle
    page.drag_and_drop("canvas", "canvas", source_position=left, target_position=right)
    # And with the keys half of the way down again.
    for keys in ["ArrowUp", *["ArrowRight"] * 10, *["ArrowDown"] * 5]:
        page.press("canvas", keys)
    told = "() => document.querySelector('canvas').getAttribute('aria-valuetext')"
    value, place = page.evaluate(told).split(" at ")
    assert float(place) == 10
    assert float(value) == pytest.approx(12.5 - 7.5, abs=0.5)
    page.click("#sketch .st-commit")
    mine, truth = page.evaluate(label).split("; ")[1:]
    assert truth == "in truth: 20 at 0, 10 at 5, 0 at 10, −5 at 15, −10 at 20"
    numbers = [float(pair.split(" at ")[0]) for pair in mine.removeprefix("your curve: ").split(", ")]
    assert numbers == pytest.approx([20, 16.25, 5, 8.75, 5], abs=0.5)
    # Both are drawn, each in its colour.
    assert page.evaluate(COLOURS) == [True, True]
    assert page.problems == []


def test_a_blind_test(page, addresses):
    page.goto(addresses["blind"])
    page.wait_for_function("() => document.querySelectorAll('.st-blind').length === 2")
    page.evaluate(f"() => {{ {living_page.OVERHEAR} }}")
    page.click(".st-blind .st-action")
    shown = "() => document.querySelector('.st-blind').innerText"
    assert "Round 1 of 5: what is X?" in page.evaluate(shown)
    tone = living_page.two_signals()["tone"]
    page.click(f"{PLAYER} .st-play")
    page.press(PLAYER, "3")
    page.press(PLAYER, "Home")
    wait_for(page, PLAYER, "position", "Number(v) > 1.6")
    assert_heard(living_page.heard(page), tone)  # the lot that is not drawn makes B and X the first one
    # Nothing gives it away: no picture, no mix, no name.
    page.press(PLAYER, "m")
    assert page.evaluate("() => document.querySelectorAll('.st-fader').length") == 0
    assert not page.evaluate(COLOURFUL)
    text = page.evaluate(shown)
    assert [word for word in ("tone", "strokes", "remix", "Hz") if word in text] == []
    answer = ".st-blind .st-below-it button:nth-child(2)"
    for _ in range(5):
        assert page.evaluate("(s) => document.querySelector(s).textContent", answer) == "X is B"
        page.click(answer)
    text = page.evaluate(shown)
    assert "5 of 5: someone who guesses gets so many in 3.1 % of such tests. You hear the difference." in text
    assert "the strokes" in text
    page.wait_for_function(COLOURFUL)
    assert page.problems == []


@pytest.fixture(scope="module")
def chromium():
    with opened("chromium", NOT_BY_LOT) as page:
        yield page


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing(chromium, addresses, theme):
    open_predictions(chromium, addresses["predict"])
    wear(chromium, theme)
    chromium.click("#choose .st-count")
    chromium.click("#choose [aria-label='one hand more']")
    assert chromium.evaluate("() => document.querySelector('.st-share').textContent") == "100 %"
    assert axe.violations(chromium) == []
    for kind in KINDS:
        chromium.click(f"#{kind} .st-tools button:nth-child(3)")
    assert chromium.evaluate("() => document.querySelectorAll('.st-shown:not([hidden])').length") == 3
    assert axe.violations(chromium) == []
    chromium.goto(addresses["blind"])
    wear(chromium, theme)
    chromium.wait_for_function("() => document.querySelectorAll('.st-blind').length === 2")
    assert axe.violations(chromium) == []
    chromium.click(".st-blind .st-action")
    assert axe.violations(chromium) == []
    chromium.click(".st-blind .st-action:nth-child(3)")
    chromium.click(".st-blind .st-tools .st-commit")
    assert "All scores are equal" in chromium.locator(".st-blind").nth(1).inner_text()
    assert axe.violations(chromium) == []
    assert chromium.problems == []


def test_hands_hit_and_keys_are_seen(chromium, addresses):
    for width, least in ((1200, 24), (390, 44)):
        chromium.set_viewport_size({"width": width, "height": 1000})
        for name in addresses:
            chromium.goto(addresses[name])
            chromium.wait_for_function("() => document.querySelector('.st-predict, .st-blind')")
            chromium.evaluate("() => document.querySelectorAll('.st-count').forEach((button) => button.click())")
            assert chromium.evaluate(SMALL, [f"{TARGETS.replace('input', '.st-number')}, .st-choice", least]) == []
            assert chromium.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    open_predictions(chromium, addresses["predict"])
    for theme in THEMES:
        wear(chromium, theme)
        assert [ring for ring in rings(chromium, ".st-predict") if ring[1] < 3 and ring[0] != "INPUT"] == []


def test_paper_has_all(chromium, addresses):
    chromium.set_viewport_size({"width": 800, "height": 1000})
    open_predictions(chromium, addresses["predict"])
    chromium.emulate_media(media="print")
    try:
        for kind in KINDS:
            text = chromium.locator(f"#{kind}").inner_text()
            assert "Like a buzz" in text
            assert "Skip" not in text
    finally:
        chromium.emulate_media(media="screen")


def test_a_hall_is_counted_and_nothing_is_told(chromium, addresses):
    open_predictions(chromium, addresses["predict"])
    chromium.click("#choose .st-count")
    for n, hands in enumerate(("30", "9", "1")):
        chromium.locator("#choose .st-number").nth(n).fill(hands)
    chromium.locator("#choose [aria-label='one hand less']").nth(1).click()
    chromium.locator("#choose [aria-label='one hand more']").nth(2).click()
    shares = chromium.locator("#choose .st-share").all_inner_texts()
    assert shares == ["75 %", "20 %", "5 %"]
    widths = [bar.bounding_box()["width"] for bar in chromium.locator("#choose .st-track").all()]
    chromium.wait_for_function("() => document.getAnimations().length === 0")
    bars = [bar.bounding_box()["width"] for bar in chromium.locator("#choose .st-barred").all()]
    np.testing.assert_allclose(np.divide(bars, widths), [0.75, 0.2, 0.05], atol=0.01)
    assert chromium.evaluate("() => document.querySelectorAll('.st-shown[hidden]').length") == 3
