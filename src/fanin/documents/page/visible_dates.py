"""Dates in the text of a page that say when it was published or changed (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fanin.documents.page.elements import Tree, above, attributes_of, names_of, shown, walk
from fanin.text.dates.date_reading import read_date

_LONGEST, _MANY, _NODES = 120, 100, 50_000
"""Characters of an element that says when; such elements, and elements and texts of the page, that are looked at."""

_NEAR, _BELOW = 12, 8
"""Texts between the title of the page and its date: one that is named so, and one that says nothing else."""

REPLIES = ("Comment", "UserComments", "Review", "UserReview", "Answer", "Rating", "AggregateRating")
"""Types of schema.org that are about a page, by others."""

_OTHERS = re.compile(r"comment|\brepl|respon[ds]|related|sidebar|teaser|widget|recommend|footer|\bcard\b|review")
_REPLY = re.compile(r"comment|\brepl|respon[ds]|review")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20|25)\d\d(?!\d)")
_PARTS = re.compile(r"\s[·|•\u2013\u2014]\s|\s?[|•]\s?")
_NAMED = re.compile(r"date|byline|posted|publi|timestamp|\btime|\bstand\b|(?:entry|post|article)[-_]?info|meta\b")
_EVENT = re.compile(r"event|start|\bend\b|expire|deadline|\bdue|valid|birth|death|calendar|dtstart|copyright")
_PUBLISHED = re.compile(
    r"\W*(?:(?:first )?(?:published|posted|released|written|submitted|added)\b|(?:publication |post )?date\b"
    r"|(?:veröffentlicht|erschienen|erstellt|publiziert|datum|verfasst)\b|(?:publié|paru|posté|mise? en ligne|date)\w*"
    r"|(?:publicado|publicada|fecha|data)\b|(?:pubblicato|pubblicata)\b|(?:gepubliceerd|geplaatst)\b|opublikowano"
    r"|опубликовано|дата|公開日|投稿日|発表日|掲載日|发布|發布|發佈|게시|작성일|등록일)",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"(?:last|recently) (?:updated|modified|edited|changed|reviewed|revised)|^\W*(?:updated|modified|revised|as of)\b"
    r"|page (?:updated|modified)|^\W*stand\b|zuletzt|aktualisiert|letzte (?:änderung|aktualisierung)|geändert am"
    r"|mise? à jour|dernière modification|actualizad[oa]|última (?:actualización|modificación|atualização)|atualizado"
    r"|aggiornat[oa]|ultima modifica|ultimo aggiornamento|bijgewerkt|laatst gewijzigd|обновлен|изменен|更新|수정일",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """An element that says a day: its text, and how many texts further down than the title it stands."""

    node: Any
    text: str
    below: int


def visible_dates(elements: dict[str, list[Any]], tree: Tree, language: str) -> Iterator[str]:
    """What may say when the page was published: in words, by the name of its element, or alone below the title."""
    phrases = [
        each for each in _said(elements, tree) if not belongs_to_another(each.node) and not is_of_event(each.node)
    ]
    unchanged = [each for each in phrases if not _CHANGED.search(each.text)]
    yield from (part for each in unchanged if _PUBLISHED.match(each.text) for part in _parts(each.text))
    named = [(each, date) for each in unchanged if _is_named(each.node) and (date := _date(each.text, language))]
    several = len({date[:10] for _, date in named}) > 1  # as a list of other pages has them
    yield from (date for each, date in named if not several or abs(each.below) <= _NEAR)
    yield from (each.text for each in unchanged if 0 < each.below <= _BELOW and _is_alone(each.text))


def visible_changes(elements: dict[str, list[Any]], tree: Tree, language: str) -> Iterator[str]:
    """What may say when the page was last changed; the foot of the page may say it, too."""
    for each in _said(elements, tree):
        if (found := _CHANGED.search(each.text)) and not _is_reply(each.node):
            yield from (
                date for part in _parts(each.text[found.end() :]) if (date := read_date(part, language=language))
            )


def _said(elements: dict[str, list[Any]], tree: Tree) -> list[_Said]:
    """The small elements in which a year stands, in order."""
    title = next(iter((*elements["h1"], *elements["h2"])), None)
    found, texts, began = list[tuple[Any, str, int]](), 0, None
    for node in islice(walk(elements["body"][0]), _NODES) if elements["body"] else ():
        if node is title:
            began = texts
        if node.name != "#text" or not (text := str(node.data or "")).strip():
            continue
        texts += 1
        if len(text) <= _LONGEST and len(found) < _MANY and _YEAR.search(text) and (around := _around(node, tree)):
            found.append((around, shown(around)[:_LONGEST], texts))
    return [_Said(node, text, at - began if began is not None else _MANY) for node, text, at in found]


def _around(text: Any, tree: Tree) -> Any | None:
    """The largest small element around a text, up to its paragraph; None within a sentence or a title."""
    around = None
    for each in above(text, 4):
        if each.name in ("h1", "title", "script", "style", "option", "td", "th", "time") or each.name is None:
            return None
        if tree[id(each)].size > _LONGEST or each.name in ("body", "main", "article", "html"):
            break
        around = each
        if each.name in ("p", "div", "li", "dd", "footer", "header", "section"):
            break
    return around or (text if text.parent is not None and text.parent.name in ("div", "section", "body") else None)


def _parts(text: str) -> Iterator[str]:
    return iter((text, *_PARTS.split(text)))


def _date(text: str, language: str) -> str:
    return next((date for part in _parts(text) if (date := read_date(part, language=language))), "")


def _is_named(node: Any) -> bool:
    return any(_NAMED.search(names_of(each)[:300]) for each in (node, *above(node, 2)) if each.name != "body")


def _is_alone(text: str) -> bool:
    """Whether a text is nothing but a date, as read_date reads it: a few words and figures, and the year."""
    return len(text) <= 40 and len(text.split()) <= 5 and not text.rstrip().endswith((":", "?", "!"))


def belongs_to_another(node: Any) -> bool:
    """Whether it stands in a comment, or in what leads to another page."""
    return any(
        each.name in ("aside", "footer", "nav")
        or (each.name not in ("body", "html", "main") and _OTHERS.search(names_of(each)[:500]) is not None)
        or _is_of(each, REPLIES)
        for each in (node, *above(node, 12))
    )


def _is_reply(node: Any) -> bool:
    return any(
        _is_of(each, REPLIES) or (each.name != "body" and _REPLY.search(names_of(each)[:500]) is not None)
        for each in (node, *above(node, 12))
    )


def is_of_event(node: Any) -> bool:
    """Whether it says when something happens, or until when it counts."""
    return any(
        (each.name != "body" and _EVENT.search(names_of(each)[:300]) is not None) or _is_of(each, ("Event",))
        for each in (node, *above(node, 3))
    )


def _is_of(node: Any, types: tuple[str, ...]) -> bool:
    return (attributes_of(node).get("itemtype") or "").rpartition("/")[2] in types
