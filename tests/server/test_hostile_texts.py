"""Whatever a source says, in title, text, address, date or error: it stays text, in every form that a run has."""

import json
import re
import unicodedata
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any, get_args, override
from urllib.parse import urlsplit

import httpx2
import pytest
from hostile_strings import hostile_strings
from markdown_it import MarkdownIt

from fanin import Document, Engine, Question, source
from fanin.errors import FailureKind, SourceError
from fanin.events import Event
from fanin.interfaces.notebook import answer_html
from fanin.interfaces.render import answer_text, to_text

STRINGS = tuple(hostile_strings())
EVENTS = {each.__name__.lower() for each in get_args(Event.__value__)}
HARMLESS = ("\n", "\u200c", "\u200d")  # what Persian and Hindi are written with, and emoji
TAGS = {"div", "p", "br", "ol", "ul", "li", "a", "small"}


def told_for(question: str) -> str:
    return STRINGS[int(re.findall(r"\d+", question)[0])]


@source
async def pages(question: Question) -> AsyncIterator[Document]:
    """Documents with a hostile text in every place, one of them as the end of a sound address."""
    told = told_for(question.text)
    yield Document(f"The harbour is open until nine. {told} The harbour has {told} berths.", title=told, url=told)
    url = f"https://example.com/{told}"
    yield Document(f"{told}\n\nThe harbour closes at nine.", title=f"Harbour {told}", url=url, published=told)


@source
async def broken(question: Question) -> str:
    raise SourceError(told_for(question.text), FailureKind.ERROR)


async def test_every_reply_of_a_run_keeps_it_text(opened) -> None:
    server = await opened(engine=Engine([pages, broken], semantic=False), server='rate = "100000/min"')
    for number in range(len(STRINGS)):
        status, headers, answer = await server.post("/v1/ask", {"question": f"Is the harbour {number} open?"})
        assert (status, answer["success"], len(answer["citations"]) > 0) == (200, True, True)
        run = f"/v1/runs/{headers['Fanin-Run']}"
        events = await server.events("GET", f"{run}/events?after=0")
        accept = {"Accept": "application/x-ndjson"}
        async with server.client.get(f"{server.address}{run}/events?after=0", headers=accept) as reply:
            lines = [json.loads(line) async for line in reply.content]
        for told in (events, lines):
            assert {each["event"] for each in told} <= EVENTS
            assert [each["event"] for each in told].count("answered") == 1
        _, fields, markdown = await server.get(f"{run}/answer.md")
        assert fields["X-Content-Type-Options"] == "nosniff"
        check_markdown(markdown)
        assert (await server.get(f"{run}/trace.json"))[0] == 200


async def test_a_chat_keeps_it_text(opened) -> None:
    server = await opened(engine=Engine([pages, broken], semantic=False), server='rate = "100000/min"')
    for number in range(len(STRINGS)):
        body = {"model": "fanin", "messages": [{"role": "user", "content": f"Is the harbour {number} open?"}]}
        _, _, reply = await server.post("/v1/chat/completions", body)
        message = reply["choices"][0]["message"]
        check_controls(message["content"])
        for each in message["annotations"]:
            check_address(each["url_citation"]["url"])
            check_controls(each["url_citation"]["title"])
        _, _, response = await server.post("/v1/responses", {"model": "fanin", "input": body["messages"][0]["content"]})
        (part,) = response["output"][0]["content"]
        check_controls(part["text"])
        for each in part["annotations"]:
            check_address(each["url"])
            check_controls(each["title"])


async def test_an_agent_gets_text_and_links_that_may_be_followed(opened) -> None:
    mcp = pytest.importorskip("mcp.client.client")
    from mcp.client.streamable_http import streamable_http_client

    server = await opened(engine=Engine([pages, broken], semantic=False), server='rate = "100000/min"')
    async with (
        httpx2.AsyncClient(timeout=30) as http,
        mcp.Client(streamable_http_client(f"{server.address}/mcp", http_client=http)) as client,
    ):
        for number in range(len(STRINGS)):
            result = await client.call_tool("ask", {"question": f"Is the harbour {number} open?"})
            assert not result.is_error, result.content[0].text
            check_controls(result.content[0].text)
            for each in result.content[1:]:
                check_address(str(each.uri))
                check_controls(each.name)
                check_controls(each.description)


async def test_a_terminal_and_a_notebook_get_text() -> None:
    async with Engine([pages, broken], semantic=False) as engine:
        for number in range(len(STRINGS)):
            events = [event async for event in engine.stream(f"Is the harbour {number} open?")]
            for event in events:
                check_controls(to_text(event))
            check_controls(answer_text(events[-1].answer))
            check_html(answer_html(events[-1].answer))


def check_controls(text: str) -> None:
    """No character that a terminal obeys, or that turns the direction of what follows."""
    found = [
        each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") and each not in HARMLESS
    ]
    assert [*map(ascii, found)] == []


def check_address(url: str) -> None:
    """An address of http or https that ends where it seems to end."""
    parts = urlsplit(url)
    assert parts.scheme in ("http", "https")
    assert parts.hostname in ("example.com", "127.0.0.1", "evil.example")
    assert not re.search(r"[\s<>\"'\\`]", url)
    check_controls(url)


def check_markdown(text: str) -> None:
    """No markup but paragraphs, lists, and links to sound addresses, for a parser that takes HTML."""
    check_controls(text)
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    tokens += [child for token in tokens for child in token.children or ()]
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"paragraph", "inline", "text", "text_special", "softbreak", "link", "bullet_list", "list_item"}
    for token in tokens:
        if token.type == "link_open":
            check_address(str(token.attrs["href"]))


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check_html(text: str) -> None:
    for tag, attributes in Elements(text).found:
        assert tag in TAGS
        assert attributes.keys() <= {"href", "target", "rel", "value"}
        if "href" in attributes:
            check_address(attributes["href"])
