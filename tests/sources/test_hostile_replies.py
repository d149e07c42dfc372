"""Whatever a server says, a source gives documents or raises a SourceError, and nothing else."""

import asyncio
import copy
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import SourceError
from fanin.limits import LIMITS, Limits
from fanin.model import Document, Question
from fanin.net.body.json_body import decode_json
from fanin.net.client import Client
from fanin.sources.feeds import feeds
from fanin.sources.open_meteo import open_meteo
from fanin.sources.open_meteo.forecast import CURRENT, DAILY
from fanin.sources.source import Source
from fanin.sources.wikipedia import wikipedia
from fanin.testing.services import news_service, weather_service, wiki_service

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FORECAST = weather_service.forecast(CURRENT, DAILY, days=2, now=NOW)
FOUND = wiki_service.search(wiki_service.pages(months=1), "harbour", limit=2, timestamp="2026-11-23T09:30:00Z")
FEED = "".join([news_service.HEAD, *news_service.items(now=NOW)[:3], news_service.TAIL]).encode()
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &amp;amp; b</title>'
    b'<link href="x"/><updated>2026-11-23T08:00:00Z</updated><content type="xhtml"><div>a <b>c</b></div></content>'
    b"</entry></feed>"
)

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@dataclass
class Reply:
    """A body in pieces, as the client hands it over."""

    pieces: list[bytes]
    url: URL = URL("https://x.example/feed")  # noqa: RUF009 - addresses never change
    media_type: str = "application/rss+xml"
    charset: str = ""
    limits: Limits = LIMITS

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


class Says(Client):
    """A client whose every answer is the same."""

    def __init__(self, *told: Any, pieces: list[bytes] | None = None) -> None:
        super().__init__()
        self._told = list(told)
        self._pieces = pieces or []

    async def get_json(self, url: str, *, params: Any = None, **_: Any) -> Any:
        return self._told.pop(0) if len(self._told) > 1 else self._told[0]

    @asynccontextmanager
    async def open(self, url: str, **_: Any) -> AsyncGenerator[Any]:
        yield Reply(self._pieces)


def asked(source: Source) -> list[Document]:
    async def all_of_it() -> list[Document]:
        found = [item async for item in source(Question("Is the harbour open in Port Merrow?"))]
        return [item for item in found if isinstance(item, Document)]

    try:
        return asyncio.run(all_of_it())
    except SourceError:
        return []


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """The value with one part replaced by something else, or taken away."""
    whole = copy.deepcopy(whole)
    part = whole
    for _ in range(draw(st.integers(0, 4))):
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = draw(st.sampled_from(keys)) if keys else None
        if key is None or not isinstance(part[key], dict | list) or not part[key]:
            break
        part = part[key]
    if isinstance(part, dict | list) and part:
        key = draw(st.sampled_from(list(part) if isinstance(part, dict) else list(range(len(part)))))
        if draw(st.booleans()):
            part[key] = draw(values)
        else:
            del part[key]
    return whole


@st.composite
def broken(draw: st.DrawFn, whole: bytes) -> list[bytes]:
    """The bytes with a stretch of them replaced, in up to three pieces."""
    start = draw(st.integers(0, len(whole)))
    end = min(len(whole), start + draw(st.integers(0, 40)))
    body = whole[:start] + draw(st.binary(max_size=12) | st.sampled_from([b"<", b"&", b"]]>", b"<item>"])) + whole[end:]
    cut = draw(st.integers(0, len(body)))
    return [body[:cut], body[cut:]]


@settings(max_examples=150, deadline=None)
@given(values | damaged(FORECAST))
def test_any_forecast_is_a_document_or_an_error(told: Any) -> None:
    for document in asked(open_meteo(client=Says({"results": [dict(weather_service.PLACE)]}, told))):
        assert document.text
        assert document.url.startswith("https://api.open-meteo.com/v1/forecast?")


@pytest.mark.parametrize("code", [1e999, -1e999, "65", [65], {}, True, "x"])
def test_a_weather_code_of_another_kind_is_a_document_or_an_error(code: object) -> None:
    seen = copy.deepcopy(FORECAST)
    seen["current"]["weather_code"] = code  # pyright: ignore
    assert len(asked(open_meteo(client=Says({"results": [dict(weather_service.PLACE)]}, seen)))) <= 1


@settings(max_examples=100, deadline=None)
@given(values | damaged({"results": [dict(weather_service.PLACE)]}))
def test_any_geocoding_is_a_document_or_an_error(told: Any) -> None:
    assert len(asked(open_meteo(client=Says(told, FORECAST)))) <= 1


@settings(max_examples=150, deadline=None)
@given(values | damaged(FOUND), values | damaged(wiki_service.extract(wiki_service.pages(months=1), 1001)))
def test_any_search_and_any_page_are_documents_or_an_error(found: Any, page: Any) -> None:
    for document in asked(wikipedia(client=Says(found, page))):
        assert document.text
        assert isinstance(document.title + document.url + document.published, str)


@settings(max_examples=200, deadline=None)
@given(broken(FEED) | broken(ATOM) | st.lists(st.binary(max_size=60), max_size=3))
@example([b'<?xml version="1.0" encoding="\0UTF-8"?><rss version="2.0"><channel><item></channel></rss>'])
def test_any_feed_is_documents_or_an_error(pieces: list[bytes]) -> None:
    for document in asked(feeds("https://x.example/feed", client=Says(pieces=pieces))):
        assert document.url.partition("//")[0] in ("", "http:", "https:")
        assert document.media_type in ("text/html", "text/plain")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["", "utf-8", "latin-1", "utf-7", "idna", "zlib", "no such"]))
def test_any_bytes_are_json_or_an_error(body: bytes, charset: str) -> None:
    with suppress(SourceError):
        assert json.dumps(decode_json(body, charset=charset, url=URL("https://x.example/")))
