"""Texts and slides of office programs: paragraphs under their headings, and tables row by row."""

import re
from collections.abc import Mapping
from typing import override

from fanin.documents.office.office_parts import OfficeFile, XmlReader, numbered
from fanin.documents.rows.csv_rows import told_table
from fanin.documents.structure import Parsed, Section, Unreadable, begin, check_length, first_line, lead_of
from fanin.limits import LIMITS, Limits
from fanin.text.cleaning import blank

_PARAGRAPHS = frozenset(("p", "h"))
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-"}
_UNTOLD = frozenset(("annotation", "tracked-changes", "pPr", "rPr", "delText", "instrText", "Fallback", "notes"))
_HEADING = re.compile(r"(?:heading ([1-9])|title)")
_MOST_CELLS = 5_000_000
_TITLES = ("title", "ctrTitle")


class OfficeText:
    """The text of a document that grows by paragraphs, headings and tables."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sections = [Section(0)]
        self._pieces, self._size = list[str](), 0
        self._above = [""] * 6
        self._lead = ""

    def add(self, text: str) -> None:
        """Add a paragraph. Raises Unreadable for too much text."""
        if text := blank(text).strip():
            self._pieces.append(f"{text}\n\n")
            self._size += len(text) + 2
            self._lead = lead_of(text)
            check_length(self._size, self.limits)

    def add_item(self, text: str) -> None:
        """Add an item of a list, which says what stands before the list."""
        if text := blank(text).strip():
            lead = self._lead
            self.add(f"- {lead} {text}" if lead else text)
            self._lead = lead

    def head(self, text: str, level: int) -> None:
        """Add a heading, below which the next paragraphs stand."""
        name, level = " ".join(blank(text).split()), max(1, min(6, level))
        if name:
            self._above[level - 1 :] = [name, *[""] * (6 - level)]
            begin(self.sections, self._size, self._above, self.limits)
            self.add(name)

    def add_rows(self, rows: list[list[str]]) -> None:
        """Add a table; one of a single row or column is text that is only set as one."""
        if min(len(rows), max((sum(map(bool, row)) for row in rows), default=0)) < 2:
            self.add("\n".join(cell for row in rows for cell in row if cell))
            return
        for part in told_table(rows, self.limits):
            self.add(part)

    def parsed(self, office: OfficeFile) -> Parsed:
        """The document. Raises Unreadable if it has no text."""
        text = "".join(self._pieces)
        if not text:
            raise Unreadable("has no text; it may hold pictures")
        title, published = office.about()
        return Parsed(text, title or first_line(text), published, tuple(self.sections))


class FlowReader(XmlReader):
    """Reads paragraphs and tables of any of the formats. `levels` are the levels of styles that are headings."""

    def __init__(self, found: OfficeText, levels: Mapping[str, int] | None = None) -> None:
        self._found, self._levels = found, levels or {}
        self._text, self._depth, self._level = list[str](), 0, 0
        self._untold, self._is_title = 0, False
        self._items, self._is_item = 0, False
        self._tables = list[list[list[str]]]()
        self._repeated, self._cells = 1, 0

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._untold or name in _UNTOLD:
            self._untold += 1
            self._is_item = self._is_item or name == "numPr"
            if (name != "pPr" and self._untold == 1) or name == "pStyle":
                self._level = self._levels.get(attributes.get("val", ""), self._level)
            return
        match name:
            case "p" | "h":
                self._depth += 1
                self._is_item = self._items > 0
                self._level = int(attributes.get("outline-level") or 1) if name == "h" else 0
            case "table" | "tbl":
                self._tables.append([])
            case "table-row" | "tr" if self._tables:
                self._tables[-1].append([])
            case "table-cell" | "covered-table-cell" | "tc" if self._tables and self._tables[-1]:
                self._repeated = _count(attributes.get("number-columns-repeated"))
                self._tables[-1][-1].append("")
            case "s" if self._depth:
                self._text.append(" " * _count(attributes.get("c")))
            case "ph":
                self._is_title = attributes.get("type") in _TITLES
            case _ if self._depth and name in _BREAKS:
                self._text.append(_BREAKS[name])
            case _:
                return

    @override
    def text(self, text: str) -> None:
        if self._depth and not self._untold:
            self._text.append(text)

    @override
    def end(self, name: str) -> None:
        if self._untold:
            self._untold -= 1
        elif name in _PARAGRAPHS and self._depth:
            self._depth -= 1
            self._paragraph("".join(self._text))
            self._text.clear()
        elif name in ("table", "tbl") and self._tables:
            self._table([row for row in self._tables.pop() if any(row)])
        elif name in ("table-cell", "covered-table-cell") and self._tables and self._tables[-1]:
            row = self._tables[-1][-1]
            row.extend(row[-1:] * (self._repeated - 1))
            self._cells += self._repeated
            if self._cells > _MOST_CELLS:
                raise Unreadable(f"has more than {_MOST_CELLS:,} cells")
        elif name == "sp":
            self._is_title = False

    def _paragraph(self, text: str) -> None:
        if self._tables and self._tables[-1] and self._tables[-1][-1]:
            row = self._tables[-1][-1]
            row[-1] = " ".join((row[-1], *text.split())).strip()
        elif self._level or self._is_title:
            self._found.head(text, self._level or 1)
        elif self._is_item:
            self._found.add_item(text)
        else:
            self._found.add(text)

    def _table(self, rows: list[list[str]]) -> None:
        if self._tables:  # a table in a cell of another one
            for row in rows:
                self._paragraph("; ".join(filter(None, row)))
        else:
            self._found.add_rows(rows)


def _count(repeat: str | None) -> int:
    """How often something is repeated, at most 1,000 times: programs repeat empty cells up to the end of a sheet."""
    return min(int(repeat), 1_000) if repeat and repeat.isdecimal() else 1


class _Styles(XmlReader):
    """The levels of the styles that are headings, whatever they are called in the writer's language."""

    def __init__(self) -> None:
        self.levels = dict[str, int]()
        self._style = ""

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("styleId", "")
        elif name == "name" and (found := _HEADING.fullmatch(attributes.get("val", "").lower())):
            self.levels[self._style] = int(found[1] or 1)
        elif name == "outlineLvl" and self._style and attributes.get("val", "9") in "012345":
            self.levels.setdefault(self._style, int(attributes["val"]) + 1)


def docx(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """A text of Word, with a section for each heading. Raises Unreadable if it is none."""
    office = OfficeFile.open(content)
    styles, found = _Styles(), OfficeText(limits)
    if "word/styles.xml" in office.names:
        office.read("word/styles.xml", styles)
    _read(office, "word/document.xml", FlowReader(found, styles.levels))
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        if name in office.names:
            office.read(name, FlowReader(found))
    return found.parsed(office)


def odf(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """A text, a spreadsheet or slides of OpenDocument. Raises Unreadable if it is none."""
    office = OfficeFile.open(content)
    found = OfficeText(limits)
    _read(office, "content.xml", _OdfReader(found))
    return found.parsed(office)


class _OdfReader(FlowReader):
    """Sheets and slides begin sections by their names; items stand in lists."""

    @override
    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "spreadsheet":
            self._is_sheet = True
        elif (name == "table" and getattr(self, "_is_sheet", False) and not self._tables) or name == "page":
            self._found.head(attributes.get("name", ""), 1)
        self._items += name == "list-item"
        super().begin(name, attributes)

    @override
    def end(self, name: str) -> None:
        self._items -= name == "list-item"
        super().end(name)


def pptx(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """Slides of PowerPoint, with a section for each slide that has a title. Raises Unreadable if they are none."""
    office = OfficeFile.open(content)
    found = OfficeText(limits)
    for name in numbered(office.names, r"ppt/slides/slide(\d{1,5})\.xml"):
        office.read(name, FlowReader(found))
    return found.parsed(office)


def _read(office: OfficeFile, name: str, reader: XmlReader) -> None:
    if name not in office.names:
        raise Unreadable(f"is no such file: it lacks {name}")
    office.read(name, reader)
