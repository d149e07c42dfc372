from datetime import date, datetime, time, timedelta, timezone

import pytest

from fanin.plan import Period, dates_in, wants_recent
from fanin.plan.planned_question import PlannedQuestion

TODAY = date(2026, 11, 25)  # a Wednesday


def days(first: str, last: str = "") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("What happened today?", days("2026-11-25")),
        ("What happened YESTERDAY in Paris?", days("2026-11-24")),
        ("Will it rain tomorrow?", days("2026-11-26")),
        ("news from last week", days("2026-11-16", "2026-11-22")),
        ("news from this week", days("2026-11-23", "2026-11-29")),
        ("what is on next week?", days("2026-11-30", "2026-12-06")),
        ("and this weekend?", days("2026-11-28", "2026-11-29")),
        ("in the past week", days("2026-11-18", "2026-11-25")),
        ("the last week", days("2026-11-18", "2026-11-25")),
        ("commits of last month", days("2026-10-01", "2026-10-31")),
        ("next month", days("2026-12-01", "2026-12-31")),
        ("what happened last year", days("2025-01-01", "2025-12-31")),
        ("in the last 3 days", days("2026-11-22", "2026-11-25")),
        ("the past 24 hours", days("2026-11-24", "2026-11-25")),
        ("over the last two months", days("2026-09-25", "2026-11-25")),
        ("the last few weeks", days("2026-11-04", "2026-11-25")),
        ("ten things of 5 days ago", days("2026-11-20")),
        ("a year ago", days("2025-11-25")),
        ("what happened last Monday", days("2026-11-23")),
        ("since Monday", days("2026-11-23", "2026-11-25")),
        ("on 2025-03-04 in Rome", days("2025-03-04")),
        ("on 4 March 2025", days("2025-03-04")),
        ("on the 4th of March, 2025", days("2025-03-04")),
        ("on March 4th, 2025", days("2025-03-04")),
        ("on Dec. 24", days("2025-12-24")),
        ("on 1 november", days("2026-11-01")),
        ("issues since March 2025", days("2025-03-01", "2026-11-25")),
        ("issues since the 4th of March", days("2026-03-04", "2026-11-25")),
        ("What happened in March?", days("2026-03-01", "2026-03-31")),
        ("What happened in December?", days("2025-12-01", "2025-12-31")),
        ("in february 2024", days("2024-02-01", "2024-02-29")),
        ("What happened in 2024?", days("2024-01-01", "2024-12-31")),
        ("Nobel prize 2024", days("2024-01-01", "2024-12-31")),
        ("the 2024 election", days("2024-01-01", "2024-12-31")),
        ("between 2020 and 2024", days("2020-01-01", "2024-12-31")),
        ("between 2024 and 2020", days("2020-01-01", "2024-12-31")),
        ("sales 2020-2024", days("2020-01-01", "2024-12-31")),
        ("from 2020 to 2024", days("2020-01-01", "2024-12-31")),
        ("between March and May 2025", days("2025-03-01", "2025-05-31")),
        ("from November until March 2025", days("2024-11-01", "2025-03-31")),
        ("between 4 March 2025 and yesterday", days("2025-03-04", "2026-11-24")),
        ("from 2025-01-05 to 2025-02-03", days("2025-01-05", "2025-02-03")),
        ("before 2020", days("0001-01-01", "2019-12-31")),
        ("until March 2025", days("0001-01-01", "2025-03-31")),
        ("after 2024-12-31", days("2025-01-01", "2026-11-25")),
        ("What did we know in 2019 and in 2023?", days("2019-01-01", "2019-12-31")),
    ],
)
def test_the_days_that_a_question_names_are_found(question: str, period: Period) -> None:
    assert dates_in(question, today=TODAY) == period


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What is the weather in Paris?",
        "May I march in?",
        "Who may come in?",
        "What is 2000 divided by 4?",
        "It costs $2024.",
        "2024-02-30",
        "Is 31 February a day?",
        "version 2024.1",
        "Where is 1984 Avenue?",
        "the second of them",
        "last place",
    ],
)
def test_a_question_without_days_names_none(question: str) -> None:
    assert dates_in(question, today=TODAY) is None


def test_a_very_long_question_is_read_quickly() -> None:
    assert dates_in("last " * 500_000 + "week", today=TODAY) is None


def test_the_end_of_february_moves_to_a_day_that_there_is() -> None:
    assert dates_in("from 29 February to 3 March 2025", today=date(2024, 3, 1)) == days("2025-02-28", "2025-03-03")
    assert dates_in("a month ago", today=date(2026, 3, 31)) == days("2026-02-28")


@pytest.mark.parametrize(
    "question",
    ["What is going on right now?", "the latest on the ferries", "Any news?", "current prices", "what is open TODAY"],
)
def test_a_question_for_what_is_new_wants_recent_things(question: str) -> None:
    assert wants_recent(question)


@pytest.mark.parametrize(
    "question",
    ["Who wrote Dracula?", "What is in New York?", "I know nothing", "newspapers of 1912", "the undercurrent"],
)
def test_another_question_does_not(question: str) -> None:
    assert not wants_recent(question)


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Which bills came the day before yesterday?", days("2026-11-23")),
        ("since the day before yesterday", days("2026-11-23", "2026-11-25")),
        ("What opens the day after tomorrow?", days("2026-11-27")),
        ("What was said last night?", days("2026-11-24", "2026-11-25")),
        ("calls of this morning", days("2026-11-25")),
        ("calls of yesterday evening", days("2026-11-24")),
        ("What is on in ten days from now?", days("2026-12-05")),
        ("a week from today", days("2026-12-02")),
        ("twelve days ago", days("2026-11-13")),
        ("a fortnight ago", days("2026-11-11")),
        ("what is on next Monday", days("2026-11-30")),
        ("what was on this Monday", days("2026-11-23")),
        ("coming Wednesday", days("2026-12-02")),
        ("sales of last quarter", days("2026-07-01", "2026-09-30")),
        ("sales in Q3 2025", days("2025-07-01", "2025-09-30")),
        ("sales in the first quarter of 2026", days("2026-01-01", "2026-03-31")),
        ("songs of the 1990s", days("1990-01-01", "1999-12-31")),
        ("Was kam vorgestern an?", days("2026-11-23")),
        ("Was kommt morgen in der Stadt an?", days("2026-11-26")),
        ("Qu'est-ce qui est arrivé hier dans la ville ?", days("2026-11-24")),
        ("Que s'est-il passé aujourd’hui ?", days("2026-11-25")),  # noqa: RUF001  an apostrophe
        ("¿Qué llegó anteayer?", days("2026-11-23")),
        ("Cosa è arrivato ieri?", days("2026-11-24")),
        ("O que chega depois de amanhã?", days("2026-11-27")),
        ("Wat kwam er eergisteren aan?", days("2026-11-23")),
    ],
)
def test_every_word_for_a_day_is_known(question: str, period: Period) -> None:
    assert dates_in(question, today=TODAY) == period


@pytest.mark.parametrize(
    "question", ["Was ist hier in der Stadt los?", "Who was Morgen?", "Am Morgen des Tages", "30s"]
)
def test_a_word_that_names_a_day_in_another_language_only_names_none(question: str) -> None:
    assert dates_in(question, today=TODAY) is None


def test_the_window_is_one_of_the_zone_where_it_is_asked() -> None:
    now = datetime(2026, 11, 25, 1, tzinfo=timezone(timedelta(hours=12)))
    asked = PlannedQuestion("What came in yesterday?", now=now).time
    assert asked is not None
    assert asked.window == (
        datetime(2026, 11, 24, tzinfo=now.tzinfo),
        datetime.combine(date(2026, 11, 24), time.max, now.tzinfo),
    )
