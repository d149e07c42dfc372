"""Which failures are the source's own, and which are a refusal of the key."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from fanin.errors import CircuitOpen, RateLimited, SourceError
from fanin.model import Document, Notice, Policy, Question
from fanin.policies.breaker import breaker, open_circuit_error
from fanin.policies.circuit import CLOSED, Circuit
from fanin.policies.health import Health
from fanin.policies.stack import stack
from fanin.sources.source import Item, Source
from fanin.testing import FakeSource, run_jumping, run_scenario

type Call = Callable[..., list[tuple[float, Any]]]


@pytest.mark.parametrize(
    ("kind", "state", "seconds"),
    [
        ("http_401", "open", 300.0),
        ("http_403", "open", 300.0),
        ("http_404", "closed", 0.0),
        ("http_500", "closed", 0.0),
        ("shed", "closed", 0.0),
    ],
)
def test_a_refusal_of_the_key_opens_the_breaker_at_once_and_for_long(kind: str, state: str, seconds: float) -> None:
    health = Health()
    fake = FakeSource("s", ((0.0, SourceError("no", kind)),))
    run_scenario([stack(fake.source, Policy(breaker=True), health=health)])
    seen = health.snapshot(now=0.0)
    assert (seen["breaker"], seen["open_for"]) == (state, seconds)


@pytest.mark.parametrize(
    ("circuit", "seconds", "state"),
    [
        (Circuit(until=7.0, opened=1, reason="odd"), 5.5, "for another 5.5 s (last failure: odd)"),
        (Circuit(until=7.0, opened=1), 5.5, "for another 5.5 s"),
        (Circuit(until=1.0, opened=1, probing=True), 0.0, "until the call that tests the source has ended"),
    ],
)
def test_a_call_that_is_not_made_is_told_why_and_for_how_long(circuit: Circuit, seconds: float, state: str) -> None:
    error = open_circuit_error("s", circuit, now=1.5)
    assert error.retry_after == seconds
    assert str(error) == (
        f"The circuit breaker of s is open {state}; fanin did not ask it. Ask again later, or correct its settings."
    )


def test_a_source_that_asked_for_a_pause_is_not_asked_until_it_is_over(call: Call) -> None:
    fake = FakeSource("s", ((0.0, RateLimited("slow", 30.0)),))
    seen = call(breaker(fake.source, Health()), 0.0, 29.9, 30.0)
    assert [type(error) for _, error in seen] == [RateLimited, CircuitOpen, RateLimited]


@pytest.mark.parametrize(
    ("error", "user", "own", "shared"),
    [
        (SourceError("no", "http_403"), "ann", "open", "closed"),
        (SourceError("no", "http_403"), "", "closed", "open"),
        (ValueError("odd"), "ann", "closed", "open"),
        (ValueError("odd"), "", "closed", "open"),
        (SourceError("too many", "shed"), "ann", "closed", "closed"),
    ],
)
def test_a_refused_key_is_the_users_alone_and_a_failure_everybodys(
    call: Call, error: Exception, user: str, own: str, shared: str
) -> None:
    health = Health()
    call(breaker(FakeSource("s", ((0.0, error),)).source, health), 0.0, 1.0, 2.0, user=user)
    states = [circuit.state_at(2.0) for circuit in (health.user_circuit("ann"), health.circuit)]
    assert (states, health.user_circuit("bob")) == ([own, shared], CLOSED)


@pytest.mark.parametrize(
    ("error", "user", "reason"),
    [
        (SourceError("about ann's secret", "format"), "ann", "format"),
        (ValueError("about ann's secret"), "ann", "ValueError"),
        (ValueError("about nobody"), "", "ValueError: about nobody"),
    ],
)
def test_of_a_users_failure_others_are_told_only_the_kind(call: Call, error: Exception, user: str, reason: str) -> None:
    health = Health()
    call(breaker(FakeSource("s", ((0.0, error),)).source, health), 0.0, 1.0, 2.0, user=user)
    assert health.circuit.reason == reason


@pytest.mark.parametrize(
    ("error", "own", "reason"),
    [
        (SourceError("no", "http_403"), "open", "no"),
        (ValueError("odd"), "half-open", "mine"),
        (None, "closed", ""),
    ],
    ids=["is refused again", "fails", "is good"],
)
def test_what_a_call_with_a_key_that_was_refused_says_of_the_key(
    call: Call, error: Exception | None, own: str, reason: str
) -> None:
    async def fetch(_: Question) -> AsyncIterator[Item]:
        if error is not None:
            raise error
        yield Document("Open.")

    health = Health()
    health.set_user_circuit("ann", Circuit(until=300.0, opened=1, reason="mine"))
    call(breaker(Source("s", fetch), health), 300.0, user="ann")
    seen = health.user_circuit("ann")
    assert (seen.state_at(300.0), seen.reason, health.circuit.state_at(300.0)) == (own, reason, "closed")


def test_the_failure_that_opens_it_is_told_with_the_time_that_it_stays_open() -> None:
    async def scenario() -> list[list[Item]]:
        calls: list[list[Item]] = []
        for error in (ValueError("odd"), RateLimited("slow", 0.5), SourceError("no", "http_401")):
            items: list[Item] = []
            with contextlib.suppress(type(error)):
                async for item in breaker(FakeSource("s", ((0.0, error),)).source, health).fetch(Question("?")):
                    items.append(item)
            calls.append(items)
            await asyncio.sleep(9.0)
        return calls

    health = Health()
    first, second, third = run_jumping(scenario())
    assert first == []
    assert second == [Notice("opened", after=0.5, message="slow")]
    assert third == [Notice("opened", after=300.0, message="no")]


def test_a_probe_that_nobody_waits_for_any_more_lets_the_next_call_be_one() -> None:
    fake = FakeSource("s", ((0.0, RateLimited("slow", 5.0)),))
    slow = FakeSource("s", ((60.0, Document("The harbour is open.")),))
    health = Health()

    async def scenario() -> list[Item]:
        with contextlib.suppress(RateLimited):
            _ = [item async for item in breaker(fake.source, health).fetch(Question("?"))]
        await asyncio.sleep(6.0)
        probe = asyncio.ensure_future(anext(aiter(breaker(slow.source, health).fetch(Question("?")))))
        await asyncio.sleep(1.0)
        assert health.circuit.probing
        probe.cancel()
        await asyncio.wait([probe])
        return [item async for item in breaker(slow.source, health).fetch(Question("?"))]

    assert run_jumping(scenario()) == [Document("The harbour is open.")]
    assert health.circuit.state_at(1000.0) == "closed"
