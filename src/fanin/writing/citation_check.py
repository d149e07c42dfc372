"""Decides which sentences of a model's text are kept: those that cite given passages which support them.

A sentence that cites nothing, cites a number that was not given, says what none of the cited passages says, or has an
address that they do not have, is left out and counted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fanin.answer.draft import Statement
from fanin.model import Citation, Passage
from fanin.text.bounded_cache import cache_texts
from fanin.text.claims import Evidence, WorkBudget, judge
from fanin.text.claims.unformatted import without_hidden
from fanin.text.sentences import sentences
from fanin.writing.prompt import MAX_PASSAGES, NumberedPassage

LONGEST = 2_000
"""Characters before a citation that are read as its sentences; longer text is left out."""

_MARK = r"\[(\d{1,3}(?:[,; ]{1,3}\d{1,3}){0,9})\](?:\([^()\s]{0,500}\))?"
_MARKS = re.compile(rf"{_MARK}(?:\s{{0,2}}{_MARK}){{0,12}}\s{{0,2}}[.!?]?")
_MARK_ALONE = re.compile(_MARK)
_DIGITS = re.compile(r"\d+")
_ENDED = re.compile(r"\s*[^\s\[(.!?]")
"""What comes after the citation marks of a statement: with it, the statement is complete while more text arrives."""

_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,500}(?:\s[^()]{0,500})?\)")
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_FORMATTING = re.compile(
    r"(?m)^[ \t]{0,8}(?:#{1,6}|[-*•]|\d{1,2}[.)])[ \t]{1,8}|[*`~]{1,3}(?=\S)|(?<=\S)[*`~]{1,3}"
    r"|(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_])"
)
_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{0,30}://\S+|(?:mailto|javascript|data|file|tel):\S+|www\.\S+"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/\S*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of checking a growing text: supported statements, the number of dropped sentences, and the end."""

    statements: tuple[Statement, ...]
    dropped: int
    end: int


def read(text: str, given: Sequence[NumberedPassage], *, start: int = 0, whole: bool) -> Reading:
    """Check the text from `start` on; while it is not `whole`, only statements that are certainly complete."""
    statements: list[Statement] = []
    dropped, end = 0, start
    for each in readings(text, given, start=start, whole=whole):
        statements += each.statements
        dropped, end = dropped + each.dropped, each.end
    return Reading(tuple(statements), dropped, end)


def readings(
    text: str, given: Sequence[NumberedPassage], *, start: int = 0, whole: bool, before: str = ""
) -> Iterator[Reading]:
    """As `read`, in steps of one sentence, so that other tasks can run in between; `before` is the sentence before.

    Each step takes a few milliseconds at most. Only the last reading has the final `end`.
    """
    end = start
    for body, numbers, end in _statements(text, start, whole=whole):
        cited = [each for each in given if each.number in numbers][:MAX_PASSAGES]
        for each in cited:  # each passage is read in a step of its own
            _evidence(each.passage.title, each.passage.text)
            yield Reading((), 0, end)
        for sentence in _sentences(body):
            statement = _check_sentence(sentence, cited, before)
            before = statement.text if statement else before
            yield Reading((statement,) if statement else (), statement is None, end)
    if whole:
        yield Reading((), len(_sentences(text[end:])), len(text))


def _statements(text: str, start: int, *, whole: bool) -> Iterator[tuple[str, set[int], int]]:
    """Each part of the text before citation marks, the numbers in these marks, and where they end."""
    for marks in _MARKS.finditer(text, start):
        if not whole and _ENDED.match(text, marks.end()) is None:
            return
        listed = " ".join(mark[1] for mark in _MARK_ALONE.finditer(marks[0]))
        yield text[start : marks.start()], set(map(int, _DIGITS.findall(listed))), marks.end()
        start = marks.end()


def _without_link(link: re.Match[str]) -> str:
    return f"[{link[1]}]" if link[1].isdigit() else link[1]


def _sentences(body: str) -> list[str]:
    """The sentences of a part without formatting; of a long part the beginning, so that it counts as left out."""
    if len(body) > LONGEST:
        return [body[:LONGEST]]
    plain = without_hidden(_FORMATTING.sub("", _TAG.sub(" ", _LINK.sub(_without_link, body))))
    cut = [" ".join(plain[a:b].split()) for a, b in sentences(plain)]
    return [sentence for sentence in cut if any(map(str.isalnum, sentence))]


def _check_sentence(sentence: str, cited: Sequence[NumberedPassage], before: str) -> Statement | None:
    """The sentence with those of its citations that support it, or with all if they support it together."""
    if len(sentence) >= LONGEST or not _has_only_addresses_of(sentence, [each.passage for each in cited]):
        return None
    numbers = sorted({each.number for each in cited})
    apart = [[each.passage for each in cited if each.number == number] for number in numbers]
    work = WorkBudget()
    saying = [
        (number, passages)
        for number, passages in zip(numbers, apart, strict=True)
        if _is_supported(sentence, passages, before, work)
    ]
    if not saying and len(numbers) > 1 and _is_supported(sentence, [each.passage for each in cited], before, work):
        saying = [*zip(numbers, apart, strict=True)]
    if not saying:
        return None
    return Statement(sentence, tuple(_citation(sentence, number, passages) for number, passages in saying))


def _is_supported(sentence: str, passages: Sequence[Passage], before: str, work: WorkBudget) -> bool:
    evidence = [_evidence(each.title, each.text) for each in passages]
    return judge(sentence, evidence, before=before, work=work).supported


@cache_texts(entries=MAX_PASSAGES, characters=300_000)
def _evidence(title: str, text: str) -> Evidence:
    """The sentences of a passage, which are cached for all sentences of an answer that cite it."""
    return Evidence(text, title=title)


def _has_only_addresses_of(sentence: str, passages: Sequence[Passage]) -> bool:
    addresses = _ADDRESS.findall(sentence)
    linked = " \n".join(f"{each.title} {each.text} {each.url}" for each in passages) if addresses else ""
    return all(address.rstrip(".,;:)]") in linked for address in addresses)


def _citation(sentence: str, number: int, passages: Sequence[Passage]) -> Citation:
    """The sentence of the passages with the most words in common with the written one, as the quote."""
    found = [(each, _evidence(each.title, each.text).nearest(sentence)) for each in passages]
    best, (_, a, b) = max(found, key=lambda each: each[1][0])
    names = best.title, best.url, best.published
    return Citation(number, best.text[a:b], best.source, best.document, best.start + a, best.start + b, *names)
