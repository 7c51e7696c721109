"""A bar on the screen while something takes its time.

Functions: `wanted`, `progress`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Any, TypeVar

from spectrogramtools import checks
from spectrogramtools.extras import needs

T = TypeVar("T")


def wanted(verbose: Any) -> bool:
    """Whether a bar is wanted; then what draws it must be there, before the work begins."""
    if checks.flag(verbose, "verbose"):
        needs("verbose=True", "tqdm")
        return True
    return False


def progress(steps: Iterable[T], what: str, verbose: bool) -> Iterable[T]:
    """The same steps, with a bar that says how many are done; without verbose nothing is shown."""
    if not verbose:
        return steps
    from tqdm.auto import tqdm

    total = len(steps) if isinstance(steps, Sized) else None
    counted: Iterable[T] = tqdm(steps, desc=what, total=total, leave=False)
    return counted
