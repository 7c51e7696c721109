"""A bar on the screen while something takes its time.

Function: `progress`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import TypeVar

from spectrogramtools.extras import needs

T = TypeVar("T")


def progress(steps: Iterable[T], what: str, verbose: bool) -> Iterable[T]:
    """The same steps, with a bar that says how many are done; without verbose nothing is shown."""
    if not verbose:
        return steps
    needs("verbose=True", "tqdm")
    from tqdm.auto import tqdm

    total = len(steps) if isinstance(steps, Sized) else None
    counted: Iterable[T] = tqdm(steps, desc=what, total=total, leave=False)
    return counted
