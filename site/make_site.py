"""Build the whole course as a web site in build/site: `make site`.

It runs the lectures, lays pages and lectures together in build/pages, and lets Sphinx make the site of them. A broken
link, a picture without a description, a warning of any kind: the build fails.
"""

import hashlib
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from lectures import page
from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).parent.parent
WORKERS = min(2, os.cpu_count() or 1)


def fingerprint(root: Path) -> str:
    """Of all that decides what a lecture's page holds, but for the lecture itself."""
    digest = hashlib.sha256()
    for pattern in ("spectrogramtools/**/*.py", "spectrogramtools/*.mplstyle", "audio/*/*.flac", "site/*.py", "constraints.txt"):
        for path in sorted(root.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def run_lectures(paths: list[Path], pages: Path, static: Path) -> None:
    """Run each, unless that is done, and write its page's notebook."""
    pages.mkdir(parents=True, exist_ok=True)
    everything = fingerprint(ROOT)
    with ProcessPoolExecutor(WORKERS) as pool:
        running = []
        # The large ones take longest, so they come first.
        for path in sorted(paths, key=lambda path: -path.stat().st_size):
            key = hashlib.sha256(everything.encode() + path.read_bytes()).hexdigest()
            stamp = pages / f"{path.stem}.run"
            if stamp.exists() and stamp.read_text() == key:
                continue
            running.append((path, stamp, key, pool.submit(page, path, pages / path.name, static)))
        for path, stamp, key, future in running:
            future.result()
            stamp.write_text(key)
            print(f"{path.stem} has been run", flush=True)


def main():
    out = ROOT / "build"
    pages, site = out / "pages", out / "site"
    run_lectures(sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")), pages / "lectures", site / "_static")
    for path in (ROOT / "site").glob("*.md"):
        shutil.copy(path, pages)
    shutil.copytree(ROOT / "notebooks" / "images", pages / "images", dirs_exist_ok=True)
    options = ["-W", "--keep-going", "-n", "-q", "-j", str(WORKERS), "-c", str(ROOT / "site"), "-d", str(out / "doctrees")]
    sys.exit(sphinx([*options, str(pages), str(site)]))


if __name__ == "__main__":
    main()
