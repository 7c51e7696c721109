"""What a build must not leave behind: links that lead nowhere, pictures without a description, anything that is fetched
from another machine, sounds that are not there, pages that weigh too much.

Function: `problems`.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Bytes before the first sound is played: the page itself, and all styles, scripts and pictures that it asks for.
HEAVIEST = 1_500_000
FETCHED = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src", "audio": "src", "video": "src"}


class Page(HTMLParser):
    """A page's anchors, its links, what it fetches, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.wrong: list[str] = []
        self.widgets: list[str] = []
        self._inside = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self._inside = "json" if given.get("type") == "application/json" else ""
        self.anchors.update(given[name] for name in ("id", "name") if given.get(name))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "img" and not given.get("alt"):
            self.wrong.append(f"a picture without a description: {given.get('src')}")
        if address := given.get(FETCHED.get(tag, "")):
            # Of other links only styles and icons are fetched.
            if tag != "link" or {"stylesheet", "icon"} & set(given.get("rel", "").split()):
                self.fetched.append(address)

    def handle_data(self, data):
        if self._inside == "json":
            self.widgets.append(data)
            self._inside = ""


def problems(site: Path) -> list[str]:
    """A sentence for each thing that is wrong with the pages in this folder."""
    pages = {path: Page(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site)
        wrong = [*page.wrong, *fetched(page, path), *lost(page, path, pages), *silent(page, site)]
        found += [f"{name}: {sentence}" for sentence in wrong]
    for style in site.rglob("*.css"):
        for address in re.findall(r"url\(\s*[\"']?((?:https?:)?//[^)]*)", style.read_text(encoding="utf-8")):
            found.append(f"{style.relative_to(site)} fetches {address}")
    return found


def at(path: Path, address: str) -> Path:
    return (path.parent / unquote(urlsplit(address).path)).resolve()


def fetched(page: Page, path: Path) -> list[str]:
    """What comes from elsewhere, or does not come; and whether all of it is too much."""
    ours = {at(path, address) for address in page.fetched if not re.match(r"(\w+:|//)", address)}
    elsewhere = [f"{address} comes from elsewhere" for address in page.fetched if re.match(r"(https?:|//)", address)]
    missing = [f"{file.name} is not there" for file in sorted(ours) if not file.exists()]
    weight = path.stat().st_size + sum(file.stat().st_size for file in ours if file.exists())
    return [*elsewhere, *missing, *([f"it weighs {weight / 1e6:.2f} MB"] if weight > HEAVIEST else [])]


def lost(page: Page, path: Path, pages: dict[Path, Page]) -> list[str]:
    """Links that lead nowhere."""
    found = []
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = at(path, link) if parts.path else path
        anchors = pages[target].anchors if target in pages else set()
        if not target.exists() or (parts.fragment and target in pages and unquote(parts.fragment) not in anchors):
            found.append(f"{link} leads nowhere")
    return found


def silent(page: Page, site: Path) -> list[str]:
    """Sounds that a widget would ask for in vain."""
    keys = [sound["key"] for text in page.widgets for sound in json.loads(text)["sounds"].values()]
    files = [f"{key}{end}" for key in keys for end in (".flac", ".js")]
    return [f"the sound {name} is not there" for name in files if not (site / "_static" / "sounds" / name).exists()]
