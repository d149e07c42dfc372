"""The analysis of one document against a question: what a worker gives back."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, cast

from fanin.documents.document_text import clean, sections_of
from fanin.embeddings.token_table import similarity_to
from fanin.model import Document
from fanin.process.analysis_shape import ScoredPassage, ScoredSentence, ScoredSpan, Statistics
from fanin.process.key_phrases import key_phrases
from fanin.process.passage_choice import best, conclude
from fanin.process.passages import Passage, Sentence, passages
from fanin.text.question_terms import question_terms
from fanin.text.word_overlap import runs, sketch
from fanin.text.words import stem, with_tokens, words

HEADED = 0.5
"""What a term counts for a passage that stands in its headings only."""


def analyze(question: str, document: Document) -> dict[str, Any]:
    """What the document says about the question, as JSON-able values: an Analysis (see `fanin.process.analysis_shape`).

    Offsets count in the cleaned text of the whole document, also when this is one of its parts. `matches`,
    `tokens` and `statistics` are what BM25 needs to compare passages of all documents. A text without words gives
    no passages.
    """
    text = clean(document)
    sections = sections_of(document)
    read = passages(text, [start - document.start for start, _ in sections])
    reader = _Reader(question, text, document.start)
    above = _headings(read, document, sections) if sections else repeat("")
    scored = [reader.score(passage, heading) for passage, heading in zip(read, above, strict=False)]
    frequencies = dict.fromkeys(reader.terms, 0)
    for each in scored:
        for term in each["matches"]:
            frequencies[term] += 1
    statistics: Statistics = {"passages": len(read), "frequencies": frequencies}
    tokens = sum([passage.length for passage in read])
    places = {document.start + passage.start: passage for passage in read}
    analysis = conclude(
        [reader.detail(each, places[each["start"]]) for each in best(scored, statistics, tokens=tokens)],
        phrases=key_phrases(text, [sentence for passage in read for sentence in passage.sentences]),
        tokens=tokens,
        title=reader.title(document.title) if document.title else {},
        statistics=statistics,
    )
    return cast("dict[str, Any]", analysis)


def _headings(read: Sequence[Passage], document: Document, sections: Sequence[tuple[int, str]]) -> Iterator[str]:
    """The path of headings of each passage, without the title of the document."""
    starts = [start - document.start for start, _ in sections]
    for passage in read:
        at = bisect_right(starts, passage.start)
        path = sections[at - 1][1] if at else ""
        first, _, rest = path.partition(" > ")
        yield rest if first and first in document.title else path


class _Reader:
    """Reads one text with one question in mind; `counts` grows with each passage that it scores."""

    def __init__(self, question: str, text: str, start: int) -> None:
        asked = question_terms(question)
        self.terms, self._tokens = asked.stems, asked.tokens
        self._similarity = similarity_to(question)
        self._text = text
        self._start = start
        self._counts: Counter[str] = Counter()
        self._total = 0

    def matches(self, counts: Mapping[str, int]) -> dict[str, float]:
        """How often each term of the question stands there, of those that do, in the question's order."""
        return {term: counts[term] for term in self.terms if term in counts}

    def score(self, passage: Passage, above: str) -> ScoredSpan:
        """What a passage below these headings needs in order to compete with the others.

        A term that stands in its headings and not in itself counts by half, and a technical token by half more: a name
        in the heading of an entry is what all of the entry is about.
        """
        counts = self._with_tokens(passage) if self._tokens else _counted(passage.stems())
        self._counts.update(counts)
        self._total += sum(counts.values())
        scored = self._scored(passage, counts)
        if above and (headed := dict.fromkeys(self.title(above), HEADED)):
            own = scored["matches"]
            scored["matches"] = {**headed, **own}
            for token in self._tokens:
                if token in headed and token in own:
                    scored["matches"][token] = own[token] + HEADED
        return scored

    def detail(self, scored: ScoredSpan, passage: Passage) -> ScoredPassage:
        """A passage that was chosen, with its words and sentences."""
        return {
            **scored,
            "text": self._text[passage.start : passage.end],
            "sketch": sketch(runs(passage.words())),
            "sentences": [self._quoted(sentence, scored, passage) for sentence in passage.sentences],
        }

    def _quoted(self, sentence: Sentence, scored: ScoredSpan, passage: Passage) -> ScoredSentence:
        own = scored
        if len(passage.sentences) > 1 or any(count % 1 for count in scored["matches"].values()):
            counts = self._with_tokens(sentence) if self._tokens else _counted(sentence.stems)
            own = self._scored(sentence, counts)
        return {
            "start": own["start"],
            "end": own["end"],
            "tokens": own["tokens"],
            "matches": dict(own["matches"]),
            "similarity": own["similarity"],
            "weight": self._weight(set(filter(None, sentence.stems))),
        }

    def _scored(self, span: Passage | Sentence, counts: Mapping[str, int]) -> ScoredSpan:
        return {
            "start": self._start + span.start,
            "end": self._start + span.end,
            "tokens": span.length,
            "matches": self.matches(counts),
            "similarity": self._similarity(span.spoken()),
        }

    def _weight(self, stems: set[str]) -> float:
        """How central a sentence is: the mean frequency of its stems in the document, short ones held back.

        SumBasic: Nenkova and Vanderwende, The Impact of Frequency on Summarization (2005).
        """
        return round(sum(map(self._counts.__getitem__, stems)) / (len(stems) + 2) / max(self._total, 1), 6)

    def title(self, title: str) -> dict[str, float]:
        """How often each term of the question stands in the title."""
        return self.matches(_counted(with_tokens(map(stem, words(title)), title)))

    def _with_tokens(self, span: Passage | Sentence) -> dict[str, int]:
        """How often each stem and each technical token of the question stands there."""
        stems = span.stems() if isinstance(span, Passage) else span.stems
        return _counted(with_tokens(stems, self._text[span.start : span.end]))


def _counted(stems: Iterable[str | None]) -> dict[str, int]:
    """How often each stem stands there, without stop words and punctuation."""
    counts: dict[str, int] = {}
    for each in stems:
        if each:
            counts[each] = counts.get(each, 0) + 1
    return counts
