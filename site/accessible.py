"""What the theme's pages lack for screen readers: levels of headings, names of landmarks, heads that say something.

_templates/page.html hands each page's text to `mended`.
"""

MENDED = (
    # The names of the lists of contents, which Sphinx marks as headings without a level.
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    # A table's empty corner is no head of anything.
    ('<th class="head"><p></p></th>', "<td></td>"),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="The site">'),
    ('<aside class="toc-drawer', '<aside aria-label="This page" class="toc-drawer'),
    # What is read out is what is seen.
    ('<summary aria-label="Toggle hidden content">', "<summary>"),
    # Only the page of what was found has none.
    ("<noscript>\n<div", "<h1>Search</h1>\n<noscript>\n<div"),
)


def mended(text: str) -> str:
    for lacking, whole in MENDED:
        text = text.replace(lacking, whole)
    return text


def setup(app):
    app.connect("html-page-context", lambda app, page, template, context, tree: context.update(mended=mended))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
