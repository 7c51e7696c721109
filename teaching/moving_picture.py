"""The README's picture that moves, made anew: `make moving-picture`.

A Chromium opens an explorer over the violin and the castanets, listens to the harmonic part and moves a slider from end
to end; what it shows becomes an animated picture.
"""

import io
import sys
import tempfile
from pathlib import Path

import browser
from PIL import Image

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "notebooks" / "images" / "explore_hpss.webp"
CELLS = (
    "from spectrogramtools import *\nclip = load_clip('violin_castanets')",
    "explore_hpss(clip.mixture, clip.sr, references=clip.stems, power=2)",
)
# Where the slider stands in each picture, and for how long each is seen.
PLACES = (0, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 28, 32, 36, 40)
MILLISECONDS = 250


def main():
    if browser.CHROMIUM is None:
        sys.exit("No Chromium here: on Debian, apt install chromium brings it.")
    folder = Path(tempfile.mkdtemp())
    browser.write_notebook(folder / "explorer.ipynb", *CELLS)
    with browser.jupyterlab(folder) as (address, token), browser.chromium(browser.WATCH, width=1060) as page:
        browser.open_notebook(page, address, token, "explorer.ipynb")
        browser.run_all(page)
        explorer = page.locator(".st-explorer")
        slider = page.locator("[data-control=winh_frames]")
        page.locator(".st-explorer[aria-busy=false]").wait_for()
        explorer.get_by_role("button", name="percussive", exact=True).click()
        explorer.locator(".st-play").click()
        pictures = []
        for place in (*PLACES, *PLACES[-2:0:-1]):
            slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", place)
            page.locator(".st-explorer[aria-busy=false]").wait_for()
            page.wait_for_timeout(MILLISECONDS)
            pictures.append(Image.open(io.BytesIO(explorer.screenshot())).convert("RGB"))
    first, *rest = pictures
    first.save(TARGET, save_all=True, append_images=rest, duration=MILLISECONDS, loop=0, quality=60, method=6)
    print(f"{TARGET.relative_to(ROOT)}: {len(pictures)} pictures, {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
