"""Make .venv and install the course into it, unless that is done. `make` calls this before everything else.

`python set_up.py NAME EXTRA PINS` makes an environment of another name, with one of pyproject.toml's extras and the
versions that the file PINS names: `.grading homework` for grading, apart from the students'; `.oldest test oldest.txt`
and `.newest test none` for tests. With "none" the newest versions are taken, and looked for each time.

Otherwise it runs no pip while pyproject.toml and the versions are as they were, so that nothing needs a network twice.
Written so that an old Python can read as far as the sentence that says it is too old.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "spectrogramtools needs Python 3.11 or newer, but %s is Python %d.%d: install a newer one, or name it, "
        "as in: make lab PYTHON=python3.12" % ((sys.executable, sys.version_info[0], sys.version_info[1]))
    )

import hashlib
import os
import subprocess

ROOT = os.path.dirname(os.path.abspath(__file__))
# JupyterLab would ask on its first start whether it may fetch news; a lecture needs no network.
LAB_SETTINGS = """{
  "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}
}
"""
# A sound that is chosen with lecture 11's button comes in one message; of those over 10 MB a server takes nothing and
# says nothing. Ten minutes of stereo in 24 bit are 160 MB.
SERVER_SETTINGS = """{
  "ServerApp": {"tornado_settings": {"websocket_max_message_size": 200000000}}
}
"""
NEWEST = "none"


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stamp(name):
    return os.path.join(ROOT, name, "spectrogramtools-installed")


def python_of(name):
    return os.path.join(ROOT, name, "bin", "python")


def state(name, extra, pins):
    """A fingerprint of all that decides what is installed: the lists, the Python, and where the checkout lies."""
    digest = hashlib.sha256(("%s %s" % (ROOT, extra)).encode())
    for path in ("pyproject.toml", pins, "set_up.py", os.path.join(name, "pyvenv.cfg")):
        with open(os.path.join(ROOT, path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def venv_works(name):
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python_of(name), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def installed(name, extra, pins):
    try:
        with open(stamp(name)) as file:
            return file.read() == state(name, extra, pins)
    except OSError:
        return False


def pip_installs(name, extras, pins):
    # What is used is compiled then; to compile all of it takes as long as all the rest.
    command = [python_of(name), "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    # Where there is no wheel of numba, pip would try to build it, with compilers that nobody has.
    command += ["--only-binary", "numba,llvmlite"]
    command += ["--upgrade", "--upgrade-strategy", "eager"] if pins == NEWEST else ["-c", pins]
    command += ["-e", ".[%s]" % extras]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def main(name=".venv", extra="test", pins="constraints.txt"):
    if venv_works(name) and installed(name, extra, pins):
        return
    if not venv_works(name):
        try:
            import ensurepip  # noqa: F401  what Debian's python3 lacks, and venv needs
            import venv
        except ImportError:
            sys.exit(
                "%s has no venv module: on Debian and Ubuntu, apt install python3-venv brings it." % sys.executable
            )
        say("Making %s with Python %d.%d" % (name, sys.version_info[0], sys.version_info[1]))
        venv.create(os.path.join(ROOT, name), clear=True, with_pip=True)
    say("Installing into %s: some minutes, only this once" % name)
    # What to try first, and what is left where numba can't be installed. Grading computes nothing that it makes faster.
    whole, rest = {"homework": ("homework", None), "course": ("course", "lab")}.get(extra, (extra + ",compiled", extra))
    if not pip_installs(name, whole, pins):
        if rest is None or not pip_installs(name, rest, pins):
            sys.exit(
                "pip could not install everything; its reason stands above. "
                "The first set-up needs a network: run it again."
            )
        say(
            "Everything is there but numba and librosa, which pip could not install (its reason stands above): "
            "medians, and with them HPSS, take longer, with the same numbers, and useLibrosa=True is not to be had. "
            "To try again later, delete %s." % name
        )
    settings = os.path.join(ROOT, name, "share", "jupyter", "lab", "settings")
    os.makedirs(settings, exist_ok=True)
    with open(os.path.join(settings, "overrides.json"), "w") as file:
        file.write(LAB_SETTINGS)
    settings = os.path.join(ROOT, name, "etc", "jupyter")
    os.makedirs(settings, exist_ok=True)
    with open(os.path.join(settings, "jupyter_server_config.json"), "w") as file:
        file.write(SERVER_SETTINGS)
    if pins != NEWEST:
        with open(stamp(name), "w") as file:
            file.write(state(name, extra, pins))


if __name__ == "__main__":
    main(*sys.argv[1:])
