"""The text of a piece of HTML, such as an item of a feed: all that is shown, in the form of pages (pure)."""

import html
import re

from fanin.documents.page.elements import facts_of
from fanin.documents.page.furniture import PieceFurniture
from fanin.documents.page.page_text import BLOCKS, CELLS, LINES, PageText
from fanin.documents.page.page_tree import tree_of
from fanin.limits import LIMITS
from fanin.text.cleaning import blank

_SILENT = frozenset(("script", "style"))
_NAME, _TAG, _COMMENT = re.compile("/?[a-zA-Z0-9]{1,20}"), re.compile(">"), re.compile("-->")
_ENDS = {
    name: re.compile(f"</{name}[^<>]*>?", re.IGNORECASE)
    for name in ("script", "style", "nav", "template", "noscript", "title", "select", "textarea", "svg")
}
"""How elements end that are no text; one that never ends is text, but for scripts and styles."""


def markup_text(markup: str, *, most_tags: int = LIMITS.page_tags, longest: int = LIMITS.page_characters) -> str:
    """The text of a piece of HTML without scripts, menus, and what is hidden; all text if there is no other."""
    if is_too_much(markup, most_tags, longest):
        return text_without_tags(markup)
    root = tree_of(markup)
    facts = facts_of(root) if "<table" in markup.lower() else {}  # which only tables need
    for furniture in (PieceFurniture(), PieceFurniture(_SILENT)):
        if text := blank("".join(PageText(root, furniture, facts).pieces)).strip():
            return text
    return ""


def is_too_much(markup: str, most_tags: int, longest: int) -> bool:
    """Whether HTML is too long, or has too many tags, to be read as a tree."""
    return len(markup) > longest or markup.count("<") > most_tags


def text_without_tags(markup: str) -> str:
    """The text between the tags, in one pass and without a tree: for what is too much to be read as one."""
    pieces, at, unended = list[str](), 0, set[str]()
    while (begin := markup.find("<", at)) >= 0:
        found = _NAME.match(markup, begin + 1)
        name = found[0].lower() if found else ""
        pieces += (markup[at:begin], _gap(name.removeprefix("/")))
        at = _after(markup, begin, name, unended)
    return _joined("".join(pieces) + markup[at:])


def _after(markup: str, begin: int, name: str, unended: set[str]) -> int:
    """Where the text goes on after a tag, or after all of an element that is no text."""
    if name in _ENDS and name not in unended:
        if end := _ENDS[name].search(markup, begin):
            return end.end()
        if name in _SILENT:
            return len(markup)
        unended.add(name)
    end = (_COMMENT if markup.startswith("<!--", begin) else _TAG).search(markup, begin)
    return end.end() if end else len(markup)


def _gap(name: str) -> str:
    return "\n\n" if name in BLOCKS else "\n" if name in LINES else " " if name in CELLS else ""


def _joined(text: str) -> str:
    """Paragraphs apart by one empty line, and no spaces around lines."""
    lines = [" ".join(line.split()) for line in blank(html.unescape(text)).splitlines()]
    return "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1])).strip()
