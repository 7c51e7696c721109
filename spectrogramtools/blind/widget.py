"""The blind test's Python side: a player's sounds, and what somebody said of them.

What is heard, and under which letter, is drawn by lot in the page. Imported by `listen_blind` only when it is wanted,
because anywidget takes its time to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets
from numpy.typing import ArrayLike

from spectrogramtools import checks
from spectrogramtools.blind.chance import by_guessing, kendall
from spectrogramtools.player.reopened import WithText
from spectrogramtools.player.widget import BUILT, Player

MOST = 9
EXAMPLE = '{"soft masks": y1, "binary masks": y2}'


class Blind(WithText, Player):
    """See `spectrogramtools.listen_blind`."""

    _esm = BUILT / "blind.js"

    points = traitlets.List(traitlets.Float()).tag(sync=True)  # the scores, as the names stand; empty without any
    # The page draws by lot and tells how far somebody has come: which signal each letter stands for, which one X is
    # round by round, what was said, as indices of names, and whether the test is over.
    letters = traitlets.List(traitlets.Int()).tag(sync=True)
    drawn = traitlets.List(traitlets.Int()).tag(sync=True)
    told = traitlets.List(traitlets.Int()).tag(sync=True)
    over = traitlets.Bool(False).tag(sync=True)

    def __init__(self, signals: Mapping[str, ArrayLike], sr: int, scores: Mapping[str, float] | None = None) -> None:
        signals = checks.mapping(signals, "signals", EXAMPLE)
        if not 2 <= len(signals) <= MOST:
            raise ValueError(f"signals has {len(signals)} signals, but two to {MOST} are wanted: what is compared?")
        named = {str(name): y for name, y in signals.items()}
        points = [] if scores is None else checked_scores(scores, list(named))
        super().__init__(named, sr)
        self.points = points

    @property
    def answers(self) -> list[str]:
        """What one said X is, round by round; or the names from best to worst."""
        return [self.names[i] for i in self.told]

    @property
    def result(self) -> dict[str, Any] | None:
        """What came of it, when the test is over."""
        if not self.over:
            return None
        if len(self.names) == 2:
            right = sum(said == x for said, x in zip(self.told, self.drawn, strict=False))
            rounds = len(self.drawn)
            # A test that was given up says nothing.
            return {"right": right, "rounds": rounds, "p": by_guessing(right, rounds) if self._whole() else None}
        tau = kendall([self.points[i] for i in self.told]) if self.points else None
        return {"order": self.answers, "tau": tau}

    def _whole(self) -> bool:
        return len(self.told) == len(self.drawn)

    def markdown(self) -> str:
        """Nothing that gives anything away."""
        return f"*{self!r}.*"

    def html(self) -> str:
        return f"<p><em>{self!r}.</em></p>"

    def __repr__(self) -> str:
        # What a reader sees where no kernel runs.
        return f"A blind test of {len(self.names)} sounds ({self.n_samples / self.sr:.1f} s): run the cell to listen"


def checked_scores(scores: Any, names: list[str]) -> list[float]:
    """A number for each name, in their order."""
    scores = {str(name): score for name, score in checks.mapping(scores, "scores", '{"soft masks": 13.4}').items()}
    lacking = [name for name in names if name not in scores]
    if lacking:
        raise ValueError(f"scores has no number for {checks.shown(lacking[0])}: every signal has one, or none has.")
    strange = [name for name in scores if name not in names]
    if strange:
        raise ValueError(f"scores has {checks.shown(strange[0])}, which is no signal's name.")
    return [checks.number(scores[name], f"scores[{name!r}]", -1e6, 1e6) for name in names]
