"""What stands before the text of a note about it, in YAML, TOML or JSON: its title, its date, and its tags (pure).

The YAML is read line by line, as people write it: a title with a colon in it, or a tag with "#", is no YAML and is read
all the same.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from fanin.text.dates.date_reading import read_date

_BODY = r"[ \t]*\n(.{0,20000}?)(?<=\n)"
_YAML = re.compile(rf"---[ \t]*(?:ya?ml)?{_BODY}(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(rf"(?:\+\+\+|---[ \t]*toml){_BODY}(?:\+\+\+|---)[ \t]*(?:\n|\Z)", re.DOTALL)
_JSON = re.compile(rf"(?:;;;|---[ \t]*json){_BODY}(?:;;;|---)[ \t]*(?:\n|\Z)", re.DOTALL)

_TITLES = ("title", "name")
_DATES = (
    *(
        "date",
        "published",
        "publishdate",
        "pubdate",
        "datepublished",
        "created",
        "createdat",
        "datecreated",
        "creation",
    ),
    *("lastmod", "updated", "modified", "dateupdated", "updatedat"),
)
_KEYWORDS = (
    *("tags", "tag", "keywords", "keyword", "categories", "category", "topics", "topic", "labels", "subjects"),
    *("aliases", "alias"),
)
_MOST_KEYWORDS, _LONGEST = 100, 300

_KEY = re.compile(r"([\"']?)([A-Za-z_][\w .-]{0,60})\1[ \t]*:(?=\s|$)[ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(.*)|$)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"|'((?:[^']|'')*+)'")
_FLOW = re.compile(r"[ \t]*(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^']|'')*+)'|([^,\]\[]*+))[ \t]*(?:[,\]\[]|$)")
_COMMENT = re.compile(r"(?:^|[ \t]+)#(?: .*)?$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a note says of itself, and where its text begins. `published` is an ISO 8601 date or time, or ""."""

    start: int = 0
    title: str = ""
    published: str = ""
    keywords: tuple[str, ...] = ()


def front_matter(text: str) -> FrontMatter:
    """The front matter at the begin of a text; without one, or with one that nobody can read, it is empty."""
    for pattern, read in _FORMS:
        if found := pattern.match(text):
            with suppress(ValueError, RecursionError):
                values = read(found[1])
                return _from_values(values, found.end()) if values or not found[1].strip() else FrontMatter()
    return FrontMatter()


def _from_values(values: Mapping[str, Any], start: int) -> FrontMatter:
    nested = values.get("taxonomies")  # as Zola names its tags
    every = {**cast("Mapping[str, Any]", nested), **values} if isinstance(nested, dict) else values
    named = {re.sub(r"[^a-z]", "", key.lower()): value for key, value in every.items()}
    title = next((text for name in _TITLES if (text := _line(named.get(name)))), "")
    date = next((iso for name in _DATES if (iso := read_date(_line(named.get(name))))), "")
    words = (word for name in _KEYWORDS for word in _words(named.get(name)))
    return FrontMatter(start, title, date, tuple(islice(dict.fromkeys(words), _MOST_KEYWORDS)))


def _line(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return " ".join(str(value).split())[:_LONGEST] if isinstance(value, (str, int, float)) else ""


def _words(value: Any) -> Iterator[str]:
    """The tags in a list, or in a text with commas between them."""
    items = cast("list[Any]", value) if isinstance(value, list) else str(value or "").split(",")
    return (word for each in items if (word := _line(each).removeprefix("#")))


def _yaml(text: str) -> Mapping[str, Any]:
    """The keys of the first level with their texts, or lists of texts; what is nested deeper is passed over."""
    found, lines = dict[str, Any](), text.split("\n")
    at = 0
    while at < len(lines):
        key = _KEY.fullmatch(lines[at].rstrip())
        end = next((number for number in range(at + 1, len(lines)) if _begins(lines[number])), len(lines))
        if key:
            found.setdefault(key[2], _yaml_value(key[3], lines[at + 1 : end]))
        at = end
    return found


def _begins(line: str) -> bool:
    """Whether a key of the first level may stand there: neither an item, nor indented, nor empty."""
    return line[:1] not in ("", " ", "\t", "-", "]", "#")


def _yaml_value(first: str, more: list[str]) -> Any:
    if _BLOCK.fullmatch(first):
        return " ".join(" ".join(more).split())
    joined = " ".join((first, *(line for line in map(str.strip, more) if not line.startswith("#")))).strip()
    if joined.startswith("["):
        return [_unquoted(*groups) for groups in _FLOW.findall(joined[1:]) if any(groups)]
    items = [found[1] or "" for line in more if (found := _ITEM.fullmatch(line.rstrip()))]
    if items and not _COMMENT.sub("", first):
        return [_scalar(item) for item in items]
    return _scalar(joined)


def _scalar(text: str) -> str:
    """A plain or quoted text without a comment behind it."""
    text = text.strip()
    if quoted := _QUOTED.match(text):
        return _unquoted(quoted[1], quoted[2] or "", "") if quoted[1] is not None else _unquoted("", quoted[2], "")
    plain = _COMMENT.sub("", text)
    return "" if plain in ("~", "null", "Null", "NULL") else plain


def _unquoted(double: str, single: str, plain: str) -> str:
    if double:
        try:
            return str(json.loads(f'"{double}"', strict=False))
        except ValueError:
            return double
    return single.replace("''", "'") or plain.strip()


def _json(text: str) -> Mapping[str, Any]:
    value = json.loads(text)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


_FORMS: Iterable[tuple[re.Pattern[str], Callable[[str], Mapping[str, Any]]]] = (
    (_TOML, tomllib.loads),
    (_JSON, _json),
    (_YAML, _yaml),
)
