"""What all tests share; and in which order they run, side by side in several processes (pytest -n).

The parts that take longest come first, so that no process is left alone with one at the end; the browser's come after
the homework's, because both would like the machine to themselves. What shares something that is dear to make (a graded
class, a JupyterLab, a lecture's kernel) stays together in one process.
"""

import collections
import os

import pytest
from hypothesis import settings

from spectrogramtools import load_clip

# On a build machine the examples are the same each time; elsewhere hypothesis goes on looking for new ones.
settings.register_profile("build machine", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("build machine")

# The part that a file belongs to, in the order of running; all other files are units.
PARTS = {
    "test_homework": "homework",
    "lectures": "notebooks",
    "test_homework_desk": "homework",
    "test_packaging": "installing",
    "test_set_up": "installing",
    "test_lectures_for_nbval": "notebooks",
    "test_sandbox": "homework",
    "test_browser": "browser",
    "test_pages": "browser",
}
TOGETHER = ("test_homework", "lectures", "test_homework_desk", "test_packaging", "test_browser", "test_pages")


def kind(item):
    return "lectures" if item.path.suffix == ".ipynb" else item.path.stem


def part(item):
    return PARTS.get(kind(item), "units")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    order = [*PARTS]
    items.sort(key=lambda item: order.index(kind(item)) if kind(item) in PARTS else len(order))
    for item in items:
        item.add_marker(part(item))
        if kind(item) in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_terminal_summary(terminalreporter):
    """How long each part took, as if one test had come after the other."""
    seconds = collections.Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        for name in {*PARTS.values(), "units"}.intersection(getattr(report, "keywords", ())):
            seconds[name] += report.duration
    if len(seconds) > 1:
        told = ", ".join(f"{name} {total:.0f} s" for name, total in seconds.most_common())
        terminalreporter.write_line(f"Each part by itself: {told}")


@pytest.fixture(scope="session")
def clip():
    return load_clip("violin_castanets")


@pytest.fixture(scope="session")
def y(clip):
    return clip.mixture
