"""Homework 2, wrong in one place."""

from wrong import Wrong


def middle(of, instead="np.median"):
    """The teacher's median across time with another function of the windows."""
    return {"old": f"{instead}(np.lib", "new": f"{of}(np.lib"}


WRONG = [
    # "Each cell becomes the median of the `width` cells of its row that have it in their middle."
    Wrong("the mean", "median_time", **middle("np.mean"), said="means, not medians"),
    Wrong("the minimum", "median_time", **middle("np.min"), said="smallest"),
    Wrong("the maximum", "median_time", **middle("np.max"), said="largest"),
    Wrong(
        "width to each side",
        "median_time",
        old="half = width // 2",
        new="half, width = width, 2 * width + 1",
        said="to each side",
    ),
    Wrong(
        "a width below",
        "median_time",
        old="    half = width // 2",
        new="    width = max(width - 2, 1)\n    half = width // 2",
        said="width 3: 9 1 2 8 3, not 9 2 2 3 3",
    ),
    Wrong(
        "windows that begin with their cell",
        "median_time",
        old="((0, 0), (half, half))",
        new="((0, 0), (0, 2 * half))",
        said="in the middle of its window",
    ),
    Wrong(
        "windows that end with their cell",
        "median_time",
        old="((0, 0), (half, half))",
        new="((0, 0), (2 * half, 0))",
        said="in the middle of its window",
    ),
    Wrong(
        "down the columns",
        "median_time",
        new="""def median_time(A, width):
    half = width // 2
    padded = np.pad(A, ((half, half), (0, 0)), mode="symmetric")
    return np.median([padded[i : i + len(A)] for i in range(width)], axis=0)""",
        said="along the other axis",
    ),
    Wrong(
        "in squares",
        "median_time",
        new="""def median_time(A, width):
    half = width // 2
    padded = np.pad(A, half, mode="symmetric")
    windows = [padded[i : i + len(A), j : j + A.shape[1]] for i in range(width) for j in range(width)]
    return np.median(windows, axis=0)""",
        said="of yours . are smaller|is off by",
    ),
    # "Beyond its ends a row goes on mirrored, with its last cell repeated"
    Wrong("zeros beyond the ends", "median_time", old='mode="symmetric"', new='mode="constant"', said="zeros beyond"),
    Wrong(
        "mirrored without repeating",
        "median_time",
        old='mode="symmetric"',
        new='mode="reflect"',
        said="with its last cell repeated",
    ),
    Wrong("the last cell alone", "median_time", old='mode="symmetric"', new='mode="edge"', said="last cell alone"),
    Wrong(
        "the row again",
        "median_time",
        old='mode="symmetric"',
        new='mode="wrap"',
        said="does it go on with the other end",
    ),
    Wrong(
        "shorter windows at the ends",
        "median_time",
        new="""def median_time(A, width):
    half, n = width // 2, A.shape[1]
    return np.stack([np.median(A[:, max(i - half, 0) : i + half + 1], axis=1) for i in range(n)], axis=1)""",
        said="cut short",
    ),
    Wrong(
        "the ends as they were",
        "median_time",
        new="""def median_time(A, width):
    half, n = width // 2, A.shape[1]
    out = A.copy()
    for i in range(half, n - half):
        out[:, i] = np.median(A[:, i - half : i + half + 1], axis=1)
    return out""",
        said="left as they were",
    ),
    Wrong(
        "a width of 1 from the end",
        "median_time",
        new="""def median_time(A, width):
    half = width // 2
    padded = np.concatenate([A[:, :half][:, ::-1], A, A[:, -half:][:, ::-1]], axis=1)
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, width, axis=1), axis=-1)""",
        said="width 1",
    ),
    # "The same in the columns."
    Wrong(
        "across frequency, zeros beyond the ends",
        "median_frequency",
        new="""def median_frequency(A, width):
    half = width // 2
    padded = np.pad(A, ((half, half), (0, 0)))
    return np.median([padded[i : i + len(A)] for i in range(width)], axis=0)""",
        said="zeros beyond",
    ),
    Wrong(
        "still across time",
        "median_frequency",
        old="median_time(A.T, width).T",
        new="median_time(A, width)",
        said="along the other axis",
    ),
    Wrong("not turned back", "median_frequency", old="width).T", new="width)", said="has shape"),
    # "Hᵖ / (Hᵖ + Pᵖ) with p = `power`, and what is left to 1"
    Wrong(
        "the power is not used",
        "soft_masks",
        old="h, p = (H / scale) ** power, (P / scale) ** power",
        new="h, p = H / scale, P / scale",
        said="is power used",
    ),
    Wrong(
        "the power is always 2",
        "soft_masks",
        old="h, p = (H / scale) ** power, (P / scale) ** power",
        new="h, p = (H / scale) ** 2, (P / scale) ** 2",
        said="power 1, H = 3, P = 1: the mask is 0.9, not 0.75",
    ),
    Wrong(
        "the power of the whole fraction",
        "soft_masks",
        old="    return mask, 1 - mask",
        new="    mask = np.where(loudest > 0, (H / scale / np.where(loudest > 0, (H + P) / scale, 1)) ** power, 0.5)\n"
        "    return mask, 1 - mask",
        said="each raised first",
    ),
    Wrong(
        "the louder one takes all",
        "soft_masks",
        old="return mask, 1 - mask",
        new="M = np.where(H == P, 0.5, 1.0 * (H > P))\n    return M, 1 - M",
        said="share, not a decision",
    ),
    Wrong(
        "the masks swapped",
        "soft_masks",
        old="return mask, 1 - mask",
        new="return 1 - mask, mask",
        said="which one comes first",
    ),
    Wrong("one mask", "soft_masks", old="return mask, 1 - mask", new="return mask", said=r"has shape \(1, 5\), not"),
    Wrong(
        "the same mask twice",
        "soft_masks",
        old="return mask, 1 - mask",
        new="return mask, mask",
        said="the masks don't sum to 1",
    ),
    # "Where both are 0, both masks are one half."
    Wrong(
        "NaN in silence",
        "soft_masks",
        old="h / np.where(loudest > 0, h + p, 1), 0.5)",
        new="h / (h + p), h / (h + p))",
        said="both 0: the mask is nan, not 0.5",
    ),
    Wrong("nothing in silence", "soft_masks", old=", 1), 0.5)", new=", 1), 0)", said="both 0: the mask is 0, not 0.5"),
    # "there the masks must be right as well"
    Wrong(
        "a whisper is lost, and silence halved",
        "soft_masks",
        new="""def soft_masks(H, P, power):
    h, p = H**power, P**power
    mask = np.where(h + p > 0, h / np.where(h + p > 0, h + p, 1), 0.5)
    return mask, 1 - mask""",
        said="whisper.*not 0.9",
    ),
    Wrong(
        "a little added to numerator and denominator",
        "soft_masks",
        new="""def soft_masks(H, P, power):
    h, p = H**power + 1e-12, P**power + 1e-12
    return h / (h + p), p / (h + p)""",
        said="whisper.*not 0.9",
    ),
    Wrong(
        "one scale for the whole spectrogram",
        "soft_masks",
        new="""def soft_masks(H, P, power):
    scale = max(H.max(), P.max(), 1e-300)
    h, p = (H / scale) ** power, (P / scale) ** power
    mask = np.where(h + p > 0, h / np.where(h + p > 0, h + p, 1), 0.5)
    return mask, 1 - mask""",
        said="whisper.*not 0.9",
    ),
    # "harmonic part if H ≥ margin · P, to the percussive part if P > margin · H, and otherwise to neither"
    Wrong(
        "a tie is percussive too", "binary_masks", old="P > margin", new="P >= margin", said="a tie is harmonic alone"
    ),
    Wrong("a tie is nobody's", "binary_masks", old="H >= margin", new="H > margin", said="a tie is harmonic alone"),
    Wrong(
        "the margin on the other side",
        "binary_masks",
        old="H >= margin * P",
        new="margin * H >= P",
        said="neither is twice",
    ),
    Wrong(
        "the margin on one side",
        "binary_masks",
        old="P > margin * H",
        new="P > H",
        said="neither is more than twice|neither is twice",
    ),
    Wrong("no margin", "binary_masks", old="    return", new="    margin = 1\n    return", said="neither is twice"),
    Wrong(
        "masks that sum to one",
        "binary_masks",
        new="def binary_masks(H, P, margin):\n    M = (H >= margin * P).astype(float)\n    return M, 1 - M",
        said="neither is twice",
    ),
    Wrong(
        "a difference for a ratio",
        "binary_masks",
        old="H >= margin * P",
        new="H - P >= margin - 1",
        said="neither is twice",
    ),
    Wrong(
        "silence is nobody's",
        "binary_masks",
        old="H >= margin * P",
        new="H / np.where(P > 0, P, 1) >= margin",
        said="0 ≥ 0",
    ),
    # "row k takes widths[k] frames, which may grow with frequency or not"
    Wrong(
        "one width for all rows",
        "growing_median",
        old="width) for k, width",
        new="widths[0]) for k, width",
        said="width 1 gives, not width 3",
    ),
    Wrong(
        "the widths in order",
        "growing_median",
        old="enumerate(widths)",
        new="enumerate(sorted(widths))",
        said="width 1 gives, not width 5",
    ),
    Wrong(
        "the widths from above",
        "growing_median",
        old="enumerate(widths)",
        new="enumerate(widths[::-1])",
        said="width 5 gives, not width 1",
    ),
    Wrong(
        "widths as half-widths",
        "growing_median",
        old="median_time(A[k : k + 1], width)",
        new="median_time(A[k : k + 1], 2 * width + 1)",
        said="row 0, width 1",
    ),
    Wrong(
        "the last row is lost",
        "growing_median",
        old="enumerate(widths)]",
        new="enumerate(widths[:-1])]",
        said="has shape",
    ),
    Wrong(
        "growing windows, zeros beyond the ends",
        "growing_median",
        new="""def growing_median(A, widths):
    rows = []
    for row, width in zip(A, widths):
        padded = np.pad(row, width // 2)
        rows.append([np.median(padded[i : i + width]) for i in range(len(row))])
    return np.array(rows)""",
        said="mirrored at its ends",
    ),
    # "R = max(A − max(H, P), 0)"
    Wrong(
        "less than nothing is left over",
        "three_masks",
        old="np.maximum(A - np.maximum(H, P), 0)",
        new="A - np.maximum(H, P)",
        said="never below 0",
    ),
    Wrong("both are taken away", "three_masks", old="A - np.maximum(H, P)", new="A - H - P", said="over the larger of"),
    Wrong(
        "the smaller one is taken away",
        "three_masks",
        old="A - np.maximum(H, P)",
        new="A - np.minimum(H, P)",
        said="over the larger of",
    ),
    Wrong("all of A is left over", "three_masks", old="A - np.maximum(H, P)", new="A", said="A = 6, H = 2, P = 4"),
    # "three masks, for H, P and R in this order, each its source to the power of `power` over the sum"
    Wrong(
        "another order", "three_masks", old="np.stack([H, P,", new="np.stack([P, H,", said="H, P and R in this order"
    ),
    Wrong("three masks, the power always 2", "three_masks", old="** power", new="** 2", said="power 1.*power"),
    Wrong("three masks, the power not used", "three_masks", old="** power", new="** 1", said="power 2.*is power used"),
    # "They sum to one, in every cell: where all three are 0, each is one third, and a whisper is treated as above."
    Wrong("halves in silence", "three_masks", old="1 / 3)", new="1 / 2)", said="all 0: .*, not 0.333"),
    Wrong("nothing in silence, of three", "three_masks", old="1 / 3)", new="0)", said="all 0: .*, not 0.333"),
    Wrong(
        "three whispers are lost",
        "three_masks",
        old="layers / np.where(loudest > 0, loudest, 1)",
        new="layers",
        said="whisper",
    ),
    Wrong(
        "thirds where neither median hears anything",
        "three_masks",
        old="    return np.where(loudest > 0,",
        new="    return np.where(np.maximum(H, P) > 0,",
        said="A = 5, H = P = 0",
    ),
    Wrong(
        "two soft masks, and the rest",
        "three_masks",
        new="""def three_masks(A, H, P, power):
    mask, other = soft_masks(H, P, power)
    rest = np.maximum(A - np.maximum(H, P), 0) / np.where(A > 0, A, 1)
    return (1 - rest) * mask, (1 - rest) * other, rest""",
        said="A = 6, H = 2, P = 4",
    ),
]
