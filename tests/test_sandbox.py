"""The process in which a student's code runs: what it can't see, can't do, and what comes back from it."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
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
from grading import calls, wire

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


def grader(folder, landlock_alone=False):
    """A grader of its own; if need be as on systems that allow users no namespaces, with a kernel without seccomp."""
    shutil.copytree(HOMEWORK / "grading", folder / "grading", ignore=shutil.ignore_patterns("__pycache__"))
    for file, function, instead in (
        ("contain.py", "def own_namespace(scratch):", "return False, False"),
        ("calls.py", "def refuse():", "return False"),
    ):
        path = folder / "grading" / file
        source = path.read_text()
        changed = source.replace(function, f"{function}\n    {instead}", 1)
        assert changed != source
        if landlock_alone:
            path.write_text(changed)
    (folder / "tmp").mkdir()
    return folder


def run(folder, code, calls, python=(PYTHON,)):
    done = subprocess.run(
        [*python, "-c", SCRIPT],
        cwd=folder,
        input=json.dumps([code, calls]),
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(folder / "tmp")},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not os.listdir(folder / "tmp"), "something was left behind"
    return json.loads(done.stdout)


@pytest.fixture(params=["all fences", "Landlock alone"])
def ask(request, tmp_path):
    """Run calls in a sandbox."""
    folder = grader(tmp_path / "homework", request.param == "Landlock alone")
    return lambda code, *calls: run(folder, code, calls)


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
        # The scratch folder is another disk, if the system allows it.
        assert "PermissionError" in said or ("rename" in what and "cross-device" in said), what
    assert told[-1] == ["value", "'1'"], "the scratch folder is the student's own"
    assert not (tmp_path / "evil").exists()
    assert secret.read_text() == "BEGIN SOLUTION"


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


# What a submission may try against files that it can neither read nor write, and for memory that no limit counts.
# {program} and the others are the teacher's files; call(n) is the system's call of that number.
ATTACKS = {
    "takes the rights from the gradebook": "os.chmod('{gradebook}', 0)",
    "hides the hidden tests": "os.chmod('{hidden}', 0)",
    "lets everybody write into a classmate's notebook": "os.chmod('{classmate}', 0o777)",
    "sets setuid on a program": "os.chmod('{program}', 0o4755)",
    "changes rights through a path that is open": (
        "os.chmod(os.path.join('/proc/self/fd', str(os.open('{program}', os.O_PATH))), 0o777)"
    ),
    "changes rights with a newer call": "call(452, -100, b'{program}', 0o777, 0)",
    "changes rights with x32's form of the call": "call(0x40000000 + 90, b'{program}', 0o777)",
    "gives a file away": "os.chown('{gradebook}', os.getuid(), os.getgid())",
    "gives a link away": "os.lchown('{gradebook}', os.getuid(), os.getgid())",
    "turns back a file's time": "os.utime('{classmate}', (1, 1))",
    "gives a file an attribute": "os.setxattr('{classmate}', 'user.late', b'1')",
    "takes a file's attribute": "os.removexattr('{classmate}', 'user.mark')",
    "reads a file's attribute": "os.getxattr('{classmate}', 'user.mark')",
    "cuts a file off": "os.truncate('{gradebook}', 0)",
    "makes shared memory": "must(libc.shmget(0, 1 << 20, 0o1600))",
    "makes semaphores": "must(libc.semget(0, 5, 0o1600))",
    "makes a queue of messages": "must(libc.msgget(0, 0o1600))",
    "makes a file in memory": "os.memfd_create('more')",
    "watches a folder": "must(libc.inotify_init1(0))",
    "asks the kernel to work for it": "call(425, 8, bytes(120))",
    "talks to the machine's host": "socket.socket(40, socket.SOCK_STREAM)",
    "opens a socket": "socket.socket(socket.AF_UNIX)",
    "starts a process": "os.fork()",
    "starts a process with a newer call": "call(435, bytes(88), 88)",
    "makes a namespace": "must(libc.unshare(0x10000000))",
    "mounts a disk": "must(libc.mount(b'x', b'.', b'tmpfs', 0, None))",
    "changes who it is": "os.setuid(1)",
    "makes others slower": "os.setpriority(os.PRIO_USER, 0, 19)",
    "limits another process": "resource.prlimit(os.getpid() + 1, resource.RLIMIT_NOFILE, (9, 9))",
    "ends another process": "os.kill(os.getpid() + 1, 9)",
    "ends its group": "os.kill(0, 9)",
    "has another process sent a signal": "must(libc.fcntl(0, 8, os.getpid() + 1))",
}

ATTACK = """
import ctypes, os, resource, socket, threading
libc = ctypes.CDLL(None, use_errno=True)

def must(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def call(*numbers):
    return must(libc.syscall(*numbers))

def attempt(what):
    try:
        return "DONE: " + repr(eval(what))
    except Exception as error:
        return repr(error)

def rights():
    # What capget says: the rights that are in effect, permitted, and handed on.
    head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    must(libc.capget(head, sets))
    return list(sets)

def honest():
    "Threads, files of its own, limits that it sets itself."
    got = []
    threads = [threading.Thread(target=got.append, args=[i]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open("mine", "w") as file:
        file.write("x" * 1000)
    os.remove("mine")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.kill(os.getpid(), 0)
    return got
"""


def ordinary_python(folder):
    """A command that runs the grader's Python as nobody, from places that everybody may read.

    A Python that lies in somebody's own folder is seen there all the same, where its library is looked for, since an
    empty folder that anybody may enter lies over that folder. All this is so for the one process only.
    """
    where = "import sys, numpy; print(sys.base_prefix, numpy.__path__[0], sys.version_info[1])"
    base, numpy_folder, minor = subprocess.check_output([PYTHON, "-c", where], text=True).split()
    for name in ("python", "packages"):
        (folder / name).mkdir()
    steps = [f"mount --bind {base} {folder}/python", f"mount --bind {Path(numpy_folder).parent} {folder}/packages"]
    closed = [place for place in Path(base).parents if not place.stat().st_mode & 0o001]
    if closed:
        steps += [f"mount -t tmpfs -o mode=755 none {closed[-1]}", f"mkdir -p {base}"]
        steps += [f"mount --bind {folder}/python {base}"]
    steps += [
        f"PYTHONPATH={folder}/packages exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups "
        f'{base}/bin/python3.{minor} "$@"'
    ]
    return ["unshare", "--mount", "sh", "-c", " && ".join(steps), "sh"]


NOBODY = 65534


@pytest.fixture(scope="module", params=["root", "an ordinary user"])
def attacked(request):
    """What came of each attack, on a teacher's files that belong to whoever grades; and of what is honest."""
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("these tests are not run by root")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        grader(folder / "homework")
        files = {name: str(folder / "homework" / name) for name in ("gradebook", "hidden", "classmate", "program")}
        for path in files.values():
            Path(path).write_text("the teacher's")
            os.chmod(path, 0o644)
            with contextlib.suppress(OSError):  # not every disk has attributes
                os.setxattr(path, "user.mark", b"21")
        python = [PYTHON]
        if request.param == "an ordinary user" and os.geteuid() == 0:
            python = ordinary_python(folder)
            for path in [folder / "homework", *(folder / "homework").rglob("*")]:
                os.chown(path, NOBODY, NOBODY)
        before = state(files)
        calls = [["attempt", what.format(**files)] for what in ATTACKS.values()]
        told, _, contained, troubles = run(folder / "homework", ATTACK, [*calls, ["rights"], ["honest"]], python)
        return dict(zip([*ATTACKS, "rights", "honest"], told, strict=True)), contained, troubles, before, state(files)


def state(files):
    """All that can be changed of files, but for when they were read."""
    stats = {name: os.lstat(path) for name, path in files.items()}
    return {
        name: (
            *(oct(stat.st_mode), stat.st_uid, stat.st_gid, stat.st_mtime_ns, stat.st_ctime_ns),
            {key: os.getxattr(files[name], key) for key in os.listxattr(files[name])},
            Path(files[name]).read_text(),
        )
        for name, stat in stats.items()
    }


@linux
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused(attacked, attack):
    told, _, _, _, _ = attacked
    kind, said = told[attack]
    assert kind == "value"
    assert "PermissionError" in said or "not implemented" in said


@linux
def test_no_attack_has_changed_a_file_and_no_special_right_is_left(attacked):
    told, contained, troubles, before, after = attacked
    assert before == after
    assert contained["calls"], "this system has no seccomp"
    assert told["rights"] == ["value", "(0, 0, 0, 0, 0, 0)"]
    assert not troubles


@linux
def test_threads_and_files_of_its_own_are_fine_for_root_and_for_others(attacked):
    assert attacked[0]["honest"] == ["value", "(0, 1, 2, 3)"]


def decided(machine, processor, number, *arguments):
    """What the kernel's program says to a call: this is how the kernel reads it."""
    words = {0: number, 4: processor} | {16 + 8 * i: value for i, value in enumerate(arguments)}
    code, line, loaded = calls.program(machine, itself=77), 0, None
    while True:
        operation, if_so, if_not, value = code[line]
        line += 1
        if operation == calls.LOAD:
            loaded = words[value]
        elif operation == calls.RETURN:
            return {0x7FFF0000: "allowed", 0x00050001: "not permitted", 0x00050026: "no such call"}[value]
        else:
            holds = {calls.EQUAL: loaded == value, calls.AT_LEAST: loaded >= value, calls.HAS_BITS: loaded & value}
            line += if_so if holds[operation] else if_not


@pytest.mark.parametrize(
    ("machine", "call", "said"),
    [
        # read, openat, mmap, getrandom, and a thread as libc starts it
        *(("x86_64", (n, 0, 0), "allowed") for n in (0, 257, 9, 318)),
        *(("aarch64", (n, 0, 0), "allowed") for n in (63, 56, 222, 278)),
        *((machine, (clone, 0x3D0F00, 0), "allowed") for machine, clone in (("x86_64", 56), ("aarch64", 220))),
        # fchmodat, fchownat, utimensat, setxattr, execve, socket, and a process
        *(("x86_64", (n, 0, 0), "not permitted") for n in (268, 260, 280, 188, 59, 41)),
        *(("aarch64", (n, 0, 0), "not permitted") for n in (53, 54, 88, 5, 221, 198)),
        *((machine, (clone, 17, 0), "not permitted") for machine, clone in (("x86_64", 56), ("aarch64", 220))),
        # kill, and prlimit64, which calls itself 0
        *((machine, (kill, 77, 9), "allowed") for machine, kill in (("x86_64", 62), ("aarch64", 129))),
        *((machine, (kill, 76, 9), "not permitted") for machine, kill in (("x86_64", 62), ("aarch64", 129))),
        *((machine, (kill, 0, 9), "not permitted") for machine, kill in (("x86_64", 62), ("aarch64", 129))),
        *((machine, (limit, 0, 9), "allowed") for machine, limit in (("x86_64", 302), ("aarch64", 261))),
        *((machine, (limit, 76, 9), "not permitted") for machine, limit in (("x86_64", 302), ("aarch64", 261))),
        # fcntl: F_SETFD and F_SETOWN
        *((machine, (fcntl, 3, 2), "allowed") for machine, fcntl in (("x86_64", 72), ("aarch64", 25))),
        *((machine, (fcntl, 3, 8), "not permitted") for machine, fcntl in (("x86_64", 72), ("aarch64", 25))),
        *((machine, (n, 0, 0), "no such call") for machine in ("x86_64", "aarch64") for n in (435, 437, 452, 2**30)),
    ],
)
def test_the_kernels_program_knows_the_calls_of_both_processors(machine, call, said):
    own, _ = calls.PROCESSORS[machine]
    assert decided(machine, own, *call) == said
    assert decided(machine, 0x40000003, *call) == "not permitted", "a 32-bit call of the same number"


# Each leaves more behind than a disk should take, or what is not easily deleted.
LITTER = """
import os

def small_files():
    for i in range(5000):
        with open(f"{i}", "w") as file:
            file.write("x")

def large_files():
    for i in range(40):
        with open(f"{i}", "wb") as file:
            file.write(bytes(4 << 20))

def tower(name="d"):
    for i in range(1500):
        os.mkdir(name)
        os.chdir(name)
    os.mkdir("closed", 0)

def tower_of_long_names():
    tower("d" * 200)

def fine():
    return 28
"""


@linux
@pytest.mark.parametrize("name", ["small_files", "large_files", "tower", "tower_of_long_names"])
def test_the_scratch_folder_fills_no_disk_and_leaves_nothing_behind(ask, name):
    told, _, contained, _ = ask(LITTER, [name], ["fine"])
    if name.endswith("files"):
        full = "No space left on device" if contained["disk"] else f"{name} wrote more than 64 MiB or 2000 files"
        assert full in told[0][1]
    else:
        assert told[0] == ["value", "None"] or not contained["disk"]
    assert told[1] == ["value", "28"]


@pytest.mark.parametrize("value", ['{"plain": 5}', '{"plain": "no list"}', '{"dict": {"a": {"plain": 1}}}'])
def test_forged_troubles_are_no_trouble(ask, value):
    code = f"""
import os
answer = b'{{"dict": {{"value": {value}}}}}'
for fd in range(3, 20):
    try:
        os.write(fd, b"%d 0\\n" % len(answer) + answer)
    except OSError:
        pass
def f():
    return 28
"""
    _, _, _, troubles = ask(code, ["f"])
    assert troubles == []


NUMBER_THAT_CHANGES = """
import itertools
import numpy as np

class Number:
    looks = itertools.count(1)
    def __array__(self, *_, **__): return np.array(next(self.looks))

number = Number()
"""


def test_an_object_that_answers_differently_at_each_look_is_read_once(tmp_path):
    script = (
        "import sys; from grading.sandbox import Sandbox\n"
        "with Sandbox([('the cell', sys.argv[1])]) as student: print(student.value('number'), student.value('number'))"
    )
    folder = grader(tmp_path / "homework")
    command = [PYTHON, "-c", script, NUMBER_THAT_CHANGES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert len(set(done.stdout.split())) == 1


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
    "stray", ["return 5", "await something()", "def broken(:", "x = " + "-" * 20_000 + "1", "\0", "break\nx = 1", "1 +"]
)
def test_a_stray_cell_costs_no_other_cell(ask, stray):
    before, after = "def f():\n    return 28", "def g():\n    return f()"
    told, _, _, troubles = ask([before, stray, after], ["g"])
    assert told == [["value", "28"]]
    assert len(troubles) == 1
    assert troubles[0].startswith("cell 2")


@pytest.mark.parametrize("line", ["np.where?", "?np.where", "x = %timeit -o 1 + 1", "files = !ls", "%time f()"])
def test_a_line_for_ipython_alone_costs_nothing(ask, line):
    told, _, _, troubles = ask(f"def f():\n    return 28\n{line}", ["f"])
    assert told == [["value", "28"]]
    assert troubles == []


def test_what_is_imported_from_the_future_holds_in_all_cells(ask):
    cells = ["from __future__ import annotations", "def f(A: nowhere.Array) -> nowhere.Array:\n    return 28"]
    told, _, _, troubles = ask(cells, ["f", 1])
    assert told == [["value", "28"]]
    assert troubles == []


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


def test_many_numbers_in_lists_arrive_as_an_array():
    layers = np.arange(24000.0).reshape(2, 300, 40)
    for value in (layers.tolist(), list(layers), tuple(layers)):
        assert same(layers, there_and_back(value))
    ragged = [[1.0] * 600, [2.0] * 700]
    assert [len(row) for row in there_and_back(ragged)] == [600, 700]
    assert there_and_back(["word"] * 2000) == ("word",) * 2000


def test_half_a_character_does_not_arrive():
    assert there_and_back({"a\ud83d": "\ud83d b"}) == {"a?": "? b"}


def test_objects_do_not_travel():
    for value in (object(), np.array([object()]), np.array(["text"]), {1, 2}, lambda: 1):
        with pytest.raises(wire.BadMessageError):
            wire.pack(value)
