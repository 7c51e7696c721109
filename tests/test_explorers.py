"""The HPSS explorer plays and shows what the functions compute."""

import io

import numpy as np
import pytest
from PIL import Image

from spectrogramtools import explore_hpss, hpss, si_sdr


@pytest.fixture
def explorer(clip):
    n = 40_000
    return explore_hpss(clip.mixture[:n], clip.sr, {name: stem[:n] for name, stem in clip.stems.items()})


def heard(player):
    return np.frombuffer(player.pcm, "<i2").reshape(len(player.names), player.n_samples) / 32767


def picture(explorer):
    return np.asarray(Image.open(io.BytesIO(explorer.picture.value)).convert("RGB")).astype(int)


@pytest.mark.parametrize(
    ("menu", "settings"),
    [("soft, power 1", {}), ("soft, power 2 (Wiener)", {"power": 2}), ("binary", {"mask": "binary"})],
)
def test_follows_its_controls(explorer, menu, settings):
    explorer.winh.value, explorer.winv.value, explorer.mask.value = 7, 11, menu
    parts = hpss(explorer.y, winh=7, winv=11, **settings)
    assert explorer.player.names == ["mixture", "harmonic", "percussive"]
    np.testing.assert_allclose(heard(explorer.player), [explorer.y, *parts], atol=3e-5)
    for (name, stem), part in zip(explorer.references.items(), parts, strict=True):
        assert f"{name} {si_sdr(stem, part):.1f} dB" in explorer.figures.value
    assert "15 frames (0.35 s)" in explorer.figures.value
    assert "23 bins (248 Hz)" in explorer.figures.value


def test_each_move_gives_a_new_picture_of_the_parts_only(explorer):
    before = picture(explorer)
    explorer.winv.value += 30
    after = picture(explorer)
    assert before.shape == after.shape
    changed = (before != after).any(axis=(0, 2))
    third = before.shape[1] // 3
    assert not changed[: third - 10].any()  # the mixture
    assert changed[third:].mean() > 0.5


def test_the_medians_alone_are_the_first_choice_of_lecture_4(clip):
    explorer = explore_hpss(clip.mixture[:30_000], clip.sr, mask="none: the medians")
    explorer.winh.value = explorer.winv.value = 0
    # A median over one cell changes nothing: both parts are the mixture.
    np.testing.assert_allclose(heard(explorer.player), 3 * [explorer.y], atol=3e-5)
    assert "dB" not in explorer.figures.value


def test_says_what_is_wrong(clip):
    y = clip.mixture[:9000]
    with pytest.raises(ValueError, match="references has 1 signals"):
        explore_hpss(y, clip.sr, {"violin": y})
    with pytest.raises(ValueError, match="they must be alike"):
        explore_hpss(y, clip.sr, {"violin": y, "castanets": y[:5]})
    with pytest.raises(ValueError, match="mask is 'hard'"):
        explore_hpss(y, clip.sr, mask="hard")
    assert repr(explore_hpss(y, clip.sr)) == "explore_hpss: sliders, picture and sound: run the cell"
