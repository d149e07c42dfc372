"""reStructuredText: the text as it is written, with its headings."""

import re

from fanin.knowledge.formats.decoding import decode
from fanin.knowledge.formats.shape import Parsed, Section, first_line, path_of

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*$")
_ROLE = re.compile(r":[a-z:]{1,30}:`([^`]{1,200})`")


def restructured(content: bytes) -> Parsed:
    """The document, with a section for each title that is underlined (docutils, "Sections")."""
    text = decode(content)
    sections, styles, above = [Section(0)], list[str](), list[str]()
    title, before, before_at, at = "", ("", ""), (0, 0), 0
    for line in text.splitlines(keepends=True):
        if style := _underlines(line, before):
            if style not in styles:
                styles.append(style)
            name = _ROLE.sub(r"\1", before[1].strip())
            above = [*above[: styles.index(style)], name]
            title = title or name
            sections.append(Section(before_at[0] if len(style) > 1 else before_at[1], path_of(above)))
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
