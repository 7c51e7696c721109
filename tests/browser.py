"""A real JupyterLab in a real browser, for the tests and for `make bench`: server, page, recorder, slow link."""

import asyncio
import atexit
import base64
import contextlib
import functools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import nbformat
import numpy as np

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

# Each update of a player is noted with the times of the key press before it and of the frame that shows it.
WATCH = """
window.pressed = 0;
window.addEventListener("keydown", (e) => (window.pressed = e.timeStamp), true);
window.updates = [];
// Without polling, which would slow down what is measured.
window.updatesReach = async (n) => {
  const next = (done) => window.addEventListener("update-noted", done, { once: true });
  while (window.updates.length < n) await new Promise(next);
};
window.addEventListener("spectrogramtools-updated", ({ detail, target }) => {
  const update = { ...detail, pressed: window.pressed, at: performance.now(), version: Number(target.dataset.version) };
  requestAnimationFrame(() => {
    const channel = new MessageChannel(); // comes after the frame has been painted
    channel.port1.onmessage = () => {
      window.updates.push({ ...update, painted: performance.now() });
      window.dispatchEvent(new Event("update-noted"));
    };
    channel.port2.postMessage(0);
  });
});
"""
# Beside the loudspeaker the page's sound goes into a recorder, sample by sample.
OVERHEAR = """
const recorder = URL.createObjectURL(new Blob([`
  registerProcessor("recorder", class extends AudioWorkletProcessor {
    process([input]) {
      const both = new Float32Array(256); // left, then right; mono is on both sides
      if (input[0]) [input[0], input[1] ?? input[0]].forEach((side, c) => both.set(side, 128 * c));
      this.port.postMessage([currentFrame, both]);
      return true;
    }
  });`], { type: "text/javascript" }));
window.recorded = [];
window.recording = false;
const Original = window.AudioContext;
window.AudioContext = class extends Original {
  constructor(options) {
    super(options);
    window.audio = this;
    this.tap = this.createGain();
    this.ready = this.audioWorklet.addModule(recorder).then(() => {
      const node = new AudioWorkletNode(this, "recorder");
      connect.call(this.tap, node);
      connect.call(node, this.destination);
      // A notebook that was open before may have left one behind.
      node.port.onmessage = ({ data }) => window.recording && window.audio === this && window.recorded.push(data);
    });
  }
};
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (target instanceof AudioDestinationNode) connect.call(this, this.context.tap);
  return connect.call(this, target, ...rest);
};
window.loudness = () => {
  const last = window.recorded.slice(-40);
  return last.length < 40 ? null : Math.max(...last.map(([, block]) => Math.max(...block.map(Math.abs))));
};
window.bytesOfRecording = () => {
  const blocks = window.recorded.map(([, block]) => block);
  const all = new Float32Array(blocks.length * 256);
  blocks.forEach((block, i) => all.set(block, i * 256));
  const bytes = new Uint8Array(all.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return [window.recorded.map(([frame]) => frame), btoa(text)];
};
"""
# What was changed in the notebook that is open is dropped, and nobody asked about it.
CLOSE = """async () => {
  for (const open of [...window.jupyterapp.shell.widgets("main")]) {
    if (open.context) open.context.model.dirty = false;
    await open.close();
  }
}"""


@contextlib.contextmanager
def jupyterlab(folder):
    """A JupyterLab server on this folder; gives its address and token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--port-retries=0", f"--IdentityProvider.token={token}", "--expose-app-in-browser", "--allow-root"]
    command += ["--LabApp.extension_manager=readonly", "--ServerApp.allow_remote_access=True"]
    log = (folder / "server.log").open("w")
    home = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_RUNTIME_DIR": str(folder / "run")}
    settings = folder / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '{"@jupyterlab/apputils-extension:notification":'
        ' {"fetchNews": "false", "checkForUpdates": false, "doNotDisturbMode": true}}'
    )
    # The debugger asks each kernel for its state, and complains in the console if the notebook is closed meanwhile.
    (settings.parent / "page_config.json").write_text(
        '{"disabledExtensions": {"@jupyterlab/debugger-extension": true}}'
    )
    server = subprocess.Popen(command, cwd=folder, env={**os.environ, **home}, stdout=log, stderr=log)
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


@functools.cache
def launched():
    """One Chromium for all pages of a process; each page has its own memory."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@contextlib.contextmanager
def chromium(*scripts, width=1200, height=1300, has_touch=False):
    """A page that runs these scripts first and whose console errors are collected in `problems`."""
    page = launched().new_page(viewport={"width": width, "height": height}, has_touch=has_touch)
    page.problems = []
    page.on("console", lambda m: m.type == "error" and page.problems.append(m.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    for script in scripts:
        page.add_init_script(script)
    try:
        yield page
    finally:
        page.context.close()


def write_notebook(path, *cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def open_notebook(page, address, token, name):
    """By its address, which takes seconds; or in place of what is open, in a page that is JupyterLab already."""
    if page.url.startswith(address):
        page.evaluate(CLOSE)
        page.problems.clear()  # what was said while the one before was closed
        page.evaluate("(path) => window.jupyterapp.commands.execute('docmanager:open', { path })", name)
    else:
        page.goto(f"{address}/doc/tree/{name}?token={token}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell")
    wait_for_kernel(page)


def wait_for_kernel(page):
    # The notebook's own sign says idle while there is still no kernel; the status bar names the kernel.
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-StatusBar-TextItem')]
                   .some((e) => /^(?!No Kernel).*\\| Idle$/.test(e.textContent.trim()))""",
        timeout=60_000,
    )


def run_all(page):
    """Resolves when every cell has run."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    assert_no_error(page)


def assert_no_error(page):
    errors = page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"], .jp-OutputArea-error')
    assert errors.count() == 0, errors.all_inner_texts()


def run_in_kernel(page, code):
    """Run code in the notebook's kernel and give what it prints."""
    # It hears of a slider when the picture has been painted.
    page.wait_for_function("() => !document.querySelector('.st-explorer[data-told=false]')")
    return page.evaluate(
        """async (code) => {
             const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
             const future = kernel.requestExecute({ code, store_history: false });
             let text = "";
             future.onIOPub = ({ header, content }) => {
               if (header.msg_type === "stream") text += content.text;
               if (header.msg_type === "error") text += content.traceback.join("\\n");
             };
             await future.done;
             return text;
           }""",
        code,
    )


def swipe(page, *places):
    """A finger that comes down at the first place, goes along the others and is lifted at the last."""
    finger = page.context.new_cdp_session(page)
    for kind, (x, y) in zip(["touchStart"] + ["touchMove"] * (len(places) - 1), places, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(30)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(100)


def start_recording(page):
    page.evaluate("async () => { await window.audio.ready; window.recorded = []; window.recording = true; }")


def wait_for_recording(page, seconds, sr):
    """Until so much more has been recorded."""
    blocks = page.evaluate("() => window.recorded.length") + int(seconds * sr / 128)
    page.wait_for_function("(n) => window.recorded.length >= n", arg=blocks)


def recording(page):
    """What was heard on both sides alike."""
    left, right = stereo_recording(page)
    assert (left == right).all()
    return left


def stereo_recording(page):
    """The samples of the left and the right side, after a check that none is missing."""
    frames, text = page.evaluate("() => { window.recording = false; return window.bytesOfRecording(); }")
    assert (np.diff(frames) == 128).all(), "the recorder missed a block"
    blocks = np.frombuffer(base64.b64decode(text), "<f4").astype(np.float64).reshape(-1, 2, 128)
    return blocks.transpose(1, 0, 2).reshape(2, -1)


@contextlib.contextmanager
def slow_link(address, megabits=10.0, delay=0.04):
    """A relay before this address, so fast and so late in each direction; gives its own address and a dial.

    `dial(False)` lets everything through at once, for loading the page.
    """
    host, port = address.removeprefix("http://").split(":")
    on = threading.Event()
    on.set()
    loop = asyncio.new_event_loop()

    async def pump(reader, writer):
        queue = asyncio.Queue()
        free_at = 0.0  # when the line has sent what it was given

        async def deliver():
            while True:
                due, data = await queue.get()
                await asyncio.sleep(max(0, due - loop.time()))
                if not data:
                    writer.close()
                    return
                writer.write(data)
                await writer.drain()

        delivery = asyncio.ensure_future(deliver())
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(8192):
                if on.is_set():
                    free_at = max(free_at, loop.time()) + 8 * len(data) / (megabits * 1e6)
                    queue.put_nowait((free_at + delay, data))
                    await asyncio.sleep(max(0, free_at - loop.time() - 0.05))  # the sender has to wait as well
                else:
                    queue.put_nowait((0, data))
        queue.put_nowait((free_at + delay, b""))
        with contextlib.suppress(ConnectionError):
            await delivery

    async def relay(reader, writer):
        there, back = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = loop.run_until_complete(asyncio.start_server(relay, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield (
            f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            lambda slow: on.set() if slow else on.clear(),
        )
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
