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

_PARAGRAPH, _LINE = "\x02", "\x01"
_MARKS = {"br": _LINE} | dict.fromkeys(("p", "div", "blockquote"), _PARAGRAPH)
_SIMPLE_NAMES = "|".join((*_MARKS, "a", "b", "i", "em", "strong", "span", "small", "u", "img"))
_ATTRIBUTE = r"""(?!style|hidden|aria)[a-z][a-z0-9:-]{0,30}+(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^ "'<>=`]++))?+"""
_SIMPLE_TAG = re.compile(rf"</?({_SIMPLE_NAMES})(?: {_ATTRIBUTE})*+ ?/?>", re.IGNORECASE)
_SIMPLE = re.compile(rf"[^<]*+(?:{_SIMPLE_TAG.pattern}[^<]*+)*+", re.IGNORECASE)
_BALANCED = re.compile(rf"<(/?)({_SIMPLE_NAMES})(?<!br)(?<!img)[ >]")
_BLANK = rf"[ \u00a0{_LINE}{_PARAGRAPH}]*"
_GAPS = re.compile(rf"{_BLANK}[{_LINE}{_PARAGRAPH}]{_BLANK}")


def markup_text(markup: str, *, most_tags: int = LIMITS.page_tags, longest: int = LIMITS.page_characters) -> str:
    """The text of a piece of HTML without scripts, menus, and what is hidden; all text if there is no other."""
    if is_too_much(markup, most_tags, longest):
        return text_without_tags(markup)
    simple = simple_text(markup)
    return text_of_tree(markup) if simple is None else simple


def simple_text(markup: str) -> str | None:
    """The same text in a fifth of the time, if the markup has but paragraphs, line breaks and words; else None."""
    flat = " ".join(markup.split())
    if not flat.isprintable() or not _SIMPLE.fullmatch(flat) or not _is_balanced(flat):
        return None
    marked = _SIMPLE_TAG.sub(lambda tag: _MARKS.get(tag[1].lower(), ""), flat)
    text = _GAPS.sub(lambda gap: "\n\n" if _PARAGRAPH in gap[0] else "\n", html.unescape(marked))
    return blank("\n".join([" ".join(line.split()) for line in text.split("\n")])).strip()


def _is_balanced(markup: str) -> bool:
    """Whether each simple element that must have an end has one, in its turn."""
    begun = list[str]()
    for end, name in _BALANCED.findall(markup.lower()):
        if not end:
            begun.append(name)
        elif not begun or begun.pop() != name:
            return False
    return not begun


def text_of_tree(markup: str) -> str:
    """The text of any piece of HTML, by its tree."""
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
