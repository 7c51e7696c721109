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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import spectrogramtools
from spectrogramtools import checks
from spectrogramtools.evaluation import baselines
from spectrogramtools.transforms import lengths

Signal = NDArray[Any]
REPEATING, PERCUSSIVE = ("background", "foreground"), ("harmonic", "percussive")
# What is said of scores afterwards; none is another one for it.
AFTERWARDS = ("table", "statistics", "remarks", "formats", "figures", "report")
BASELINES = ("mixture", "high-pass 100 Hz", "ideal binary mask", "ideal ratio mask")
OURS = {
    "repet": REPEATING,
    "repet_extended": REPEATING,
    "repet_adaptive": REPEATING,
    "repet_sim": REPEATING,
    "ft2d": REPEATING,
    "hpss": PERCUSSIVE,
    "hpss_two_stage": PERCUSSIVE,
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
        np.random.seed(seed)
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
    sources = dict.fromkeys(method.sources for method in methods)
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
        call = asked if isinstance(asked, str) else function.__name__
        accepted = _parameters(function)
        for parameter in grid:
            if parameter not in accepted and "**" not in accepted:
                raise ValueError(f"{call} has no parameter {parameter!r}; it has {', '.join(accepted) or 'none'}.")
        sources = OURS.get(call) or tuple(getattr(function, "sources", REPEATING))
        code = own_code() if call in OURS else _code_of(function)
        for values in itertools.product(*(checks.sequence(grid[p], f"grid[{p!r}]", "values") for p in grid)):
            arguments = dict(zip(grid, values, strict=True))
            shown = ", ".join(f"{name}={value}" for name, value in arguments.items())
            found.append(Method(f"{call}({shown})" if shown else call, function, arguments, sources, code))
    names = [method.name for method in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"{twice} is asked for twice: name each method once.")
    return found


@cache
def own_code() -> str:
    """A fingerprint of all of this package that a score depends on."""
    folder = Path(spectrogramtools.__file__).parent
    files = [*folder.glob("*.py"), *folder.glob("separation/*.py"), *folder.glob("corpus/*.py")]
    return _fingerprint(b"".join(path.read_bytes() for path in sorted(files) if path.stem not in AFTERWARDS))


def _file_name(method: str) -> str:
    return re.sub(r"[^\w.,=()+-]+", "_", method) + ".json"


def _function(call: str | Callable[..., Any]) -> Callable[..., Any]:
    if callable(call):
        return call
    if call in OURS:
        return getattr(spectrogramtools, call)  # type: ignore[no-any-return]
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
    """Of the function's file and the version of its package; in a notebook, of the function's lines."""
    module = inspect.getmodule(function)
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return _fingerprint(inspect.getsource(function).encode())
    package = importlib.import_module(module.__name__.partition(".")[0])
    return _fingerprint(Path(file).read_bytes() + str(getattr(package, "__version__", "")).encode())


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _sequence(given: Any) -> Sequence[Any]:
    return checks.sequence(given, "what it gives", "estimates, one for each source")


def _shaped(estimate: Any, y: Signal, source: str) -> Signal:
    found = checks.array(estimate, source)
    if found.shape != y.shape:
        raise ValueError(f"gives {source} in shape {found.shape} for a song of shape {y.shape}: both must be the same.")
    if not np.isfinite(found).all():
        raise ValueError(f"gives {source} with NaN or infinite samples.")
    return found
