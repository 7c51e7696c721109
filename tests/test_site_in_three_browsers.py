"""The whole site, where it has been built: each lecture lives in all browsers, from a server and from a file."""

import contextlib

import living_page
import pytest
from other_browsers import BROWSERS, opened
from test_site import SITE, whole


@whole
@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("name", BROWSERS)
def test_every_lecture_lives(name, scheme):
    served = living_page.served(SITE) if scheme == "http" else contextlib.nullcontext(SITE.as_uri())
    with served as site, opened(name) as page:
        for path in [SITE / "index.html", *sorted(SITE.glob("lectures/*.html"))]:
            living_page.assert_site_page_lives(page, f"{site}/{path.relative_to(SITE).as_posix()}")
