"""A question with what it says about how to ask it: each value is found out once, when it is first needed."""

from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import override

from fanin import plan
from fanin.model import Question
from fanin.plan.coming_days import coming_days
from fanin.plan.dates import asked_time, dates_in, wants_recent
from fanin.plan.days import Period
from fanin.plan.languages import language_in
from fanin.text.dates.asked_time import AskedTime
from fanin.text.question_terms import QuestionTerms, question_terms

_fields = attrgetter(*Question.__match_args__)


class PlannedQuestion(Question):
    """The question that an engine hands to its sources; it equals a Question with the same fields."""

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Question) and _fields(self) == _fields(other)

    __hash__ = Question.__hash__

    @cached_property
    def terms(self) -> QuestionTerms:
        """What it is about."""
        return question_terms(self.text)

    @cached_property
    def place(self) -> str:
        """The place that it names; "" for none."""
        return plan.place_in(self.text)

    @cached_property
    def language(self) -> str:
        """The ISO 639-1 code of the language in which it asks for an answer; "" if it asks for none."""
        return language_in(self.text) or ""

    @cached_property
    def period(self) -> Period | None:
        """The days that it names."""
        return dates_in(self.text, today=self.today)

    def coming_days(self, *, today: date, ahead: int) -> Period | None:
        """The days that it names, where they are ambiguous those to come within so many days from this one."""
        return coming_days(self.text, today=today, ahead=ahead)

    @cached_property
    def recent(self) -> bool:
        """Whether it asks for what is new."""
        return wants_recent(self.text)

    @cached_property
    def time(self) -> AskedTime | None:
        """When what is asked for should have been published; None when it does not say."""
        now = self.now or datetime.now().astimezone()
        return asked_time(self.text, self.period, now=now, recent=self.recent)


def planned(question: Question) -> PlannedQuestion:
    """The question itself, if an engine asks it."""
    return question if isinstance(question, PlannedQuestion) else PlannedQuestion(*_fields(question))
