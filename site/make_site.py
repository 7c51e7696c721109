"""Build the whole course as a web site in build/site: `make site`.

It runs the lectures, lays pages and lectures together in build/pages, and lets Sphinx make the site of them. A broken
link, a picture without a description, a warning of any kind: the build fails.
"""

import hashlib
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from check_pages import problems
from lectures import page
from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).parent.parent
# Pages of the site that stand elsewhere in the repository. The README gives the table of lectures.
ELSEWHERE = {
    Path("README.md"): Path("readme.md"),
    Path("audio/README.md"): Path("clips.md"),
    Path("CONTRIBUTING.md"): Path("contributing.md"),
    Path("CHANGELOG.md"): Path("changelog.md"),
}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")
WORKERS = min(2, os.cpu_count() or 1)


def fingerprint(root: Path) -> str:
    """Of all that decides what a lecture's page holds, but for the lecture itself."""
    digest = hashlib.sha256()
    made_by = (f"site/{name}.py" for name in ("lectures", "elements", "pictures", "sounds"))
    for pattern in ("spectrogramtools/**/*.py", "spectrogramtools/**/*.json", "spectrogramtools/*.mplstyle", "audio/*/*.flac", *made_by):
        for path in sorted(root.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def run_lectures(paths: list[Path], pages: Path, static: Path) -> None:
    """Run each, unless that is done, and write its page's notebook."""
    pages.mkdir(parents=True, exist_ok=True)
    everything = fingerprint(ROOT)
    with ProcessPoolExecutor(WORKERS) as pool:
        # The large ones take longest, so they come first.
        paths = sorted(paths, key=lambda path: -path.stat().st_size)
        for done in as_completed([pool.submit(run, path, pages, static, everything) for path in paths]):
            print(done.result(), flush=True)


def run(path: Path, pages: Path, static: Path, everything: str) -> str:
    key = hashlib.sha256(everything.encode() + path.read_bytes()).hexdigest()
    stamp = pages / f"{path.stem}.run"
    if stamp.exists() and stamp.read_text() == key:
        return f"{path.stem} is as it was"
    page(path, pages / path.name, static)
    stamp.write_text(key)
    return f"{path.stem} has been run"


def lay(pages: Path) -> None:
    """Lay the other pages beside the lectures, with links to where all lies then, and the files that they link to."""
    for source, target in {**{path: path.relative_to(ROOT / "site") for path in (ROOT / "site").rglob("*.md")}, **ELSEWHERE}.items():
        path = pages / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(laid(ROOT / source, pages), encoding="utf-8")


def laid(page: Path, pages: Path) -> str:
    """A page's text with links for the site."""

    def link(match: re.Match) -> str:
        target, anchor = match[1], match[2] or ""
        path = (page.parent / target).resolve().relative_to(ROOT)
        if path.suffix == ".ipynb":
            return f"](/lectures/{path.name}{anchor})"
        if path in ELSEWHERE:
            return f"](/{ELSEWHERE[path]}{anchor})"
        if path.parts[0] == "site":
            return f"](/{path.relative_to('site')}{anchor})"
        (pages / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, pages / path)
        return f"](/{path}{anchor})"

    return LINK.sub(link, page.read_text(encoding="utf-8"))


def sweep(site: Path) -> None:
    """Take away the sounds and pictures of earlier builds that no page has any more."""
    pages = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    wanted = set(re.findall(r"[0-9a-f]{16}", pages))
    for folder in ("sounds", "pictures"):
        for path in (site / "_static" / folder).glob("*"):
            if path.stem not in wanted:
                path.unlink()


def main():
    out = ROOT / "build"
    pages, site = out / "pages", out / "site"
    run_lectures(sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")), pages / "lectures", site / "_static")
    lay(pages)
    strictly = ["-E", "-a", "-W", "--keep-going", "-n", "-q", "-j", str(WORKERS)]
    failed = sphinx([*strictly, "-c", str(ROOT / "site"), "-d", str(out / "doctrees"), str(pages), str(site)])
    sweep(site)
    found = problems(site)
    print(*found, sep="\n")
    sys.exit(failed or bool(found))


if __name__ == "__main__":
    main()
