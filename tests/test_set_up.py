"""set_up.py: one sentence when something is missing, no pip when nothing has changed, a new start from any state."""

import importlib.util
import subprocess
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="on Windows conda sets up, not make")


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """The script at work in a folder of its own; `calls` are the pip commands that it would have run."""
    script = tmp_path / "set_up.py"
    script.write_text((ROOT / "set_up.py").read_text())
    for name in ("pyproject.toml", "constraints.txt", "oldest.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    spec = importlib.util.spec_from_file_location("set_up", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.calls, module.pip_fails, module.no_wheel = [], False, ()
    real_run = subprocess.run

    def run(command, **settings):
        if "install" in command:
            module.calls.append(command)
            fails = module.pip_fails or any(extra in command[-1] for extra in module.no_wheel)
            return types.SimpleNamespace(returncode=int(fails))
        return real_run(command, **settings)

    monkeypatch.setattr(subprocess, "run", run)
    return module


@pytest.fixture
def venvs(set_up, tmp_path):
    """Environments that are there already, where a test is about what goes into them."""
    for name in (".venv", ".grading", ".newest"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyvenv.cfg").write_text("version = 3.13.0\n")
    set_up.venv_works = lambda name: True


def test_installs_once_and_again_when_something_changed(set_up, tmp_path):
    set_up.main()
    assert len(set_up.calls) == 1
    assert "constraints.txt" in set_up.calls[0]
    assert (tmp_path / ".venv/share/jupyter/lab/settings/overrides.json").is_file()
    set_up.main()
    assert len(set_up.calls) == 1, "nothing has changed"
    with (tmp_path / "constraints.txt").open("a") as file:
        file.write("# changed\n")
    set_up.main()
    assert len(set_up.calls) == 2
    set_up.ROOT += "/."  # the checkout lies elsewhere now
    set_up.main()
    assert len(set_up.calls) == 3


def test_a_broken_venv_is_made_anew(set_up, tmp_path, capsys):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/nowhere/python")
    set_up.main()
    assert "Making .venv" in capsys.readouterr().out
    assert set_up.venv_works(".venv")
    assert len(set_up.calls) == 1


def test_a_failed_install_is_said_and_tried_again(set_up):
    set_up.pip_fails = True
    with pytest.raises(SystemExit, match="needs a network: run it again"):
        set_up.main()
    assert len(set_up.calls) == 2, "with numba and without it"
    set_up.pip_fails = False
    set_up.main()
    assert len(set_up.calls) == 3
    assert set_up.calls[-1][-1] == ".[test,compiled]"


@pytest.mark.usefixtures("venvs")
@pytest.mark.parametrize(
    ("extra", "tries"), [("course", [".[course]", ".[lab]"]), ("test", [".[test,compiled]", ".[test]"])]
)
def test_where_numba_has_no_wheel_the_rest_is_installed_and_a_sentence_says_what_is_slower(
    set_up, capsys, extra, tries
):
    set_up.no_wheel = ("compiled", "course")  # the extras that bring numba
    set_up.main(".venv", extra)
    said = capsys.readouterr().out.splitlines()
    assert [call[-1] for call in set_up.calls] == tries
    assert set_up.calls[0][set_up.calls[0].index("--only-binary") + 1] == "numba,llvmlite"
    assert len([line for line in said if "numba" in line]) == 1
    assert said[-1].startswith("Everything is there but numba and librosa")
    assert "HPSS" in said[-1]
    set_up.main(".venv", extra)
    assert len(set_up.calls) == 2, "nothing has changed"


@pytest.mark.usefixtures("venvs")
def test_with_numba_nothing_is_said_of_it(set_up, capsys):
    set_up.main()
    assert "numba" not in capsys.readouterr().out


@pytest.mark.usefixtures("venvs")
def test_grading_is_set_up_without_numba_and_not_tried_twice(set_up):
    set_up.pip_fails = True
    with pytest.raises(SystemExit, match="run it again"):
        set_up.main(".grading", "homework")
    assert [call[-1] for call in set_up.calls] == [".[homework]"]


@pytest.mark.usefixtures("venvs")
def test_another_extra_or_other_versions_are_installed_anew(set_up):
    set_up.main()
    set_up.main(".venv", "course")
    set_up.main(".venv", "test", "oldest.txt")
    set_up.main(".venv", "test", "oldest.txt")
    assert [call[call.index("-c") + 1] for call in set_up.calls] == ["constraints.txt", "constraints.txt", "oldest.txt"]


@pytest.mark.usefixtures("venvs")
def test_the_newest_versions_are_looked_for_each_time(set_up):
    for _ in range(2):
        set_up.main(".newest", "test", "none")
    assert len(set_up.calls) == 2
    assert "--upgrade" in set_up.calls[1]
    assert "-c" not in set_up.calls[1]


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 9, 2), (3, 10, 14)])
def test_an_old_python_gets_a_sentence(version):
    code = f"import sys, runpy; sys.version_info = {version}; runpy.run_path({str(ROOT / 'set_up.py')!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("spectrogramtools needs Python 3.11 or newer")
    assert f"is Python {version[0]}.{version[1]}:" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_venv_gets_a_sentence(set_up, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        set_up.main()
