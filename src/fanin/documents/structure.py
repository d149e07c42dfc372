"""The result of reading a file: its text, its title, and its sections."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fanin.limits import Limits


class Unreadable(ValueError):
    """A file that cannot be read as what its name says; the message completes "it …"."""


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
