"""When a page says that it was published: in its head, to search engines, or beside its text (pure)."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from fanin.documents.page.elements import above, attributes_of, names_of, shown
from fanin.text.cleaning import blank
from fanin.text.dates.date_reading import read_date

_NAMES = (
    *("article:published_time", "og:article:published_time", "datepublished", "pubdate", "publishdate", "date"),
    *("dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date"),
    *("citation_publication_date", "article.published", "published_at", "publish-date", "publication_date"),
)
_IN_SCRIPT = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"<>]{8,40})"')
_LONGEST_SCRIPT, _MOST_VALUES = 200_000, 2_000
_REPLIES = ("Comment", "UserComments", "Review", "UserReview", "Answer", "Rating", "AggregateRating")
_OTHERS = re.compile(r"comment|\brepl|respon[ds]|related|sidebar|teaser|widget|recommend|footer|\bcard\b|review")
_MOST_TIMES = 200


def published(elements: dict[str, list[Any]]) -> str:
    """The ISO 8601 date or time of the page, or ""; dates of comments and of other pages are passed over."""
    told = (*meta_contents(elements["meta"], _NAMES), *_scripted(elements["script"]), *_shown(elements["time"]))
    return next((iso for each in told if (iso := read_date(each))), "")


def meta_contents(metas: list[Any], names: tuple[str, ...]) -> Iterator[str]:
    """The contents of meta elements of these names, the first name first."""
    said = [(attributes_of(meta), meta) for meta in metas if not _belongs_to_another(meta)]
    for name in names:
        for attributes, _ in said:
            own = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            if own == name and (content := blank(attributes.get("content") or "").strip()):
                yield content


def _scripted(scripts: Iterable[Any]) -> Iterator[str]:
    """The dates in JSON-LD, of whatever it says is no comment; in other scripts, wherever they are."""
    for script in scripts:
        text = "".join(str(each.data or "") for each in script.children or ())[:_LONGEST_SCRIPT]
        if "datePublished" in text:
            yield from _in_json(text) if _is_linked(script) else (found[1] for found in _IN_SCRIPT.finditer(text))


def _is_linked(script: Any) -> bool:
    return "ld+json" in (attributes_of(script).get("type") or "")


def _in_json(text: str) -> Iterator[str]:
    try:
        left: list[Any] = [json.loads(text)]
    except ValueError, RecursionError:
        yield from (found[1] for found in _IN_SCRIPT.finditer(text.partition('"Comment"')[0]))
        return
    for _ in range(_MOST_VALUES):
        if not left:
            return
        value = left.pop(0)
        if isinstance(value, list):
            left += cast("list[Any]", value)[:100]
        elif isinstance(value, dict) and str(value.get("@type")) not in _REPLIES:  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            named = cast("dict[str, Any]", value)
            if isinstance(date := named.get("datePublished"), str):
                yield date
            left += [each for name, each in named.items() if name in ("@graph", "mainEntity", "mainEntityOfPage")]


def _shown(times: Iterable[Any]) -> Iterator[str]:
    """What <time> elements say that belong to the page itself, those that say so first."""
    own = [each for _, each in zip(range(_MOST_TIMES), times, strict=False) if not _belongs_to_another(each)]
    sure = [each for each in own if _says_published(each)]
    for each in (*sure, *own):
        yield attributes_of(each).get("datetime") or shown(each)[:60]


def _says_published(time: Any) -> bool:
    attributes = attributes_of(time)
    return "pubdate" in attributes or attributes.get("itemprop") == "datePublished" or "publish" in names_of(time)


def _belongs_to_another(node: Any) -> bool:
    """Whether it stands in a comment, or in what leads to another page."""
    return any(
        each.name in ("aside", "footer", "nav")
        or (each.name not in ("body", "html", "main") and _OTHERS.search(names_of(each)[:500]) is not None)
        or (attributes_of(each).get("itemtype") or "").rpartition("/")[2] in _REPLIES
        for each in above(node, 12)
    )
