"""What every format makes of a file: one text, what it is called, and where its sections begin."""

from dataclasses import dataclass
from typing import Literal

MOST_TEXT = 20_000_000
"""Characters of a document's text; a file that says more is refused."""


class Unreadable(ValueError):
    """A file that cannot be read as what its name says; the message completes "it …"."""


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section begins in the text, under the path of its headings, outermost first.

    `division` says how it may be divided: prose between sentences, lines between lines.
    """

    start: int
    heading: str = ""
    division: Literal["prose", "lines"] = "prose"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's text, cleaned, with its sections in order; `published` is an ISO 8601 date or ""."""

    text: str
    title: str = ""
    published: str = ""
    sections: tuple[Section, ...] = (Section(0),)


def path_of(headings: list[str]) -> str:
    """A heading with those above it, as a reader would say it."""
    return " > ".join(filter(None, headings))


def first_line(text: str, *, longest: int = 120) -> str:
    """The first line that says something, if it is short enough for a title, or ""."""
    line = next((line for line in text[:4000].splitlines() if any(map(str.isalnum, line))), "").strip()
    return line if len(line) <= longest else ""
