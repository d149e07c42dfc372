"""PDF: the text of each page, as pypdf finds it."""

import io
import logging
import re
from typing import TYPE_CHECKING

from fanin.documents.structure import MOST_TEXT, Parsed, Section, Unreadable, first_line
from fanin.errors import describe
from fanin.text.cleaning import blank

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 5_000

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")


def pdf(content: bytes) -> Parsed:
    """The document, with a section for each page that has text. Raises Unreadable for one that is broken or locked."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it prints what it wonders about; fanin tells what matters
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is locked with a password")
        return _parsed(reader)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("is a PDF that is nested too deeply") from None
    except Exception as error:  # a broken file can fail anywhere in the parser, in any way
        raise Unreadable(f"is a PDF that cannot be read ({describe(error)})") from error


def _parsed(reader: PdfReader) -> Parsed:
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(f"has more than {MOST_PAGES:,} pages")
    pieces, sections, at = list[str](), list[Section](), 0
    for number, page in enumerate(reader.pages, 1):
        text = blank(page.extract_text()).strip()
        if text:
            sections.append(Section(at, f"Page {number}"))
            pieces.append(text + "\n\n")
            at += len(pieces[-1])
        if at > MOST_TEXT:
            raise Unreadable(f"has more than {MOST_TEXT:,} characters of text")
    if not pieces:
        raise Unreadable("is a PDF without text; it may hold pictures of pages")
    return Parsed("".join(pieces), _title(reader) or first_line(pieces[0]), _published(reader), tuple(sections))


def _title(reader: PdfReader) -> str:
    told = reader.metadata.title if reader.metadata else None
    return blank(str(told)).strip()[:300] if told else ""


def _published(reader: PdfReader) -> str:
    told = reader.metadata.creation_date_raw if reader.metadata else None
    found = _DATE.match(told) if told else None
    return f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}" if found else ""
