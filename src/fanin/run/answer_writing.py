"""The last step of a question: a language model writes the answer in its own words, by the deadline or not at all."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from fanin import lazy
from fanin.answer.draft import Draft, Statement, renumbered, standing
from fanin.answer.silence_notes import MAY_NOT_ANSWER, silence_notes
from fanin.model import Answer
from fanin.plan.plan import Plan
from fanin.run.source.source_tasks import STOP_SECONDS
from fanin.sources.source import Source
from fanin.timeline import Span
from fanin.writing.writer import Writer, Written, abandoned


class AnswerWriting:
    """One answer being written; `report` is called with the model's name and what it has written so far."""

    def __init__(self, writer: Writer, *, report: Callable[[str, Draft], None]) -> None:
        self._writer = writer
        self._report = report
        self._over = False
        self.task: asyncio.Task[Written] | None = None

    async def write(self, plan: Plan[Source], answer: Answer, numbers: dict[str, int]) -> Answer:
        """The answer in a model's words, or as it is and why; `numbers` are the citation numbers that it has."""
        loop = asyncio.get_running_loop()
        begun, deadline = loop.time(), plan.deadline
        text, passages = plan.question.text, answer.passages
        task = self.task = loop.create_task(
            self._writer.write(text, passages, numbers=numbers, until=deadline - STOP_SECONDS, report=self._piece)
        )
        try:
            await asyncio.wait((task,), timeout=deadline - STOP_SECONDS / 2 - begun)
        finally:
            if task.cancel():
                await asyncio.wait((task,), timeout=STOP_SECONDS / 4)
        self._over = True
        done = task.done() and not task.cancelled()
        written = task.result() if done else abandoned(self._writer, loop.time() - begun)
        return rewritten(answer, written, ended=loop.time() - plan.asked)

    def _piece(self, model: str, statements: Sequence[Statement]) -> None:
        if not self._over:
            self._report(model, renumbered(Draft(tuple(statements))))


def rewritten(answer: Answer, written: Written, *, ended: float) -> Answer:
    """The answer in the words that a model wrote, if they stand; `ended` is in seconds since it was asked."""
    draft = renumbered(standing(Draft(written.statements), answer.passages))
    if draft.statements:
        citations = tuple(dict.fromkeys(draft.citations))
        draft = replace(draft, conflicts=lazy.conflicts.conflicts(citations))
        doubts = (MAY_NOT_ANSWER, *silence_notes(answer.passages, answer.sources, answer.citations))
        notes = tuple([each for each in answer.notes if each not in doubts])
        answer = replace(
            answer, text=draft.text, citations=citations, conflicts=draft.conflicts, answered=True, notes=notes
        )
    begun = ended - written.writing.seconds
    spans = (*answer.timeline.spans, Span("model", written.writing.model, "", begun, ended))
    timeline = replace(answer.timeline, spans=spans, total=ended)
    return replace(
        answer,
        writing=written.writing,
        timeline=timeline,
        execution_time=ended,
    )
