"""Markdown as HTML for a page that students and teachers open: the teacher's, and a student's."""

import re

import mistune
from markupsafe import Markup

from grading.formulas import formula


class WordsOnly(mistune.HTMLRenderer):
    """Without links, pictures and markup: of these only the words are left, as text."""

    def __init__(self):
        super().__init__(escape=True)

    def link(self, text, url, title=None):
        return text

    def image(self, text, url, title=None):
        return text


def markdown(renderer, *plugins):
    made = mistune.create_markdown(renderer=renderer, plugins=["table", "math", *plugins])
    renderer.register("inline_math", lambda _, tex: formula(tex, "inline"))
    renderer.register("block_math", lambda _, tex: f"<p>{formula(tex, 'block')}</p>\n")
    return made


_theirs = markdown(WordsOnly())
_ours = markdown(mistune.HTMLRenderer(escape=True), "url")


def theirs(source):
    """A student's words."""
    return Markup(_theirs(source))


def ours(source):
    """A teacher's, with links, but for those into the course, which lead nowhere from a page."""
    return Markup(_ours(re.sub(r"\[([^\]]*)\]\((?!https?://)[^)]*\)", r"\1", source)))
