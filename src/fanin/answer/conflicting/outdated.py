"""Of two sentences that differ and are of different age, the newer one first, and both with their day. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from fanin.answer.draft import Draft, Statement, renumbered
from fanin.model import Citation
from fanin.text.dates.asked_time import day_of


def with_days(draft: Draft, outdated: Sequence[tuple[Citation, Citation]], *, newer_first: bool, anew: bool) -> Draft:
    """The draft, in which both sentences of each pair have their day, and with `newer_first` the newer one is before.

    With `anew` the citations are numbered again, in order of appearance.
    """
    pairs = [pair for pair in outdated if all(day_of(each.published) for each in pair)]
    if not pairs:
        return draft
    dated = {citation for pair in pairs for citation in pair}
    statements = [_dated(each) if each.citations[-1] in dated else each for each in draft.statements]
    if newer_first:
        for newer, older in pairs:
            _move_before(statements, newer, older)
    moved = replace(draft, statements=tuple(statements))
    return renumbered(moved) if anew else moved


def _dated(statement: Statement) -> Statement:
    day = day_of(statement.citations[-1].published)
    return statement if statement.dated or day is None else replace(statement, dated=day.isoformat())


def _move_before(statements: list[Statement], newer: Citation, older: Citation) -> None:
    cited = [each.citations[-1] for each in statements]
    at, place = cited.index(newer), cited.index(older)
    if place < at:
        statements.insert(place, statements.pop(at))
