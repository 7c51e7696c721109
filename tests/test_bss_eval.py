"""BSS Eval's SDR: its peers' numbers, and what its filter forgives.

The numbers were made with museval 0.4.1 and mir_eval 0.8.2 (numpy 2.4.6) from the same signals: with a filter by
`museval.metrics.bss_eval(…, window=np.inf, hop=np.inf, bsseval_sources_version=True)`, which for one channel equals
`mir_eval.separation.bss_eval_sources(…, compute_permutation=False)`; without by the same call with `False`, which
equals `bss_eval_images`. Those of pieces were made by museval 0.4.1 (numpy 2.5.5) with `window` and `hop` of 500
samples, one filter for all pieces (its v4) and `bsseval_sources_version=False`. Where one of them is installed it is
asked anew.
"""

import numpy as np
import pytest

from spectrogramtools import framewise_sdr, load_clip, sdr, si_sdr

# With 512 taps, and without.
PEERS = {
    "mixture": (3.6484, 3.5824),
    "late": (3.6400, -1.4842),
    "filtered": (4.4322, 4.1506),
    "short": (28.6572, 26.2928),
    "stereo": (4.3239, 4.4669),
    "swapped": (4.3239, 3.3343),
    "twice": (7.0552, 0.2756),
}


def later(y, samples):
    return np.pad(y, (samples, 0))[: len(y)]


@pytest.fixture(scope="module")
def pairs():
    """References and estimates by name: whole numbers from the clips, and sums of few of them."""
    clip = load_clip("violin_castanets")
    violin, mixture = (y[: 2 * clip.sr].astype(float) for y in (clip.stems["violin"], clip.mixture))
    recording = load_clip("metal_singer")
    seconds = slice(5 * recording.sr, 7 * recording.sr)
    band, song = (y[:, seconds].astype(float) for y in (recording.stems["background"], recording.mixture))
    return {
        "mixture": (violin, mixture),
        "late": (violin, later(mixture, 100)),
        "filtered": (violin, 0.5 * mixture + 0.5 * later(mixture, 1)),
        "short": (violin[3000:3600], mixture[3000:3600]),
        "stereo": (band, song),
        "swapped": (band, song[::-1]),
        "twice": (np.stack([violin, violin]), np.stack([mixture, violin + later(mixture, 3)])),
    }


@pytest.mark.parametrize("name", PEERS)
def test_equals_its_peers_numbers(pairs, name):
    found = sdr(*pairs[name]), sdr(*pairs[name], taps=0)
    assert found == pytest.approx(PEERS[name], abs=0.01)


def test_equals_museval_live(pairs):
    metrics = pytest.importorskip("museval.metrics")
    for reference, estimate in pairs.values():
        r, e = (np.atleast_2d(y).T[None] for y in (reference, estimate))
        for taps, sources in ((512, True), (30, True), (0, False)):
            settings = dict(window=np.inf, hop=np.inf, filters_len=taps or 512, bsseval_sources_version=sources)
            expected = metrics.bss_eval(r, e, **settings)[0].item()
            assert sdr(reference, estimate, taps=taps) == pytest.approx(expected, abs=0.01)


@pytest.mark.filterwarnings("ignore::FutureWarning")  # mir_eval 0.8 leaves the field to museval
def test_equals_mir_eval_live(pairs):
    separation = pytest.importorskip("mir_eval.separation")
    for reference, estimate in pairs.values():
        if reference.ndim == 1:
            expected = separation.bss_eval_sources(reference[None], estimate[None], False)[0].item()
            assert sdr(reference, estimate) == pytest.approx(expected, abs=0.01)


def test_with_one_tap_it_is_si_sdr(pairs):
    for name in ("mixture", "late", "filtered"):
        assert sdr(*pairs[name], taps=1) == pytest.approx(si_sdr(*pairs[name]), abs=1e-6)


def test_a_filter_is_forgiven_up_to_its_length(pairs):
    reference = np.append(pairs["mixture"][0], np.zeros(600))
    assert sdr(reference, later(reference, 511)) > 100
    assert sdr(reference, later(reference, 512)) < 60
    assert sdr(reference, later(reference, 9), taps=10) > 100
    assert sdr(reference, later(reference, 10), taps=10) < 60
    assert sdr(reference, later(reference, 9) - 0.3 * reference, taps=10) > 100


def test_by_hand_it_is_a_projection():
    """On copies of the reference, each a sample later than the one before: least squares without any correlation."""
    rng = np.random.default_rng(0)
    reference, estimate = rng.standard_normal((2, 3, 50))
    copies = [np.pad(channel, (k, 6 - k)) for channel in reference for k in range(7)]
    padded = np.pad(estimate, ((0, 0), (0, 6)))
    target = (np.stack(copies, 1) @ np.linalg.lstsq(np.stack(copies, 1), padded.T)[0]).T
    expected = 10 * np.log10(np.sum(target**2) / np.sum((padded - target) ** 2))
    assert sdr(reference, estimate, taps=7) == pytest.approx(expected, abs=1e-9)


def test_more_taps_never_score_less(pairs):
    scores = [sdr(*pairs["late"], taps=taps) for taps in (1, 10, 101, 512)]
    assert scores == sorted(scores)
    assert scores[2] > scores[1] + 9  # the estimate is a hundred samples late


def test_levels_count_only_without_a_filter(pairs):
    reference, estimate = pairs["mixture"]
    for level in (1e-200, 0.5, 1e200):
        assert sdr(reference, level * estimate) == pytest.approx(sdr(reference, estimate), abs=1e-6)
        assert sdr(1e-150 * reference, level * estimate, taps=3) == pytest.approx(sdr(*pairs["mixture"], taps=3))
    assert sdr(reference, reference / 2, taps=0) == pytest.approx(20 * np.log10(2))
    assert sdr(1e200 * reference, 5e199 * reference, taps=0) == pytest.approx(20 * np.log10(2))


def test_extremes(pairs):
    reference, estimate = pairs["mixture"]
    silence = np.zeros_like(reference)
    assert sdr(reference, silence) == -np.inf
    assert sdr(reference, silence, taps=0) == 0
    assert sdr(reference, reference, taps=0) == np.inf
    assert sdr(reference, reference) > 100
    with pytest.raises(ValueError, match="reference is silent"):
        sdr(silence, estimate)
    # Channels that are silent or alike leave the filters open, but not the score.
    one, two = np.stack([reference, silence]), np.stack([estimate, silence])
    assert sdr(one, two) == pytest.approx(sdr(reference, estimate), abs=1e-6)


def test_a_reference_without_treble_has_a_score():
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(8000))
    dull = np.fft.irfft(spectrum * (np.arange(4001) < 500))
    assert sdr(dull, dull + 0.1 * np.random.default_rng(2).standard_normal(8000)) < 30


def test_float32_is_summed_in_float64(pairs):
    reference, estimate = (y.astype(np.float32) for y in pairs["mixture"])
    assert sdr(reference, estimate) == pytest.approx(sdr(*pairs["mixture"]), abs=1e-9)


def test_says_what_is_wrong(pairs):
    reference, estimate = pairs["stereo"]
    with pytest.raises(ValueError, match="taps is 2049, but channels times taps may be 4096 at most: use 2048"):
        sdr(reference, estimate, taps=2049)
    with pytest.raises(ValueError, match="reference has shape"):
        sdr(reference, estimate[0])


# For so many sources, their SDR in pieces of 500 samples.
PIECES = {
    2: [[14.3269, 14.2277, np.nan, 14.4268], [2.3291, 2.1218, np.nan, 2.0144]],
    4: [
        [4.1706, 4.0129, np.nan, 4.2923],
        [2.9736, 3.2179, np.nan, 3.3297],
        [1.3134, 1.4159, np.nan, 1.5491],
        [25.0316, 24.6536, np.nan, 24.9906],
    ],
}


def noise(n_sources):
    """Sources in stereo, one of which is silent for a while, and estimates with errors of different sizes."""
    rng = np.random.default_rng(n_sources)
    sources = rng.uniform(-1, 1, (n_sources, 2, 2100))
    estimates = sources + rng.uniform(0.05, 1, (n_sources, 1, 1)) * rng.uniform(-1, 1, sources.shape)
    sources[1, :, 1000:1500] = 0
    return sources, estimates


@pytest.mark.parametrize("n_sources", PIECES)
def test_pieces_equal_musevals_numbers(n_sources):
    sources, estimates = noise(n_sources)
    found = framewise_sdr(list(sources), list(estimates), 500)
    np.testing.assert_allclose(found, PIECES[n_sources], atol=0.01)
    np.testing.assert_allclose(np.nanmedian(found, 1), np.nanmedian(PIECES[n_sources], 1), atol=0.01)
    np.testing.assert_array_equal(framewise_sdr(sources, estimates, 1000, window=0.5), found)


def test_pieces_equal_museval_live():
    metrics = pytest.importorskip("museval.metrics")
    for n_sources in PIECES:
        sources, estimates = noise(n_sources)
        pair = (y.transpose(0, 2, 1) for y in (sources, estimates))
        expected = metrics.bss_eval(*pair, window=500, hop=500, framewise_filters=False, bsseval_sources_version=False)[
            0
        ]
        np.testing.assert_allclose(framewise_sdr(sources, estimates, 500), expected, atol=0.01)


def test_a_piece_without_a_source_or_an_estimate_has_no_score():
    (sources, estimates), rng = noise(2), np.random.default_rng(0)
    sources[1] = rng.uniform(-1, 1, (2, 2100))
    estimates[0, :, :500] = 0
    estimates[1, 1, 500:1000] = -estimates[1, 0, 500:1000]  # what cancels is silent for museval
    estimates[1, 1, 1000:1500] = 0  # one channel is not all
    assert np.isnan(framewise_sdr(sources, estimates, 500)).tolist() == [[True, True, False, False]] * 2


def test_a_piece_by_itself_is_scored_like_a_whole():
    sources, estimates = noise(2)
    found = framewise_sdr(sources, estimates, 500)
    assert found[0, 1] == pytest.approx(sdr(sources[0, :, 500:1000], estimates[0, :, 500:1000], taps=0))
    assert framewise_sdr(sources, estimates, 500, window=100).shape == (2, 1), "all of it, if it is shorter"
    assert framewise_sdr(sources[:, 0], estimates[:, 0], 500).shape == (2, 4)
    loud = framewise_sdr(1e200 * sources, 1e200 * estimates, 500)
    np.testing.assert_allclose(loud, found)
