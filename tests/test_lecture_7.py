"""What lecture 7 says in prose and no cell of it prints."""

import numpy as np
import pytest
import scipy.signal

from spectrogramtools import STFT, beat_spectrum, find_period, load_clip


@pytest.fixture(scope="module")
def band():
    clip = load_clip("band_trumpet")
    return sum(clip.stems[name].astype(float) for name in ("drums", "keys_bass"))


def test_the_bass_steps_through_eight_notes_and_begins_anew(band):
    sixteenth = 2560
    for bars, start in ((0, 0), (2, 81920)):
        heard = []
        for first, last in ((0, 6), (8, 10), (11, 14), (14, 16), (16, 22), (24, 26), (27, 30), (30, 32)):
            note = band[start + first * sixteenth : start + last * sixteenth]
            spectrum = np.abs(np.fft.rfft(note * np.hanning(len(note)), 1 << 17))
            hertz = np.fft.rfftfreq(1 << 17, 1 / 22050)
            spectrum, hertz = (x[(hertz > 75) & (hertz < 180)] for x in (spectrum, hertz))
            peaks, _ = scipy.signal.find_peaks(spectrum, height=spectrum.max() / 3)
            heard.append(hertz[peaks[0]])  # the lowest: the octave above it may be louder
        assert heard == pytest.approx([110, 165, 98, 82, 87, 131, 98, 104], abs=3), bars


def test_a_frame_beside_the_period_the_powers_agree_and_the_difference_is_loud(band):
    y = load_clip("band_trumpet").mixture.astype(float)
    curve = beat_spectrum(np.abs(STFT(y, 2048, 512, center=True)))
    assert f"{curve[159]:.2f}" == "0.71"
    shift = 159 * 512
    assert np.std(band[:-shift] - band[shift:]) > np.std(band)


def test_at_three_beats_nine_strokes_of_the_castanets_in_ten_meet_another_one():
    sixteenth = 97 * 64 / 2
    found = find_period(load_clip("violin_castanets").mixture, 22050) * 22050 / sixteenth
    assert found == pytest.approx(12, abs=0.05)
    bars = ((0, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15), (0, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 14))  # audio/make_clips.py
    strokes = {16 * bar + place for bar in range(4) for place in bars[bar % 2]} | {64}

    def met(distance):
        asked = [stroke for stroke in strokes if stroke + distance <= 64]
        return np.mean([stroke + distance in strokes for stroke in asked])

    assert met(12) == pytest.approx(0.9, abs=0.01)
    others = [met(distance) for distance in range(6, 24) if distance != 12]  # 0.8 s to a third of the clip
    assert np.mean([0.65 <= share < 0.85 for share in others]) > 0.5
    assert max(others) < met(12)
