"""A question that is asked again while no source would be called."""

import asyncio

import pytest

from fanin.interfaces.server import service
from fanin.interfaces.server.repeats import MOST_BYTES, Repeats, repeat_key
from fanin.runs.sqlite_runs import SQLiteRuns

CACHED = """
[sources.cached]
kind = "simulated"
latency = "0s"
text = "The harbour is open until nine tonight."
cache = "1h"
"""
QUESTION = {"question": "Is the harbour open?", "sources": ["cached"]}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_reply_holds_for_its_time_and_says_its_age() -> None:
    clock = Clock()
    repeats = Repeats(clock=clock)
    repeats.hold(b"key", "run", b"body", {"Fanin-Run": "run"}, seconds=10.0)
    clock.now += 3.7
    found = repeats.find(b"key")
    assert (found.content, found.fields) == (b"body", {"Fanin-Run": "run", "Age": "3"})
    assert repeats.find(b"other") is None
    clock.now += 6.3
    assert repeats.find(b"key") is None


def test_what_holds_for_no_time_is_not_held() -> None:
    repeats = Repeats(clock=Clock())
    repeats.hold(b"key", "run", b"body", {}, seconds=0.0)
    assert repeats.find(b"key") is None


def test_a_deleted_run_is_forgotten() -> None:
    repeats = Repeats(clock=Clock())
    for number in range(3):
        repeats.hold(b"%d" % number, f"run{number % 2}", b"body", {}, seconds=10.0)
    assert repeats.runs == {"run0", "run1"}
    repeats.forget(["run0"])
    assert [repeats.find(b"%d" % number) is None for number in range(3)] == [True, False, True]


def test_the_replies_that_nobody_wanted_for_longest_go_first() -> None:
    repeats, third = Repeats(clock=Clock()), b"x" * (MOST_BYTES // 3)
    for number in range(3):
        repeats.hold(b"%d" % number, "run", third, {}, seconds=10.0)
    assert repeats.find(b"0") is not None
    repeats.hold(b"3", "run", third, {}, seconds=10.0)
    assert [repeats.find(b"%d" % number) is None for number in range(4)] == [False, True, False, False]


def test_another_user_body_or_day_is_another_request() -> None:
    keys = [
        repeat_key(user, body, day)
        for user, body, day in [
            ("anna", b"{}", "2026-11-28"),
            ("ann", b"a{}", "2026-11-28"),
            ("anna", b"{ }", "2026-11-28"),
            ("anna", b"{}", "2026-11-29"),
        ]
    ]
    assert len(set(keys)) == 4


async def test_a_repeated_question_gets_the_answer_of_the_run_before(opened) -> None:
    server = await opened(runs=CACHED)
    (first, fields, answer), (again, later, same) = [await server.post("/v1/ask", QUESTION) for _ in range(2)]
    assert (first, again) == (200, 200)
    assert same == answer
    assert ("Age" in fields, int(later["Age"]) < 60) == (False, True)
    assert (later["Fanin-Run"], later["Location"]) == (fields["Fanin-Run"], fields["Location"])
    assert "RateLimit" in later


@pytest.mark.parametrize(
    ("settings", "body"),
    [
        pytest.param(CACHED, {**QUESTION, "fresh": True}, id="asks for a fresh one"),
        pytest.param(CACHED, {**QUESTION, "sources": ["cached", "fast"]}, id="has a source without a cache"),
        pytest.param(
            CACHED.replace('text = "', 'fail = "It is down."\ntext = "'), QUESTION, id="has no complete answer"
        ),
    ],
)
async def test_a_question_is_asked_anew_where_it(opened, settings: str, body: dict) -> None:
    server = await opened(runs=settings)
    (_, fields, _), (_, later, _) = [await server.post("/v1/ask", body) for _ in range(2)]
    assert "Age" not in later
    assert fields["Fanin-Run"] != later["Fanin-Run"]


async def test_a_question_of_another_user_and_of_a_deleted_run_is_asked_anew(opened) -> None:
    server = await opened(runs=CACHED)
    anna, bob = server.key("anna"), server.key("bob")
    _, fields, _ = await server.post("/v1/ask", QUESTION, headers=anna)
    assert "Age" not in (await server.post("/v1/ask", QUESTION, headers=bob))[1]
    await server.send("DELETE", f"/v1/runs/{fields['Fanin-Run']}", headers=anna)
    assert "Age" not in (await server.post("/v1/ask", QUESTION, headers=anna))[1]
    assert "Age" in (await server.post("/v1/ask", QUESTION, headers=bob))[1]


async def test_a_run_that_another_process_deleted_is_not_repeated_for_longer_than_a_moment(opened, monkeypatch) -> None:
    monkeypatch.setattr(service, "LOOK_SECONDS", 0.05)
    server = await opened(runs=CACHED)
    _, fields, _ = await server.post("/v1/ask", QUESTION)
    run = fields["Fanin-Run"]
    await server.service.runs.written(run)
    other = SQLiteRuns(server.folder / "runs.sqlite", seconds=60.0)
    assert await other.delete(run, user=None)
    await other.close()
    async with asyncio.timeout(10):
        while "Age" in (again := (await server.post("/v1/ask", QUESTION))[1]):
            await asyncio.sleep(0.02)
    assert again["Fanin-Run"] != run
    await asyncio.sleep(4 * service.LOOK_SECONDS)
    assert "Age" in (await server.post("/v1/ask", QUESTION))[1]
