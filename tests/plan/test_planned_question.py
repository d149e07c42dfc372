import pickle
from dataclasses import replace
from datetime import UTC, date, datetime

from fanin.model import Question
from fanin.plan.days import Period
from fanin.plan.planned_question import PlannedQuestion, planned
from fanin.text.question_terms import question_terms

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def asked(text: str) -> PlannedQuestion:
    return PlannedQuestion(text, now=NOW)


def test_a_planned_question_knows_what_it_is_about_and_whom_it_names() -> None:
    terms = asked("Is the harbour of Porto open?").terms
    assert (terms.words, terms.names) == (("harbour", "porto", "open"), {"porto"})


def test_what_a_question_says_is_found_out_once() -> None:
    one = asked("Is the harbour of Porto open?")
    first = one.terms
    question_terms.cache_clear()  # pyright: ignore
    assert one.terms is first


def test_a_planned_question_knows_the_days_that_it_is_about() -> None:
    day = asked("What happened on 2026-03-10?").time
    assert day is not None
    assert day.window == (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 10, 23, 59, 59, 999_999, tzinfo=UTC))
    assert asked("Is the harbour open?").time is None


def test_a_planned_question_is_handed_down_as_it_is_and_equals_the_question_that_it_is() -> None:
    one, question = asked("Will it rain in Porto?"), Question("Will it rain in Porto?", now=NOW)
    assert planned(one) is one
    assert (planned(question), hash(planned(question))) == (question, hash(question))
    assert question == one
    assert one != Question("Will it rain in Porto?")
    assert (one.place, planned(Question("Chi ha vinto?")).place) == ("Porto", "")


def test_the_language_place_and_days_survive_pickling_and_are_those_of_a_changed_text() -> None:
    one = asked("Was war gestern in Köln los, in English?")
    assert (one.language, one.recent) == ("en", False)
    assert pickle.loads(pickle.dumps(one)) == one
    assert replace(one, text="What was on 2026-03-10?").period == Period(date(2026, 3, 10), date(2026, 3, 10))
