"""Files of separated values: what separates them, what quotes them, and where their headings are (pure)."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from fanin.documents.decoding import decode
from fanin.documents.structure import Parsed, Section, Unreadable
from fanin.documents.tables import row_lines, row_section, rows_text
from fanin.errors import message_of
from fanin.limits import LIMITS, Limits

_SEPARATORS = "\t;|,^~¦:"
"""The more telling ones first: commas stand in decimal numbers and in prose as well."""

_NO_SEPARATOR = re.compile(r":\s|://|\b\d{1,2}:[0-5]\d\b")
"""What a colon within a text, an address or a time looks like."""

_LOOKED_AT, _ROWS = 16_384, 60
"""Characters, and rows, that are looked at before the first row is written."""

_SEP = re.compile(r"\s*\"?sep=(.)\"?[ \t]*[;,\t]*\r?(?:\n|\Z)", re.IGNORECASE)
_VALUE = re.compile(r"\W*\d[\dT\s.,:/'%+-]*[^\W\d]{0,4}\W*|(?:true|false|yes|no|ja|nein|n/a|null|nan)", re.IGNORECASE)
_SINGLE = re.compile(r"(?:^|[;,\t|])[ ]?'[^'\n]*'[ ]?(?=[;,\t|])", re.MULTILINE)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file separates and quotes its values; with `escape` a quote within one has a backslash before it."""

    separator: str
    quote: str = '"'
    escape: bool = False


def table(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """The rows of a file of separated values, each cell with its heading; lines before these are text of their own."""
    text = decode(content, limits)
    declared = _SEP.match(text)
    text = text[declared.end() :] if declared else text
    head = text[: text.find("\n", _LOOKED_AT) + 1 or None] if len(text) > _LOOKED_AT else text
    dialect = dialect_of(head, declared[1] if declared else "")
    try:
        return _parsed(_rows(text, dialect, strict=True), limits)
    except csv.Error as error:
        unclosed = "end of data" in message_of(error)
    try:
        return _parsed(_rows(text, dialect, strict=False, quoted=not unclosed), limits)
    except csv.Error as error:
        raise Unreadable(f"is no table: {message_of(error)}") from error


def dialect_of(head: str, separator: str = "") -> Dialect:
    """The dialect in which most lines have the same number of values, more than one; of several the most telling."""
    quote = "'" if head.count('"') < 2 and _SINGLE.search(head) else '"'
    escape = f"\\{quote}" in head and quote * 2 not in head
    known = separator or (_SEPARATORS[:-1] if _NO_SEPARATOR.search(head) else _SEPARATORS)
    options = [Dialect(each, quote, escape) for each in known if each in head]
    return max(options, key=lambda each: _even_rows(head, each), default=Dialect(separator or ",", quote, escape))


def _even_rows(head: str, dialect: Dialect) -> int:
    """How many of the first rows have more than one value, twice, and how many have as many as most of these."""
    widths = Counter(width for row in islice(_rows(head, dialect, strict=False), _ROWS) if (width := _width(row)) > 1)
    return max(widths.values(), default=0) + 2 * widths.total()


def _rows(text: str, dialect: Dialect, *, strict: bool, quoted: bool = True) -> Iterator[list[str]]:
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        escapechar="\\" if dialect.escape else None,
        doublequote=not dialect.escape,
        skipinitialspace=dialect.separator != "\t",
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=strict,
    )
    return rows if quoted else ([value.strip(dialect.quote) for value in row] for row in rows)


def _parsed(rows: Iterator[list[str]], limits: Limits) -> Parsed:
    before, table_text = told_table(rows, limits)
    before = f"{before}\n\n" if before else ""
    sections = (Section(0, "", "lines"), row_section(len(before))) if before else (row_section(),)
    return Parsed(before + table_text, "", "", sections)


def told_table(rows: Iterable[Sequence[str]], limits: Limits = LIMITS) -> tuple[str, str]:
    """The lines before the headings of a table, and its rows, each cell with its heading."""
    left = iter(rows)
    first = list(islice(left, _ROWS))
    begin, names = headings(first)
    lines = (" ".join(filter(None, map(str.strip, row))) for row in first[: begin - 1 if names else begin])
    table_text = rows_text((row_lines(names, row) for row in chain(first[begin:], left)), limits)
    return "\n".join(filter(None, lines)), table_text


def headings(rows: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
    """Where the values begin, and the names of the columns: () if the first row has values already.

    The headings are the first row that is as wide as most rows, and filled. Where lines before them are as wide too, an
    empty row ends those.
    """
    rows = [row or ("",) for row in rows]
    widths = [_width(row) for row in rows]
    usual = _usual(widths)
    filled = [sum(map(bool, map(str.strip, row))) for row in rows]
    last = max((at for at, width in enumerate(widths) if width), default=0)
    full = [at for at in range(last) if widths[at] >= usual and 4 * filled[at] >= 3 * usual]
    if usual < 2 or not full:
        return (full[0] + 1, rows[full[0]]) if full and not _is_value(rows[full[0]][0]) else (0, ())
    at = full[0]
    empty = next((number for number in range(at, len(rows) - 2) if not filled[number]), 0)
    if 0 < empty - at < len(rows) - empty and (after := [each for each in full if each > empty]):
        at = after[0] if _names(rows, after[0]) and not _names(rows[:empty], at) else at
    if _names(rows, at) or not _has_values(rows, at):
        return at + 1, rows[at]
    if at and widths[at - 1] == usual - 1 == filled[at - 1]:  # as R writes them: the column of names has none itself
        return at, ("", *rows[at - 1])
    return at, ()


def _width(row: Sequence[str]) -> int:
    """The number of values up to the last one that is not empty."""
    return next((len(row) - number for number, value in enumerate(reversed(row)) if value.strip()), 0)


def _usual(widths: Sequence[int]) -> int:
    counts = Counter(width for width in widths if width)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _names(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a row names the columns: words stand in it above values, in one column at least."""
    return any(not _is_value(name) and kind for name, kind in _columns(rows, at))


def _has_values(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a row has values itself, where those below it have some."""
    return any(_is_value(name) and not _YEAR.fullmatch(name.strip()) and kind for name, kind in _columns(rows, at))


def _columns(rows: Sequence[Sequence[str]], at: int) -> Iterator[tuple[str, bool]]:
    """What a row has in each column, and whether most of what is below it are values."""
    below = [row for row in rows[at + 1 : at + 21] if any(map(str.strip, row))]
    for number, name in enumerate(rows[at]):
        found = [_is_value(row[number]) for row in below if number < len(row) and row[number].strip()]
        yield name, bool(found) and 2 * sum(found) > len(found) and bool(name.strip())


def _is_value(text: str) -> bool:
    """Whether it is a number, an amount, a date, a time or the like."""
    return len(text) <= 40 and _VALUE.fullmatch(text.strip()) is not None
