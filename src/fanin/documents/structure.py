"""The result of reading a file: its text, its title, and its sections."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from fanin.limits import Limits
from fanin.model import JSON


class Unreadable(ValueError):
    """A file that cannot be read as what its name says; the message completes "it …"."""


LONGEST_LEAD = 100
"""Characters of the words before a list that each of its items says, and of a term that its definitions say."""

_ITEM = re.compile(r"([ \t]*(?:[-*+\u2022\u2023\u25aa]|\d{1,3}[.)])[ \t]+)(?=\S)")
_DEFINITION = re.compile(r" {0,3}:[ \t]+(?=\S)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?])\s+(?=[^\W_])")

FEW = 2
"""A section with at most so many words besides its heading is joined with the next one."""

LONGEST_HEADING = 120
"""Characters of a heading in the path to a section, which every section below it holds, too."""

type Division = Literal["prose", "lines"]


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section begins in the text, under the path of its headings, outermost first.

    `division` says how it may be divided: prose between sentences, lines between lines.
    """

    start: int
    heading: str = ""
    division: Division = "prose"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's text, cleaned, with its sections in order; `published` is an ISO 8601 date or ""."""

    text: str
    title: str = ""
    published: str = ""
    sections: tuple[Section, ...] = (Section(0),)


def begin(
    sections: list[Section], start: int, headings: Iterable[str], limits: Limits, division: Division = "prose"
) -> None:
    """Add a section under the last of these headings, which stands below the others.

    Raises Unreadable for more sections than a document of people has.
    """
    if len(sections) >= limits.file_headings:
        raise Unreadable(f"has more than {limits.file_headings:,} headings")
    path = " > ".join(_shortened(heading) for heading in headings if heading)
    sections.append(Section(start, path, division))


def filled(text: str, sections: Sequence[Section]) -> Iterator[tuple[Section, int]]:
    """Each section with its end; one that has hardly more words than its heading is joined with the next one."""
    bounds = [*(section.start for section in sections), len(text)]
    joined_from: int | None = None
    for section, (start, end) in zip(sections, pairwise(bounds), strict=True):
        begin = start if joined_from is None else joined_from
        last = end == len(text)
        if not last and _is_only_heading(text[start:end], section.heading):
            joined_from = begin
        elif end > begin:
            joined_from = None
            yield Section(begin, section.heading, section.division), end


def headings(text: str, sections: Sequence[Section]) -> dict[str, JSON]:
    """Metadata of a document with its sections: "sections", pairs of a start and a path of headings."""
    items = [[section.start, section.heading] for section, _ in filled(text, sections)]
    return {"sections": items} if any(heading for _, heading in items) else {}


def _is_only_heading(text: str, heading: str) -> bool:
    if len(text) > len(heading) + 100:
        return False
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    return len(words) <= len(heading.rpartition(" > ")[2].split()) + FEW


def _shortened(heading: str) -> str:
    return heading if len(heading) <= LONGEST_HEADING else heading[: LONGEST_HEADING - 1] + "…"


def check_length(characters: int, limits: Limits) -> None:
    """Raise Unreadable for more text than a document may have."""
    if characters > limits.file_characters:
        raise Unreadable(f"has more than {limits.file_characters:,} characters of text")


def first_line(text: str, *, longest: int = 120) -> str:
    """The first line that says something, if it is short enough for a title, or ""."""
    line = next((line for line in text[:4000].splitlines() if any(map(str.isalnum, line))), "").strip()
    return line if len(line) <= longest else ""


def with_lead_ins(text: str) -> str:
    """The text, in which each item of a list says what stands before the list ("You need: a rope"), and each
    definition its term; code between fences stays as it is. At most 1,000 characters longer than twice the text."""
    found = _LeadIns(len(text) + 1_000)
    for line in text.splitlines(keepends=True):
        found.read(line)
    return "".join(found.lines)


class _LeadIns:
    """Reads lines, and puts before each item the line that ended with a colon above its list."""

    def __init__(self, spare: int) -> None:
        self.lines = list[str]()
        self._spare = spare
        self._lead, self._mark, self._before = "", "", ""
        self._fence = ""

    def read(self, line: str) -> None:
        """Take the next line."""
        fence = _FENCE.match(line)
        if fence and (not self._fence or fence[1].startswith(self._fence)):
            self._fence = "" if self._fence else fence[1]
        if self._fence or not line.strip():
            self.lines.append(line)
        elif found := _ITEM.match(line):
            self._item(line, found)
        elif (found := _DEFINITION.match(line)) and 0 < len(self._before) <= LONGEST_LEAD:
            self._define(line[found.end() :])
        elif not line[0].isspace():
            self._before = line.strip()
            self._lead, self._mark = lead_of(self._before), ""
            self.lines.append(line)
        else:
            self.lines.append(line)

    def _item(self, line: str, found: re.Match[str]) -> None:
        """An item at the indentation of the first one; those below it belong to it."""
        indent = found[1][: len(found[1]) - len(found[1].lstrip())]
        if self._lead and not self._mark:
            self._mark = f"|{indent}"
        own, lead = line[found.end() :], self._lead if self._mark == f"|{indent}" else ""
        if lead and len(lead) < self._spare:
            self._spare -= len(lead) + 1
            own = f"{lead} {own}"
        self.lines.append(f"{found[1]}{own}")

    def _define(self, own: str) -> None:
        """A definition, which says its term; the first one takes the place of the term's line."""
        if self.lines and self.lines[-1].strip() == self._before:
            self.lines.pop()
        self._spare -= len(self._before) + 2
        self.lines.append(f"{self._before}: {own}" if self._spare > 0 else own)


def lead_of(line: str) -> str:
    """The words before a list: a line that ends with a colon, and is no code; of several sentences the last one."""
    line = _SENTENCE_END.split(line)[-1]
    short = (
        line.endswith((":", ":**", ":*"))
        and len(line) <= LONGEST_LEAD
        and (" " in line or line.lstrip("*_")[:1].isupper())
    )
    return line if short and not line.startswith(("#", "|", ">", "`", "<", "def ", "class ")) else ""
