"""Passages: runs of sentences that are long enough to say something and short enough to say one thing."""

import re
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

MAX_WORDS = 130
"""Words that a passage does not exceed as long as its sentences allow."""


POINTING = frozenset(("it", "its", "them", "they"))
"""Words by which a sentence refers to the one before it."""

LONGEST_HEADING = 10
"""Words of a line that may be a heading, and goes with what is below it."""

_LISTED = re.compile(r"(?:[-*•‣▪]|[0-9]{1,2}[.)])\s|(```|~~~)")
"""How an item of a list begins, or code."""

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
    paragraphs = (paragraph for part in sections for paragraph in _paragraphs(text, part))
    return [_passage(run) for paragraph in paragraphs for run in _runs(text, paragraph)]


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
            below = _LISTED.match(text, sentence.start)
            if below is None or length > MAX_WORDS or not _is_listed(text, paragraph):
                paragraph, led = _without_lead(text, paragraph, code=below is not None and below[1] is not None)
                yield paragraph
                paragraph, length = led, sum([each.length for each in led])
        paragraph.append(sentence)
        length, end = length + sentence.length, sentence.end
    if paragraph:
        yield paragraph


def _is_listed(text: str, sentences: Sequence[Sentence]) -> bool:
    """Whether the last sentence is an item of a list, or code below one."""
    marks = [_LISTED.match(text, each.start) for each in sentences[-2:]]
    last = marks[-1]
    return last is not None and (last[1] is None or (marks[0] is not None and marks[0][1] is None))


def _read(text: str, start: int, end: int, silent: frozenset[str]) -> Sentence:
    found = words(text[start:end])
    stems = [*map(stem, found)]
    if silent:
        stems = ["" if word in silent else base for word, base in zip(found, stems, strict=True)]
    return Sentence(start, end, found, stems, len(stems) - stems.count(None))


def _runs(text: str, paragraph: list[Sentence]) -> Iterator[list[Sentence]]:
    """The paragraph in runs of about the same length each."""
    total = sum(sentence.length for sentence in paragraph)
    target = total / max(1, round(total / USUAL))
    run: list[Sentence] = []
    length = 0
    for sentence in paragraph:
        if run and (length + sentence.length / 2 > target or length + sentence.length > MAX_WORDS):
            run, led = _without_lead(text, run)
            yield run
            run, length = led, sum([each.length for each in led])
        run.append(sentence)
        length += sentence.length
    if run:
        yield run


def _without_lead(text: str, sentences: list[Sentence], *, code: bool = False) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences without those that lead to what comes next, and these: a heading, "You need:", what is above code.

    "Check them in this order:" is not understood without the sentence before it.
    """
    at = len(sentences)
    if code or sentences[-1].words[-1:] == [":"]:
        at -= 1
        if at and not POINTING.isdisjoint(sentences[at].words) and not _is_apart(text, sentences, at):
            at -= 1
    while at > 1 and _is_heading(text, sentences, at - 1):
        at -= 1
    return (sentences[:at], sentences[at:]) if at else (sentences, [])


def _is_apart(text: str, sentences: Sequence[Sentence], at: int) -> bool:
    """Whether an empty line is above this sentence."""
    return text.count("\n", sentences[at - 1].end, sentences[at].start) > 1


def _is_heading(text: str, sentences: Sequence[Sentence], at: int) -> bool:
    """Whether this sentence is a short line by itself that ends like none."""
    each = sentences[at]
    return each.length <= LONGEST_HEADING and text[each.end - 1] not in ".!?;,`" and _is_apart(text, sentences, at)


def _passage(run: list[Sentence]) -> Passage:
    return Passage(tuple(run), sum(sentence.length for sentence in run))
