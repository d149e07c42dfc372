"""The title of a page, without the name of its site (pure)."""

import re
from collections.abc import Collection
from itertools import islice
from typing import Any

from fanin.documents.page.elements import above, attributes_of, walk
from fanin.documents.page.furniture import Furniture
from fanin.documents.page.page_dates import meta_contents
from fanin.text.cleaning import blank
from fanin.text.folding import folded

_LONGEST = 1_000
"""Characters of a title or a heading that are looked at."""

_MANY = 3
"""Words of a heading that stands for the title wherever it stands in it; a shorter one may name the site or a part."""

_BETWEEN = re.compile(
    r"\s*(?:\s[-~:/<>«»\u2039\u203a|·•⋅\u2013\u2014]{1,2}\s|[|\uff5c]|::|\s?[»\u203a\u2014]\s|:\s)\s*"
)
_SURE = re.compile(r"\s+\|\s+|\s*\uff5c\s*|\s(?:::|[·•»\u203a\u2013\u2014])\s")
_SIGNS = " ¶#§🔗\ufffc"


def page_title(elements: dict[str, list[Any]], furniture: Furniture) -> str:
    """The part of <title> that a heading or the title for other sites repeats; or else <title> without its site.

    Without <title> it is the title for other sites, or else the first heading.
    """
    metas = elements["meta"]
    full_title = _line("".join(str(each.data or "") for node in elements["title"][:1] for each in node.children or ()))
    others = [_line(each) for each in islice(meta_contents(metas, ("og:title", "twitter:title")), 4)]
    tops = [(_words(node, furniture), _is_of_site(node)) for node in elements["h1"][:9]]
    headings = [name for name, of_site in tops if name and not of_site]
    if not full_title:
        return next(iter((*others, *headings)), "")
    sites = {folded(name) for name, of_site in tops if of_site}
    sites |= {folded(_line(each)) for each in meta_contents(metas, ("og:site_name", "application-name"))}
    lower = (_words(node, furniture) for node in elements["h2"][:9])
    names = [each for each in (*headings, *others) if folded(each) not in sites]
    first = (found for name in (*names, *lower) if (found := _beginning(full_title, name)))
    inside = (found for name in names if len(name.split()) >= _MANY and (found := _inside(full_title, name)))
    return next(first, "") or next(inside, "") or _without_site(full_title, sites)


def _is_of_site(heading: Any) -> bool:
    """Whether a heading names the site: it leads to its first page, or stands in the head of the page."""
    if any((attributes_of(each).get("href") or "") in ("/", "./", "index.html") for each in islice(walk(heading), 9)):
        return True
    around = [each.name for each in above(heading, 12)]
    return "header" in around and not {"main", "article", "section"}.intersection(around)


def _line(text: str) -> str:
    return " ".join(blank(text[:_LONGEST]).split())


def _words(node: Any, furniture: Furniture) -> str:
    """The words of a heading, without the signs that link to it and the buttons in it."""
    pieces, left = list[str](), [node]
    while left and len(pieces) < _LONGEST:
        each = left.pop()
        if each.name == "#text":
            pieces.append(str(each.data or ""))
        elif each is node or not furniture.holds(each):
            left.extend(reversed(each.children or ()))
    return _line("".join(pieces)).strip(_SIGNS)


def _beginning(full_title: str, name: str) -> str:
    """The beginning of the title, or all of it, that is this name; or ""."""
    ends = (*(found.start() for found in _BETWEEN.finditer(full_title) if ":" not in found[0]), len(full_title))
    return next((full_title[:end] for end in ends if name and folded(full_title[:end]) == folded(name)), "")


def _inside(full_title: str, name: str) -> str:
    """What is this name between two signs that divide the title, or behind the last; or ""."""
    starts = (found.end() for found in _BETWEEN.finditer(full_title))
    return next((found for start in islice(starts, 9) if (found := _beginning(full_title[start:], name))), "")


def _without_site(full_title: str, sites: Collection[str]) -> str:
    """The title without the name of the site at its end or its beginning, if that is known or set apart clearly."""
    spans = [found.span() for found in _BETWEEN.finditer(full_title)]
    for end, start in spans:
        if folded(full_title[start:]) in sites:
            return full_title[:end]
        if folded(full_title[:end]) in sites:
            return full_title[start:]
    last = next(reversed([found.span() for found in _SURE.finditer(full_title)]), None)
    if last and len(full_title[last[1] :].split()) <= _MANY + 1 and len(full_title[: last[0]].split()) > 1:
        return full_title[: last[0]]
    return full_title
