"""Whose code is alike, beyond what is handed out, what the lectures show, and what many write.

A program is taken as passages of a dozen tokens. Names of the student's own choice, strings, comments and the layout
are left out of them, and a passage may stand anywhere, so renaming, reordering and other comments change nothing. What
is handed out, shown or the teacher's own solution does not count; a passage counts the less, the more of the class have
it. A short function has few passages, and proves nothing.
"""

import builtins
import contextlib
import io
import keyword
import math
import tokenize
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import sparse

# Tokens in a passage.
LENGTH = 12
# A pair is told of if so much of the shorter program is shared, and so many passages that few others have.
SHARE, PASSAGES = 0.38, 60
# Names that nobody chooses.
GIVEN = {*dir(builtins), "np", "numpy"}
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
NO_CODE |= {tokenize.ENDMARKER}


@dataclass(frozen=True)
class Pair:
    """Two submissions: the share of the shorter one, from 0 to 1, that is shared and rare; and where, by function."""

    students: tuple[str, str]
    share: float
    passages: int
    where: dict[str, float]


def passages(source):
    """The passages of a program, by the function that they stand in, or "" where it is none."""
    found = {}
    for name, tokens in statements(source):
        windows = {window(tokens[i : i + LENGTH]) for i in range(len(tokens) - LENGTH + 1)}
        found.setdefault(name, set()).update(windows)
    return found


def statements(source):
    """(function, tokens) of each statement that is not inside of another; as far as it is Python."""
    name, tokens, new_line, after_def = "", [], True, False
    # Since 3.12 some mistakes stop the reading, and what was read so far counts.
    with contextlib.suppress(tokenize.TokenError, SyntaxError, ValueError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            begins = new_line and token.type not in NO_CODE
            if begins and token.start[1] == 0:
                yield name, tokens
                name, tokens = "", []
            if after_def and not name:
                name = token.string
            after_def = token.string in ("def", "class") and len(tokens) == 0
            if token.type not in NO_CODE and not (begins and token.type == tokenize.STRING):
                tokens.append(plain(token, tokens))
            new_line = token.type in NO_CODE and (new_line or token.type == tokenize.NEWLINE)
    yield name, tokens


def plain(token, before):
    """A token without what can be changed for nothing; a name of the student's own choice begins with a space."""
    if token.type == tokenize.NAME:
        kept = keyword.iskeyword(token.string) or token.string in GIVEN or (before and before[-1] == ".")
        return token.string if kept else " " + token.string
    return token.string if token.type in (tokenize.OP, tokenize.NUMBER) else "text"


def window(tokens):
    """The tokens as one, in which names are told apart but not told."""
    names = {}
    return hash(tuple(names.setdefault(token, len(names)) if token[0] == " " else token for token in tokens))


def pairs(programs, known=()):
    """The pairs that are alike, the most alike first; and how much each pair of the class shares.

    `programs` are sources by student, `known` are sources that everybody has.
    """
    everybodys = {passage for source in known for found in passages(source).values() for passage in found}
    theirs = {
        student: {name: found - everybodys for name, found in passages(source).items()}
        for student, source in programs.items()
    }
    students = [*theirs]
    whole = [set().union(*functions.values()) for functions in theirs.values()]
    having = Counter(passage for one in whole for passage in one)

    def weight(passage):
        """1 where two have it, 0 where all have it."""
        return min(1.0, math.log((len(students) + 1) / having[passage]) / math.log((len(students) + 1) / 2))

    # Of all pairs at once: who has which passage, as a matrix, times itself.
    place = {passage: i for i, passage in enumerate(passage for passage, n in having.items() if n > 1)}
    has = sparse.lil_array((len(students), len(place)))
    for i, one in enumerate(whole):
        has[i, [place[passage] for passage in one if passage in place]] = 1.0
    has = has.tocsr()
    rare = (has * np.array([weight(passage) for passage in place]) @ has.T).toarray()
    length = np.array([len(one) for one in whole])
    share = rare / np.maximum(np.minimum.outer(length, length), 1)
    upper = np.triu_indices(len(students), k=1)
    alike = [
        Pair((students[i], students[j]), float(share[i, j]), round(rare[i, j]), where(theirs[students[i]], whole[j]))
        for i, j in zip(*upper, strict=True)
        if share[i, j] >= SHARE and rare[i, j] >= PASSAGES
    ]
    return sorted(alike, key=lambda pair: (-pair.share, pair.students)), share[upper]


def where(functions, other):
    """How much of each function stands in another program as well, where it is long enough to say something."""
    return {name: len(found & other) / len(found) for name, found in functions.items() if len(found) >= LENGTH}
