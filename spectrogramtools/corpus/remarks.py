"""What a reader of the table has to know about it, in sentences made from its numbers.

Functions: `remarks`, `told_failures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from spectrogramtools.corpus.statistics import (
    AGAINST_MIXTURE,
    LEVEL,
    RESAMPLES,
    Group,
    Pair,
    Summary,
    by_song,
)
from spectrogramtools.corpus.table import METHOD, Missing, Scores

NAMES = {"si_sdr": "SI-SDR", "si_sir": "SI-SIR", "si_sar": "SI-SAR", "sdr": "SDR"}
ALPHA = 0.05
# Below the first, the range of all values is narrower than a 95 % interval has to be; below the second, percentiles of
# the bootstrap are rough.
TOO_FEW, FEW = 6, 20
# dB of the mixture. What is above it is heard; what a lossy file loses of each stem is below.
RESIDUAL = -20


def remarks(scores: Scores, score: str, summaries: Sequence[Summary], pairs: Sequence[Pair]) -> list[str]:
    """Sentences on what was counted, what was left out, and what so many songs can tell."""
    if not summaries:
        return [f"No song has an {NAMES[score]}: there is nothing to compare."]
    return [
        *_how(score, pairs),
        *_sources(scores),
        *_residual(scores),
        *_passages(scores, score),
        *_left_out(scores, score),
        *_of_different_songs(summaries),
        *_of_different_runs(scores, score),
        *_infinite(scores, score),
        *_few_songs(summaries),
        *_least_p(pairs),
    ]


def named(group: Group, groups: Iterable[Group]) -> str:
    """A source; with what else the song was taken apart into, if there are two of that name."""
    alone = len({other.sources for other in groups if other.source == group.source}) == 1
    return group.source if alone else f"{group.source} (of {', '.join(group.sources)})"


def told_failures(missing: Sequence[Missing], what: str) -> list[str]:
    """Each reason once for all methods that it hit on the same songs."""
    songs: dict[tuple[str, str], list[str]] = {}
    for one in missing:
        songs.setdefault((one.reason, one.method), []).append(one.song)
    methods: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, method), where in songs.items():
        methods.setdefault((reason, tuple(dict.fromkeys(where))), []).append(method)
    return [
        f"{', '.join(hit)} {what} on {_n(len(where), 'song')} ({', '.join(where)}): {reason}"
        for (reason, where), hit in methods.items()
    ]


def told_skipped(missing: Sequence[Missing]) -> list[str]:
    """Baselines are skipped where the methods are, and need no mention."""
    return told_failures([one for one in missing if one.kind == METHOD], "was not run")


def _how(score: str, pairs: Sequence[Pair]) -> list[str]:
    told = [
        f"{NAMES[score]} in dB: medians over songs, with {LEVEL:.0%} bootstrap intervals over songs (percentiles of "
        f"{RESAMPLES:,} resamples).".replace("%", " %")
    ]
    if pairs:
        told.append(
            "Differences are taken song by song. p is that of Wilcoxon's signed-rank test, two-sided; Holm's "
            f"correction goes over all {_n(len(pairs), 'comparison')} of this table."
        )
    if score not in AGAINST_MIXTURE:
        told.append(f"The mixture holds no artefacts, so no {NAMES[score]} is compared with its own.")
    return told


def _sources(scores: Scores) -> list[str]:
    """Which stems a source is, where its name does not say it."""
    stems: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in scores.rows:
        stems.setdefault(row.source, {})[row.song] = row.stems
    told = []
    for source, songs in stems.items():
        counted = Counter(" + ".join(names) for names in songs.values())
        if [*counted] != [source]:
            listed = ", ".join(f"{names} ({_n(n, 'song')})" for names, n in counted.most_common())
            told.append(f"{source} is {listed}.")
    return told


def _residual(scores: Scores) -> list[str]:
    """Of songs of which a stem may be missing."""
    found = {row.song: row.residual for row in scores.rows if row.residual > RESIDUAL}
    if not found:
        return []
    worst = max(found, key=lambda song: found[song])
    return [
        f"The stems of {_n(len(found), 'song')} do not add up to the mixture, such as {worst}, where what they leave "
        f"over is at {found[worst]:+.1f} dB of it: if a stem is missing, what it holds counts as an error of every "
        "method, the ideal masks among them."
    ]


def _passages(scores: Scores, score: str) -> list[str]:
    songs = {row.song for row in scores.rows}
    cut = {(row.song, row.start, row.stop) for row in scores.rows}
    whole = len(cut) == len(songs)
    told = []
    if not whole:
        told.append(
            f"Songs were cut: {len(cut)} passages from {_n(len(songs), 'song')}. Passages of one song are not "
            "independent, so each song counts once, with the median over its passages."
        )
    if score == "sdr":
        told.append(
            "SDR is BSS Eval v4's, the median over windows of a second and then over songs, as in MUSDB18's tables."
            if whole
            else "SDR is BSS Eval v4's. In MUSDB18's tables the median goes over all windows of a song, and not, as "
            "here, over those of a passage and then over passages."
        )
    return told


def _left_out(scores: Scores, score: str) -> list[str]:
    unscored: dict[str, set[tuple[str, float]]] = {}
    for row in scores.rows:
        if getattr(row, score) != getattr(row, score):
            reason = row.reason or "there is no window in which all sources and estimates sound"
            unscored.setdefault(reason, set()).add((row.song, row.start))
    return [
        f"Without {NAMES[score]}, and left out: {_n(len(where), 'passage')} from "
        f"{_n(len({song for song, _ in where}), 'song')}, since {reason}."
        for reason, where in unscored.items()
    ]


def _of_different_songs(summaries: Sequence[Summary]) -> list[str]:
    told: dict[str, list[str]] = {}
    groups = [summary.group for summary in summaries]
    for group in dict.fromkeys(groups):
        members = [summary for summary in summaries if summary.group == group]
        most = max(summary.songs for summary in members)
        less = [f"{summary.method} ({summary.songs})" for summary in members if summary.songs < most]
        if less:
            what = f"fewer than {most} songs have a score of {', '.join(less)}"
            told.setdefault(what, []).append(named(group, groups))
    return [
        f"{', '.join(sources)}: {what}. Medians over other songs can't be compared; differences can, which rest on the "
        "songs that both have."
        for what, sources in told.items()
    ]


def _of_different_runs(scores: Scores, score: str) -> list[str]:
    mixed = set()
    for methods in by_song(scores, score).values():
        seen: dict[str, set[tuple[object, ...]]] = {}
        for songs in methods.values():
            for song, value in songs.items():
                seen.setdefault(song, set()).add((value.passages, value.stems))
        mixed |= {song for song, ways in seen.items() if len(ways) > 1}
    if not mixed:
        return []
    return [
        f"Some methods were run on other passages than others, or with other stems as a source, on "
        f"{_n(len(mixed), 'song')}, such as {min(mixed)}: there they are not compared. Run all of them in one call."
    ]


def _infinite(scores: Scores, score: str) -> list[str]:
    found = by_song(scores, score)
    told = [
        f"{method} for {named(group, found)} on {_n(n, 'song')}"
        for group, methods in found.items()
        for method, songs in methods.items()
        if (n := sum(abs(value.score) == float("inf") for value in songs.values()))
    ]
    if not told:
        return []
    return [
        f"Infinite scores: {'; '.join(told)}. Medians and ranks take them as very large ones; two that are equal "
        "differ by 0."
    ]


def _few_songs(summaries: Sequence[Summary]) -> list[str]:
    groups = [summary.group for summary in summaries]
    sources: dict[int, list[str]] = {}
    for group in dict.fromkeys(groups):
        n = max(summary.songs for summary in summaries if summary.group == group)
        sources.setdefault(n, []).append(named(group, groups))
    told = []
    for n, names in sources.items():
        about = f"{', '.join(names)}: " if len(sources) > 1 else ""
        if n == 1:
            told.append(f"{about}one song tells nothing about others, so there is no interval.")
        elif n < TOO_FEW:
            held = 100 * (1 - 2.0 ** (1 - n))
            told.append(
                f"{about}{n} songs are too few for an interval of {100 * LEVEL:g} %. Even the whole range, from the "
                f"least score to the greatest, holds the true median with a probability of {held:g} % only."
            )
        elif n < FEW:
            told.append(
                f"{about}{n} songs are few, so the intervals are rough and mostly too narrow: simulated with 6 to 19 "
                "songs, they held the true median 88 to 97 times in 100."
            )
    return told


def _least_p(pairs: Sequence[Pair]) -> list[str]:
    if not pairs:
        return []
    n, m = max(pair.songs for pair in pairs), len(pairs)
    least = 2.0 ** (1 - n)
    corrected = min(1.0, m * least)
    if corrected > ALPHA:
        return [
            f"No difference could have become significant: with {_n(n, 'song')} the least p that Wilcoxon's test can "
            f"give is {least:.2g}, which Holm's correction for {_n(m, 'comparison')} makes {corrected:.2g}."
        ]
    told = f"With {n} songs the least p that Wilcoxon's test can give is {least:.2g}, and {corrected:.2g} after Holm's."
    return [told] if n < FEW else []


def _n(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
