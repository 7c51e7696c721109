import pytest

from spectrogramtools import load_clip


@pytest.fixture(scope="session")
def clip():
    return load_clip("violin_castanets")


@pytest.fixture(scope="session")
def y(clip):
    return clip.mixture
