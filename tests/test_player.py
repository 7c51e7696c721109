"""The player's Python side: one scale, no normalisation, a warning where something would clip, little to transfer."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from spectrogramtools import hpss, listen


def heard(player):
    """What the page makes of what it gets, as floats, one row a signal; of stereo, one row a side of each."""
    sounds = [np.frombuffer(getattr(player, f"sound{i}"), "<i2") / 32767 for i in range(len(player.names))]
    return np.stack([sound.reshape(2, -1) if player.channels == 2 else sound for sound in sounds])


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


def test_new_signals_arrive_in_one_message_which_holds_only_what_is_new(clip):
    y = clip.mixture
    first, second = hpss(y, 22050), hpss(y, 22050, winh=0.49)
    player = listen({"mixture": y, "harmonic": first[0], "percussive": first[1]}, clip.sr)
    version, chosen = player.version, player.chosen
    messages = told(player, lambda: player.play({"mixture": y, "harmonic": second[0], "percussive": second[1]}))
    assert len(messages) == 1
    message, buffers = messages[0]
    assert sorted(path[0] for path in message["buffer_paths"]) == ["sound1", "sound2"]
    assert message["state"] == {"version": version + 1}
    assert sum(len(b) for b in buffers) == 4 * len(y)
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


def test_no_side_of_stereo_clips():
    player = listen(np.array([[0.5, 0.5], [0.5, -2.0]]), 22050)
    assert "6.0 dB softer" in player.message
    np.testing.assert_allclose(heard(player)[0], [[0.25, 0.25], [0.25, -1]], atol=2e-5)


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
    with pytest.raises(ValueError, match="y_axis is 'mel'"):
        listen(np.zeros(9), 22050, y_axis="mel")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7])
def test_any_number_of_signals_has_a_still_with_a_description(count):
    signals = {f"signal {i}": np.sin(np.arange(3000) / (5 + i)) / 2 for i in range(count)}
    data, metadata = listen(signals, 22050)._repr_mimebundle_()
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width > 200
    assert all(name in metadata["image/png"]["alt"] for name in signals)
