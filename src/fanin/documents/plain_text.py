"""Plain text and source code: the text as it is."""

import re

from fanin.documents.decoding import decode
from fanin.documents.rows.indented_terms import with_terms
from fanin.documents.rows.literal_blocks import with_fences
from fanin.documents.structure import Parsed, Section, Unreadable, begin, first_line, with_lead_ins
from fanin.limits import LIMITS, Limits

LONGEST_LINE = 5_000
"""Characters of a line of source code; people write shorter ones, programs that pack code do not."""

_DEFINITION = re.compile(
    r"([ \t]{0,8})(?:(?:export|default|pub(?:\([a-z]{1,9}\))?|public|private|protected|static|abstract|final|async|data"
    r"|sealed|unsafe|extern|inline)\s{1,4}){0,5}"
    r"(?:def|class|func|fn|function|interface|struct|enum|trait|impl|module|object|type|record|namespace|CREATE\s+TABLE)"
    r"\b[ \t]{1,4}((?:\([^)\n]{0,80}\)[ \t]{0,4})?[\w$]{1,60}(?:(?:\.|::)[\w$]{1,60}){0,4})"
)


def plain(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """The text, whose items of lists say what stands before them, with a section for each term and what is indented
    below it; its first line is its title when it is short."""
    text, parts = with_terms(with_lead_ins(with_fences(decode(content, limits))))
    sections = [Section(0)]
    for start, terms in parts:
        begin(sections, start, terms, limits)
    return Parsed(text, first_line(text), "", tuple(sections))


def code(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """Source code, with a section for each class and function that a line begins, in whatever language.

    Raises Unreadable for code that a program packed.
    """
    text = decode(content, limits)
    sections, above = [Section(0, "", "lines")], list[tuple[int, str]]()
    at = 0
    for line in text.splitlines(keepends=True):
        if len(line) > LONGEST_LINE:
            raise Unreadable(f"was made by a program: it has a line of {len(line):,} characters")
        if found := _DEFINITION.match(line):
            indent = len(found[1].expandtabs(4))
            above = [*(each for each in above if each[0] < indent), (indent, found[2].strip())]
            begin(sections, at, (name for _, name in above), limits, "lines")
        at += len(line)
    return Parsed(text, "", "", tuple(sections))
