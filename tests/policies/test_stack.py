"""Policies around sources in whole runs, at exact times under the jumping clock."""

import asyncio
import math
from collections.abc import AsyncIterator

import pytest

import fanin
from fanin.engine import Engine
from fanin.errors import RateLimited, SourceError
from fanin.limits import Limits
from fanin.model import Document, Policy, Question
from fanin.policies.attempt import attempt
from fanin.policies.health import Health
from fanin.policies.retry import retry
from fanin.policies.stack import Stacks, layers
from fanin.testing import FakePool, FakeSource, run_jumping, run_scenario

NEVER = math.inf
TEXT = "The harbour is open until nine tonight."


def test_a_source_is_retried_after_a_passing_failure_within_the_budget() -> None:
    calls: list[float] = []

    async def shaky(_: fanin.Question) -> str:
        calls.append(asyncio.get_running_loop().time())
        if len(calls) < 3:
            raise ConnectionResetError("gone")
        return TEXT

    source = retry(attempt(fanin.source(shaky), Health()), retries=2, jitter=lambda: 1.0)
    scenario = run_scenario([source])
    assert calls == [0.0, 0.1, pytest.approx(0.3)]
    assert scenario.answer.sources["shaky"].attempts == 3
    assert scenario.answer.sources["shaky"].status == "ok"


def test_a_timeout_is_for_one_attempt_and_retries_end_with_the_deadline() -> None:
    fake = FakeSource("slow", ((NEVER, TEXT),), timeout=1.0)
    scenario = run_scenario([retry(attempt(fake.source, Health()), retries=5, jitter=lambda: 0.0)], deadline=3.0)
    assert len(fake.asked) == 3
    assert scenario.answer.execution_time == pytest.approx(2.85)
    assert scenario.answer.sources["slow"].status == "timeout"


class Scripted:
    """A source whose calls do one thing after another: seconds, then a text or an error; the last one is repeated."""

    def __init__(self, *calls: tuple[float, str | Exception]) -> None:
        self.calls = calls
        self.asked: list[float] = []
        self.stopped = 0

    async def __call__(self, _: fanin.Question) -> AsyncIterator[Document]:
        seconds, thing = self.calls[min(len(self.asked), len(self.calls) - 1)]
        self.asked.append(asyncio.get_running_loop().time())
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if isinstance(thing, Exception):
            raise thing.with_traceback(None)
        yield Document(thing)


def asked(script: Scripted, *pauses: float, question: str = "Is the harbour open?", **settings):
    """The outcomes of one question after the other, each after a pause in seconds."""

    async def scenario():
        source = fanin.source(name="s", **settings)(script)
        outcomes = []
        async with Engine([source], pool=FakePool()) as engine:
            for pause in (0.0, *pauses):
                await asyncio.sleep(pause)
                outcomes.append((await engine.ask(question)).sources["s"])
            return outcomes, engine.statistics()["sources"]["s"]

    return run_jumping(scenario())


def test_an_answer_is_given_again_while_it_is_fresh() -> None:
    script = Scripted((1.0, TEXT))
    outcomes, _ = asked(script, 30.0, cache=3600.0)
    assert len(script.asked) == 1
    assert [each.cached for each in outcomes] == [False, True]
    assert outcomes[1].fetching == 0.0


def test_a_hundred_callers_of_one_cold_question_make_one_call() -> None:
    script = Scripted((1.0, TEXT))

    async def scenario():
        source = fanin.source(name="s", cache=60.0)(script)
        async with Engine([source], pool=FakePool()) as engine:
            return await asyncio.gather(*(engine.ask(f"Is the harbour  OPEN{'?' * (n % 3)}") for n in range(100)))

    answers = run_jumping(scenario())
    assert len(script.asked) == 1
    assert {each.sources["s"].status for each in answers} == {"ok"}


def test_a_cancelled_caller_does_not_end_the_call_that_another_shares() -> None:
    script = Scripted((2.0, TEXT))

    async def scenario():
        source = fanin.source(name="s", cache=60.0)(script)
        async with Engine([source], pool=FakePool()) as engine:
            first = asyncio.ensure_future(engine.ask("Open?"))
            await asyncio.sleep(0.5)
            second = asyncio.ensure_future(engine.ask("open"))
            await asyncio.sleep(0.5)
            first.cancel()
            answer = await second
            before = len(asyncio.all_tasks())
            third = asyncio.ensure_future(engine.ask("Closed?"))
            await asyncio.sleep(0.5)
            third.cancel()
            await asyncio.gather(first, third, return_exceptions=True)
            return answer, len(asyncio.all_tasks()) - before

    answer, left = run_jumping(scenario())
    assert answer.sources["s"].status == "ok"
    assert len(script.asked) == 2
    assert script.stopped == 1  # nobody waited for the third question any more
    assert left == 0


def test_a_stale_answer_is_used_for_a_source_that_fails_and_marked_as_stale() -> None:
    script = Scripted((1.0, TEXT), (1.0, ValueError("odd")))
    outcomes, _ = asked(script, 1.0, stale=3600.0)
    assert [(each.status, each.kind, each.cached) for each in outcomes] == [("ok", "", False), ("ok", "stale", True)]
    assert "odd" in outcomes[1].message


def test_a_stale_answer_is_used_for_a_source_that_is_late() -> None:
    script = Scripted((1.0, TEXT), (NEVER, TEXT))

    async def scenario():
        source = fanin.source(name="s", timeout=99.0, stale=3600.0)(script)
        async with Engine([source], pool=FakePool(), deadline=3.0) as engine:
            await engine.ask("Open?")
            return await engine.ask("Open?")

    answer = run_jumping(scenario())
    assert answer.sources["s"].kind == "stale"
    assert answer.text.startswith(TEXT)
    assert answer.execution_time <= 3.0


def test_a_fresh_question_ignores_the_cache_and_fills_it() -> None:
    script = Scripted((1.0, TEXT), (1.0, "The harbour is closed."))

    async def scenario():
        source = fanin.source(name="s", cache=3600.0)(script)
        async with Engine([source], pool=FakePool()) as engine:
            await engine.ask("Open?")
            fresh = await engine.ask("Open?", fresh=True)
            return fresh, await engine.ask("Open?")

    fresh, again = run_jumping(scenario())
    assert not fresh.sources["s"].cached
    assert again.sources["s"].cached
    assert again.passages[0].text == "The harbour is closed."


def test_a_breaker_opens_after_three_failures_in_a_row_and_one_probe_closes_it() -> None:
    failing = (1.0, ValueError("odd"))
    script = Scripted(failing, failing, failing, (1.0, TEXT))
    outcomes, health = asked(script, 0.0, 0.0, 0.0, 5.0, 0.0, breaker=True)
    assert [each.status for each in outcomes] == ["error", "error", "error", "open_circuit", "ok", "ok"]
    assert "for another 5.0 s" in outcomes[3].message
    assert "odd" in outcomes[3].message
    assert outcomes[3].fetching == 0.0
    assert health["breaker"] == "closed"
    assert (health["calls"], health["failures"]) == (5, 3)


def test_a_refused_key_opens_the_breaker_for_long() -> None:
    script = Scripted((1.0, SourceError("no key", "http_401")))
    outcomes, health = asked(script, 60.0, breaker=True)
    assert [each.status for each in outcomes] == ["error", "open_circuit"]
    assert health["open_for"] == pytest.approx(240.0)


def test_a_rate_spreads_calls_and_refuses_what_would_come_too_late() -> None:
    script = Scripted((0.0, TEXT))
    outcomes, _ = asked(script, 0.0, 0.0, rate=(2, 20.0))
    assert script.asked == [0.0, 0.0, 10.0]
    assert outcomes[2].waiting == pytest.approx(10.0)
    outcomes, _ = asked(script, 0.0, rate=(1, 20.0))
    assert [each.status for each in outcomes] == ["ok", "rate_limited"]
    assert "the next call may begin in 20.0 s" in outcomes[1].message


def test_a_source_is_not_called_during_the_pause_that_it_asks_for() -> None:
    script = Scripted((0.0, RateLimited("slow", 8.0)), (0.0, TEXT))
    outcomes, _ = asked(script, 1.0, rate=(100, 1.0))
    assert script.asked == [0.0, 8.0]
    assert [each.status for each in outcomes] == ["rate_limited", "ok"]


def test_calls_wait_in_order_for_a_slot_and_the_rest_is_shed() -> None:
    script = Scripted((1.0, TEXT))

    async def scenario():
        source = fanin.source(name="s", concurrency=1)(script)
        async with Engine([source], pool=FakePool()) as engine:
            return await asyncio.gather(*(engine.ask(f"Question {n}") for n in range(13)))

    answers = run_jumping(scenario())
    statuses = [each.sources["s"].status for each in answers]
    assert statuses == ["ok"] * 11 + ["shed"] * 2
    assert script.asked == [float(n) for n in range(11)]


def test_a_late_call_is_hedged_and_the_first_document_is_used() -> None:
    script = Scripted(*[(1.5, TEXT)] * 2, *[(1.0, TEXT)] * 38, (9.0, "late"), (1.0, "second"), (1.0, TEXT))
    outcomes, _ = asked(script, *[0.0] * 40, hedge=True, timeout=20.0)
    assert len(script.asked) == 42
    assert outcomes[-1].hedges == 1
    assert outcomes[-1].fetching == pytest.approx(2.5)
    assert script.stopped == 1


def test_a_retry_budget_limits_the_retries_of_a_failing_source() -> None:
    script = Scripted((0.1, ConnectionResetError("gone")))
    outcomes, _ = asked(script, *[0.0] * 9, retries=2)
    assert outcomes[0].attempts == 3
    assert len(script.asked) == 10 + 2 + 2  # two to begin with, and one for five calls


def test_policies_wrap_a_source_in_a_fixed_order_and_those_that_are_off_do_not() -> None:
    policy = Policy(retries=1, rate=(1, 1.0), concurrency=1, breaker=True, hedge=True, cache=1.0)
    names = [each.func.__name__ for each in layers(policy, health=Health())]
    assert names == ["cache", "retry", "breaker", "concurrency_limit", "rate_limit", "hedge", "attempt"]
    assert [each.func.__name__ for each in layers(Policy(retries=1), health=Health())] == ["retry", "attempt"]


def test_without_retries_nothing_is_retried() -> None:
    assert [each.func.__name__ for each in layers(Policy(cache=1.0), health=Health())] == ["cache", "attempt"]


def test_a_budget_of_one_retry_for_each_call_never_ends_them() -> None:
    script = Scripted((0.1, ConnectionResetError("gone")))
    asked(script, *[0.0] * 9, retries=1, retry_budget=1.0)
    assert len(script.asked) == 10 * 2


def test_the_age_of_an_answer_is_measured_by_wall_time() -> None:
    now = [100.0]
    script = Scripted((0.0, TEXT))
    (source,) = Stacks([fanin.source(name="s", cache=60.0)(script)], wall=lambda: now[0]).sources.values()

    async def scenario() -> list[int]:
        calls: list[int] = []
        for now[0] in (100.0, 160.0, 161.0):
            _ = [item async for item in source.fetch(Question("Is the harbour open?"))]
            calls.append(len(script.asked))
        return calls

    assert run_jumping(scenario()) == [1, 1, 2]


def test_an_engine_knows_the_latencies_of_its_sources_and_how_long_their_answers_are_used_again() -> None:
    own, shared = fanin.source(name="own", cache=60.0)(Scripted()), fanin.source(name="shared")(Scripted())
    stacks = Stacks([own, shared], policy=Policy(cache=5.0))
    stacks._health["own"].latencies.extend([1.0] * 95 + [2.0] + [3.0] * 4)
    assert (stacks.p95("own"), stacks.p95("none")) == (2.0, None)
    assert [stacks.fresh_seconds(name) for name in ("own", "shared", "none")] == [60.0, 5.0, 0.0]


def test_limits_hold_for_the_policies_of_each_source() -> None:
    source = fanin.source(name="s", concurrency=1, cache=60.0)(Scripted((1.0, TEXT)))
    (limited,) = Stacks([source], limits=Limits(waiting=1, cached_answers=1)).sources.values()

    async def ask(number: int) -> object:
        try:
            return [item async for item in limited.fetch(Question(f"Number {number}?", deadline=99.0))][-1]
        except SourceError as error:
            return error.kind

    async def scenario() -> list[object]:
        together = await asyncio.gather(*map(ask, range(3)))
        return [*together, [await ask(1), await ask(0)], asyncio.get_running_loop().time()]

    document = Document(TEXT)
    assert run_jumping(scenario()) == [document, document, "shed", [document, document], 3.0]
