"""What went wrong once in a policy, or could: leaving half-way, deaf sources, clocks that are set back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from sys import getsizeof

import pytest

import fanin
from fanin.engine import Engine
from fanin.errors import RateLimited, SourceError
from fanin.limits import Limits
from fanin.model import Document, Notice, Policy, Question
from fanin.policies.answer_cache import CachedAnswer
from fanin.policies.cache import cache
from fanin.policies.health import Health
from fanin.policies.stack import stack
from fanin.sources.source import Item, Source
from fanin.testing import FakePool, FakeSource, run_jumping

TEXT = "The harbour is open until nine tonight."
type Call = tuple[float, str | BaseException]


class Scripted:
    """A source whose calls do one thing after another; one that is `deaf` ignores for so long that it is stopped."""

    def __init__(self, *calls: Call, deaf: float = 0.0) -> None:
        self.calls = calls
        self.deaf = deaf
        self.asked: list[float] = []

    async def fetch(self, _: Question) -> AsyncIterator[Item]:
        seconds, thing = self.calls[min(len(self.asked), len(self.calls) - 1)]
        self.asked.append(asyncio.get_running_loop().time())
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await self._ignore()
            raise
        if isinstance(thing, BaseException):
            raise thing.with_traceback(None)
        yield Document(thing)

    async def _ignore(self) -> None:
        clock = asyncio.get_running_loop().time
        end = clock() + self.deaf
        while (left := end - clock()) > 0:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(left)

    def source(self, **policy: object) -> Source:
        return Source("s", self.fetch, timeout=20.0, policy=Policy(**policy))


def engine(script: Scripted, **policy: object) -> Engine:
    return Engine([script.source(**policy)], pool=FakePool())


async def left_after(asking: asyncio.Future[object], seconds: float) -> None:
    await asyncio.sleep(seconds)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


# The breaker.


def test_a_source_that_breaks_for_days_is_still_probed() -> None:
    health = Health()

    async def scenario() -> list[str]:
        source = stack(Scripted((0.0, ValueError("odd"))).source(), Policy(breaker=True), health=health)
        ends: list[str] = []
        for _ in range(1100):
            try:
                async for _ in source.fetch(Question("?")):
                    pass
            except Exception as error:
                ends.append(type(error).__name__)
            await asyncio.sleep(121.0)
        return ends

    assert set(run_jumping(scenario())) == {"ValueError"}
    assert not health.circuit.probing


def test_a_call_from_before_the_breaker_opened_does_not_decide_for_the_probe() -> None:
    script = Scripted((6.0, ValueError("slow")), *[(0.0, ValueError("odd"))] * 3, (4.0, TEXT), (0.0, TEXT))

    async def scenario() -> tuple[list[str], dict[str, object]]:
        async with engine(script, breaker=True) as e:
            slow = asyncio.ensure_future(e.ask("slow"))
            await asyncio.sleep(0)
            for n in range(3):
                await e.ask(f"odd {n}")
            await asyncio.sleep(5.5)
            probe = asyncio.ensure_future(e.ask("probe"))
            await slow  # it fails while the probe is under way
            beside = await e.ask("beside")
            answers = [await slow, beside, await probe, await e.ask("then")]
            return [each.sources["s"].status for each in answers], e.statistics()["sources"]["s"]

    statuses, health = run_jumping(scenario())
    assert statuses == ["error", "open_circuit", "ok", "ok"]
    assert health["breaker"] == "closed"


def test_a_withdrawn_call_from_before_the_breaker_opened_does_not_let_a_second_probe_through() -> None:
    script = Scripted((9.0, TEXT), *[(0.0, ValueError("odd"))] * 3, (9.0, TEXT), (9.0, TEXT))

    async def scenario() -> str:
        async with engine(script, breaker=True) as e:
            slow = asyncio.ensure_future(e.ask("slow"))
            await asyncio.sleep(0)
            for n in range(3):
                await e.ask(f"odd {n}")
            await asyncio.sleep(5.5)
            probe = asyncio.ensure_future(e.ask("probe"))
            await left_after(slow, 0.1)
            beside = await e.ask("beside")
            await probe
            return beside.sources["s"].status

    assert run_jumping(scenario()) == "open_circuit"
    assert len(script.asked) == 5


def test_fanins_own_rate_opens_no_breaker() -> None:
    script = Scripted((0.0, TEXT))

    async def scenario() -> tuple[list[str], str]:
        async with engine(script, breaker=True, rate=(1, 60.0)) as e:
            answers = [await e.ask(f"{n}") for n in range(5)]
            return [a.sources["s"].status for a in answers], e.statistics()["sources"]["s"]["breaker"]

    assert run_jumping(scenario()) == (["ok"] + ["rate_limited"] * 4, "closed")


@pytest.mark.parametrize("end", [SystemExit(1), asyncio.CancelledError()], ids=["exits", "cancels itself"])
@pytest.mark.parametrize("policy", [{"cache": 60.0}, {"hedge": True}, {"retries": 1}, {"breaker": True}], ids=str)
def test_a_source_that_exits_or_cancels_itself_costs_nobody_else_anything(
    end: BaseException, policy: dict[str, object]
) -> None:
    async def scenario() -> tuple[list[str], str]:
        steady = FakeSource("steady", ((0.1, TEXT),))
        calls: list[Call] = [(0.1, TEXT)] * 40 + [(0.1, end)] * 3
        sources = [Scripted(*calls).source(**policy), steady.source]
        async with Engine(sources, pool=FakePool()) as e:
            answers = [await e.ask(f"{n}") for n in range(43)]
            health = e.statistics()["sources"]["s"]
            return [a.sources[name].status for a in answers[-3:] for name in ("s", "steady")], health

    statuses, health = run_jumping(scenario())
    assert statuses == ["error", "ok"] * 3
    assert health["failures"] >= 3  # more when the last good calls were hedged


# The rate.


def test_callers_that_leave_take_no_turn_with_them() -> None:
    script = Scripted((0.0, TEXT))

    async def scenario() -> float:
        async with engine(script, rate=(1, 4.0)) as e:
            await e.ask("first")
            leaving = [asyncio.ensure_future(e.ask(f"{n}")) for n in range(3)]
            await asyncio.gather(*(left_after(each, 1.0) for each in leaving))
            return (await e.ask("last")).sources["s"].waiting

    assert run_jumping(scenario()) == pytest.approx(3.0)
    assert script.asked == [0.0, pytest.approx(4.0)]


def test_a_pause_that_the_source_asks_for_holds_for_those_who_wait_already() -> None:
    script = Scripted((0.0, TEXT), (0.0, RateLimited("slow", 8.0)), (0.0, TEXT))

    async def scenario() -> list[str]:
        async with engine(script, rate=(1, 1.0)) as e:
            answers = await asyncio.gather(*(e.ask(f"{n}") for n in range(3)))
            return [each.sources["s"].status for each in answers]

    assert run_jumping(scenario()) == ["ok", "rate_limited", "ok"]
    assert script.asked == pytest.approx([0.0, 1.0, 9.0])


def test_calls_that_waited_for_a_turn_do_not_begin_in_a_bunch() -> None:
    script = Scripted((6.0, TEXT), (0.0, TEXT))

    async def scenario() -> None:
        async with engine(script, rate=(1, 2.0), concurrency=1) as e:
            await asyncio.gather(*(e.ask(f"{n}") for n in range(4)))

    run_jumping(scenario())
    assert script.asked == pytest.approx([0.0, 6.0, 8.0, 10.0])


# Cache and single-flight.


def test_old_news_stand_in_for_a_source_that_is_late_and_deaf() -> None:
    script = Scripted((1.0, TEXT), (99.0, TEXT), deaf=30.0)

    async def scenario() -> fanin.Answer:
        async with engine(script, stale=3600.0) as e:
            await e.ask("Open?")
            return await e.ask("Open?")

    answer = run_jumping(scenario())
    assert answer.text.startswith(TEXT)
    assert answer.sources["s"].cached
    assert answer.execution_time <= 15.0


def test_a_follower_is_not_refused_for_the_sake_of_somebody_with_less_time() -> None:
    script = Scripted((0.0, TEXT))

    async def scenario() -> list[str]:
        async with engine(script, cache=60.0, rate=(1, 5.0)) as e:
            await e.ask("another")
            hasty = asyncio.ensure_future(e.ask("Open?", deadline=2.0))
            patient = asyncio.ensure_future(e.ask("Open?"))
            return [(await each).sources["s"].status for each in (hasty, patient)]

    assert run_jumping(scenario()) == ["rate_limited", "ok"]


def test_a_follower_has_waited_only_since_it_came() -> None:
    script = Scripted((3.0, TEXT))

    async def scenario() -> list[float]:
        async with engine(script, cache=60.0, rate=(1, 5.0)) as e:
            await e.ask("another")
            first = asyncio.ensure_future(e.ask("Open?"))
            await asyncio.sleep(4.0)
            second = await e.ask("Open?")
            return [(await first).sources["s"].waiting, second.sources["s"].waiting]

    assert run_jumping(scenario()) == pytest.approx([2.0, 0.0])


def test_who_comes_while_the_last_follower_is_leaving_makes_a_call_of_its_own() -> None:
    script = Scripted((5.0, TEXT), (1.0, TEXT), deaf=0.03)

    async def scenario() -> str:
        async with engine(script, cache=60.0) as e:
            leaving = asyncio.ensure_future(e.ask("Open?"))
            await asyncio.sleep(1.0)
            leaving.cancel()
            await asyncio.sleep(0.01)
            answer = await e.ask("Open?")
            await asyncio.gather(leaving, return_exceptions=True)
            return answer.sources["s"].status

    assert run_jumping(scenario()) == "ok"


class SlowStore:
    """A store that takes its time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.kept: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        value = self.kept.get(key)
        await asyncio.sleep(self.seconds)
        return value

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        self.kept[key] = value

    async def close(self) -> None:
        pass


async def items_of(source: Source, text: str = "Open?") -> list[Item]:
    return [item async for item in source.fetch(Question(text))]


def test_who_waits_for_the_store_while_an_answer_arrives_makes_no_second_call() -> None:
    script = Scripted((0.0, TEXT))
    store = SlowStore(1.0)
    cached = cache(script.source(), fresh=60.0, stale=0.0, store=store)

    async def scenario() -> None:
        first = asyncio.ensure_future(items_of(cached))
        await asyncio.sleep(0.5)
        await asyncio.gather(first, items_of(cached))

    run_jumping(scenario())
    assert script.asked == [1.0]


def test_what_has_no_form_in_json_is_kept_in_memory_alone() -> None:
    async def fetch(_: Question) -> AsyncIterator[Item]:
        yield Document(TEXT, metadata={"when": object()})

    store = SlowStore()
    cached = cache(Source("s", fetch), fresh=60.0, stale=0.0, store=store)

    async def scenario() -> list[Item]:
        await items_of(cached)
        return await items_of(cached)

    assert isinstance(run_jumping(scenario())[0], Notice)
    assert store.kept == {}


def test_an_answer_from_the_future_is_forgotten() -> None:
    now = [1_000_000.0]
    script = Scripted((0.0, TEXT))
    cached = cache(script.source(), fresh=60.0, stale=60.0, wall=lambda: now[0])

    async def scenario() -> None:
        await items_of(cached)
        now[0] -= 3.0  # two clocks that differ a little
        await items_of(cached)
        assert len(script.asked) == 1
        now[0] -= 86_400.0  # a clock that was wrong
        await items_of(cached)

    run_jumping(scenario())
    assert len(script.asked) == 2


def test_why_there_was_nothing_is_known_from_the_cache_as_well() -> None:
    async def fetch(_: Question) -> AsyncIterator[Item]:
        yield Notice("nothing", message="The question names no place.")

    store = SlowStore()

    async def scenario() -> list[list[Item]]:
        first = cache(Source("s", fetch), fresh=60.0, stale=0.0, store=store)
        later = cache(Source("s", fetch), fresh=60.0, stale=0.0, store=store)
        return [await items_of(each) for each in (first, first, later)]

    for items in run_jumping(scenario()):
        assert [each.message for each in items if isinstance(each, Notice) and each.kind == "nothing"] == [
            "The question names no place."
        ]


def test_memory_holds_only_so_many_bytes() -> None:
    answer = CachedAnswer(0.0, (Document(TEXT),))
    limits = Limits(cached_bytes=3 * (answer.size + getsizeof("0:a")))
    script = Scripted((0.0, TEXT))
    cached = cache(script.source(), fresh=60.0, stale=0.0, limits=limits)

    async def scenario() -> None:
        for name in ("a", "b", "c", "a", "d", "a", "b"):
            await items_of(cached, name)

    run_jumping(scenario())
    assert len(script.asked) == 5  # "b" made room for "d"


# Hedges.


def seasoned() -> Health:
    health = Health(calls=100, hedges=1.0)
    health.latencies.extend([1.0] * 100)
    return health


def test_a_loser_that_is_deaf_does_not_hold_up_the_winner_and_stops_hedging_while_it_lives() -> None:
    script = Scripted((9.0, "late"), (1.0, TEXT), (3.0, TEXT), (1.0, TEXT), deaf=60.0)
    health = seasoned()

    async def scenario() -> list[float]:
        clock = asyncio.get_running_loop().time
        source = replace(stack(script.source(), Policy(hedge=True), health=health), policy=None)
        took: list[float] = []
        for _ in range(2):
            health.hedges = 5.0
            begun = clock()
            await items_of(source)
            took.append(clock() - begun)
        return took

    assert run_jumping(scenario()) == pytest.approx([2.05, 3.0])
    assert len(script.asked) == 3


def test_hedges_are_not_saved_up_without_end() -> None:
    script = Scripted(*[(0.0, TEXT)] * 1000, *[(5.0, TEXT)] * 1000)
    health = Health()

    async def scenario() -> None:
        source = stack(script.source(), Policy(hedge=True), health=health)
        for _ in range(1020):
            await items_of(source)

    run_jumping(scenario())
    assert len(script.asked) <= 1020 + 6


# Retries.


def test_a_retry_that_even_the_quickest_call_would_not_finish_is_not_made() -> None:
    script = Scripted(*[(2.0, TEXT)] * 3, (1.5, ConnectionResetError("gone")))

    async def scenario() -> int:
        async with engine(script, retries=2) as e:
            for n in range(3):
                await e.ask(f"{n}")
            return (await e.ask("hasty", deadline=3.0)).sources["s"].attempts

    assert run_jumping(scenario()) == 1


def test_a_retry_budget_ends_a_storm_and_comes_back_with_time() -> None:
    script = Scripted((0.1, SourceError("gone", "http_503")))

    async def scenario() -> list[int]:
        async with engine(script, retries=2) as e:
            attempts = [(await e.ask(f"{n}")).sources["s"].attempts for n in range(4)]
            await asyncio.sleep(20.0)
            return [*attempts, (await e.ask("later")).sources["s"].attempts]

    assert run_jumping(scenario()) == [3, 1, 1, 1, 3]
