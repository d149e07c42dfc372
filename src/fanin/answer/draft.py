"""A draft: the statements of an answer with their citations, before and after they are checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fanin.model import Citation, Conflict, Passage

UNSAID = "The sources do not say. What comes nearest:"
"""How the text begins when no source says what was asked."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and what it stands on; as a string it has its numbers behind it."""

    text: str
    citations: tuple[Citation, ...]

    def __str__(self) -> str:
        marks = "".join([f"[{number}]" for number in dict.fromkeys([each.number for each in self.citations])])
        return f"{self.text} {marks}"


@dataclass(frozen=True, slots=True)
class Draft:
    """The statements of an answer; `answered` is false when they only come near what was asked."""

    statements: tuple[Statement, ...] = ()
    answered: bool = True
    conflicts: tuple[Conflict, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, in the order of the text."""
        return tuple(dict.fromkeys([citation for statement in self.statements for citation in statement.citations]))

    @property
    def text(self) -> str:
        """What a reader gets: each statement with its numbers behind it, and on lines of their own, the conflicts."""
        if not self.statements:
            return ""
        told = " ".join(map(str, self.statements))
        told = told if self.answered else f"{UNSAID} {told}"
        return "\n".join([told, *map(side_by_side, self.conflicts)]) if self.conflicts else told


def side_by_side(conflict: Conflict) -> str:
    """The conflict as one line, such as "Sources differ: weather says 72 °F [1], news says 68 °F [2]."."""
    return f"Sources differ: {', '.join(f'{s.source} says {s.figure} [{s.number}]' for s in conflict.sides)}."


def standing(draft: Draft, passages: Sequence[Passage]) -> Draft:
    """The draft without every citation whose quote does not stand where it says, and what stood on nothing else."""
    homes: dict[tuple[str, int], list[Passage]] = {}
    for passage in passages:
        homes.setdefault((passage.source, passage.document), []).append(passage)
    if all(_stands(each, homes.get((each.source, each.document), ())) for each in draft.citations):
        return draft
    kept: list[Statement] = []
    for each in draft.statements:
        cited = tuple(one for one in each.citations if _stands(one, homes.get((one.source, one.document), ())))
        if cited:
            kept.append(replace(each, citations=cited))
    numbers = {(citation.source, citation.number) for each in kept for citation in each.citations}
    conflicts = (each for each in draft.conflicts if all((side.source, side.number) in numbers for side in each.sides))
    return replace(draft, statements=tuple(kept), conflicts=tuple(conflicts))


def _stands(citation: Citation, passages: Sequence[Passage]) -> bool:
    return any(
        said.start <= citation.start
        and citation.end <= said.end
        and said.text[citation.start - said.start : citation.end - said.start] == citation.quote
        for said in passages
    )
