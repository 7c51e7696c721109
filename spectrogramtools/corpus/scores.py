"""What one method is worth on one song, as a file: the method's estimates of all its sources, passage by passage.

Scores: SI-SDR, SI-SIR and SI-SAR (`spectrogramtools.evaluation`), and BSS Eval v4's SDR in windows of a second with
their median, as museval has it (`spectrogramtools.framewise_sdr`). What can't be scored is null, with a reason.

Functions: `scored`; `unscored`, for a passage in which there is nothing to separate; `residual` of a song's stems.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectrogramtools.bss_eval import framewise_sdr
from spectrogramtools.evaluation import si_ratios, si_sdr

SCORES = ("si_sdr", "si_sir", "si_sar", "sdr")


def scored(truth: Mapping[str, NDArray[Any]], estimates: Mapping[str, NDArray[Any]], sr: int) -> dict[str, Any]:
    """For each source its scores in dB, rounded to 0.0001, and the SDR of each second."""
    windows = framewise_sdr([*truth.values()], [estimates[source] for source in truth], sr)
    silent = [source for source, y in truth.items() if not y.any()]
    found = {}
    for source, own in zip(truth, windows, strict=True):
        others = [y for other, y in truth.items() if other != source]
        found[source] = _of_source(truth[source], estimates[source], others, silent, source)
        found[source] |= {"sdr": _number(_median(own)), "sdr_windows": [_number(score) for score in own]}
        if found[source]["sdr"] is None and found[source]["reason"] is None:
            found[source]["reason"] = "in no second are all sources and all estimates heard"
    return found


def unscored(sources: Iterable[str], reason: str) -> dict[str, Any]:
    """For each source no score, and why."""
    return {source: {**dict.fromkeys(SCORES), "sdr_windows": [], "reason": reason} for source in sources}


def residual(mixture: NDArray[Any], stems: Sequence[NDArray[Any]]) -> float | str | None:
    """The energy of what a mixture holds beside its stems, in dB of the mixture's."""
    whole, rest = np.linalg.norm(mixture), np.linalg.norm(mixture - reduce(np.add, stems))
    with np.errstate(divide="ignore"):
        return _number(float(20 * np.log10(rest / whole))) if whole else None


def _of_source(
    true: NDArray[Any], estimate: NDArray[Any], others: Sequence[NDArray[Any]], silent: list[str], source: str
) -> dict[str, Any]:
    if source in silent:
        nothing = dict.fromkeys(("si_sdr", "si_sir", "si_sar"))
        return {**nothing, "reason": f"{source} is silent"}
    if silent:
        reason = f"{', '.join(silent)} is silent: nothing interferes"
        return {"si_sdr": _number(si_sdr(true, estimate)), "si_sir": None, "si_sar": None, "reason": reason}
    ratios = map(_number, si_ratios(true, estimate, others))
    return {**dict(zip(("si_sdr", "si_sir", "si_sar"), ratios, strict=True)), "reason": None}


def _median(windows: NDArray[np.float64]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of windows that are all silent, and of infinite ones
        return float(np.nanmedian(windows))


def _number(score: float) -> float | str | None:
    """As JSON can hold it: infinity has no number there."""
    if math.isnan(score):
        return None
    return round(score, 4) if math.isfinite(score) else ("inf" if score > 0 else "-inf")
