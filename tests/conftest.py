"""What all tests share; and in which order they run, side by side in several processes (pytest -n).

The parts that take longest come first, so that no process is left alone with one at the end; the browser's come after
the homework's, because both would like the machine to themselves. What shares something that is dear to make (a graded
class, a JupyterLab, a lecture's kernel) stays together in one process.
"""

import collections
import os
from pathlib import PurePath

import numpy as np
import pytest
from hypothesis import settings
from loops import make_loop

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
    "test_homework_wrong": "homework",
    "test_homework_pages": "homework",
    "test_homework_diagnose": "homework",
    "test_homework_repet": "homework",
    "test_homework_project": "homework",
    "test_packaging": "long",
    "test_set_up": "long",
    "test_memory": "long",
    "test_corpus_cluster": "long",
    "test_page": "page",
    "test_lectures_for_nbval": "notebooks",
    "test_sandbox": "homework",
    "test_whole_site": "browser",
    "test_browser": "browser",
    "test_browser_predict": "browser",
    "test_three_browsers": "browser",
    "test_interruptions": "browser",
    "test_touch": "browser",
    "test_accessibility": "browser",
    "test_accessible_explorers": "browser",
    "test_site": "browser",
}
TOGETHER = ("test_homework", "lectures", "test_homework_desk", "test_packaging", "test_browser", "test_page")
TOGETHER += ("test_homework_pages",)
TOGETHER += ("test_three_browsers", "test_interruptions", "test_accessibility", "test_accessible_explorers")
TOGETHER += ("test_site", "test_whole_site", "test_browser_predict", "test_corpus_cluster", "test_homework_diagnose")


def kind(path):
    return "lectures" if path.suffix == ".ipynb" else path.stem


def pytest_collection_modifyitems(items):
    order = [*PARTS]
    items.sort(key=lambda item: order.index(kind(item.path)) if kind(item.path) in PARTS else len(order))
    for item in items:
        item.add_marker(PARTS.get(kind(item.path), "units"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """In the order above, one test after the other, or a whole file where that is said."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::")[0]
            return file if kind(PurePath(file)) in TOGETHER else nodeid

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter):
    """How long each part took, as if one test had come after the other."""
    seconds = collections.Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        if isinstance(report, pytest.TestReport):
            seconds[PARTS.get(kind(PurePath(report.nodeid.split("::")[0])), "units")] += report.duration
    if len(seconds) > 1:
        told = ", ".join(f"{name} {total:.0f} s" for name, total in seconds.most_common())
        terminalreporter.write_line(f"Each part by itself: {told}")


@pytest.fixture(scope="session")
def clip():
    return load_clip("violin_castanets")


@pytest.fixture(scope="session")
def y(clip):
    return clip.mixture


@pytest.fixture(scope="session")
def loop():
    """Four repetitions of a loop and the voice over it, equally loud."""
    loop = make_loop(5)
    n = 4 * loop.period
    background, voice = loop.background[:n].astype(np.float32), loop.voice[:n].astype(np.float32)
    return {"loop": 0.1 * background / background.std(), "voice": 0.1 * voice / voice.std()}
