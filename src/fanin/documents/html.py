"""Reads HTML files: the visible text of the main part of a page, with its headings."""

import re

from fanin.documents.decoding import decode
from fanin.documents.html_page import Page, read_page
from fanin.documents.structure import Parsed, Section, Unreadable, begin, first_line
from fanin.limits import LIMITS, Limits

INDEX, SHORT = 0.7, 1000
"""The share of a page's characters in links to its neighbours from which it is an index, unless it is as short."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def html(content: bytes, limits: Limits = LIMITS) -> Parsed:
    """The page, with a section for each heading; menus, forms and scripts are left out.

    Raises Unreadable for a page that only leads to others, or that checks for robots.
    """
    # However large it is, its headings are wanted: what takes too long is given up by those who read many files.
    page = read_page(_decoded(content, limits), most_marks=limits.file_characters, longest=limits.file_characters)
    if page.linked > INDEX and len(page.text) > SHORT:
        raise Unreadable("is an index: nearly all of its text is links to other pages")
    if page.is_challenge:
        raise Unreadable("is no page but a check for robots, which a server sent instead of it")
    sections = tuple(sections_of(page, limits))
    return Parsed(page.text, page.title or first_line(page.text), page.published[:10], sections)


def sections_of(page: Page, limits: Limits) -> list[Section]:
    """The sections of a page under the paths of their headings. Raises Unreadable for too many of them."""
    sections = list[Section]()
    for each in page.sections:
        begin(sections, each.start, each.heading, limits)
    return sections


def _decoded(content: bytes, limits: Limits) -> str:
    """The text in the encoding that the page declares in its first 1,024 bytes (HTML Standard, 4.2.5.4), or as any."""
    declared = _DECLARED.search(content[:1024])
    try:
        return content.decode(declared[1].decode("ascii")) if declared else decode(content, limits)
    except UnicodeDecodeError, LookupError:
        return decode(content, limits)
