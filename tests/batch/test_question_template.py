"""The question of a row."""

import pytest

from fanin.batch.question_template import QuestionTemplate
from fanin.errors import ConfigError

ROW = {"company": "Acme", "city": "Bergen", "year": 2026, "nothing": None, "first name": "Ann"}


@pytest.mark.parametrize(
    ("template", "question"),
    [
        ("company", "Acme"),
        ("first name", "Ann"),
        ("{company} news", "Acme news"),
        ("{company} in {city}, {year}", "Acme in Bergen, 2026"),
        ("{first name}?", "Ann?"),
        ("{{{company}}}", "{Acme}"),
        ("{company}{nothing}", "Acme"),
        ("  {city}  ", "Bergen"),
    ],
)
def test_columns_stand_in_their_places(template: str, question: str) -> None:
    assert QuestionTemplate(template).question(ROW) == question


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{company", "expected '}' before end of string; fanin asked nothing"),
        ("company}{", "Single '}' encountered"),
        ("{}", "more than names of columns"),
        ("{company:>10}", "more than names of columns"),
        ("{company!r}", "more than names of columns"),
        ("{{company}}", "has no column; fanin asked nothing"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused(template: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        QuestionTemplate(template)


def test_a_missing_column_is_named_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r"It has no column 'compny'\. Did you mean 'company'"):
        QuestionTemplate("{compny} news").question(ROW)


@pytest.mark.parametrize("values", [{"company": ""}, {"company": "  "}, {"company": None}])
def test_empty_columns_are_no_question(values: dict) -> None:
    with pytest.raises(ValueError, match="Nothing stands in 'company'"):
        QuestionTemplate("{company} news").question(values)
