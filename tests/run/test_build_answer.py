"""When what is asked for should have been published, and that the newest goes first when that is asked for."""

from datetime import UTC, datetime
from datetime import time as clock

import pytest

from fanin.errors import SourceError
from fanin.model import Document
from fanin.plan.planned_question import PlannedQuestion
from fanin.testing import FakeSource, run_scenario

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ON = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What is the latest on the strike?", NOW, ON),
        ("What's happening now?", NOW, ON),
        ("Is the harbour open today?", datetime.combine(NOW, clock.min, UTC), ON),
        ("What happened on 3 May 2019?", datetime(2019, 5, 3, tzinfo=UTC), "2019-05-03"),
        ("What was in the news in March 2025?", datetime(2025, 3, 1, tzinfo=UTC), "2025-03-31"),
        ("What happened on 9999-12-31?", datetime(9999, 12, 31, tzinfo=UTC), "9999-12-31"),
    ],
)
def test_the_window_that_a_question_asks_for(question: str, first: datetime, last: datetime | str) -> None:
    time = PlannedQuestion(question, now=NOW).time
    assert time is not None
    assert time.first == first
    assert time.last == last if isinstance(last, datetime) else time.last.date().isoformat() == last


@pytest.mark.parametrize("question", ["Is the harbour open?", "Who wrote Hamlet?", ""])
def test_a_question_that_asks_for_no_time_has_no_window(question: str) -> None:
    assert PlannedQuestion(question, now=NOW).time is None


WORDS = {
    "a": "The strike goes on, the drivers say.",
    "b": "Nobody can tell how long the strike goes on.",
    "c": "Trains stand still while the strike goes on.",
    "d": "A strike of this size goes on for weeks.",
}


def dated(source: str, published: str) -> FakeSource:
    return FakeSource(source, ((1.0, Document(WORDS[source], published=published)),))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Does the strike go on?", "a"),
        ("What is the latest on the strike?", "b"),
        ("Did the strike go on in May 2019?", "c"),
    ],
)
def test_an_answer_begins_with_what_was_published_when_it_was_asked_for(question: str, first: str) -> None:
    sources = [dated("a", "2024-01-01"), dated("b", "2026-11-23T14:00:00Z"), dated("c", "2019-05-03"), dated("d", "")]
    answer = run_scenario(sources, question=question, now=lambda: NOW).answer
    assert answer.citations[0].source == first
    assert {citation.source for citation in answer.citations} >= {"a", "b", "c"}


def test_an_answer_of_nothing_says_so_and_names_only_failures_as_errors() -> None:
    sources = [FakeSource("empty", ()), FakeSource("broken", ((0.1, SourceError("It is down.", "down")),))]
    answer = run_scenario(sources, question="Is the harbour open?").answer
    assert (answer.success, answer.answered, answer.text, answer.citations) == (False, False, "", ())
    assert answer.errors == ("broken: It is down.",)
    assert {name: outcome.status for name, outcome in answer.sources.items()} == {"empty": "empty", "broken": "error"}
