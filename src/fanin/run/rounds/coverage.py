"""What the answer of a first round lacks, and with which words a second round asks for it (pure)."""

import re
from calendar import month_name
from collections.abc import Sequence, Set
from datetime import date

from fanin.answer.asked_value import HINTS, AskedValue, asked_value
from fanin.answer.draft import Draft
from fanin.fuse import Fused
from fanin.model import Citation, Passage
from fanin.plan.days import Period
from fanin.plan.planned_question import PlannedQuestion
from fanin.plan.search_terms import search_terms, without_days
from fanin.text.question_terms import QuestionTerms, question_terms
from fanin.text.words import stem
from fanin.values import value

LONGEST = 300
"""Characters of a question for a second round."""

_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*(?<![.,])")


@value
class Gap:
    """What is lacking: `text` asks for it, `reason` says it in words, and the sources `known` have it already."""

    text: str
    reason: str
    known: frozenset[str] = frozenset()


def coverage_gap(question: PlannedQuestion, fused: Fused, draft: Draft) -> Gap | None:
    """The first gap of these passages and this answer that other words may fill; None without one.

    In this order: a part of the question without an answer, a term in no passage, days of which nothing tells, and a
    figure that only one source gives. A gap whose words are those of the question is none: they were asked already.
    """
    gap = (
        _part(fused, draft)
        or _term(question, fused, draft)
        or _days(question, fused)
        or _figure(question, fused, draft)
    )
    return None if gap is None or same_words(gap.text, question.text) else gap


def same_words(one: str, other: str) -> bool:
    """Whether a search for both would look for the same words."""
    return set(question_terms(one).stems) == set(question_terms(other).stems)


def _part(fused: Fused, draft: Draft) -> Gap | None:
    """A part of the question that is in no passage, asked alone, with the names of the whole question."""
    if not draft.unanswered:
        return None
    part = draft.unanswered[0].rstrip("?! ")
    names = [each for each in _words(fused.terms, fused.terms.names) if each not in part.casefold()]
    return Gap(" ".join([part, *names])[:LONGEST], f"No passage tells: {part}")


def _term(question: PlannedQuestion, fused: Fused, draft: Draft) -> Gap | None:
    """Terms that are in no passage, with the names of the question, or else the longest of its other words.

    Where nothing was found, the names alone are asked for. The answer with a value of the asked kind lacks no other
    term than a name: "how tall" is answered without the word "tall".
    """
    terms = fused.terms
    held = {term for each in fused.candidates for term in each.matches}
    missing = set(terms.stems) - held
    if not fused.candidates or missing >= set(terms.stems):
        return _names_alone(terms)
    kind = asked_value(question.text)
    if draft.answered and kind is not None and kind not in HINTS:
        missing &= terms.names.union(terms.tokens)
    if missing and question.period is not None:
        missing &= set(question_terms(without_days(question.text, today=question.today)).stems)
    if not missing:
        return None
    about = terms.names or {max([each for each in terms.stems if each in held], key=len)}
    lacking, words = _words(terms, missing), _words(terms, missing | about)
    asked = lacking if not terms.names and len(words) == len(terms.stems) else words
    return Gap(" ".join(asked)[:LONGEST], f"No passage has: {', '.join(lacking)}") if asked else None


def _names_alone(terms: QuestionTerms) -> Gap | None:
    names = _words(terms, terms.names)
    return Gap(" ".join(names)[:LONGEST], "Nothing was found") if names else None


def _words(terms: QuestionTerms, wanted: Set[str]) -> list[str]:
    """The words of the question with these stems, in its order; technical tokens whole."""
    tokens = [token for token in terms.tokens if token in wanted]
    parts = {part for token in tokens for part in re.split(r"\W|_", token)}
    return [*(word for word in terms.words if stem(word) in wanted and word not in parts), *tokens]


def _days(question: PlannedQuestion, fused: Fused) -> Gap | None:
    """The days that were asked for, in another way of writing them, when dated passages are of other days only."""
    period = question.period
    if period is None or not fused.passages or question.recent or period.first == date.min:
        return None
    if any(_tells_of(period, each) for each in fused.passages):
        return None
    if not any(each.published for each in fused.passages):
        return None
    words = search_terms(without_days(question.text, today=question.today))
    return Gap(f"{words} {_written(period)}"[:LONGEST], f"No passage is of {_written(period)}")


def _tells_of(period: Period, passage: Passage) -> bool:
    day = passage.published[:10]
    return period.first.isoformat() <= day <= period.last.isoformat() or str(period.first.year) in passage.text


def _written(period: Period) -> str:
    first, last = period.first, period.last
    month = f"{month_name[first.month]} {first.year}"
    if first == last:
        return f"{first.day} {month}"
    return month if (first.year, first.month) == (last.year, last.month) else str(first.year)


def _figure(question: PlannedQuestion, fused: Fused, draft: Draft) -> Gap | None:
    """A figure that one source gives, for the others to confirm or to deny."""
    if not draft.answered or not draft.statements or asked_value(question.text) is not AskedValue.QUANTITY:
        return None
    first = draft.statements[0].citations[-1]
    figure = next((each for each in _NUMBER.findall(first.quote) if each not in question.text), "")
    if not figure:
        return None
    known = _giving(figure, first, draft.citations, fused.passages)
    if len(known) > 1:
        return None
    return Gap(f"{search_terms(question.text)} {figure}"[:LONGEST], f"Only {first.source} says {figure}", known)


def _giving(figure: str, first: Citation, citations: Sequence[Citation], passages: Sequence[Passage]) -> frozenset[str]:
    """The sources that give a figure: those cited for it, and those whose documents say the same."""
    cited = {each.source for each in citations if figure in _NUMBER.findall(each.quote)}
    home = [each for each in passages if (each.source, each.document) == (first.source, first.document)]
    return frozenset(cited | {also.rpartition("/")[0] for each in home for also in each.also})
