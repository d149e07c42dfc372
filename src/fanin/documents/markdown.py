"""Markdown and reStructuredText: the text as it is written, with its headings."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fanin.documents.decoding import decode
from fanin.documents.front_matter import front_matter
from fanin.documents.rows.markdown_rows import tell_tables
from fanin.documents.structure import Parsed, Section, begin, first_line
from fanin.limits import LIMITS, Limits

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]++(?=\S)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
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
    body = tell_tables(body, limits)
    sections, first = _sections(body, limits)
    title = front.title or first or first_line(body)
    return Parsed(body, title, front.published, _tagged(sections, front.keywords))


def _tagged(sections: Sequence[Section], keywords: Sequence[str]) -> tuple[Section, ...]:
    """The sections, of which the first that has text is also found by these words."""
    at = 1 if len(sections) > 1 and sections[0].start == sections[1].start else 0
    headings = (", ".join(keywords)[:MOST_KEYWORDS], sections[at].heading)
    tagged = replace(sections[at], heading=" > ".join(filter(None, headings)))
    return (*sections[:at], tagged, *sections[at + 1 :])


def _sections(text: str, limits: Limits) -> tuple[tuple[Section, ...], str]:
    """The sections, and the first heading."""
    found, above, at = [Section(0)], [""] * 6, 0
    first, fence, before, before_at = "", "", "", at
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        heading = None if fence else _heading(line, before)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif heading:
            level, name, under = heading
            first = first or name
            above[level - 1 :] = [name, *[""] * (6 - level)]
            begin(found, before_at if under else at, above, limits)
        before, before_at, at = line, at, at + len(line)
    return tuple(found), first


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
    """reStructuredText, with a section for each title that is underlined (docutils, "Sections")."""
    text = decode(content, limits)
    sections, styles, above = [Section(0)], list[str](), list[str]()
    title, before, before_at, at = "", ("", ""), (0, 0), 0
    for line in text.splitlines(keepends=True):
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
