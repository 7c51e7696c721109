"""The player's Python side: one scale, no normalisation, a warning where something would clip, little to transfer."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from spectrogramtools import STFT, hpss, listen


def heard(player):
    """What the page makes of what it gets, as floats, one row a signal; of stereo, one row a side of each."""
    count = len(player.names) - player.rest
    sounds = [np.frombuffer(getattr(player, f"sound{i}"), "<i2") / 32767 for i in range(count)]
    if player.channels == 2:
        sounds = [sound.reshape(2, player.n_samples) for sound in sounds]
    if player.rest:
        sounds.append(sounds[0] - sum(sounds[1:]))
    return np.stack(sounds)


def told(player, action):
    """The states that an action sends to the page, one a message."""
    messages = []
    original = player._send
    player._send = lambda message, buffers=None: messages.append((message, buffers or []))
    action()
    player._send = original
    return messages


def test_levels_are_what_was_computed():
    loud, soft = 0.5 * np.sin(np.arange(1000) / 10), 0.01 * np.sin(np.arange(800) / 10)
    player = listen({"loud": loud, "soft": soft}, 22050)
    assert player.names == ["loud", "soft"]
    assert player.n_samples == 1000
    np.testing.assert_allclose(heard(player)[0], loud, atol=2e-5)
    np.testing.assert_allclose(heard(player)[1, :800], soft, atol=2e-5)
    assert not heard(player)[1, 800:].any()
    assert player.message == ""


def test_what_would_clip_is_played_softer_all_together_and_says_so():
    loud, soft = np.array([0.0, -2.0, 1.0]), np.array([0.5, 0.0, 0.0])
    player = listen({"loud": loud, "soft": soft}, 8000)
    np.testing.assert_allclose(heard(player), [loud / 2, soft / 2], atol=2e-5)
    assert "Peak 2.00" in player.message
    assert "6.0 dB softer" in player.message


def test_what_follows_from_the_others_does_not_travel(clip):
    y = clip.mixture[:40_000]
    harmonic, percussive = hpss(y, 22050)
    player = listen({"mixture": y, "harmonic": harmonic, "percussive": percussive}, clip.sr)
    assert player.rest
    assert not player.has_trait("sound2")
    np.testing.assert_allclose(heard(player), [y, harmonic, percussive], atol=5e-5)
    # A residual of 1/1000 is not nothing: then all of them travel.
    player.play({"mixture": y, "harmonic": harmonic, "percussive": percussive + np.float32(1e-3)})
    assert not player.rest
    np.testing.assert_allclose(heard(player)[2], percussive + 1e-3, atol=2e-5)
    # The same with a rest of more than one.
    harmonic, percussive = hpss(y, 22050, margin=2)
    parts = {"mixture": y, "harmonic": harmonic, "percussive": percussive, "residual": y - harmonic - percussive}
    player.play(parts)
    assert player.rest
    np.testing.assert_allclose(heard(player), list(parts.values()), atol=7e-5)


def test_new_signals_arrive_in_one_message_which_holds_only_what_is_new(clip):
    y = clip.mixture
    first, second = hpss(y, 22050), hpss(y, 22050, winh=0.49)
    player = listen({"mixture": y, "harmonic": first[0], "percussive": first[1]}, clip.sr)
    version, chosen = player.version, player.chosen
    messages = told(player, lambda: player.play({"mixture": y, "harmonic": second[0], "percussive": second[1]}))
    assert len(messages) == 1
    message, buffers = messages[0]
    assert sorted(path[0] for path in message["buffer_paths"]) == ["picture1", "picture2", "sound1"]
    assert message["state"] == {"version": version + 1}
    assert 2 * len(y) < sum(len(b) for b in buffers) < 700_000
    assert player.chosen == chosen


def test_the_chosen_signal_stays_chosen_by_its_name():
    a, b, c = (np.full(3000, level) for level in (0.1, 0.2, 0.3))
    player = listen({"a": a, "b": b}, 22050)
    player.chosen = 1
    player.play({"c": c, "a": a, "b": b})
    assert player.names[player.chosen] == "b"
    player.play({"a": a, "c": c})
    assert player.chosen == 0


def test_beside_a_stereo_signal_all_are_stereo():
    rng = np.random.default_rng(0)
    stereo, mono, one = rng.uniform(-0.9, 0.9, (2, 900)), rng.uniform(-0.9, 0.9, 1000), rng.uniform(-0.9, 0.9, (1, 800))
    player = listen({"stereo": stereo, "mono": mono, "one channel": one}, 22050)
    assert (player.channels, player.n_samples) == (2, 1000)
    expected = np.zeros((3, 2, 1000))
    expected[0, :, :900], expected[1], expected[2, :, :800] = stereo, mono, one
    np.testing.assert_allclose(heard(player), expected, atol=2e-5)
    # Without it they are mono again; a matrix of one channel is mono as well.
    player.play({"mono": mono, "one channel": one})
    assert player.channels == 1
    np.testing.assert_allclose(heard(player)[1, :800], one[0], atol=2e-5)


def test_the_rest_of_stereo_does_not_travel_and_no_side_clips(clip):
    violin, castanets = list(clip.stems.values())
    mixture = np.stack([violin, 2 * castanets])
    left = np.stack([violin, np.zeros_like(violin)])
    player = listen({"mixture": mixture, "left": left, "right": mixture - left}, clip.sr)
    assert player.rest
    peak = max(1, np.abs(mixture).max())
    np.testing.assert_allclose(heard(player) * peak, [mixture, left, mixture - left], atol=7e-5)
    # What differs on the right side alone is no rest.
    player.play({"mixture": mixture, "left": left, "right": mixture - left + [[0], [1e-3]]})
    assert not player.rest
    player.play(np.array([[0.5, 0.5], [0.5, -2.0]]))
    assert "6.0 dB softer" in player.message
    np.testing.assert_allclose(heard(player)[0], [[0.25, 0.25], [0.25, -1]], atol=2e-5)


def test_the_picture_of_stereo_is_the_root_mean_square_of_its_sides(clip):
    y = clip.mixture[:30_000]
    signals = {"mono": y, "equal sides": np.stack([y, y]), "one side": np.stack([y, 0 * y])}
    player = listen(signals, clip.sr)
    mono, equal, one_side = (np.frombuffer(getattr(player, f"picture{i}"), np.uint8).astype(int) for i in range(3))
    assert np.abs(mono - equal).max() <= 1
    bright = mono > 40
    # Half the power: 3 dB, of 80 dB in 255 steps.
    assert np.abs((mono - one_side)[bright] - 255 * 3.01 / 80).max() <= 1


def test_pictures_show_what_is_heard_on_one_scale(clip):
    y = clip.mixture[:30_000]
    player = listen({"full": y, "half": y / 2}, clip.sr)
    full, half = (np.frombuffer(getattr(player, f"picture{i}"), np.uint8).astype(int) for i in (0, 1))
    assert full.max() == 255
    bright = full > 40
    # 6 dB are 19 of 255 steps that reach over 80 dB.
    assert np.abs((full - half)[bright] - 255 * 6.02 / 80).max() <= 1
    start, width = player.columns[0]
    n_frames = STFT(y, 2048, 512, center=True).shape[1]
    assert start == pytest.approx(-256 / clip.sr)
    assert width == pytest.approx(512 / clip.sr)
    assert len(full) == n_frames * (len(player.edges) // 4 - 1)


def test_the_saved_text_is_always_the_same_and_comes_with_a_picture():
    player = listen({"a": np.zeros(22050), "b": np.zeros(10)}, 22050)
    assert repr(player) == "♪ a | b (1.0 s): run the cell to listen"
    data, _ = player._repr_mimebundle_()
    assert data["text/plain"] == repr(player)
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width > 300


def test_nothing_is_changed_in_place():
    y = np.array([0.5, -2.0, 0.25])
    listen({"y": y}, 22050)
    assert y.tolist() == [0.5, -2.0, 0.25]


@pytest.mark.parametrize(
    ("signals", "sr", "sentence"),
    [
        ({}, 22050, "signals is empty"),
        ({"surround": np.zeros((6, 9))}, 22050, r"surround has 6 channels.*surround.mean\(axis=0\)"),
        ({"sides": np.zeros((9, 2))}, 22050, r"sides.T"),
        (np.zeros(9, np.int16), 22050, "signal = signal / 32768"),
        ({"a": np.array([0, np.nan])}, 22050, "a holds NaN"),
        (np.zeros(9), 100, "sr is 100"),
        (np.zeros(9), 192_000, "resample"),
        (np.zeros(9), 22050.5, "sr is 22050.5"),
    ],
)
def test_says_what_is_wrong(signals, sr, sentence):
    with pytest.raises(ValueError, match=sentence):
        listen(signals, sr)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7])
def test_any_number_of_signals_has_a_still_with_a_description(count):
    signals = {f"signal {i}": np.sin(np.arange(3000) / (5 + i)) / 2 for i in range(count)}
    data, metadata = listen(signals, 22050)._repr_mimebundle_()
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width > 200
    assert all(name in metadata["image/png"]["alt"] for name in signals)
