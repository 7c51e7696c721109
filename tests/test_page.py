"""The page's JavaScript: what is committed is what the build gives, the types are right, Node runs its own tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "spectrogramtools" / "page" / "built"


@pytest.fixture(scope="module", autouse=True)
def _tools():
    if shutil.which("node") is None or not (ROOT / "node_modules").is_dir():
        reason = "no tools of the page here: with Node installed, make page-tools brings them"
        required = os.environ.get("SPECTROGRAMTOOLS_BROWSER") == "required"
        pytest.fail(reason) if required else pytest.skip(reason)


def run(*command, **more):
    environment = {**os.environ, **more}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_building_again_gives_the_same_bytes(tmp_path):
    run("node", "spectrogramtools/page/build.js", str(tmp_path))
    built = {path.name: path.read_bytes() for path in BUILT.iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == built


def test_types():
    run("npm", "run", "-s", "types")


@pytest.fixture(scope="module")
def arrays(tmp_path_factory):
    """What the module computes, written once for all of Node's tests."""
    folder = tmp_path_factory.mktemp("arrays")
    run(sys.executable, "tests/page/write_arrays.py", str(folder))
    yield str(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "page").glob("*.test.js")), ids=lambda path: path.stem)
def test_in_node(path, arrays):
    run("node", "--test", str(path), ARRAYS=arrays)
