"""A draft: the statements of an answer with their citations, before and after they are checked."""

from collections.abc import Sequence
from dataclasses import replace

from fanin.model import Citation, Conflict, Passage
from fanin.values import value

NOT_ANSWERED = "The sources do not say. What comes nearest:"
"""How the text begins when no source says what was asked."""

UNANSWERED = "The sources do not say:"
"""How a line begins that names a part of the question of which no source says anything."""


@value
class Statement:
    """One sentence of an answer with its citations; as a string it ends with their numbers.

    `dated` is the day of what is cited, where that is older than what was asked for.
    """

    text: str
    citations: tuple[Citation, ...]
    dated: str = ""

    def __str__(self) -> str:
        marks = "".join([f"[{number}]" for number in dict.fromkeys([each.number for each in self.citations])])
        return f"{self.text} ({self.dated}) {marks}" if self.dated else f"{self.text} {marks}"


@value
class Draft:
    """The statements of an answer; `answered` is false when they only come near what was asked.

    `unanswered` are the parts of the question of which no source says anything; `doubtful` if they may not answer.
    """

    statements: tuple[Statement, ...] = ()
    answered: bool = True
    conflicts: tuple[Conflict, ...] = ()
    unanswered: tuple[str, ...] = ()
    doubtful: bool = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation, in the order of the text."""
        return tuple([citation for statement in self.statements for citation in statement.citations])

    @property
    def text(self) -> str:
        """What a reader gets: the statements with their numbers; below them what is missing, and conflicts."""
        if not self.statements:
            return ""
        text = " ".join(map(str, self.statements))
        text = text if self.answered else f"{NOT_ANSWERED} {text}"
        missing = [f"{UNANSWERED} {part}" for part in self.unanswered]
        return "\n".join([text, *missing, *map(side_by_side, self.conflicts)])


def page_of(cited: Passage | Citation) -> str:
    """What is cited under one number: the page, of which a source may give several documents, or else the document."""
    if cited.url and cited.title:
        return f"{cited.source} {cited.title} {cited.url}"
    return f"{cited.source}/{cited.document}"


def side_by_side(conflict: Conflict) -> str:
    """The conflict as one line, such as "Sources differ: weather says 72 °F [1], news says 68 °F [2]."."""
    return (
        f"Sources differ: {', '.join(f'{s.title or s.source} says {s.figure} [{s.number}]' for s in conflict.sides)}."
    )


def standing(draft: Draft, passages: Sequence[Passage]) -> Draft:
    """The draft without citations whose quote is not at the place they name, and without statements that lose all."""
    if all(_stands(each, passages) for statement in draft.statements for each in statement.citations):
        return draft
    kept: list[Statement] = []
    for statement in draft.statements:
        cited = tuple(each for each in statement.citations if _stands(each, passages))
        if cited:
            kept.append(replace(statement, citations=cited))
    numbers = {(citation.source, citation.number) for each in kept for citation in each.citations}
    conflicts = (each for each in draft.conflicts if all((side.source, side.number) in numbers for side in each.sides))
    return replace(draft, statements=tuple(kept), conflicts=tuple(conflicts))


def renumbered(draft: Draft) -> Draft:
    """The draft with citations that count from 1 in order of appearance, also in its conflicts."""
    numbers: dict[int, int] = {}
    for citation in draft.citations:
        numbers.setdefault(citation.number, len(numbers) + 1)
    statements = [
        replace(each, citations=tuple(replace(cited, number=numbers[cited.number]) for cited in each.citations))
        for each in draft.statements
    ]
    sides = [[replace(side, number=numbers[side.number]) for side in each.sides] for each in draft.conflicts]
    conflicts = tuple([Conflict(tuple(each)) for each in sides])
    return replace(draft, statements=tuple(statements), conflicts=conflicts)


def _stands(citation: Citation, passages: Sequence[Passage]) -> bool:
    """Whether one of the passages is of the cited document and has the quote at its place."""
    start, end = citation.start, citation.end
    for passage in passages:
        if passage.document == citation.document and passage.start <= start and end <= passage.end:
            begin = start - passage.start
            if passage.source == citation.source and passage.text[begin : end - passage.start] == citation.quote:
                return True
    return False
