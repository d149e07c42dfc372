"""Whatever a server does, its source ends as it should, and the source beside it does not notice."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fanin.engine import Engine
from fanin.errors import SourceError
from fanin.model import Answer, Document, Question
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.sources.feeds import feeds
from fanin.sources.source import Source
from fanin.testing.hostile import MISBEHAVIOURS, Hostile

PATIENCE = 0.4
"""Seconds for a source that is to run out of time; any other has plenty, so that a busy machine changes no end."""

PLENTY = 60.0

UNDISTURBED = 5.0
"""Seconds that the source beside it may take, which takes milliseconds: a bound that a busy machine keeps as well."""

WEAK = "429-seconds 429-date 429-past-date 429-garbage 429-huge 429-negative 429-fraction 429 503-seconds"

ENDS = {
    ("ok", ""): """
        json-nan json-infinity json-too-large-a-number
        good parrot redirect-with-endless-body json-with-mark json-twice-the-key json-half-a-character charset-declared
        utf-16 media-type-giant media-type-none cookies json-of-many-keys json-of-one-key json-of-half-characters
    """,
    ("empty", ""): "json-of-one-text",
    ("timeout", "timeout"): """
        silent stalls-in-the-status stalls-in-a-header stalls-after-the-headers stalls-in-the-body stalls-before-the-end
        a-byte-a-second chunk-note-endless interim-endless chunks-empty-endless
    """,
    ("error", "unreachable"): "refused",
    ("error", "disconnected"): "closes resets closes-in-the-headers empty-line",
    ("error", "truncated"): """
        closes-in-the-body resets-in-the-body length-too-long chunks-break-off chunks-without-an-end gzip-truncated
        gzip-without-checksum gzip-is-none gzip-checksum-wrong gzip-then-garbage deflate-truncated zstd-truncated
        zstd-is-none
    """,
    ("error", "protocol"): """
        a-byte-of-body-a-second length-negative length-no-number length-twice length-and-chunks chunk-size-wrong
        chunk-size-no-number chunk-size-huge trailers-endless header-giant headers-many headers-endless
        header-without-colon header-with-nul status-no-number version-unknown http-0-9 speaks-ssh speaks-smtp
        speaks-http-2 speaks-tls binary
    """,
    ("error", "tls"): "tls",
    ("error", "too_large"): """
        length-huge chunks-endless body-endless headers-over-32-kb gzip-bomb deflate-bomb zstd-bomb
        json-of-a-million-lists json-very-deep json-giant-number json-of-many-digits json-of-many-decimals
        json-of-many-long-numbers gzip-many-members zstd-window-of-128-mb
    """,
    ("error", "redirects"): """
        redirect-loop redirect-ping-pong redirect-chain redirect-to-file redirect-to-script redirect-to-ftp
        redirect-to-no-address
    """,
    ("rate_limited", "rate_limited"): WEAK,
    ("error", "encoding"): "encoding-unknown encoding-not-asked-for encoding-twice encoding-many brotli-bomb",
    ("error", "not_json"): """
        html-for-json html-called-json empty blank json-broken-off json-then-garbage
        charset-wrong charset-unknown charset-no-charset
        utf-8-invalid utf-7 deflate-in-deflate gzip-in-gzip gzip-bomb-in-gzip charset-without-letters
        charset-of-halves
    """,
    ("error", "too_deep"): "json-deep json-deep-in-a-key",
    ("error", "format"): "json-of-another-shape json-null json-of-many-texts json-of-many-lists json-of-many-nans",
    ("error", "http_101"): "switches-protocols",
    ("error", "http_302"): "redirect-to-nothing",
    ("error", "http_400"): "400 echo",
    ("error", "http_404"): "404 404-with-endless-page",
    ("error", "http_999"): "status-999",
    **{
        ("error", f"http_{status}"): str(status)
        for status in (204, 206, 304, 401, 403, 405, 408, 410, 413, 418, 451, 500, 502, 503, 504)
    },
}
TABLE = {name: end for end, names in ENDS.items() for name in names.split()}

EITHER = {
    # The parser sees what follows the answer in the same piece, or only when it is over.
    "length-too-short": (("error", "protocol"), ("ok", "")),
    "204-with-body": (("error", "protocol"), ("error", "http_204")),
    "5xx-burst": (("error", "http_502"),),
}

FEEDS = {
    "feed-giant": ("ok", ""),
    "feed-with-doctype": ("error", "format"),
    "feed-of-html": ("error", "format"),
    "feed-deep": ("error", "format"),
    "feed-binary": ("error", "format"),
    "feed-broken-off": ("partial", "truncated"),
    "feed-of-empty-elements": ("empty", ""),
    "feed-of-many-fields": ("ok", ""),
    "feed-of-many-items": ("ok", ""),
    "feed-with-giant-title": ("ok", ""),
    "feed-with-giant-text": ("ok", ""),
    "feed-with-giant-attribute": ("ok", ""),
    "feed-with-giant-link": ("ok", ""),
    "feed-not-well-formed": ("empty", ""),
    "feed-of-json": ("empty", ""),
}


def measure(_: str, document: Document) -> int:
    return len(document.text)


def patience(name: str) -> float:
    return PATIENCE if TABLE.get(name, ("", ""))[0] == "timeout" else PLENTY


def asking(client: Client, url: str, name: str, timeout: float = PLENTY) -> Source:
    """A source of one JSON answer, as strict about its form as real ones."""

    async def fetch(_: Question) -> AsyncIterator[Document]:
        reply = await client.get_json(url)
        if not isinstance(reply, dict):
            raise SourceError("It answered in another form.", kind="format")
        yield Document(str(reply["text"]))

    return Source(name, fetch, timeout=timeout, close=client.close)


async def beside_a_good_one(name: str, *, feed: bool = False) -> tuple[Answer, Hostile]:
    """The answer of a misbehaving source and a good one, over the same network."""
    async with Hostile() as hostile:
        network = Network()
        clients = [Client(network, allow_private=True) for _ in range(2)]
        bad = (
            feeds(hostile.url(name), name="bad", timeout=PLENTY, items=20, client=clients[0])
            if feed
            else asking(clients[0], hostile.url(name), "bad", patience(name))
        )
        good = asking(clients[1], hostile.url("good"), "good")
        async with Engine([bad, good], process=measure, pool="inline", deadline=100.0) as engine:
            return await engine.ask("Is the harbour open?"), hostile


def held() -> tuple[int, int, int]:
    """What could leak: open descriptors, tasks, and threads."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir()), len(asyncio.all_tasks()), threading.active_count()


async def given_back(before: tuple[int, int, int]) -> bool:
    """Whether all of it is given back; what was cut is closed by the loop a moment later."""
    async with asyncio.timeout(20):
        while any(now > then for now, then in zip(held(), before, strict=True)):
            await asyncio.sleep(0.01)
    return True


def check(answer: Answer, ends: tuple[tuple[str, str], ...]) -> None:
    bad, good = answer.sources["bad"], answer.sources["good"]
    assert (bad.status, bad.kind) in ends, bad.message
    assert (good.status, good.documents) == ("ok", 1)
    assert good.fetching < UNDISTURBED
    assert answer.success
    if bad.status not in ("ok", "empty"):
        assert bad.message
    if bad.kind == "too_large":
        assert re.search(r"\d,\d{3}", bad.message)
    assert len(bad.message) < 500


def test_every_misbehaviour_has_an_expected_end_and_there_are_enough_of_them() -> None:
    expected = {*TABLE, *EITHER, *FEEDS}
    assert expected - {"refused"} == MISBEHAVIOURS.keys()
    assert sum(end[0] != "ok" for end in TABLE.values()) >= 90


@pytest.mark.parametrize("name", [*TABLE, *EITHER])
async def test_a_misbehaving_source_ends_as_it_should_and_disturbs_no_other(name: str) -> None:
    before = held()
    answer, hostile = await beside_a_good_one(name)
    check(answer, EITHER.get(name) or (TABLE[name],))
    assert hostile.asked[name] <= 6
    assert await given_back(before)


@pytest.mark.parametrize(("name", "end"), FEEDS.items())
async def test_a_misbehaving_feed_ends_as_it_should_and_disturbs_no_other(name: str, end: tuple[str, str]) -> None:
    before = held()
    answer, _ = await beside_a_good_one(name, feed=True)
    check(answer, (end,))
    assert await given_back(before)


async def test_a_burst_of_failures_is_over_with_the_next_attempts() -> None:
    async with Hostile() as hostile:
        client = Client(allow_private=True)
        kinds = []
        for _ in range(2):
            with pytest.raises(SourceError) as caught:
                await client.get_json(hostile.url("5xx-burst"))
            kinds.append(caught.value.kind)
        assert "text" in await client.get_json(hostile.url("5xx-burst"))
        await client.close()
    assert kinds == ["http_502", "http_503"]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the most memory ever used")
@pytest.mark.parametrize(
    "name", ["gzip-bomb", "deflate-bomb", "zstd-bomb", "zstd-window-of-128-mb", "body-endless", "json-very-deep"]
)
async def test_a_bomb_costs_little_memory(name: str) -> None:
    async with Hostile() as hostile:
        client = Client(allow_private=True)
        for _ in range(2):  # the first time the bomb itself is built
            Path("/proc/self/clear_refs").write_text("5", "ascii")
            before = most_memory()
            with pytest.raises(SourceError):
                await client.get_json(hostile.url(name))
        await client.close()
    # The limits are 5 MB on the wire and 20 MB unpacked, which a JSON answer needs in one piece.
    assert most_memory() - before < 64_000_000


def most_memory() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


async def test_all_at_once_they_leave_the_good_one_alone_and_nothing_behind() -> None:
    before = held()
    async with Hostile() as hostile:
        network = Network(per_host=200, in_all=200)
        sources = [
            asking(Client(network, allow_private=True), hostile.url(name), name, patience(name))
            for name in TABLE
            if "bomb" not in name
        ]
        async with Engine(sources, process=measure, pool="inline", deadline=100.0) as engine:
            answer = await engine.ask("Is the harbour open?")
    ended = {name: (outcome.status, outcome.kind) for name, outcome in answer.sources.items()}
    assert ended["good"] == ("ok", "")
    assert ended == {name: TABLE[name] for name in ended}
    assert await given_back(before)
