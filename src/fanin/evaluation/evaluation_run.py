"""Asks the questions of an evaluation, each of one engine or of two, and judges the answers."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Protocol

from fanin.batch.in_flight import in_flight
from fanin.batch.input_rows import InputRows
from fanin.errors import ConfigError
from fanin.evaluation.expected_answer import Expected, expected
from fanin.evaluation.judging import Judged, judged
from fanin.model import Answer
from fanin.values import value


class AsksFresh(Protocol):
    """What answers questions: an engine."""

    async def ask(
        self, question: str, *, deadline: float | None = None, sources: Sequence[str] | None = None, fresh: bool = False
    ) -> Answer:
        """The answer to one question."""
        ...


@value
class Questions:
    """The questions of a file, and why other rows have none."""

    questions: Sequence[Expected]
    errors: Sequence[str]


def read_questions(rows: InputRows, *, most: int | None = None) -> Questions:
    """All questions of a file, or so many. Raises ConfigError if there is none."""
    found, errors = list[Expected](), list[str]()
    for row in rows:
        if most is not None and len(found) >= most:
            break
        try:
            if row.error:
                raise ValueError(row.error)
            found.append(expected(row.number, row.values))
        except ValueError as error:
            errors.append(f"{rows.place(row.number)}: {error}")
    if not found:
        first = f" {errors[0]}" if errors else ""
        raise ConfigError(
            f"{rows.name} has no question that can be judged; fanin asked nothing.{first} Write lines such as"
            ' {"question": "…", "facts": ["…"]}.'
        )
    return Questions(found, errors)


async def judge_all(
    engines: Sequence[AsksFresh], questions: Iterable[Expected], *, at_once: int, deadline: float | None = None
) -> AsyncGenerator[tuple[Judged, ...]]:
    """For each question, in its order, its answers by the engines; which one is asked first takes turns.

    Nothing is answered from a cache.
    """

    async def work(asked: tuple[int, Expected]) -> tuple[Judged, ...]:
        turn, each = asked
        found = dict[int, Judged]()
        for at in sorted(range(len(engines)), key=lambda at: (at + turn) % len(engines)):
            found[at] = judged(each, await engines[at].ask(each.question, deadline=deadline, fresh=True))
        return tuple(found[at] for at in range(len(engines)))

    items = enumerate(questions)
    async with aclosing(in_flight(work, items, limit=lambda: at_once, ordered=True)) as results:
        async for each in results:
            yield each


async def judge_without(
    engine: AsksFresh, questions: Iterable[Expected], *, at_once: int, deadline: float | None = None
) -> AsyncGenerator[tuple[Judged, Mapping[str, Judged]]]:
    """For each question its answer, and those without each of the sources that were asked, if there are others."""

    async def work(each: Expected) -> tuple[Judged, Mapping[str, Judged]]:
        whole = judged(each, await engine.ask(each.question, deadline=deadline, fresh=True))
        asked = [name for name, given in whole.sources.items() if given.status != "skipped"]
        less = dict[str, Judged]()
        for name in asked if len(asked) > 1 else ():
            others = [other for other in asked if other != name]
            less[name] = judged(each, await engine.ask(each.question, deadline=deadline, fresh=True, sources=others))
        return whole, less

    async with aclosing(in_flight(work, questions, limit=lambda: at_once, ordered=True)) as results:
        async for each in results:
            yield each
