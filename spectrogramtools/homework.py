"""What the homework's notebooks share: sentences for their checks, and the sounds that belong to a student's number.

The checks are there for whoever writes the functions: they say in words and numbers what is wrong. No mark depends on
them, so nothing is gained by changing them.
"""

from __future__ import annotations

import dis
import hashlib
import re
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spectrogramtools.audio import load_audio

# Sounds in an assignment's folder `sounds`, of which each student gets three.
SOUNDS = 18


def say(right: bool, if_right: str, if_wrong: str) -> bool:
    """Print one line, with a tick or a cross; return `right`."""
    print(f"✔ {if_right}" if right else f"✘ {if_wrong}")
    return bool(right)


def attempt(function: Callable[..., Any], *arguments: ArrayLike) -> NDArray[Any] | None:
    """What a student's function returns, as an array; or None, after one line that says why there is nothing."""
    name = getattr(function, "__name__", "this")
    own = [np.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
    try:
        result = function(*own)
    except NotImplementedError as error:
        *_, last = traceback.extract_tb(error.__traceback__)  # it may be a function that this one calls
        print(f"· {last.name} is not written yet")
        return None
    except Exception as error:
        print(f"✘ {name} stops with {type(error).__name__}: {error}")
        return None
    for before, after in zip(arguments, own, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            print(f"✘ {name} changes what it is given: work on a copy")
    if result is None:
        print(f"✘ {name} returns nothing: is there a return at its end?")
        return None
    missing_in_grading(function)
    return as_numbers(result, name)


def as_numbers(result: Any, name: str) -> NDArray[Any] | None:
    """As an array, if it is one of numbers; else None, after a line that says so."""
    try:
        numbers = np.asarray(result)
    except ValueError:
        print(f"✘ {name} returns parts of different shapes, which are no array together")
        return None
    if numbers.dtype.kind not in "biufc":
        print(f"✘ {name} returns {type(result).__name__} of {numbers.dtype}, not numbers")
        return None
    return numbers


def missing_in_grading(function: Callable[..., Any]) -> None:
    """Say what a function, or one that it calls, uses that grading doesn't have: there are numpy and Python's own
    library."""
    for name, package in sorted(set(used_from(function, set()))):
        if package not in {"numpy", "__main__", "builtins", "None", *sys.stdlib_module_names}:
            print(f"✘ {function.__name__} uses {name} from {package}: in grading there is numpy only")


def used_from(function: Callable[..., Any], seen: set[Any]) -> Iterator[tuple[str, str]]:
    """Each name that a function looks up or imports, and the package that it comes from; those of its helpers, too."""
    codes, known = [getattr(function, "__code__", None)], getattr(function, "__globals__", {})
    while codes:
        code = codes.pop()
        if code is None or code in seen:
            continue
        seen.add(code)
        codes += [inner for inner in code.co_consts if isinstance(inner, types.CodeType)]
        for line in dis.get_instructions(code):
            if line.opname == "IMPORT_NAME":
                yield line.argval, line.argval.split(".")[0]
            # An attribute may be called as something global is, and be none.
            value = known.get(line.argval) if line.opname in ("LOAD_GLOBAL", "LOAD_NAME") else None
            module = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
            if value is not None:
                yield line.argval, str(module).split(".")[0]
            if isinstance(value, types.FunctionType) and value.__globals__ is known:
                yield from used_from(value, seen)


def has_shape(result: NDArray[Any], shape: tuple[int, ...], name: str) -> bool:
    """Say whether an array has the shape that it should have."""
    return say(result.shape == shape, f"{name}: the shape is right", f"{name} has shape {result.shape}, not {shape}")


def same_numbers(
    result: ArrayLike, right: ArrayLike, what: str, instead: Sequence[tuple[str, ArrayLike]] = (), hint: str = ""
) -> bool:
    """Say whether a few numbers are right. `instead` has pairs: a hint, and what comes where it fits."""
    result, right = np.asarray(result), np.asarray(right)
    if result.shape != right.shape:
        return has_shape(result, right.shape, what)
    fitting = [own for own, wrong in instead if np.allclose(result, wrong, rtol=1e-4, atol=1e-6, equal_nan=True)]
    why = next(iter([*fitting, hint]))
    told = f"{what}: {spelt(result)}, not {spelt(right)}{why and f': {why}'}"
    return say(np.allclose(result, right, rtol=1e-4, atol=1e-6), f"{what}: {spelt(right)}", told)


def spelt(numbers: NDArray[Any]) -> str:
    """Numbers as one would write them down: 9 0.5 0.333."""
    return " ".join(f"{number + 0:.3g}" for number in np.round(1.0 * numbers, 9).ravel())


def spelt_as_in_the_table(answers: dict[str, str], names: tuple[str, ...]) -> None:
    """Are there three answers, A, B and C, that are among these names? Whether they are right, grading says."""
    for place in "ABC":
        given = answers.get(place, "") if isinstance(answers, dict) else ""
        if given == "":
            print(f"· {place} has no answer yet")
        else:
            say(given in names, f"{place}: {given}", f"{place}: {given!r} is none of the names in the table")


def error_db(mine: ArrayLike, right: ArrayLike) -> float:
    """Energy of the difference over the energy of what is right, in dB; -inf where both are equal."""
    mine, right = np.asarray(mine), np.asarray(right)
    wrong = np.sum(np.abs(mine - right) ** 2)
    return float(10 * np.log10(wrong / np.sum(np.abs(right) ** 2))) if wrong > 0 else -np.inf


def student_number(given: object) -> int:
    """A student's number, given as a whole number or as its digits in quotes, and in no other way.

    Raises
    ------
    ValueError : it is missing, or something else.
    """
    digits = str(given).strip() if type(given) in (int, str) else str(given)
    if digits in ("0", "", "None", "Ellipsis"):
        raise ValueError(
            "number is not yet yours: write your student number where it says number = 0, and run that cell."
        )
    if type(given) not in (int, str) or not re.fullmatch("[0-9]{1,40}", digits) or int(digits) == 0:
        raise ValueError("number is no whole number: write the digits of your student number, without letters.")
    return int(digits)


def which_sounds(number: int | str) -> tuple[int, int, int]:
    """The three of an assignment's sounds that belong to a student's number, none of them twice."""
    digest = hashlib.sha256(str(student_number(number)).encode()).digest()
    left = list(range(SOUNDS))
    a, b, c = (left.pop(digest[i] % len(left)) for i in range(3))
    return a, b, c


def my_sounds(number: int | str, folder: str | Path = "sounds") -> dict[str, NDArray[np.float32]]:
    """Your three sounds, A, B and C, at 22.05 kHz.

    Raises
    ------
    ValueError : number is not yet written, or no whole number.
    FileNotFoundError : the folder with the sounds does not lie beside the notebook.
    """
    mine = which_sounds(number)
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder} beside this notebook: copy it from the course as well.")
    files = [folder / f"{which:02d}.flac" for which in mine]
    return {name: load_audio(file)[0] for name, file in zip("ABC", files, strict=True)}
