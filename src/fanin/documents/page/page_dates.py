"""When a page says that it was published: in its head, to search engines, or beside its text (pure)."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, cast

from fanin.documents.page.elements import Tree, above, attributes_of, names_of, shown
from fanin.documents.page.visible_dates import (
    REPLIES,
    belongs_to_another,
    is_of_event,
    visible_changes,
    visible_dates,
)
from fanin.text.cleaning import blank
from fanin.text.dates.date_reading import read_date

_NAMES = (
    *("article:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate", "date"),
    *("dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date"),
    *("citation_publication_date", "article.published", "published_at", "publish-date", "publication_date"),
)
_CHANGED_NAMES = (
    *("article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified"),
    *("dc.date.modified", "dc.date.updated", "last-modified", "lastmod", "last-updated", "revised", "modified"),
)
_NAMED_BY = ("property", "name", "itemprop", "http-equiv")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d\d)/(\d\d)/")
_IN_SCRIPT = re.compile(r'"(datePublished|dateModified)"\s{0,9}:\s{0,9}"([^"<>]{8,40})"')
_LONGEST_SCRIPT, _MOST_VALUES = 200_000, 2_000
_MOST_TIMES = 200
_BYLINE = 200
"""Characters of a paragraph that may say nothing but who wrote the page, and when."""


def published(elements: dict[str, list[Any]], tree: Tree) -> str:
    """The ISO 8601 date or time of the page, or ""; dates of comments and of other pages are passed over.

    When a page was changed counts if nothing says when it was published.
    """
    language = language_of(elements)
    candidates = chain(
        meta_contents(elements["meta"], _NAMES),
        _scripted(elements["script"], "datePublished"),
        _shown(elements["time"], tree),
        _addressed(elements),
        visible_dates(elements, tree, language),
        meta_contents(elements["meta"], _CHANGED_NAMES),
        _scripted(elements["script"], "dateModified"),
        visible_changes(elements, tree, language),
    )
    return next((iso for each in candidates if (iso := read_date(each, language=language))), "")


def language_of(elements: dict[str, list[Any]]) -> str:
    """The tag (BCP 47) of the language that the page says it is in, or ""."""
    languages = (
        attributes_of(node).get("lang") or attributes_of(node).get("xml:lang") for node in elements["html"][:1]
    )
    others = meta_contents(elements["meta"], ("content-language", "og:locale", "dc.language"))
    return next((each.strip()[:20] for each in (*languages, *others) if each and each.strip()), "")


def _addressed(elements: dict[str, list[Any]]) -> Iterator[str]:
    """The day in the address that the page gives for itself, as weblogs write it: /2026/11/28/."""
    links = (node for node in elements["link"][:50] if "canonical" in (attributes_of(node).get("rel") or ""))
    addresses = (
        *(attributes_of(node).get("href") or "" for node in links),
        *meta_contents(elements["meta"], ("og:url",)),
    )
    yield from ("-".join(found.groups()) for each in addresses if (found := _IN_ADDRESS.search(each[:1_000])))


def meta_contents(metas: list[Any], names: tuple[str, ...]) -> Iterator[str]:
    """The contents of meta elements of these names, the first name first."""
    attributed = [(attributes_of(meta), meta) for meta in metas if not belongs_to_another(meta)]
    for name in names:
        for attributes, _ in attributed:
            own = next((value for key in _NAMED_BY if (value := attributes.get(key))), "").lower()
            if own == name and (content := blank(attributes.get("content") or "").strip()):
                yield content


def _scripted(scripts: Iterable[Any], field: str) -> Iterator[str]:
    """The dates in JSON-LD, of whatever it says is no comment; in other scripts, wherever they are."""
    for script in scripts:
        text = "".join(str(each.data or "") for each in script.children or ())[:_LONGEST_SCRIPT]
        if field in text:
            yield from _in_json(text, field) if _is_linked(script) else _in_program(text, field)


def _is_linked(script: Any) -> bool:
    return "ld+json" in (attributes_of(script).get("type") or "")


def _in_program(text: str, field: str) -> Iterator[str]:
    return (found[2] for found in _IN_SCRIPT.finditer(text) if found[1] == field)


def _in_json(text: str, field: str) -> Iterator[str]:
    try:
        left: list[Any] = [json.loads(text)]
    except ValueError, RecursionError:
        yield from _in_program(text.partition('"Comment"')[0], field)
        return
    for _ in range(_MOST_VALUES):
        if not left:
            return
        value = left.pop(0)
        if isinstance(value, list):
            left += cast("list[Any]", value)[:100]
        elif isinstance(value, dict) and str(value.get("@type")) not in REPLIES:  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            named = cast("dict[str, Any]", value)
            if isinstance(date := named.get(field), str):
                yield date
            left += [each for name, each in named.items() if name in ("@graph", "mainEntity", "mainEntityOfPage")]


def _shown(times: Iterable[Any], tree: Tree) -> Iterator[str]:
    """What <time> elements say that belong to the page itself, those that say so first, and none within sentences."""
    own = [each for each in islice(times, _MOST_TIMES) if not belongs_to_another(each)]
    sure = [each for each in own if _says_published(each)]
    others = [each for each in own if not _is_told_of(each, tree)]
    for each in (*sure, *others):
        yield attributes_of(each).get("datetime") or shown(each)[:60]


def _says_published(time: Any) -> bool:
    attributes = attributes_of(time)
    return "pubdate" in attributes or attributes.get("itemprop") == "datePublished" or "publish" in names_of(time)


def _is_told_of(time: Any, tree: Tree) -> bool:
    """Whether a time belongs to the text: within a sentence or a table, or that of an event."""
    if (attributes_of(time).get("itemprop") or "datePublished") not in ("datePublished", "dateCreated", "dateModified"):
        return True
    block = next((each for each in above(time, 6) if each.name in ("p", "li", "td", "th", "dd", "div", "main")), None)
    is_long = block is not None and block.name in ("p", "li", "dd") and tree[id(block)].size > _BYLINE
    return is_long or (block is not None and block.name in ("td", "th")) or is_of_event(time)
