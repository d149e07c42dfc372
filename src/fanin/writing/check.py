"""What of a model's text may stand: sentences that cite given passages, and whose words and numbers are in them.

Nothing here trusts the model. A sentence that cites nothing, cites a number that was not given, has a number, a figure
with its unit or an address that the cited passages do not have, or shares too few words with them, is left out and
counted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fanin.answer.draft import Statement
from fanin.model import Citation, Passage
from fanin.text.quantities import agree
from fanin.text.sentences import sentences
from fanin.text.words import stem, words
from fanin.writing.prompt import Excerpt

SUPPORTED = 0.5
"""Share of a sentence's content words that must stand in what it cites. A paraphrase keeps about two thirds of them;
what a model adds of its own keeps few."""

_MARK = r"\[(\d{1,3}(?:[,; ]{1,3}\d{1,3}){0,9})\](?:\([^()\s]*\))?"
_MARKS = re.compile(rf"{_MARK}(?:\s{{0,2}}{_MARK})*\s{{0,2}}[.!?]?")
_MARK_ALONE = re.compile(_MARK)
_DIGITS = re.compile(r"\d+")
_ENDED = re.compile(r"\s*[^\s\[(.!?]")
"""What shows, while a text is still growing, that the marks of a statement are over."""

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\)")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_FORMATTING = re.compile(r"(?m)^\s*(?:#{1,6}|[-*•]|\d{1,2}[.)])\s+|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)")
_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]*://\S+|(?:mailto|javascript|data|file|tel):\S+|www\.\S+|(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORDS_OF_NUMBERS = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        map(str, range(2, 13)),
        strict=True,
    )
)
_LARGE = frozenset(("dozen", "hundred", "thousand", "million", "billion", "trillion"))
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a growing text: statements that may stand, how many sentences may not, where it is read to."""

    statements: tuple[Statement, ...]
    dropped: int
    end: int


def read(text: str, given: Sequence[Excerpt], *, start: int = 0, whole: bool) -> Reading:
    """Check what has come of a text since `start`; while it is not `whole`, only what is certainly finished."""
    statements: list[Statement] = []
    dropped = 0
    end = start
    for body, numbers, end in _statements(text, start, whole=whole):  # noqa: B007 - where the last one ends
        for sentence in _sentences(body):
            statement = _checked(sentence, [each for each in given if each.number in numbers])
            statements += [statement] if statement else []
            dropped += statement is None
    if whole:
        dropped += len(_sentences(text[end:]))
        end = len(text)
    return Reading(tuple(statements), dropped, end)


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, thousands without their commas, those up to twelve that are spelt out, and "million"."""
    spoken = _WORD.findall(text.lower())
    spelt = {_WORDS_OF_NUMBERS[word] for word in spoken if word in _WORDS_OF_NUMBERS}
    return spelt | _LARGE.intersection(spoken) | {_figure(found) for found in _NUMBER.findall(text)}


def _statements(text: str, start: int, *, whole: bool) -> Iterator[tuple[str, set[int], int]]:
    """Each stretch of text, the numbers in the marks behind it, and where they end."""
    for marks in _MARKS.finditer(text, start):
        if not whole and _ENDED.match(text, marks.end()) is None:
            return
        listed = " ".join(mark[1] for mark in _MARK_ALONE.finditer(marks[0]))
        yield text[start : marks.start()], set(map(int, _DIGITS.findall(listed))), marks.end()
        start = marks.end()


def _unlinked(link: re.Match[str]) -> str:
    return f"[{link[1]}]" if link[1].isdigit() else link[1]


def _sentences(body: str) -> list[str]:
    plain = _FORMATTING.sub("", _TAG.sub(" ", _LINK.sub(_unlinked, body)))
    cut = [" ".join(plain[a:b].split()) for a, b in sentences(plain)]
    return [sentence for sentence in cut if any(map(str.isalnum, sentence))]


def _checked(sentence: str, cited: Sequence[Excerpt]) -> Statement | None:
    if not cited or not _stands(sentence, [each.passage for each in cited]):
        return None
    numbers = sorted({each.number for each in cited})
    citations = [_citation(sentence, number, [e.passage for e in cited if e.number == number]) for number in numbers]
    return Statement(sentence, tuple(citations))


def _stands(sentence: str, passages: Sequence[Passage]) -> bool:
    said = " \n".join(f"{each.title} {each.published} {each.text}" for each in passages)
    linked = " \n".join([said, *(each.url for each in passages)])
    if any(address.rstrip(".,;:)]") not in linked for address in _ADDRESS.findall(sentence)):
        return False
    if not (numbers_in(sentence) <= numbers_in(said) and agree(sentence, said)):
        return False
    told = _stems(sentence)
    return len(told & _stems(said)) >= SUPPORTED * len(told)


def _stems(text: str) -> set[str]:
    return {found for word in words(text) if (found := stem(word))}


def _citation(sentence: str, number: int, passages: Sequence[Passage]) -> Citation:
    """The sentence of the passages that has most words in common with the written one, as the quote."""
    told = _stems(sentence)
    spans = [(each, a, b) for each in passages for a, b in sentences(each.text) or [(0, len(each.text))]]
    best, a, b = max(spans, key=lambda span: len(told & _stems(span[0].text[span[1] : span[2]])))
    return Citation(
        number, best.text[a:b], best.source, best.document, best.start + a, best.start + b, best.title, best.url
    )


def _figure(found: str) -> str:
    parts = found.split(",")
    if len(parts) > 1 and all(len(part.partition(".")[0]) == 3 for part in parts[1:]):
        return "".join(parts)
    return found
