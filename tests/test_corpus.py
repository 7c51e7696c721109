"""A corpus without Dask: where songs lie, what methods do wrong, what stands in a result, and when it is made again."""

import contextlib
import functools
import importlib.machinery
import inspect
import json
import linecache
import os
import pickle
import shutil
import subprocess
import sys
import types
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import soundfile
import strange_methods

from spectrogramtools import clips, framewise_sdr, load_clip, si_sar, si_sdr, si_sir
from spectrogramtools.corpus import Song, Track, evaluate, find_tracks, results, workers
from spectrogramtools.corpus.__main__ import main
from spectrogramtools.corpus.evaluate import Evaluated
from spectrogramtools.corpus.methods import OURS, baselines_of, methods_of, own_code
from spectrogramtools.corpus.parts import NoSuchSourceError, stems_of
from spectrogramtools.corpus.song import Done, Settings, evaluate_song
from spectrogramtools.corpus.workers import fit

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "spectrogramtools" / "corpus" / "schema.json").read_text())
SR = 8000
STEMS = ("vocals", "drums", "bass", "other")


def sounds(names=STEMS, seconds=1.0, channels=2, seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(-0.2, 0.2, (channels, round(seconds * SR))).astype(np.float32) for name in names}


def write_song(folder, stems, mixture=False, end="wav", sr=SR):
    folder.mkdir(parents=True)
    for name, y in {**stems, **({"mixture": sum(stems.values())} if mixture else {})}.items():
        soundfile.write(folder / f"{name}.{end}", y.T, sr, subtype="FLOAT" if end == "wav" else None)


class Loaded:
    """A song that lies in memory."""

    def __init__(self, stems, name="a song", mixture=None, sr=SR):
        self.name, self.stems, self.sr = name, stems, sr
        self.mixture = sum(stems.values()) if mixture is None else mixture

    def load(self):
        return Song(self.sr, self.mixture, self.stems)


def evaluated(track, calls, out, grid=None, **settings):
    """Without baselines."""
    return evaluate_song(track, methods_of(calls, grid), Settings(**settings), str(out))


def result(out, name, song="a song"):
    found = json.loads((Path(out) / "scores" / song / f"{name}.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def left_over(out):
    return [path for path in Path(out).rglob("*") if path.is_file() and path.suffix != ".json"]


# Where songs lie.


def test_each_layout_is_found(tmp_path):
    write_song(tmp_path / "musdb18hq" / "train" / "Band - Song", sounds(), mixture=True)
    write_song(tmp_path / "musdb18hq" / "test" / "Band - Other song", sounds(), mixture=True)
    write_song(tmp_path / "plain", sounds(("a", "b")), mixture=True, end="flac")
    write_song(tmp_path / "stems alone", sounds(("a", "b"), channels=1))
    write_song(tmp_path / "plain" / "takes", sounds(("a", "b")))  # what the song was made of
    write_song(tmp_path / ".hidden", sounds())
    (tmp_path / "read me.txt").write_text("no sound")
    tracks = {track.name: track for track in find_tracks(tmp_path)}
    assert [*tracks] == ["musdb18hq/test/Band - Other song", "musdb18hq/train/Band - Song", "plain", "stems alone"]
    song = tracks["musdb18hq/train/Band - Song"].load()
    assert song.sr == SR
    assert set(song.stems) == set(STEMS)
    np.testing.assert_array_equal(song.stems["bass"], sounds()["bass"])
    np.testing.assert_allclose(song.mixture, sum(sounds().values()), atol=1e-6)
    alone = tracks["stems alone"].load()
    assert alone.mixture.shape == (SR,)
    np.testing.assert_array_equal(alone.mixture, alone.stems["a"] + alone.stems["b"])
    assert [track.name for track in find_tracks(tmp_path / "stems alone")] == ["stems alone"]


def test_a_mixture_of_its_own_is_not_the_sum(tmp_path):
    write_song(tmp_path / "song", {**sounds(("a", "b")), "mixture": 0.1 * sounds(("a", "b"))["a"]})
    np.testing.assert_array_equal(find_tracks(tmp_path)[0].load().mixture, 0.1 * sounds(("a", "b"))["a"])


def test_the_courses_clips_are_a_corpus():
    tracks = find_tracks(ROOT / "audio")
    assert [track.name for track in tracks] == clips()
    for track in tracks[:3]:
        song, clip = track.load(), load_clip(track.name)
        np.testing.assert_array_equal(song.mixture, clip.mixture)
        assert set(song.stems) == set(clip.stems)


@pytest.fixture
def stempeg(monkeypatch):
    """Its `read_stems`, with the signature and the shapes of stempeg 0.2.6."""
    module = types.ModuleType("stempeg")
    module.__spec__ = importlib.machinery.ModuleSpec("stempeg", None)
    module.given = np.random.default_rng(0).uniform(-0.2, 0.2, (5, 800, 2))

    def read_stems(
        filename, start=None, duration=None, stem_id=None, always_3d=False, dtype=np.float64, ffmpeg_format="f32le",
        info=None, sample_rate=None, reader=None, multiprocess=False,
    ):  # fmt: skip
        assert isinstance(filename, str)
        if isinstance(module.given, Exception):
            raise module.given
        stems = module.given.astype(dtype)
        return (stems if always_3d else np.squeeze(stems)), 44100

    module.read_stems = read_stems
    monkeypatch.setitem(sys.modules, "stempeg", module)
    return module


@pytest.mark.parametrize("channels", [1, 2])
def test_a_stem_file_holds_five_streams(tmp_path, stempeg, channels):
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "Band - Song.stem.mp4").touch()
    stempeg.given = stempeg.given[..., :channels]
    (track,) = find_tracks(tmp_path)
    assert track.name == "train/Band - Song"
    song = track.load()
    assert song.sr == 44100
    assert [*song.stems] == ["drums", "bass", "other", "vocals"]
    heard = stempeg.given.astype(np.float32)
    np.testing.assert_array_equal(song.mixture, heard[0].T if channels == 2 else heard[0, :, 0])
    np.testing.assert_array_equal(song.stems["vocals"], heard[4].T if channels == 2 else heard[4, :, 0])


def test_a_stem_file_that_is_none_gets_a_sentence(tmp_path, stempeg):
    path = tmp_path / "song.stem.mp4"
    path.touch()
    (track,) = find_tracks(tmp_path)
    stempeg.given = stempeg.given[:4]
    with pytest.raises(ValueError, match="holds 4 streams, but those of MUSDB18 hold 5"):
        track.load()
    stempeg.given = Warning("An error occurs with ffprobe\n\nmoov atom not found")
    with pytest.raises(ValueError, match=r"song.stem.mp4 can't be read by stempeg and ffmpeg: .*moov atom not found$"):
        track.load()
    path.unlink()
    with pytest.raises(FileNotFoundError, match="there is no file"):
        track.load()


def test_without_stempeg_a_sentence_says_what_brings_it(tmp_path, monkeypatch):
    (tmp_path / "song.stem.mp4").touch()
    monkeypatch.setitem(sys.modules, "stempeg", None)
    told = evaluated(find_tracks(tmp_path)[0], ["ft2d"], tmp_path / "out").failed["all methods"]
    assert 'pip install "spectrogramtools[musdb]"' in told


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda root: None, "no folder .*give the one that the corpus was unpacked into"),
        (lambda root: root.mkdir(), "holds no song: a song is a folder with a sound file for each stem"),
    ],
)
def test_a_folder_that_is_no_corpus_gets_a_sentence(tmp_path, make, sentence):
    make(tmp_path / "corpus")
    with pytest.raises((ValueError, FileNotFoundError), match=sentence):
        find_tracks(tmp_path / "corpus")


def shorten(path):
    path.write_bytes(path.read_bytes()[:4000])


def rewrite(change=lambda y: y, sr=SR):
    return lambda path: soundfile.write(path, change(soundfile.read(path)[0]), sr)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (rewrite(lambda y: y[1:]), "bass has 8000 samples and vocals has 7999: stems of one song have one length"),
        (rewrite(sr=16000), "bass has 8000 Hz and vocals has 16000: stems of one song have one sampling rate"),
        (rewrite(lambda y: y[:, 0]), "bass has 2 channels and vocals has 1: .*one number of channels"),
        (Path.unlink, "there is no file .*vocals.wav"),
        (shorten, "vocals.wav breaks off: 0.1 of 1.0 s"),
        (lambda path: path.write_bytes(b"no sound at all"), "vocals.wav can't be read as sound"),
        (lambda path: path.write_bytes(b""), "vocals.wav can't be read as sound"),
        (rewrite(lambda y: y[:0]), "vocals.wav holds no samples"),
    ],
)
def test_a_broken_song_is_a_sentence_in_each_result(tmp_path, spoil, sentence):
    write_song(tmp_path / "corpus" / "song", sounds())
    (track,) = find_tracks(tmp_path / "corpus")  # before it is spoilt
    spoil(track.files["vocals"])
    methods = methods_of(["ft2d", "hpss"])
    done = evaluate_song(track, methods, Settings(), str(tmp_path / "out"))
    assert (done.new, done.kept, [*done.failed]) == (0, 0, ["all methods"])
    for method in methods:
        told = result(tmp_path / "out", method.name, "song")
        assert told["failed"] == done.failed["all methods"]
        assert told["passages"] == []
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(done.failed["all methods"])
    assert not left_over(tmp_path / "out")


@pytest.mark.parametrize(
    ("song", "sentence"),
    [
        (lambda: Song(SR, np.zeros(9), {"a": np.zeros(9)}), "it holds only a: a song needs .* two sources"),
        (lambda: Song(SR, np.zeros(9), {}), "it holds no stems"),
        (lambda: Song(SR, np.zeros(9), {"a": np.zeros(9), "b": np.zeros(8)}), r"b has shape \(8,\) and mixture"),
        (lambda: Song(SR, np.zeros(9), {"a": np.zeros(9), "b": np.full(9, np.nan)}), "b holds NaN"),
        (lambda: Song(0.5, np.zeros(9), {"a": np.zeros(9), "b": np.zeros(9)}), "sr is 0.5"),
        (lambda: Song(SR, np.zeros((9, 2)), {}), r"mixture has shape \(9, 2\).*use \(channels, n_samples\)"),
    ],
)
def test_a_song_that_is_none_gets_a_sentence(song, sentence):
    with pytest.raises(ValueError, match=sentence):
        song()


# What methods do wrong.


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("raises", r"TypeError: object of type 'int' has no len\(\), at line \d+ of .*strange_methods.py, in raises.$"),
        ("says", "^the song is too loud: turn it down.$"),
        ("says_nothing", "^ValueError, at line"),
        ("interrupts", "^KeyboardInterrupt, at line"),
        ("exits", "^SystemExit: 3, at line"),
        ("gives_a_number", "what it gives is 3, but it must be a list of estimates"),
        ("gives_one", r"gives 1 estimates \(background\), but it must give one for each of background, foreground"),
        ("gives_three", "gives 3 estimates"),
        ("gives_other_names", r"gives 2 estimates \(voice, band\)"),
        ("gives_another_shape", r"gives foreground in shape \(2, 7999\) for a song of shape \(2, 8000\)"),
        ("gives_nan", "foreground holds NaN or infinity"),
        ("gives_whole_numbers", "foreground has dtype int16"),
        ("gives_words", "foreground has dtype <U1"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
def test_what_a_method_does_wrong_is_a_sentence_and_the_others_go_on(tmp_path, name, sentence):
    track = Loaded(sounds())
    done = evaluated(track, [getattr(strange_methods, name), strange_methods.halves], tmp_path)
    assert done.new == 1
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(done.failed[name])
    assert result(tmp_path, name)["failed"] == done.failed[name]
    assert result(tmp_path, "halves")["failed"] is None
    assert not left_over(tmp_path)


def test_a_method_that_writes_into_the_song_writes_into_a_copy(tmp_path):
    stems = sounds()
    track = Loaded(stems)
    before = track.mixture.copy()
    evaluated(track, [strange_methods.writes, strange_methods.halves], tmp_path)
    np.testing.assert_array_equal(track.mixture, before)
    assert result(tmp_path, "writes")["passages"][0]["sources"]["foreground"]["si_sdr"] == "-inf"
    own = result(tmp_path, "halves")["passages"][0]["sources"]["foreground"]["si_sdr"]
    assert own == pytest.approx(si_sdr(stems["vocals"], before), abs=1e-3)


def test_what_a_method_prints_is_not_seen(tmp_path, capfd):
    assert evaluated(Loaded(sounds()), [strange_methods.prints], tmp_path).new == 1
    assert capfd.readouterr() == ("", "")


def test_random_numbers_begin_at_the_seed(tmp_path):
    calls = [strange_methods.random, strange_methods.seeded]
    for k, seed in enumerate((1, 1, 2, 2**40)):
        evaluated(Loaded(sounds()), calls, tmp_path / str(k), seed=seed)
    found = [[result(tmp_path / str(k), call.__name__)["passages"] for call in calls] for k in range(4)]
    assert found[0] == found[1]
    assert all(found[0][i] != found[k][i] for i in range(2) for k in (2, 3))


# What a process leaves behind.

DEADLY = """
import sys
sys.path[:0] = [{tests!r}, {root!r}]
import strange_methods
from test_corpus import Loaded, evaluated, sounds
calls = [strange_methods.halves, *(getattr(strange_methods, name) for name in {names!r})]
print(evaluated(Loaded(sounds()), calls, {out!r}, run={run!r}, timeout=2))
"""


def in_a_process(out, *names, run="this run"):
    code = DEADLY.format(tests=str(ROOT / "tests"), root=str(ROOT), names=names, out=str(out), run=run)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300)


def evaluated_by_processes(out, *names, most=9):
    """As the workers do it: one after the other, as long as they die."""
    for n_died in range(most):
        done = in_a_process(out, *names)
        if done.returncode == 0 and done.stdout:
            return n_died, eval(done.stdout, {"Done": Done})
    raise AssertionError(f"more than {most} died: {done.stderr}")


def test_a_method_that_hangs_is_ended_and_the_others_go_on(tmp_path):
    n_died, done = evaluated_by_processes(tmp_path, "hangs", "hangs_in_c", "gives_truth")
    assert n_died == 2, "one for each"
    assert (done.new, done.kept, [*done.failed]) == (2, 0, ["hangs", "hangs_in_c"])
    assert "took longer than 2 s and was stopped, at File" in done.failed["hangs"]
    assert "strange_methods.py" in done.failed["hangs"]
    assert " in hangs" in done.failed["hangs"]
    assert result(tmp_path, "hangs_in_c")["failed"] == done.failed["hangs_in_c"]
    assert not left_over(tmp_path)


def test_a_method_that_no_process_survives_is_given_up_after_two(tmp_path):
    n_died, done = evaluated_by_processes(tmp_path, "raises", "dies", "exits")
    assert n_died == 2
    assert (done.new, [*done.failed]) == (1, ["raises", "dies", "exits"])
    assert "2 processes died while it ran: it may have needed more memory" in done.failed["dies"]
    assert not left_over(tmp_path)


def test_what_died_in_an_earlier_run_does_not_count(tmp_path):
    for k in range(3):
        assert in_a_process(tmp_path, "dies", run=f"run {k}").stdout == ""
    shutil.copy(tmp_path / "scores" / "a song" / "halves.json", tmp_path / "scores" / "a song" / ".halves.json.here.1")
    assert len(left_over(tmp_path)) == 2
    done = evaluated(Loaded(sounds()), [strange_methods.halves], tmp_path)
    assert (done.new, done.kept) == (0, 1)
    assert not left_over(tmp_path)


# What stands in a result.


def test_the_scores_are_the_modules(tmp_path):
    stems = sounds(seconds=3.2)
    evaluated(Loaded(stems), ["ft2d"], tmp_path)
    (passage,) = result(tmp_path, "ft2d")["passages"]
    assert (passage["start"], passage["stop"]) == (0, 3.2)
    truth = {"background": stems["drums"] + stems["bass"] + stems["other"], "foreground": stems["vocals"]}
    estimates = dict(zip(truth, methods_of(["ft2d"])[0].function(sum(stems.values()), SR), strict=True))
    windows = framewise_sdr([*truth.values()], [*estimates.values()], SR)
    for k, source in enumerate(truth):
        found, other = passage["sources"][source], [y for name, y in truth.items() if name != source]
        assert found["si_sdr"] == pytest.approx(si_sdr(truth[source], estimates[source]), abs=1e-3)
        assert found["si_sir"] == pytest.approx(si_sir(truth[source], estimates[source], other), abs=1e-3)
        assert found["si_sar"] == pytest.approx(si_sar(truth[source], estimates[source], other), abs=1e-3)
        assert found["sdr_windows"] == pytest.approx(windows[k], abs=1e-3)
        assert found["sdr"] == pytest.approx(np.median(windows[k]), abs=1e-3)
        assert found["reason"] is None
    assert passage["sources"]["background"]["stems"] == ["drums", "bass", "other"]


def test_baselines_and_ideal_masks_are_scored_beside_the_methods(tmp_path):
    methods = methods_of(["ft2d", "hpss", strange_methods.by_name])
    done = evaluate_song(Loaded(sounds()), [*methods, *baselines_of(methods)], Settings(), str(tmp_path))
    assert done == Done("a song", 15, 0)
    files = {path.stem for path in (tmp_path / "scores" / "a song").iterdir()}
    assert len(files) == 15
    for sources in ("(background,_foreground)", "(harmonic,_percussive)", "(drums,_vocals)"):
        best, worst = (result(tmp_path, f"{name}_{sources}") for name in ("ideal_ratio_mask", "mixture"))
        assert best["method"]["baseline"]
        for source, scores in best["passages"][0]["sources"].items():
            assert scores["si_sdr"] > worst["passages"][0]["sources"][source]["si_sdr"] + 1


def test_the_high_pass_gives_the_lows_to_the_background_whichever_comes_first():
    def swapped(y, sr): ...

    swapped.sources = ("foreground", "background")
    assert {b.sources for b in baselines_of(methods_of(["repet", swapped]))} == {("background", "foreground")}


def test_a_dict_of_estimates_goes_by_its_names(tmp_path):
    evaluated(Loaded(sounds()), [strange_methods.by_name], tmp_path)
    found = result(tmp_path, "by_name")["passages"][0]["sources"]
    assert found["drums"]["sdr"] > found["vocals"]["sdr"] + 1, "a quarter of the song is nearer to a stem than a half"


def test_it_is_kept_what_the_mixture_holds_beside_its_stems(tmp_path):
    stems, lost = sounds(("vocals", "drums")), sounds(("bass",), seed=1)["bass"]
    stems["drums"] *= 0.5
    mixture = sum(stems.values()) + lost
    expected = 10 * np.log10(np.mean(lost**2) / np.mean(mixture**2))
    songs = {"a song": mixture, "whole": None, "silent": 0 * mixture}
    kept = {}
    for name, y in songs.items():
        evaluated(Loaded(stems, name, mixture=y), [strange_methods.halves], tmp_path)
        kept[name] = result(tmp_path, "halves", name)["track"]["residual"]
    assert kept == {"a song": pytest.approx(expected, abs=1e-3), "whole": "-inf", "silent": None}


def test_infinite_scores_are_words_and_silence_is_null_with_a_reason(tmp_path):
    y = sounds(("vocals", "drums"), seconds=2, channels=1)
    y = {name: y[0] for name, y in y.items()}
    y["drums"][:SR] = 0
    evaluated(Loaded(y, mixture=y["vocals"]), [strange_methods.gives_truth, strange_methods.gives_silence], tmp_path)
    best = result(tmp_path, "gives_truth")["passages"][0]["sources"]
    assert best["foreground"]["si_sdr"] == best["foreground"]["sdr"] == "inf"
    assert best["foreground"]["sdr_windows"] == [None, "inf"]
    silent = result(tmp_path, "gives_silence")["passages"][0]["sources"]["foreground"]
    assert [silent[score] for score in ("si_sdr", "si_sir", "si_sar", "sdr")] == ["-inf"] * 3 + [None]
    assert silent["reason"] == "in no second are all sources and all estimates heard"


def test_a_silent_stem_and_a_silent_passage_are_null_with_a_reason(tmp_path):
    stems = sounds(seconds=4)
    for name, y in stems.items():
        y[:, : (3 if name == "vocals" else 2) * SR] = 0
    evaluated(Loaded(stems), ["repet", "ft2d", strange_methods.halves], tmp_path, segments=1)
    for name in ("ft2d", "halves"):
        passages = result(tmp_path, name)["passages"]
        assert [passage["start"] for passage in passages] == [0, 1, 2, 3]
        for passage, reasons in zip(
            passages,
            [
                ("the mixture is silent", "the mixture is silent"),
                ("the mixture is silent", "the mixture is silent"),
                ("foreground is silent: nothing interferes", "foreground is silent"),
                (None, None),
            ],
            strict=True,
        ):
            assert tuple(scores["reason"] for scores in passage["sources"].values()) == reasons
            for scores in passage["sources"].values():
                nulls = [score for score in ("si_sdr", "si_sir", "si_sar", "sdr") if scores[score] is None]
                assert bool(nulls) == (scores["reason"] is not None)
    assert "no room for a period" in result(tmp_path, "repet")["failed"]


@pytest.mark.parametrize(
    ("segments", "stops"), [(None, [2.5]), (1, [1, 2]), (2.5, [2.5]), (9, [2.5]), (0.5, [0.5, 1, 1.5, 2, 2.5])]
)
def test_a_song_is_cut_into_passages(tmp_path, segments, stops):
    evaluated(Loaded(sounds(seconds=2.5)), [strange_methods.halves], tmp_path, segments=segments)
    assert [passage["stop"] for passage in result(tmp_path, "halves")["passages"]] == stops


def test_parts_of_a_song_are_sums_of_stems():
    assert stems_of("foreground", STEMS, None, None) == ["vocals"]
    assert stems_of("background", STEMS, None, None) == ["drums", "bass", "other"]
    assert stems_of("harmonic", STEMS, None, None) == ["vocals", "bass", "other"]
    assert stems_of("background", STEMS, ("vocals", "bass"), None) == ["drums", "other"]
    assert stems_of("bass", STEMS, None, None) == ["bass"]
    with pytest.raises(NoSuchSourceError, match=r"has no foreground: say which of its stems.*--foreground b"):
        stems_of("foreground", ("a", "b"), None, None)
    with pytest.raises(NoSuchSourceError, match="has no piano: its stems are a, b"):
        stems_of("piano", ("a", "b"), None, None)
    with pytest.raises(NoSuchSourceError, match="has no background"):
        stems_of("background", ("a", "b"), ("a", "b"), None)


def test_a_song_without_a_methods_source_is_skipped_and_told(tmp_path):
    methods = methods_of(["repet", strange_methods.by_name])
    done = evaluate_song(Loaded(sounds(("a", "drums"))), [*methods, *baselines_of(methods)], Settings(), str(tmp_path))
    assert not done.failed
    assert done.skipped.keys() == {"repet", "by_name"}
    assert result(tmp_path, "by_name")["skipped"] == "has no vocals: its stems are a, drums."
    assert result(tmp_path, "mixture_(background,_foreground)")["skipped"]


# When a result is made again.


def files(out):
    """What stands in the files, but for how long it took."""
    found = {path: json.loads(path.read_text()) for path in sorted(Path(out).rglob("*.json"))}
    return {str(path.relative_to(out)): {**told, "seconds": 0} for path, told in found.items()}


@pytest.fixture
def corpus(tmp_path):
    write_song(tmp_path / "corpus" / "song", sounds())
    return tmp_path / "corpus"


@pytest.fixture
def first(tmp_path, corpus):
    """What a first run has left."""
    (track,) = find_tracks(corpus)
    assert evaluated(track, ["ft2d", strange_methods.halves], tmp_path / "out").new == 2
    return tmp_path / "out"


def again(out, corpus, calls=("ft2d", strange_methods.halves), **settings):
    (track,) = find_tracks(corpus)
    done = evaluated(track, calls, out, **settings)
    assert not left_over(out)
    return done.new, done.kept


def test_a_second_run_does_nothing_twice(first, corpus):
    before = files(first)
    assert again(first, corpus) == (0, 2)
    assert again(first, corpus, ["ft2d", strange_methods.halves, "hpss"]) == (1, 2)
    shutil.move(corpus, corpus.with_name("moved"))
    assert again(first, corpus.with_name("moved")) == (0, 2)
    assert {name: told for name, told in files(first).items() if "hpss" not in name} == before


@pytest.mark.parametrize(
    "settings", [{"segments": 0.5}, {"foreground": ("bass",)}, {"percussive": ("bass",)}, {"seed": 1}]
)
def test_other_settings_make_all_of_it_again(first, corpus, settings):
    assert again(first, corpus, **settings) == (2, 0)
    assert again(first, corpus, **settings) == (0, 2)


def test_other_files_make_all_of_it_again(first, corpus):
    os.utime(corpus / "song" / "bass.wav", (1, 1))
    assert again(first, corpus) == (2, 0)
    soundfile.write(corpus / "song" / "piano.wav", sounds()["bass"].T, SR)
    assert again(first, corpus) == (2, 0)


def test_other_arguments_have_files_of_their_own(tmp_path, corpus):
    (track,) = find_tracks(corpus)
    assert evaluated(track, [strange_methods.halves], tmp_path, {"share": [0.1, 0.2]}).new == 2
    assert evaluated(track, [strange_methods.halves], tmp_path, {"share": [0.1, 0.3]}).new == 1
    assert result(tmp_path, "halves(share=0.3)", "song")["method"]["arguments"] == {"share": 0.3}


def test_other_code_makes_it_again(tmp_path, corpus, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    code = "def half(y, sr):\n    return [y / 2, y / {divisor}]\n"
    (track,) = find_tracks(corpus)
    scores = []
    for k, divisor in enumerate((2, 2, 4)):
        (tmp_path / "of_mine.py").write_text(code.format(divisor=divisor))
        sys.modules.pop("of_mine", None)
        shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
        assert evaluated(track, ["of_mine:half"], tmp_path).new == (k != 1)
        scores.append(result(tmp_path, "of_mine_half", "song")["passages"][0]["sources"]["foreground"]["sdr"])
    sys.modules.pop("of_mine")
    assert scores[0] == scores[1] != scores[2]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "3", '"made_by"', "{}", "[" * 100_000, "\xff", '{"made_by": "x", "failed": null}', None],
)
def test_what_can_not_be_read_is_made_again(first, corpus, text):
    before, path = files(first), first / "scores" / "song" / "ft2d.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if text is None else text.encode("latin-1"))
    assert again(first, corpus) == (1, 1)
    assert files(first) == before
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match=r"ft2d\.json"):
        again(first, corpus)
    assert not left_over(first)


def test_a_failed_result_is_tried_again(tmp_path, corpus):
    (track,) = find_tracks(corpus)
    vocals = track.files["vocals"].read_bytes()
    track.files["vocals"].write_bytes(b"")
    for _ in range(2):
        assert evaluated(track, ["ft2d"], tmp_path).failed.keys() == {"all methods"}
    track.files["vocals"].write_bytes(vocals)
    assert evaluated(track, ["ft2d"], tmp_path).new == 1


def test_all_results_are_read_and_checked(first):
    found = [*results.read_all(first)]
    assert [told["method"]["name"] for told in found] == ["ft2d", "halves"]
    (first / "scores" / "song" / "ft2d.json").write_text(json.dumps({**found[0], "seconds": "long"}))
    with pytest.raises(ValueError, match=r"ft2d.json is no result of this version \('long' is not of type 'number'\)"):
        list(results.read_all(first))
    with pytest.raises(FileNotFoundError, match="holds no results: give the folder that was given as --out"):
        list(results.read_all(first / "scores"))


def test_workers_that_do_not_fit_say_why():
    """Those that come when the others have been looked at, too."""
    good = pickle.dumps((own_code(), methods_of(["ft2d"]), Settings(), "out"))
    one, two = (types.SimpleNamespace(state=types.SimpleNamespace(nthreads=n)) for n in (1, 2))
    assert fit(good, one) is None
    assert "it has 2 threads, but a method may need all of a process" in str(fit(good, two))
    assert "another version of spectrogramtools" in str(fit(pickle.dumps(("other code", [], Settings(), "out")), one))
    assert "a method can't be imported there" in str(fit(b"no pickle", one))


def test_where_no_worker_has_come_yet_it_is_said_and_waited_for(monkeypatch, capsys):
    waited = []

    class Scheduler:
        nthreads = dict
        wait_for_workers = waited.append

        def run(self, *_, **__):
            return {}

    monkeypatch.setattr(workers, "_cluster", lambda _: contextlib.nullcontext(Scheduler()))
    with workers.connected("tcp://there", None, None, b""):
        assert waited == [1]
    assert capsys.readouterr().out == "No worker has come to tcp://there yet: waiting for the first one.\n"


# What is asked for.


def mixture(y, sr):
    return [y, y]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: methods_of(["repat"]), "there is no method 'repat': use one of repet, .*or module:function"),
        (lambda: methods_of(["no_such_module:f"]), "'no_such_module' can't be imported.*PYTHONPATH"),
        (lambda: methods_of(["strange_methods:f"]), "'strange_methods' has no function 'f'"),
        (lambda: methods_of(["strange_methods:np"]), "strange_methods:np is a module, but a method must be a function"),
        (
            lambda: methods_of(["repet"], {"strength": [1]}),
            "repet has no parameter 'strength'; it has period, highpass",
        ),
        (lambda: methods_of([mixture]), "a method is called 'mixture', which is a baseline's name"),
        (lambda: methods_of(["repet", "repet"]), "repet is asked for twice"),
        (lambda: methods_of(["repet"], {"mask": ["a b", "a/b"]}), "another method's file has the same name"),
        (
            lambda: methods_of(["repet"], {"power": [np.ones(2)]}),
            r"grid\['power'\] holds an array.*give numbers, words",
        ),
        (lambda: methods_of(["repet"], {"power": 3}), r"grid\['power'\] is 3, but it must be a list of values"),
        (lambda: methods_of(["repet"], [1]), r"grid is \[1\], but it must be a dict"),
        (lambda: methods_of([3]), "methods holds 3, but a method is a name or a function"),
        (lambda: methods_of([functools.partial(strange_methods.halves)]), "a partial has no name for its results"),
        (lambda: evaluate([], [], "out"), "methods is empty: name at least one"),
        (lambda: evaluate([], "repet", "out"), "tracks is empty: give at least one song"),
        (lambda: evaluate([Loaded(sounds())] * 2, "repet", "out"), "two songs are called 'a song'"),
        (lambda: evaluate([Loaded(sounds(), "../song")], "repet", "out"), "a song is called '../song'.*rename it"),
        (lambda: evaluate([], "repet", "out", segments=0), "segments is 0"),
        (lambda: evaluate([], "repet", "out", seed=-1), "seed is -1"),
        (lambda: evaluate([], "repet", "out", timeout=1e9), "timeout is 1e.09, .*at most 864000"),
        (lambda: evaluate([], "repet", "out", foreground=3), "foreground is 3, but it must be a list of stems"),
        (lambda: evaluate([Loaded(sounds())], "repet", "out", verbose=3), "verbose is 3"),
    ],
)
def test_what_can_not_be_asked_for_gets_a_sentence(tmp_path, monkeypatch, call, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=sentence):
        call()
    assert not [*tmp_path.iterdir()], "nothing is begun"


def test_all_of_ours_give_what_they_say(tmp_path):
    loop = np.tile(sounds(seconds=1)["bass"], 12)
    stems = {"vocals": sounds(seconds=12)["vocals"], "drums": loop, "bass": 0.1 * loop}
    done = evaluated(Loaded(stems), list(OURS), tmp_path)
    assert (done.new, done.failed, done.skipped) == (len(OURS), {}, {})


def test_long_names_make_short_files():
    (method,) = methods_of([strange_methods.halves], {"share": ["x" * 300]})
    (other,) = methods_of([strange_methods.halves], {"share": ["x" * 299]})
    assert len(method.file) < 150
    assert method.file != other.file


CELL = """
WIDTH = 3
def helper(y):
    return y * 2
def mine(y, sr):
    return [helper(y + WIDTH) for _ in range(2)]
"""


def in_a_cell(code, monkeypatch):
    """The function `mine` of a notebook: its module has no file, but Python knows its lines all the same."""
    name = f"<cell {len(linecache.cache)}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    module = types.ModuleType("__main__")
    exec(compile(code, name, "exec"), vars(module))
    monkeypatch.setitem(sys.modules, "__main__", module)
    return methods_of([module.mine])[0].code


def test_the_fingerprint_of_a_notebooks_function_follows_all_that_it_names(monkeypatch):
    first = in_a_cell(CELL, monkeypatch)
    assert in_a_cell(f"# Further up.\n{CELL}UNUSED = 3\n", monkeypatch) == first
    for old, new in (("range(2)", "range(3)"), ("y * 2", "y * 3"), ("WIDTH = 3", "WIDTH = 4")):
        assert in_a_cell(CELL.replace(old, new), monkeypatch) != first


def test_code_that_can_not_be_read_gets_a_sentence():
    space = {"__name__": "nowhere"}
    exec(compile("def mine(y, sr): ...", "<nowhere>", "exec"), space)  # a "<string>" may be known from python -c
    with pytest.raises(ValueError, match="the code of mine can't be read: write it into a file or a notebook"):
        methods_of([space["mine"]])


def test_what_came_of_a_run_is_told_in_groups():
    told = Evaluated(
        "/out", 5, 2, [("a", "x", "no."), ("b", "x", "no."), ("c", "y", "why?")], [("a", "z", "has none.")]
    )
    assert str(told) == (
        "5 new results, 2 from before, 3 failed; they lie in /out\n"
        "  x failed on 2 songs, such as a: no.\n"
        "  y failed on c: why?\n"
        "  z was not run on a: has none."
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "--methods", "repet"], "there is no folder"),
        ([".", "--methods", "repat"], "there is no method 'repat'"),
        ([".", "--methods", "repet", "--grid", "power=1", "pow=2"], "repet has no parameter 'pow'"),
    ],
)
def test_a_command_that_can_not_be_run_is_told(tmp_path, capsys, arguments, sentence):
    assert main([*arguments, "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert len(told.splitlines()) == 1


def test_the_grid_of_a_command(monkeypatch):
    asked = {}
    monkeypatch.setattr(
        "spectrogramtools.corpus.__main__.evaluate", lambda *a, grid, **k: asked.update(grid) or Evaluated("x")
    )
    monkeypatch.setattr("spectrogramtools.corpus.__main__.report", lambda out: "")
    grid = ["power=1,2.5", "mask=soft,binary", "neighbourhood=(1,25),(1,15)", "center=True,None"]
    assert main([".", "--methods", "ft2d", "--out", "x", "--grid", *grid]) == 0
    assert asked == {
        "power": [1, 2.5],
        "mask": ["soft", "binary"],
        "neighbourhood": [(1, 25), (1, 15)],
        "center": [True, None],
    }
    with pytest.raises(SystemExit):
        main([".", "--methods", "ft2d", "--out", "x", "--grid", "power"])


def test_one_signature_in_both_places(monkeypatch):
    """What the command hands on is all that `evaluate` takes, with the same defaults; the command is never silent."""
    handed = {}
    monkeypatch.setattr(
        "spectrogramtools.corpus.__main__.evaluate",
        lambda tracks, methods, out, **options: handed.update(options) or Evaluated("x"),
    )
    monkeypatch.setattr("spectrogramtools.corpus.__main__.report", lambda out: "")
    main([".", "--methods", "ft2d", "--out", "x"])
    taken = inspect.signature(evaluate).parameters
    defaults = {name: p.default for name, p in taken.items() if p.kind is p.KEYWORD_ONLY and name != "verbose"}
    assert handed | {"grid": handed["grid"] or None} == defaults


def test_a_track_without_files_has_no_state():
    assert Track("x", {}).state() == []
