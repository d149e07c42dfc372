"""The result of reading a file: its text, its title, and its sections."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

MOST_TEXT = 20_000_000
"""Characters of a document's text; a file that says more is refused."""


class Unreadable(ValueError):
    """A file that cannot be read as what its name says; the message completes "it …"."""


MOST_SECTIONS, LONGEST_HEADING = 200_000, 120
"""Sections of a document, and characters of a heading in the path to it, which every section below it holds, too."""

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


def begin(sections: list[Section], start: int, headings: Iterable[str], division: Division = "prose") -> None:
    """Add a section under the last of these headings, which stands below the others.

    Raises Unreadable for more sections than a document of people has.
    """
    if len(sections) >= MOST_SECTIONS:
        raise Unreadable(f"has more than {MOST_SECTIONS:,} headings")
    path = " > ".join(_shortened(heading) for heading in headings if heading)
    sections.append(Section(start, path, division))


def _shortened(heading: str) -> str:
    return heading if len(heading) <= LONGEST_HEADING else heading[: LONGEST_HEADING - 1] + "…"


def first_line(text: str, *, longest: int = 120) -> str:
    """The first line that says something, if it is short enough for a title, or ""."""
    line = next((line for line in text[:4000].splitlines() if any(map(str.isalnum, line))), "").strip()
    return line if len(line) <= longest else ""
