"""What lecture 5 tells of the violin in the percussive part, and no cell prints."""

import numpy as np
import pytest

from spectrogramtools import STFT, load_clip, median_across_frequency, median_across_time, soft_masks

HOP = 512
SIXTEENTH = 97 * 64 / 44100  # seconds
BARS = ((0, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15), (0, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 14))
STROKES = np.array([16 * bar + place for bar in range(4) for place in BARS[bar % 2]] + [64])
NOTES = np.array((0, 6, 8, 12, 16, 22, 24, 28, 32, 38, 40, 44, 48, 56, 59, 71))  # the last one ends the last note


@pytest.fixture(scope="module")
def magnitudes():
    clip = load_clip("violin_castanets")
    return [np.abs(STFT(y, 2048, HOP, center=True)) for y in (clip.mixture, clip.stems["violin"])]


def leaks(across_time, across_frequency, violin, width_frames=41):
    """The violin's energy in the percussive part, frame by frame."""
    H, P = median_across_time(across_time, width_frames), median_across_frequency(across_frequency, 81)
    return ((soft_masks(H, P)[1] * violin) ** 2).sum(axis=0)


def near(times, seconds, within=0.05):
    return (np.abs(seconds[:, None] - SIXTEENTH * times) < within).any(axis=1)


def test_the_violin_whispers_with_the_strokes(magnitudes):
    A, violin = magnitudes
    seconds = np.arange(A.shape[1]) * HOP / 22050
    whisper = leaks(A, A, violin)
    loudness = (violin**2).sum(axis=0)
    stroke, change = near(STROKES, seconds), near(NOTES[1:-1], seconds)
    assert whisper[stroke].sum() > 0.9 * whisper.sum()
    assert whisper.sum() / leaks(A, violin, violin).sum() == pytest.approx(10, rel=0.1)  # ten decibels
    leaky = [whisper[some].sum() / loudness[some].sum() for some in (change, stroke & ~change, ~stroke)]
    assert leaky == sorted(leaky, reverse=True)


def test_between_the_strokes_the_short_notes_are_loudest(magnitudes):
    A, violin = magnitudes
    seconds = np.arange(A.shape[1]) * HOP / 22050
    place = np.searchsorted(SIXTEENTH * NOTES, seconds, side="right") - 1
    lasts = SIXTEENTH * np.diff(NOTES)[np.minimum(place, len(NOTES) - 2)]
    short, between = lasts < 0.46, ~near(STROKES, seconds)
    loudness = (violin**2).sum(axis=0)
    gaps = []
    for width_frames in (41, 15):
        whisper = leaks(A, A, violin, width_frames)
        a, b = [whisper[some].sum() / loudness[some].sum() for some in (short & between, ~short & between)]
        gaps.append(10 * np.log10(a / b))
    assert [round(float(gap)) for gap in gaps] == [4, 1]
