"""Homework 1, wrong in one place."""

from wrong import Wrong

WRONG = [
    # "Frame i starts at sample i * hop; what is left after the last whole frame is not analysed."
    Wrong(
        "the last frame is lost where it just fits",
        "stft",
        old="1 + (len(y) - W) // hop",
        new="len(range(0, len(y) - W, hop))",
        said="frame 8 is missing: does the last one, which just fits, count",
    ),
    Wrong(
        "what is left is filled with zeros",
        "stft",
        old="""    n_frames = 1 + (len(y) - W) // hop""",
        new="""    n_frames = 1 - (W - len(y)) // hop
    y = np.concatenate([y, np.zeros(hop)])""",
        said="frame 5 is one too many: does it reach beyond the end",
    ),
    Wrong(
        "frames that are centred on i * hop",
        "stft",
        old="    W = len(window)",
        new="    W = len(window)\n    y = np.pad(y, W // 2)",
        said="one too many: does it reach beyond the end, or one before the beginning",
    ),
    Wrong(
        "half a window as the hop",
        "stft",
        old="    W = len(window)",
        new="    W = len(window)\n    hop = W // 2",
        said="frame 1 starts at sample 16, not 20|has shape",
    ),
    # "window is an array of W samples."
    Wrong("no window", "stft", old=" * window)", new=")", said="not 2 2 2: is each frame multiplied with the window"),
    Wrong(
        "a window of its own",
        "stft",
        old=" * window)",
        new=" * np.hanning(W))",
        said="is each frame multiplied with the window",
    ),
    # "a row for each of the 1 + W // 2 frequencies and a column for each frame"
    Wrong("rows and columns swapped", "stft", old=".T", new="", said=r"has shape \(9, 17\), not \(17, 9\)"),
    Wrong("one row too few", "stft", old=".T", new="[:, : W // 2].T", said=r"has shape \(16, 9\), not \(17, 9\)"),
    Wrong("magnitudes", "stft", old="return np.array", new="return np.abs", said="the lengths are right, the angles"),
    Wrong(
        "frames of whole numbers where y holds some",
        "stft",
        old="* window)",
        new="* window.astype(y.dtype))",
        said="are whole numbers cut off",
    ),
    Wrong(
        "an odd frame is cut to an even one",
        "stft",
        old="* window)",
        new="* window, n=W // 2 * 2)",
        said="W = 5.*the lengths are right, the angles",
    ),
    # "Each column becomes a frame again" ... "W may be odd."
    Wrong("an inverse FFT that takes W as even", "istft", old=", n=W)", new=")", said="W = 63.*odd"),
    Wrong(
        "W from the rows", "istft", old="W, n_frames = len(window),", new="W, n_frames = 2 * len(S) - 2,", said="odd"
    ),
    # "and is multiplied with the window once more"
    Wrong("no second window", "istft", old="n=W) * window", new="n=W)", said="multiplied with the window once more"),
    Wrong(
        "no second window, and the windows' sum",
        "istft",
        new="""def istft(S, window, hop):
    W, n_frames = len(window), S.shape[1]
    y = np.zeros(W + hop * (n_frames - 1))
    total = np.zeros(len(y))
    for i in range(n_frames):
        y[i * hop : i * hop + W] += np.fft.irfft(S[:, i], n=W)
        total[i * hop : i * hop + W] += window
    known = total >= 0.01 * total.max()
    return np.where(known, y / np.where(known, total, 1), 0)""",
        said="multiplied with the window once more",
    ),
    # "Frames that overlap are added. Then divide by the sum of the squared windows"
    Wrong(
        "a later frame replaces an earlier one", "istft", old="W] += np.fft", new="W] = np.fft", said="not 1 0.5 0.4"
    ),
    Wrong("the windows' sum, not their squares'", "istft", old="window**2", new="window", said="sum of the squared"),
    Wrong(
        "divided by nothing", "istft", old="total, 1), 0)", new="1, 1), 0)", said="divided by the sum of the squared"
    ),
    Wrong(
        "one number for the sum",
        "istft",
        old="known, total, 1), 0)",
        new="known, total[len(total) // 2], 1), 0)",
        said="not 1 0.5 0.4",
    ),
    # "wherever that sum is at least a hundredth of its largest value; where it is less, ... put zero"
    Wrong(
        "edges that explode",
        "istft",
        old="total >= 0.01 * total.max()",
        new="total > 0",
        said="less than a hundredth.*zero",
    ),
    Wrong("a tenth", "istft", old="0.01 *", new="0.1 *", said="a hundredth"),
    Wrong("a thousandth", "istft", old="0.01 *", new="0.001 *", said="less than a hundredth.*zero"),
    Wrong("more than a hundredth", "istft", old="total >= 0.01", new="total > 0.01", said="just a hundredth"),
    Wrong("a hundredth, of nothing", "istft", old="0.01 * total.max()", new="0.01", said="largest value"),
    Wrong(
        "a hundredth of the window's largest square",
        "istft",
        old="0.01 * total.max()",
        new="0.01 * (window**2).max()",
        said="largest value, 101",
    ),
    Wrong(
        "what is not known is not zero",
        "istft",
        old="total, 1), 0)",
        new="total, 1), y)",
        said="less than a hundredth.*zero",
    ),
    # "The result has W + hop · (frames − 1) samples."
    Wrong("W samples too many", "istft", old="(n_frames - 1))", new="n_frames + W)", said="has shape"),
    # "Fill each windowed frame with zeros at its end, up to n_fft samples, before the FFT"
    Wrong(
        "zeros on both sides of a frame",
        "stft_padded",
        old="rfft(frames, n=n_fft, axis=1)",
        new="rfft(np.pad(frames, ((0, 0), ((n_fft - W) // 2, n_fft - W - (n_fft - W) // 2))), axis=1)",
        said="zeros behind the frame",
    ),
    Wrong(
        "zeros before a frame",
        "stft_padded",
        old="rfft(frames, n=n_fft, axis=1)",
        new="rfft(np.pad(frames, ((0, 0), (n_fft - W, 0))), axis=1)",
        said="zeros behind the frame",
    ),
    Wrong("no zeros in the frames", "stft_padded", old=", n=n_fft, axis=1)", new=", axis=1)", said="has shape"),
    Wrong("no window on the way to zeros", "stft_padded", old="W] * window", new="W]", said="not 0 3 0 0"),
    # "Put W zeros before y and W zeros behind it"
    Wrong(
        "zeros before y only",
        "stft_padded",
        old="[np.zeros(W), y, np.zeros(W)]",
        new="[np.zeros(W), y]",
        said="W zeros before y, W behind it",
    ),
    Wrong(
        "zeros behind y only",
        "stft_padded",
        old="[np.zeros(W), y, np.zeros(W)]",
        new="[y, np.zeros(W)]",
        said="W zeros before y, W behind it",
    ),
    Wrong(
        "all zeros behind y",
        "stft_padded",
        old="[np.zeros(W), y, np.zeros(W)]",
        new="[y, np.zeros(2 * W)]",
        said="not 0 3 0 0: are there W zeros before y",
    ),
    Wrong(
        "half a window of zeros",
        "stft_padded",
        old="[np.zeros(W), y, np.zeros(W)]",
        new="[np.zeros(W // 2), y, np.zeros(W // 2)]",
        said="W zeros before y, W behind it",
    ),
    Wrong(
        "the signal mirrored, not zeros",
        "stft_padded",
        old="np.concatenate([np.zeros(W), y, np.zeros(W)])",
        new="np.pad(y, W, mode='symmetric')",
        said="not 0 3 0 0: are there W zeros before y",
    ),
    # "then as few more as it takes for the last frame to end exactly where the padded signal ends"
    Wrong(
        "whole frames only, as in part 1",
        "stft_padded",
        old="    padded = np.concatenate([padded, np.zeros(-(len(padded) - W) % hop)])\n",
        new="",
        said="frame 3 is missing",
    ),
    Wrong(
        "a hop of zeros where nothing is missing",
        "stft_padded",
        old="np.zeros(-(len(padded) - W) % hop)",
        new="np.zeros(hop - (len(padded) - W) % hop)",
        said="frame 12 is one too many: nothing is missing",
    ),
    Wrong("a frame more", "stft_padded", old="% hop)", new="% hop + hop)", said="frame 4 is one too many"),
    Wrong(
        "the last frame is lost, which just fits",
        "stft_padded",
        old="len(padded) - W + 1, hop)",
        new="len(padded) - W, hop)",
        said="frame 3 is missing",
    ),
    # "make the `length` samples of the signal" "What of a frame of n_fft samples did the window touch?"
    Wrong("an inverse FFT of W samples", "istft_padded", old="n=n_fft)[:W]", new="n=W)", said="n_fft samples"),
    Wrong("zeros not removed", "istft_padded", old="[W : W + length]", new="[:length]", said="W zeros before"),
    Wrong("all that there is", "istft_padded", old="[W : W + length]", new="", said="has shape"),
    Wrong("as long as it may be", "istft_padded", old="[W : W + length]", new="[W:-W]", said="has shape"),
    Wrong(
        "cut in the middle of the frame",
        "istft_padded",
        old="n=n_fft)[:W]",
        new="n=n_fft)[-W:]",
        said="not 0.4 0.2",
    ),
    Wrong(
        "the rest of a frame is heard",
        "istft_padded",
        new="""def istft_padded(S, window, hop, n_fft, length):
    W, n_frames = len(window), S.shape[1]
    y = np.zeros(n_fft + hop * (n_frames - 1))
    total = np.zeros(len(y))
    for i in range(n_frames):
        frame = np.fft.irfft(S[:, i], n=n_fft)
        frame[:W] *= window
        y[i * hop : i * hop + n_fft] += frame
        total[i * hop : i * hop + W] += window**2
    known = total >= 0.01 * total.max()
    return np.where(known, y / np.where(known, total, 1), 0)[W : W + length]""",
        said="the rest of a frame.*cut off",
    ),
    Wrong(
        "no second window, and the windows' sum, every sample",
        "istft_padded",
        new="""def istft_padded(S, window, hop, n_fft, length):
    W, n_frames = len(window), S.shape[1]
    y = np.zeros(W + hop * (n_frames - 1))
    total = np.zeros(len(y))
    for i in range(n_frames):
        y[i * hop : i * hop + W] += np.fft.irfft(S[:, i], n=n_fft)[:W]
        total[i * hop : i * hop + W] += window
    known = total >= 0.01 * total.max()
    return np.where(known, y / np.where(known, total, 1), 0)[W : W + length]""",
        said="multiplied with the window once more",
    ),
    # "says its frequency in Hz, to within two steps of the zero-padded spectrum" "mind the window"
    Wrong("a tuner without a window", "tuner", old="y * np.hanning(len(y))", new="y", said="beside it.*window"),
    Wrong("a tuner without zeros", "tuner", old=", n=n_fft))", new="))", said="a step is 8.9 Hz"),
    Wrong(
        "a tuner without zeros, to the nearest step",
        "tuner",
        new="""def tuner(y, sr, n_fft):
    spectrum = np.abs(np.fft.rfft(y * np.hanning(len(y))))
    return np.argmax(spectrum) * sr / len(y)""",
        said="a step is 8.9 Hz",
    ),
    Wrong("a tuner that says the row", "tuner", old=" * sr / n_fft", new="", said="row, not the frequency"),
    Wrong(
        "a tuner with steps of the tone's length",
        "tuner",
        old="sr / n_fft",
        new="sr / len(y)",
        said="of n_fft samples, not of the tone",
    ),
    Wrong("a tuner that hears real parts", "tuner", old="np.abs(", new="np.real(", said="Hz off"),
    Wrong(
        "a tuner in whole hertz",
        "tuner",
        old="np.argmax(spectrum) * sr / n_fft",
        new="round(np.argmax(spectrum) * sr / n_fft)",
        said="Hz off",
    ),
    Wrong(
        "a tuner that hears the lowest of two",
        "tuner",
        old="    return np.argmax(spectrum)",
        new="    return np.flatnonzero((spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:])"
        " & (spectrum[1:-1] > spectrum.max() / 2))[0]",
        said="its partner",
    ),
]
