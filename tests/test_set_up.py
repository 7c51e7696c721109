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
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    spec = importlib.util.spec_from_file_location("set_up", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.calls, module.pip_fails = [], False
    real_run = subprocess.run

    def run(command, **settings):
        if "install" in command:
            module.calls.append(command)
            return types.SimpleNamespace(returncode=int(module.pip_fails))
        return real_run(command, **settings)

    monkeypatch.setattr(subprocess, "run", run)
    return module


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
    set_up.pip_fails = False
    set_up.main()
    assert len(set_up.calls) == 2


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
