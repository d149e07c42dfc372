"""PDF: the text of each page, as pypdf finds it, in reading order."""

import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from fanin.documents.layout.line_ends import join_divided
from fanin.documents.layout.page_margins import divided_notes, repeated_lines, without_repeated
from fanin.documents.layout.pdf_pieces import Fonts, pdf_pieces
from fanin.documents.layout.reading_order import Piece, as_drawn, page_blocks
from fanin.documents.structure import Parsed, Section, Unreadable, check_length, first_line
from fanin.errors import describe
from fanin.limits import LIMITS, Limits
from fanin.text.cleaning import blank

if TYPE_CHECKING:
    from pypdf import PdfReader

_ENOUGH = 0.97
"""The share of a page's letters of which the places must be known."""

_ENDS = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")

_FIRST = re.compile(r"[^.!?\u2026]*+(?:[.!?\u2026](?!\s|$)[^.!?\u2026]*+)*+[.!?\u2026]+")
"""The first sentence of a text, roughly."""

_OPENING = 30
"""Pages that tell which lines all pages repeat."""

_WORD = re.compile(r"\w+(?:-\w+)*")
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


class Block(NamedTuple):
    """Text of a page: a column, a table, lines, or its footnotes."""

    page: int
    text: str
    is_note: bool = False


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
    blocks = _with_whole_sentences(_blocks(reader, limits))
    if not blocks:
        raise Unreadable("is a PDF without text; it may hold pictures of pages")
    known = {word.lower() for block in blocks for word in _WORD.findall(block.text)}
    pieces, sections, at, page = list[str](), list[Section](), 0, 0
    for block in blocks:
        if block.page != page or pieces[-1].rstrip()[-1:] in _ENDS:  # a column that ends within a sentence goes on
            sections.append(Section(at, f"Page {block.page}"))
        page = block.page
        pieces.append(f"{join_divided(block.text, lambda word: word.lower() in known)}\n\n")
        at += len(pieces[-1])
    return Parsed("".join(pieces), _title(reader) or first_line(pieces[0]), _published(reader), tuple(sections))


def _with_whole_sentences(blocks: Iterable[Block]) -> Sequence[Block]:
    """The blocks; a sentence that goes on in the next column or page ends where it began, before its footnotes."""
    whole, last = list[Block](), -1
    for block in blocks:
        text = block.text
        if last >= 0 and not block.is_note and text[0].islower() and whole[last].text[-1] not in _ENDS:
            found = _FIRST.match(text)
            end = found.end() if found else len(text)
            whole[last] = whole[last]._replace(text=f"{whole[last].text}\n{text[:end]}")
            text = text[end:].strip()
        if text:
            last = last if block.is_note else len(whole)
            whole.append(block._replace(text=text))
    return whole


def _blocks(reader: PdfReader, limits: Limits) -> Iterator[Block]:
    """The text of each page that has one, in one or more blocks; pages are numbered from 1."""
    size = 0
    pages = _pages(reader)
    opening = list(islice(pages, _OPENING))
    repeated = repeated_lines(page for page in opening if not isinstance(page, str))
    for number, page in enumerate(chain(opening, pages), 1):
        for text, is_note in _page_blocks(page, repeated):
            if shown := blank(text).strip():
                yield Block(number, shown, is_note)
            size += len(text) + 2
        check_length(size, limits)


def _pages(reader: PdfReader) -> Iterator[Sequence[Piece] | str]:
    """The pieces of each page, or the text of one that is broken, which pypdf may repair."""
    from pypdf.errors import LimitReachedError

    fonts: Fonts = {}
    for page in reader.pages:
        try:
            yield pdf_pieces(page, fonts)
        except LimitReachedError:
            raise
        except Exception:  # noqa: BLE001 - broken in whatever way
            yield page.extract_text()


def _page_blocks(page: Sequence[Piece] | str, repeated: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The text of a page by the places of its pieces if they are known, else as it is drawn; then its footnotes."""
    if isinstance(page, str):
        yield page, False
        return
    upright = [piece for piece in page if piece.height]
    if sum(_letters(piece.text) for piece in upright) < _ENOUGH * sum(_letters(piece.text) for piece in page):
        yield as_drawn(page), False
        return
    text, notes = divided_notes(without_repeated(upright, repeated))
    yield from ((block, False) for block in page_blocks(text) or (as_drawn(text),))
    yield as_drawn(notes), True


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _title(reader: PdfReader) -> str:
    found_title = reader.metadata.title if reader.metadata else None
    return blank(str(found_title)).strip()[:300] if found_title else ""


def _published(reader: PdfReader) -> str:
    created = reader.metadata.creation_date_raw if reader.metadata else None
    found = _DATE.match(created) if created else None
    return f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}" if found else ""
