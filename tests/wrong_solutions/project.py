"""Homework 4, wrong in one place; and masks that do not look at the music."""

from pathlib import Path

from wrong import Wrong


def handed_in(name):
    return (Path(__file__).parent.parent / "submissions" / f"project_{name}.py").read_text()


WRONG = [
    Wrong(
        "two masks that sum to two",
        "masks",
        old="np.stack([background, 1 - background])",
        new="np.stack([background, np.ones_like(background)])",
        said="a pattern: the masks' sum is off by",
    ),
    Wrong(
        "NaN in silence",
        "masks",
        old="np.where(total > 0, model**2 / np.where(total > 0, total, 1), 1.0)",
        new="model**2 / total",
        said=r"silence: the masks hold NaN or infinity: what is 0 / 0\?",
    ),
    Wrong(
        "the mixture's magnitudes for a mask",
        "masks",
        old="np.stack([background, 1 - background])",
        new="np.stack([model, rest])",
        said="a pattern: from 0 to .*, not from 0 to 1",
    ),
    Wrong(
        "foreground first",
        "masks",
        old="np.stack([background, 1 - background])",
        new="np.stack([1 - background, background])",
        said="the second mask does better: the background comes first",
    ),
    Wrong(
        "the masks in the last axis",
        "masks",
        old="np.stack([background, 1 - background])",
        new="np.stack([background, 1 - background], axis=-1)",
        said=r"the shape is \(40, 120, 2\), not \(2, 40, 120\)",
    ),
    Wrong(
        "no masks for a few frames",
        "masks",
        old="padded = np.pad(similar, ((0, 0), (near, near)))",
        new="padded = np.pad(similar, ((0, 0), (near, near)), mode='reflect') if n_frames > near else similar",
        said="three frames: there are no masks",
    ),
    Wrong(
        "the frame itself only",
        "masks",
        old="similar[t] >= best[t]",
        new="np.arange(n_frames) == t",
        said="the masks are the same everywhere: is there more in each frame's model than the frame itself",
    ),
    Wrong(
        "neighbours not excluded",
        "masks",
        old="similar[t] >= best[t]",
        new="np.argsort(-similar[t])[:8]",
        said=r"band_singer: .*: about \d+ % of these points.*REPET-SIM",
    ),
    Wrong(
        "the least similar frames",
        "masks",
        old="unit.T @ unit",
        new="1 - unit.T @ unit",
        said="band_singer: .*: that is worse than the mixture as it is, 5.6 dB",
    ),
    Wrong(
        "the mean over all frames",
        "masks",
        old="np.median(A[:, similar[t] >= best[t]], axis=1)",
        new="A.mean(axis=1)",
        said="band_singer: .*: that is worse than the mixture as it is, 5.6 dB",
    ),
    Wrong(
        "a mask that is not squared below",
        "masks",
        old="rest**2",
        new="rest",
        said=r"band_singer: .*: about \d+ % of these points.*REPET-SIM",
    ),
    Wrong(
        "complex masks of a thousand",
        "masks",
        old="np.stack([background, 1 - background])",
        new="np.stack([1 + 1000j * background, -1000j * background])",
        said="the masks are complex; a mask is a real number",
    ),
    Wrong(
        "a fixed equaliser", "masks", handed_in("equaliser"), said="stay where they are: they don't follow their input"
    ),
    Wrong(
        "a checkerboard", "masks", handed_in("checkerboard"), said="stay where they are: they don't follow their input"
    ),
    Wrong("dice", "masks", handed_in("dice"), said="don't follow their input"),
    Wrong(
        "an equaliser for each song",
        "masks",
        new="def masks(A):\n    rows = np.median(A, axis=1) / np.maximum(A.max(axis=1), 1e-9)\n"
        "    rows = np.repeat(rows[:, None], A.shape[1], axis=1)\n    return np.stack([rows, 1 - rows])",
        said="stay where they are: they don't follow their input",
    ),
]
