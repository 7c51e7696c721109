"""What is run on every song: a method of this module by its name, any function that can be imported, and the baselines.

A method is a function `(y, sr) -> estimates`. It says which sources it gives in an attribute `sources`: names of stems,
or of parts of the song (`parts.py`); without one it gives (background, foreground).

Functions: `methods_of`, `baselines_of`; the classes `Method` and `Baseline`.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectrogramtools import checks
from spectrogramtools.corpus.parts import RESTS
from spectrogramtools.evaluation import baselines
from spectrogramtools.separation.ft2d import ft2d
from spectrogramtools.separation.hpss import hpss
from spectrogramtools.separation.repet import repet, repet_adaptive, repet_extended
from spectrogramtools.separation.repet_sim import repet_sim
from spectrogramtools.transforms import lengths

Signal = NDArray[Any]
REPEATING, PERCUSSIVE = ("background", "foreground"), ("harmonic", "percussive")
# Characters; what is longer has a fingerprint at its end, for a file's name has 255 at most.
LONGEST_NAME = 120
# Of this folder's files, those that a score depends on; the others tell of scores, or hand out work.
SCORING = ("methods", "parts", "scores", "song", "tracks")
BASELINES = ("mixture", "high-pass 100 Hz", "ideal binary mask", "ideal ratio mask")
OURS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "repet": (repet, REPEATING),
    "repet_extended": (repet_extended, REPEATING),
    "repet_adaptive": (repet_adaptive, REPEATING),
    "repet_sim": (repet_sim, REPEATING),
    "ft2d": (ft2d, REPEATING),
    "hpss": (hpss, PERCUSSIVE),
}


@dataclass(frozen=True, eq=False)
class Method:
    """A function with its arguments.

    Attributes
    ----------
    name : str
        With the arguments: "repet(highpass=0)".
    function : callable
        From (y, sr) to estimates.
    arguments : dict
        By name, beside y and sr.
    sources : tuple of str
        What the function gives, in this order.
    code : str
        A fingerprint of the code that runs; other code gives other results.
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    arguments: Mapping[str, Any]
    sources: tuple[str, ...]
    code: str

    @property
    def file(self) -> str:
        """What its results are called; any file system takes it."""
        return _file_name(self.name)

    def estimates(self, truth: Mapping[str, Signal], y: Signal, sr: int, seed: int) -> dict[str, Signal]:
        """What the function makes of a song, by source; it is not shown the truth. Random numbers begin at the seed."""
        random.seed(seed)
        np.random.seed(seed % 2**32)  # the most it takes
        seeded = "seed" in _parameters(self.function) and "seed" not in self.arguments
        further = {"seed": seed} if seeded else {}
        # A copy: a method that writes into y must not change what the next one gets.
        given = self.function(y.copy(), sr, **self.arguments, **further)
        listed = given if isinstance(given, Mapping) else dict(zip(self.sources, _sequence(given), strict=False))
        n_given = len(given)
        if set(listed) != set(self.sources) or n_given != len(self.sources):
            raise ValueError(
                f"gives {n_given} estimates ({', '.join(map(str, listed))}), but it must give one for each of "
                f"{', '.join(self.sources)}: its attribute `sources` names them."
            )
        return {source: _shaped(listed[source], y, source) for source in self.sources}


@dataclass(frozen=True)
class Baseline:
    """What every method is measured by: an estimate that costs nothing, or one that knows the sources."""

    name: str
    sources: tuple[str, ...]
    arguments: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def code(self) -> str:
        return own_code()

    @property
    def file(self) -> str:
        """Its results for these sources; those for others are another file's."""
        return _file_name(f"{self.name} ({', '.join(self.sources)})")

    def estimates(self, truth: Mapping[str, Signal], y: Signal, sr: int, seed: int) -> dict[str, Signal]:
        found = baselines(y, [*truth.values()], sr, lengths(None, None, sr))[self.name]()
        return dict(zip(truth, found, strict=True))


def baselines_of(methods: Iterable[Method]) -> list[Baseline]:
    """All baselines, for all sources that the methods give."""
    # The high-pass takes its first source for the background, whichever a method gives first.
    sources = dict.fromkeys(tuple(sorted(method.sources, key=lambda s: s not in RESTS.values())) for method in methods)
    return [Baseline(name, given) for given in sources for name in BASELINES]


def methods_of(
    calls: Iterable[str | Callable[..., Any]], grid: Mapping[str, Sequence[Any]] | None = None
) -> list[Method]:
    """The methods by their names, once for each choice from the grid.

    Parameters
    ----------
    calls : iterable of str or callable
        Names of this module's methods (`OURS`), "module:function" for any other that can be imported, or a function.
    grid : dict from str to sequence, optional
        Values for some parameters; each method runs with all combinations of them.

    Returns
    -------
    methods : list of Method

    Raises
    ------
    ValueError
        If there is no such method, or it has no parameter of that name.

    Examples
    --------
    >>> [method.name for method in methods_of(["repet"], {"power": [1, 2]})]
    ['repet(power=1)', 'repet(power=2)']
    """
    grid = checks.mapping(grid or {}, "grid", '{"power": [1, 2]}')
    found = []
    for asked in calls:
        function = _function(asked)
        call = asked if isinstance(asked, str) else getattr(function, "__name__", "")
        if not call:
            raise ValueError(f"{checks.shown(asked)} has no name for its results: give a function, as def makes it.")
        accepted = _parameters(function)
        for parameter in grid:
            if parameter not in accepted and "**" not in accepted:
                raise ValueError(f"{call} has no parameter {parameter!r}; it has {', '.join(accepted) or 'none'}.")
        sources = OURS[call][1] if call in OURS else tuple(getattr(function, "sources", REPEATING))
        code = own_code() if call in OURS else _code_of(function)
        for values in itertools.product(*(_values(values, f"grid[{name!r}]") for name, values in grid.items())):
            arguments = dict(zip(grid, values, strict=True))
            shown = ", ".join(f"{name}={value}" for name, value in arguments.items())
            found.append(Method(f"{call}({shown})" if shown else call, function, arguments, sources, code))
    hidden = next((method.name for method in found if method.name in BASELINES), None)
    if hidden:
        raise ValueError(f"a method is called {hidden!r}, which is a baseline's name: choose another one.")
    files = Counter(method.file for method in found)
    twice = next((method.name for method in found if files[method.file] > 1), None)
    if twice:
        raise ValueError(f"{twice} is asked for twice, or another method's file has the same name: name each one once.")
    return found


@cache
def own_code() -> str:
    """A fingerprint of all of this package that a score depends on."""
    folder = Path(__file__).parent.parent
    files = [*folder.glob("*.py"), *folder.glob("separation/*.py")]
    files += [folder / "corpus" / f"{name}.py" for name in SCORING]
    return _fingerprint(b"".join(path.read_bytes() for path in sorted(files)))


def _file_name(method: str) -> str:
    name = re.sub(r"[^\w.,=()+-]+", "_", method)
    return (name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}-{_fingerprint(method.encode())}") + ".json"


def _values(values: Any, name: str) -> list[Any]:
    """As JSON holds them, and as they look the same in each run."""
    found = [tuple(value) if isinstance(value, list) else value for value in checks.sequence(values, name, "values")]
    for value in found:
        parts = value if isinstance(value, tuple) else (value,)
        if not all(isinstance(part, str | int | float | None) for part in parts):
            raise ValueError(
                f"{name} holds {checks.shown(value)}: give numbers, words, True, False, None or lists of these."
            )
    return found


def _function(call: str | Callable[..., Any]) -> Callable[..., Any]:
    if callable(call):
        return call
    if not isinstance(call, str):
        raise ValueError(
            f"methods holds {checks.shown(call)}, but a method is a name or a function (y, sr) -> estimates."
        )
    if call in OURS:
        return OURS[call][0]
    module, _, name = call.partition(":")
    if not name:
        raise ValueError(
            f"there is no method {call!r}: use one of {', '.join(OURS)}, or module:function for one of your own."
        )
    try:
        found = getattr(importlib.import_module(module), name)
    except ImportError as error:
        raise ValueError(f"{module!r} can't be imported ({error}): is its folder in PYTHONPATH?") from error
    except AttributeError:
        raise ValueError(f"{module!r} has no function {name!r}.") from None
    if not callable(found):
        raise ValueError(f"{call} is {checks.shown(found)}, but a method must be a function (y, sr) -> estimates.")
    return found  # type: ignore[no-any-return]


def _parameters(function: Callable[..., Any]) -> list[str]:
    """Names beside y and sr; "**" for a function that takes any."""
    try:
        parameters = list(inspect.signature(function).parameters.values())[2:]
    except ValueError:  # compiled, without a signature
        return ["**"]
    return ["**" if p.kind is p.VAR_KEYWORD else p.name for p in parameters]


def _code_of(function: Callable[..., Any]) -> str:
    """Of the function's file and the version of its package; in a notebook, of the function and what it calls there."""
    module = inspect.getmodule(function)
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return _fingerprint("".join(_in_notebook(function, {})).encode())
    package = importlib.import_module(module.__name__.partition(".")[0])
    return _fingerprint(Path(file).read_bytes() + str(getattr(package, "__version__", "")).encode())


def _in_notebook(function: Callable[..., Any], seen: dict[str, str]) -> Iterable[str]:
    """The sources of a function and of those beside it that it names, and the numbers and words that it names."""
    try:
        seen[function.__name__] = inspect.getsource(function)
    except (OSError, TypeError):
        raise ValueError(
            f"the code of {function.__name__} can't be read: write it into a file or a notebook."
        ) from None
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if name not in seen and inspect.isfunction(value) and value.__module__ == function.__module__:
            _in_notebook(value, seen)
        elif isinstance(value, str | int | float | tuple | None):
            seen.setdefault(name, f"{name} = {value!r}\n")
    return seen.values()


def _names(code: CodeType) -> list[str]:
    """All that a function's code names, also within the functions that it makes."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return [*code.co_names, *(name for part in inner for name in _names(part))]


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _sequence(given: Any) -> Sequence[Any]:
    return checks.sequence(given, "what it gives", "estimates, one for each source")


def _shaped(estimate: Any, y: Signal, source: str) -> Signal:
    found = checks.array(estimate, source)
    if found.shape != y.shape:
        raise ValueError(f"gives {source} in shape {found.shape} for a song of shape {y.shape}: both must be the same.")
    return checks.channels(found, source)
