r"""A table as text for a terminal, as Markdown, or as LaTeX (with the package booktabs).

Functions: `as_text`, `as_markdown`, `as_latex`; the class `Table`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spectrogramtools.evaluation import rounded

WIDTH = 110
NOTHING = "–"
MARKDOWN = re.compile(r"([\\`*_\[\]<>|~$&#{}])")
LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "…": r"\ldots{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


@dataclass(frozen=True)
class Table:
    """Blocks of rows under one line of heads.

    Attributes
    ----------
    title : str
        A sentence.
    heads : sequence of str
        Of all columns but the first, above which the block's name stands.
    blocks : dict from str to sequence of sequence of str
        Rows by name; the first cell says what the row is about, the others hold numbers.
    """

    title: str
    heads: Sequence[str]
    blocks: Mapping[str, Sequence[Sequence[str]]]


def decibels(score: float) -> str:
    """To 0.1 dB."""
    return NOTHING if score != score else rounded(round(score, 1) + 0.0)


def span(low: float, high: float) -> str:
    return NOTHING if low != low else f"{decibels(low)} to {decibels(high)}"


def probability(p: float) -> str:
    """Two digits."""
    return f"{p:.2g}" if p < 0.995 else "1"


def as_text(table: Table, notes: Sequence[str]) -> str:
    """In columns, numbers to the right."""
    lines = [[name, *table.heads] for name in table.blocks]
    lines += [[*row] for rows in table.blocks.values() for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        return "   ".join([cells[0].ljust(len(first)), *others]).rstrip()

    told = [table.title]
    for name, rows in table.blocks.items():
        told += ["", line([name, *table.heads]), *map(line, rows)]
    return "\n".join([*told, *([""] if notes else []), *(wrapped(note) for note in notes)]) + "\n"


def wrapped(note: str) -> str:
    return textwrap.fill(note, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def as_markdown(table: Table, notes: Sequence[str]) -> str:
    """A table for each block."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(map(markdown, cells))} |"

    told = [markdown(table.title)]
    for name, rows in table.blocks.items():
        told += ["", line([name, *table.heads]), f"|---|{'--:|' * len(table.heads)}", *map(line, rows)]
    return "\n".join([*told, *([""] if notes else []), *(f"- {markdown(note)}" for note in notes)]) + "\n"


def as_latex(table: Table, notes: Sequence[str]) -> str:
    r"""A float for `\input`, with lines of booktabs, and notes below."""
    columns = 1 + len(table.heads)
    told = [
        r"% \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering\footnotesize\setlength{\tabcolsep}{2.5pt}",
        rf"\caption{{{latex(table.title)}}}",
        rf"\begin{{tabular}}{{@{{}}l{'r' * len(table.heads)}@{{}}}}",
        r"\toprule",
        " & ".join(["", *map(_stacked, table.heads)]) + r" \\",
    ]
    for name, rows in table.blocks.items():
        told += [r"\midrule", rf"\multicolumn{{{columns}}}{{@{{}}l}}{{\emph{{{latex(name)}}}}} \\"]
        told += [" & ".join([latex(row[0]), *map(_number, row[1:])]) + r" \\" for row in rows]
    told += [r"\bottomrule", r"\end{tabular}"]
    if notes:
        told += [r"\par\medskip", r"\begin{minipage}{\linewidth}\footnotesize"]
        told += [rf"{latex(note)}\par" for note in notes] + [r"\end{minipage}"]
    return "\n".join([*told, r"\end{table}"]) + "\n"


def markdown(text: str) -> str:
    """A text of which Markdown takes nothing for a mark."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def latex(text: str) -> str:
    """A text of which LaTeX takes nothing for a command."""
    escaped = "".join(LATEX.get(character, character) for character in " ".join(text.split()))
    return re.sub("-(?=-)", "-{}", escaped).replace("–", "--")  # two hyphens shall not become a dash


def _stacked(head: str) -> str:
    """Above each other, so that the table is no wider than its numbers."""
    first, _, last = latex(head).rpartition(" ")
    return rf"\shortstack[r]{{{first}\\{last}}}" if first else last


def _number(cell: str) -> str:
    """A cell of numbers: powers of ten are set as such, and a minus is one."""
    cell = re.sub(r"(\S+)e([-+]\d+)", lambda found: rf"${found[1]}\cdot10^{{{int(found[2])}}}$", cell)
    if "$" in cell:
        return cell
    cell = re.sub(r"[<>] -?\d+|-[\d.]+", r"$\g<0>$", cell)
    return cell.replace(NOTHING, "--").replace(" to ", r"\,to\,").replace(" of ", "/")
