"""Score methods on every song of a corpus, from a terminal.

python -m spectrogramtools.corpus ROOT --methods repet ft2d my_module:my_method --out RESULTS
"""

from __future__ import annotations

import argparse
import ast
import sys
from typing import Any

from spectrogramtools.corpus.evaluate import evaluate
from spectrogramtools.corpus.methods import OURS
from spectrogramtools.corpus.report import report


def main(arguments: list[str] | None = None) -> int:
    """0 if all went well, 1 if something failed on some song, 2 if the command can't be run, 130 if it is stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m spectrogramtools.corpus", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("root", metavar="ROOT", help="MUSDB18 or MUSDB18-HQ, or any tree with a folder for each song")
    parser.add_argument("--methods", nargs="+", required=True, metavar="METHOD",
                        help=f"{', '.join(OURS)}, or module:function for any (y, sr) -> estimates")  # fmt: skip
    parser.add_argument("--out", required=True, metavar="RESULTS", help="the folder of results; what is there is kept")
    parser.add_argument("--grid", nargs="+", default=[], type=_values, metavar="NAME=A,B",
                        help="run each method with all of these, as in mask=fitted,soft highpass=0,100")  # fmt: skip
    parser.add_argument("--segments", type=float, metavar="SECONDS", help="cut each song into passages of this length")
    for part in ("foreground", "percussive"):
        parser.add_argument(f"--{part}", nargs="+", metavar="STEM", help=f"the stems that are {part}")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler, as tcp://10.0.0.1:8786; else this machine"
    )
    parser.add_argument("--workers", type=int, help="processes on this machine; else one a processor")
    parser.add_argument("--memory", metavar="LIMIT", help="the most a process on this machine may take, as 2GB")
    parser.add_argument(
        "--timeout", type=float, default=3600.0, metavar="SECONDS", help="for a method on a song; an hour"
    )
    parser.add_argument("--seed", type=int, default=0, help="where random numbers begin; 0")
    given = vars(parser.parse_args(arguments))
    grid = dict(given.pop("grid"))
    try:
        evaluated = evaluate(given.pop("root"), given.pop("methods"), given.pop("out"), grid=grid, **given)
        print(evaluated, report(evaluated.out), sep="\n\n")
    except (ValueError, OSError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: what is done stays, and the same command goes on with the rest.", file=sys.stderr)
        return 130
    return 1 if evaluated.failed else 0


def _values(text: str) -> tuple[str, list[Any]]:
    """A parameter and its values, from "highpass=0,100"."""
    name, equals, values = text.partition("=")
    if not (name and equals and values):
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=A,B, as in highpass=0,100")
    try:
        return name, list(ast.literal_eval(f"[{values}]"))
    except (ValueError, SyntaxError):  # with words in it
        return name, [_value(value) for value in values.split(",")]


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):  # a word
        return text


if __name__ == "__main__":
    sys.exit(main())
