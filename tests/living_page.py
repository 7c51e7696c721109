"""A page with widgets, and what every page has to do in every browser."""

import contextlib
import functools
import http.server
import json
import threading

import numpy as np
from ipywidgets.embed import dependency_state

from spectrogramtools.player.widget import Player

PLAYER = ".st-player"
SR = 22050
SECONDS = 3
SLOWEST = 3  # seconds until the first picture is seen

# Beside the loudspeaker, what sounds goes into an analyser, whose memory of the last 1.5 s of samples can be read.
OVERHEAR = """
window.listener = null;
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target === this.context.destination) {
    if (listener?.context !== this.context) window.listener = new AnalyserNode(this.context, { fftSize: 32768 });
    connect.call(this, listener);
  }
  return connect.call(this, target, ...rest);
};
window.lastHeard = () => {
  const samples = new Float32Array(32768);
  listener?.getFloatTimeDomainData(samples);
  return [...samples];
};
"""
# In a spectrogram there are many colours.
DRAWN = """(selector) => {
  const canvas = document.querySelector(selector);
  if (!canvas || canvas.width < 200) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size > 20;
}"""


def two_signals():
    """A tone that rises from 200 Hz to 2 kHz, and strokes of noise, four a second."""
    t = np.arange(SECONDS * SR) / SR
    tone = 0.4 * np.sin(2 * np.pi * (200 + 300 * t) * t)
    strokes = np.random.default_rng(0).uniform(-0.8, 0.8, len(t)) * np.exp(-40 * (t % 0.25))
    return {"tone": tone, "strokes": strokes}


# What JupyterLab does with a widget: it loads the JavaScript, and hands over a model and an element.
DRAW = """
const state = JSON.parse(document.getElementById("state").textContent);
for (const [name, text] of Object.entries(state.bytes)) {
  state[name] = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}
const listeners = new Map();
const heard = (name) => listeners.get(name) ?? listeners.set(name, new Set()).get(name);
const model = {
  get: (name) => state[name],
  set(name, value) {
    state[name] = value;
    heard(`change:${name}`).forEach((f) => f());
  },
  save_changes() {},
  on: (names, f) => names.split(" ").forEach((name) => heard(name).add(f)),
  off: (names, f) => names.split(" ").forEach((name) => heard(name).delete(f)),
};
const code = document.getElementById("code").textContent;
const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
(await import(address)).default.render({ model, el: document.getElementById("widget") });
"""


def write_page(folder):
    """A page with a player of these two; gives its path."""
    player = Player(two_signals(), SR)
    model = dependency_state([player], drop_defaults=False)[player.model_id]
    state = {name: value for name, value in model["state"].items() if not name.startswith("_")}
    state["bytes"] = {buffer["path"][0]: buffer["data"] for buffer in model["buffers"]}
    path = folder / "player.html"
    style = f":root {{ color-scheme: light dark }} body {{ margin: 8px }} {model['state']['_css']}"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    kept = f'<script type="application/json" id="state">{json.dumps(state)}</script>'
    code = f'<script type="text/plain" id="code">{model["state"]["_esm"]}</script>'
    path.write_text(
        f'<!doctype html><html lang="en"><head>{head}<title>A player</title><style>{style}</style></head>'
        f'<body><main><h1>A player</h1><div id="widget"></div></main>{kept}{code}<script type="module">{DRAW}</script>'
        "</body></html>",
        encoding="utf-8",
    )
    return path


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of a server of this folder."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def assert_lives(page, address, player=PLAYER):
    """The page opens without a word in the console, its first picture is there soon, and its first player sounds."""
    page.goto(address)
    page.wait_for_function(DRAWN, arg=f"{player} canvas")
    assert page.evaluate("() => performance.now()") < 1000 * SLOWEST
    page.evaluate(f"() => {{ {OVERHEAR} }}")
    page.click(f"{player} .st-play")
    wait_for(page, player, "playing", "v === 'true'")
    page.wait_for_function("() => lastHeard().some((v) => Math.abs(v) > 0.001)")
    page.click(f"{player} .st-play")
    wait_for(page, player, "playing", "v === 'false'")
    assert page.problems == []


def wait_for(page, selector, name, test):
    """Until what a widget says of itself passes the test, an expression of `v`."""
    function = f"([selector, name]) => {{ const v = document.querySelector(selector).dataset[name]; return {test}; }}"
    page.wait_for_function(function, arg=[selector, name])


def said(page, selector, name):
    """What a widget says of itself."""
    return page.evaluate("([selector, name]) => document.querySelector(selector).dataset[name]", [selector, name])


def heard(page):
    """The last 1.5 seconds."""
    return np.array(json.loads(page.evaluate("() => JSON.stringify(lastHeard())")))
