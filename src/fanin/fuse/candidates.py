"""Candidates: the passages that may be in the answer, read from analyses or, where there is none, from the openings."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fanin.documents.document_text import opening
from fanin.model import Document
from fanin.text.question_terms import QuestionTerms
from fanin.text.sentences import sentences
from fanin.text.word_overlap import Run, plain
from fanin.text.words import stem, with_tokens, words

OPENING_CHARACTERS = 500
"""Characters that may be quoted of a document without an analysis: its first sentences."""

TITLE_WEIGHT = 0.5
"""What a match in the title counts beside one in the passage: fields of unequal weight, as in BM25F."""

_JOINTS = str.maketrans("-/", "  ")


class Sentence(NamedTuple):
    """A sentence of a passage: its span, how often the question's terms stand in it, and how alike it is, 0 to 1."""

    start: int
    end: int
    matches: Mapping[str, float]
    similarity: float


class Candidate:
    """A passage that may be in the answer; `order` is its place among those of its source, from 1.

    `similarity` is None where it was not compared with the question. `words` are those of its text in lower case
    without punctuation, and `runs` are runs of them, where they have been read already.
    """

    __slots__ = (
        "also", "document", "end", "fit", "freshness", "length", "matches", "meaning", "order", "runs", "score",
        "sentences", "similarity", "sketch", "start", "text", "weight", "words",
    )  # fmt: skip

    def __init__(
        self,
        document: Document,
        order: int,
        *,
        text: str,
        start: int,
        length: int,
        matches: Mapping[str, float],
        similarity: float | None,
        sentences: Sequence[Sentence],
        sketch: Sequence[int] | None,
        words: Sequence[str] | None = None,
    ) -> None:
        self.document = document
        self.order = order
        self.text = text
        self.start = start
        self.end = start + len(text)
        self.length = length
        self.matches = matches
        self.similarity = similarity
        self.sentences = sentences
        self.sketch = sketch
        self.words = words
        self.runs: frozenset[Run] | None = None
        self.fit = self.freshness = self.score = 0.0
        self.meaning: float | None = None
        self.weight = 1.0
        self.also: Sequence[Candidate] = ()


def analysed(document: Document, value: Any, *, place: int, most: int) -> list[Candidate]:
    """The passages of an analysis, at most so many; `place` counts the documents of a source.

    Raises KeyError, TypeError, AttributeError or ValueError when it is no analysis after all.
    """
    title = {term: TITLE_WEIGHT * count for term, count in value["title"].items()}
    return [
        _from_passage(document, place + number, found, title) for number, found in enumerate(value["passages"][:most])
    ]


def _from_passage(document: Document, order: int, found: Mapping[str, Any], title: Mapping[str, float]) -> Candidate:
    start, end, text = found["start"], found["end"], found["text"]
    if len(text) != end - start:
        raise ValueError(f"A passage from {start!r} to {end!r} has {len(text)!r} characters.")
    candidate = Candidate(
        document,
        order,
        text=text,
        start=start,
        length=found["tokens"],
        matches=_with(found["matches"], title) if title else found["matches"],
        similarity=float(found["similarity"]),
        sentences=[
            Sentence(each["start"], each["end"], each["matches"], each["similarity"])
            for each in found["sentences"]
            if start <= each["start"] < each["end"] <= end
        ],
        sketch=found["sketch"],
    )
    candidate.meaning = found.get("meaning")
    return candidate


def opened(asked: QuestionTerms, document: Document, *, place: int) -> tuple[Candidate | None, bool]:
    """The first sentences of a document without an analysis, None without words, and whether they are all of it.

    It takes a few µs for a short one.
    """
    head, whole = opening(document, OPENING_CHARACTERS + 20)
    spans = _spans(head, whole=whole)
    if not spans:
        return None, whole
    start, end = spans[0][0], spans[-1][1]
    text = head[start:end]
    spoken = plain(text.lower()) if text.isascii() else None
    matches = found_in(asked, text, spoken)
    if document.title and (title := found_in(asked, document.title[:OPENING_CHARACTERS])):
        matches = _with(matches, {term: TITLE_WEIGHT * count for term, count in title.items()})
    single = len(spans) == 1 or not matches
    candidate = Candidate(
        document,
        place,
        text=text,
        start=start,
        length=text.count(" ") + 1,
        matches=matches,
        similarity=None,
        sentences=[Sentence(a, b, matches if single else found_in(asked, head[a:b]), 0.0) for a, b in spans],
        sketch=None,
        words=spoken,
    )
    return candidate, whole


def found_in(asked: QuestionTerms, text: str, spoken: Sequence[str] | None = None) -> Mapping[str, float]:
    """How often each term of the question stands in the text; `spoken` are its plain words, if they are known."""
    if not asked.stems:
        return {}
    if asked.tokens or not text.isascii():
        stems = with_tokens(map(stem, words(text)), text)
    else:
        if spoken is None or "-" in text or "/" in text:
            spoken = plain(text.lower().translate(_JOINTS))
        beginnings = asked.beginnings
        stems = [stem(word) for word in spoken if word.startswith(beginnings)]
    if len(stems) == 1:
        return {stems[0]: 1} if stems[0] in asked.stems else {}
    return {term: stems.count(term) for term in asked.stems if term in stems} if stems else {}


def _with(matches: Mapping[str, float], title: Mapping[str, float]) -> dict[str, float]:
    return {term: matches.get(term, 0) + title.get(term, 0) for term in matches | title.keys()}


def _spans(head: str, *, whole: bool) -> list[tuple[int, int]]:
    """The sentences at the beginning of a text, and all of it when it is short; the last one may be cut at a space."""
    spans = sentences(head)
    if whole or not spans:
        return spans
    complete = [span for span in spans if span[1] <= spans[0][0] + OPENING_CHARACTERS and span[1] < len(head.rstrip())]
    if complete:
        return complete
    start, end = spans[0]
    last = min(end, start + OPENING_CHARACTERS)
    cut = max(head.rfind(" ", start, last), head.rfind("\n", start, last))
    return [(start, start + len(head[start:cut].rstrip()) if cut > start else end)]
