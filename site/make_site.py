"""Build the whole course as a web site in build/site: `make site`.

It runs the lectures, lays pages and lectures together in build/pages, and lets Sphinx make the site of them. A broken
link, a picture without a description, a page that is too heavy, a warning of any kind: the build fails. A lecture is
run anew when it, the module or a clip has changed since `make site` or `make test`.

`python site/make_site.py FOLDER` does the same with the folders `notebooks` and `site` of another folder.
"""

import hashlib
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import runs
from check_pages import problems
from lectures import page
from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).parent
ROOT = HERE.parent
# Pages of the site that stand elsewhere in the repository. The README gives the table of lectures.
ELSEWHERE = {
    Path("README.md"): Path("readme.md"),
    Path("audio/README.md"): Path("clips.md"),
    Path("CONTRIBUTING.md"): Path("contributing.md"),
    Path("CHANGELOG.md"): Path("changelog.md"),
}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")
WORKERS = min(2, os.cpu_count() or 1)


def make_lectures(notebooks: Path, pages: Path, static: Path) -> None:
    """Write the notebook of each lecture's page, unless that is done."""
    if not static.exists():
        shutil.rmtree(pages, ignore_errors=True)  # their sounds are gone
    for folder in (pages, pages.parent / "notebooks"):
        folder.mkdir(parents=True, exist_ok=True)
    # The large ones take longest, so they come first.
    paths = sorted(notebooks.glob("[0-9]*.ipynb"), key=lambda path: -path.stat().st_size)
    with ProcessPoolExecutor(WORKERS) as pool:
        for done in as_completed([pool.submit(one, path, pages, static) for path in paths]):
            print(done.result(), flush=True)


def one(path: Path, pages: Path, static: Path) -> str:
    made_by = b"".join((HERE / f"{name}.py").read_bytes() for name in ("lectures", "elements", "pictures", "sounds"))
    key = runs.key(path) + hashlib.sha256(made_by).hexdigest()
    stamp = pages / f"{path.stem}.run"
    if stamp.exists() and stamp.read_text() == key:
        return f"{path.stem} is as it was"
    try:
        page(path, pages / path.name, static)
    except Exception as error:
        error.add_note(f"in {path.name}")
        raise
    stamp.write_text(key)
    return f"{path.stem} is done"


def lay(course: Path, pages: Path) -> None:
    """Lay the other pages beside the lectures, with links to where all lies then, and the files that they link to."""
    places = {path.relative_to(course): path.relative_to(course / "site") for path in course.glob("site/**/*.md")}
    places |= {source: target for source, target in ELSEWHERE.items() if (course / source).exists()}

    def link(match: re.Match, page: Path) -> str:
        path = (page.parent / match[1]).resolve().relative_to(course)
        if not (course / path).exists():
            return match[0]  # Sphinx will say so
        target = Path("lectures", path.name) if path.suffix == ".ipynb" else places.get(path, path)
        if target == path:  # a file, to be looked at or taken
            (pages / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(course / path, pages / path)
        return f"](/{target.as_posix()}{match[2] or ''})"

    for source, target in places.items():
        text = (course / source).read_text(encoding="utf-8")
        (pages / target).parent.mkdir(parents=True, exist_ok=True)
        laid = LINK.sub(lambda match, page=course / source: link(match, page), text)
        (pages / target).write_text(laid, encoding="utf-8")


def sweep(site: Path) -> None:
    """Take away the sounds and pictures of earlier builds that no page has any more."""
    wanted = {key for path in site.rglob("*.html") for key in re.findall(r"[0-9a-f]{16}", path.read_text("utf-8"))}
    for folder in ("sounds", "pictures"):
        for path in (site / "_static" / folder).glob("*"):
            if path.stem not in wanted:
                path.unlink()


def main():
    course = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    out = course / "build"
    pages, site = out / "pages", out / "site"
    make_lectures(course / "notebooks", pages / "lectures", site / "_static")
    lay(course, pages)
    strictly = ["-E", "-a", "-W", "--keep-going", "-n", "-q", "-j", str(WORKERS)]
    failed = sphinx([*strictly, "-c", str(HERE), "-d", str(out / "doctrees"), str(pages), str(site)])
    sweep(site)
    found = problems(site)
    print(*found, "The site is not as it should be." if failed or found else f"The site is in {site}", sep="\n")
    sys.exit(bool(failed or found))


if __name__ == "__main__":
    main()
