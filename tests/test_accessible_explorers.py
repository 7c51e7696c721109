"""Explorers for keyboards, screen readers and hands: all kinds on one page, in Chromium."""

import axe
import living_page
import pytest
from other_browsers import opened
from test_accessibility import THEMES, rings, wear
from test_touch import SMALL, TARGETS


@pytest.fixture(scope="module")
def explorers(tmp_path_factory):
    """A page with one of each kind, in Chromium."""
    with opened("chromium") as page:
        page.goto(living_page.write_page(tmp_path_factory.mktemp("page"), *living_page.explorers()).as_uri())
        drawn = "document.querySelectorAll('.st-explorer[aria-busy=false] .st-player canvas[aria-label]')"
        page.wait_for_function(f"() => {drawn}.length === 12")
        page.wait_for_function("() => document.querySelector('.st-explorer[aria-busy=false] .st-text')")
        yield page


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_explorers(explorers, theme):
    wear(explorers, theme)
    explorers.evaluate("() => document.querySelectorAll('details').forEach((details) => (details.open = true))")
    assert axe.violations(explorers) == []
    assert explorers.problems == []


def test_the_focus_is_seen_in_an_explorer(explorers):
    for theme in THEMES:
        wear(explorers, theme)
        found = list(rings(explorers, ".st-explorer"))
        assert {"INPUT", "SELECT", "CANVAS", "st-action", "st-play", "SUMMARY"} <= {name for name, _ in found}
        assert [ring for ring in found if ring[1] < 3] == []


def test_a_hand_hits_what_it_means_in_explorers(explorers):
    for width, least in ((390, 44), (1200, 24)):
        explorers.set_viewport_size({"width": width, "height": 1000})
        assert explorers.evaluate(SMALL, [TARGETS, least]) == []
        assert explorers.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_line_and_what_comes_of_it_are_seen_together(explorers):
    """In a window of a thousand pixels the charts above a player lie side by side, in one that is narrow below."""
    places = """() => [...document.querySelectorAll(".st-above")].map((above) =>
        [...above.querySelectorAll("canvas")].map((canvas) => canvas.getBoundingClientRect()))"""
    for width, side_by_side in ((1000, True), (390, False)):
        explorers.set_viewport_size({"width": width, "height": 1000})
        pairs = [charts for charts in explorers.evaluate(places) if len(charts) == 2]
        assert len(pairs) == 2  # of REPET and of similarity
        assert all((one["y"] == other["y"]) == side_by_side for one, other in pairs)
