"""Clips add up exactly and are fit to be heard; files of any kind load at the wanted rate, and damage is told of."""

import io
import json
import tracemalloc
import warnings
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from scipy.signal import find_peaks

import spectrogramtools
from spectrogramtools import STFT, clips, find_period, hpss, load_audio, load_clip, si_sdr

AUDIO = Path(spectrogramtools.__file__).parent.parent / "audio"


def test_every_folder_is_a_clip():
    assert clips() == sorted(p.name for p in AUDIO.iterdir() if p.is_dir() and not p.name.startswith("_"))
    assert "violin_castanets" in clips()


@pytest.mark.parametrize("name", clips())
def test_clip_is_fit_to_be_heard(name):
    clip = load_clip(name)
    assert clip.name == name
    assert (clip.sr, clip.mixture.ndim) in ((22050, 1), (44100, 2))
    assert clip.mixture.dtype == np.float32
    np.testing.assert_array_equal(sum(clip.stems.values()), clip.mixture)
    assert 0.5 < np.abs(clip.mixture).max() < 0.95
    for stem in clip.stems.values():
        assert stem.shape == clip.mixture.shape
        assert 20 * np.log10(np.std(stem)) > -35
        assert np.abs(stem).max() < 0.98
        assert abs(stem.mean()) < 1e-3
        assert np.abs(stem[..., 0]).max() < 0.01, "it begins without a click"
        assert np.abs(stem[..., -50:]).max() < 0.01, "it ends without a click"
    assert "licence" in clip.about
    notice = (AUDIO / name / "NOTICE.txt").read_text(encoding="utf-8")
    assert "MIT" in notice or "CC0" in clip.about
    assert ("BY-SA" in notice) == ("BY-SA" in clip.about), "who must share alike is told so where the clip is loaded"
    assert ("vocadito" in notice) == ("vocadito" in clip.about) == ("licenses/by/4.0/" in notice)


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


def test_a_band_that_breathes_has_no_period_and_gets_faster():
    clip = load_clip("breathing_band")
    band, strict = clip.stems["background"].astype(float), LOOPS["band_singer"]
    # How like itself each half of the band is when it is moved by about two bars; the best of these is its period.
    lags = np.arange(round(0.97 * strict), round(1.03 * strict))
    half = len(band) // 2
    found = []
    for part in (band[:half], band[half:]):
        correlation = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * half)) ** 2)[lags] / np.dot(part, part)
        assert correlation.max() < 0.2, "an exact loop has 0.75: three of its four rounds meet"
        found.append(lags[correlation.argmax()])
    assert found[0] > 1.005 * strict
    assert found[1] < 0.995 * strict


def test_a_clip_in_stereo_keeps_channels_and_rate():
    clip = load_clip("metal_singer")
    assert clip.sr == 44100
    assert clip.mixture.shape == (2, 627_200)
    assert clip.mixture.flags.c_contiguous
    left, right = clip.stems["background"]
    assert np.std(left - right) > 0.3 * np.std(left), "the band is wide"
    np.testing.assert_array_equal(*clip.stems["voice"])
    assert "14.2 s at 44100 Hz in stereo, stems background, voice" in repr(clip)


def test_all_clips_together_stay_small():
    assert sum(path.stat().st_size for path in AUDIO.rglob("*.flac")) < 24e6


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


def test_the_castanets_strike_anywhere_within_a_hop(clip):
    """Were their onsets tied to the frames' grid, every score on the clip would hang on where the frames begin."""
    peaks, _ = find_peaks(np.abs(clip.stems["castanets"]), height=0.1, distance=1500)
    assert len(peaks) == 49
    for hop in (512, 256, 128):
        places = np.exp(2j * np.pi * peaks / hop)
        assert np.abs(places.mean()) < 0.25


@pytest.mark.parametrize(("widths", "most"), [({}, 0.15), (dict(winh=20 * 512 / 22050, winv=40 * 22050 / 2048), 0.5)])
def test_where_the_frames_begin_decides_little(clip, widths, most):
    """The clip, later by up to a hop: by how many dB the scores differ, with the default medians and the class's."""
    scores = []
    for late in range(0, 513, 64):
        violin, castanets = (np.pad(stem, (late, 0)) for stem in clip.stems.values())
        harmonic, percussive = hpss(violin + castanets, clip.sr, power=2, **widths)
        scores.append((si_sdr(violin, harmonic), si_sdr(castanets, percussive)))
    assert np.ptp(scores, axis=0).max() < most


def test_clips_cannot_be_mistaken():
    with pytest.raises(ValueError, match="'violin_castanets'"):
        load_clip("violin")
    with pytest.raises(ValueError, match="name is 3"):
        load_clip(3)
    assert "10.0 s at 22050 Hz, stems violin, castanets" in repr(load_clip("violin_castanets"))


def test_a_clip_equals_itself_only():
    one, other = load_clip("violin_castanets"), load_clip("violin_castanets")
    assert one == one
    assert one != other
    assert len({one, other, one}) == 2


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


@pytest.fixture
def noise():
    """Two seconds in stereo at 44.1 kHz, in several of the blocks that are read at once."""
    return np.random.default_rng(0).uniform(-0.5, 0.5, (88_211, 2)).astype(np.float32)


def as_file(samples, sr=44100, kind="WAV", subtype=None):
    file = io.BytesIO()
    soundfile.write(file, samples, sr, format=kind, subtype=subtype)
    return file.getvalue()


@pytest.mark.parametrize("sr", [None, 44100, 22050, 16000, 48000])
def test_load_audio_gives_librosas_numbers(noise, sr):
    data = as_file(noise, subtype="FLOAT")
    rate = sr or 44100
    # Not librosa.load, whose way to other formats warns on Python 3.11.
    for mono, theirs in ((True, librosa.to_mono(noise.T)), (False, noise.T)):
        y, own_rate = load_audio(io.BytesIO(data), sr, mono=mono)
        assert own_rate == rate
        np.testing.assert_array_equal(y, librosa.resample(theirs, orig_sr=44100, target_sr=rate))


def test_channels_are_kept_in_their_order(noise):
    data = as_file(noise, subtype="FLOAT")
    y, sr = load_audio(io.BytesIO(data), sr=None, mono=False)
    assert sr == 44100
    np.testing.assert_array_equal(y, noise.T)
    assert y.flags.c_contiguous
    assert y.flags.writeable
    y, _ = load_audio(io.BytesIO(as_file(noise[:, 0], subtype="FLOAT")), sr=None, mono=False)
    np.testing.assert_array_equal(y, noise[:, :1].T)


@pytest.mark.parametrize(("own_sr", "sr"), [(48000, 22050), (22050, 44100), (44100, 7)])
@pytest.mark.parametrize("n", [1, 5, 1001])
def test_what_is_converted_lasts_as_long_as_it_did(own_sr, sr, n):
    y, _ = load_audio(io.BytesIO(as_file(np.full(n, 0.1), own_sr)), sr)
    assert len(y) == -(-n * sr // own_sr)


def test_a_long_file_takes_no_more_room_than_its_mono_form(tmp_path):
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros((2_000_000, 4)), 44100)
    load_audio(path, sr=22050)  # what is imported is not what is counted
    tracemalloc.start()
    y, _ = load_audio(path, sr=22050)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * y.nbytes


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_file_with_samples_that_are_no_numbers_is_refused(noise, value):
    noise[70_000, 1] = value
    data = as_file(noise, subtype="FLOAT")
    for sr in (None, 22050):
        with pytest.raises(ValueError, match=r"^this file holds NaN or infinite samples, the first at 1\.587 s"):
            load_audio(io.BytesIO(data), sr)


def test_a_file_far_beyond_full_scale_is_refused(noise):
    noise[70_000, 1] = -2000
    with pytest.raises(ValueError, match=r"^this file reaches 2e\+03 where full scale is 1: it is damaged"):
        load_audio(io.BytesIO(as_file(noise, subtype="FLOAT")))
    noise[70_000, 1] = 900  # far too loud, and sound still
    assert load_audio(io.BytesIO(as_file(noise, subtype="FLOAT")), None)[0].max() > 400


@pytest.mark.parametrize("kind", ["WAV", "AIFF", "FLAC", "MP3"])
def test_a_file_that_breaks_off_is_loaded_with_a_warning(noise, kind):
    data = as_file(np.tile(noise, (5, 1)), kind=kind)
    with pytest.warns(UserWarning, match=r"^this file breaks off: \d\.\d of 10\.0 s are loaded") as caught:
        y, sr = load_audio(io.BytesIO(data[: len(data) // 2]))
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert 3 < len(y) / sr < 5.1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole, _ = load_audio(io.BytesIO(data))
    assert len(whole) / sr == pytest.approx(10, abs=0.06)


def test_a_hole_in_a_file_ends_it_with_a_warning(noise):
    data = bytearray(as_file(np.tile(noise, (5, 1)), kind="FLAC"))
    data[len(data) // 2 : len(data) // 2 + 5000] = bytes(5000)
    with pytest.warns(UserWarning, match=r"of 10\.0 s are loaded, the rest is missing or damaged"):
        load_audio(io.BytesIO(data))


def test_a_wav_that_was_written_into_a_pipe_is_whole(noise):
    """Its header has the largest number there is where the length should stand."""
    data = as_file(noise)
    at = data.index(b"data") + 4
    y, _ = load_audio(io.BytesIO(data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]), sr=None)
    assert len(y) == len(noise)


@pytest.mark.parametrize("path_or_file", [3, b"tone.wav", None, io.StringIO("sound")])
def test_what_is_neither_path_nor_file_gets_a_sentence(path_or_file):
    with pytest.raises(ValueError, match=r"^path_or_file must be a path, or a file opened in binary mode"):
        load_audio(path_or_file)


def test_files_of_other_kinds_get_a_sentence(tmp_path):
    (tmp_path / "phone.m4a").write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + bytes(100))
    (tmp_path / "samples.raw").write_bytes(bytes(100))
    (tmp_path / "nothing.mp3").write_bytes(b"")
    for name in ("phone.m4a", "samples.raw", "nothing.mp3"):
        with pytest.raises(ValueError, match=rf"{name} can't be read as sound .*: convert it to WAV, FLAC, OGG or MP3"):
            load_audio(tmp_path / name)
    with pytest.raises(ValueError, match="at most 768000 Hz"):
        load_audio(tmp_path / "phone.m4a", sr=10**9)


def test_everything_after_the_rate_is_named(noise):
    with pytest.raises(TypeError, match="positional"):
        load_audio(io.BytesIO(as_file(noise)), 22050, False)
