"""Titles of pages, as systems write them, without the names of their sites."""

import pytest

from fanin.documents.html_page import read_page

SITE = "<meta property=og:site_name content='{}'>"


@pytest.mark.parametrize(
    ("told", "head", "body", "title"),
    [
        ("Boats of 2026 \u2013 The Quay", "", "<h1 class=entry>Boats of 2026</h1>", "Boats of 2026"),
        ("asyncio — Asynchronous I/O — Python", "", "<h1>asyncio — Asynchronous I/O<a class=headerlink href=#a>¶</a>",
         "asyncio — Asynchronous I/O"),
        ("Tidal range - Wikipedia", "", "<h1 id=firstHeading>Tidal range</h1>", "Tidal range"),
        ("Settings - Harbour docs", "", "<h1 id=settings>Settings<a class=headerlink href=#s>#</a></h1>", "Settings"),
        ("python - How do I sort a list? - Stack Overflow", "", "<h1><a href=/q/1>How do I sort a list?</a></h1>",
         "How do I sort a list?"),
        ("Slow tides - Support - Quay Forum", "", "<h1><a href=/t/1>Slow tides</a></h1>", "Slow tides"),
        ("Rope, 20 m | Ship Shop", SITE.format("Ship Shop"), "<h2>You may like</h2>", "Rope, 20 m"),
        ("Ship Shop: Rope, 20 m", SITE.format("Ship Shop"), "", "Rope, 20 m"),
        ("Ferry runs again - BBC News", "<meta property=og:title content='Ferry runs again'>", "", "Ferry runs again"),
        ("Gate closes early — The Courier", "", "<header><h1>The Courier</h1></header><h2>Today</h2>",
         "Gate closes early"),
        ("The Courier \u2013 Gate closes early", "", "<h1><a href=/>The Courier</a></h1><h2>Gate closes early</h2>",
         "Gate closes early"),
        ("Gate closes early \u2013 The Courier", "", "<h1><a href=/>The Courier</a></h1><h2>Gate closes early</h2>",
         "Gate closes early"),
        ("templates: a guide", "", "<h1>templates</h1>", "templates: a guide"),
        ("Bike hire - questions", "", "<h1>Questions</h1>", "Bike hire - questions"),
        ("Rope - a short history of it", "", "", "Rope - a short history of it"),
        ("Imprint of the town | Merrow", "", "", "Imprint of the town"),
        ("Array.prototype.at() - JavaScript | MDN", "", "<h1>Array.prototype.at()</h1>", "Array.prototype.at()"),
        ("潮汐表\uff5c港", SITE.format("港"), "", "潮汐表"),
        ("GATE CLOSES | Courier", "", "<h1>Gate closes</h1>", "GATE CLOSES"),
        ("Courier", SITE.format("Courier"), "<h1>Courier</h1>", "Courier"),
        ("", "<meta property=og:title content=Gate>", "<h1>Other</h1>", "Gate"),
        ("", "", "<h1>Gate<a class=anchorjs-link href=#g>Link</a></h1>", "Gate"),
        ("", "", "<p>x</p>", ""),
    ],
)  # fmt: skip
def test_a_title_is_that_of_the_page_and_not_of_its_site(told: str, head: str, body: str, title: str) -> None:
    markup = f"<html><head>{f'<title>{told}</title>' if told else ''}{head}</head><body>{body}<p>x</p></body></html>"
    assert read_page(markup).title == title
