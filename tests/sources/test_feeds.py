import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import web

from fanin.errors import ConfigError, SourceError
from fanin.model import Question
from fanin.net.client import Client
from fanin.sources.feeds import feeds
from fanin.sources.feeds.feed_entry import absolute_url, plain_title
from fanin.sources.source import Source
from fanin.testing.services import Services

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Channel</title><link>https://x.example/</link>
<item><title>Caf&amp;eacute; &lt;b&gt;open&lt;/b&gt;</title><link>/a</link>
<pubDate>Mon, 23 Nov 2026 08:00:00 +0100</pubDate>
<description>&lt;p&gt;First &amp;amp; best.&lt;/p&gt;</description>
<media:content url="x"/><media:title>No</media:title></item>
<item><title>Second</title><guid>https://x.example/b</guid><description>Plain words.</description>
<content:encoded><![CDATA[<p>The whole <i>story</i>.</p>]]></content:encoded></item>
<item><title>Only a title</title><link>javascript:alert(1)</link><pubDate>yesterday</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
<entry><title type="html">One &amp;amp; two</title><link rel="self" href="https://x.example/self"/>
<link href="https://x.example/1"/><updated>2026-11-23T08:00:00Z</updated><summary>Plain text.</summary></entry>
<entry><title>Three</title><link rel="alternate" href="3"/><published>2026-11-22T08:00:00Z</published>
<updated>2026-11-23T08:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>If a &lt; b then <b>c</b></p></div></content></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>C</title></channel>
<item><title>Old</title><link>https://x.example/old</link><description>Words.</description>
<dc:date>2026-11-23</dc:date></item></rdf:RDF>"""


def giving(body: str | bytes, content_type: str = "application/rss+xml"):
    async def handler(request: web.Request) -> web.Response:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, headers={"Content-Type": content_type})

    return handler


async def titles_and_error(source: Source) -> tuple[list[str], SourceError]:
    titles: list[str] = []
    try:
        async for document in source(Question("What is new?")):
            titles.append(document.title)
    except SourceError as error:
        return titles, error
    finally:
        await source.close()
    raise AssertionError("the source ended without an error")


async def test_rss_items_have_text_title_address_date_and_media_type(ask, serve) -> None:
    url = await serve(giving(RSS))
    first, second, third = await ask(feeds(f"{url}/news", client=Client(allow_private=True)))
    assert (first.title, first.url, first.text) == ("Café open", f"{url}/a", "<p>First &amp; best.</p>")
    assert (first.published, first.media_type) == ("2026-11-23T08:00:00+01:00", "text/html")
    assert (second.url, second.text) == ("https://x.example/b", "<p>The whole <i>story</i>.</p>")
    assert (third.text, third.url, third.published) == ("Only a title", "", "")
    assert third.media_type == "text/plain"


async def test_atom_entries_have_text_title_address_date_and_media_type(ask, serve) -> None:
    url = await serve(giving(ATOM))
    first, second = await ask(feeds(f"{url}/feed", client=Client(allow_private=True)))
    assert (first.title, first.url, first.text) == ("One & two", "https://x.example/1", "Plain text.")
    assert (first.published, first.media_type) == ("2026-11-23T08:00:00+00:00", "text/plain")
    assert (second.url, second.published) == (f"{url}/3", "2026-11-22T08:00:00+00:00")
    assert (second.text, second.media_type) == ("<div><p>If a &lt; b then <b>c</b></p></div>", "text/html")


async def test_rss_1_items_are_read_too(ask, serve) -> None:
    [item] = await ask(feeds(await serve(giving(RDF)), client=Client(allow_private=True)))
    assert (item.title, item.text, item.published) == ("Old", "Words.", "2026-11-23")


async def test_the_demo_feed_is_dated_today_and_in_html(ask) -> None:
    async with Services(scale=0.0) as services:
        items = await ask(feeds(f"{services.url}/news.xml", client=Client(allow_private=True)), "What is new?")
    assert len(items) == 12
    assert items[0].title == "Tide gate closes at six as the storm nears Port Merrow"
    assert abs((datetime.now(UTC) - datetime.fromisoformat(items[0].published)).total_seconds()) < 3600
    assert {item.media_type for item in items} == {"text/html"}
    assert all(item.url.startswith("https://courier.example/") for item in items)


async def test_items_are_handed_over_while_the_feed_still_arrives(serve) -> None:
    rest = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        head, tail = RSS.split("<item><title>Second")
        await response.write(head.encode())
        await rest.wait()
        await response.write(f"<item><title>Second{tail}".encode())
        return response

    source = feeds(await serve(handler), client=Client(allow_private=True))
    stream = source(Question("What is new?"))
    assert (await asyncio.wait_for(anext(stream), 5)).title == "Café open"
    rest.set()
    assert [document.title async for document in stream] == ["Second", "Only a title"]
    await source.close()


async def test_items_beyond_the_wanted_number_are_not_read(ask, serve) -> None:
    assert len(await ask(feeds(await serve(giving(RSS)), items=2, client=Client(allow_private=True)))) == 2


async def test_one_broken_feed_does_not_spoil_the_others(serve) -> None:
    source = feeds(await serve(giving("")), await serve(giving(RSS)), client=Client(allow_private=True))
    titles, error = await titles_and_error(source)
    assert titles == ["Café open", "Second", "Only a title"]
    assert "neither XML nor JSON" in str(error)


async def test_what_is_not_well_formed_is_read_from_there_by_feedparser(ask, serve) -> None:
    broken = RSS.replace("Plain words.", "Fish & chips <br> today").replace("</channel>", "")
    items = await ask(feeds(await serve(giving(broken)), client=Client(allow_private=True)))
    assert [item.title for item in items] == ["Café open", "Second", "Only a title"]


async def test_a_feed_that_ends_too_early_still_gives_its_whole_items(ask, serve) -> None:
    items = await ask(
        feeds(await serve(giving(RSS[: RSS.index("<item><title>Only")])), client=Client(allow_private=True))
    )
    assert [item.title for item in items] == ["Café open", "Second"]


@pytest.mark.parametrize("content_type", ["application/rss+xml", "application/rss+xml; charset=iso-8859-1"])
async def test_a_wrong_charset_does_not_lose_the_feed(ask, serve, content_type: str) -> None:
    body = RSS.replace("Second", "Köln").encode("iso-8859-1")  # although its first line says UTF-8
    items = await ask(feeds(await serve(giving(body, content_type)), client=Client(allow_private=True)))
    assert [item.title for item in items] == ["Café open", "Köln", "Only a title"]


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss><channel><item><title>&a;</title></item></channel></rss>',
        "<?xml version='1.0'?><!DOCTYPE rss [<!ATTLIST item id ID #IMPLIED>]><rss/>",
        "<!DOCTYPE rss SYSTEM 'a>b' [<!ENTITY % a SYSTEM 'x'>]><rss/>",
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>").encode("utf-16"),
        "<p>x & y</p><!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>",
    ],
)
async def test_a_doctype_that_defines_something_is_refused(ask, serve, body) -> None:
    with pytest.raises(SourceError, match="not a feed") as caught:
        await ask(feeds(await serve(giving(body)), client=Client(allow_private=True)))
    assert caught.value.kind == "format"


@pytest.mark.parametrize(
    "body", ["<html><body>Hello</body></html>", "not xml at all", b"\x00\xff\x00", "<rss>" + "<a>" * 200, "{}"]
)
async def test_what_is_no_feed_is_a_format_error(ask, serve, body) -> None:
    with pytest.raises(SourceError, match="not a feed") as caught:
        await ask(feeds(await serve(giving(body)), client=Client(allow_private=True)))
    assert caught.value.kind == "format"


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><head><title>Blog</title></head><body>Hello</body></html>",
        "<!doctype HTML>\n<html lang=en><p>Not closed & not XML<br>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html/>',
        "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        "<!-- saved --><HTML><BODY bgcolor=white>Hello",
        "\n\n <head><title>x</title><meta charset=utf-8>",
    ],
)
async def test_a_web_page_instead_of_a_feed_is_told_as_such(ask, serve, body: str) -> None:
    with pytest.raises(SourceError, match=r"it is a web page \(HTML\)") as caught:
        await ask(feeds(await serve(giving(body)), client=Client(allow_private=True)))
    assert caught.value.kind == "format"


async def test_a_connection_that_breaks_keeps_what_arrived() -> None:
    async with Services(scale=0.1, faults={"news": "fail"}) as services:
        titles, error = await titles_and_error(feeds(f"{services.url}/news.xml", client=Client(allow_private=True)))
    assert (error.kind, len(titles)) == ("truncated", 6)


def test_a_source_without_an_address_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="no address"):
        feeds()
    with pytest.raises(ConfigError, match=r"The source 'news': This is not a valid address \(a\.example/feed\)"):
        feeds("https://a.example/feed", "a.example/feed?key=secret")


def test_addresses_are_absolute_and_of_the_web_only() -> None:
    assert absolute_url("https://x.example/feed", "../a b") == "https://x.example/a b"
    assert [absolute_url("https://x.example/", link) for link in ("javascript:x", "file:///etc", "http://[", " ")] == [
        ""
    ] * 4


def test_titles_lose_markup_entities_and_line_breaks() -> None:
    assert plain_title("A &lt;b&gt;bold&lt;/b&gt;\n move &amp;amp; 1 < 2") == "A bold move & 1 < 2"
