"""Divides a parsed file into passages: spans of its text, each under one heading."""

from collections.abc import Iterator
from itertools import pairwise

from fanin.documents.formats import Parsed, Section
from fanin.process.passages import MOST, TINY, passages

FEW = 2
"""A section with at most so many words besides its heading is joined with the next one."""

LONGEST = 2_000
"""Characters of a passage of lines."""

type Span = tuple[int, int, str]
"""Start and end in the text, and the path of headings."""


def divide(parsed: Parsed) -> list[Span]:
    """The passages of a file, in order; together they hold every word of its text exactly once."""
    text = parsed.text
    return [
        (start, end, section.heading)
        for section, stop in _sections(parsed)
        for start, end in (_prose if section.division == "prose" else _lines)(text, section.start, stop)
        if any(map(str.isalnum, text[start:end]))
    ]


def _sections(parsed: Parsed) -> Iterator[tuple[Section, int]]:
    """Each section with its end; sections that have only a heading are joined with the next one."""
    bounds = [*(section.start for section in parsed.sections), len(parsed.text)]
    joined_from: int | None = None
    for section, (start, end) in zip(parsed.sections, pairwise(bounds), strict=True):
        begin = start if joined_from is None else joined_from
        last = end == len(parsed.text)
        if not last and _is_only_heading(parsed.text[start:end], section.heading):
            joined_from = begin
        elif end > begin:
            joined_from = None
            yield Section(begin, section.heading, section.division), end


def _is_only_heading(text: str, heading: str) -> bool:
    """Whether a section has hardly more words than its heading."""
    if len(text) > len(heading) + 100:
        return False
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    return len(words) <= len(heading.rpartition(" > ")[2].split()) + FEW


def _prose(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for passage in passages(text[start:end]):
        yield start + passage.start, start + passage.end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Groups of lines of at most 130 words; an empty line ends a group that is long enough."""
    begin, words, at = start, 0, start
    for line in text[start:end].splitlines(keepends=True):
        count = len(line.split())
        full = words + count > MOST or at + len(line) - begin > LONGEST
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
