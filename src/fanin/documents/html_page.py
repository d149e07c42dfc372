"""Pages of HTML as a reader sees them: title, date, and the main text under its headings (pure, for workers too)."""

from dataclasses import dataclass

from fanin.documents.page.challenges import is_challenge
from fanin.documents.page.elements import elements_of, facts_of
from fanin.documents.page.furniture import Furniture
from fanin.documents.page.main_part import main_parts
from fanin.documents.page.markup_text import is_too_much, text_without_tags
from fanin.documents.page.page_dates import published
from fanin.documents.page.page_text import PageText, Section
from fanin.documents.page.page_titles import page_title
from fanin.documents.page.page_tree import tree_of
from fanin.limits import LIMITS
from fanin.text.cleaning import blank

__all__ = ["Page", "Section", "read_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `published` is an ISO 8601 date or time, or ""; the first section has no heading.

    `linked` is the share of the text's characters that are links to other pages of the site. A page that was too much
    to be read as a tree is not `is_complete`: it is all of its text, without sections. One that only checks for robots
    `is_challenge`.
    """

    text: str
    title: str = ""
    published: str = ""
    sections: tuple[Section, ...] = (Section(0),)
    linked: float = 0.0
    is_complete: bool = True
    is_challenge: bool = False


def read_page(markup: str, *, most_marks: int = LIMITS.page_tags, longest: int = LIMITS.page_characters) -> Page:
    """The main part of a page without menus, forms, scripts, and what is hidden; in bounded time, whatever it is.

    Text is cleaned as that of any document. A page with more than `most_marks` signs "<", or more than `longest`
    characters, is read in the cheap way.
    """
    if is_too_much(markup, most_marks, longest):
        return Page(text_without_tags(markup), is_complete=False)
    root = tree_of(markup)
    elements, tree = elements_of(root), facts_of(root)
    furniture = Furniture(elements, tree)
    read = (PageText(node, furniture, tree) for node in main_parts(elements, tree))
    text = next((text for text in read if text.size), PageText(None))
    body, title = blank("".join(text.pieces)), page_title(elements, furniture)
    return Page(
        body,
        title,
        published(elements, tree),
        tuple(text.sections),
        text.linked / max(1, text.size),
        is_challenge=is_challenge(title, body, markup),
    )
