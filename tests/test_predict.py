"""Predictions and blind tests, from Python: what is asked, what is heard of it, what stands where no widget is."""

import itertools

import IPython.display
import numpy as np
import pytest
from scipy.stats import binomtest, kendalltau

from spectrogramtools import listen, listen_blind, predict
from spectrogramtools.blind.chance import by_guessing, kendall

THEN = """Like a *buzz*: see `angle`.

    - at the onsets"""
AXES = dict(x=("delay (samples)", 0, 20), y=("SI-SDR (dB)", -10, 20), truth=([0, 10, 20], [20, 0, -10]))
Y = np.sin(np.arange(9000) / 10)


def a_choice():
    return predict("What does it *sound* like?", THEN, choose=["rain", "a buzz"])


def shown(widget, monkeypatch):
    """The outputs of a cell that ends with this widget."""
    outputs = []
    monkeypatch.setattr(IPython.display, "display", lambda data, metadata=None, raw=False: outputs.append(data))
    widget._ipython_display_()
    return outputs


def test_beside_the_widget_stands_what_can_be_read(monkeypatch):
    before, output = shown(a_choice(), monkeypatch)
    assert "application/vnd.jupyter.widget-view+json" in output
    markdown, told = (
        "**Predict:** What does it *sound* like?\n\n- rain\n- a buzz\n\n<details>",
        "Like a *buzz*: see `angle`.",
    )
    assert output["text/markdown"].startswith(markdown)
    question, folded = output["text/markdown"].split("<details>")
    assert told not in question
    assert f"</summary>\n\n{told}\n\n" in folded
    assert folded.endswith("\n\n</details>")
    assert output["text/plain"] == "What does it *sound* like?\n○ rain\n○ a buzz\n(run the cell to answer)"
    # Unseen, until there is no widget.
    assert set(before) == {"text/html"}
    assert '<div class="st-still" style="display: none">' in before["text/html"]
    assert before["text/html"].index("<details>") < before["text/html"].index(told)


def test_what_is_typed_is_no_html():
    text = predict("a < b?", "<script>", choose=["<b>", "&"]).html()
    assert "&lt;script&gt;" in text
    assert "<b>" not in text


def test_the_texts_lose_the_indent_of_the_code():
    assert a_choice().then == "Like a *buzz*: see `angle`.\n\n- at the onsets"


def test_an_order_and_a_sketch_say_what_to_do():
    assert "- one\n- two\n- three" in predict("?", "!", order=["one", "two", "three"]).markdown()
    sketch = predict("?", "!", sketch=AXES)
    assert "Sketch a curve: SI-SDR (dB) from -10 to 20, over delay (samples) from 0 to 20." in sketch.markdown()
    assert sketch.axes["truth"] == [[0, 10, 20], [20, 0, -10]]


def test_nothing_is_said_until_the_page_says_it():
    widget = a_choice()
    assert widget.said is None
    heard = []
    widget.observe(lambda change: heard.append(change["new"]), "said")
    widget.set_state({"said": "rain"})
    assert heard == ["rain"]


def test_a_blind_test_gives_nothing_away(monkeypatch):
    before, output = shown(listen_blind({"secret": Y, "other": Y / 2}, 22050), monkeypatch)
    assert set(output) == {"text/plain", "text/markdown", "application/vnd.jupyter.widget-view+json"}
    for text in (before["text/html"], output["text/plain"], output["text/markdown"]):
        assert "A blind test of 2 sounds (0.4 s): run the cell to listen" in text
        assert "secret" not in text


def test_a_blind_test_plays_what_a_player_plays():
    """No sound is made as loud as another one."""
    signals = {"loud": 1.5 * Y, "soft": 0.1 * Y, "short": Y[:50]}
    blind, player = listen_blind(signals, 22050), listen(signals, 22050)
    for i in range(3):
        assert getattr(blind, f"sound{i}") == getattr(player, f"sound{i}")
    assert blind.message == player.message


def test_the_result_of_abx():
    blind = listen_blind({"a": Y, "b": Y / 2}, 22050)
    assert (blind.answers, blind.result) == ([], None)
    drawn = [0, 1] * 8
    blind.set_state({"letters": [1, 0], "drawn": drawn, "told": [0, 1] * 7 + [1, 1]})
    assert blind.answers == ["a", "b"] * 7 + ["b", "b"]
    assert blind.result is None
    blind.set_state({"over": True})
    assert blind.result == {"right": 15, "rounds": 16, "p": by_guessing(15, 16)}


def test_a_test_that_was_given_up_has_no_p():
    blind = listen_blind({"a": Y, "b": Y / 2}, 22050)
    blind.set_state({"letters": [1, 0], "drawn": [0] * 5, "told": [0, 0], "over": True})
    assert blind.result == {"right": 2, "rounds": 5, "p": None}


def test_the_result_of_a_ranking():
    signals = {"a": Y, "b": Y / 2, "c": Y / 3}
    blind = listen_blind(signals, 22050, scores={"c": 3, "a": 1.5, "b": -2})
    assert blind.points == [1.5, -2, 3]
    blind.set_state({"letters": [2, 0, 1], "told": [0, 2, 1], "over": True})
    assert blind.result == {"order": ["a", "c", "b"], "tau": pytest.approx(1 / 3)}
    blind = listen_blind(signals, 22050)
    blind.set_state({"told": [0, 2, 1], "over": True})
    assert blind.result == {"order": ["a", "c", "b"], "tau": None}


@pytest.mark.parametrize("rounds", [1, 5, 10, 16, 40])
def test_guessing_is_scipys_binomial_test(rounds):
    for right in range(rounds + 1):
        expected = binomtest(right, rounds, alternative="greater").pvalue
        assert by_guessing(right, rounds) == pytest.approx(expected, rel=1e-12)


def test_kendall_is_scipys_with_ties_as_well():
    for scores in itertools.product((1.0, 2.5, 2.5, -3.0), repeat=4):
        if len(set(scores)) == 1:
            assert kendall(scores) is None
        else:  # the first place is the best
            assert kendall(scores) == pytest.approx(kendalltau([4, 3, 2, 1], scores).statistic, abs=1e-12)
