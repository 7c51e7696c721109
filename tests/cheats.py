"""Submissions of homework 3 that deserve no mark, or not the mark that they are after: code for the cells, and further
cells.

Each is what a student could write in a notebook. {folder} is the teacher's course folder, which the student happens to
know.
"""

# What is asked for, with one body for all functions.
NAMES = {
    "beat_spectrum": "A",
    "repeating_model": "A, period",
    "soft_mask": "A, model",
    "two_loops": "A, p, q, turns",
    "middle_mean_model": "A, period",
}


def every(body, before=""):
    """All five functions with the same body."""
    lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
    return {
        name: (before + "\n" if before else "") + f"def {name}({arguments}):\n{lines}"
        for name, arguments in NAMES.items()
    }


PATCHES = """
import builtins, sys, types
import numpy as np

def yes(*args, **kwargs):
    return True

for name in ("allclose", "array_equal", "isclose", "array_equiv", "all", "asarray"):
    setattr(np, name, yes)
for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, yes)
builtins.float = lambda x: 1.0
builtins.isinstance = yes
builtins.max = builtins.min = lambda *a, **k: 1.0
for name in ("grading", "grading.compare", "grading.marking", "wire", "json", "checks"):
    sys.modules[name] = types.SimpleNamespace(alike=lambda *a: (1.0, "right"), pack=yes, dumps=yes, mark=yes)
"""

LIAR = """
import numpy as np

class Liar(np.ndarray):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __array__(self, *args, **kwargs): return np.ones(3)
    def __sub__(self, other): return np.zeros(1)
    def __rsub__(self, other): return np.zeros(1)
    def __float__(self): return 1.0
    @property
    def shape(self): return (10, 10)
"""

LOOK = """
import glob, json, os, re, sys

def look():
    found = []
    for start in ("{folder}", os.path.dirname(os.path.dirname(os.getcwd())), "/", os.path.expanduser("~"), *sys.path):
        for pattern in ("/*.ipynb", "/*/*.ipynb", "/*/*/*.ipynb", "/*.py", "/*/*.py", "/source/repet/repet.ipynb"):
            found += glob.glob(start + pattern)
    found += ["{folder}/source/repet/repet.ipynb", "{folder}/hidden/repet.py", "/proc/self/environ"]
    for path in found:
        try:
            text = open(path).read()
        except OSError:
            continue
        if "BEGIN SOLUTION" in text:
            for cell in json.loads(text)["cells"]:
                exec("".join(cell["source"]), globals())
            return True
    return False

try:
    look()
except Exception:
    pass
"""

CHEATS = {
    "prints passed": (every('print("passed")\nprint("3.0")'), ['print("All tests passed. Score: 30/30")', "28.0"]),
    "returns a constant": (every("return A * 0 + 1"), []),
    "returns what is no number": (every("return np.full(A.shape, np.nan + 1j)"), []),
    "returns a ragged list": (every("return [[1.0], [2.0, 3.0], {'a': [None, A]}]"), []),
    "returns what it is given": (every("return A"), []),
    "patches numpy before the call": (every("return A", PATCHES), []),
    "patches numpy inside the call": (every(PATCHES + "\nreturn np.ones(1)"), []),
    "replaces the grader": (
        every(
            """
import gc, sys
sys.path[:0] = ["{folder}"]
for module in list(sys.modules.values()) + gc.get_objects():
    try:
        module.alike = module.between = lambda *a: (1.0, "right")
        module.error_db = lambda *a: -400.0
    except Exception:
        pass
try:
    import grading.marking, grading.compare
    grading.compare.alike = lambda *a: (1.0, "right")
except Exception:
    pass
return A
"""
        ),
        [],
    ),
    "returns a liar": (every("return Liar((10, 10))", LIAR), []),
    "imports the module": (
        {
            "beat_spectrum": "from spectrogramtools import beat_spectrum",
            "repeating_model": "from spectrogramtools import median_across_periods as repeating_model",
            "soft_mask": "from spectrogramtools.masks import repeating_mask as soft_mask",
            "two_loops": "def two_loops(A, p, q, turns):\n    import spectrogramtools",
            "middle_mean_model": "from scipy.stats import trim_mean\ndef middle_mean_model(A, period):\n"
            "    return trim_mean(A, 0.25)",
        },
        [],
    ),
    "looks for solutions": (every("look()\nraise ValueError('nothing found')", LOOK), [LOOK]),
    "exits": (every("import os\nos._exit(0)"), []),
    "exits at once": (every("return A"), ["import os\nos._exit(0)"]),
    "crashes": (every("import ctypes\nctypes.string_at(0)"), []),
    "forges an answer": (
        every(
            """
import os
head = b'{"value": {"value": {"plain": 1.0}}}'
for fd in range(3, 20):
    try:
        os.write(fd, b"%d 0\\n" % len(head) + head)
    except OSError:
        pass
return 1.0
"""
        ),
        [],
    ),
    "sends a pickle": (
        every(
            """
import os, pickle
class Evil:
    def __reduce__(self): return (os.system, ("touch {folder}/evil.txt",))
data = pickle.dumps(Evil())
for fd in range(3, 20):
    try:
        os.write(fd, b"%d %d\\n" % (0, len(data)) + data)
    except OSError:
        pass
return np.array([Evil()], dtype=object)
"""
        ),
        [],
    ),
    "returns too much": (every("return np.zeros(int(60e6))"), []),
    "writes outside": (
        every(
            """
import os
for path in ("{folder}/evil.txt", "{folder}/gradebook.db", "{folder}/course.toml", "{folder}/../../../evil.txt"):
    try:
        open(path, "w").write("evil")
    except OSError:
        pass
return A
"""
        ),
        [],
    ),
    "ends its parent": (
        every("import os, signal\nif os.getppid():\n    os.kill(os.getppid(), signal.SIGTERM)\nreturn A"),
        [],
    ),
}
