"""Days of pages, as systems write them, and days on pages that are not theirs."""

import pytest

from fanin.documents.html_page import read_page

OWN, OTHER = "2026-11-03", "2025-01-02"
JSON = "<script type=application/ld+json>{}</script>"
TEXT = (
    f"<p>The quay was built in {OTHER[:4]} and has been open to everybody since the second of January of that year.</p>"
)


@pytest.mark.parametrize(
    ("language", "head", "body"),
    [
        ("en", f"<meta property=article:published_time content={OWN}T08:00:00Z>", "<time>2025-01-02</time>"),
        ("en", JSON.format(f'{{"@type":"BlogPosting","datePublished":"{OWN}","dateModified":"{OTHER}"}}'), ""),
        ("en", f"<meta property=article:modified_time content={OWN}T10:00:00Z>", ""),
        ("en", f"<meta name=dcterms.modified content={OWN}>", ""),
        ("en", f"<meta property=og:updated_time content={OWN}T00:00:00Z>", ""),
        ("en", JSON.format(f'{{"@type":"WebPage","dateModified":"{OWN}"}}'), ""),
        ("en", "<link rel=canonical href=https://quay.example/2026/11/03/boats/>", ""),
        ("en", "", "<p class=entry-meta>Posted on <a href=/p>November 3, 2026</a> by Ann</p>"),
        ("en", "", "<div class=byline>Ann Lee · 4 min read · Nov 3, 2026</div>"),
        ("en", "", "<span class=post-date>3 Nov 2026</span>"),
        ("en", "", "<p>Published: Tuesday, 3 November 2026</p>"),
        ("de", "", "<p class=stand>Stand: 3. November 2026</p>"),
        ("de", "", "<div>Veröffentlicht am 03.11.2026</div>"),
        ("fr", "", "<p>Publié le 3 novembre 2026</p>"),
        ("fr", "", "<p>Publié le 03/11/2026 par Anne</p>"),
        ("es", "", "<div class=fecha>3 de noviembre de 2026</div>"),
        ("it", "", "<p>Pubblicato il 3 novembre 2026</p>"),
        ("en-GB", "", "<div class=meta><span class=date>03/11/2026</span></div>"),
        ("en-US", "", "<div class=meta><span class=date>11/03/2026</span></div>"),
        ("ja", "", "<p>公開日: 2026年11月3日</p>"),
        ("en", "", "<b>3 November 2026</b><br>"),
        ("en", "", f"{TEXT}<footer>This page was last edited on 3 November 2026, at 10:14 (UTC).</footer>"),
        ("en", "", f"{TEXT}<div class=footer>© Copyright. Last updated on Nov 3, 2026.</div>"),
        ("en", "", f"<p class=byline>Ann, <time datetime={OWN}>today</time></p><div class=date>{OTHER}</div>"),
    ],
)
def test_the_day_of_a_page_is_read_wherever_it_says_so(language: str, head: str, body: str) -> None:
    page = (
        f"<html lang={language}><head><title>Boats</title>{head}</head><body><h1>Boats</h1>{body}{TEXT}</body></html>"
    )
    assert read_page(page).published[:10] == OWN


@pytest.mark.parametrize(
    "body",
    [
        "<div class=event-date>3 November 2026</div>",
        f"<p itemscope itemtype=https://schema.org/Event><time itemprop=startDate datetime={OTHER}></time>",
        f"<p>The bridge fell on <time datetime={OTHER}>a cold day</time>, "
        + "and nobody had seen it coming at all. " * 5,
        f"<table><tr><td><time datetime={OTHER}></time><td>Low water<tr><td>b<td>c</table>",
        f"<div id=comments><p>Posted on {OTHER} by Bob</p></div>",
        f"<div class=comment>Updated on {OTHER}</div>",
        f"<aside><p class=date>{OTHER}</p></aside>",
        f"<div class=sidebar><span class=post-date>{OTHER}</span></div>",
        "<p>Offer valid until 3 November 2026</p>",
        "<footer>© 2019-2026 The Quay</footer>",
        "<p class=date>03/04/2026</p>",
        "<p>" + "It opened in 1921. " * 20,
        "".join(f"<p>{n}</p>" for n in range(20)) + "<div class=date>2 May 2026</div><div class=date>9 May 2026</div>",
    ],
)
def test_a_day_of_something_else_is_not_that_of_the_page(body: str) -> None:
    assert read_page(f"<body><h1>Boats</h1>{TEXT}{body}").published == ""
