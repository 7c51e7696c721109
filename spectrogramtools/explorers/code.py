"""The lines of code that an explorer shows, filled in from its recipe; `page/views/code.js` does the same in the page.

A recipe has several blocks; the first whose conditions hold is taken. `{name}` stands for a control's value or another
fact. A line may have a condition of its own. A block with `each_channel` is for one channel: for several it becomes a
function of one, and the named sounds are put together.

Function: `code_of`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


def code_of(blocks: Sequence[Mapping[str, Any]], facts: Mapping[str, Any], n_dims: int) -> str:
    """The code of the first block that holds."""
    block = next(block for block in blocks if _holds(block, facts))
    chosen = [line for line in block["lines"] if isinstance(line, str) or _holds(line, facts)]
    lines = [_filled(line if isinstance(line, str) else line["line"], facts) for line in chosen]
    if n_dims == 2 and "each_channel" in block:
        parts = ", ".join(block["each_channel"])
        sides = "map(of_one_channel, y)"
        together = f"np.stack([*{sides}])" if len(block["each_channel"]) == 1 else f"map(np.stack, zip(*{sides}))"
        lines = [
            "def of_one_channel(y):",
            *(f"    {line}" for line in lines),
            f"    return {parts}",
            "",
            f"{parts} = {together}",
        ]
    return "\n".join([block["imports"], *lines] if "imports" in block else lines)


def _holds(what: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return all(facts[name] in values for name, values in what.get("when", {}).items())


def _filled(line: str, facts: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: _shown(facts[found[1]]), line)


def _shown(fact: Any) -> str:
    """A number with as many digits as it takes to get it back, and without a point where it is whole."""
    return repr(fact).removesuffix(".0") if isinstance(fact, float) else str(fact)
