import asyncio
from typing import Any

import pytest
from aiohttp import web as server
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import ConfigError, RateLimited, SourceError
from fanin.limits import LIMITS
from fanin.model import Document, Notice, Question
from fanin.net.body.text_decoding import decode_text
from fanin.net.client import Client
from fanin.sources.web import web
from fanin.testing.check_source import check_source

PAGE = """<!DOCTYPE html><html><head><title>Harbour &amp; gate</title>
<meta property="article:published_time" content="2026-11-23T08:15:00Z"></head>
<body><nav><a href="/">Home</a></nav><main><h1>Gate</h1><p>The tide gate closes at 18:00.</p></main></body></html>"""


def answering(*bodies: Any, **given: Any):
    """A handler whose answer at /0 is the first body, and so on."""

    async def handler(request: server.Request) -> server.Response:
        body = bodies[int(request.path.strip("/"))]
        body = body.encode() if isinstance(body, str) else body
        return server.Response(body=body, **({"content_type": "text/html", "charset": "utf-8"} | given))

    return handler


def reading(*urls: str):
    return web(*urls, client=Client(allow_private=True))


async def test_a_page_is_its_main_text_title_address_and_date(ask, serve) -> None:
    url = f"{await serve(answering(PAGE))}/0"
    text, sections = "Gate\n\nThe tide gate closes at 18:00.", {"sections": [[0, "Gate"]]}
    assert await ask(reading(f"{url}#gate")) == [
        Document(text, "Harbour & gate", url, "2026-11-23T08:15:00+00:00", metadata=sections)
    ]


async def test_many_pages_come_as_they_arrive_and_one_that_fails_leaves_the_others(serve) -> None:
    async def handler(request: server.Request) -> server.Response:
        if request.path == "/slow":
            await asyncio.sleep(0.1)
        if request.path == "/broken":
            return server.Response(status=500)
        return server.Response(text=f"<p>{request.path}", content_type="text/html")

    url = await serve(handler)
    source = reading(f"{url}/slow", f"{url}/broken", f"{url}/quick")
    stream = source(Question("gate"))
    assert [(await anext(stream)).text for _ in range(2)] == ["/quick", "/slow"]
    with pytest.raises(SourceError, match="500"):
        await anext(stream)
    await source.close()


async def test_a_page_is_read_in_the_charset_that_it_names(ask, serve) -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź'.encode("iso-8859-2")
    url = await serve(answering(page, charset=None))
    [document] = await ask(reading(f"{url}/0"))
    assert document.text == "Łódź"


async def test_plain_text_is_taken_as_it_is(ask, serve) -> None:
    url = await serve(answering("a < b\n\n<p>", content_type="text/plain"))
    [document] = await ask(reading(f"{url}/0"))
    assert (document.text, document.media_type) == ("a < b\n\n<p>", "text/plain")


@pytest.mark.parametrize("body", ["", "<div id=app></div><script>render()</script>", "<nav>Menu</nav>"])
async def test_a_page_without_text_says_so(ask, serve, body) -> None:
    url = await serve(answering(body))
    [notice] = await ask(reading(f"{url}/0"))
    assert isinstance(notice, Notice)
    assert "no text to read" in notice.message


async def test_a_page_tells_its_sections(ask, serve) -> None:
    body = "<title>Museum</title><h1>Museum</h1><p>It has a gate to the river.<h2>Fees</h2><p>Adults pay 4 euros."
    url = await serve(answering(body))
    [document] = await ask(reading(f"{url}/0"))
    assert document.metadata == {"sections": [[0, "Museum"], [document.text.index("Fees"), "Museum > Fees"]]}


@pytest.mark.parametrize(
    ("media_type", "body", "text", "title"),
    [
        ("text/markdown", "# Fees\n\nAdults pay **4** euros.", "Fees\n\nAdults pay 4 euros.", "Fees"),
        ("text/x-markdown", "---\ntitle: Fees\n---\nA [gate](/g).", "A gate.", "Fees"),
        ("text/csv", "Item,Price\nChair,89\nTable,120\n", "Item: Chair; Price: 89.\n\nItem: Table; Price: 120.", ""),
        ("text/tab-separated-values", "Item\tPrice\nChair\t89\n", "Item: Chair; Price: 89.", ""),
    ],
)
async def test_a_text_with_a_form_is_read_as_such_a_file(ask, serve, media_type, body, text, title) -> None:
    url = await serve(answering(body, content_type=media_type))
    [document] = await ask(reading(f"{url}/0"))
    assert (document.text.strip(), document.title) == (text, title)


@pytest.mark.parametrize(("path", "text"), [("notes.md", "A gate."), ("notes.txt", "A *gate*.")])
async def test_a_plain_text_is_read_by_the_ending_of_its_address(ask, serve, path, text) -> None:
    async def handler(_: server.Request) -> server.Response:
        return server.Response(text="A *gate*.", content_type="text/plain")

    [document] = await ask(reading(f"{await serve(handler)}/{path}"))
    assert document.text == text


async def test_what_is_no_page_is_refused_unread(ask, serve) -> None:
    url = await serve(answering(b"%PDF-1.7", content_type="application/pdf", charset=None))
    with pytest.raises(SourceError, match=r"the type .application/pdf., which fanin cannot read") as caught:
        await ask(reading(f"{url}/0"))
    assert caught.value.kind == "format"


async def test_a_page_that_is_too_much_for_a_tree_is_told_and_read_in_the_cheap_way(ask, serve) -> None:
    url = await serve(answering("<nav>Menu</nav>" + "<i>" * 100_000 + "The gate is shut."))
    [document] = await ask(reading(f"{url}/0"))
    assert document.text == "The gate is shut."
    assert "too large" in str(document.metadata["remark"])


async def test_the_loop_goes_on_while_a_page_is_read(ask, serve) -> None:
    url = await serve(answering("<p>x</p>" * 40_000))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await ask(reading(f"{url}/0"))
    ticking.cancel()
    assert ticks > 5


@pytest.mark.parametrize(
    ("status", "headers", "error", "kind"),
    [
        (404, {}, SourceError, "http_404"),
        (403, {}, SourceError, "http_403"),
        (429, {"Retry-After": "5"}, RateLimited, "rate_limited"),
        (503, {}, SourceError, "http_503"),
    ],
)
async def test_a_status_is_an_error_of_its_kind(ask, serve, status, headers, error, kind) -> None:
    url = await serve(answering(PAGE, status=status, headers=headers))
    with pytest.raises(error) as caught:
        await ask(reading(f"{url}/0"))
    assert caught.value.kind == kind


@pytest.mark.parametrize("urls", [(), ("ftp://example.com/",), ("example.com",), ("https://",), ("",)])
def test_what_is_no_address_is_a_mistake_in_the_settings(urls) -> None:
    with pytest.raises(ConfigError, match=r"did not add it|asked nothing"):
        web(*urls)


class Recited(Client):
    """A client whose every answer is the same page."""

    def __init__(self, body: bytes = PAGE.encode(), media_type: str = "text/html") -> None:
        super().__init__()
        self.body, self.media_type = body, media_type

    def open(self, url, **_):
        return _Answer(self.body, self.media_type, url)


class _Answer:
    limits = LIMITS

    def __init__(self, body: bytes, media_type: str, url: str) -> None:
        self.body, self.media_type, self.url = body, media_type, URL(url)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None

    async def text(self):
        return decode_text(self.body, media_type=self.media_type)


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: web("https://a.example/", "https://b.example/", client=Recited()))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["text/html", "application/xhtml+xml", "text/plain", "image/png"]))
def test_any_body_is_a_document_or_an_error(body: bytes, media_type: str) -> None:
    async def all_of_it() -> list[Any]:
        return [each async for each in web("https://a.example/", client=Recited(body, media_type))(Question("x"))]

    if media_type == "image/png":
        with pytest.raises(SourceError, match="which fanin cannot read"):
            asyncio.run(all_of_it())
    else:
        [seen] = asyncio.run(all_of_it())
        assert seen.message if isinstance(seen, Notice) else seen.text.strip()
