"""What badly behaved functions do to real workers: each fault costs its own job, and no other."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pool_chores as chores
import pytest

from fanin.model import Document
from fanin.pools import supervisor, worker_pool
from fanin.pools.pool import Done, Pool
from fanin.pools.worker_pool import WorkerPool
from fanin.pools.workers.thread_worker import ThreadWorker
from fanin.pools.workers.worker import Listener
from fanin.testing import pool_trials as trials

type Open = Callable[..., Pool]
type Do = Callable[..., asyncio.Future[Done]]

RAISING = [
    (trials.fail, "exception"),
    (trials.raise_silently, "exception"),
    (trials.leave, "exit"),
    (trials.interrupt, "exit"),
    (trials.recurse, "recursion"),
    (trials.exhaust_memory, "memory"),
]
SPINNING = [chores.endless, chores.endless_deaf]
REAL = ["interpreters", "threads", "processes"]


def kind(done: Done) -> str:
    return done.failure.kind if done.failure else ""


@pytest.mark.parametrize("name", [*REAL, "inline"])
async def test_whatever_a_function_raises_is_a_failure_and_prints_nothing(
    open_pool: Open, do: Do, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    pool = open_pool(name, work=trials.count)
    done = [await do(pool, work, "text") for work, _ in RAISING]
    assert [kind(each) for each in done] == [kind for _, kind in RAISING]
    assert (await do(pool, trials.count)).failure is None
    await pool.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", REAL)
async def test_with_every_worker_spinning_futures_resolve_and_work_is_served_again(
    open_pool: Open, do: Do, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    pool = open_pool(name, work=trials.count)
    await do(pool, trials.count)
    for work in SPINNING:
        start = time.monotonic()
        done = await asyncio.gather(do(pool, work, seconds=0.2), do(pool, work, seconds=0.2))
        assert time.monotonic() - start < 0.2 + 5.0
        assert {kind(each) for each in done} <= {"deadline", "stuck"}
        assert (await do(pool, trials.count, seconds=30.0)).failure is None
    await pool.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ["interpreters", "processes"])
async def test_with_every_worker_stuck_in_c_work_is_served_again(open_pool: Open, do: Do, name: str) -> None:
    """Interpreters only sleep in C here: nothing could end one that is stuck for ever. See test_leaving for that."""
    pool = open_pool(name, work=trials.count)
    await asyncio.gather(*(do(pool, chores.sleep, "0.1") for _ in range(4)))  # until both workers are there
    work, text = (chores.endless_regex, "") if name == "processes" else (chores.sleep, "3")
    start = time.monotonic()
    done = await asyncio.gather(*(do(pool, work, text, seconds=0.5) for _ in range(2)))
    assert time.monotonic() - start < 0.5 + 5.0
    assert [kind(each) for each in done] == ["stuck", "stuck"]
    assert (await do(pool, trials.count, seconds=30.0)).failure is None
    assert pool.statistics()["replaced"] >= 1


async def test_a_thread_asleep_in_c_is_left_behind_and_replaced(open_pool: Open, do: Do) -> None:
    pool = open_pool("threads", workers=1)
    assert kind(await do(pool, chores.sleep, "0.7", seconds=0.1)) == "stuck"
    assert (await do(pool, chores.sleep, "0")).value == "slept"
    counts = pool.statistics()
    assert (counts["abandoned"], counts["replaced"], counts["stuck"]) == (1, 1, 1)
    await asyncio.sleep(0.6)
    assert pool.statistics()["stuck"] == 0


async def test_past_the_limit_of_stuck_workers_jobs_fail_until_one_comes_back(open_pool: Open, do: Do) -> None:
    pool = open_pool("threads", workers=1)
    for _ in range(2):
        assert kind(await do(pool, chores.sleep, "1.5", seconds=0.4)) == "stuck"
    late = await do(pool, chores.sleep, "0", seconds=1.0)
    assert kind(late) == "stuck"
    assert "2 workers are stuck" in late.failure.message
    await asyncio.sleep(1.6)
    assert (await do(pool, chores.sleep, "0")).value == "slept"


async def test_a_function_that_eats_the_stop_and_returns_late_fails_all_the_same(open_pool: Open, do: Do) -> None:
    pool = open_pool("interpreters", work=trials.count)
    await do(pool, trials.count)
    assert kind(await do(pool, trials.suppress_the_stop, "5", seconds=0.1)) == "deadline"


@pytest.mark.parametrize("name", REAL)
async def test_a_function_that_will_not_die_is_given_up_and_its_end_changes_nothing(
    open_pool: Open, do: Do, name: str
) -> None:
    pool = open_pool(name, work=trials.count, workers=1)
    await do(pool, trials.count)
    assert kind(await do(pool, chores.undying, "1", seconds=0.1)) == "stuck"
    assert (await do(pool, trials.count, seconds=30.0)).failure is None
    await asyncio.sleep(1.0)
    assert pool.statistics()["stuck"] == 0
    assert (await do(pool, trials.count)).failure is None


@pytest.mark.parametrize("name", ["interpreters", "processes"])
async def test_a_stop_that_lands_in_a_destructor_prints_nothing(
    open_pool: Open, do: Do, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    pool = open_pool(name, work=trials.count)
    await do(pool, trials.count)
    for _ in range(5):
        assert kind(await do(pool, chores.busy_in_cleanup, "5", seconds=0.1)) in ("deadline", "stuck")
        assert (await do(pool, trials.count)).failure is None
    await pool.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", ["interpreters", "processes"])
@pytest.mark.parametrize(("work", "expected"), [(trials.secret, "lambda"), (chores.strange, "not a number")])
async def test_a_value_that_cannot_be_sent_or_read_is_a_failure(
    open_pool: Open, do: Do, name: str, work: Callable[..., Any], expected: str
) -> None:
    done = await do(open_pool(name, work=trials.count), work)
    assert kind(done) == "unsendable"
    assert expected in done.failure.message


@pytest.mark.parametrize("name", ["interpreters", "processes"])
async def test_metadata_that_cannot_be_sent_is_a_failure(open_pool: Open, name: str) -> None:
    document: Any = Document("", metadata={"bad": lambda: None})
    pool = open_pool(name, work=trials.count)
    done = await pool.submit(trials.count, "", document, deadline=asyncio.get_running_loop().time() + 30)
    assert kind(done) == "unsendable"
    assert (await pool.submit(trials.count, "", Document(""), deadline=float("inf"))).failure is None


async def test_any_number_of_jobs_that_cannot_be_sent_fail_one_by_one(open_pool: Open, do: Do) -> None:
    document: Any = Document("", metadata={"bad": lambda: None})
    pool = open_pool("interpreters", work=trials.count, workers=1)
    jobs = [pool.submit(trials.count, "", document, deadline=float("inf")) for _ in range(3000)]
    assert {kind(done) for done in await asyncio.gather(*jobs)} == {"unsendable"}
    assert (await do(pool, trials.count)).failure is None


@pytest.mark.parametrize("name", ["interpreters", "processes"])
async def test_a_function_that_no_worker_can_import_is_a_failure(open_pool: Open, do: Do, name: str) -> None:
    def local(_: str, __: Document) -> None: ...

    pool = open_pool(name, work=trials.count)
    for work in (local, lambda _, __: None, print_elsewhere):
        assert kind(await do(pool, work)) == "import"
    assert (await do(pool, trials.count)).failure is None


def print_elsewhere(_: str, __: Document) -> None: ...


print_elsewhere.__module__ = "no_such_module"


@pytest.mark.parametrize(("work", "text", "code"), [(chores.exit_process, "7", "7"), (chores.segfault, "", "-11")])
async def test_a_process_that_dies_fails_its_own_job_only(
    open_pool: Open,
    do: Do,
    capfd: pytest.CaptureFixture[str],
    work: Callable[..., Any],
    text: str,
    code: str,
) -> None:
    pool = open_pool("processes", work=trials.count, workers=1)
    dying, *behind = do(pool, work, text), *(do(pool, trials.count, "why? why?") for _ in range(5))
    done = await dying
    assert kind(done) == "crashed"
    assert f"exit code {code}" in done.failure.message
    assert [(each.failure, each.value["count"]) for each in await asyncio.gather(*behind)] == [(None, 2)] * 5
    assert pool.statistics()["replaced"] == 1
    await pool.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", REAL)
async def test_question_and_document_arrive_as_they_were_sent(open_pool: Open, name: str) -> None:
    pool = open_pool(name, work=trials.count)
    document = Document(
        "täxt\x00\ud800", "title", "url", metadata={"a": [1, None]}, source="s", number=3, part=2, parts=4
    )
    done = await pool.submit(chores.echo, "frage?", document, deadline=float("inf"))
    assert done.value == ("frage?", document)


@pytest.mark.parametrize("name", ["interpreters", "processes"])
async def test_a_function_inside_a_class_is_found_by_its_qualified_name(open_pool: Open, do: Do, name: str) -> None:
    pool = open_pool(name, work=chores.Nested.work)
    assert (await do(pool, chores.Nested.work)).value == "nested"


async def test_a_pool_belongs_to_one_event_loop(open_pool: Open, do: Do) -> None:
    pool = open_pool("threads")
    pool.warm()

    async def elsewhere() -> str:
        try:
            pool.warm()
        except Exception as error:
            return str(error)
        return ""

    assert "another event loop" in await asyncio.to_thread(asyncio.run, elsewhere())


@pytest.mark.parametrize("name", REAL)
async def test_closing_stops_what_runs_and_ends_every_future(open_pool: Open, do: Do, name: str) -> None:
    pool = open_pool(name, work=trials.count)
    await asyncio.gather(*(do(pool, chores.sleep, "0.1") for _ in range(4)))  # until both workers are there
    jobs = [do(pool, chores.endless) for _ in range(5)]
    await asyncio.sleep(0.1)
    await pool.close()
    assert [kind(await job) for job in jobs] == ["closed"] * 5
    async with asyncio.timeout(10.0):  # on a busy machine a worker may take longer than closing waits
        while pool.statistics()["stuck"]:
            await asyncio.sleep(0.01)
    assert kind(await do(pool, trials.count)) == "closed"


@pytest.mark.parametrize("name", REAL)
async def test_a_pool_can_be_closed_while_it_starts_and_before(open_pool: Open, do: Do, name: str) -> None:
    await open_pool(name, work=trials.count).close()
    pool = open_pool(name, work=trials.count)
    job = do(pool, trials.count)
    await pool.close()
    assert kind(await job) == "closed"
    assert pool.statistics()["abandoned"] == 0


class NeverStarting(ThreadWorker):
    def start(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """Nothing, and nobody hears of it."""
        self._loop, self._listener = loop, listener

    def close(self) -> None:
        self._orders.close()


async def test_a_worker_that_never_starts_is_abandoned_and_its_function_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "START_TIMEOUT", 0.1)
    pool = WorkerPool("asleep", NeverStarting, workers=1, fallback=("threads", ThreadWorker))
    job = pool.submit(len, "question", deadline=asyncio.get_running_loop().time() + 20)
    assert (await job).value == len("question")
    assert (pool.name, pool.statistics()["abandoned"]) == ("threads", 1)
    await pool.close()


async def test_opening_does_not_wait_for_ever_for_a_worker_that_never_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "START_TIMEOUT", 0.1)
    pool = WorkerPool("asleep", NeverStarting, workers=1)
    await asyncio.wait_for(pool.ready(), 5.0)
    job = pool.submit(len, "question", deadline=asyncio.get_running_loop().time() + 0.2)
    assert kind(await asyncio.wait_for(job, 5.0)) == "deadline"
    await pool.close()
