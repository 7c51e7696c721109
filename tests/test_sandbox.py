"""The process in which a student's code runs: what it can't see, can't do, and what comes back from it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
from classroom import PYTHON
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

HOMEWORK = Path(__file__).parent.parent / "teaching" / "homework"
sys.path.insert(0, str(HOMEWORK))
from grading import wire

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux or macOS")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux fences files in")

# Calls of functions of a student, one by one; what comes of each, and what the grader noted, as JSON.
SCRIPT = """
import json, sys
from grading.sandbox import Sandbox, StudentError
code, calls = json.loads(sys.stdin.read())
cells = [("the cell", code)] if isinstance(code, str) else [(f"cell {i}", c) for i, c in enumerate(code, start=1)]
with Sandbox(cells, call_seconds=2) as student:
    told = []
    for name, *arguments in calls:
        try:
            told.append(["value", repr(student.call(name, *arguments))])
        except StudentError as error:
            told.append(["error", str(error)])
    print(json.dumps([told, student.survivors, student.contained, student.troubles]))
"""


@pytest.fixture(params=["with namespaces", "without namespaces"])
def ask(request, tmp_path):
    """Run calls in a sandbox; the second time as on systems that allow users no namespaces."""
    folder = tmp_path / "homework"
    shutil.copytree(HOMEWORK / "grading", folder / "grading", ignore=shutil.ignore_patterns("__pycache__"))
    if request.param == "without namespaces":
        contain = folder / "grading" / "contain.py"
        source = contain.read_text()
        changed = source.replace("def own_namespace():", "def own_namespace():\n    return False", 1)
        assert changed != source
        contain.write_text(changed)

    def run(code, *calls):
        done = subprocess.run(
            [PYTHON, "-c", SCRIPT],
            cwd=folder,
            input=json.dumps([code, calls]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


TRY = """
def attempt(what):
    try:
        return repr(eval(what))
    except Exception as error:
        return repr(error)
"""


@linux
def test_nothing_can_be_read_but_python_and_numpy_and_nothing_written_but_the_scratch_folder(ask, tmp_path):
    secret = tmp_path / "solution.py"
    secret.write_text("BEGIN SOLUTION")
    refused = [
        f"open({str(secret)!r}).read()",
        f"open({str(tmp_path / 'evil')!r}, 'w')",
        f"open({str(HOMEWORK / 'course.toml')!r}).read()",
        "open('/etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "__import__('os').listdir('/')",
        f"__import__('os').rename({str(secret)!r}, 'mine')",
        f"__import__('os').symlink({str(secret)!r}, 'mine')",
        "__import__('subprocess').run(['/bin/ls', '/'])",
    ]
    told, _, contained, _ = ask(
        TRY, *(["attempt", what] for what in refused), ["attempt", "open('mine', 'w').write('x')"]
    )
    assert contained["files"], "this system has no Landlock"
    for what, (_, said) in zip(refused, told, strict=False):
        assert "PermissionError" in said, what
    assert told[-1] == ["value", "'1'"], "the scratch folder is the student's own"
    assert not (tmp_path / "evil").exists()


def test_the_module_scipy_and_the_grader_are_not_there(ask):
    names = ("spectrogramtools", "scipy", "librosa", "grading.compare", "hidden.repet", "numpy.fft", "statistics")
    told, _, _, _ = ask(TRY, *(["attempt", f"__import__({name!r})"] for name in names))
    for name, (_, said) in zip(names[:5], told, strict=False):
        assert "ModuleNotFoundError" in said, name
    assert all("<module" in said for _, said in told[5:])


@linux
def test_no_network(ask):
    told, _, _, _ = ask(TRY, ["attempt", "__import__('socket').create_connection(('127.0.0.1', 9), 1)"])
    assert "ConnectionRefusedError" not in told[0][1], "it got as far as the network"
    assert "Error" in told[0][1]


def test_a_hidden_process_is_found_and_ended_even_behind_two_forks(ask, tmp_path):
    code = """
import os, time

def start():
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(4711)
            os._exit(0)
        time.sleep(0.2)
    except OSError:
        return "refused"
    return "started"
"""
    told, survivors, _, _ = ask(code, ["start"], ["start"])
    assert told[0][0] == told[1][0] == "value"
    if told[0][1] == "'started'":  # root alone may start one
        assert len(survivors) >= 2
    assert not any(psutil.pid_exists(pid) for pid in survivors)
    # And whoever it did not name is gone as well: all of them have this test's own folder in their command.
    commands = (" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    assert not [command for command in commands if str(tmp_path) in command]


def test_each_way_to_fail_is_one_sentence_and_the_next_call_goes_on(ask):
    code = """
import os, sys, ctypes
import numpy as np

def loop():
    while True: pass
def leave(): os._exit(0)
def stop(): sys.exit("bye")
def crash(): ctypes.string_at(0)
def hog(): return np.ones(int(50e9 / 8))
def deep(): return deep()
def thing(): return object()
def todo(): raise NotImplementedError
def much(): return np.zeros(int(60e6))
def fine(): return 28
"""
    ways = {
        "loop": "did not come to an end within 2 seconds",
        "leave": "ended the whole process",
        "stop": "SystemExit: bye",
        "crash": "ended the whole process",
        "hog": "more memory than the grader gives (2 GiB)",
        "deep": "RecursionError",
        "thing": "thing returned a object, which is neither a number nor",
        "todo": "todo is not written yet",
        "much": "much returned more than 256 MiB",
        "absent": "There is no absent in the notebook",
    }
    calls = [call for name in ways for call in ([name], ["fine"])]
    told, _, _, _ = ask(code, *calls)
    for (name, sentence), (kind, said) in zip(ways.items(), told[::2], strict=True):
        assert kind == "error"
        assert sentence in said, name
    assert told[1::2] == [["value", "28"]] * len(ways)


def test_a_statement_that_fails_does_not_hide_the_functions_around_it(ask):
    code = """
%matplotlib inline
import sys
import matplotlib.pyplot as plt
fig = plt.figure()
!ls
sys.exit()
def f():
    return 28
"""
    told, _, _, troubles = ask(code, ["f"])
    assert told == [["value", "28"]]
    assert troubles == ["the cell, line 4: ModuleNotFoundError: No module named 'matplotlib'"]


@pytest.mark.parametrize(
    "stray", ["return 5", "await something()", "def broken(:", "x = " + "-" * 5000 + "1", "\0", "break\nx = 1", "1 +"]
)
def test_a_stray_cell_costs_no_other_cell(ask, stray):
    before, after = "def f():\n    return 28", "def g():\n    return f()"
    told, _, _, troubles = ask([before, stray, after], ["g"])
    assert told == [["value", "28"]]
    assert len(troubles) == 1
    assert troubles[0].startswith("cell 2")


def test_a_line_that_begins_with_a_remainder_is_no_magic(ask):
    told, _, _, _ = ask("def f(a, b):\n    return (\n        a\n        % b\n    )", ["f", 17, 5])
    assert told == [["value", "2"]]


# What travels


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | hnp.arrays(
        st.sampled_from(["f8", "f4", "c16", "c8", "i8", "u1", "?", ">f8"]),
        hnp.array_shapes(min_side=0),
        elements={"allow_nan": False},
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def there_and_back(value):
    data = memoryview(wire.pack(value))
    place = 0

    def read(n):
        nonlocal place
        place += n
        return bytes(data[place - n : place])

    return wire.unpack(read)


def same(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype.newbyteorder("=") == b.dtype and np.array_equal(a, b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and a == b


@given(values)
def test_what_is_sent_arrives(value):
    assert same(value, there_and_back(value))


@given(st.binary(max_size=200))
def test_any_other_bytes_are_an_error_and_nothing_else(data):
    place = 0

    def read(n):
        nonlocal place
        if place + n > len(data):
            raise EOFError
        place += n
        return data[place - n : place]

    with pytest.raises((wire.BadMessageError, EOFError)):
        wire.unpack(read)


@pytest.mark.parametrize(
    "head",
    [
        b'{"array": ["O", [1]]}',
        b'{"array": ["f8", [-1, 4]]}',
        b'{"array": ["f8", [1000000000]]}',
        b'{"array": ["V8", [1]]}',
        b'{"array": [["f8", "f4"], [1]]}',
        b'{"plain": {"a": 1}}',
        b'{"number": [1]}',
        b"[1, 2]",
        b'{"list": 3}',
        b"[" * 100000,
    ],
)
def test_a_forged_message_is_refused(head):
    data = b"%d %d\n" % (len(head), 32) + head + bytes(32)
    place = 0

    def read(n):
        nonlocal place
        place += n
        return data[place - n : place]

    with pytest.raises(wire.BadMessageError):
        wire.unpack(read)


described = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["f8", "array", "O"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["plain", "number", "list", "dict", "array", "x"]), inner, max_size=2)
    ),
)


@given(described, st.binary(max_size=40))
def test_whatever_is_described_is_a_value_or_an_error(head, body):
    text = json.dumps(head).encode()
    data = b"%d %d\n" % (len(text), len(body)) + text + body
    place = 0

    def read(n):
        nonlocal place
        place += n
        return data[place - n : place]

    try:
        value = wire.unpack(read)
    except wire.BadMessageError:
        return
    assert value is None or type(value) in (bool, int, float, complex, str, tuple, dict, np.ndarray)


def test_objects_do_not_travel():
    for value in (object(), np.array([object()]), np.array(["text"]), {1, 2}, lambda: 1):
        with pytest.raises(wire.BadMessageError):
            wire.pack(value)
