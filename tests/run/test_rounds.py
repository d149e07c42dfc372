"""A second round: what the first one lacked is asked for once more, and nothing of the first one is lost by it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import fanin
from fanin.events import AskedAgain, Event, Fetched, Finished, Started
from fanin.model import Document, Notice, Question
from fanin.sources.source import Source
from fanin.testing import FakeSource, run_scenario

FERRY = "The Elba ferry leaves at nine."
FARES = "On the Elba ferry bicycles cost four euros."
QUESTION = "When does the Elba ferry leave, and how much do bicycles cost?"

type Replies = Callable[[Question], Any]


def search(name: str, replies: Replies, asked: list[str], *, seconds: float = 1.0, timeout: float = 5.0) -> Source:
    """A source that searches, and notes what it is asked."""

    async def fetch(question: Question) -> Any:
        asked.append(question.text)
        await asyncio.sleep(seconds)
        found = replies(question)
        if isinstance(found, BaseException):
            raise found
        return found

    return replace(fanin.source(name=name, timeout=timeout)(fetch), searches=True)


def bicycles(question: Question) -> str:
    return FERRY if "ferry leave" in question.text else FARES


def times_of(events: tuple[Event, ...], *kinds: type[Any]) -> list[tuple[float, str]]:
    return [(round(each.at, 3), type(each).__name__) for each in events if isinstance(each, kinds)]


def test_a_part_without_an_answer_is_asked_for_once_more() -> None:
    asked: list[str] = []
    ran = run_scenario([search("wiki", bicycles, asked)], question=QUESTION, rounds=2)
    assert asked == [QUESTION, "how much do bicycles cost elba"]
    assert [each.quote for each in ran.answer.citations] == [FERRY, FARES]
    assert ran.answer.asked_again == "how much do bicycles cost elba"
    outcome = ran.answer.sources["wiki"]
    assert (outcome.status, outcome.documents, outcome.rounds, outcome.fetching) == ("ok", 2, 2, 2.0)


def test_events_and_the_timeline_show_both_rounds() -> None:
    ran = run_scenario([search("wiki", bicycles, [])], question=QUESTION)
    assert times_of(ran.events, Started, AskedAgain, Fetched, Finished) == [
        (0.0, "Started"),
        (1.0, "Fetched"),
        (1.0, "Finished"),
        (1.0, "AskedAgain"),
        (2.0, "Fetched"),
        (2.0, "Finished"),
    ]
    (again,) = [each for each in ran.events if isinstance(each, AskedAgain)]
    assert (again.question, again.reason) == (
        "how much do bicycles cost elba",
        "No passage tells: how much do bicycles cost",
    )
    fetched = [(span.lane, span.start, span.end) for span in ran.answer.timeline.spans if span.kind == "fetch"]
    assert fetched == [("wiki", 0.0, 1.0), ("wiki", 1.0, 2.0)]


def test_with_one_round_nobody_is_asked_again() -> None:
    asked: list[str] = []
    ran = run_scenario([search("wiki", bicycles, asked)], question=QUESTION, rounds=1)
    assert asked == [QUESTION]
    assert ran.answer.asked_again == ""
    assert "The sources do not say: how much do bicycles cost?" in ran.answer.text


def test_a_source_that_does_not_search_is_asked_once() -> None:
    fake = FakeSource("notes", ((1.0, FERRY),))
    ran = run_scenario([fake], question=QUESTION)
    assert [each.text for each in fake.asked] == [QUESTION]
    assert ran.answer.sources["notes"].rounds == 1


def test_a_question_that_is_answered_is_asked_once() -> None:
    asked: list[str] = []
    ran = run_scenario([search("wiki", bicycles, asked)], question="When does the Elba ferry leave?")
    assert asked == ["When does the Elba ferry leave?"]
    assert ran.answer.execution_time == 1.0


@pytest.mark.parametrize(("seconds", "rounds"), [(0.25, 2), (0.5, 2), (0.75, 1)])
def test_only_a_quick_source_is_asked_to_confirm_what_another_one_says(seconds: float, rounds: int) -> None:
    asked: list[str] = []
    tall = FakeSource("guide", ((0.1, "The lighthouse is 41 metres tall."),)).source
    wiki = search("wiki", lambda _: "The lighthouse was built by sailors.", asked, seconds=seconds)
    ran = run_scenario([tall, wiki], question="How tall is the lighthouse?")
    assert len(asked) == ran.answer.sources["wiki"].rounds == rounds


@pytest.mark.parametrize(
    "second",
    [ValueError("odd"), fanin.SourceError("bad", "format"), fanin.RateLimited("slow", 3.0), None, [], FERRY, 7],
    ids=repr,
)
def test_whatever_becomes_of_the_second_round_the_first_one_stands(second: object) -> None:
    def replies(question: Question) -> object:
        return FERRY if "leave" in question.text else second

    ran = run_scenario([search("wiki", replies, [])], question=QUESTION)
    alone = run_scenario([search("wiki", replies, [])], question=QUESTION, rounds=1)
    assert ran.answer.text == alone.answer.text
    assert ran.answer.passages == alone.answer.passages
    assert replace(ran.answer.sources["wiki"], rounds=1, fetching=1.0) == alone.answer.sources["wiki"]
    assert ran.answer.errors == alone.answer.errors


class Hangs:
    """A source whose second call never ends, and that does not stop for some seconds when it is times_of to."""

    def __init__(self, *, deaf: float = 0.0) -> None:
        self._deaf = deaf

    async def __call__(self, question: Question) -> str:
        await asyncio.sleep(1.0)
        try:
            if "leave" not in question.text:
                await asyncio.sleep(1_000)
        finally:
            await asyncio.sleep(self._deaf if "leave" not in question.text else 0.0)
        return FERRY


@pytest.mark.parametrize(
    ("deadline", "timeout", "deaf", "at"),
    [
        (60.0, 60.0, 0.0, 3.0),  # the first round took 1 s, and the second one may take twice as long
        (10.0, 1.5, 0.0, 2.5),
        (2.5, 5.0, 0.0, 2.35),
        (60.0, 60.0, 20.0, 3.05),
        (60.0, 1.5, 20.0, 2.55),
    ],
)
def test_a_second_round_that_hangs_is_left_soon(deadline: float, timeout: float, deaf: float, at: float) -> None:
    source = replace(fanin.source(name="wiki", timeout=timeout)(Hangs(deaf=deaf)), searches=True)
    ran = run_scenario([source], question=QUESTION, deadline=deadline)
    assert [each.quote for each in ran.answer.citations] == [FERRY]
    assert ran.answer.sources["wiki"].status == "ok"
    assert ran.answer.errors == ()
    assert round(ran.answer.execution_time, 3) == at


def test_a_source_that_was_slow_is_not_asked_again_when_too_little_time_is_left() -> None:
    asked: list[str] = []
    ran = run_scenario([search("wiki", bicycles, asked, seconds=2.0)], question=QUESTION, deadline=4.0)
    assert asked == [QUESTION]
    assert ran.answer.execution_time == 2.0


def test_only_sources_that_worked_are_asked_again() -> None:
    asked: dict[str, list[str]] = {name: [] for name in ("good", "empty", "broken", "late")}
    replies: dict[str, Replies] = {
        "good": bicycles,
        "empty": lambda _: None,
        "broken": lambda _: ValueError("odd"),
        "late": bicycles,
    }
    sources = [
        search(name, reply, asked[name], timeout=0.5 if name == "late" else 5.0) for name, reply in replies.items()
    ]
    ran = run_scenario(sources, question=QUESTION)
    assert {name: len(texts) for name, texts in asked.items()} == {"good": 2, "empty": 2, "broken": 1, "late": 1}
    assert {name: each.rounds for name, each in ran.answer.sources.items()} == {
        "good": 2,
        "empty": 2,
        "broken": 1,
        "late": 1,
    }
    assert ran.answer.sources["empty"].status == "empty"


def test_the_same_document_again_is_no_second_one() -> None:
    ran = run_scenario([search("wiki", lambda _: Document(FERRY, url="https://a.example"), [])], question=QUESTION)
    assert ran.answer.sources["wiki"].documents == 1
    assert ran.answer.sources["wiki"].rounds == 2


def test_notices_of_the_second_round_do_not_tell_of_the_first_one() -> None:
    def replies(question: Question) -> object:
        if "leave" in question.text:
            return FERRY
        kinds = ("cached", "nothing", "corrected", "remark", "retrying")
        return [*(Notice(kind, message="other", after=9.0, attempt=3) for kind in kinds), Document(FARES)]

    ran = run_scenario([search("wiki", replies, [])], question=QUESTION)
    outcome = ran.answer.sources["wiki"]
    assert (outcome.cached, outcome.attempts, outcome.message) == (False, 1, "")
    assert (ran.answer.searched_for, ran.answer.notes) == ("", ())
    assert [each.quote for each in ran.answer.citations] == [FERRY, FARES]


def test_when_enough_has_arrived_there_is_no_second_round() -> None:
    asked: list[str] = []
    ran = run_scenario(
        [search("wiki", bicycles, asked), search("slow", bicycles, [], seconds=4.0)], question=QUESTION, enough=1
    )
    assert asked == [QUESTION]
    assert ran.answer.execution_time == 1.0


def test_no_time_is_lost_by_a_question_whose_answer_lacks_nothing() -> None:
    asked: list[str] = []
    sources = [search("a", lambda _: FERRY, asked), search("b", lambda _: FERRY, asked)]
    ran = run_scenario(sources, question="When does the Elba ferry leave?")
    assert len(asked) == 2
    assert ran.answer.execution_time == 1.0


async def test_a_caller_that_leaves_in_the_second_round_leaves_nothing_behind() -> None:
    again = asyncio.Event()

    async def fetch(question: Question) -> str:
        if "leave" not in question.text:
            again.set()
            await asyncio.sleep(1_000)
        return FERRY

    source = replace(fanin.source(name="wiki")(fetch), searches=True)
    before = asyncio.all_tasks()
    async with fanin.Engine([source]) as engine:
        asking = asyncio.create_task(engine.ask(QUESTION))
        await again.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert engine.statistics()["running"] == 0
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("rounds", [0, 3, -1, "two", True, 1.0])
def test_rounds_are_one_or_two(rounds: object) -> None:
    with pytest.raises(fanin.ConfigError, match=r"^rounds is .*; fanin did not start"):
        fanin.Engine([FakeSource("a", ()).source], rounds=rounds)
