"""Finds the results of a search in JSON, and makes a document of each, whatever their fields are called."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import cast

from fanin.bounded_json import without_surrogates
from fanin.model import JSON, Document
from fanin.sources.http.item_mapping import parse_date
from fanin.sources.json_documents import as_lines


def _listed(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_LISTS = _listed(
    """results result items hits matches documents docs entries articles records pages rows data value list found
    organic organicresults searchresults webresults searchhits chunks passages nodes edges posts messages issues news"""
)
_TEXTS = _listed("text content body pagecontent markdown rawcontent fulltext extract passage chunk notes details")
_SUMMARIES = _listed("snippet summary description abstract excerpt highlight highlights answer")
_TITLES = _listed("title name headline subject heading label displayname question")
_LINKS = _listed("url link href uri htmlurl weburl weblink permalink sourceurl pageurl source id")
_DATES = _listed(
    """published publishedat publisheddate datepublished publicationdate pubdate date createdat created creationdate
    updatedat updated modified lastmodified timestamp age"""
)
_WRAPPERS = _listed("source document doc node item fields attributes data metadata meta payload")
_OF_THE_SEARCH = frozenset(
    _listed("id score rank relevance position index distance similarity type favicon image thumbnail")
)
"""Fields that describe the search and not what was found."""

_DEEPEST, _MOST_LISTS = 4, 1_000
_LONGEST_LINE, _LONGEST_NAME = 300, 60


def results(value: JSON) -> Sequence[JSON]:
    """The results in a value: it is their list, or an object that holds it, maybe within others; () if there are none.

    A list counts if most of it are objects with a text, or with a title and an address. An object that is itself a
    document keeps its lists, unless one is called `results`, `hits` or the like.
    """
    level: list[tuple[str, JSON]] = [("", value)]
    for _ in range(_DEEPEST):
        for name, each in level:
            if isinstance(each, list) and _holds_results(each):
                return each if name in ("", *_LISTS) or not _is_result(value) else ()
        level = list(islice((inner for _, each in level for inner in _members(each)), _MOST_LISTS))
    return ()


def result_document(item: Mapping[str, JSON]) -> Document | None:
    """A result as a document with title, address and date; other plain values are lines below its text.

    None for one that says nothing.
    """
    fields = _flat(item)
    title, link = _title(fields), _link(fields)
    text_name = next((name for name in (*_TEXTS, *_SUMMARIES) if _text(fields.get(name))), "")
    date_name, date = next(((name, iso) for name in _DATES if (iso := _date(fields.get(name)))), ("", ""))
    main_text, unshown = _text(fields.get(text_name)), {text_name, date_name, *_OF_THE_SEARCH, *_WRAPPERS}
    others = {
        name: each
        for name, each in item.items()
        if _plain_name(name) not in unshown
        and _is_short(each)
        and str(each).strip() not in (title, link, *main_text.split("\n"))
    }
    text = "\n\n".join(part for part in (main_text, as_lines(others)) if part) or title
    if not text:
        return None
    return Document(without_surrogates(text), title=title, url=link, published=date, metadata=item)


def _plain_name(name: str) -> str:
    """The name without case and signs: `htmlurl` for html_url and htmlUrl."""
    return "".join(filter(str.isalnum, name[:_LONGEST_NAME])).lower()


def _members(value: JSON) -> Iterable[tuple[str, JSON]]:
    return ((_plain_name(name), each) for name, each in value.items()) if isinstance(value, Mapping) else ()


def _holds_results(items: list[JSON]) -> bool:
    return bool(items) and 2 * sum(map(_is_result, items)) > len(items)


def _is_result(value: JSON) -> bool:
    if not isinstance(value, Mapping):
        return False
    fields = _flat(value)
    return any(_text(fields.get(name)) for name in (*_TEXTS, *_SUMMARIES)) or bool(_title(fields) and _link(fields))


def _flat(item: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """The fields of a result by their plain names, with those of the objects that wrap it, as databases do."""
    fields = {_plain_name(name): each for name, each in item.items()}
    inner = [fields[name] for name in _WRAPPERS if isinstance(fields.get(name), Mapping)]
    for each in inner:
        fields = {_plain_name(name): value for name, value in cast("Mapping[str, JSON]", each).items()} | fields
    return fields


def _text(value: JSON) -> str:
    """A text with words in it, from a string or a list of strings; else ""."""
    match value:
        case str():
            return value.strip()
        case [str(), *_] if all(isinstance(each, str) for each in value):
            return "\n".join(cast("Iterable[str]", value)).strip()
        case {"text": str(text)} | {"content": str(text)} | {"value": str(text)}:
            return text.strip()
        case _:
            return ""


def _title(fields: Mapping[str, JSON]) -> str:
    found = next((text for name in _TITLES if (text := _text(fields.get(name)))), "")
    return without_surrogates(" ".join(found[:_LONGEST_LINE].split()))


def _link(fields: Mapping[str, JSON]) -> str:
    candidates = (fields.get(name) for name in _LINKS)
    links = (each.strip() for each in candidates if isinstance(each, str) and "://" in each[:20])
    return next((without_surrogates(each) for each in links if not any(map(str.isspace, each))), "")


def _date(value: JSON) -> str:
    return parse_date(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _is_short(value: JSON) -> bool:
    """Whether it is a plain value, or a list of these, that is no address."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return _is_plain(value)


def _is_plain(value: JSON) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= _LONGEST_LINE and "://" not in value[:20]
    return isinstance(value, (int, float))


def beside(value: JSON) -> Iterator[Document]:
    """The text that an object with results has beside them, such as an answer."""
    fields = {_plain_name(name): each for name, each in value.items()} if isinstance(value, Mapping) else {}
    for name in ("answer", "summary", "text"):
        if text := _text(fields.get(name)):
            yield Document(without_surrogates(text))
