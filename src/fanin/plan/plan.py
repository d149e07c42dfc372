"""What is known of a question before anything is asked, as one value that every later step is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from fanin.model import Outcome, Question
from fanin.plan.dates import asked_window
from fanin.plan.source_choice import Topical
from fanin.text.question_terms import QuestionTerms, question_terms


@dataclass(frozen=True)
class Plan[S: Topical]:
    """The question, the sources that are asked, and the outcomes of those that are skipped.

    `asked` and `deadline` are instants of the event loop's clock; the deadline includes the answer. `now` is the time
    of day with its zone. `cores` is how many the machine has for this process.
    """

    question: Question
    sources: Sequence[S]
    asked: float
    deadline: float
    now: datetime
    cores: int = 1
    skipped: Sequence[Outcome] = ()

    @cached_property
    def terms(self) -> QuestionTerms:
        """What the question is about."""
        return question_terms(self.question.text)

    @cached_property
    def window(self) -> tuple[datetime, datetime] | None:
        """When what is asked for should have been published; None when the question does not say."""
        return asked_window(self.question.text, now=self.now)
