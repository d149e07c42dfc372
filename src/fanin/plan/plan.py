"""What is known of a question before anything is asked, as one value that every later step is handed."""

from collections.abc import Sequence
from dataclasses import dataclass

from fanin.model import Outcome
from fanin.plan.planned_question import PlannedQuestion
from fanin.plan.source_choice import Topical


@dataclass(frozen=True, slots=True)
class Plan[S: Topical]:
    """The question, the sources that are asked, and the outcomes of those that are skipped.

    `asked` and `deadline` are instants of the event loop's clock; the deadline includes the answer. `cores` is how
    many the machine has for this process. `given` is the question as it was given, if it was a
    follow-up that means another one.
    `again` are the words of a second round.
    """

    question: PlannedQuestion
    sources: Sequence[S]
    asked: float
    deadline: float
    cores: int = 1
    skipped: Sequence[Outcome] = ()
    given: str = ""
    again: str = ""
