"""What one attempt counts, and what a source that wants to end fanin ends in."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from fanin.errors import SourceError
from fanin.model import Document, Question
from fanin.policies.attempt import attempt
from fanin.policies.health import Health
from fanin.sources.source import Item, Source
from fanin.testing import FakeSource

TEXT = Document("The harbour is open until nine tonight.")
type Call = Callable[..., list[tuple[float, Any]]]


@pytest.mark.parametrize(
    ("end", "kind", "words"),
    [(SystemExit(3), "exception", "SystemExit: 3"), (asyncio.CancelledError(), "cancelled", "cancelled itself")],
    ids=["exits", "cancels itself"],
)
def test_a_source_that_exits_or_cancels_itself_fails(call: Call, end: BaseException, kind: str, words: str) -> None:
    health = Health()
    ((at, error),) = call(attempt(FakeSource("s", ((1.0, end),)).source, health), 0.0)
    assert (at, type(error), error.kind) == (1.0, SourceError, kind)
    assert words in str(error)
    assert (health.calls, health.failures, [*health.latencies]) == (1, 1, [])


@pytest.mark.parametrize(
    ("steps", "failures", "latencies"),
    [
        (((1.0, TEXT), (1.0, TEXT)), 0, [1.0]),
        (((1.0, None),), 0, [1.0]),
        (((1.0, TEXT), (1.0, ValueError())), 1, []),
        (((9.0, TEXT),), 1, []),
    ],
    ids=["answers", "has nothing", "fails half-way", "is too slow"],
)
def test_the_latency_is_until_the_first_document_of_a_call_that_ends_well(
    call: Call, steps: Any, failures: int, latencies: list[float]
) -> None:
    health = Health()
    call(attempt(FakeSource("s", steps).source, health), 100.0)
    assert (health.calls, health.failures, [*health.latencies]) == (1, failures, latencies)


def test_an_attempt_ends_at_the_timeout_of_its_source_which_then_has_none(call: Call) -> None:
    source = attempt(FakeSource("s", ((3.0, TEXT), (3.0, TEXT)), timeout=5.0).source, Health())
    ((at, error),) = call(source, 0.0)
    assert (at, str(error), source.timeout) == (5.0, "No answer within 5 s", float("inf"))


def test_a_timeout_of_the_sources_own_keeps_its_message(call: Call) -> None:
    ((_, error),) = call(attempt(FakeSource("s", ((1.0, TimeoutError("mine")),)).source, Health()), 0.0)
    assert str(error) == "mine"


async def test_the_log_says_where_a_sources_own_code_failed_and_nothing_of_what_has_a_message_already(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(question: Question) -> AsyncIterator[Item]:
        if question.text == "late":
            raise TimeoutError
        yield TEXT
        json.loads(question.text)

    source = attempt(Source("s", fails, timeout=1.0), Health())
    caplog.set_level(logging.INFO, "fanin")
    for text, error in (("odd", ValueError), ("late", TimeoutError)):
        with pytest.raises(error):
            _ = [item async for item in source.fetch(Question(text))]
    (record,) = caplog.records
    line = fails.__code__.co_firstlineno + 4
    assert record.levelno == logging.INFO
    assert record.getMessage() == (
        f"s: JSONDecodeError: Expecting value: line 1 column 1 (char 0) ({__file__}, line {line}, in fails)"
    )
