"""nbgrader's own functions, at work in this course folder."""

import contextlib
import os
import sys
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from grading import course


@contextlib.contextmanager
def api():
    """The API with this folder's settings, and this folder as the place where it works."""
    # nbgrader calls the program alembic to make its database, and finds it only if the environment is on PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    config = PyFileConfigLoader(str(course.ROOT / "nbgrader_config.py")).load_config()
    here = Path.cwd()
    os.chdir(course.ROOT)
    try:
        yield NbGraderAPI(config=config)
    finally:
        os.chdir(here)
