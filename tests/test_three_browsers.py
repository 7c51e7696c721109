"""The player in Chromium, Firefox and WebKit, from a server and from a file."""

import living_page
import numpy as np
import pytest
from living_page import PLAYER, said, wait_for
from other_browsers import BROWSERS, opened


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    path = living_page.write_page(tmp_path_factory.mktemp("page"), living_page.a_player())
    with living_page.served(path.parent) as server:
        yield {"http": f"{server}/{path.name}", "file": path.as_uri()}


@pytest.fixture(scope="module", params=BROWSERS)
def page(request):
    with opened(request.param) as page:
        yield page


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_page_lives(page, addresses, scheme):
    living_page.assert_lives(page, addresses[scheme])


def test_play_choose_seek_loop_and_keys(page, addresses):
    page.goto(addresses["file"])
    page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
    page.evaluate(f"() => {{ {living_page.OVERHEAR} }}")
    page.click(f"{PLAYER} .st-play")
    wait_for(page, PLAYER, "position", "Number(v) > 1.6")
    tone, strokes = living_page.two_signals().values()
    assert_heard(living_page.heard(page), tone)
    page.click(".st-choices button:nth-child(2)")
    wait_for(page, PLAYER, "chosen", "v === 'strokes'")
    page.press(PLAYER, "Home")
    wait_for(page, PLAYER, "position", "Number(v) > 1.6 && Number(v) < 2.5")
    assert_heard(living_page.heard(page), strokes)
    page.press(PLAYER, "Space")
    wait_for(page, PLAYER, "playing", "v === 'false'")
    width = page.evaluate("() => document.querySelector('.st-player canvas').clientWidth")
    page.click(f"{PLAYER} canvas", position={"x": 58 + (width - 58 - 54) / 2, "y": 100})
    assert float(said(page, PLAYER, "position")) == pytest.approx(living_page.SECONDS / 2, abs=0.02)
    page.drag_and_drop(".st-ruler", ".st-ruler", source_position={"x": 100, "y": 5}, target_position={"x": 300, "y": 5})
    low, high = map(float, said(page, PLAYER, "loop").split())
    per_pixel = living_page.SECONDS / (width - 58 - 54)
    assert [low, high] == pytest.approx([100 * per_pixel, 300 * per_pixel], abs=0.02)
    page.press(PLAYER, "Shift+ArrowRight")
    assert float(said(page, PLAYER, "position")) == pytest.approx(low + 0.1, abs=0.02)
    page.press(PLAYER, "Escape")
    assert said(page, PLAYER, "loop") == ""
    page.press(PLAYER, "1")
    wait_for(page, PLAYER, "chosen", "v === 'tone'")
    assert page.problems == []


def test_a_slider_moves_what_is_heard(page, tmp_path):
    """It is what the module computes with the control's new value."""
    explorer = living_page.an_explorer()
    page.goto(living_page.write_page(tmp_path, explorer).as_uri())
    page.wait_for_function("() => document.querySelectorAll('.st-choices button').length === 3")
    page.evaluate(f"() => {{ {living_page.OVERHEAR} }}")
    page.press(PLAYER, "2")
    version = said(page, PLAYER, "version")
    page.press("[data-control=winh_frames]", "ArrowRight")
    wait_for(page, PLAYER, "version", f"Number(v) > {version}")
    page.click(f"{PLAYER} .st-play")
    wait_for(page, PLAYER, "position", "Number(v) > 1.6")
    before = explorer.sounds["harmonic"]
    explorer.winh_frames.value += 1
    after = explorer.sounds["harmonic"]
    assert np.abs(after - before).max() > 1e-3
    assert_heard(living_page.heard(page), after)
    assert page.problems == []


def assert_heard(samples, y):
    """The signal, from somewhere on, to what 16 bit hold."""
    y = np.round(y * 32767) / 32767
    part = samples[-8192:]
    place = int(np.argmax(np.fft.irfft(np.fft.rfft(y) * np.conj(np.fft.rfft(part, len(y))), len(y))))
    expected = y[(place + np.arange(len(part))) % len(y)]
    assert np.abs(part).max() > 0.01
    assert np.abs(part - expected).max() < 1e-4


def test_what_is_lit_is_what_is_heard(page, addresses):
    page.goto(addresses["file"])
    page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
    lit = "() => [...document.querySelectorAll('.st-player [aria-pressed=true]')].map((e) => e.textContent)"
    assert page.evaluate(lit) == ["tone"]
    page.click(f"{PLAYER} .st-remix")
    assert page.evaluate(lit) == ["remix"]
    page.press(".st-fader input", "ArrowLeft")
    # One signal alone, and back to the same mix.
    page.press(PLAYER, "2")
    assert page.evaluate(lit) == ["strokes"]
    assert page.evaluate("() => document.querySelectorAll('.st-fader').length") == 0
    page.press(PLAYER, "m")
    assert page.evaluate(lit) == ["remix"]
    assert page.evaluate("() => [...document.querySelectorAll('.st-fader input')].map((e) => e.value)") == ["0.95", "0"]
    assert page.problems == []


def test_pictures_outlive_a_change_of_theme(page, addresses):
    """While JupyterLab changes it, pictures have no width for a moment, and no resize tells of it."""
    page.goto(addresses["file"])
    page.wait_for_function(living_page.DRAWN, arg=f"{PLAYER} canvas")
    for theme in ("dark", "light"):
        page.evaluate(
            """async (theme) => {
                 const { style } = document.querySelector("main");
                 const frame = () => new Promise(requestAnimationFrame);
                 style.display = "none";
                 document.body.dataset.jpThemeName = theme;
                 await null; // who watches the theme hears of it now
                 style.display = "";
                 await frame();
                 await frame();
               }""",
            theme,
        )
        assert page.evaluate(living_page.DRAWN, f"{PLAYER} canvas")
        assert page.evaluate("() => document.querySelector('.st-ruler').getBoundingClientRect().width > 200")


def test_what_goes_wrong_on_a_page_is_noticed(page, tmp_path):
    """Else the tests above could not fail. It stands last, because what is noticed adds up."""
    (tmp_path / "wrong.html").write_text("<script>console.error('told'); setTimeout(() => thrown());</script>")
    before = len(page.problems)
    page.goto((tmp_path / "wrong.html").as_uri())
    page.wait_for_function("() => document.readyState === 'complete'")
    page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    new = page.problems[before:]
    assert len(new) == 2, new
    assert "told" in new[0]
    assert "thrown" in new[1]
