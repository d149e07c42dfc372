"""Contradictions: sentences of two sources of which one denies what the other says. Pure.

The package that judges a model's sentences judges them: without its denial, or with the opposite of a word, the one
sentence has to be supported by the other. Whatever is not certain is none.
"""

import re
from collections.abc import Iterator, Sequence

from fanin.answer.conflicting.differences import has_pronoun, of_two
from fanin.model import Citation, Conflict, Side
from fanin.text.claims import Evidence, WorkBudget, judge
from fanin.text.claims.tokens import figures_of
from fanin.text.opposites import OPPOSITES
from fanin.text.word_overlap import plain

_DENIALS = ("not", "n't", "no longer", "never")

_DENIED = re.compile(r"(?:\b(?:is|are|was|were)n't|\b(?:not|no longer|never))\s+([^\W\d_]+)", re.IGNORECASE)
_OPPOSED = re.compile(rf"\b(?:{'|'.join(OPPOSITES)})\b", re.IGNORECASE)


def contradictions(citations: Sequence[Citation]) -> Iterator[tuple[Citation, Citation, Conflict]]:
    """The pairs of cited sentences that cannot both be true, of different documents."""
    quotes = "\n".join([each.quote for each in citations]).lower()
    if not any(mark in quotes for mark in _DENIALS) and not _has_opposites(quotes):
        return
    work = WorkBudget()
    for at, one in enumerate(citations):
        for stated, instead, changed in _reversed(one.quote):
            word = re.compile(rf"\b{instead}\b", re.IGNORECASE)
            for place, other in enumerate(citations):
                found = word.search(other.quote)
                if found and _may_differ(one, other) and _is_opposite(one, stated, changed, other, work):
                    sides = Side(one.source, stated, one.number), Side(other.source, found[0], other.number)
                    yield one, other, Conflict(sides if at < place else sides[::-1])


def _has_opposites(quotes: str) -> bool:
    """Whether a word and its opposite stand there; in most answers they do not, and nothing has to be compared."""
    words = OPPOSITES.keys() & plain(quotes)
    return any(not words.isdisjoint(OPPOSITES[word]) for word in words)


def _may_differ(one: Citation, other: Citation) -> bool:
    """Whether two sources speak of things by their names, and with the same figures of the same time.

    The other one denies nothing.
    """
    if not of_two(one, other) or _DENIED.search(other.quote):
        return False
    if has_pronoun(one.quote) or has_pronoun(other.quote):
        return False
    return figures_of(one.quote) == figures_of(other.quote)


def _is_opposite(one: Citation, stated: str, changed: str, other: Citation, work: WorkBudget) -> bool:
    """Whether the other sentence agrees with the negated one, and its own negation with the original."""
    back = [text for _, opposite, text in _reversed(other.quote) if opposite == stated.lower()]
    return _agree(changed, other.quote, work) and all(_agree(one.quote, text, work) for text in back)


def _reversed(quote: str) -> Iterator[tuple[str, str, str]]:
    """What a sentence denies or says, the word that would say the opposite, and the sentence with that."""
    denials = [*_DENIED.finditer(quote)]
    if len(denials) == 1:
        (denied,) = denials
        verb = denied[0].partition("n't")[0] if "n't" in denied[0] else ""
        yield denied[0], denied[1], f"{quote[: denied.start()]}{verb} {denied[1]}{quote[denied.end() :]}"
    if not denials:
        for word in _OPPOSED.finditer(quote):
            for instead in OPPOSITES[word[0].lower()]:
                yield word[0], instead, f"{quote[: word.start()]}{instead}{quote[word.end() :]}"


def _agree(one: str, other: str, work: WorkBudget) -> bool:
    """Whether one of the sentences says what the other says."""
    return judge(one, [Evidence(other)], work=work).supported or judge(other, [Evidence(one)], work=work).supported
