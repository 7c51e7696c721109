"""The words of a lecture: its prose without code, formulas, addresses and markup."""

import re

NOT_PROSE = re.compile(
    r"```.*?```|`[^`\n]*`"  # code
    r"|\$\$.*?\$\$|\$[^$\n]+\$"  # formulas
    r"|<[^>]+>|\]\([^)]*\)"  # tags, and where links lead
    r"|https?://\S+",
    re.DOTALL,
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words(markdown):
    """All words of at least three letters, as they stand there, without a possessive's s."""
    found = WORD.findall(NOT_PROSE.sub(" ", markdown).replace("­", ""))
    return [re.sub(r"['’]s$", "", word) for word in found if len(word) > 2]
