"""What is installed is what is described: environment.yml, lists of versions, wheel and sdist."""

import email
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from test_class_notes import run_class_notes

import spectrogramtools

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def names(requirements):
    return {re.match(r"[A-Za-z0-9_.-]+", r)[0].lower().replace("_", "-") for r in requirements}


def pins(lines, old=False):
    """Names and exact versions; of what stands there twice, for Python 3.12 and newer, or for an older one."""
    other = '; python_version >= "3.12"' if old else '; python_version < "3.12"'
    found = {}
    for line in lines:
        if "==" in line and not line.endswith(other):
            name, version = line.partition(";")[0].strip().split("==")
            name = name.lower().replace("_", "-")
            assert name not in found, f"{name} is pinned twice"
            found[name] = version
    return found


def needed(*extras):
    """The requirements of the core and of these extras; an extra may name another one."""
    found = list(PROJECT["dependencies"])
    for extra in extras:
        for requirement in PROJECT["optional-dependencies"][extra]:
            own = re.fullmatch(r"spectrogramtools\[(.*)\]", requirement)
            found += needed(*own[1].split(",")) if own else [requirement]
    return found


WHOLE = needed("test", "course")


def test_the_core_is_light():
    assert names(PROJECT["dependencies"]) == {"numpy", "scipy", "soundfile", "soxr"}
    assert names(needed("course")) - names(PROJECT["dependencies"]) == {
        *("matplotlib", "ipywidgets", "anywidget", "jupyterlab", "tqdm"),
        *("numba", "librosa"),
        *("distributed", "jsonschema", "threadpoolctl"),
    }
    assert not {"numba", "librosa"} & names(needed("lab", "test", "homework")), "they can't be installed everywhere"


def test_environment_and_project_describe_the_same():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    conda = [d for d in environment["dependencies"] if isinstance(d, str)]
    (pip,) = (d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    assert names(d for d in pip if not d.startswith("-")) == names(WHOLE)
    assert "-e ." in pip
    assert "python=3.12" in conda
    exact = pins((ROOT / "constraints.txt").read_text().splitlines())
    for name, version in pins(pip).items():
        assert exact[name] == version, name
    assert set(pins(pip)) == names(WHOLE)


def test_constraints_hold_names_and_versions_only():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    for line in lines:
        assert re.fullmatch(r'#.*|[A-Za-z0-9_.-]+==[A-Za-z0-9.]+(; python_version (<|>=) "3\.12")?', line), line
    for old in (False, True):
        assert names(WHOLE + needed("homework", "mutants", "clips")) <= set(pins(lines, old))


def test_the_oldest_versions_are_the_ones_that_the_project_allows():
    lines = (ROOT / "oldest.txt").read_text().splitlines()
    minimums = dict(re.match(r"([A-Za-z0-9_.-]+)>=([0-9.]+)", r).groups() for r in WHOLE)
    assert pins(lines) == {name.lower(): version for name, version in minimums.items()}


def test_version_stands_in_the_changelog():
    assert f"## {spectrogramtools.__version__}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def test_wheel_holds_module_clips_and_notices_only(built):
    with zipfile.ZipFile(built[0]) as wheel:
        files = set(wheel.namelist())
    for clip in spectrogramtools.clips():
        for name in ("clip.json", "mixture.flac", "NOTICE.txt"):
            assert f"spectrogramtools/clips/{clip}/{name}" in files
    assert {"spectrogramtools/page/built/player.js", "spectrogramtools/page/views/player.css"} <= files
    assert any(name.endswith("licenses/LICENSE") for name in files)
    tops = {name.split("/")[0] for name in files}
    assert tops == {"spectrogramtools", f"spectrogramtools-{spectrogramtools.__version__}.dist-info"}
    assert not [name for name in files if "make_clips" in name or "__pycache__" in name]


def test_the_wheel_asks_for_no_more_than_the_core(built):
    with zipfile.ZipFile(built[0]) as wheel:
        (path,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
        metadata = email.message_from_bytes(wheel.read(path))
    asked = [line for line in metadata.get_all("Requires-Dist") if "extra ==" not in line]
    assert names(asked) == {"numpy", "scipy", "soundfile", "soxr"}
    assert "course" in metadata.get_all("Provides-Extra")


def test_sdist_holds_what_a_course_needs(built):
    with tarfile.open(built[1]) as sdist:
        files = {name.split("/", 1)[-1] for name in sdist.getnames()}
    for name in ("README.md", "Makefile", "environment.yml", "notebooks/04_hpss_medians.ipynb", "audio/make_clips.py"):
        assert name in files


def test_wheel_installs_and_runs_the_class_notes_outside_the_checkout(built, tmp_path):
    """In an empty environment: the wheel itself, with the packages that it needs borrowed from this one."""
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    python = tmp_path / "venv" / scripts / Path(sys.executable).name
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", built[0]], check=True)
    # A .pth file lends folders; the editable install in them is itself a .pth file, which is not followed.
    site = sysconfig.get_path("purelib", vars={"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")})
    (Path(site) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    work = tmp_path / "work"
    work.mkdir()
    _, module, _ = run_class_notes(python, work)
    assert Path(module).is_relative_to(tmp_path / "venv")
    code = "from spectrogramtools import *; print(clips(), load_clip('violin_castanets'))"
    done = subprocess.run([python, "-c", code], cwd=work, capture_output=True, text=True, check=True)
    assert "10.0 s at 22050 Hz" in done.stdout


def test_the_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == spectrogramtools.__version__
    assert citation["license"] == PROJECT["license"]
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
