"""When it is enough: by a number or share of sources, or by a rule of the caller, which may be wrong (pure)."""

import logging
from typing import Any

import pytest

from fanin.errors import ConfigError
from fanin.model import Answer
from fanin.run.sufficiency import Sufficiency, checked, needed
from fanin.testing import FakeSource, run_scenario


def answer() -> Answer:
    return run_scenario([FakeSource("a", ((0.0, "The harbour is open."),))]).answer


@pytest.mark.parametrize("enough", [1, 2, 0.01, 0.5, 1.0, None, bool])
def test_numbers_shares_and_rules_are_taken(enough: Any) -> None:
    assert checked(enough) is enough


@pytest.mark.parametrize("enough", [True, False, 0, -1, 0.0, 1.01, -0.5, "2", float("nan"), [1]])
def test_anything_else_is_refused_by_its_value(enough: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        checked(enough)
    assert str(caught.value).startswith(f"enough is {enough!r}; fanin did not start.")


@pytest.mark.parametrize(
    ("enough", "planned", "count"), [(0.5, 4, 2), (0.5, 5, 3), (0.01, 5, 1), (1.0, 3, 3), (3, 9, 3), (None, 9, None)]
)
def test_a_share_is_of_the_planned_sources_and_at_least_one(enough: Any, planned: int, count: int | None) -> None:
    assert needed(enough, planned) == count


@pytest.mark.parametrize(("enough", "delivered", "reached"), [(2, 1, False), (2, 2, True), (None, 99, False)])
def test_a_number_counts_the_sources_that_delivered(enough: int | None, delivered: int, reached: bool) -> None:
    made = Sufficiency(enough)
    assert (made.reached(delivered, None), made.judges_answers, made.note) == (reached, False, "")


def test_a_rule_is_asked_with_the_answer_so_far_if_there_is_one() -> None:
    made = Sufficiency(lambda each: each.success)
    assert made.judges_answers
    assert (made.reached(1, None), made.reached(1, answer())) == (False, True)


def test_a_rule_that_raises_is_dropped_noted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    made, found = Sufficiency(lambda _: 1 / 0), answer()
    with caplog.at_level(logging.WARNING, "fanin"):
        assert not made.reached(1, found)
    note = "enough: it raised ZeroDivisionError: division by zero; fanin waited for every source."
    assert (made.note, made.judges_answers) == (note, False)
    assert [each.getMessage() for each in caplog.records] == [f"{found.question_id} {note}"]
