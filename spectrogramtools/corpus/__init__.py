"""Many songs: methods scored on a corpus, on a laptop or a cluster, and what may be said of them afterwards.

`find_tracks` lists a corpus, `evaluate` scores methods on it and writes a file for each song and method, and
`python -m spectrogramtools.corpus ROOT --methods repet ft2d --out RESULTS` does both from a terminal. `read_scores`
makes one table of what was written, and `python -m spectrogramtools.corpus.report RESULTS` says what it amounts to.
"""

from spectrogramtools.corpus.evaluate import Evaluated, evaluate
from spectrogramtools.corpus.table import Scores, read_scores
from spectrogramtools.corpus.tracks import Song, Track, find_tracks

__all__ = ["Evaluated", "Scores", "Song", "Track", "evaluate", "find_tracks", "read_scores"]
