import os

import pytest
from hypothesis import settings

from spectrogramtools import load_clip

# On a build machine the examples are the same each time; elsewhere hypothesis goes on looking for new ones.
settings.register_profile("build machine", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("build machine")


@pytest.fixture(scope="session")
def clip():
    return load_clip("violin_castanets")


@pytest.fixture(scope="session")
def y(clip):
    return clip.mixture
