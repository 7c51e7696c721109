"""What fingers do on a phone: they scroll, tap and drag, and hit what they mean."""

import browser
import living_page
import pytest
from living_page import PLAYER, said, wait_for
from other_browsers import BROWSERS, missing, opened

# What can be pressed, dragged or chosen, and is smaller than this in one direction.
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)].map((e) => {
  const { width, height } = (e.type === "checkbox" ? e.closest("label") : e).getBoundingClientRect();
  return [e.className || e.textContent || e.tagName, width, height];
}).filter(([, width, height]) => width && Math.min(width, height) < least - 0.01)"""
TARGETS = "button, input, select, summary, .st-ruler"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return living_page.write_page(tmp_path_factory.mktemp("page"), living_page.a_player()).as_uri()


@pytest.fixture
def phone(address):
    if reason := missing("chromium"):
        pytest.fail(reason) if browser.REQUIRED else pytest.skip(reason)
    with browser.chromium(width=390, height=844, has_touch=True) as page:
        page.goto(address)
        page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
        page.evaluate("() => (document.body.style.padding = '100px 8px 2000px')")
        yield page


def place(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"], box["y"], box["width"], box["height"]


@pytest.mark.parametrize("selector", ["canvas", ".st-ruler"])
def test_a_swipe_scrolls_and_changes_nothing(phone, selector):
    phone.locator(f"{PLAYER} .st-loop").tap()
    before = [said(phone, PLAYER, name) for name in ("position", "loop", "playing", "chosen")]
    left, top, width, height = place(phone, f"{PLAYER} {selector}")
    x, y = left + 0.6 * width, top + 0.8 * height
    browser.swipe(phone, *[(x + k // 3, y - 12 * k) for k in range(12)])  # a finger never goes straight
    assert top - place(phone, f"{PLAYER} {selector}")[1] > 60
    assert [said(phone, PLAYER, name) for name in ("position", "loop", "playing", "chosen")] == before
    assert phone.problems == []


def test_a_tap_seeks_and_a_drag_over_the_strip_makes_a_loop(phone):
    left, top, width, height = place(phone, f"{PLAYER} canvas")
    browser.swipe(phone, (left + 58 + (width - 112) / 3, top + height / 2))
    assert float(said(phone, PLAYER, "position")) == pytest.approx(living_page.SECONDS / 3, abs=0.02)
    left, top, width, height = place(phone, f"{PLAYER} .st-ruler")
    y = top + height - 4  # the strip is as high as it looks
    browser.swipe(phone, *[(left + width * (0.2 + 0.05 * k), y - k / 4) for k in range(9)])
    loop = [float(t) / living_page.SECONDS for t in said(phone, PLAYER, "loop").split()]
    assert loop == pytest.approx([0.2, 0.6], abs=0.02)
    assert phone.problems == []


def test_a_fingers_targets(phone):
    phone.locator(f"{PLAYER} .st-remix").tap()
    assert phone.evaluate(SMALL, [TARGETS, 44]) == []
    # And the row of buttons still fits the screen.
    assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", BROWSERS)
@pytest.mark.parametrize(("width", "least"), [(1200, 24), (390, 44)])
def test_targets(address, name, width, least):
    """A narrow window is taken for a phone's, whatever the browser says of the pointer."""
    with opened(name, width=width) as page:
        page.goto(address)
        page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
        page.click(f"{PLAYER} .st-remix")
        wait_for(page, PLAYER, "playing", "document.querySelectorAll('.st-fader').length === 2")
        assert page.evaluate(SMALL, [TARGETS, least]) == []
        # The playhead is as high as the picture, and stands in it.
        head, loop = ".st-head", ".st-looped"
        page.press(PLAYER, "[")
        low, high = page.evaluate(
            """() => {
                 const canvas = document.querySelector(".st-player canvas").getBoundingClientRect();
                 return [canvas.top, canvas.bottom - 36];
               }"""
        )
        for part in (head, loop):
            assert page.evaluate(
                "(s) => document.querySelector(s).getBoundingClientRect().bottom", part
            ) == pytest.approx(high, abs=1)
        assert page.evaluate("(s) => document.querySelector(s).getBoundingClientRect().top", head) < low + 4
        assert page.problems == []
