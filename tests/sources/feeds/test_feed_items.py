"""What is read as the text of an item, in the forms that feeds of all kinds have."""

import json
from contextlib import suppress
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.document_text import clean
from fanin.errors import SourceError
from fanin.model import Document
from fanin.sources.feeds.feed_parser import FeedParser
from fanin.sources.feeds.item_filter import ItemFilter
from fanin.sources.feeds.json_feed import json_items

SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:x="http://www.w3.org/1999/xhtml" xmlns:play="http://www.google.com/schemas/play-podcasts/1.0"'
    ' xmlns:dcterms="http://purl.org/dc/terms/"'
)


def items(feed: str) -> list[Document]:
    parser = FeedParser("https://x.example/")
    parser.feed(feed.encode())
    parser.close()
    return list(parser.take_items())


def rss(inner: str) -> str:
    return f'<rss version="2.0" {SPACES}><channel><item><title>T</title>{inner}</item></channel></rss>'


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<media:description>How to bake.</media:description>", "How to bake."),
        (
            "<media:group><media:title>M</media:title><media:description>Deep.</media:description></media:group>",
            "Deep.",
        ),
        ("<media:content><media:description>Of the picture.</media:description></media:content>", "Of the picture."),
        ("<itunes:summary>An hour on tides.</itunes:summary>", "An hour on tides."),
        ("<description>Ep. 4</description><itunes:summary>The whole hour.</itunes:summary>", "The whole hour."),
        ("<description>The whole story.</description><itunes:summary>Short.</itunes:summary>", "The whole story."),
        ("<play:description>About bees.</play:description>", "About bees."),
        ("<description>&lt;![CDATA[&lt;p&gt;Twice.&lt;/p&gt;]]&gt;</description>", "Twice."),
        ("<description><![CDATA[<![CDATA[Nested.]]]]><![CDATA[>]]></description>", "Nested."),
        ("<description>&amp;lt;p&amp;gt;Escaped twice.&amp;lt;/p&amp;gt;</description>", "Escaped twice."),
        ("<description>Use &amp;lt;p&amp;gt; for text.</description>", "Use <p> for text."),
        ("<content:encoded><![CDATA[<img src='a'/>]]></content:encoded><description>Said.</description>", "Said."),
        (
            "<content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded><description>All</description>",
            "All of it.",
        ),
        ("<x:body><x:p>In XHTML.</x:p></x:body>", "In XHTML."),
        ("<dc:description>Of the library.</dc:description>", "Of the library."),
        ("<dcterms:abstract>An abstract.</dcterms:abstract>", "An abstract."),
    ],
)
def test_the_text_of_an_item_is_found_wherever_the_feed_has_it(inner: str, text: str) -> None:
    [item] = items(rss(inner))
    assert clean(item) == text


def test_a_text_within_the_markup_of_an_entry_is_not_taken_apart() -> None:
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}><entry><content type="xhtml"><x:div>One'
        " <media:description>two</media:description> three</x:div></content></entry></feed>"
    )
    assert clean(items(feed)[0]) == "One two three"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/rss-0.91.dtd">',
        '<!DOCTYPE rss SYSTEM "rss.dtd">',
        "<!DOCTYPE rss>",
        '<!doctype rss SYSTEM "a&lt;b">'.replace("doctype", "DOCTYPE"),
    ],
)
def test_a_doctype_that_defines_nothing_is_read_and_entities_of_html_are_known(doctype: str) -> None:
    feed = doctype + rss("<description>Caf&eacute; &amp; bar</description>")
    if "SYSTEM" in doctype or "PUBLIC" in doctype:
        assert items(feed)[0].text == "Café & bar"
    else:
        assert items(feed.replace("&eacute;", "é"))[0].text == "Café & bar"


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "b">',
        '<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;',
        "<!ELEMENT rss ANY>",
        "<!ATTLIST item id ID #IMPLIED>",
        "<!-- nothing -->",
        '<!NOTATION gif SYSTEM "x">',
        '<!ENTITY a "&b;&b;"><!ENTITY b "&c;&c;">',
        '<!ENTITY a SYSTEM "http://127.0.0.1/">',
        "",
        "<?go on?>",
    ],
)
def test_a_doctype_with_definitions_is_refused(subset: str) -> None:
    with pytest.raises(SourceError, match="its DOCTYPE defines"):
        items(f"<!DOCTYPE rss [{subset}]>{rss('')}")


def notice(text: str, *, title: str = "Notice", url: str = "https://x.example/status") -> Document:
    return Document(text, title=title, url=url)


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ([("A", "one"), ("A", "two"), ("A", "three")], 3),
        ([("A", "one"), ("A", "one")], 1),
        ([("A", "one"), ("B", "one, longer")], 1),
        ([("A", "one"), ("B", "two"), ("A", "three"), ("B", "four")], 2),
    ],
)
def test_items_of_one_feed_and_one_address_are_all_given_but_those_of_another_feed_once(
    given: list[tuple[str, str]], accepted: int
) -> None:
    chosen = ItemFilter("What is new?", limit=100)
    assert sum(chosen.accepts(notice(text), feed) for feed, text in given) == accepted


PIECES = ("<item>", "</item>", "<media:group>", "</media:group>", "<media:description>", "</media:description>", "&lt;")


@given(st.lists(st.sampled_from((*PIECES, "<![CDATA[", "]]>", "&eacute;", "text", "<title>", "</title>"))).map("".join))
def test_any_order_of_elements_gives_documents_or_an_error_of_the_parser(inner: str) -> None:
    parser = FeedParser("https://x.example/")
    with suppress(ExpatError):
        parser.feed(f"<rss {SPACES}><channel>{inner}</channel></rss>".encode())
    assert [each for each in parser.take_items() if "<media:" in each.title] == []


@pytest.mark.parametrize(
    ("channel", "date", "day"),
    [
        ("<language>en-us</language>", "03/04/2026", "2026-03-04"),
        ("<language>en-gb</language>", "03/04/2026", "2026-04-03"),
        ("<language>de</language>", "03/04/2026", "2026-04-03"),
        ("<language> fr-FR </language>", "3 avr. 2026", "2026-04-03"),
        ("<language>cs</language>", "27. listopadu 2026", "2026-11-27"),
        ("<language>hr</language>", "27. listopada 2026", "2026-10-27"),
        ("<language>cs</language>", "27 listopad 2026", "2026-11-27"),
        ("<language>hr</language>", "27 listopad 2026", "2026-10-27"),
        ("<dc:language>en-us</dc:language>", "03/04/2026 10:00", "2026-03-04"),
        ("", "03/04/2026", ""),
        ("<language></language>", "03/04/2026", ""),
        ("<title>en-us</title>", "03/04/2026", ""),
    ],
)
def test_dates_are_read_in_the_language_of_the_feed(channel: str, date: str, day: str) -> None:
    item = f"<item><title>Tide</title><pubDate>{date}</pubDate></item>"
    feed = f'<rss version="2.0" {SPACES}><channel>{channel}{item}</channel></rss>'
    assert [each.published[:10] for each in items(feed)] == [day]


@pytest.mark.parametrize(("tag", "day"), [("en-US", "2026-03-04"), ("es", "2026-04-03"), ("en", "")])
def test_dates_of_atom_are_read_in_the_language_around_them(tag: str, day: str) -> None:
    inner = "<title>Tide</title><updated>03/04/2026</updated></entry>"
    entries = f'<entry xml:lang="{tag}">{inner}<entry>{inner}'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">{entries}</feed>'
    assert [each.published for each in items(feed)] == [day, "2026-04-03"]


@pytest.mark.parametrize(("tag", "day"), [("en-US", "2026-03-04"), ("it", "2026-04-03"), ("", "")])
def test_dates_of_json_feeds_are_read_in_the_language_of_the_feed(tag: str, day: str) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "language": tag,
        "items": [{"id": "1", "title": "Tide", "date_published": "03/04/2026"}],
    }
    assert [each.published for each in json_items(json.dumps(feed).encode(), "https://x.example/")] == [day]


FRESH = [
    (
        "<description>&lt;p&gt;Tide &amp;amp; wind.&lt;/p&gt;</description><pubDate>Mon, 02 Mar 2026 07:15:00 GMT</pubDate>",  # noqa: E501
        "Tide & wind.",
        "2026-03-02",
    ),
    (
        "<description><![CDATA[<p>Tide<br>wind</p>]]></description><dc:date>2026-03-02T07:15Z</dc:date>",
        "Tide\nwind",
        "2026-03-02",
    ),
    (
        "<content:encoded><![CDATA[<ul><li>one</li><li>two</li></ul>]]></content:encoded><pubDate>02 Mar 26 07:15 EST</pubDate>",  # noqa: E501
        "- one\n- two",
        "2026-03-02",
    ),
    (
        "<media:group><media:description>Film.</media:description></media:group><pubDate>2026-03-02</pubDate>",
        "Film.",
        "2026-03-02",
    ),
    (
        "<itunes:subtitle>Sub</itunes:subtitle><itunes:summary>Sum of it.</itunes:summary><pubDate>Mon, 2 Mar 2026 7:15:00 CET</pubDate>",  # noqa: E501
        "Sum of it.",
        "2026-03-02",
    ),
    (
        "<description><![CDATA[<table><tr><th>Boat<th>Fee<tr><td>Kayak<td>3</table>]]></description>",
        "Boat: Kayak; Fee: 3.",
        "",
    ),
    ("<description>5 &lt; 6 and so on</description>", "5 < 6 and so on", ""),
    (
        "<description><![CDATA[<script>x()</script><p>Shown.</p>]]></description><dcterms:created>2026-03-02</dcterms:created>",
        "Shown.",
        "2026-03-02",
    ),
    ("<description>So&#173;ft caf&#233;</description><pubDate>lundi 2 mars 2026</pubDate>", "Soft café", "2026-03-02"),
    (
        "<description>&lt;img src=x alt='A pier'&gt;Text.</description><pubDate>Mon, 02 Mar 2026 24:00:00 GMT</pubDate>",  # noqa: E501
        "Text.",
        "2026-03-02",
    ),
    (
        "<description><![CDATA[A <b>bold</b> <a href='/x'>link</a>.]]></description><pubDate>1772435700</pubDate>",
        "A bold link.",
        "2026-03-02",
    ),
    ("<media:text>Words.</media:text>", "Words.", ""),
]
"""Items that nobody looked at while the reader was made."""


@pytest.mark.parametrize(("inner", "text", "day"), FRESH)
def test_a_fresh_item_gives_its_text_and_its_day(inner: str, text: str, day: str) -> None:
    [item] = items(rss(inner))
    assert (clean(item), item.published[:10]) == (text, day)
