"""Passages: runs of sentences that are long enough to say something and short enough to say one thing."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, pairwise, repeat
from operator import attrgetter, is_not

from fanin.text.languages.function_words import function_words
from fanin.text.sentences import sentences
from fanin.text.words import stem, words
from fanin.values import value

USUAL = 90
"""Words of the usual passage; a paragraph is divided evenly, so most have between 60 and 120."""

TINY = 40
"""A paragraph (a heading, an item) of fewer words is joined with the one after it."""

MOST = 130
"""Words that a passage does not exceed as long as its sentences allow."""


_LONG, _HEAD = 800, 400
"""Characters above which a text's function words are looked up, and those at its beginning that tell its language."""


@value
class Sentence:
    """A span of the text with its words and their stems, punctuation included as None; `length` counts words."""

    start: int
    end: int
    words: list[str]
    stems: list[str | None]
    length: int

    def spoken(self) -> Sequence[str]:
        """Its words and marks in order."""
        return self.words


@value
class Passage:
    """A passage before anyone has judged it: neighbouring sentences, of `length` words together."""

    sentences: tuple[Sentence, ...]
    length: int

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.sentences[-1].end

    def stems(self) -> Iterator[str | None]:
        """Its stems in order."""
        return chain.from_iterable(sentence.stems for sentence in self.sentences)

    def spoken(self) -> Sequence[str]:
        """Its words and marks in order."""
        sentences = self.sentences
        return sentences[0].words if len(sentences) == 1 else [*chain.from_iterable([each.words for each in sentences])]

    def words(self) -> list[str]:
        """Its words in lower case, in order, without punctuation."""
        stems = chain.from_iterable([each.stems for each in self.sentences])
        return [*compress(self.spoken(), map(is_not, stems, repeat(None)))]


def passages(text: str, starts: Sequence[int] = ()) -> list[Passage]:
    """The passages of a cleaned text in order; every sentence is in one of them, and none goes on over `starts`."""
    spans = sentences(text)
    silent = function_words(words(text[:_HEAD])) if len(text) > _LONG else frozenset[str]()
    read = [_read(text, start, end, silent) for start, end in spans]
    if len(read) == 1:
        return [_passage(read)]
    sections = _sections(read, starts) if starts else (read,)
    return [_passage(run) for part in sections for paragraph in _paragraphs(text, part) for run in _runs(paragraph)]


def _sections(read: Sequence[Sentence], starts: Sequence[int]) -> Iterator[Sequence[Sentence]]:
    """The sentences divided at the first one that begins at each of `starts` or behind it."""
    cuts = [bisect_left(read, start, key=attrgetter("start")) for start in starts]
    return (read[begin:end] for begin, end in pairwise([0, *cuts, len(read)]))


def _paragraphs(text: str, read: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    """Sentences by paragraph; a tiny paragraph is joined with the one after it, what leads to a list with the list."""
    paragraph: list[Sentence] = []
    length = end = 0
    for sentence in read:
        if paragraph and length >= TINY and text.count("\n", end, sentence.start) > 1:
            paragraph, led = _without_lead(paragraph)
            yield paragraph
            paragraph, length = led, sum([each.length for each in led])
        paragraph.append(sentence)
        length, end = length + sentence.length, sentence.end
    if paragraph:
        yield paragraph


def _read(text: str, start: int, end: int, silent: frozenset[str]) -> Sentence:
    found = words(text[start:end])
    stems = [*map(stem, found)]
    if silent:
        stems = ["" if word in silent else base for word, base in zip(found, stems, strict=True)]
    return Sentence(start, end, found, stems, len(stems) - stems.count(None))


def _runs(paragraph: list[Sentence]) -> Iterator[list[Sentence]]:
    """The paragraph in runs of about the same length each."""
    total = sum(sentence.length for sentence in paragraph)
    target = total / max(1, round(total / USUAL))
    run: list[Sentence] = []
    length = 0
    for sentence in paragraph:
        if run and (length + sentence.length / 2 > target or length + sentence.length > MOST):
            run, led = _without_lead(run)
            yield run
            run, length = led, sum([each.length for each in led])
        run.append(sentence)
        length += sentence.length
    if run:
        yield run


def _without_lead(sentences: list[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences without the last one if that leads to what comes next, as "You need:" does, and that one."""
    if len(sentences) > 1 and sentences[-1].words[-1:] == [":"]:
        return sentences[:-1], sentences[-1:]
    return sentences, []


def _passage(run: list[Sentence]) -> Passage:
    return Passage(tuple(run), sum(sentence.length for sentence in run))
