"""Whatever an MCP server writes, its source ends with the limit named, and the loop is held up by nothing of it."""

import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fanin.engine import Engine
from fanin.model import Document
from fanin.sources.mcp import mcp
from fanin.sources.source import Source
from fanin.testing.hostile import MCP_MISBEHAVIOURS
from fanin.testing.hostile.mcp_answers import CALLS, TOOLS
from fanin.testing.hostile.mcp_stdio import PROCESSES
from fanin.testing.stalls import watch_loop

pytest.importorskip("mcp", reason="the extra fanin[mcp] is not installed")

KIND = "mcp"
LONGEST_STALL = 0.05
TRIES = 3
"""A stall is what a server causes each time; what the machine does beside a test comes and goes."""
PATIENCE, PLENTY = 1.0, 60.0
"""Seconds for a source that is to run out of time, and for any other, so that a busy machine changes no end."""

CLOSED = 3.0
"""Seconds that the end of a server may take, most of which a busy machine may take for itself."""

LIMITS = {
    "blocks-many": "1,000 blocks",
    "values-many": "50,000 values",
    "lists-deep": "deeper than 100",
    "digits-many": "1,000 characters",
    "line-endless": "4,000,000 bytes",
    "notes-endless": "for one request",
    "progress-endless": "for one request",
    "empty-endless": "for one request",
    "chatter-endless": "for one request",
    "other-ids-endless": "for one request",
    "pages-endless": "1,000 tools",
    "pages-empty-endless": "50 pages",
    "tools-many": "1,000 tools",
    "flood-of-empty-lines": "for one request",
    "flood-of-lines": "for one request",
    "flood-without-lines": "4,000,000 bytes",
}
"""Of a server that says too much: the limit that the message names."""

ENDS = {
    ("ok", ""): "good blocks-repeated text-large key-large asks-back pattern-slow stubborn grandchild",
    ("empty", ""): "nan",
    ("timeout", "timeout"): "never no-json silent flood-of-complaints",
    ("error", "tool"): "tools-other fails",
    ("error", "protocol"): "refuses ends-at-once",
    ("error", "too_deep"): "lists-deep",
    ("error", "too_large"): " ".join(name for name in LIMITS if name != "lists-deep"),
}
TABLE = {name: end for end, names in ENDS.items() for name in names.split()}

LIMITS_OVER_HTTP = {
    "notes-endless": "5,000,000 bytes",
    "progress-endless": "5,000 events",
    "empty-endless": "5,000 events",
}

OVER_HTTP = {
    # One answer over HTTP belongs to one request, so that what is no message is the failure of that request.
    **dict.fromkeys(["body-nan", "stream-nan"], ("empty", "")),
    **dict.fromkeys(["body-no-json", "stream-no-json"], ("error", "protocol")),
    **dict.fromkeys(["stream-chatter-endless", "stream-other-ids-endless"], ("error", "protocol")),
    **dict.fromkeys(["body-never", "stream-never"], ("error", "protocol")),
    "http-keeps-on": ("ok", ""),
    "http-page-endless": ("error", "protocol"),
    "http-error-endless": ("error", "http_400"),
}


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    mcp(tool="search", command=["true"])


async def harbour(_: object) -> AsyncIterator[Document]:
    yield Document("The harbour is open until nine tonight.")


def measure(_: str, document: Document) -> int:
    return len(document.text)


def of_process(name: str, timeout: float = PLENTY) -> Source:
    command = [sys.executable, "-m", "fanin.testing.hostile.mcp_stdio", name]
    return mcp(tool="search", arguments={"q": "{question}"}, command=command, name="bad", timeout=timeout)


async def checked(make: Callable[[], Source], name: str, end: tuple[str, str], limit: str) -> None:
    """Ask the source beside a good one, and look at all that it may have cost; its message names the limit."""
    stall = 1.0
    for _ in range(TRIES):
        if stall > LONGEST_STALL:
            stall = await stalled(make(), name, end, limit)
    assert stall <= LONGEST_STALL


async def stalled(source: Source, name: str, end: tuple[str, str], limit: str) -> float:
    good = Source("good", harbour, timeout=PLENTY)
    async with Engine([source, good], process=measure, pool="inline", deadline=100.0) as engine:
        async with watch_loop() as stalls:
            answer = await engine.ask("Is the harbour open?")
        begun = time.monotonic()
    closing = time.monotonic() - begun
    bad = answer.sources["bad"]
    print(f"{name}: {bad.status}/{bad.kind}, {stalls.longest * 1000:.0f} ms, closed in {closing:.2f} s")
    assert (bad.status, bad.kind) == end, bad.message
    assert answer.sources["good"].status == "ok"
    assert bad.message.isprintable()
    assert len(bad.message) < 700
    if end[1].startswith("too_"):
        assert limit in bad.message
    assert closing < CLOSED
    return stalls.longest


def children() -> set[str]:
    """The processes that this one has started and that have not ended."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {pid for each in tasks for pid in each.read_text("ascii").split()}


def test_every_misbehaviour_has_an_expected_end() -> None:
    assert TABLE.keys() == {*CALLS, *TOOLS, *PROCESSES}


def patience(end: tuple[str, str]) -> float:
    return PATIENCE if end[0] == "timeout" else PLENTY


@pytest.mark.parametrize("name", TABLE)
async def test_a_misbehaving_program_costs_only_its_source(name: str, caplog: pytest.LogCaptureFixture) -> None:
    before = children()
    await checked(lambda: of_process(name, patience(TABLE[name])), name, TABLE[name], LIMITS.get(name, ""))
    assert children() <= before
    assert "never retrieved" not in caplog.text


@pytest.mark.parametrize("name", MCP_MISBEHAVIOURS)
async def test_a_misbehaving_server_over_http_costs_only_its_source(
    hostile: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    seen = name.removeprefix("stream-").removeprefix("body-")
    end = OVER_HTTP.get(name, TABLE.get(seen, ("error", "too_large")))

    def make() -> Source:
        return mcp(tool="search", url=hostile + name, allow_private=True, name="bad", timeout=patience(end))

    await checked(make, name, end, LIMITS_OVER_HTTP.get(seen, LIMITS.get(seen, ",000 ")))
    assert "never retrieved" not in caplog.text
