"""Whatever a web server sends to whatever source, the loop is held up by nothing of it."""

from collections.abc import AsyncIterator, Callable

import pytest

from fanin.engine import Engine
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.sources.feeds import feeds
from fanin.sources.http import http
from fanin.sources.source import Source
from fanin.sources.web import web
from fanin.testing.hostile import MISBEHAVIOURS
from fanin.testing.stalls import watch_loop

KIND = "http"
LONGEST_STALL = 0.05
TRIES = 3
"""A stall is what a server causes each time; what the machine does beside a test comes and goes."""
TIMEOUT = 1.0


def texts(client: Client, url: str) -> Source:
    async def fetch(_: Question) -> AsyncIterator[Document]:
        async with client.open(url) as reply:
            yield Document((await reply.text()).text[:1_000])

    return Source("bad", fetch, timeout=TIMEOUT, close=client.close)


SOURCES: dict[str, Callable[[Client, str], Source]] = {
    "http": lambda client, url: http(url, name="bad", text="text || text[0] || to_string(@)", client=client),
    "feeds": lambda client, url: feeds(url, name="bad", client=client),
    "web": lambda client, url: web(url, name="bad", client=client),
    "texts": texts,
}


def measure(_: str, document: Document) -> int:
    return len(document.text)


async def ends(kind: str, url: str) -> tuple[str, str, float]:
    client = Client(allow_private=True)
    source = SOURCES[kind](client, url)
    async with (
        Engine([source], process=measure, pool="inline", semantic=False, deadline=TIMEOUT) as engine,
        watch_loop() as stalls,
    ):
        answer = await engine.ask("Is the harbour open?", deadline=TIMEOUT)
    outcome = answer.sources["bad"]
    return outcome.status, outcome.kind, stalls.longest


def read_as(name: str) -> list[str]:
    """The kinds of sources that this is meant for; what is said around a body is the same for all."""
    if name.startswith("feed-"):
        return ["feeds", "http"]
    return ["texts", "web", "feeds"] if name.startswith("charset-") else ["http"]


STATUS_ALONE = [name for name in MISBEHAVIOURS if name[:3].isdigit() and "endless" not in name]
"""Answers of a few bytes, which are tested elsewhere."""


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name in MISBEHAVIOURS if name not in STATUS_ALONE for kind in read_as(name)]
)
async def test_no_server_holds_up_the_loop(hostile: str, kind: str, name: str) -> None:
    for _ in range(TRIES):
        status, ended, stall = await ends(kind, hostile + name)
        print(f"{kind} {name}: {status}/{ended}, {stall * 1000:.0f} ms")
        if stall <= LONGEST_STALL:
            return
    pytest.fail(f"the loop was held up for {stall * 1000:.0f} ms")
