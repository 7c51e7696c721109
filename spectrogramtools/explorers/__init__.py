"""Explorers: an algorithm with its controls, its picture and its sound, in one widget.

The page computes what is heard and seen, so that a slider answers as fast as where it stands allows, with or without a
kernel. Each control has a `value`, which a cell may read and set, and `observe`; `sounds` is what is heard now, as
arrays, computed by the module when they are asked for, and "code" shows the lines that give them.

Functions: `explore_inner_product`, `explore_stft`, `explore_window_sum`, `explore_griffin_lim`, `explore_hpss`,
`explore_repet`, `explore_tempo`, `explore_moments`, `explore_repet_sim`, `explore_similarity`; `explore_balance` and
`explore_errors` for sounds that are there already; `explore_songs` for scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from spectrogramtools.extras import needs

if TYPE_CHECKING:
    from spectrogramtools.explorers.balance import BalanceExplorer
    from spectrogramtools.explorers.errors import ErrorsExplorer
    from spectrogramtools.explorers.griffin_lim import GriffinLimExplorer
    from spectrogramtools.explorers.hpss import HpssExplorer
    from spectrogramtools.explorers.inner_product import InnerProductExplorer
    from spectrogramtools.explorers.moments import MomentsExplorer
    from spectrogramtools.explorers.repet import RepetExplorer
    from spectrogramtools.explorers.repet_sim import RepetSimExplorer
    from spectrogramtools.explorers.similarity import SimilarityExplorer
    from spectrogramtools.explorers.songs import SongsExplorer
    from spectrogramtools.explorers.stft import StftExplorer
    from spectrogramtools.explorers.tempo import TempoExplorer
    from spectrogramtools.explorers.window_sum import WindowSumExplorer


def explore_stft(y: ArrayLike, sr: int, *, y_axis: str = "linear") -> StftExplorer:
    """The STFT with sliders for window length and hop, a choice of windows, and one frame's spectrum.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The waveform, full scale 1.0, one or two channels.
    sr : int
        Hz.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : StftExplorer
        A widget with the controls `length` (samples), `hop` (part of the window), `shape` and `time` (seconds: which
        frame is drawn). It plays the signal, what comes back from the inverse, and their difference, and tells the
        error.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, or a browser can't play at sr.

    Examples
    --------
    >>> from spectrogramtools import explore_stft, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_stft(clip.mixture[: clip.sr], clip.sr)
    >>> e.length.value = 1024
    >>> sorted(e.sounds)
    ['difference', 'signal', 'there and back']
    """
    needs("explore_stft", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.stft import StftExplorer

    return StftExplorer(y, sr, y_axis)


def explore_window_sum(
    y: ArrayLike, sr: int, *, win_length: int | None = None, y_axis: str = "linear"
) -> WindowSumExplorer:
    """What windows add up to at any hop, and what a sound is like after the way there and back.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The waveform, full scale 1.0, one or two channels.
    sr : int
        Hz.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms. The hop moves in steps of 8 samples, so it
        meets a third of a window of 1920.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : WindowSumExplorer
        A widget with the controls `shape` (of the window), `fades` (2: on the way there and back; 1: on the way there
        only), `hop` (samples, from a sixteenth of the window to an eighth beyond all of it), `columns` ("untouched" or
        "masked": silent above 1500 Hz) and `divided` (by the sum's "mean" or, sample by sample, by the "sum"). It draws
        the windows (squared, where they fade twice) and their sum, and tells by how much the sum varies, whether it is
        constant (COLA, as `scipy.signal.check_COLA` has it) and whether it is nowhere zero (NOLA).

    Raises
    ------
    ValueError
        If y is not a finite float waveform, a browser can't play at sr, or win_length is less than 128 samples or much
        longer than y.

    References
    ----------
    Allen and Rabiner, "A unified approach to short-time Fourier analysis and synthesis", Proc. IEEE, 1977.

    Examples
    --------
    >>> from spectrogramtools import explore_window_sum, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_window_sum(clip.mixture[: clip.sr], clip.sr)
    >>> e.hop.value = 1024
    >>> bool(abs(e.sounds["there and back"] - e.y).max() < 1e-12)
    True
    """
    needs("explore_window_sum", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.window_sum import WindowSumExplorer

    return WindowSumExplorer(y, sr, win_length, y_axis)


def explore_hpss(
    y: ArrayLike,
    sr: int,
    *,
    references: Mapping[str, ArrayLike] | None = None,
    mask: str = "soft",
    power: float = 1.0,
    win_length: int | None = None,
    hop_length: int | None = None,
    y_axis: str = "linear",
) -> HpssExplorer:
    """Harmonic-percussive separation with sliders for the medians and a choice of masks and phases.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture, full scale 1.0, one or two channels.
    sr : int
        Hz.
    references : dict from str to array_like of float, optional
        The true stems, if there are any: the harmonic one first, then the percussive one. With them the widget shows
        the SI-SDR of what is heard, beside the baselines.
    mask : {"soft", "binary", "none"}, optional
        What the menu shows at first; "none" is for the medians themselves.
    power : float, optional
        Of the soft mask, at first.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : HpssExplorer
        A widget with the controls `winh_frames`, `winv_bins`, `mask`, `power`, `margin`, `phase` and `shown` ("sound"
        or "mask": of what there is a picture).

    Raises
    ------
    ValueError
        If y is not a finite float waveform, the references are not two waveforms shaped like y, or another argument is
        not on the menu.

    Examples
    --------
    >>> from spectrogramtools import explore_hpss, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_hpss(clip.mixture[: clip.sr], clip.sr)
    >>> e.winh_frames.value = 10
    >>> sorted(e.sounds)
    ['harmonic', 'mixture', 'percussive']
    """
    needs("explore_hpss", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.hpss import HpssExplorer

    return HpssExplorer(y, sr, references, mask, power, win_length, hop_length, y_axis)


def explore_repet(
    y: ArrayLike,
    sr: int,
    *,
    references: Mapping[str, ArrayLike] | None = None,
    period: float | None = None,
    y_axis: str = "linear",
) -> RepetExplorer:
    """REPET with the beat spectrum, on which the period is a line that can be dragged.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture, full scale 1.0, one or two channels.
    sr : int
        Hz.
    references : dict from str to array_like of float, optional
        The true stems, if there are any: the background first, then the foreground. With them the widget shows the
        SI-SDR of what is heard, beside the baselines, and as a curve over the period.
    period : float, optional
        Seconds, at first; None takes the one that `find_period` finds.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : RepetExplorer
        A widget with the controls `period` (seconds), `mask`, `phase`, `highpass` (Hz), `fit` (a hop of which the
        period is a whole multiple) and `shown` ("sound" or "mask": of what there is a picture).

    Raises
    ------
    ValueError
        If y is not a finite float waveform, is silent or too short, the references are not two waveforms shaped like y,
        or the period is not at most half of y.

    Examples
    --------
    >>> from spectrogramtools import explore_repet, load_clip
    >>> clip = load_clip("speech_loop")
    >>> e = explore_repet(clip.mixture[: 8 * clip.sr], clip.sr, period=1.0)
    >>> e.period.value = 1.2
    >>> sorted(e.sounds)
    ['background', 'foreground', 'mixture']
    """
    needs("explore_repet", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.repet import RepetExplorer

    return RepetExplorer(y, sr, references, period, y_axis)


def explore_balance(sounds: Mapping[str, ArrayLike], sr: int, *, y_axis: str = "linear") -> BalanceExplorer:
    """Two sounds, and a slider for how loud each of them is.

    Parameters
    ----------
    sounds : dict from str to array_like of float, shape (n_samples,) or (channels, n_samples)
        Two waveforms of one shape, full scale 1.0, one or two channels.
    sr : int
        Hz.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : BalanceExplorer
        A widget with the control `balance`: at 0 both sound as they are, at 1 the first one alone, at -1 the second.

    Raises
    ------
    ValueError
        If sounds are not two finite float waveforms of one shape, or a browser can't play at sr.

    Examples
    --------
    >>> from spectrogramtools import explore_balance, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_balance(clip.stems, clip.sr)
    >>> e.balance.value = 1
    >>> bool((e.sounds["your mix"] == clip.stems["violin"]).all())
    True
    """
    needs("explore_balance", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.balance import BalanceExplorer

    return BalanceExplorer(sounds, sr, y_axis)


def explore_errors(sounds: Mapping[str, ArrayLike], sr: int, *, y_axis: str = "linear") -> ErrorsExplorer:
    """An estimate that is made by hand: a true source, something of another one, and something that is in neither.

    Parameters
    ----------
    sounds : dict from str to array_like of float, shape (n_samples,) or (channels, n_samples)
        Three waveforms of one shape, full scale 1.0, none of them silent: the source, another source, and a noise.
    sr : int
        Hz.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : ErrorsExplorer
        A widget with the controls `interference` and `artefacts`: how loud the other source and the noise are in the
        estimate, in dB beside the source. It tells the estimate's SI-SDR, SI-SIR and SI-SAR.

    Raises
    ------
    ValueError
        If sounds are not three finite float waveforms of one shape, one is silent, or a browser can't play at sr.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import explore_errors, load_clip, si_sdr
    >>> clip = load_clip("violin_castanets")
    >>> noise = np.random.default_rng(0).normal(size=len(clip.mixture))
    >>> e = explore_errors({**clip.stems, "noise": noise}, clip.sr)
    >>> e.interference.value, e.artefacts.value = -60, -20
    >>> round(si_sdr(clip.stems["violin"], e.sounds["estimate"]))
    20
    """
    needs("explore_errors", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.errors import ErrorsExplorer

    return ErrorsExplorer(sounds, sr, y_axis)


def explore_griffin_lim(
    y: ArrayLike,
    sr: int,
    *,
    win_length: int | None = None,
    hop_length: int | None = None,
    y_axis: str = "linear",
) -> GriffinLimExplorer:
    """Griffin-Lim with a slider for the turns, and a choice of starts and momentum.

    Three cells show the way in the complex plane, turn by turn: from the circle of the magnitude that is wanted to the
    spectrogram of a sound, and back. The page goes on with the turns while nobody asks for anything, and then answers
    at once.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        A waveform, full scale 1.0, one or two channels, whose magnitudes are kept and whose phase is not.
    sr : int
        Hz.
    win_length : int, optional
        Samples in a window; None takes the power of two nearest to 93 ms.
    hop_length : int, optional
        Samples from frame to frame; None takes a quarter of the window.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : GriffinLimExplorer
        A widget with the controls `start` ("zero" or "random", with seed 0), `momentum` (0 or 0.99) and `turns`. It
        tells how far the magnitudes are from those that are wanted, and draws how far each step goes.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, a browser can't play at sr, or another argument is out of range.

    Examples
    --------
    >>> from spectrogramtools import explore_griffin_lim, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_griffin_lim(clip.mixture[: clip.sr], clip.sr)
    >>> e.turns.value = 5
    >>> sorted(e.sounds)
    ['found phase', 'original']
    """
    needs("explore_griffin_lim", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.griffin_lim import GriffinLimExplorer

    return GriffinLimExplorer(y, sr, win_length, hop_length, y_axis)


def explore_repet_sim(
    y: ArrayLike,
    sr: int,
    *,
    references: Mapping[str, ArrayLike] | None = None,
    y_axis: str = "linear",
) -> RepetSimExplorer:
    """REPET-SIM with sliders for how many frames are in the median, how far apart and how much alike they are.

    The page keeps the similarity matrix, whose size grows with the square of the length: 13 MB for 30 s.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The mixture, full scale 1.0, one or two channels.
    sr : int
        Hz.
    references : dict from str to array_like of float, optional
        The true stems, if there are any: the background first, then the foreground. With them the widget shows the
        SI-SDR of what is heard, beside the baselines.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : RepetSimExplorer
        A widget with the controls `count`, `distance` (seconds), `threshold`, `mask`, `highpass` (Hz) and `shown`
        ("sound" or "mask": of what there is a picture).

    Raises
    ------
    ValueError
        If y is not a finite float waveform, a browser can't play at sr, or the references are not two waveforms shaped
        like y.

    Examples
    --------
    >>> from spectrogramtools import explore_repet_sim, load_clip
    >>> clip = load_clip("verse_chorus")
    >>> e = explore_repet_sim(clip.mixture[: 8 * clip.sr], clip.sr)
    >>> e.count.value = 3
    >>> sorted(e.sounds)
    ['background', 'foreground', 'mixture']
    """
    needs("explore_repet_sim", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.repet_sim import RepetSimExplorer

    return RepetSimExplorer(y, sr, references, y_axis)


def explore_tempo(
    sounds: Mapping[str, ArrayLike], sr: int, *, period: float | None = None, y_axis: str = "linear"
) -> TempoExplorer:
    """A loop on a tape that gets faster, a voice over it, and what REPET makes of them with and without following.

    Parameters
    ----------
    sounds : dict from str to array_like of float, shape (n_samples,) or (channels, n_samples)
        Two waveforms of one shape, full scale 1.0, one or two channels: a loop, then a voice.
    sr : int
        Hz.
    period : float, optional
        Of the loop, in seconds; None takes the one that `find_period` finds.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : TempoExplorer
        A widget with the control `tempo`: the loop begins so many percent slower and ends so many percent faster, and
        its pitch moves with it. It draws how long it takes until each moment comes again, followed and true, and
        tells the SI-SDR of `repet` and of `repet_adaptive`.

    Raises
    ------
    ValueError
        If sounds are not two finite float waveforms of one shape, the loop leaves no room for a period, or the period
        is not at most half of it.

    Examples
    --------
    >>> from spectrogramtools import explore_tempo, load_clip
    >>> clip = load_clip("speech_loop")
    >>> e = explore_tempo({name: stem[: 8 * clip.sr] for name, stem in clip.stems.items()}, clip.sr, period=1.0)
    >>> e.tempo.value = 1
    >>> sorted(e.sounds)
    ['foreground, adaptive', 'foreground, repet', 'mixture']
    """
    needs("explore_tempo", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.tempo import TempoExplorer

    return TempoExplorer(sounds, sr, period, y_axis)


def explore_moments(
    y: ArrayLike,
    sr: int,
    *,
    moment: float | None = None,
    count: int = 8,
    compared: str = "roots",
    heard: str = "pieces",
    y_axis: str = "linear",
) -> MomentsExplorer:
    """Which moments are alike: a line that can be dragged over a curve, and what lies at its peaks, in a row.

    The page keeps the similarity matrix, whose size grows with the square of the length: 13 MB for 30 s.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The waveform, full scale 1.0, one or two channels.
    sr : int
        Hz.
    moment : float, optional
        Seconds, at first; None takes the middle.
    count : int, optional
        How many moments that are most alike, itself among them, at first; from 1 to 12, at least a second apart.
    compared : {"roots", "magnitudes"}, optional
        Of what the similarity is, at first: of the magnitudes' square roots, as in `repet_sim`, or of the magnitudes.
    heard : {"pieces", "music"}, optional
        What the player plays at first: the moment again and again, and those that are most alike; or the music, in
        whose picture a click chooses the moment.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : MomentsExplorer
        A widget with the controls `moment` (seconds), `count`, `compared` and `heard`, and with the curve of how much
        every moment is like the one that was chosen.

    Raises
    ------
    ValueError
        If y is not a finite float waveform, a browser can't play at sr, or another argument is out of range.

    Examples
    --------
    >>> from spectrogramtools import explore_moments, load_clip
    >>> clip = load_clip("verse_chorus")
    >>> e = explore_moments(clip.mixture[: 8 * clip.sr], clip.sr, count=3)
    >>> e.sounds["the most alike"].shape
    (39690,)
    """
    needs("explore_moments", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.moments import MomentsExplorer

    return MomentsExplorer(y, sr, moment, count, compared, heard, y_axis)


def explore_similarity(
    y: ArrayLike, sr: int, *, lag: float = 0.0, votes: str = "power", y_axis: str = "linear"
) -> SimilarityExplorer:
    """Music beside itself a while later: a diagonal of its similarity matrix, a point of its beat spectrum, a sound.

    The left ear hears the music, the right one the music a lag later: what comes again after that lag is heard in the
    middle, as if it were played once, and is missing in the difference.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,) or (channels, n_samples)
        The waveform, full scale 1.0, one or two channels, which are mixed down.
    sr : int
        Hz.
    lag : float, optional
        Seconds, at first; taken as the nearest whole number of frames, and at most half of what y lasts.
    votes : {"power", "rows", "moments"}, optional
        What is compared, at first: powers, so that the loudest cells decide; the powers of rows that have been given
        one energy; or columns of one length, so that the matrix holds cosines, as Foote's does.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : SimilarityExplorer
        A widget with the controls `lag` (seconds) and `votes`, the matrix with the lag's diagonal, and the beat
        spectrum, on which a line can be dragged.

    Raises
    ------
    ValueError
        If y is not a finite float waveform or shorter than two frames, a browser can't play at sr, or another argument
        is out of range.

    References
    ----------
    Foote and Uchihashi, "The beat spectrum: a new approach to rhythm analysis", ICME 2001.

    Examples
    --------
    >>> from spectrogramtools import explore_similarity, load_clip
    >>> clip = load_clip("band_trumpet")
    >>> e = explore_similarity(clip.mixture[: 12 * clip.sr], clip.sr, lag=3.715)
    >>> [sound.shape for sound in e.sounds.values()]  # 160 frames are missing
    [(2, 182680), (2, 182680)]
    """
    needs("explore_similarity", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.similarity import SimilarityExplorer

    return SimilarityExplorer(y, sr, lag, votes, y_axis)


def explore_inner_product(
    y: ArrayLike,
    sr: int,
    *,
    time: float | None = None,
    frequency: float | None = None,
    lowest: float = 200.0,
    highest: float = 1000.0,
    win_length: int | None = None,
    y_axis: str = "log",
) -> InnerProductExplorer:
    """One frame's inner product with a cosine and a sine, under a slider for their frequency.

    The products are drawn with what lies above and below zero in two colours; their sums are the two coordinates of an
    arrow; and the arrow's length draws the frame's spectrum as the slider goes.

    Parameters
    ----------
    y : array_like of float, shape (n_samples,)
        The waveform, full scale 1.0.
    sr : int
        Hz.
    time : float, optional
        The middle of the frame, in seconds; None takes the middle of the waveform.
    frequency : float, optional
        Hz, at first; None takes the lowest.
    lowest : float, optional
        Hz, where the slider begins.
    highest : float, optional
        Hz, where it ends.
    win_length : int, optional
        Samples of the frame, which is faded by half a sine; None takes 93 ms.
    y_axis : {"linear", "log"}, optional
        The frequency axis at first.

    Returns
    -------
    e : InnerProductExplorer
        A widget with the controls `frequency` (Hz) and `later` (samples by which the frame begins later: the arrow
        turns). It plays 0.6 s of the music around the frame, a cosine of the frequency, and both together.

    Raises
    ------
    ValueError
        If y is not a finite float waveform of at least one and a quarter frames, a browser can't play at sr, or another
        argument is out of range.

    Examples
    --------
    >>> from spectrogramtools import explore_inner_product, load_clip
    >>> clip = load_clip("violin_castanets")
    >>> e = explore_inner_product(clip.stems["violin"], clip.sr, time=0.5)
    >>> e.frequency.value = 440
    >>> sorted(e.sounds)
    ['both', 'the cosine', 'the note']
    """
    needs("explore_inner_product", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.inner_product import InnerProductExplorer

    return InnerProductExplorer(y, sr, time, frequency, lowest, highest, win_length, y_axis)


def explore_songs(scores: Mapping[str, ArrayLike]) -> SongsExplorer:
    """From the scores of a few songs to a claim: how sure it is, what pairing buys, how many songs it needs.

    The songs that are given are the world; a study sees as many of them as are drawn, without replacement, and has to
    say which of two methods is better. It gives the median (or mean) difference, its 95 % interval from the bootstrap
    (the percentiles of 2000 resamples, drawn with numpy's seed 0), and a p-value: Wilcoxon's for differences on the
    same songs, Mann and Whitney's where each method has songs of its own. What a hundred such studies would have said
    stands beside it.

    The interval is meant for songs that are not here: where a study draws most of those that are, a hundred such
    studies agree better than it promises. And it goes no further than the songs: that of a median of three holds the
    true one three times in four, for that is how often this lies between the lowest and the highest.

    Parameters
    ----------
    scores : dict from str to array_like of float, shape (n_songs,)
        For each method, two or more, its score on each song in dB; 5 to 500 songs, the same ones in the same order.

    Returns
    -------
    e : SongsExplorer
        A widget with the controls `first` and `second` (the methods, of which A − B is told), `songs` (how many are
        drawn), `draw` (1 to 100: which ones), `compared` ("paired" or "unpaired": A has the first songs of the draw's
        order and B the last ones, other songs as long as there are enough) and `middle` ("median" or "mean"). It draws
        each song, the hundred draws, and the interval's width against the number of songs. `e.found` has the numbers
        that it tells.

    Raises
    ------
    ValueError
        If scores are not those of two or more methods on 5 to 500 songs each, equally many, or one is no finite number
        of dB.

    Notes
    -----
    The p-values are those of `scipy.stats`: `wilcoxon(d, correction=True)`, exact up to 50 songs, and
    `mannwhitneyu(a, b)`, exact up to 8.

    References
    ----------
    Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics, 1979.
    Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin, 1945.
    Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other", Annals
    of Mathematical Statistics, 1947.

    Examples
    --------
    >>> import numpy as np
    >>> from spectrogramtools import explore_songs
    >>> rng = np.random.default_rng(0)
    >>> song = 5 * rng.normal(size=100)  # how hard each one is, for both methods
    >>> e = explore_songs({"new": song + 1 + rng.normal(size=100), "old": song + rng.normal(size=100)})
    >>> e.songs.value = 20
    >>> paired = e.found
    >>> e.compared.value = "unpaired"
    >>> paired["p"] < 0.05 < e.found["p"]
    True
    """
    needs("explore_songs", "anywidget", "ipywidgets", "matplotlib")
    from spectrogramtools.explorers.songs import SongsExplorer

    return SongsExplorer(scores)
