"""Homework 3, wrong in one place."""

from wrong import Wrong

# The cut into segments, as many write it: the last one filled up, and all of them overlaid.
SEGMENTS = """
def repeating_model(A, period):
    n_bins, n_frames = A.shape
    count = -(-n_frames // period)
    filled = np.full((n_bins, count * period), {filled})
    filled[:, :n_frames] = A
    segments = filled.reshape({reshaped})
    return {played}({statistic}(segments, axis={axis}), (1, count))[:, :n_frames]
"""
TWO_LOOPS = """
def two_loops(A, p, q, turns):
    P, Q = np.zeros_like(A), np.zeros_like(A)
    for _ in range(turns):
        {turn}
    beat = {beat}
    for start in range(beat):
        either = np.min(Q[:, start::beat], axis=1, keepdims=True)
        P[:, start::beat] += either
        Q[:, start::beat] -= either
    return {returned}
"""


def segments(filled="np.nan", reshaped="n_bins, count, period", played="np.tile", statistic="np.nanmedian", axis="1"):
    return SEGMENTS.format(filled=filled, reshaped=reshaped, played=played, statistic=statistic, axis=axis)


def loops(turn="P = repeating_model(A - Q, p); Q = repeating_model(A - P, q)", beat="np.gcd(p, q)", returned="P, Q"):
    return TWO_LOOPS.format(turn=turn, beat=beat, returned=returned)


def each_frame(value):
    """A repeating model, frame by frame."""
    return f"""
def repeating_model(A, period):
    model = np.empty(A.shape)
    for t in range(A.shape[1]):
        model[:, t] = {value}
    return model
"""


def middle(values="A[:, start::period]", drop="n // 4", kept="ranked[:, cut : n - cut].mean(axis=1)"):
    return f"""
def middle_mean_model(A, period):
    model = np.empty_like(A)
    for start in range(period):
        values = {values}
        ranked = np.sort(values, axis=1)
        n = values.shape[1]
        cut = {drop}
        model[:, start::period] = ({kept})[:, None]
    return model
"""


BEAT = "np.mean(power[:, : n_frames - lag] * power[:, lag:])"
MEDIAN = "np.median(A[:, start::period], axis=1, keepdims=True)"
MASK = "np.where(A > 0, np.minimum(model, A) / np.where(A > 0, A, 1), 1.0)"

WRONG = [
    Wrong("A for A squared", "beat_spectrum", old="dtype=float) ** 2", new="dtype=float)", said=r"multiply powers, A²"),
    Wrong(
        "rows normalised one by one",
        "beat_spectrum",
        old="\n    return b / b[0] if b[0] > 0 else np.zeros(n_frames)",
        new="""
    rows = [(power[:, : n_frames - lag] * power[:, lag:]).mean(axis=1) for lag in range(n_frames)]
    rows = np.array(rows).T
    rows = rows[rows[:, 0] > 0]
    return (rows / rows[:, :1]).mean(axis=0) if len(rows) else np.zeros(n_frames)""",
        said="a loud row counts more",
    ),
    Wrong(
        "the sum over the pairs",
        "beat_spectrum",
        old=BEAT,
        new=BEAT.replace("np.mean", "np.sum"),
        said="mean over the pairs",
    ),
    Wrong(
        "circular",
        "beat_spectrum",
        old=BEAT,
        new="np.mean(power * np.roll(power, lag, axis=1))",
        said="behind the last frame the first does not follow",
    ),
    Wrong(
        "one lag too many",
        "beat_spectrum",
        old="lag in range(n_frames)",
        new="lag in range(n_frames + 1)",
        said=r"\(7,\), not \(6,\)",
    ),
    Wrong(
        "one lag too few",
        "beat_spectrum",
        old="lag in range(n_frames)",
        new="lag in range(n_frames - 1)",
        said=r"\(5,\), not \(6,\)",
    ),
    Wrong(
        "one lag too late",
        "beat_spectrum",
        old="    return b / b[0]",
        new="    b[2:] = b[1:-1].copy()\n    return b / b[0]",
        said="1 too late",
    ),
    Wrong(
        "not divided", "beat_spectrum", old="return b / b[0] if", new="return b if", said="divide by the value at lag 0"
    ),
    Wrong(
        "without the mean of each row",
        "beat_spectrum",
        old="    n_frames = power.shape[1]",
        new="    power = power - power.mean(axis=1, keepdims=True)\n    n_frames = power.shape[1]",
        said="nothing is subtracted",
    ),
    Wrong("divided by the largest", "beat_spectrum", old="b / b[0]", new="b / b.max()", said="need not be the largest"),
    Wrong("NaN in silence", "beat_spectrum", old=" if b[0] > 0 else np.zeros(n_frames)", new="", said=r"0 / 0"),
    Wrong(
        "cut to whole numbers",
        "beat_spectrum",
        old="    return b / b[0]",
        new="    b = (b / (b[0] or 1)).astype(int)\n    return b / b[0]",
        said="cut to whole ones",
    ),
    #
    Wrong(
        "the partial segment is ignored",
        "repeating_model",
        """
def repeating_model(A, period):
    n = A.shape[1] // period
    pattern = np.median(A[:, : n * period].reshape(len(A), n, period), axis=1)
    model = np.zeros_like(A)
    model[:, : n * period] = np.tile(pattern, (1, n))
    return model
""",
        said="partial segment gets a model",
    ),
    Wrong(
        "the partial segment is cut off",
        "repeating_model",
        """
def repeating_model(A, period):
    n = A.shape[1] // period
    return np.tile(np.median(A[:, : n * period].reshape(len(A), n, period), axis=1), (1, n))
""",
        said=r"\(1, 9\), not \(1, 11\)",
    ),
    Wrong(
        "the partial segment does not count",
        "repeating_model",
        """
def repeating_model(A, period):
    n = A.shape[1] // period
    pattern = np.median(A[:, : n * period].reshape(len(A), n, period), axis=1)
    return np.tile(pattern, (1, n + 1))[:, : A.shape[1]]
""",
        said="partial segment counts where it exists",
    ),
    Wrong(
        "filled up with zeros",
        "repeating_model",
        segments(filled="0.0", statistic="np.median"),
        said="there is no 0 either",
    ),
    Wrong("mean for median", "repeating_model", old="np.median", new="np.mean", said="that is the mean"),
    Wrong("minimum for median", "repeating_model", old="np.median", new="np.min", said="that is the smallest"),
    Wrong(
        "the cell itself left out",
        "repeating_model",
        each_frame("np.median(np.delete(A[:, t % period :: period], t // period, axis=1), axis=1)"),
        said="the cell itself",
    ),
    Wrong(
        "np.repeat for np.tile",
        "repeating_model",
        segments(played="(lambda x, n: np.repeat(x, n[1], axis=1))"),
        said="np.tile",
    ),
    Wrong(
        "the wrong reshape", "repeating_model", segments(reshaped="n_bins, period, count", axis="2"), said="section 10"
    ),
    Wrong(
        "period one too long",
        "repeating_model",
        old="    model = np.empty_like(A)",
        new="    period += 1\n    model = np.empty_like(A)",
        said="one frame too long",
    ),
    Wrong(
        "period one too short",
        "repeating_model",
        old="    model = np.empty_like(A)",
        new="    period -= 1\n    model = np.empty_like(A)",
        said="one frame too short",
    ),
    Wrong(
        "the lower of the two in the middle",
        "repeating_model",
        old=MEDIAN,
        new="np.percentile(A[:, start::period], 50, axis=1, keepdims=True, method='lower')",
        said="two in the middle",
    ),
    Wrong(
        "the upper of the two in the middle",
        "repeating_model",
        old=MEDIAN,
        new="np.percentile(A[:, start::period], 50, axis=1, keepdims=True, method='higher')",
        said="two in the middle",
    ),
    Wrong(
        "whole numbers for a model",
        "repeating_model",
        old="np.empty_like(A)",
        new="np.empty(A.shape, dtype=int)",
        said="cut to whole ones",
    ),
    #
    Wrong(
        "without the minimum", "soft_mask", old="np.minimum(model, A)", new="model", said="where the model exceeds A"
    ),
    Wrong("silence gives 0", "soft_mask", old="1.0)", new="0.0)", said="explains silence, the mask is 0, not 1"),
    Wrong("silence gives NaN", "soft_mask", old=MASK, new="np.minimum(model, A) / A", said="NaN"),
    Wrong(
        "silence only where both are silent", "soft_mask", old="1.0)", new="model == 0)", said="and the model is not"
    ),
    Wrong(
        "nearly silent is not silent",
        "soft_mask",
        old=MASK,
        new="np.where(A > 0, np.minimum(model, A) / (A + 1e-6), 1.0)",
        said="a quarter of very little",
    ),
    Wrong("squared", "soft_mask", old=MASK, new=MASK + " ** 2", said="not squared"),
    Wrong(
        "shares of energies",
        "soft_mask",
        old=MASK,
        new="np.where(A > 0, 1 / (1 + (A / np.minimum(model, A) - 1) ** 2), 1.0)",
        said="without squares",
    ),
    Wrong("the singer's", "soft_mask", old=MASK, new="1 - " + MASK, said="left for the singer"),
    Wrong(
        "of A and model",
        "soft_mask",
        old=MASK,
        new="np.where(A > 0, model / np.where(A + model > 0, A + model, 1), 1.0)",
        said=r"not A \+ model",
    ),
    Wrong("yes or no", "soft_mask", old=MASK, new="np.where(A > 0, 2 * model > A, 1.0)", said="not a yes or no"),
    #
    Wrong(
        "both from A",
        "two_loops",
        loops("P = repeating_model(A, p); Q = repeating_model(A, q)"),
        said="Q is what is left without P",
    ),
    Wrong(
        "P from A",
        "two_loops",
        loops("P = repeating_model(A, p); Q = repeating_model(A - P, q)"),
        said="is P the model of A - Q",
    ),
    Wrong(
        "both from the turn before",
        "two_loops",
        loops("P, Q = repeating_model(A - Q, p), repeating_model(A - P, q)"),
        said="the P of this turn",
    ),
    Wrong(
        "Q first",
        "two_loops",
        loops("Q = repeating_model(A - P, q); P = repeating_model(A - Q, p)"),
        said="P comes first",
    ),
    Wrong(
        "nothing below 0",
        "two_loops",
        loops("P = repeating_model(np.maximum(A - Q, 0), p); Q = repeating_model(np.maximum(A - P, 0), q)"),
        said="nothing is set to 0",
    ),
    Wrong("nothing below 0 at the end", "two_loops", loops(returned="np.maximum(P, 0), Q"), said="P may end below 0"),
    Wrong("Q for P", "two_loops", loops(returned="Q, P"), said="comes first"),
    Wrong("one turn whatever is asked for", "two_loops", old="range(turns)", new="range(1)", said="after one turn"),
    Wrong("one turn too many", "two_loops", old="range(turns)", new="range(turns + 1)", said="after two turns"),
    Wrong("what fits both is nobody's matter", "two_loops", loops(beat="0"), said="fits both"),
    Wrong("what fits both is one number a row", "two_loops", loops(beat="1"), said="fits both"),
    Wrong("one period of each", "two_loops", loops(returned="P[:, :p], Q[:, :q]"), said="parts of different shapes"),
    Wrong("the least common multiple", "two_loops", loops(beat="min(np.lcm(p, q), A.shape[1])"), said="common divisor"),
    Wrong("the mean of what fits both", "two_loops", old="np.min(Q", new="np.mean(Q", said="take the smallest"),
    Wrong(
        "what fits both is taken and not given",
        "two_loops",
        old="P[:, start::beat] += either",
        new="pass",
        said="added to P",
    ),
    Wrong(
        "it changes A",
        "two_loops",
        loops("A -= Q; P = repeating_model(A, p); A += Q - P; Q = repeating_model(A, q)"),
        said="changes what it is given",
    ),
    #
    Wrong(
        "one is dropped at least",
        "middle_mean_model",
        middle(drop="max(1, n // 4)"),
        said="of fewer than four none is dropped",
    ),
    Wrong(
        "the same n for all frames",
        "middle_mean_model",
        middle(drop="-(-A.shape[1] // period) // 4"),
        said="frame 1 has three repetitions",
    ),
    Wrong(
        "n of the whole segments",
        "middle_mean_model",
        middle(drop="A.shape[1] // period // 4"),
        said="frame 0 has four repetitions",
    ),
    Wrong("half of n // 4", "middle_mean_model", middle(drop="n // 8"), said="only one is dropped"),
    Wrong("rounded", "middle_mean_model", middle(drop="round(n / 4)"), said="7 // 4 is 1"),
    Wrong("the plain mean", "middle_mean_model", middle(drop="0"), said="nothing is dropped"),
    Wrong("the median", "middle_mean_model", middle(kept="np.median(values, axis=1)"), said="that is the median"),
    Wrong(
        "the loud ones alone",
        "middle_mean_model",
        middle(kept="ranked[:, : n - cut].mean(axis=1)"),
        said="the smallest, too",
    ),
    Wrong(
        "not sorted",
        "middle_mean_model",
        old="np.sort(A[:, start::period], axis=1)",
        new="A[:, start::period]",
        said="not the first and the last",
    ),
    Wrong(
        "drawn in",
        "middle_mean_model",
        middle(kept="np.clip(values, ranked[:, cut, None], ranked[:, n - 1 - cut, None]).mean(axis=1)"),
        said="left out, not drawn in",
    ),
    Wrong(
        "the partial segment does not count",
        "middle_mean_model",
        middle(values="A[:, start : A.shape[1] // period * period : period]"),
        said="partial segment counts",
    ),
    Wrong(
        "cut to whole numbers",
        "middle_mean_model",
        old="np.empty_like(A)",
        new="np.empty(A.shape, dtype=int)",
        said="cut to whole ones",
    ),
]
