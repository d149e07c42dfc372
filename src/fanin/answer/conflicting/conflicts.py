"""Conflicts: figures on which the quoted sources differ, and denials, shown side by side and never averaged. Pure.

Two figures are in conflict when they are of the same dimension, cannot be the same value, and their clauses speak of
the same thing at the same time. It is careful: of what the words do not show to be the same it says nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import NamedTuple

from fanin.answer.conflicting.answers import Answers
from fanin.answer.conflicting.contradictions import contradictions
from fanin.answer.conflicting.differences import (
    NEAR,
    Words,
    conditions_differ,
    may_differ_in_value,
    of_other_times,
    of_two,
    value_difference,
)
from fanin.model import Citation, Conflict, Side
from fanin.text.bounded_cache import cache_texts
from fanin.text.claims.figures import Figure, same_figure
from fanin.text.claims.grammar import language_of
from fanin.text.claims.rewriting import Tokens, subject_of
from fanin.text.claims.tokens import Token, tokens_of
from fanin.text.claims.unformatted import strip_formatting
from fanin.text.quantities import Quantity, quantities
from fanin.text.word_lists import APOSTROPHE, TELLING
from fanin.text.words import stem, words

MIN_SHARED_WORDS = 0.5
"""More than this share of the words of the shorter clause has to stand in the other one."""

MAX_CONFLICTS = 3
"""Conflicts that are shown."""

MAX_FIGURES, REACH = 6, 100
"""Figures of a sentence that are compared, and characters before and behind each that say what it is about."""

MAX_COMPARED, MAX_QUOTED, MAX_ADDED = 8, 2, 2
"""Sentences that are not quoted and are compared with the first of those that are, and of them added to an answer."""

_DIMENSIONS = {
    stem(word) or word: stem(root) or root
    for root, words in (
        ("long", ("length",)),
        ("high", ("height", "tall")),
        ("wide", ("width",)),
        ("deep", ("depth",)),
        ("heavy", ("weight", "weighs", "weighed")),
        ("old", ("age", "aged")),
    )
    for word in words
}
"""Words for a dimension that say the same: "426 metres long" and "a length of 448 m"."""

_CLAUSE = re.compile(r"[,;:–—]\s|\s(?:and|but|while|with|whereas)\s")  # noqa: RUF001  a dash


class _Figure(NamedTuple):
    citation: Citation
    quantity: Quantity
    about: frozenset[str]
    clause: str
    names: frozenset[str]
    times: tuple[Figure, ...]
    telling: frozenset[str]

    @property
    def text(self) -> str:
        return " ".join(self.citation.quote[self.quantity.start : self.quantity.end].split())


class Differences(NamedTuple):
    """Conflicts, and the pairs of citations of which the first is newer and says something else than the second."""

    conflicts: tuple[Conflict, ...] = ()
    outdated: tuple[tuple[Citation, Citation], ...] = ()


def conflicts(citations: Sequence[Citation]) -> tuple[Conflict, ...]:
    """The figures on which two or more of the cited documents differ, in the order of the text, then the denials."""
    return differences(citations).conflicts


def differences(
    citations: Sequence[Citation], *, near: int = NEAR, question: str = "", above: Mapping[str, str] | None = None
) -> Differences:
    """What the citations differ on: as conflicts, or where documents are more than `near` days apart as outdated.

    `question` is what they answer, and `above` what stands around the quotes of a document, by its id.
    """
    return Differences() if len(citations) < 2 else _differences(citations, near, Answers(question, above or {}))


def contradicting(
    quoted: Sequence[Citation],
    further: Sequence[Citation],
    *,
    near: int = NEAR,
    question: str,
    above: Mapping[str, str],
) -> list[Citation]:
    """Those of the further citations that answer the question with another value than one that is quoted.

    At most `MAX_ADDED`, each with a value that no other one has; of what is compared at most `MAX_COMPARED`.
    """
    answers = Answers(question, above)
    added, figures = list[Citation](), set[str]()
    comparable = answers.with_values([*quoted, *further])
    first = [each for each in comparable if each in quoted][:MAX_QUOTED]
    for other in [each for each in comparable if each not in quoted][:MAX_COMPARED] if first else ():
        known = next((each for each in first if answers.may_contradict(each, other)), None)
        sides = () if known is None else _sides_of(known, other, answers, near)
        if sides and sides[1].figure not in figures:
            added.append(other)
            figures.update([side.figure for side in sides])
        if len(added) == MAX_ADDED:
            break
    return added


def _sides_of(quoted: Citation, other: Citation, answers: Answers, near: int) -> Sequence[Side]:
    """What both answer, if they differ, and the other one is not an older one."""
    for _, _, conflict in answers.differing((quoted, other)):
        older = of_other_times(quoted, other, near=near) and other.published < quoted.published
        if not older and not _agree_elsewhere(quoted, other, conflict.sides, answers):
            return conflict.sides
    return ()


def _differences(citations: Sequence[Citation], near: int, answers: Answers) -> Differences:
    shown, outdated = _figure_conflicts(citations, near, answers)
    comparable = chain(contradictions(citations), _value_conflicts(citations))
    compared = (each for each in comparable if not answers.speak_of_others(*each[:2]))
    for one, other, each in chain(compared, answers.differing(citations)):
        if _agree_elsewhere(one, other, each.sides, answers):
            continue
        if of_other_times(one, other, near=near):
            outdated.append((one, other))
            continue
        sides = {(side.source, side.number) for side in each.sides}
        if not any(sides <= {(side.source, side.number) for side in known.sides} for known in shown):
            shown.append(each)
    titles = {(each.source, each.number): each.title for each in citations}
    comparable = tuple([_titled(each, titles) for each in shown[:MAX_CONFLICTS]])
    return Differences(comparable, tuple(dict.fromkeys(map(_newer_first, outdated))))


def _agree_elsewhere(one: Citation, other: Citation, sides: Sequence[Side], answers: Answers) -> bool:
    """Whether one of two documents states the value of the other one, too, in another sentence."""
    if one.source == other.source and one.document == other.document:
        return False
    its, others = sides if sides[0].figure in one.quote else sides[::-1]
    return answers.agrees_elsewhere(one, others.figure) or answers.agrees_elsewhere(other, its.figure)


def _newer_first(pair: tuple[Citation, Citation]) -> tuple[Citation, Citation]:
    one, other = pair
    return (one, other) if one.published > other.published else (other, one)


def _titled(conflict: Conflict, titles: Mapping[tuple[str, int], str]) -> Conflict:
    """The conflict, in which documents of one source are comparable apart by their titles."""
    if len({side.source for side in conflict.sides}) == len(conflict.sides):
        return conflict
    return Conflict(tuple([replace(side, title=titles[side.source, side.number]) for side in conflict.sides]))


def _value_conflicts(citations: Sequence[Citation]) -> Iterator[tuple[Citation, Citation, Conflict]]:
    """The pairs of sentences that are the same but for one value: a name, a day, a unit, or the opposite word."""
    read = [(each, Words.of(each.quote)) for each in citations]
    for (one, its), (other, others) in combinations(read, 2):
        if not may_differ_in_value(its, others):
            continue
        if of_two(one, other) and (found := value_difference(one.quote, other.quote)):
            sides = Side(one.source, found[0], one.number), Side(other.source, found[1], other.number)
            yield one, other, Conflict(sides)


def _figure_conflicts(
    citations: Sequence[Citation], near: int, answers: Answers
) -> tuple[list[Conflict], list[tuple[Citation, Citation]]]:
    """The conflicts in figures, and the pairs of citations whose figures differ and that are of other times."""
    read = [(each, found) for each in citations if (found := quantities(each.quote))]
    if len(read) < 2 or len({(each.source, each.document) for each, _ in read}) < 2:
        return [], []
    figures = [figure for citation, found in read for figure in _figures(citation, found)]
    groups, outdated = list[list[_Figure]](), list[tuple[Citation, Citation]]()
    for one, other in combinations(figures, 2):
        apart = of_two(one.citation, other.citation) and _conflicting(one, other)
        if not apart or conditions_differ(one.citation.quote, other.citation.quote):
            continue
        if answers.speak_of_others(one.citation, other.citation):
            continue
        if _agree_elsewhere(one.citation, other.citation, _conflict((one, other)).sides, answers):
            continue
        dated = one.citation.published and other.citation.published
        if dated and of_other_times(one.citation, other.citation, near=near):
            outdated.append((one.citation, other.citation))
        else:
            _join(groups, one, other)
    return [_conflict(group) for group in groups], outdated


def _figures(citation: Citation, found: Sequence[Quantity]) -> Iterator[_Figure]:
    quote = citation.quote
    tokens = _tokens(quote)
    named = _roots([token for token in tokens if token.name])
    times = tuple([token.figure for token in tokens if token.figure is not None and token.figure.is_time])
    cuts = [0, *(cut.start() for cut in _CLAUSE.finditer(quote)), len(quote)]
    for figure in found[:MAX_FIGURES]:
        if figure.dimension == "time of day" and len({each.dimension for each in found}) > 1:
            continue  # it says when something else was so
        start = max(figure.start - REACH, *[cut for cut in cuts if cut <= figure.start])
        end = min(figure.end + REACH, *[cut for cut in cuts if cut >= figure.end])
        clause_words = words(f"{quote[start : figure.start]} {quote[figure.end : end]}".replace(APOSTROPHE, "'"))
        roots = [root for word in clause_words if (root := stem(word)) and word not in TELLING]
        about = frozenset([_DIMENSIONS.get(root, root) for root in roots])
        subject = about | named | ({"temperatur"} if figure.dimension == "temperature" else frozenset[str]())
        at = times if figure.dimension != "time of day" else ()
        yield _Figure(citation, figure, subject, quote[start:end], named, at, TELLING.intersection(clause_words))


def _tokens(text: str) -> Tokens:
    plain = strip_formatting(text)
    return tokens_of(plain, language_of(plain))


def _roots(tokens: Sequence[Token]) -> frozenset[str]:
    """The stems of the words among these tokens."""
    return frozenset([stem(token.word) or token.word for token in tokens if token.figure is None])


def _conflicting(one: _Figure, other: _Figure) -> bool:
    if not one.quantity.differs(other.quantity) or one.telling != other.telling:
        return False
    if _apart(one.names, other.names):
        return False
    if (
        one.times
        and other.times
        and not any(same_figure(a, b) or same_figure(b, a) for a in one.times for b in other.times)
    ):
        return False
    if len(one.about & other.about) <= MIN_SHARED_WORDS * min(len(one.about), len(other.about)):
        return False
    return not _apart(_acting(one.clause), _acting(other.clause))


@cache_texts(entries=64, characters=20_000)
def _acting(clause: str) -> frozenset[str]:
    """The stems of the words of its subject."""
    return _roots([token for token in subject_of(_tokens(clause)) if token.is_content])


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each has something that the other has not."""
    return bool(one - other and other - one)


def _join(groups: list[list[_Figure]], one: _Figure, other: _Figure) -> None:
    """Put both into the group of one of them, or into a new one; a document has one side in a conflict."""
    group = next((each for each in groups if one in each), None)
    if group is None:
        groups.append([one, other])
    elif all(of_two(each.citation, other.citation) for each in group):
        group.append(other)


def _conflict(group: Sequence[_Figure]) -> Conflict:
    return Conflict(tuple([Side(each.citation.source, each.text, each.citation.number) for each in group]))
