"""Equal to the peers: librosa live, the others on small arrays whose answers follow from their conventions by hand."""

import librosa
import numpy as np
import peers
import pytest

from spectrogramtools import STFT

RNG = np.random.default_rng(7)
SR = 22050


def assert_masks_equal(ours, theirs, A):
    """To 1e-6 of the largest magnitude, on magnitudes."""
    for mine, yours in zip(ours, theirs, strict=True):
        assert np.abs(mine * A - yours * A).max() <= 1e-6 * A.max()


@pytest.fixture(scope="module")
def A(y):
    return np.abs(STFT(y, 2048, 512, center=True))


@pytest.mark.parametrize("kernel_size", [(31, 31), (41, 81)])
@pytest.mark.parametrize("margin", [(1.0, 1.0), (1.0, 5.0), (3.0, 3.0)])
@pytest.mark.parametrize("power", [1.0, 2.0])
def test_librosa_hpss_live(A, kernel_size, margin, power):
    theirs = librosa.decompose.hpss(A, kernel_size=kernel_size, margin=margin, power=power, mask=True)
    assert_masks_equal(peers.librosa_hpss_masks(A, kernel_size, power, margin), theirs, A)


def test_librosa_vocal_separation_live(A):
    """The gallery's steps: nn_filter with cosine and 2 s, the minimum, two soft masks."""
    A = A.astype(np.float64)
    width = librosa.time_to_frames(2, sr=SR)
    filtered = np.minimum(A, librosa.decompose.nn_filter(A, aggregate=np.median, metric="cosine", width=width))
    theirs = (
        librosa.util.softmask(filtered, 2 * (A - filtered), power=2),
        librosa.util.softmask(A - filtered, 10 * filtered, power=2),
    )
    links = librosa.segment.recurrence_matrix(A, metric="cosine", width=width, sparse=True)
    neighbours = [links[:, t].nonzero()[0] for t in range(A.shape[1])]
    assert_masks_equal(peers.librosa_vocals_masks(A, neighbours), theirs, A)


def test_tralie_hpss():
    """Zero edges, a median over 3 frames and 3 bins, by hand.

    Row 0 across time: (0,4,4) (4,4,4) (4,4,0) -> 4 4 4; row 1: (0,0,9) (0,9,0) (9,0,0) -> 0 0 0; row 2: zeros.
    Column 1 down: (0,4,9) (4,9,0) (9,0,0) -> 4 4 0; columns 0 and 2: (0,4,0) (4,0,0) (0,0,0) -> 0 0 0.
    So SH / (SH + SP): 4/4, 4/8, 4/4 in row 0; 0/4 in the middle; elsewhere 0/0, for which the module says 1/2.
    """
    A = np.array([[4.0, 4, 4], [0, 9, 0], [0, 0, 0]])
    H, P = peers.tralie_hpss_masks(A, winh=1, winv=1)
    np.testing.assert_allclose(H, [[1, 0.5, 1], [0.5, 0, 0.5], [0.5, 0.5, 0.5]])
    np.testing.assert_allclose(P, [[0, 0.5, 0], [0.5, 1, 0.5], [0.5, 0.5, 0.5]])


def test_libfmp_hpss():
    """The same medians (of powers: 16 for 4, 81 for 9); binary, and where they are equal, 0 and 0 too, harmonic."""
    A = np.array([[4.0, 4, 4], [0, 9, 0], [0, 0, 0]])
    H, P = peers.libfmp_hpss_masks(A, 3, 3)
    np.testing.assert_array_equal(H, [[1, 1, 1], [1, 0, 1], [1, 1, 1]])
    np.testing.assert_array_equal(P, [[0, 0, 0], [0, 1, 0], [0, 0, 0]])


def test_nussl_repet():
    """Period 2 in 7 frames: three whole periods and a partial one, which has frame 0 of the pattern only.

    Row 1: frames 0, 2, 4, 6 are 1 5 3 9 -> median (3 + 5) / 2 = 4; frames 1, 3, 5 are 2 8 6 -> 6.
    min(model, A) / A: 1/1 2/2 4/5 6/8 3/3 6/6 4/9. (nussl pads with NaN and takes nanmedian: the same.)
    """
    A = np.ones((3, 7))
    A[1] = [1, 2, 5, 8, 3, 6, 9]
    background, foreground = peers.nussl_repet_masks(A, 2, sr=8, highpass=0)
    np.testing.assert_allclose(background[1], [1, 1, 4 / 5, 6 / 8, 1, 1, 4 / 9])
    np.testing.assert_allclose(foreground, 1 - background)


def test_high_pass_conventions():
    """Rows 1000 Hz apart and a high-pass of 2100 Hz: the nearest bin is row 2.

    nussl gives the rows below it, 0 and 1, to the background; REPET-Python rows 1 and 2, and leaves DC alone.
    """
    A = np.ones((5, 6))
    A[:, 3] = 5
    alone = peers.nussl_repet_masks(A, 3, sr=8000, highpass=0)[0][:, 3]
    assert (alone < 1).all()
    for masks, given in ((peers.nussl_repet_masks, [0, 1]), (peers.repet_python_masks, [1, 2])):
        background = masks(A, 3, sr=8000, highpass=2100)[0][:, 3]
        np.testing.assert_array_equal(np.flatnonzero(background == 1), given)
        np.testing.assert_array_equal(np.delete(background, given), np.delete(alone, given))


def test_periods():
    """An impulse every 40 frames: the beat spectrum has its peaks at 40, 80, …, all of height 1 where it is unbiased.

    nussl searches from ceil(0.8 sr / hop) = 35 frames, REPET-Python from round(sr / hop) = 43, so it finds 80. Its code
    says 81, one frame too many; corrected it is the lag itself.
    """
    A = np.zeros((5, 280))
    A[:, ::40] = 1
    assert peers.nussl_period_frames(A, SR, 512) == 40
    assert peers.repet_python_period_frames(A, SR, 512) == 80


def test_repet_sim_conventions():
    """Frames of two kinds, a and b, whose bins don't meet: similarity 1 within a kind, 0 across.

    Frames a b a b a b with levels 1 1 3 1 5 1 in row 0. Peaks at least 2 frames apart, so each frame of its kind is
    one. With the frame itself (REPET-Python) the model of the a's is the median of 1 3 5, 3; without it (nussl) the
    mean of the two others: 4, 3, 2. Shares min(model, A) / A: 1, 1, 3/5 with it and 1, 1, 2/5 without it.
    """
    A = np.zeros((2, 6))
    A[0, ::2] = [1, 3, 5]
    A[1, 1::2] = 1
    own = peers.repet_python_sim_masks(A, sr=2, hop_length=2, highpass=0)[0]
    np.testing.assert_allclose(own[0, ::2], [1, 1, 3 / 5])
    others = peers.nussl_sim_masks(A, distance=2)[0]
    np.testing.assert_allclose(others[0, ::2], [1, 1, 2 / 5])


def test_ft2d_keeps_what_is_periodic():
    """A row that is 1 + cos has three lines in its spectrum, n at 0 and n/2 at its frequency and the mirrored one.

    Each is the tallest within 25 cells (the frequencies lie 16 apart) and all else is 0, so the model is the row itself
    and the mask 1. A cell that is raised by 3 adds 3 to the magnitude of every line, in equal parts: no further peak
    stands out, the model gets 3 lines of n each of its share, 3/64 * (1 + 2 cos) at that place, and the mask there is
    (2 + 9/64) / 5.
    """
    n = 64
    row = 1 + np.cos(2 * np.pi * 16 * np.arange(n) / n)
    A = row[None].copy()
    np.testing.assert_allclose(peers.nussl_ft2d_masks(A)[0], 1, atol=1e-6)
    A[0, 0] += 3
    assert peers.nussl_ft2d_masks(A)[0][0, 0] == pytest.approx((2 + 9 / n) / 5, abs=1e-6)


def test_ft2d_by_its_definition():
    """Cell by cell: the tallest of 25 along time, and taller than the lowest by more than the standard deviation."""
    A = 1 + np.cos(2 * np.pi * np.arange(40) / 4) + 0.1 * RNG.random((6, 40))
    spectrum = np.fft.fftshift(np.fft.fft2(A))
    height = np.abs(spectrum)
    padded = np.pad(height, ((0, 0), (12, 12)), mode="symmetric")
    kept, tallest = np.zeros_like(spectrum), 0
    for i in range(6):
        for j in range(40):
            around = padded[i, j : j + 25]
            tallest += height[i, j] == around.max()
            if height[i, j] == around.max() and around.max() - around.min() > height.std():
                kept[i, j] = spectrum[i, j]
    assert 0 < np.count_nonzero(kept) < tallest
    model = np.abs(np.fft.ifft2(np.fft.ifftshift(kept)))
    expected = np.divide(np.minimum(model, A), A, out=np.ones_like(A), where=A > 0)
    np.testing.assert_allclose(peers.nussl_ft2d_masks(A)[0], expected, atol=1e-9)
