"""PDF: the text of each page, as pypdf finds it, in reading order."""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fanin.documents.layout.line_ends import join_divided
from fanin.documents.layout.pdf_pieces import pdf_pieces
from fanin.documents.layout.reading_order import page_blocks
from fanin.documents.structure import Parsed, Section, Unreadable, check_length, first_line
from fanin.errors import describe
from fanin.limits import LIMITS, Limits
from fanin.text.cleaning import blank

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_ENOUGH = 0.97
"""The share of a page's letters of which the places must be known."""

_ENDS = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")

_WORD = re.compile(r"\w+(?:-\w+)*")
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def pdf(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """The document, with a section for each page that has text. Raises Unreadable for one that is broken or locked."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it prints what it wonders about; fanin tells what matters
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is locked with a password")
        return _parsed(reader, limits)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("is a PDF that is nested too deeply") from None
    except Exception as error:  # a broken file can fail anywhere in the parser, in any way
        raise Unreadable(f"is a PDF that cannot be read ({describe(error)})") from error


def _parsed(reader: PdfReader, limits: Limits) -> Parsed:
    if len(reader.pages) > limits.file_pages:
        raise Unreadable(f"has more than {limits.file_pages:,} pages")
    blocks = list(_blocks(reader, limits))
    if not blocks:
        raise Unreadable("is a PDF without text; it may hold pictures of pages")
    known = {word.lower() for _, text in blocks for word in _WORD.findall(text)}
    pieces, sections, at, page = list[str](), list[Section](), 0, 0
    for number, text in blocks:
        if number > page or pieces[-1].rstrip()[-1:] in _ENDS:  # a column that ends within a sentence goes on
            sections.append(Section(at, f"Page {number}"))
        pieces.append(f"{join_divided(text, lambda word: word.lower() in known)}\n\n")
        at, page = at + len(pieces[-1]), number
    return Parsed("".join(pieces), _title(reader) or first_line(pieces[0]), _published(reader), tuple(sections))


def _blocks(reader: PdfReader, limits: Limits) -> Iterator[tuple[int, str]]:
    """The text of each page that has one, in one or more blocks, each with the number of its page from 1."""
    size = 0
    for number, page in enumerate(reader.pages, 1):
        for block in _page_blocks(page):
            if text := blank(block).strip():
                yield number, text
            size += len(text) + 2
        check_length(size, limits)


def _page_blocks(page: PageObject) -> Sequence[str]:
    """The text of a page by the places of its pieces, if these hold all that pypdf finds; else as it is drawn."""
    plain = page.extract_text()
    try:
        pieces = list(pdf_pieces(page))
    except Exception:  # noqa: BLE001 - what the other way of pypdf cannot read, in whatever way it fails
        return (plain,)
    placed = sum(_letters(piece.text) for piece in pieces)
    return (placed >= _ENOUGH * _letters(plain) and page_blocks(pieces)) or (plain,)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _title(reader: PdfReader) -> str:
    told = reader.metadata.title if reader.metadata else None
    return blank(str(told)).strip()[:300] if told else ""


def _published(reader: PdfReader) -> str:
    told = reader.metadata.creation_date_raw if reader.metadata else None
    found = _DATE.match(told) if told else None
    return f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}" if found else ""
