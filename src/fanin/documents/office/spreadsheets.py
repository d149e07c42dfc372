"""Spreadsheets of Excel: the rows of each sheet, each cell with its heading, and dates as people see them."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from math import isfinite
from typing import override

from fanin.documents.office.office_parts import OfficeFile, XmlReader, numbered
from fanin.documents.office.office_text import OfficeText
from fanin.documents.structure import Parsed, Unreadable, check_length
from fanin.limits import LIMITS, Limits

_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENTS = frozenset((9, 10))
"""Numbers of formats that Excel has built in (ECMA-376, 18.8.30)."""

_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
"""Day 0, also that of old Macintosh files. Excel counts 1900 as a leap year: right from March 1900 on."""

_NO_DATE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|General", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]\-]{1,5})|[\"\\]?([€$£¥₹])")
_CELL = re.compile(r"([A-Z]{1,3})\d{0,7}")
_MOST_CELLS = 5_000_000


def xlsx(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """The sheets, with a section for each. Raises Unreadable if it is no such file."""
    office, found = OfficeFile.open(content), OfficeText(limits)
    book, strings, styles = _Book(), _Strings(limits), _Formats()
    for name, reader in (
        *(("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", book)),
        *(("xl/sharedStrings.xml", strings), ("xl/styles.xml", styles)),
    ):
        if name in office.names:
            office.read(name, reader)
    for title, name in book.sheets(office.names):
        sheet = _Sheet(strings.found, styles, limits, epoch=_EPOCHS[book.is_1904])
        office.read(name, sheet)
        if any(map(any, sheet.rows)):
            found.head(title, 1)
            found.add_rows(sheet.rows)
    return found.parsed(office)


class _Book(XmlReader):
    """The names of the sheets in their order, and where they are."""

    def __init__(self) -> None:
        self._names, self._targets = list[tuple[str, str]](), dict[str, str]()
        self.is_1904 = False

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self._names.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "") in ("1", "true")

    def sheets(self, names: frozenset[str]) -> list[tuple[str, str]]:
        """The names of the sheets, and those of their parts."""
        parts = [(name, f"xl/{self._targets.get(key, '').removeprefix('/xl/')}") for name, key in self._names]
        known = [(name, part) for name, part in parts if part in names]
        return known or [("", part) for part in numbered(names, r"xl/worksheets/sheet(\d{1,5})\.xml")]


class _Strings(XmlReader):
    """The texts that cells share."""

    def __init__(self, limits: Limits) -> None:
        self.found, self._limits = list[str](), limits
        self._text, self._is_text, self._size = list[str](), False, 0
        self._is_reading = False  # how a Japanese word is pronounced

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._is_reading = name == "rPh" or (self._is_reading and name == "t")
        self._is_text = name == "t" and not self._is_reading

    @override
    def text(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)

    @override
    def end(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self._text))
            self._text.clear()
            self._size += len(self.found[-1]) + 1
            check_length(self._size, self._limits)
        self._is_text = False


class _Formats(XmlReader):
    """How each style of a cell shows a number: as a date, with a percent sign, or with a currency."""

    def __init__(self) -> None:
        self.shown = list[tuple[str, str]]()
        self._codes, self._is_cell = dict[int, str](), False

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        number = int(number_format) if (number_format := attributes.get("numFmtId", "0")).isdecimal() else 0
        if name == "numFmt":
            self._codes[number] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._is_cell = True
        elif name == "xf" and self._is_cell:
            self.shown.append(self._kind(number))

    @override
    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_cell = False

    def _kind(self, number: int) -> tuple[str, str]:
        code = self._codes.get(number, "")
        bare = _NO_DATE.sub("", code)
        if number in _DATES or re.search(r"[dmyhs]", bare, re.IGNORECASE):
            return "date", ""
        if number in _PERCENTS or "%" in bare:
            return "percent", ""
        currency = _CURRENCY.search(code)
        return "number", (currency[1] or currency[2]) if currency else ""


class _Sheet(XmlReader):
    def __init__(self, strings: list[str], formats: _Formats, limits: Limits, *, epoch: datetime) -> None:
        self.rows = list[list[str]]()
        self._limits = limits
        self._strings, self._formats, self._epoch = strings, formats, epoch
        self._type, self._style, self._text, self._is_text = "", 0, list[str](), False
        self._column, self._cells, self._size = 0, 0, 0

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self.rows.append([])
            self._column = 0
        elif name == "c":
            self._type = attributes.get("t", "n")
            self._style = int(style) if (style := attributes.get("s", "0")).isdecimal() else 0
            place = _CELL.fullmatch(attributes.get("r", ""))
            self._column = _column(place[1]) if place else self._column
        self._is_text = name in ("v", "t")

    @override
    def text(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)

    @override
    def end(self, name: str) -> None:
        self._is_text = False
        if name == "c" and self.rows:
            self._put("".join(self._text))
            self._text.clear()
            self._column += 1

    def _put(self, raw: str) -> None:
        value = self._value(raw) if raw else ""
        row = self.rows[-1]
        if not value or self._column < len(row):
            return
        self._cells += self._column + 1 - len(row)
        self._size += len(value)
        if self._cells > _MOST_CELLS:
            raise Unreadable(f"has more than {_MOST_CELLS:,} cells")
        check_length(self._size, self._limits)
        row.extend([""] * (self._column - len(row)))
        row.append(" ".join(value.split()))

    def _value(self, raw: str) -> str:
        match self._type:
            case "s":
                return self._strings[int(raw)] if raw.isdecimal() and int(raw) < len(self._strings) else ""
            case "b":
                return "yes" if raw == "1" else "no"
            case "e":
                return ""
            case "n":
                return self._number(raw)
            case _:
                return raw

    def _number(self, raw: str) -> str:
        with suppress(ValueError, OverflowError):
            number = float(raw)
            kind, currency = self._formats.shown[self._style] if self._style < len(self._formats.shown) else ("", "")
            if kind == "date" and isfinite(number):
                return _date(number, self._epoch)
            if kind == "percent":
                return f"{_plain(100 * number)}%"
            return f"{number:.2f} {currency}" if currency else _plain(number)
        return raw


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _plain(number: float) -> str:
    """The number without what binary fractions add: 0.3 for 0.1 + 0.2."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def _date(number: float, epoch: datetime) -> str:
    """A day, an instant, or below one day a time."""
    at = epoch + timedelta(seconds=round(number * 86_400))
    if 0 <= number < 1:
        return at.strftime("%H:%M")
    return at.date().isoformat() if number.is_integer() else at.isoformat(sep=" ", timespec="minutes")
