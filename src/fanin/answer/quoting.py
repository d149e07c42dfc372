"""How a quote reads in an answer: a list without its marks, and code as it stands, without its fences (pure)."""

import re
from collections.abc import Sequence
from textwrap import dedent

from fanin.answer.candidate_sentences import UNFINISHED

_BLOCK = re.compile(r"(?ms)^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)")
_MARK = re.compile(r"(?m)^[ \t]*(?:[-*•‣▪]|[0-9]{1,2}[.)])[ \t]+")

type Part = tuple[int, int, bool]
"""Where a part of a quote starts and ends, and whether it is code."""


def on_one_line(quote: str) -> str:
    """The quote with single spaces in place of all white space."""
    return quote if quote.isprintable() and "  " not in quote else " ".join(quote.split())


def quoted_parts(quote: str) -> list[Part]:
    """The code in a quote, and what stands around it; all that is not white space, but for fences."""
    parts: list[Part] = []
    at = 0
    for block in _BLOCK.finditer(quote):
        _add(parts, quote, at, block.start(), is_code=False)
        _add(parts, quote, *block.span(2), is_code=True)
        at = block.end()
    _add(parts, quote, at, len(quote), is_code=False)
    return parts


def _add(parts: list[Part], quote: str, start: int, end: int, *, is_code: bool) -> None:
    text = quote[start:end]
    bare = text.strip("\n" if is_code and "\n" in text.strip() else None)
    if bare.strip():
        start += text.index(bare)
        parts.append((start, start + len(bare), is_code))


def as_answered(quote: str, parts: Sequence[Part]) -> str:
    """The parts of a quote as they stand in an answer; text below code begins a line, as several lines of code do."""
    text_so_far, below = "", False
    for start, end, is_code in parts:
        text = dedent(quote[start:end]) if is_code else without_marks(quote[start:end])
        above, below = below, is_code
        if text_so_far:
            text_so_far += ":" if is_code and text_so_far[-1] not in ".:!?" else ""
            text_so_far += "\n" if above or "\n" in text else " "
        text_so_far += text
    return text_so_far


def without_marks(text: str) -> str:
    """A quote in one line, in which the items of lists have no marks and do not repeat what leads to them."""
    lead, *items = [on_one_line(each) for each in _MARK.split(text)]
    if not items:
        return lead
    text_so_far = lead
    for item in items:
        head, colon, rest = item.partition(": ")
        item = rest if colon and lead.endswith(f"{head}:") else item
        goes_on = text_so_far[-1:] in ".:!?" or (text_so_far is lead and text_so_far.rpartition(" ")[2] in UNFINISHED)
        gap = "" if not text_so_far else " " if goes_on else "; "
        text_so_far += gap + item
    return text_so_far
