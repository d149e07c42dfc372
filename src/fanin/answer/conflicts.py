"""Conflicts: figures on which the quoted sources differ, found to be shown side by side and never averaged. Pure.

Two figures are in conflict when they are of the same dimension, cannot be the same value, and their clauses speak of
the same thing. It is careful: of what the words do not show to be the same it says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from fanin.model import Citation, Conflict, Side
from fanin.text.quantities import Quantity, quantities
from fanin.text.word_lists import APOSTROPHE, TELLING
from fanin.text.words import stem, words

SHARED = 0.5
"""More than this share of the words of the shorter clause has to stand in the other one."""

MOST = 3
"""Conflicts that are shown."""

_CLAUSE = re.compile(r"[,;:–—]\s|\s(?:and|but|while|with|whereas)\s")  # noqa: RUF001  a dash
_NAME = re.compile(r"[^\W\d_][\w'\-]*")


class _Figure(NamedTuple):
    citation: Citation
    quantity: Quantity
    about: frozenset[str]
    names: frozenset[str]
    telling: frozenset[str]

    @property
    def text(self) -> str:
        return " ".join(self.citation.quote[self.quantity.start : self.quantity.end].split())


def conflicts(citations: Sequence[Citation]) -> tuple[Conflict, ...]:
    """The figures of these citations on which two or more sources differ, in the order of the text."""
    if len(citations) < 2:
        return ()
    read = [(citation, quantities(citation.quote)) for citation in citations]
    sources: dict[str, set[str]] = {}
    for citation, found in read:
        for quantity in found:
            sources.setdefault(quantity.dimension, set()).add(citation.source)
    if all(len(each) < 2 for each in sources.values()):
        return ()
    figures = [figure for citation, found in read for figure in _figures(citation, found)]
    groups: list[list[_Figure]] = []
    for one, other in combinations(figures, 2):
        if one.citation.source != other.citation.source and _conflicting(one, other):
            _join(groups, one, other)
    return tuple([_conflict(group) for group in groups[:MOST]])


def _figures(citation: Citation, found: Sequence[Quantity]) -> Iterator[_Figure]:
    quote = citation.quote
    named = _names(quote, found)
    cuts = [0, *(cut.start() for cut in _CLAUSE.finditer(quote)), len(quote)]
    for figure in found:
        start = max(cut for cut in cuts if cut <= figure.start)
        end = min(cut for cut in cuts if cut >= figure.end)
        spoken = words(f"{quote[start : figure.start]} {quote[figure.end : end]}".replace(APOSTROPHE, "'"))
        about = frozenset([root for word in spoken if (root := stem(word)) and word not in TELLING])
        subject = about | named | ({"temperatur"} if figure.dimension == "temperature" else frozenset[str]())
        yield _Figure(citation, figure, subject, named, TELLING.intersection(spoken))


def _names(quote: str, found: Sequence[Quantity]) -> frozenset[str]:
    """The stems of the words with a capital letter, but for the first one and those in figures."""
    bare = "".join(
        [" " if any(each.start <= at < each.end for each in found) else letter for at, letter in enumerate(quote)]
    )
    capital = [name[0].lower() for name in _NAME.finditer(bare) if name.start() and name[0][0].isupper()]
    return frozenset([stem(name) or name for name in capital])


def _conflicting(one: _Figure, other: _Figure) -> bool:
    if not one.quantity.differs(other.quantity) or one.telling != other.telling:
        return False
    if one.names - other.names and other.names - one.names:
        return False
    return len(one.about & other.about) > SHARED * min(len(one.about), len(other.about))


def _join(groups: list[list[_Figure]], one: _Figure, other: _Figure) -> None:
    """Put both into the group of one of them, or into a new one; a source has one side in a conflict."""
    group = next((each for each in groups if one in each), None)
    if group is None:
        groups.append([one, other])
    elif other.citation.source not in {each.citation.source for each in group}:
        group.append(other)


def _conflict(group: Sequence[_Figure]) -> Conflict:
    return Conflict(tuple([Side(each.citation.source, each.text, each.citation.number) for each in group]))
