"""The player's Python side: one scale, no normalisation, a warning where something would clip."""

import numpy as np
import pytest

from spectrogramtools import listen


def heard(player):
    """What the browser gets, as floats, one row a signal."""
    return np.frombuffer(player.pcm, "<i2").reshape(len(player.names), player.n_samples) / 32767


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


def test_new_signals_arrive_in_one_step():
    player = listen(np.zeros(100), 22050)
    assert player.names == ["signal"]
    version = player.version
    player.chosen = 0
    player.play({"a": np.ones(50), "b": np.zeros(50)})
    assert player.version == version + 1
    assert heard(player).tolist() == [[1] * 50, [0] * 50]
    player.chosen = 1
    player.play(np.zeros(10))
    assert player.chosen == 0


def test_the_saved_text_is_always_the_same():
    assert repr(listen({"a": np.zeros(22050), "b": np.zeros(10)}, 22050)) == "♪ a | b (1.0 s): run the cell to listen"


@pytest.mark.parametrize(
    ("signals", "sr", "sentence"),
    [
        ({}, 22050, "signals is empty"),
        ({"left and right": np.zeros((2, 9))}, 22050, r"left and right has shape \(2, 9\).*mean\(axis=0\)"),
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
