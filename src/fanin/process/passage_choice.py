"""Which passages and sentences of one document say most: the same choice for a whole document and for its parts."""

from collections.abc import Iterable, Sequence
from heapq import nsmallest

from fanin.process.analysis_shape import Analysis, ScoredPassage, ScoredSentence, ScoredSpan, Statistics
from fanin.text.relevance import Measure
from fanin.text.sentences import is_prose

TOP = 12
"""Passages of a document that go on to the answer."""

SUMMARY = 2
"""Sentences of a summary."""

LONG = 400
"""Characters from which a sentence is too long for a summary, if there is another."""


def measure(statistics: Statistics, *, tokens: int) -> Measure:
    """The measure for the passages of a document of so many words."""
    return Measure.over(statistics["frequencies"], passages=statistics["passages"], words=tokens)


def best[T: ScoredSpan](passages: Iterable[T], statistics: Statistics, *, tokens: int) -> list[T]:
    """The top passages, best first; those that fit equally, or not at all, in the order of the text."""
    passages = list(passages)
    if len(passages) < 2:
        return passages
    by = measure(statistics, tokens=tokens)
    return nsmallest(TOP, passages, key=lambda passage: (-_fit(passage, by), passage["start"]))


def conclude(
    passages: list[ScoredPassage],
    *,
    phrases: list[str],
    tokens: int,
    title: dict[str, float],
    statistics: Statistics,
) -> Analysis:
    """An analysis with these passages, best first, and the summary that they make."""
    return {
        "summary": _summary(passages, statistics, tokens),
        "key_phrases": phrases,
        "tokens": tokens,
        "title": title,
        "passages": passages,
        "statistics": statistics,
    }


def _summary(passages: Sequence[ScoredPassage], statistics: Statistics, tokens: int) -> str:
    """The sentence or two of these passages that say most about the question and the document, word for word."""
    sentences = [(_quote(passage, sentence), sentence) for passage in passages for sentence in passage["sentences"]]
    if len(sentences) < 2:
        return sentences[0][0] if sentences else ""
    by = measure(statistics, tokens=tokens)
    heaviest = max([sentence["weight"] for _, sentence in sentences]) or 1.0
    first = min([sentence["start"] for _, sentence in sentences])

    def rank(item: tuple[str, ScoredSentence]) -> tuple[float, int]:
        quote, sentence = item
        worth = _fit(sentence, by) + 0.5 * sentence["weight"] / heaviest + 0.1 * (sentence["start"] == first)
        return (len(quote) > LONG) - worth - is_prose(quote), sentence["start"]

    chosen: list[tuple[int, str]] = []
    for quote, sentence in sorted(sentences, key=rank):
        if not chosen or (is_prose(quote) and all(_differ(quote, other) for _, other in chosen)):
            chosen.append((sentence["start"], quote))
        if len(chosen) == SUMMARY:
            break
    return " ".join(quote for _, quote in sorted(chosen))


def _fit(found: ScoredSpan, by: Measure) -> float:
    return by.fit(found["matches"], found["tokens"], similarity=found["similarity"])


def _quote(passage: ScoredPassage, sentence: ScoredSentence) -> str:
    return passage["text"][sentence["start"] - passage["start"] : sentence["end"] - passage["start"]]


def _differ(one: str, other: str) -> bool:
    """Whether at least half of the words of the shorter sentence are not in the longer one."""
    first, second = set(one.lower().split()), set(other.lower().split())
    return 2 * len(first & second) <= min(len(first), len(second))
