"""A page with widgets, and what every page has to do in every browser."""

import contextlib
import functools
import http.server
import json
import threading

import numpy as np
from ipywidgets.embed import dependency_state

from spectrogramtools import (
    explore_balance,
    explore_errors,
    explore_griffin_lim,
    explore_hpss,
    explore_inner_product,
    explore_moments,
    explore_repet,
    explore_repet_sim,
    explore_similarity,
    explore_songs,
    explore_stft,
    explore_tempo,
    explore_window_sum,
)
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
# A dark theme, as JupyterLab and the site tell widgets of theirs, for a page of class "dark".
DARK = """:root.dark { background: #121212; color: #eee; --jp-layout-color1: #111; --jp-layout-color2: #424242;
  --jp-ui-font-color1: #fff; --jp-border-color1: #616161; --jp-border-color2: #424242; }"""
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


def scores():
    """Of three methods on forty songs, which are harder or easier for all of them."""
    rng = np.random.default_rng(0)
    song = 4 * rng.normal(size=40)
    return {name: song + rng.normal(better, 1, 40) for name, better in (("new", 1), ("old", 0.2), ("plain", 0))}


def a_player():
    return Player(two_signals(), SR)


def an_explorer():
    tone, strokes = two_signals().values()
    return explore_hpss(tone / 2 + strokes / 2, SR, references={"harmonic": tone / 2, "percussive": strokes / 2})


def explorers():
    """Of every kind one."""
    tone, strokes = (y / 2 for y in two_signals().values())
    y = tone + strokes
    yield explore_repet(y, SR, references={"background": strokes, "foreground": tone})
    yield explore_stft(y, SR)
    yield an_explorer()
    yield explore_balance({"tone": tone, "strokes": strokes}, SR)
    yield explore_errors({"tone": tone, "strokes": strokes, "clicks": np.sign(strokes) / 10}, SR)
    yield explore_griffin_lim(y, SR)
    yield explore_repet_sim(y, SR, references={"background": strokes, "foreground": tone})
    yield explore_tempo({"loop": strokes, "voice": tone}, SR, period=1.0)
    yield explore_moments(y, SR)
    yield explore_window_sum(y, SR)
    yield explore_inner_product(y, SR)
    yield explore_similarity(y, SR)
    yield explore_songs(scores())


# What JupyterLab does with a widget: it loads the JavaScript, and hands over a model and an element.
DRAW = """
function modelOf(state) {
  const listeners = new Map();
  const heard = (name) => listeners.get(name) ?? listeners.set(name, new Set()).get(name);
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      heard(`change:${name}`).forEach((f) => f());
    },
    save_changes() {},
    on: (names, f) => names.split(" ").forEach((name) => heard(name).add(f)),
    off: (names, f) => names.split(" ").forEach((name) => heard(name).delete(f)),
  };
}
for (const kept of document.querySelectorAll("script[type='application/json']")) {
  const { state, bytes, code } = JSON.parse(kept.textContent);
  for (const [name, text] of Object.entries(bytes)) {
    state[name] = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  }
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  (await import(address)).default.render({ model: modelOf(state), el: kept.previousElementSibling });
}
"""


def element(model):
    """The place of a widget, and what is known of it."""
    state = {name: value for name, value in model["state"].items() if not name.startswith("_")}
    sounds = {buffer["path"][0]: buffer["data"] for buffer in model.get("buffers", [])}
    text = json.dumps({"state": state, "bytes": sounds, "code": model["state"]["_esm"]}).replace("</", "<\\/")
    return f'<div></div><script type="application/json">{text}</script>'


def write_page(folder, *widgets):
    """A page with these widgets; gives its path."""
    models = dependency_state(widgets, drop_defaults=False)
    path = folder / "page.html"
    style = f"body {{ margin: 8px }} a {{ color: inherit }} {DARK} {models[widgets[0].model_id]['state']['_css']}"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    elements = "".join(element(models[widget.model_id]) for widget in widgets)
    path.write_text(
        f'<!doctype html><html lang="en"><head>{head}<title>A page</title><style>{style}</style></head>'
        f"<body><main><h1>A <a href=page.html>page</a></h1>{elements}</main>"
        f'<script type="module">{DRAW}</script></body></html>',
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
