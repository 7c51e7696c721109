"""How good are the methods on music that people play? Part of `make scores`.

Runs over the reporting half of `recordings.py`, on which nothing was tuned; with `--tuning` over the other half, with
`--full` in stereo at 44.1 kHz instead of mono at 22.05 kHz. All scores are improvements of SI-SDR over the untouched
mixture, since these compare between songs. What has been computed is kept in build/recordings, and computed again when
the module or the benchmark has changed.
"""

import argparse
import hashlib
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import methods
import numpy as np
import peers
import recordings
from scipy.stats import binomtest, wilcoxon

import spectrogramtools
from spectrogramtools import find_period, si_sdr


def score(background, foreground, estimates):
    """SI-SDR of both, over all channels."""
    return [
        si_sdr(np.ravel(true), np.ravel(found)) for true, found in zip((background, foreground), estimates, strict=True)
    ]


def scores_of(track, drums):
    """All methods' scores on one track, and the period that is found."""
    kinds = methods.DRUMS if drums else methods.KINDS
    b, f = (np.array(x, np.float32) for x in (track.background, track.foreground))
    y, found = b + f, {}
    for name, method in methods.REFERENCES.items():
        found[name] = score(b, f, method(y, track.sr, b, f))
    for name, (ours, others) in kinds.items():
        for called, method in {name: ours, **others}.items():
            found[called] = score(b, f, method(y, track.sr))
    period = None if drums else find_period(y, track.sr)
    return dict(name=track.name, kind=track.kind, bpm=track.bpm, period=period, scores=found)


def run(half, full, drums):
    """The scores of one half, computed side by side."""
    sr, mono = (44100, False) if full else (22050, True)
    chosen = list((recordings.drum_tracks if drums else recordings.tracks)(half, sr, mono))
    rows = []
    with ProcessPoolExecutor(2) as pool:
        for row in pool.map(scores_of, chosen, [drums] * len(chosen)):
            rows.append(row)
            print(f"\r{len(rows)} of {len(chosen)}", end="", file=sys.stderr)
    return rows


def fingerprint():
    """Of all code that the scores depend on."""
    code = [
        *Path(spectrogramtools.__file__).parent.rglob("*.py"),
        *Path(__file__).parent.glob("*.py"),
        Path(peers.__file__),
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(code))).hexdigest()[:12]


def kept(half, full, drums):
    name = f"{half}-{'full' if full else '22k'}-{'drums' if drums else 'music'}-{fingerprint()}.json"
    path = recordings.BUILD / name
    if not path.exists():
        path.write_text(json.dumps(run(half, full, drums)), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def report(rows, kinds):
    """Medians and quartiles, how often worse than the mixture, and ours against the best peer, track by track."""
    gains = {
        name: np.array([np.subtract(row["scores"][name], row["scores"]["mixture"]) for row in rows])
        for name in rows[0]["scores"]
    }
    print(f"\n{'dB over the mixture':24}{'background':>22}{'foreground':>24}{'both':>24}{'worse':>8}")
    for name, gain in gains.items():
        cells = [np.percentile(x, (50, 25, 75)) for x in (*gain.T, gain.sum(axis=1))]
        line = "".join(f"{m:8.1f} ({lo:5.1f} to {hi:5.1f})" for m, lo, hi in cells)
        print(f"{name:24}{line}{100 * np.mean(gain.sum(axis=1) < 0):6.0f} %")
    print("\nboth scores, ours less the best peer's, track by track")
    for name, (_, others) in kinds.items():
        best = max(others, key=lambda other: np.median(gains[other].sum(axis=1)))
        ahead = gains[name].sum(axis=1) - gains[best].sum(axis=1)
        sign = binomtest(int(np.sum(ahead > 0)), int(np.sum(ahead != 0))).pvalue
        print(
            f"{name:16} less {best:24} median {np.median(ahead):5.2f}, least {ahead.min():6.2f}, ahead on "
            f"{np.sum(ahead > 0)} of {len(ahead)}; sign test p = {sign:.1e}, Wilcoxon p = {wilcoxon(ahead).pvalue:.1e}"
        )


def report_periods(rows):
    """How often the period is within 1 % of a whole number of beats, and of at least four."""
    beats = np.array([row["period"] * row["bpm"] / 60 for row in rows if row["bpm"]])
    whole = np.abs(beats / np.maximum(1, np.round(beats)) - 1) < 0.01
    print(
        f"\nperiods: within 1 % of whole beats on {whole.sum()} of {len(beats)}, of at least four on "
        f"{np.sum(whole & (np.round(beats) >= 4))}: " + " ".join(f"{b:.2f}" for b in np.sort(beats))
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("tuning", "full"):
        parser.add_argument(f"--{option}", action="store_true")
    options = parser.parse_args()
    missing = recordings.missing()
    if missing:
        print(f"music that people play: not scored, for want of {missing}")
        return
    half = "tuning" if options.tuning else "reporting"
    for drums, kinds in ((False, methods.KINDS), (True, methods.DRUMS)):
        rows = kept(half, options.full, drums)
        groups = {"all": rows} | {
            kind: [r for r in rows if r["kind"] == kind] for kind in dict.fromkeys(r["kind"] for r in rows)
        }
        print(f"\r{half} half: " + ", ".join(f"{len(group)} {name}" for name, group in groups.items() if name != "all"))
        report(rows, kinds)
        for name, group in groups.items():
            if len(groups) > 2 and name != "all":
                medians = {
                    m: np.median([np.subtract(r["scores"][m], r["scores"]["mixture"]) for r in group], axis=0)
                    for m in rows[0]["scores"]
                }
                print(f"\n{name}: " + ", ".join(f"{m} {b:.1f}/{f:.1f}" for m, (b, f) in medians.items()))
        if not drums:
            report_periods(rows)


if __name__ == "__main__":
    main()
