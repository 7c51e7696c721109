"""What is installed is what is described: environment.yml, constraints, wheel and sdist."""

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


def pins(lines):
    return {
        name.lower().replace("_", "-"): version
        for name, version in (line.strip().split("==") for line in lines if "==" in line)
    }


def test_environment_and_project_describe_the_same():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    conda = [d for d in environment["dependencies"] if isinstance(d, str)]
    (pip,) = (d["pip"] for d in environment["dependencies"] if isinstance(d, dict))
    wanted = names(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])
    assert names(d for d in pip if not d.startswith("-")) == wanted
    assert "-e ." in pip
    python = next(d for d in conda if d.startswith("python"))
    minimum = PROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, re.findall(r"\d+", python)))[:2] >= tuple(map(int, minimum.split(".")))
    exact = pins((ROOT / "constraints.txt").read_text().splitlines())
    for name, version in pins(pip).items():
        assert exact[name] == version, name
    assert set(pins(pip)) == wanted


def test_constraints_hold_names_and_versions_only():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    for line in lines:
        assert re.fullmatch(r"#.*|[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line), line
    wanted = names(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])
    assert wanted <= set(pins(lines))


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
    assert {"spectrogramtools/player/player.js", "spectrogramtools/player/player.css"} <= files
    assert any(name.endswith("licenses/LICENSE") for name in files)
    tops = {name.split("/")[0] for name in files}
    assert tops == {"spectrogramtools", f"spectrogramtools-{spectrogramtools.__version__}.dist-info"}
    assert not [name for name in files if "make_clips" in name or "__pycache__" in name]


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
