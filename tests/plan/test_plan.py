from datetime import UTC, datetime

from fanin.model import Question
from fanin.plan.plan import Plan
from fanin.text.question_terms import question_terms

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def plan(text: str) -> Plan:
    return Plan(Question(text), (), 0.0, 3.0, NOW)


def test_a_plan_knows_what_its_question_is_about_and_whom_it_names() -> None:
    terms = plan("Is the harbour of Porto open?").terms
    assert (terms.words, terms.names) == (("harbour", "porto", "open"), {"porto"})


def test_a_plan_computes_the_terms_of_its_question_once() -> None:
    one = plan("Is the harbour of Porto open?")
    first = one.terms
    question_terms.cache_clear()  # pyright: ignore
    assert one.terms is first


def test_a_plan_knows_the_days_that_its_question_is_about() -> None:
    day = plan("What happened on 2026-03-10?").window
    assert day == (datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 10, 23, 59, 59, 999_999, tzinfo=UTC))
    assert plan("Is the harbour open?").window is None
