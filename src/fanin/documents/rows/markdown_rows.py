"""Tables in Markdown (GitHub's form): each row is written with the names of its columns (pure, linear)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from fanin.documents.structure import check_length
from fanin.documents.tables import row_lines
from fanin.limits import LIMITS, Limits

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*")
_BETWEEN = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?: \"[^\"]{0,200}\")?\)")
_MARK = re.compile(r"(\*\*|__|~~|`+)(?=\S)([^*_~`]{1,300}?)(?<=\S)\1")
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)

_NAME = 100
"""Characters of the name of a column."""


def tell_tables(text: str, limits: Limits = LIMITS) -> str:
    """The text with the rows of its tables as sentences; everything else, and code, stays as it is."""
    if "|" not in text or "-" not in text:
        return text
    pieces, size = list[str](), 0
    for piece in _pieces(text.splitlines(keepends=True)):
        pieces.append(piece)
        size += len(piece)
        check_length(size, limits)
    return "".join(pieces)


def _pieces(lines: Sequence[str]) -> Iterator[str]:
    fence, names, rule = "", list[str](), False
    for line, after in pairwise([*lines, ""]):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if rule:
            rule = False
        elif not fence and not names and _begins(line, after):
            names, rule = [cell[:_NAME] for cell in _cells(line)], True
        elif names and "|" in line and not fence:
            yield from (f"{row}\n\n" for row in row_lines(names, _cells(line)))
        else:
            names = []
            yield line


def _begins(line: str, after: str) -> bool:
    """Whether a line names the columns of a table: below it stands a rule with as many parts."""
    if "|" not in line or line.startswith(("    ", "\t")) or not _RULE.fullmatch(after.rstrip("\r\n")):
        return False
    return len(_cells(line)) == len(_cells(after)) > 1


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [_plain(cell) for cell in _BETWEEN.split(inner)]


def _plain(cell: str) -> str:
    """What a cell says, without the marks of Markdown."""
    cell = _BREAK.sub(", ", cell.replace("\\|", "|").strip())
    if any(mark in cell for mark in "*_~`["):
        cell = _MARK.sub(r"\2", _LINK.sub(r"\1", cell))
    return cell
