"""Does REPET find the period by itself, and what is the separation worth? `make scores`.

Runs over the reporting half of `loops.py` (odd seeds; nothing was tuned on them) with the voice at -5, 0 and +5 dB, and
over the same loops played anew by a band that breathes, with the voice at 0 dB. With `--tuning` it runs over the other
half.
"""

import sys

import numpy as np
import peers
from loops import LEVELS, REPORTING, SR, TUNING, make_loop, make_played, make_resampled

from spectrogramtools import find_period, repet, repet_adaptive, repet_sim, si_sdr

QUARTER_HOP = 512 / 4


def period_verdict(found, true, n_samples):
    """Which multiple of the true period was found (0: none up to 4), by the issue's measure of nearness.

    Near means that over all repetitions in the clip the error adds up to less than a quarter of a hop.
    """
    multiple = round(found / true)
    error = abs(found - multiple * true) * n_samples / found
    return multiple if 1 <= multiple <= 4 and error < QUARTER_HOP else 0


def main():
    seeds = TUNING if "--tuning" in sys.argv else REPORTING
    verdicts, kinds, levels, scores = [], [], [], {"blind": [], "period given": [], "nussl's REPET, blind": []}
    for seed in seeds:
        loop = make_loop(seed)
        for level in LEVELS:
            background, voice, y = (x.astype(np.float32) for x in loop.mixture(level))
            found = find_period(y, SR)
            verdicts.append(period_verdict(found * SR, loop.period, len(y)))
            kinds.append(loop.kind)
            levels.append(level)
            for name, parts in (
                ("blind", repet(y, SR, period=found)),
                ("period given", repet(y, SR, period=loop.period / SR)),
                ("nussl's REPET, blind", peers.nussl_repet(y, SR)),
            ):
                scores[name].append((si_sdr(background, parts[0]), si_sdr(voice, parts[1])))
        print(f"\r{seed + 1} of {seeds[-1] + 1}", end="", file=sys.stderr)
    verdicts, kinds, levels = map(np.array, (verdicts, kinds, levels))
    half = "tuning" if seeds is TUNING else "reporting"
    print(f"\r{len(seeds)} loops of the {half} half, {len(verdicts)} mixtures\n")
    print("period found          near, up to 4 x    the shortest")
    for name, chosen in [("all", verdicts >= 0)] + [(kind, kinds == kind) for kind in dict.fromkeys(kinds)]:
        near, shortest = np.mean(verdicts[chosen] > 0), np.mean(verdicts[chosen] == 1)
        print(f"{name:20} {100 * near:12.1f} % {100 * shortest:15.1f} %")
    print("\nmedian SI-SDR (dB)      background / voice, and for a voice at" + "".join(f"{x:+12d} dB" for x in LEVELS))
    for name, pairs in scores.items():
        pairs = np.array(pairs)
        cells = [np.median(pairs[levels == level], axis=0) for level in LEVELS]
        line = "".join(f"{b:9.1f} /{v:5.1f}" for b, v in cells)
        whole = np.median(pairs, axis=0)
        print(f"{name:24} {whole[0]:6.1f} / {whole[1]:4.1f} {'':28}{line}")

    breathing(seeds)


def breathing(seeds):
    """The same band with a steady tempo and with one that moves: what does it cost?"""
    kinds = {
        "exact": make_played,
        "each beat 1 % off": lambda seed: make_played(seed, 0, 0.01),
        "96 to 104 %, each beat 2 % off": lambda seed: make_played(seed, 0.04, 0.02),
        "resampled, 98 to 102 %": lambda seed: make_resampled(seed, 0.02),
    }
    methods = {"repet": repet, "repet_adaptive": repet_adaptive, "repet_sim": repet_sim}
    print("\nplayed anew: median SI-SDR (dB) background / voice" + "".join(f"{name:>18}" for name in methods))
    for kind, make in kinds.items():
        line = ""
        scores = {name: [] for name in methods}
        for seed in seeds:
            background, voice, y = (x.astype(np.float32) for x in make(seed).mixture(0))
            for name, method in methods.items():
                parts = method(y, SR)
                scores[name].append((si_sdr(background, parts[0]), si_sdr(voice, parts[1])))
        for pairs in scores.values():
            b, v = np.median(pairs, axis=0)
            line += f"{b:11.1f} /{v:5.1f}"
        print(f"{kind:48}{line}")


if __name__ == "__main__":
    main()
