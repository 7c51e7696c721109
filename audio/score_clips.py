"""Print the README's table of scores: SI-SDR of each method on each clip, first stem / last stem, in dB.

    python audio/score_clips.py                   every clip
    python audio/score_clips.py metal_singer ...  some of them

Each method has its defaults. The background is all stems but the last; of HPSS the harmonic part is scored as the
background, the percussive part as the last stem. Where the score has no loop and HPSS is what a clip is for, only HPSS
is tried.
"""

from __future__ import annotations

import sys

import spectrogramtools as tools

FOR_HPSS = ("violin_castanets", "guitar_drums", "voice_tabla")
METHODS = {
    "HPSS": lambda y, sr: tools.hpss(y, sr, power=2),
    "REPET": tools.repet,
    "the same, hop 512": lambda y, sr: tools.repet(y, sr, hop_length=512 * sr // 22050),
    "extended": tools.repet_extended,
    "adaptive": tools.repet_adaptive,
    "REPET-SIM": tools.repet_sim,
    "2DFT": tools.ft2d,
}


def scores(name: str) -> dict[str, str]:
    """What stands in the clip's row, by column."""
    clip = tools.load_clip(name)
    *rest, foreground = clip.stems.values()
    background = sum(rest)

    def pair(estimates) -> str:
        cells = (tools.si_sdr(background, estimates[0]), tools.si_sdr(foreground, estimates[1]))
        return " / ".join(f"{score:.1f}".replace("-", "−").replace("−0.0", "0.0") for score in cells)

    tried = {"HPSS": METHODS["HPSS"]} if name in FOR_HPSS else METHODS
    estimates = {method: tried[method](clip.mixture, clip.sr) if method in tried else None for method in METHODS}
    board = tools.scoreboard({}, {"background": background, "foreground": foreground}, clip.mixture, clip.sr)
    ideal = " / ".join(f"{row.si_sdr:.1f}" for row in board.rows if row.method == "ideal ratio mask")
    row = {method: "" if found is None else pair(found) for method, found in estimates.items()}
    return {"mixture": pair((clip.mixture, clip.mixture)), **row, "ideal ratio mask": ideal}


def main() -> None:
    unknown = set(sys.argv[1:]) - set(tools.clips())
    if unknown:
        raise SystemExit(f"there is no clip {', '.join(sorted(unknown))}: choose from {', '.join(tools.clips())}.")
    for i, name in enumerate(sys.argv[1:] or tools.clips()):
        row = scores(name)
        if i == 0:
            print("| clip | " + " | ".join(row) + " |\n|" + "---|" * (len(row) + 1))
        print(f"| `{name}` | " + " | ".join(row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
