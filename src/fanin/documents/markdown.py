"""Markdown without its marks, and reStructuredText as it is written, with their headings."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fanin.documents.decoding import decode
from fanin.documents.front_matter import front_matter
from fanin.documents.rows.indented_terms import with_terms
from fanin.documents.rows.literal_blocks import with_fences
from fanin.documents.rows.markdown_rows import tell_tables
from fanin.documents.rows.markdown_text import is_container, plain, plain_heading, plain_line
from fanin.documents.structure import Parsed, Section, begin, first_line, with_lead_ins
from fanin.limits import LIMITS, Limits

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]++(?=\S)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RUN = 200
"""Lines that are read together at most: marks of emphasis may stand around a line end."""

LONGEST_NAME = 300
"""Characters of a heading behind "#"; a longer line is none."""

MOST_KEYWORDS = 500
"""Characters of the tags in the heading of a section."""

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*$")
_ROLE = re.compile(r":[a-z:]{1,30}:`([^`]{1,200})`")


def markdown(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """Markdown, with a section for each heading (CommonMark, 4.2 and 4.3).

    Front matter is no part of the text. It gives title and date, and its tags head the first section that has text.
    """
    text = decode(content, limits)
    front = front_matter(text)
    body = text[front.start :].lstrip("\n")
    if not body.strip():  # nothing but front matter: better than nothing
        return Parsed(text, front.title or first_line(text), front.published)
    body = with_lead_ins(tell_tables(with_fences(body), limits))
    read = _Reading(limits)
    for line in body.splitlines(keepends=True):
        read.read(line)
    read.flush()
    plain_text = "".join(read.pieces)
    title = front.title or read.title or first_line(plain_text)
    return Parsed(plain_text, title, front.published, _tagged(read.sections, front.keywords))


def _tagged(sections: Sequence[Section], keywords: Sequence[str]) -> tuple[Section, ...]:
    """The sections, of which the first that has text is also found by these words."""
    at = 1 if len(sections) > 1 and sections[0].start == sections[1].start else 0
    headings = (", ".join(keywords)[:MOST_KEYWORDS], sections[at].heading)
    tagged = replace(sections[at], heading=" > ".join(filter(None, headings)))
    return (*sections[:at], tagged, *sections[at + 1 :])


class _Reading:
    """The text of Markdown without its marks, line by line, with its sections and its first heading."""

    def __init__(self, limits: Limits) -> None:
        self.sections, self.first, self.level = [Section(0)], "", 0
        self.pieces, self.size = list[str](), 0
        self._limits = limits
        self._above = [""] * 6
        self._run, self._fence, self._before = list[str](), "", ""
        self._inner = ""

    def read(self, line: str) -> None:
        """Take the next line."""
        mark = _FENCE.match(line)
        heading = None if self._fence else _heading(line, self._before)
        if mark and (not self._fence or mark[1].startswith(self._fence)):
            self._fence = "" if self._fence else mark[1]
            self._write(line)
        elif heading:
            self._begin(*heading)
        elif not line.strip() and not self._run and "".join(self.pieces[-1:]).endswith("\n\n") and not self._fence:
            pass  # one empty line is behind a heading already
        elif self._fence or self._is_code(line):
            self._write(line)
        else:
            bare = line.removesuffix("\n")
            self._run.append(plain_line(bare.removeprefix(self._inner)) + line[len(bare) :])
            if not line.strip() or len(self._run) > _RUN:
                self.flush()
        self._before = line

    @property
    def title(self) -> str:
        """The first heading, if it is of the first level or stands before all text; others name a part."""
        begins = len(self.sections) > 1 and not "".join(self.pieces)[: self.sections[1].start].strip()
        return self.first if self.level == 1 or begins else ""

    def flush(self) -> None:
        """Write the run of lines that belong together, such as a paragraph."""
        run, self._run = "".join(self._run), []
        if run:
            self._write(plain(run))

    def _is_code(self, line: str) -> bool:
        """Whether an indented line is code, and not within an item of a list or an admonition."""
        if line.startswith(("    ", "\t")):
            return not self._inner
        if line.strip():
            self._inner = "    " if is_container(line) else ""
        return False

    def _begin(self, level: int, name: str, under: bool) -> None:
        if under and self._run:
            self._run.pop()
        self.flush()
        name = plain_heading(name)
        self.level = self.level or level
        self.first = self.first or name
        self._above[level - 1 :] = [name, *[""] * (6 - level)]
        begin(self.sections, self.size, self._above, self._limits)
        self._write(f"{name}\n\n")

    def _write(self, piece: str) -> None:
        if self._run:
            self.flush()
        self.pieces.append(piece)
        self.size += len(piece)


def _heading(line: str, before: str) -> tuple[int, str, bool] | None:
    """Level and words of a heading that this line is or underlines; a heading is underlined by "=" or "-"."""
    line = line.rstrip()
    if match := _HEADING.match(line):
        name = line[match.end() :]
        bare = name.rstrip("#")
        name = bare.rstrip() if bare[-1:].isspace() else name
        return (len(match[1]), name, False) if 0 < len(name) <= LONGEST_NAME else None
    if (under := _UNDERLINE.match(line)) and len(under[1]) > 1 and before[:1].isalnum():
        return (1 if under[1][0] == "=" else 2), before.strip(), True
    return None


def restructured_text(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """reStructuredText, with a section for each title that is underlined (docutils, "Sections"), and for each term."""
    text, parts = with_terms(with_fences(decode(content, limits)))
    terms = dict(parts)
    sections, styles, above = [Section(0)], list[str](), list[str]()
    title, before, before_at, at = "", ("", ""), (0, 0), 0
    for line in text.splitlines(keepends=True):
        if at in terms:
            begin(sections, at, [*above, *terms[at]], limits)
        if style := _underlines(line, before):
            if style not in styles:
                styles.append(style)
            name = _ROLE.sub(r"\1", before[1].strip())
            above = [*above[: styles.index(style)], name]
            title = title or name
            begin(sections, before_at[0] if len(style) > 1 else before_at[1], above, limits)
        before, before_at, at = (before[1], line), (before_at[1], at), at + len(line)
    return Parsed(text, title or first_line(text), "", tuple(sections))


def _underlines(line: str, before: tuple[str, str]) -> str:
    """The style of the heading that this line ends: its mark, twice when there is a line above it as well; or ""."""
    under, over, name = _ADORNMENT.match(line), _ADORNMENT.match(before[0]), before[1].strip()
    if not under or not name or _ADORNMENT.match(before[1]) or len(line.strip()) < min(len(name), 4):
        return ""
    if over and over[1] == under[1]:
        return under[1] * 2
    return under[1] if not before[1][0].isspace() and not before[0].strip() else ""
