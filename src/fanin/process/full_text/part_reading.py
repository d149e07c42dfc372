"""Reading a part of a text, inside a worker: clean, divide, tokenize, count, and compare with the question."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, cast

from fanin.documents.document_text import clean
from fanin.embeddings import wordpiece
from fanin.embeddings.token_table import vector
from fanin.model import Document
from fanin.process.analysis import analyze
from fanin.process.analysis_shape import Analysis, ScoredSpan
from fanin.process.full_text.part_shape import Part, ReadPassage, Token
from fanin.process.full_text.word_places import placed
from fanin.process.passages import Passage, Sentence, passages
from fanin.text.question_terms import question_terms
from fanin.text.words import with_tokens


def read_words(question: str, document: Document) -> dict[str, Any]:
    """A Part whose tokens are words, each with the norm and similarity of its vector in the table."""
    return cast("dict[str, Any]", _Words(question, document).part())


def read_pieces(question: str, document: Document) -> dict[str, Any]:
    """A Part whose tokens are the pieces that the model reads; it has yet to give them norms and similarities."""
    return cast("dict[str, Any]", _Pieces(question, document).part())


class _Reader(ABC):
    """Reads one part of a text with a question in mind."""

    def __init__(self, question: str, document: Document) -> None:
        self._question = question
        self._asked_terms = question_terms(question)
        self._document = document
        self._text = clean(document)
        self._asked = vector(question)

    def part(self) -> Part:
        """All of it."""
        return {
            "text": self._text,
            "analysis": cast("Analysis", analyze(self._question, self._document)),
            "passages": [self._passage(passage) for passage in passages(self._text)],
        }

    def _passage(self, passage: Passage) -> ReadPassage:
        return {
            **self._scored(passage, passage.stems()),
            "sentences": [self._scored(sentence, sentence.stems) for sentence in passage.sentences],
            "pieces": self._tokens(passage),
        }

    def _scored(self, span: Passage | Sentence, stems: Iterable[str | None]) -> ScoredSpan:
        text, asked = self._text[span.start : span.end], self._asked_terms
        counts = Counter(filter(None, with_tokens(stems, text) if asked.tokens else stems))
        return {
            "start": self._document.start + span.start,
            "end": self._document.start + span.end,
            "tokens": span.length,
            "matches": {term: counts[term] for term in asked.stems if term in counts},
            "similarity": self._similarity(text),
        }

    @abstractmethod
    def _similarity(self, text: str) -> float:
        """How alike a passage or a sentence and the question are."""

    @abstractmethod
    def _tokens(self, passage: Passage) -> list[Token]:
        """The tokens of a passage; what a token is, is what readers differ in."""


class _Words(_Reader):
    def _similarity(self, text: str) -> float:
        return self._asked.similarity(vector(text))

    def _tokens(self, passage: Passage) -> list[Token]:
        return [token for sentence in passage.sentences for token in self._said(sentence)]

    def _said(self, sentence: Sentence) -> Sequence[Token]:
        at = self._document.start + sentence.start
        places = placed(self._text[sentence.start : sentence.end], sentence.words)
        return [
            self._token(at + start, at + end, word, stem)
            for (start, end), word, stem in zip(places, sentence.words, sentence.stems, strict=True)
        ]

    def _token(self, start: int, end: int, word: str, stem: str | None) -> Token:
        found = vector(word)
        alike = self._asked.similarity(found)
        return {"start": start, "end": end, "number": None, "stem": stem, "norm": found.length, "similarity": alike}


class _Pieces(_Reader):
    def _similarity(self, text: str) -> float:  # noqa: ARG002  the model has yet to say
        return 0.0

    def _tokens(self, passage: Passage) -> list[Token]:
        at = self._document.start + passage.start
        return [
            {"start": at + start, "end": at + end, "number": number, "stem": None, "norm": 0.0, "similarity": 0.0}
            for start, end, number in wordpiece.placed(self._text[passage.start : passage.end])
        ]
