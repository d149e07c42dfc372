"""Fusing: everything that arrived, as one ranking without repetitions."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from warnings import warn

from fanin.fuse.candidates import Candidate, analysed, opened
from fanin.fuse.fused import Fused
from fanin.fuse.near_duplicates import merge_duplicates
from fanin.fuse.ranking import Window, in_order, rank, supported
from fanin.model import Document, Passage
from fanin.text.question_terms import QuestionTerms, question_terms
from fanin.text.relevance import Measure

MAX_PASSAGES = 480
"""Passages that are ranked at most, and at least one of each document; it takes a tenth of the answer's reserve."""


def fuse(
    terms: QuestionTerms | str,
    arrived: Sequence[tuple[Document, Any]],
    *,
    weights: Mapping[str, float] | None = None,
    window: Window | None = None,
) -> Fused:
    """The passages of all documents in one order, near-duplicates merged; the same for any order of `arrived`.

    `terms` are those of the question. Each document comes with what processing made of it. An analysis of ours brings
    its passages; of anything else (a value of the user's own, None) the document's first sentences are the passage.
    `weights` multiply the scores of a source; 1 where none is given. `window` is given when the question asks for what
    was published then: documents from it, or near it, gain. Pure, and quick enough for the event loop (see
    bench/text.py).
    """
    if isinstance(terms, str):
        warn("fuse takes question_terms(question) in place of the question.", DeprecationWarning, stacklevel=2)
        terms = question_terms(terms)
    collected = _Collected(terms)
    most = max(1, MAX_PASSAGES // max(1, len(arrived)))
    for document, value in sorted(arrived, key=_arrival):
        collected.add(document, value, most=most)
    measure = collected.measure()
    weights = weights or {}
    ranked = rank(collected.candidates, measure, weights=weights, window=window, tokens=terms.tokens)
    kept = merge_duplicates(ranked)
    merged: dict[str, str] = {}
    if len(kept) < len(ranked):
        merged = _merged(ranked, kept)
        kept = in_order(supported(kept, weights=weights))
    return Fused(
        tuple([_passage(each) for each in kept]),
        tuple(kept),
        collected.unread,
        measure,
        merged,
        tuple(collected.empty),
        terms,
    )


class _Collected:
    """The candidates of every document, and what is known of all passages that arrived."""

    def __init__(self, terms: QuestionTerms) -> None:
        self.candidates: list[Candidate] = []
        self.empty: list[str] = []
        self.unread = False
        self._terms = terms
        self._frequencies = dict.fromkeys(self._terms.stems, 0)
        self._passages = 0
        self._words = 0
        self._places: dict[str, int] = {}

    def add(self, document: Document, value: Any, *, most: int) -> None:
        """Take at most so many passages of the document; without any it is counted as empty."""
        place = self._places[document.source] = self._places.get(document.source, 0) + 1
        found = None
        if isinstance(value, dict) and "statistics" in value:
            found = self._analysed(document, cast("dict[str, Any]", value), place, most)
        if found is None:
            found = self._opened(document, place)
        if not found:
            self.empty.append(document.id)
        self.candidates += found

    def _analysed(self, document: Document, value: Mapping[str, Any], place: int, most: int) -> list[Candidate] | None:
        try:
            found = analysed(document, value, place=place, most=most)
            self._count(**value["statistics"], words=value["tokens"])
        except KeyError, TypeError, AttributeError, ValueError:
            return None  # a value of the user's own that only looks like ours
        return found

    def measure(self) -> Measure:
        """The measure over everything that arrived."""
        return Measure.over(self._frequencies, passages=self._passages, words=self._words)

    def _opened(self, document: Document, place: int) -> list[Candidate]:
        candidate, whole = opened(self._terms, document, place=place)
        self.unread = self.unread or not whole
        if candidate is None:
            return []
        self._passages += 1
        self._words += candidate.length
        for term in candidate.matches:
            self._frequencies[term] += 1
        return [candidate]

    def _count(self, *, passages: int, frequencies: Mapping[str, int], words: int) -> None:
        if self._terms.stems and frequencies.keys().isdisjoint(self._terms.stems):
            raise ValueError("It is the analysis of another question.")
        counted = self._frequencies
        if any(frequencies.values()):
            # Some terms may be missing: a source that corrects misspelt words of the question has others.
            counted = {term: count + frequencies.get(term, 0) for term, count in counted.items()}
        self._passages, self._words, self._frequencies = self._passages + passages, self._words + words, counted


def _arrival(item: tuple[Document, Any]) -> tuple[str, int]:
    return item[0].source, item[0].number


def _merged(ranked: Sequence[Candidate], kept: Sequence[Candidate]) -> dict[str, str]:
    """The documents of which nothing is kept, each with the document that has its best passage."""
    home = {id(other): each.document for each in kept for other in each.also}
    quoted = {each.document.id for each in kept}
    merged: dict[str, str] = {}
    for each in ranked:
        if id(each) in home and each.document.id not in quoted:
            merged.setdefault(each.document.id, home[id(each)].id)
    return merged


def _passage(each: Candidate) -> Passage:
    document = each.document
    also = tuple(sorted({other.document.id for other in each.also} - {document.id})) if each.also else ()
    return Passage(
        each.text,
        document.source,
        document.number,
        each.start,
        each.end,
        each.score,
        document.title,
        document.url,
        document.published,
        also,
        each.meaning,
    )
