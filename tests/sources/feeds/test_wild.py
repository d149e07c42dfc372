"""Feeds in the shapes of the wild: read as feedparser reads them, and never slow or fatal when they are damaged."""

import io
import tomllib
from asyncio import run
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import SourceError
from fanin.limits import LIMITS, Limits
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.sources.feeds import feeds
from fanin.sources.feeds.feed_entry import absolute_url, plain_title

WILD = Path(__file__).parent / "wild"
EXPECTED: dict[str, Any] = tomllib.loads((WILD / "expected.toml").read_text("utf-8"))
ADDRESS = "https://feeds.example/dir/feed"
READ = [name for name, told in EXPECTED.items() if "items" in told]
AGREED = [name for name in READ if "differs" not in EXPECTED[name]]


@dataclass
class Reply:
    """A body in pieces, as the client hands it over."""

    pieces: list[bytes]
    content_type: str
    url: URL = URL(ADDRESS)  # noqa: RUF009 - addresses never change
    limits: Limits = LIMITS

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0]

    @property
    def charset(self) -> str:
        return self.content_type.partition("charset=")[2]

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


class Says(Client):
    """A client whose every answer is the same."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self._reply = reply

    @asynccontextmanager
    async def open(self, url: str, **_: Any) -> AsyncGenerator[Any]:
        yield self._reply


def read(body: bytes, content_type: str = "application/xml", *, size: int = 1 << 16) -> list[Document]:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    source = feeds(ADDRESS, client=Says(Reply(pieces, content_type)))

    async def everything() -> list[Document]:
        return [document async for document in source(Question("What is new?")) if isinstance(document, Document)]

    return run(everything())


def content_type(name: str) -> str:
    return EXPECTED[name].get("content_type", "application/xml")


def test_every_feed_has_an_expectation_and_there_are_many() -> None:
    files = {path.name for path in WILD.iterdir()} - {"expected.toml"}
    assert files == {*EXPECTED}
    assert len(files) >= 100


@pytest.mark.parametrize("size", [1 << 16, 7])
@pytest.mark.parametrize("name", READ)
def test_a_feed_gives_its_titles_dates_and_links(name: str, size: int) -> None:
    found = read((WILD / name).read_bytes(), content_type(name), size=size)
    assert [[each.title, each.published, each.url] for each in found] == EXPECTED[name]["items"]


@pytest.mark.parametrize("name", [name for name in EXPECTED if name not in READ])
def test_a_doctype_that_defines_something_is_refused_wherever_it_hides(name: str) -> None:
    refused = EXPECTED[name]["refused"]
    with pytest.raises(SourceError, match="DOCTYPE" if refused is True else refused) as caught:
        read((WILD / name).read_bytes(), content_type(name))
    assert caught.value.kind == "format"


@pytest.mark.parametrize("name", AGREED)
def test_feedparser_reads_the_same(name: str) -> None:
    headers = {"content-type": content_type(name), "content-location": ADDRESS}
    entries = feedparser.parse(io.BytesIO((WILD / name).read_bytes()), response_headers=headers).entries
    assert [told(entry) for entry in entries] == [
        (title, seconds(published), link) for title, published, link in EXPECTED[name]["items"]
    ]


def told(entry: Any) -> tuple[str, datetime | None, str]:
    dates = (entry.get(name) for name in ("published_parsed", "created_parsed", "updated_parsed") if name in entry)
    at = next((date for date in dates if date), None)
    return (
        plain_title(entry.get("title", "")),
        datetime(*at[:6], tzinfo=UTC) if at else None,
        absolute_url(ADDRESS, entry.get("link", "")),
    )


def seconds(published: str) -> datetime | None:
    """The moment as feedparser tells it: in UTC, which is what it takes a date without a zone for."""
    if not published:
        return None
    at = datetime.fromisoformat(published).replace(microsecond=0)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, str]:
    """One of the feeds with some stretches of it taken away, doubled, or replaced."""
    name = draw(st.sampled_from(sorted(EXPECTED)))
    body = (WILD / name).read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 60)))
        put = draw(
            st.binary(max_size=12)
            | st.sampled_from(
                [b"<", b"&", b"]]>", b"<item>", b"</item>", b"<![CDATA[", b"&#0;", b"&#xD800;", b'"', b"\0"]
            )
            | st.sampled_from([body[start:end] * 2, b"<item>" * 200, b"<!DOCTYPE x>", b'xml:base="http://["'])
        )
        body = body[:start] + put + body[end:]
    return body, content_type(name)


@settings(max_examples=300, deadline=None)
@given(damaged(), st.sampled_from([1 << 16, 50]))
def test_a_damaged_feed_is_documents_or_an_error(feed: tuple[bytes, str], size: int) -> None:
    with suppress(SourceError):
        for document in read(*feed, size=size):
            assert document.url.partition("//")[0] in ("", "http:", "https:")
            if document.published:
                datetime.fromisoformat(document.published)
            (document.title + document.text).encode()
