"""Do the tests hold the numbers? Change one operator, one number, one condition at a time and see whether a test fails.

    python tests/mutants/run.py [--sample N] [--seed N] [FILE ...]

A changed program is a mutant; a mutant with which all tests pass has survived, and something is not tested. The changes
are cosmic-ray's, without those that can't tell: bit operators in place of arithmetic ones (on floats they raise),
`is` in place of `==`, and what changes annotations alone. Each mutant meets only the tests that concern its file
(`TESTS`). What no test can see is listed in equivalent.toml with the reason.

Every mutant runs in a child of a process in which numpy, scipy and the like are imported already: that halves the time.
It needs fork, so Linux or macOS.
"""

import argparse
import ast
import contextlib
import importlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# The fast tests that concern a file, the likeliest to fail first.
SENTENCES = "test_bad_input.py::test_sentence"
DEFAULTS = "test_api.py::test_the_defaults_are_these"
BY_NAME = "test_api.py::test_options_are_given_by_name"
TESTS = {
    "transforms.py": ["test_transforms.py", "test_separate.py", SENTENCES, DEFAULTS, BY_NAME],
    "griffinlim.py": ["test_griffinlim.py", SENTENCES, DEFAULTS, BY_NAME],
    "medians.py": ["test_medians.py", SENTENCES, DEFAULTS, BY_NAME],
    "running_median.py": ["test_medians.py"],
    "masks.py": ["test_masks.py", SENTENCES, DEFAULTS, BY_NAME],
    "evaluation.py": ["test_evaluation.py", "test_survivors_separation.py", SENTENCES, DEFAULTS, BY_NAME],
    "bss_eval.py": ["test_bss_eval.py", SENTENCES, DEFAULTS, BY_NAME],
    "checks.py": [SENTENCES, "test_transforms.py", "test_masks.py", "test_medians.py", "test_separate.py"],
    "plots.py": ["test_plots.py", "test_pictures.py", "test_survivors_separation.py", SENTENCES, DEFAULTS, BY_NAME],
    "separation/separate.py": ["test_separate.py", "test_hpss.py", SENTENCES, DEFAULTS, BY_NAME],
    "separation/background.py": ["test_repet.py", "test_peers.py", "test_survivors_separation.py", SENTENCES],
    "separation/ft2d.py": [
        "test_peers.py",
        "test_repet.py",
        "test_survivors_separation.py",
        SENTENCES,
        DEFAULTS,
        BY_NAME,
    ],
    "separation/hpss.py": [
        "test_hpss.py",
        "test_peers.py",
        "test_survivors_separation.py",
        SENTENCES,
        DEFAULTS,
        BY_NAME,
    ],
    "separation/agreement.py": ["test_agreement.py", "test_period.py", "test_repet.py"],
    "separation/follow.py": ["test_follow.py", "test_repet.py", SENTENCES, DEFAULTS, BY_NAME],
    "separation/placed.py": ["test_placed.py", "test_repet.py"],
    "separation/period.py": ["test_period.py", SENTENCES, DEFAULTS, BY_NAME],
    "separation/repet.py": ["test_repet.py", "test_survivors_separation.py", SENTENCES, DEFAULTS, BY_NAME],
    "separation/repet_sim.py": [
        "test_repet.py",
        "test_peers.py",
        "test_survivors_separation.py",
        SENTENCES,
        DEFAULTS,
        BY_NAME,
    ],
}

# Replaced by these only, each by all the others.
ARITHMETIC = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"}
ORDER = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"}
OTHERS = [
    "NumberReplacer",
    "AddNot",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Invert",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
    "RemoveDecorator",
]
# Bytes that a child may use: a mutant that asks for more has failed.
MEMORY = 6 * 2**30


def operators():
    from cosmic_ray.plugins import get_operator, operator_names

    for name in sorted(operator_names()):
        kind, *words = name.removeprefix("core/").split("_")
        if (
            name.removeprefix("core/") in OTHERS
            or (kind == "ReplaceBinaryOperator" and set(words) <= ARITHMETIC)
            or (kind == "ReplaceComparisonOperator" and set(words) <= ORDER)
        ):
            yield get_operator(name)()


def mutants(source):
    """All mutants of a source as (number of the line, the line, the line changed, the whole source changed)."""
    from cosmic_ray.mutating import mutate_code

    seen = {without_annotations(source)}
    for operator in operators():
        for occurrence in range(10**6):
            mutant = mutate_code(source, operator, occurrence)
            if mutant is None:
                break
            try:
                meaning = without_annotations(mutant)
            except SyntaxError:  # as of `**settings` in a call
                continue
            if meaning in seen:
                continue
            seen.add(meaning)
            for number, (before, after) in enumerate(zip(source.splitlines(), mutant.splitlines(), strict=False), 1):
                if before != after:
                    yield number, " ".join(before.split()), " ".join(after.split()), mutant
                    break


def without_annotations(source):
    """The source as a tree in which annotations, which nothing evaluates here, are left out."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(None)
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(tree)


def test(tree, name, mutant, seconds):
    """Run a file's tests with the mutant in its place, in a child of this process: None if all pass, else why not."""
    path = Path(tree) / "spectrogramtools" / name
    original = path.read_text()
    if mutant is not None:
        path.write_text(mutant)
    child = os.fork()
    if child == 0:
        try:
            os._exit(run_tests(tree, name))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    try:
        return verdict(child, seconds)
    finally:
        path.write_text(original)


def run_tests(tree, name):
    """In the child: the tests of a file, up to the first that fails."""
    import pytest
    from hypothesis import Phase, settings

    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.chdir(tree)
    sys.path[:0] = [str(Path(tree)), str(Path(tree) / "tests")]
    sys.dont_write_bytecode = True
    # The same examples for each mutant, and none made smaller: that it fails is enough.
    settings.register_profile("mutants", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutants")
    found = [f"tests/{t}" for t in TESTS[name] if (Path(tree) / "tests" / t.partition("::")[0]).exists()]
    return int(pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *found]))


def verdict(child, seconds):
    """None where the child ends well, else what became of it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return None if status == 0 else "failed" if os.WIFEXITED(status) else "crashed"
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "took too long"


def worker(jobs, results):
    """Copy the project, import what is slow to import, then test one mutant after the other."""
    for module in ("numpy", "scipy.ndimage", "scipy.signal", "scipy.fft", "librosa", "numba", "pytest", "hypothesis"):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as tree:
        for part in ("spectrogramtools", "tests", "audio", "pyproject.toml", "benchmarks"):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, Path(tree) / part)
        while (job := jobs.recv()) is not None:
            results.send(test(tree, *job))


class Worker:
    """A process that tests mutants, and the pipes to it."""

    def __init__(self):
        context = get_context("spawn")
        there, self.jobs = context.Pipe(duplex=False)
        self.results, back = context.Pipe(duplex=False)
        context.Process(target=worker, args=(there, back), daemon=True).start()

    def __call__(self, *job):
        self.jobs.send(job)
        return self.results.recv()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", help="as in spectrogramtools/masks.py; none means all")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each file; 0 means all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    names = [str(Path(f).resolve().relative_to(ROOT / "spectrogramtools")) for f in options.files] or list(TESTS)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    listed = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))["equivalent"]
    equivalent = {(e["file"], e["line"], e.get("mutant")) for e in listed}
    workers = [Worker() for _ in range(min(2, os.cpu_count() or 1))]
    table, survivors = [], []
    for name in names:
        found = list(mutants((ROOT / "spectrogramtools" / name).read_text()))
        wanted = [m for m in found if not {(name, m[1], m[2]), (name, m[1], None)} & equivalent]
        if options.sample:
            wanted = random.Random(options.seed).sample(wanted, min(options.sample, len(wanted)))
        began = time.monotonic()
        if (failure := workers[0](name, None, 600)) is not None:
            sys.exit(f"{name}: its tests {failure} without any change.")
        seconds = 20 + 5 * (time.monotonic() - began)
        free = list(workers)
        print(f"{name}: {len(wanted)} mutants of {len(found)}, {seconds / 5 - 4:.0f} s each at the most", flush=True)

        def tried(mutant, name=name, seconds=seconds, free=free):
            mine = free.pop()
            result = mine(name, mutant[3], seconds)
            free.append(mine)
            if result is None:
                print(f"  {name}:{mutant[0]}\n    - {mutant[1]}\n    + {mutant[2]}", flush=True)
            return result

        with ThreadPoolExecutor(len(workers)) as pool:
            results = list(pool.map(tried, wanted))
        survived = results.count(None)
        survivors += [name] * survived
        table.append((name, len(wanted), len(wanted) - survived, survived, len(found)))
        print(line(*table[-1]), flush=True)
    print(f"\n{'file':28}{'mutants':>8}{'killed':>8}{'survived':>9}{'per cent':>9}{'of':>6}")
    for row in [*table, ("all", *(sum(column) for column in list(zip(*table, strict=True))[1:]))]:
        print(line(*row))
    sys.exit(bool(survivors))


def line(name, tried, killed, survived, of):
    return f"{name:28}{tried:8}{killed:8}{survived:9}{100 * killed / max(1, tried):9.1f}{of:6}"


if __name__ == "__main__":
    main()
