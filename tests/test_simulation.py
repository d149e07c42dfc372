"""Thousands of seeded random questions under the jumping clock; every invariant is checked on each."""

import asyncio
import itertools
import logging
import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fanin.engine import Engine
from fanin.errors import RateLimited, SourceError
from fanin.events import Fetched
from fanin.model import Document, Outcome, Policy
from fanin.policies import breaker, cache, circuit, health, retry, stack
from fanin.policies.cache import normalise
from fanin.run import build_answer, run
from fanin.run.source import source_run
from fanin.run.source.source_run import SourceRun
from fanin.testing import (
    FakePool,
    FakeSource,
    RecordedSource,
    Scenario,
    check_answer,
    check_calls,
    check_events,
    check_quotes,
    observe,
    run_jumping,
    run_scenario,
)
from fanin.testing.fakes import Step

SCENARIOS = int(os.environ.get("FANIN_SCENARIOS", "3000" if "FANIN_TEST_ALL" in os.environ else "1500"))
"""Each bug that is planted below is found within some 250."""

PARTS = 6
"""Tests among which they are divided, so that several processes can run them."""
WORDS = [
    "harbour",
    "ferry",
    "nine",
    "bread",
    "snow",
    "market",
    "bridge",
    "storm",
    "tide",
    "open",
    "closed",
    "tonight",
    "red",
    "14",
    "kilometres",
]
FAULTS = [ValueError("odd"), ConnectionResetError("gone"), SourceError("bad", "format"), RateLimited("slow", 3.0)]


def text(chance: random.Random) -> str:
    sentences = [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(chance.randint(0, 6))]
    return " ".join(sentence.capitalize() + "." for sentence in sentences)


def steps(chance: random.Random) -> tuple[Step, ...]:
    script: list[Step] = [(chance.lognormvariate(0, 1), text(chance)) for _ in range(chance.randint(0, 4))]
    if chance.random() < 0.2:
        script.append((chance.random(), chance.choice([*FAULTS, asyncio.CancelledError(), SystemExit(1)])))
    if chance.random() < 0.02:
        script.insert(chance.randint(0, len(script)), (math.inf, None))
    return tuple(script)


def sources(chance: random.Random) -> list[FakeSource]:
    return [
        FakeSource(
            f"s{n}",
            steps(chance),
            timeout=chance.choice([0.5, 1.0, 5.0, 50.0]),
            deaf=chance.choice([0.0] * 20 + [0.01, 3.0, 30.0]),
            searches=chance.random() < 0.3,
        )
        for n in range(chance.randint(1, 12))
    ]


def simulate_alone(seed: int) -> tuple[object, ...]:
    chance = random.Random(seed)
    costs = random.Random(seed + 1)
    pace = chance.choice([0.0, 0.01, 0.3, 30.0])

    def cost(_: Document) -> float:
        return costs.random() * pace

    scenario = run_scenario(
        sources(chance),
        question=chance.choice(
            ["Is the harbour open?", "What now?", "bread", "When is the tide, and how far is Elba?"]
        ),
        deadline=chance.choice([0.3, 1.0, 3.0, 15.0]),
        pool=FakePool(workers=chance.randint(1, 4), seconds=cost),
        enough=chance.choice([None, None, None, 1, 2, 0.5]),
    )
    answer = scenario.answer
    deaf = sum(outcome.kind == "stuck" for outcome in answer.sources.values())
    assert scenario.left_behind <= (deaf + 1 if deaf else 0)
    return answer.text, answer.citations, answer.passages, answer.execution_time


# Questions side by side in one engine, with policies, some of them withdrawn half-way.


def policy(chance: random.Random) -> Policy:
    def maybe[T](value: T, otherwise: T) -> T:
        return value if chance.random() < 0.5 else otherwise

    return Policy(
        retries=maybe(chance.randint(1, 3), 0),
        rate=maybe((chance.randint(1, 3), chance.choice([0.5, 2.0, 10.0])), None),
        concurrency=maybe(chance.randint(1, 2), None),
        breaker=maybe(True, False),
        hedge=maybe(True, False),
        cache=maybe(chance.choice([0.5, 60.0]), 0.0),
        stale=maybe(60.0, 0.0),
    )


def recorded(chance: random.Random, number: int) -> RecordedSource:
    bad = chance.choice([0.0, 0.0, 0.2, 0.9])
    # A source that has been quick so often that one slow call stands out, so that hedges happen.
    quick = itertools.count() if chance.random() < 0.3 else itertools.count(1000)

    def script() -> tuple[Step, ...]:
        if next(quick) < 30:
            return ((0.05, text(chance)),)
        if chance.random() < bad:
            wait = math.inf if chance.random() < 0.1 else chance.random()
            return ((wait, chance.choice([*FAULTS, *FAULTS, asyncio.CancelledError(), SystemExit(1)])),)
        return tuple((chance.lognormvariate(-1, 1), text(chance)) for _ in range(chance.randint(0, 2)))

    return RecordedSource(f"s{number}", script, policy(chance), timeout=chance.choice([0.5, 2.0, 5.0]))


def simulate_shared(seed: int) -> tuple[object, ...]:
    chance = random.Random(seed)
    sources = [recorded(chance, number) for number in range(chance.randint(1, 2))]
    count = chance.choice([2, 5, 12, 12, 40])
    apart = chance.choice([0.0, 0.1, 1.0, 4.0])
    words = [f"Is the {word} open?" for word in chance.choices(WORDS, k=chance.choice([1, 3, 50]))]
    now = datetime(2026, 11, 23, tzinfo=UTC)
    latest: dict[str, float] = {}

    async def caller(engine: Engine, question: str, at: float, leaves: float, seconds: float) -> Scenario | None:
        await asyncio.sleep(at)
        key = normalise(question)
        latest[key] = max(latest.get(key, 0.0), at + seconds)
        asking = asyncio.ensure_future(observe(engine, question, deadline=seconds, fresh=chance.random() < 0.05))
        done, _ = await asyncio.wait((asking,), timeout=leaves)
        if not done:
            asking.cancel()
            await asyncio.wait((asking,))
        if asking.cancelled():
            return None
        check_answer(asking.result().answer, planned=[each.name for each in sources], deadline=seconds)
        return asking.result()

    async def scenario() -> list[Scenario | None]:
        loop = asyncio.get_running_loop()
        engine = Engine(
            [each.source for each in sources],
            pool=FakePool(),
            now=lambda: now + timedelta(seconds=loop.time()),
        )
        async with engine:
            callers = [
                caller(
                    engine,
                    chance.choice(words),
                    number * apart,
                    chance.random() * 2 if chance.random() < 0.2 else math.inf,
                    chance.choice([0.5, 2.0, 15.0]),
                )
                for number in range(count)
            ]
            answers = await asyncio.gather(*callers)
            assert len(asyncio.all_tasks()) == 1, f"tasks are left: {asyncio.all_tasks()}"
            return answers

    answers = [each for each in run_jumping(scenario()) if each is not None]
    for each in answers:
        check_events(each.events, each.answer)
        check_quotes(
            each.answer, {f"{e.source}/{e.document.number}": e.document for e in each.events if isinstance(e, Fetched)}
        )
        for event in each.events:
            if isinstance(event, Fetched):
                assert normalise(event.document.title) == normalise(each.answer.query), "another question's document"
    for source in sources:
        check_calls(source, asked=count, latest=latest)
        check_outcomes(source, [each.answer.sources[source.name] for each in answers])
    return tuple((each.answer.text, each.answer.execution_time) for each in answers)


def check_outcomes(source: RecordedSource, outcomes: list[Outcome]) -> None:
    """What the answers say of a source fits its settings and what it did."""
    settings = source.policy
    for each in outcomes:
        assert each.attempts <= 1 + settings.retries
        assert each.hedges <= (each.attempts if settings.hedge else 0)
        # Old enough is decided when the question comes; the call that then fails takes its time.
        assert each.age <= settings.cache + settings.stale + 15.0
        if each.cached:
            assert settings.cache + settings.stale > 0.0
    if any(each.status == "open_circuit" for each in outcomes):
        cut = [each for each in source.calls if each.ended - each.began >= source.timeout - 1e-6]
        assert settings.breaker
        assert [*cut, *(each for each in source.calls if each.end == "failed")], "a withdrawn call is no failure"


def simulate(seed: int) -> tuple[object, ...]:
    return simulate_shared(seed) if seed % 5 == 0 else simulate_alone(seed)


@pytest.mark.parametrize("first", range(PARTS))
def test_every_invariant_holds_on_every_scenario(first: int) -> None:
    answered = 0
    for seed in range(first, SCENARIOS, PARTS):
        try:
            answered += len(simulate(seed))
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
    assert answered > SCENARIOS / PARTS


@pytest.mark.parametrize("seed", range(20))
def test_a_seed_replays_to_the_byte(seed: int) -> None:
    assert simulate(seed) == simulate(seed)


# Planted bugs: a simulation that finds nothing proves nothing, so each of these it must find.

MOST = 1_000
"""Scenarios within which a bug must be found."""

type Plant = Callable[[pytest.MonkeyPatch], None]


def changed(patch: pytest.MonkeyPatch, home: Any, name: str, change: Callable[..., Any]) -> None:
    """Let what `name` gives be changed by `change(result, *arguments)`."""
    right = getattr(home, name)
    patch.setattr(home, name, lambda *args, **kwargs: change(right(*args, **kwargs), *args))


def a_document_is_counted_twice(patch: pytest.MonkeyPatch) -> None:
    changed(patch, SourceRun, "_made_outcome", lambda outcome, *_: replace(outcome, documents=outcome.documents + 1))


def a_dropped_document_is_kept(patch: pytest.MonkeyPatch) -> None:
    changed(patch, SourceRun, "_made_outcome", lambda outcome, *_: replace(outcome, kept=outcome.documents))


def a_failure_says_nothing(patch: pytest.MonkeyPatch) -> None:
    changed(patch, source_run, "failed", lambda end, *_: end._replace(message=""))


def a_quote_is_cut(patch: pytest.MonkeyPatch) -> None:
    changed(
        patch,
        build_answer,
        "standing",
        lambda it, *_: replace(it, statements=[_cut(s) for s in it.statements]),
    )


def _cut(statement: Any) -> Any:
    citations = tuple(replace(each, quote=each.quote[:-1]) for each in statement.citations)
    return replace(statement, citations=citations)


def citations_are_numbered_anew(patch: pytest.MonkeyPatch) -> None:
    right = build_answer.extract
    patch.setattr(build_answer, "extract", lambda *given, numbers, **more: right(*given, numbers={}, **more))


def the_deadline_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(run.Run, "close", lambda self, reason: None)


def coverage_counts_failures(patch: pytest.MonkeyPatch) -> None:
    changed(patch, run, "build_answer", lambda answer, *_: replace(answer, success=True))


def the_breaker_never_opens(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(breaker, "settle", lambda state, end, **_: replace(state, probing=False))


def the_breaker_lets_all_through(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(breaker, "admit", lambda state, **_: state)
    patch.setattr(circuit.Circuit, "state_at", lambda self, now: "closed")


def retries_have_no_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry, "next_wait", lambda error, **_: 0.01)


def retries_cost_no_budget(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry.Budget, "spend", lambda self, **_: self)


def tokens_are_free(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health.Bucket, "take", lambda self, rate, **_: self)


def questions_share_a_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "normalise", lambda question: "the same")


def nothing_is_kept(patch: pytest.MonkeyPatch) -> None:
    async def keep(*_: object) -> None:
        await asyncio.sleep(0)

    patch.setattr(cache.AnswerCache, "save", keep)


def turns_are_not_taken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stack, "concurrency_limit", lambda source, **_: source)


PLANTS: list[Plant] = [
    a_document_is_counted_twice,
    a_dropped_document_is_kept,
    a_failure_says_nothing,
    a_quote_is_cut,
    citations_are_numbered_anew,
    the_deadline_is_forgotten,
    coverage_counts_failures,
    the_breaker_never_opens,
    the_breaker_lets_all_through,
    retries_have_no_end,
    retries_cost_no_budget,
    tokens_are_free,
    questions_share_a_key,
    nothing_is_kept,
    turns_are_not_taken,
]


def seeds() -> Iterator[tuple[Callable[[int], object], int]]:
    for seed in range(MOST // 2):
        yield simulate_shared, seed
        yield simulate_alone, seed


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("fanin"), "disabled", True)
    plant(monkeypatch)
    for simulate, seed in seeds():
        try:
            simulate(seed)
        except AssertionError:
            return
    pytest.fail(f"{plant.__name__} was not found within {MOST} scenarios")
