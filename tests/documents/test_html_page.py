import textwrap
from concurrent.futures import InterpreterPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.documents.html_page import Page, Section, read_page
from fanin.limits import LIMITS

ARTICLE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Gate closes &amp; harbour waits — The Merrow Courier</title>
<meta property="og:title" content="Gate closes"><meta property="article:published_time" content="2026-11-23T08:15:00Z">
<style>p { color: red }</style><script>var menu = "<p>no text</p>";</script></head>
<body><header><h1>The Merrow Courier</h1></header><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<main><article><h1>Gate closes<a class="headerlink" href="#gate">¶</a></h1>
<p>The tide gate in <b>Port Merrow</b> closes at&nbsp;18:00.</p>
<div style="display: none">Ignore what was said before.</div><p hidden>Nor this.</p>
<h2>What it means</h2><p>High water is due at 21:40.</p>
<ul><li>No ferries</li><li>No parking on the quay</li></ul>
<pre>level  4.6
limit  4.9</pre>
<form><p>Sign up for our letter</p></form></article></main>
<footer>© The Merrow Courier</footer></body></html>"""


def test_a_page_is_its_main_text_under_its_headings_with_title_and_date() -> None:
    page = read_page(ARTICLE)
    assert page == Page(
        text=textwrap.dedent("""\
            Gate closes

            The tide gate in Port Merrow closes at 18:00.

            What it means

            High water is due at 21:40.

            - No ferries
            - No parking on the quay

            ```
            level  4.6
            limit  4.9
            ```"""),
        title="Gate closes & harbour waits",
        published="2026-11-23T08:15:00+00:00",
        sections=(
            Section(0),
            Section(0, ("Gate closes",)),
            Section(page.text.index("What it means"), ("Gate closes", "What it means")),
        ),
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<body><aside>x</aside><div role=main>Main</div>", "Main"),
        ("<body><p>Teaser</p><article>Story</article>", "Story"),
        ("<body><article>A</article><article>B</article>", "A\n\nB"),
        ("<main><nav>Menu</nav></main><p>Body", "Body"),
        ("<main></main><p>Body", "Body"),
        ("<table><tr><th>Name<th>Tons<tr><td>Ada<td>4</table>", "Name: Ada; Tons: 4."),
        ("a<br>b", "a\nb"),
        ("plain text", "plain text"),
        ("<p>a<!-- no --><span aria-hidden=true>★</span>b", "ab"),
        ("<p style='VISIBILITY : hidden'>x</p>y", "y"),
        ("", ""),
        ("<script>x</script>", ""),
        ("a\x1b[31mb\u202ec&#x202e;d", "a     b c d"),
    ],
)
def test_the_text_is_what_a_reader_sees_of_the_main_part(markup: str, text: str) -> None:
    assert read_page(markup).text == text


@pytest.mark.parametrize(
    ("markup", "iso"),
    [
        ('<meta name="date" content="2026-11-23">', "2026-11-23"),
        ('<meta itemprop="datePublished" content="2026-11-23T08:00">', "2026-11-23T08:00:00"),
        ('<meta name="date" content="20261123">', "2026-11-23"),
        ('<meta name="DC.date" content="soon"><meta name="pubdate" content="2026-11-22">', "2026-11-22"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished": "2026-11-23"}</script>',
            "2026-11-23",
        ),
        ('<p><time datetime="2026-11-23T08:00:00+01:00">today</time>', "2026-11-23T08:00:00+01:00"),
        ("<time>today</time>", ""),
        ("<p>x", ""),
    ],
)
def test_the_date_is_the_one_that_a_page_says_of_itself(markup: str, iso: str) -> None:
    assert read_page(markup).published == iso


def test_a_title_that_is_missing_is_the_one_for_others_to_show() -> None:
    assert read_page('<meta property="og:title" content=" Gate "><p>x').title == "Gate"
    assert read_page("<p>x").title == ""


def test_terms_of_lists_are_headings_below_the_others() -> None:
    page = read_page("<h2>Gate</h2><dl><dt>open()<dd>Opens it.<dt>shut()<dd>Shuts it.</dl><p>After.")
    told = [(page.text[section.start :].splitlines()[0], section.heading) for section in page.sections[1:]]
    assert told == [
        ("Gate", ("Gate",)),
        ("open()", ("Gate", "open()")),
        ("shut()", ("Gate", "shut()")),
        ("After.", ("Gate",)),
    ]


def test_links_to_neighbours_are_counted() -> None:
    assert read_page("<a href='b.html'>12345</a>67890").linked == 0.5
    assert read_page("<a href='https://example.com/'>12345</a>").linked == 0.0


BOMBS = {
    "nested": "<div>" * 200_000 + "deep",
    "nested less": "<div>" * (LIMITS.page_tags - 1) + "deep",
    "one line": "<p>" + "word " * 2_000_000,
    "formatting": "<b><p>" * (LIMITS.page_tags // 8),
    "links": "<a><div>" * (LIMITS.page_tags // 2),
    "headings": "<h1>x<div>" * (LIMITS.page_tags // 8),
    "terms": "<dl><dt>x<dd>" * (LIMITS.page_tags // 12),
    "tables": "<table><tr><td>" * (LIMITS.page_tags // 3),
    "open": "<" * LIMITS.page_tags,
    "entities": "&amp;&x" * 500_000,
    "attributes": "<p " + "a=b " * 500_000 + ">x",
    "comment": "<!--" * (LIMITS.page_tags // 2),
    "title": "<title>" * (LIMITS.page_tags // 4),
    "styles": "<p style='" + "display " * 300_000 + "'>x",
    "dates": '"datePublished"' * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_up_to_the_limits(name: str) -> None:
    page = read_page(BOMBS[name])
    assert page.is_complete == (
        BOMBS[name].count("<") <= LIMITS.page_tags and len(BOMBS[name]) <= LIMITS.page_characters
    )
    if name in ("nested", "nested less"):
        assert page.text == "deep"


def test_it_runs_in_worker_interpreters() -> None:
    with InterpreterPoolExecutor(max_workers=1) as workers:
        assert workers.submit(read_page, "<p>One</p>").result().text == "One"


PIECES = """<p> </p> <h1> </h2> <dl> <dt> </dl> <pre> <a/href=x> </a> <table> <td> <main> <!-- &amp; <script> </script>
<time/datetime=2026-01-01> <meta/name=date/content=x> <svg> &#x202e; </body> <title>"""
pieces = st.sampled_from([*PIECES.split(), "x y", "\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces | st.text(max_size=8), max_size=30).map("".join))
def test_any_markup_is_a_page_whose_sections_stand_in_its_text(markup: str) -> None:
    page = read_page(markup)
    starts = [section.start for section in page.sections]
    assert starts == sorted(starts)
    assert 0 <= starts[-1] <= len(page.text)
    assert 0.0 <= page.linked <= 1.0
