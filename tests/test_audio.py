"""Clips add up exactly and are fit to be heard; files of any kind load as mono at the wanted rate."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import spectrogramtools
from spectrogramtools import STFT, clips, find_period, load_audio, load_clip

AUDIO = Path(spectrogramtools.__file__).parent.parent / "audio"


def test_every_folder_is_a_clip():
    assert clips() == sorted(p.name for p in AUDIO.iterdir() if p.is_dir() and not p.name.startswith("_"))
    assert "violin_castanets" in clips()


@pytest.mark.parametrize("name", clips())
def test_clip_is_fit_to_be_heard(name):
    clip = load_clip(name)
    assert clip.name == name
    assert clip.sr == 22050
    assert clip.mixture.dtype == np.float32
    np.testing.assert_array_equal(sum(clip.stems.values()), clip.mixture)
    assert 0.5 < np.abs(clip.mixture).max() < 0.95
    for stem in clip.stems.values():
        assert stem.shape == clip.mixture.shape
        assert 20 * np.log10(np.std(stem)) > -35
        assert np.abs(stem).max() < 0.98
        assert abs(stem.mean()) < 1e-3
        assert np.abs(stem[-50:]).max() < 0.01, "it ends without a click"
    assert "licence" in clip.about
    assert "MIT" in (AUDIO / name / "NOTICE.txt").read_text() or "CC0" in clip.about


# Samples from one repetition to the next, as the scores have them.
LOOPS = {
    "band_trumpet": 81920,
    "band_singer": 81920,
    "waltz_clarinet": 62208,
    "verse_chorus": 61440,
    "speech_loop": 96000,
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_repeats_to_the_sample_and_its_period_is_found(name):
    clip = load_clip(name)
    *background, _ = clip.stems.values()
    loop, period = sum(background).astype(float), LOOPS[name]
    last = 6 * period if name == "verse_chorus" else len(loop) - 4000  # its verse only; and no fade
    one, other = loop[period : last - period], loop[2 * period : last]
    assert np.std(one - other) < 0.01 * np.std(one)
    assert find_period(clip.mixture, clip.sr) == pytest.approx(period / clip.sr, abs=1 / clip.sr)


def test_all_clips_together_stay_small():
    assert sum(path.stat().st_size for path in AUDIO.rglob("*.flac")) < 16e6


def test_the_violin_runs_across_and_the_castanets_down(clip):
    """What the lecture claims of the clip: the violin's energy lies in few bins, the castanets' in few moments."""
    shares = {}
    for name, stem in clip.stems.items():
        energy = np.abs(STFT(stem, 512, 128)) ** 2
        frames = np.sort(energy.sum(axis=0))[::-1]
        bins = np.sort(energy.sum(axis=1))[::-1]
        shares[name] = frames[: len(frames) // 10].sum() / frames.sum(), bins[: len(bins) // 50].sum() / bins.sum()
    assert shares["castanets"][0] > 0.75
    assert shares["violin"][0] < 0.3
    assert shares["violin"][1] > 0.6
    assert shares["castanets"][1] < 0.5


def test_clips_cannot_be_mistaken():
    with pytest.raises(ValueError, match="'violin_castanets'"):
        load_clip("violin")
    with pytest.raises(ValueError, match="name is 3"):
        load_clip(3)
    assert "10.0 s at 22050 Hz, stems violin, castanets" in repr(load_clip("violin_castanets"))


def test_the_card_names_the_stems_that_are_there():
    for name in clips():
        card = json.loads((AUDIO / name / "clip.json").read_text())
        assert {p.stem for p in (AUDIO / name).glob("*.flac")} == {"mixture", *card["stems"]}


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
def test_load_audio_reads(tmp_path, kind):
    sr = 44100
    t = np.arange(sr) / sr
    stereo = np.stack([0.5 * np.sin(2 * np.pi * 440 * t), 0.1 * np.sin(2 * np.pi * 440 * t)], axis=1)
    path = tmp_path / f"tone.{kind}"
    soundfile.write(path, stereo, sr)
    own, own_sr = load_audio(path, sr=None)
    assert own_sr == sr
    assert own.shape[0] >= sr
    for source in (path, str(path), io.BytesIO(path.read_bytes())):
        y, rate = load_audio(source)
        assert rate == 22050
        assert y.dtype == np.float32
        assert y.ndim == 1
        middle = y[5000:15000]
        assert np.std(middle) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)
        peak = np.abs(np.fft.rfft(middle * np.hanning(10_000))).argmax() * 22050 / 10_000
        assert peak == pytest.approx(440, abs=3)


def test_load_audio_says_what_is_wrong(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file 'nowhere\.wav'"):
        load_audio("nowhere.wav")
    text = tmp_path / "notes.txt"
    text.write_text("no sound")
    with pytest.raises(ValueError, match="convert it to WAV, FLAC, OGG or MP3"):
        load_audio(text)
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 22050)
    with pytest.raises(ValueError, match="holds no samples"):
        load_audio(tmp_path / "empty.wav")
    with pytest.raises(ValueError, match="sr is 0"):
        load_audio(tmp_path / "empty.wav", sr=0)


def test_an_opened_file_that_is_no_sound_is_called_this_file():
    with pytest.raises(ValueError, match=r"^this file can't be read as sound .*convert it to WAV, FLAC, OGG or MP3"):
        load_audio(io.BytesIO(b"this is no sound"))
