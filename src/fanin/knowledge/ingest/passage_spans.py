"""Divides a parsed file into passages: spans of its text, each under one heading."""

from collections.abc import Iterator

from fanin.documents.structure import Parsed, filled
from fanin.process.passages import MAX_WORDS, TINY, passages

LONGEST = 2_000
"""Characters of a passage of lines."""

type Span = tuple[int, int, str]
"""Start and end in the text, and the path of headings."""


def divide(parsed: Parsed) -> list[Span]:
    """The passages of a file, in order; together they hold every word of its text exactly once."""
    text = parsed.text
    return [
        (start, end, section.heading)
        for section, stop in filled(text, parsed.sections)
        for start, end in (_prose if section.division == "prose" else _lines)(text, section.start, stop)
        if any(map(str.isalnum, text[start:end]))
    ]


def _prose(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for passage in passages(text[start:end]):
        yield start + passage.start, start + passage.end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Groups of lines of at most 130 words; an empty line ends a group that is long enough."""
    begin, words, at = start, 0, start
    for line in text[start:end].splitlines(keepends=True):
        count = len(line.split())
        full = words + count > MAX_WORDS or at + len(line) - begin > LONGEST
        if words and (full or (not count and words >= TINY)):
            yield from _cut(text, begin, at)
            begin, words = at, 0
        words, at = words + count, at + len(line)
    yield from _cut(text, begin, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space around it, cut into pieces of `LONGEST` characters."""
    start, end = _strip(text, start, end)
    for at in range(start, end, LONGEST):
        first, last = _strip(text, at, min(at + LONGEST, end))
        if first < last:
            yield first, last


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
