"""From a key press to the new picture and the new sound, in a real browser. Part of `make bench`.

An explorer is opened in JupyterLab, over a slow link, on a page that has no kernel, and with a processor that is four
times slower. A slider gets its focus, and the right arrow is pressed again and again while the player plays. The page
notes when the key went down, when the Worker's result was there, when the picture had been painted and when the
AudioContext will start the new sound; what crosses the page's socket is counted in both directions. The browser's
throttle slows the page down but not its Workers, so there what the Worker takes counts four times.
"""

import statistics
import tempfile
import time
from pathlib import Path

import browser
from living_page import write_page

SET_UP = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import numpy as np
from spectrogramtools import *
from loops import SR, make_loop
loop = make_loop(1)
def song(seconds):
    n = seconds * SR
    background = np.tile(loop.background[: loop.period], 99)[:n].astype(np.float32)
    voice = np.resize(loop.voice, n).astype(np.float32)
    voice *= background.std() / voice.std()
    scale = 0.9 / np.abs(background + voice).max()
    return {{"background": scale * background, "voice": scale * voice}}
"""
HPSS = "e = explore_hpss(sum(song({s}).values()), SR, references=song({s})); e"
EXPLORERS = {
    "HPSS": HPSS,
    "HPSS, margin 2": HPSS.replace("; e", "; e.margin.value = 2; e"),
    "REPET": "e = explore_repet(sum(song({s}).values()), SR, references=song({s}), period=loop.period / SR); e",
    "window sum": "e = explore_window_sum(sum(song({s}).values()), SR); e",
    "inner product": "e = explore_inner_product(sum(song({s}).values()), SR); e",
    "similarity": "e = explore_similarity(sum(song({s}).values()), SR); e",
}
SLIDERS = {
    "HPSS": "winh_frames",
    "HPSS, margin 2": "winh_frames",
    "REPET": "period",
    "inner product": "frequency",
    "window sum": "hop",
    "similarity": "lag",
}
# Which explorer, how long a clip, where it is opened, and how many times slower the processor is.
LAB, SLOW, PAGE = "JupyterLab", "JupyterLab over 10 Mbit/s and 40 ms", "a page from a file"
CASES = [(name, 10, LAB, 1) for name in EXPLORERS] + [("HPSS", 30, LAB, 1), ("REPET", 30, LAB, 1)]
CASES += [(name, 10, where, 1) for where in (SLOW, PAGE) for name in ("HPSS", "REPET")]
CASES += [("HPSS", 10, PAGE, 4), ("REPET", 10, PAGE, 4)]
AT_REST = 25  # seconds after which JupyterLab has loaded all that it goes on loading behind a page that can be used
# Everything that crosses the page's socket.
COUNT_BYTES = """
window.crossed = 0;
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => (window.crossed += data.byteLength ?? data.length));
  }
  send(data) {
    window.crossed += data.byteLength ?? data.length;
    super.send(data);
  }
};
"""


def percentile(values, p):
    return sorted(values)[min(len(values) - 1, int(p / 100 * len(values)))]


def press(page, times):
    """Press the arrow and wait each time until the picture is there; the updates, and the bytes of each."""
    page.evaluate("() => (window.updates = [])")
    sizes = []
    for k in range(times):
        before, crossed = page.evaluate("() => [window.updates.length, window.crossed]")
        page.keyboard.press("ArrowRight" if k % 20 < 10 else "ArrowLeft")
        page.evaluate("(n) => window.updatesReach(n)", before + 1)
        time.sleep(0.2)
        sizes.append(page.evaluate("() => window.crossed") - crossed)
    return page.evaluate("() => window.updates"), sizes


def seen_and_heard(update, times=1):
    """When both are there: the picture painted, the sound about to start."""
    there = max(update["painted"], update["at"] + 1000 * (update["startsIn"] or 0)) - update["pressed"]
    return there + (times - 1) * update["computed"]


def report(name, updates, sizes, times):
    total = [seen_and_heard(u, times) for u in updates]
    line = f"{name:48} {total[0]:6.0f} {statistics.median(total):7.0f} {percentile(total, 95):6.0f}"
    line += f" {times * statistics.median(u['computed'] for u in updates):10.0f}"
    line += f" {statistics.median(u['painted'] - u['arrived'] for u in updates):8.0f}"
    print(line + f" {statistics.median(sizes) / 1000:6.1f}", flush=True)


def held(page):
    """Hold the key for five seconds; how long after its release the last value is seen and heard."""
    page.evaluate("() => (window.updates = [])")
    end = time.perf_counter() + 5
    while time.perf_counter() < end:
        page.keyboard.down("ArrowRight" if int(end - time.perf_counter()) % 2 else "ArrowLeft")
        time.sleep(0.03)  # as often as a keyboard repeats
    page.keyboard.up("ArrowRight")
    page.keyboard.up("ArrowLeft")
    count = -1
    while count != (count := page.evaluate("() => window.updates.length")):
        time.sleep(1.5)
    last = page.evaluate("() => ({ ...window.updates.at(-1), n: window.updates.length })")
    print(f"{'':48} key held for 5 s: {last['n']} updates, the last one {seen_and_heard(last):.0f} ms after it")


def prove_slow(page):
    """How long a megabyte takes through the page's WebSocket, in seconds."""
    start = time.perf_counter()
    text = browser.run_in_kernel(page, "import sys; sys.stdout.write('x' * 900_000); sys.stdout.flush()")
    assert len(text) == 900_000
    return time.perf_counter() - start


def made(cell):
    """The explorer of a cell."""
    names = {}
    exec(SET_UP + cell.rpartition("; ")[0], names)
    return names["e"]


def slow_down(page, times):
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def main():
    if browser.CHROMIUM is None:
        print("\nNo Chromium here: the latency of the explorers is not measured.")
        return
    print("\nFrom the key press to picture and sound, ms, while playing")
    print(f"{'':48} {'first':>6} {'median':>7} {'95 %':>6} {'computing':>10} {'drawing':>8} {'kB':>6}")
    folder = Path(tempfile.mkdtemp())
    with browser.jupyterlab(folder) as (address, token), browser.slow_link(address) as (relay, dial):
        for name, seconds, where, times in CASES:
            cell = EXPLORERS[name].format(s=seconds)
            with browser.chromium(browser.WATCH, COUNT_BYTES) as page:
                dial(False)
                if where == PAGE:
                    page.goto(write_page(folder, made(cell)).as_uri())
                else:
                    browser.write_notebook(folder / "explorer.ipynb", SET_UP, cell)
                    browser.open_notebook(page, relay if where == SLOW else address, token, "explorer.ipynb")
                    browser.run_all(page)
                page.locator(".st-explorer[aria-busy=false]").wait_for()
                time.sleep(0 if where == PAGE else AT_REST)
                dial(where == SLOW)
                if where == SLOW and name == "HPSS":
                    print(f"there 0.9 MB take {prove_slow(page):.2f} s:")
                if times > 1:
                    slow_down(page, times)
                page.locator(".st-play").click()
                page.locator(f"[data-control={SLIDERS[name]}]").focus()
                label = f"{name}, {seconds} s, {where}" + (f", {times} times slower" if times > 1 else "")
                report(label, *press(page, 20 if where == SLOW else 60), times)
                if where == LAB:
                    held(page)
                assert page.problems == [], page.problems
                if where != PAGE:
                    browser.run_in_kernel(page, "exit()")


if __name__ == "__main__":
    main()
