"""What only a lecture needs is imported where it is first used; where it is missing, one sentence says what brings it.

Function: `needs`.
"""

from __future__ import annotations

from importlib.util import find_spec


def needs(what: str, *packages: str, extra: str = "course") -> None:
    """Raise ModuleNotFoundError, with a sentence, if one of the packages that `what` needs is not installed."""
    for package in packages:
        try:
            found = find_spec(package) is not None
        except ImportError:  # whatever looks for packages here forbids this one
            found = False
        if not found:
            raise ModuleNotFoundError(
                f'{what} needs {package}, which is not installed: pip install "spectrogramtools[{extra}]" brings it.',
                name=package,
            )
