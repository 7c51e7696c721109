"""Firefox and WebKit with those verbs of Playwright's page that the tests need, so that one test runs in all three.

Firefox is spoken to by WebDriver BiDi, which it has built in; WebKit by WebDriver, which Debian's webkit2gtk-driver
translates. Both hands of it are real: a click counts as a person's, without which no browser lets a page sound. What
sounds goes into a sink of PulseAudio that throws it away at the right speed: without any output, Firefox doesn't start.
"""

import base64
import contextlib
import functools
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import browser
import pytest
from websocket import create_connection

BROWSERS = ["chromium", "firefox", "webkit"]
FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
WINDOW = Path(__file__).parent / "webkit_window.py"
DEBIAN = "firefox-esr webkit2gtk-driver gir1.2-webkit2-4.1 python3-gi xvfb pulseaudio"
PATIENCE = 60  # seconds
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Escape": "\ue00c", "Space": " ", "Home": "\ue011"}
KEYS |= {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}


def missing(name):
    """What keeps this browser from being driven here; nothing if it can be."""
    there = {
        "chromium": browser.CHROMIUM,
        "firefox": FIREFOX and shutil.which("pulseaudio"),
        "webkit": shutil.which("WebKitWebDriver") and shutil.which("Xvfb") and shutil.which("pulseaudio"),
    }[name]
    return "" if there else f"no {name} to be driven here: on Debian, apt install chromium {DEBIAN} brings all"


@contextlib.contextmanager
def opened(name, *scripts, width=1200, height=1000):
    """A page of "chromium", "firefox" or "webkit" that runs these scripts first and notes its errors in `problems`."""
    if reason := missing(name):
        pytest.fail(reason) if browser.REQUIRED else pytest.skip(reason)
    if name == "chromium":
        with browser.chromium(*scripts, width=width, height=height) as page:
            yield page
        return
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        environment = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        sink = f"module-native-protocol-unix socket={folder}/sound auth-anonymous=1"
        command = ["pulseaudio", "-n", "--use-pid-file=no", "--disable-shm=yes", "--exit-idle-time=-1"]
        command += ["--load=module-null-sink", f"--load={sink}"]
        ends.enter_context(running(command, environment, folder / "pulseaudio"))
        wait_until((folder / "sound").exists)
        environment["PULSE_SERVER"] = f"unix:{folder}/sound"
        kind = {"firefox": Firefox, "webkit": WebKit}[name]
        page = kind(ends, folder, environment, scripts, width, height)
        page.unplug = functools.partial(subprocess.run, ["pactl", "unload-module", "module-null-sink"], env=environment)
        yield page


@contextlib.contextmanager
def running(command, environment, log):
    """A program with all that it starts, until the end of the block."""
    with log.open("a") as lines:
        program = subprocess.Popen(command, env=environment, stdout=lines, stderr=lines, start_new_session=True)
    try:
        yield program
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait(PATIENCE)


def wait_until(ready):
    deadline = time.monotonic() + PATIENCE
    while not (result := ready()):
        assert time.monotonic() < deadline, "the browser doesn't start"
        time.sleep(0.02)
    return result


class Page:
    """What both have in common; `arg` and results are whatever JSON can hold, and elements are named by selectors.

    One verb Playwright has not: `unplug` takes the loudspeaker away.
    """

    def wait_for_function(self, function, arg=None):
        found = self.evaluate(
            f"""async ([arg, patience]) => {{
                  const until = performance.now() + patience;
                  while (performance.now() < until) {{
                    if (await ({function})(arg)) return true;
                    await new Promise((done) => setTimeout(done, 20));
                  }}
                }}""",
            [arg, PATIENCE * 500],
        )
        assert found, f"waited in vain for {function} of {arg}"

    def click(self, selector, position=None):
        x, y = self._place(selector, position)
        self._point([{"x": x, "y": y}])

    def drag_and_drop(self, source, target, source_position=None, target_position=None):
        places = self._place(source, source_position), self._place(target, target_position)
        self._point([{"x": x, "y": y} for x, y in places])

    def press(self, selector, keys):
        self.evaluate("(selector) => document.querySelector(selector).focus()", selector)
        keys = [KEYS.get(key, key) for key in keys.split("+")]
        actions = [{"type": "keyDown", "value": key} for key in keys]
        actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._perform({"type": "key", "id": "keys", "actions": actions})

    def screenshot(self, path):
        Path(path).write_bytes(base64.b64decode(self._picture()))

    def _place(self, selector, position):
        return self.evaluate(
            """([selector, at]) => {
                 const e = document.querySelector(selector);
                 e.scrollIntoView({ block: "center", behavior: "instant" });
                 const { left, top, width, height } = e.getBoundingClientRect();
                 return [left + (at?.x ?? width / 2), top + (at?.y ?? height / 2)].map(Math.round);
               }""",
            [selector, position],
        )

    def _point(self, places):
        to = [{"type": "pointerMove", "duration": 50, **place} for place in places]
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._perform({"type": "pointer", "id": "mouse", "actions": [to[0], down, *to[1:], up]})


class Firefox(Page):
    def __init__(self, ends, folder, environment, scripts, width, height):
        profile = folder / "profile"
        profile.mkdir()
        command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        ends.enter_context(running(command, environment, log := folder / "firefox"))
        listening = wait_until(lambda: re.search(r"BiDi listening on (ws://\S+)", log.read_text()))
        self._socket = create_connection(f"{listening[1]}/session", timeout=PATIENCE, suppress_origin=True)
        ends.callback(self._socket.close)
        self._numbers = itertools.count()
        self._problems = []
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["log.entryAdded"])
        # The first tab never has the focus.
        self._context = self._call("browsingContext.create", type="tab")["context"]
        self._call("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})
        for script in scripts:
            self._call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def _call(self, method, **parameters):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            entry = answer.get("params", {})
            if answer.get("method") == "log.entryAdded" and entry["level"] == "error":
                self._problems.append(entry["text"])
        assert answer["type"] == "success", answer
        return answer["result"]

    @property
    def problems(self):
        self._call("session.status")  # what was said before its answer has arrived
        return self._problems

    def goto(self, address):
        self._call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, function, arg=None):
        expression = f"(async () => JSON.stringify([await ({function})({json.dumps(arg)})]))()"
        target = {"context": self._context}
        answer = self._call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])[0]

    def _perform(self, source):
        self._call("input.performActions", context=self._context, actions=[source])

    def _picture(self):
        return self._call("browsingContext.captureScreenshot", context=self._context)["data"]


class WebKit(Page):
    def __init__(self, ends, folder, environment, scripts, width, height):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        screen, self._log = folder / "screen", folder / "webkit"
        command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "2000x2000x24"]
        ends.enter_context(running(command, environment, screen))
        environment["DISPLAY"] = ":" + wait_until(lambda: re.search(r"^\d+\n", screen.read_text(), re.M))[0].strip()
        # Each line is written when it ends, so that no error is kept back.
        command = ["stdbuf", "-oL", "WebKitWebDriver", f"--port={self._address.rpartition(':')[2]}"]
        ends.enter_context(running(command, environment, self._log))
        wait_until(self._ready)
        options = {"binary": str(WINDOW), "args": list(scripts)}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options, "timeouts": {"script": 1000 * PATIENCE}}}
        self._session = f"/session/{self._call('POST', '/session', capabilities=capabilities)['sessionId']}"
        self._call("POST", f"{self._session}/window/rect", width=width, height=height)

    def _ready(self):
        with contextlib.suppress(OSError):
            return self._call("GET", "/status")["ready"]

    def _call(self, method, path, **parameters):
        body = json.dumps(parameters).encode() if method == "POST" else None
        request = urllib.request.Request(self._address + path, body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    @property
    def problems(self):
        return re.findall(r"CONSOLE (?:JS )?ERROR (.*)", self._log.read_text())

    def goto(self, address):
        self._call("POST", f"{self._session}/url", url=address)

    def evaluate(self, function, arg=None):
        script = f"""const [arg, done] = arguments;
            (async () => ({function})(arg))().then((v) => done([v ?? null]), (e) => done([null, String(e)]));"""
        result, *error = self._call("POST", f"{self._session}/execute/async", script=script, args=[arg])
        assert not error, error
        return result

    def _perform(self, source):
        self._call("POST", f"{self._session}/actions", actions=[source])

    def _picture(self):
        return self._call("GET", f"{self._session}/screenshot")
