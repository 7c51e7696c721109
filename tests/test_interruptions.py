"""Sound that takes its time to start, or is taken away: the player shows it, in Chromium, Firefox and WebKit."""

import living_page
import pytest
from living_page import PLAYER, said, wait_for
from other_browsers import BROWSERS, opened

# The sound starts when the test lets it.
SLOW_START = """
const resume = AudioContext.prototype.resume;
const allowed = new Promise((done) => (window.allow = done));
AudioContext.prototype.resume = function () { return allowed.then(() => resume.call(this)); };
"""
# As browsers on iPhones have it.
AUDIO_SESSION = """Object.defineProperty(navigator, "audioSession", { value: { type: "auto" } });"""
FACE = "() => document.querySelector('.st-play').textContent"
MESSAGE = "() => document.querySelector('.st-message').textContent"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = living_page.write_page(tmp_path_factory.mktemp("page"), living_page.a_player())
    with living_page.served(path.parent) as server:  # pages from files don't hear of devices everywhere
        yield f"{server}/{path.name}"


@pytest.fixture(scope="module", params=BROWSERS)
def page(request):
    with opened(request.param, SLOW_START, AUDIO_SESSION) as page:
        yield page


def open_page(page, address):
    page.goto(address)
    page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
    page.evaluate(f"() => {{ {living_page.OVERHEAR} }}")


def play(page):
    page.evaluate("() => allow()")
    page.click(f"{PLAYER} .st-play")
    wait_for(page, PLAYER, "position", "Number(v) > 0.3")


def assert_paused_and_said(page):
    wait_for(page, PLAYER, "playing", "v === 'false'")
    assert page.evaluate(FACE) == "▶"
    assert "output" in page.evaluate(MESSAGE)
    assert float(said(page, PLAYER, "position")) > 0.3


def test_a_slow_start_shows_a_sign_of_life(page, address):
    open_page(page, address)
    page.click(f"{PLAYER} .st-play")
    assert page.evaluate(FACE) == "…"
    assert page.evaluate("() => document.querySelector('.st-time').textContent") == "starting …"
    # Pressed again, it is called off.
    page.click(f"{PLAYER} .st-play")
    assert page.evaluate(FACE) == "▶"
    page.evaluate("() => allow()")
    page.click(f"{PLAYER} .st-play")
    wait_for(page, PLAYER, "playing", "v === 'true'")
    assert page.evaluate(FACE) == "❚❚"
    wait_for(page, PLAYER, "position", "Number(v) > 0.1")
    assert "starting" not in page.evaluate("() => document.querySelector('.st-time').textContent")
    assert page.problems == []


def test_the_mute_switch_of_an_iphone_is_for_its_ringing(page, address):
    open_page(page, address)
    play(page)
    assert page.evaluate("() => navigator.audioSession.type") == "playback"


def test_an_interruption_pauses_and_says_so(page, address):
    """As a call on a phone does; one press goes on from there."""
    open_page(page, address)
    play(page)
    page.evaluate("() => listener.context.suspend()")
    assert_paused_and_said(page)
    position = float(said(page, PLAYER, "position"))
    page.click(f"{PLAYER} .st-play")
    wait_for(page, PLAYER, "position", f"Number(v) > {position}")
    assert page.evaluate(MESSAGE) == ""
    assert page.problems == []


def test_sound_that_may_not_start_is_said(page, address):
    """An iPhone refuses while somebody is on the phone."""
    open_page(page, address)
    page.evaluate("() => { AudioContext.prototype.resume = () => Promise.reject(new Error('interrupted')); }")
    page.click(f"{PLAYER} .st-play")
    page.wait_for_function("() => document.querySelector('.st-message').textContent.includes('output')")
    assert page.evaluate(FACE) == "▶"
    assert page.problems == []


def test_other_headphones_pause_and_say_so(page, address):
    open_page(page, address)
    page.evaluate("() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    assert page.evaluate(MESSAGE) == ""  # nothing plays
    play(page)
    page.evaluate("() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    assert_paused_and_said(page)
    assert page.problems == []


@pytest.mark.parametrize("name", ["firefox", "webkit"])  # Chromium plays into nothing here
def test_an_unplugged_loudspeaker_pauses_and_says_so(name, address):
    with opened(name) as page:
        open_page(page, address)
        page.evaluate("() => (window.allow = () => {})")
        play(page)
        page.unplug()
        assert_paused_and_said(page)
        assert page.problems == []
