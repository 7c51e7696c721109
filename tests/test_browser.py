"""The HPSS lecture in a real JupyterLab in Chromium: all cells run, a slider moves, picture and sound follow."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REQUIRED = os.environ.get("SPECTROGRAMTOOLS_BROWSER") == "required"
FLAGS = [
    "--no-sandbox",  # in a container there is nothing to build a sandbox with
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Beside the loudspeaker the page's sound goes into an analyser, which tells how loud it is; and the energies of all
# waveforms that are handed to Web Audio are written down in order.
OVERHEAR = """
window.heard = [];
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 8192;
    connect.call(this, analyser);
    window.heard.push(analyser);
  }
  return connect.call(this, target, ...rest);
};
window.energies = [];
const copy = AudioBuffer.prototype.copyToChannel;
AudioBuffer.prototype.copyToChannel = function (data, ...rest) {
  window.energies.push(data.reduce((sum, v) => sum + v * v, 0));
  return copy.call(this, data, ...rest);
};
window.loudness = () => Math.max(0, ...window.heard.map((analyser) => {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
}));
"""


@contextlib.contextmanager
def jupyterlab(folder):
    """A JupyterLab server on this folder; gives its address and token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--port-retries=0",
    ]
    command += [f"--IdentityProvider.token={token}", "--expose-app-in-browser", "--allow-root"]
    command += ["--LabApp.extension_manager=readonly"]
    log = (folder / "server.log").open("w")
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "run"),
    }
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            assert server.poll() is None, (folder / "server.log").read_text()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=5).close()
                break
            time.sleep(0.5)
        yield address, token
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture
def page():
    if CHROMIUM is None:
        reason = "no Chromium here: on Debian, apt install chromium brings it"
        pytest.fail(reason) if REQUIRED else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1300})
        page.problems = []
        page.on("console", lambda m: m.type == "error" and page.problems.append(m.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.add_init_script(OVERHEAR)
        yield page
        browser.close()


def open_notebook(page, address, token, name):
    page.goto(f"{address}/doc/tree/{name}?token={token}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell")
    # The notebook's own sign says idle while there is still no kernel; the status bar names the kernel.
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-StatusBar-TextItem')]
                   .some((e) => /^(?!No Kernel).*\\| Idle$/.test(e.textContent.trim()))""",
        timeout=60_000,
    )


def run_all(page):
    """Resolves when every cell has run."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    errors = page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"], .jp-OutputArea-error')
    assert errors.count() == 0, errors.all_inner_texts()


def test_hpss_lecture(page, tmp_path):
    name = "05_hpss_masks.ipynb"
    shutil.copy(NOTEBOOKS / name, tmp_path)
    with jupyterlab(tmp_path) as (address, token):
        open_notebook(page, address, token, name)
        run_all(page)
        slider = page.locator(".widget-slider .noUi-handle").first
        slider.scroll_into_view_if_needed()
        explorer = page.locator(".jp-OutputArea-child", has=slider).last
        picture, player = explorer.locator("img.widget-image"), explorer.locator(".st-player")
        scores = explorer.locator(".widget-html-content")
        play = player.locator(".st-play")

        # It plays, and a button changes what is heard.
        assert page.evaluate("() => window.loudness()") == 0
        play.click()
        page.wait_for_function("() => window.loudness() > 0.05")
        position = float(player.get_attribute("data-position"))
        page.wait_for_timeout(500)
        assert float(player.get_attribute("data-position")) > position + 0.3
        player.get_by_text("percussive").click()
        assert player.get_by_text("percussive").get_attribute("aria-pressed") == "true"

        # The slider moves: a new picture, a new score and a new sound, which goes on where the old one was.
        before = picture.get_attribute("src"), scores.inner_text()
        mixture, harmonic, percussive = page.evaluate("() => window.energies.slice(-3)")
        position = float(player.get_attribute("data-position"))
        slider.focus()
        slider.press("ArrowRight")
        page.wait_for_function(
            "([scores, text]) => scores.innerText !== text", arg=[scores.element_handle(), before[1]]
        )
        page.wait_for_function("([n, e]) => window.energies.at(-n) !== e", arg=[1, percussive])
        assert picture.get_attribute("src") != before[0]
        assert "43 frames" in scores.inner_text()
        energies = page.evaluate("() => window.energies.slice(-3)")
        assert energies[0] == mixture
        assert energies[1] != harmonic
        assert player.get_attribute("data-playing") == "true"
        page.wait_for_function("() => window.loudness() > 0.05")
        assert (float(player.get_attribute("data-position")) - position) % 10 < 5

        # One player at a time: another one pauses this one; and silence is silent.
        other = page.locator(".st-player").first
        other.locator(".st-play").click()
        page.wait_for_function("(player) => player.dataset.playing === 'false'", arg=player.element_handle())
        other.locator(".st-play").click()
        page.wait_for_timeout(800)
        assert page.evaluate("() => window.loudness()") == 0
        assert page.problems == []
