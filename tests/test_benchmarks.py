"""What the scores are made of: halves with nothing in common, methods that give two sounds, a report that counts."""

import methods
import music
import numpy as np
import pytest
import recordings
from loops import make_loop, make_played, make_resampled

SR = 22050


def test_no_song_and_no_singer_is_in_both_halves():
    for table in (recordings.SONGS, recordings.SEQUENCED, recordings.LOOPS):
        tuning, reporting = (set(table[half]) for half in ("tuning", "reporting"))
        assert tuning
        assert reporting
        assert not tuning & reporting
    assert recordings.SINGER["tuning"] != recordings.SINGER["reporting"]
    names = [song.name for half in recordings.SONGS.values() for song in half]
    assert len(set(names)) == len(names)


def test_a_band_without_ramp_and_jitter_is_an_exact_loop():
    loop = make_played(4)
    late = slice(2 * loop.period, 3 * loop.period)  # what rings from the repetition before is there by then
    later = slice(5 * loop.period, 6 * loop.period)
    np.testing.assert_allclose(loop.background[late], loop.background[later], atol=1e-4 * np.abs(loop.background).max())


def test_a_ramp_moves_the_strokes_and_not_their_pitch():
    """The loudest partial, a bass note's, stays; the waveforms have nothing more in common. On tape neither stays."""
    steady, moving = make_played(4).background, make_played(4, ramp=0.04).background
    assert len(steady) == len(moving)
    assert np.corrcoef(steady, moving)[0, 1] < 0.5
    spectra = [np.abs(np.fft.rfft(x * np.hanning(len(x)))) for x in (steady, moving)]
    assert abs(int(spectra[0].argmax()) - int(spectra[1].argmax())) < len(steady) / SR  # 1 Hz
    tape = make_resampled(4, 0.02).background
    assert np.corrcoef(steady, tape)[0, 1] < 0.5


@pytest.mark.parametrize("channels", [1, 2])
def test_each_method_gives_two_sounds_like_the_mixture(channels):
    loop = make_loop(2)
    b, v = (x[: 6 * SR].astype(np.float32) for x in loop.mixture(0)[:2])
    if channels == 2:
        b, v = np.stack([b, 0.5 * b]), np.stack([v, v])
    y = b + v
    all_of_them = dict(methods.REFERENCES)
    for kinds in (methods.KINDS, methods.DRUMS):
        for name, (ours, others) in kinds.items():
            all_of_them |= {name: ours, **others}
    for name, method in all_of_them.items():
        if name == "repet_extended":
            continue  # its segments are longer than this
        parts = method(y, SR, b, v)
        assert len(parts) == 2, name
        assert all(part.shape == y.shape and np.isfinite(part).all() for part in parts), name
    ideal = music.score(b, v, methods.ideal_ratio_mask(y, SR, b, v))
    assert min(np.subtract(ideal, music.score(b, v, (y, y)))) > 6


def test_the_report_counts_what_is_worse_and_who_is_ahead(capsys):
    """Four tracks: ours gains 2, 2, 2 and loses 1 on both; the peer gains 1 on all."""
    rows = []
    for gain in (2.0, 2.0, 2.0, -1.0):
        scores = {"mixture": [5.0, -5.0], "ours": [5 + gain, -5 + gain], "theirs": [6.0, -4.0]}
        rows.append(dict(name="", kind="voice", bpm=120, period=2.0 if gain > 0 else 0.8, scores=scores))
    music.report(rows, {"ours": (None, {"theirs": None})})
    music.report_periods(rows)
    told = capsys.readouterr().out.splitlines()
    assert next(line for line in told if line.startswith("ours  ")).endswith("25 %")
    (ahead,) = (line for line in told if line.startswith("ours ") and "less theirs" in line)
    assert "median  2.00, least  -4.00, ahead on 3 of 4; sign test p = 6.2e-01" in ahead
    assert "within 1 % of whole beats on 3 of 4, of at least four on 3" in told[-1]
