"""Reads the results of a search that a tool wrote as one text: labelled lines, or a list of links."""

import re
from collections.abc import Iterator

from fanin.model import Document
from fanin.text.dates.date_reading import read_date

_LABEL = re.compile(
    r"[\s*_>#-]{0,12}(?:\d{1,3}[.)]\s{1,4})?\**(title|name|url|link|address|source|published|date|published date"
    r"|content|text|description|summary|snippet|abstract|body|highlights)\**\s?:\**(?!//)[ \t]{0,9}(.*)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\s{0,8}(?:(?:\[?\d{1,3}[.)\]]|#{1,6}(?=\s))\s{0,4}\**|\*\*(?=[^*]{1,300}\*\*\s*\Z))(\S.{0,300}?)\**\s*", re.DOTALL
)
_LINKED = re.compile(
    r"\s{0,8}(?:[-*+]|\d{1,3}[.)]|#{1,6})\s{0,4}(?:\**\[([^\]\n]{1,300})\]|\*\*([^*\n]{1,300})\*\*\s?)"
    r"\((https?://[^\s)]{1,2000})\)\**[\s:\u2013\u2014-]*(.*)"
)
_ADDRESS = re.compile(r"<?(https?://[^\s<>]{1,2000})>?")
_RULE = re.compile(
    r"\s{0,3}([-=*_])(?:\s?\1){2,}\s*|[\s*#]{0,8}(?:Result|Document|Source|Hit)\s#?\d{1,3}:?[\s*]{0,4}", re.IGNORECASE
)
_FIELDS = {
    **dict.fromkeys(("title", "name"), "title"),
    **dict.fromkeys(("url", "link", "address", "source"), "url"),
    **dict.fromkeys(("published", "date", "published date"), "published"),
}


def results_in_text(text: str) -> list[Document]:
    """The results as documents, if a text lists at least two, each with a title and an address; else ()."""
    found = [made for each in _records(text) if (made := _document(each)) is not None]
    return found if len(found) > 1 else []


def _records(text: str) -> Iterator[dict[str, str]]:
    """The parts of a text that each have a title, an address, or both."""
    record = dict[str, str]()
    for line in text.splitlines():
        parts = () if _RULE.fullmatch(line) else tuple(_parts_of(line))
        if (not parts and line.strip()) or any(_begins(name, record) for name, _ in parts):
            yield record
            record = {}
        for name, value in parts:
            record[name] = f"{record[name]}\n{value}" if name in record else value
    yield record


def _begins(name: str, record: dict[str, str]) -> bool:
    """Whether another result begins with this part: a second title or address, or the first one after a text."""
    return name in ("title", "url") and (name in record or ("text" in record and not {"title", "url"} & record.keys()))


def _parts_of(line: str) -> Iterator[tuple[str, str]]:
    """What a line says of a result: a title, an address, a date, or a text."""
    if found := _LINKED.fullmatch(line):
        yield from (("title", found[1] or found[2]), ("url", found[3]), ("text", found[4]))
    elif (found := _LABEL.fullmatch(line)) and (found[2] or found[1].lower() not in _FIELDS):
        name = _FIELDS.get(found[1].lower(), "text")
        address = _ADDRESS.fullmatch(found[2].strip())
        yield (name, address[1] if address else found[2].strip()) if name != "url" or address else ("text", line)
    elif address := _ADDRESS.fullmatch(line.strip()):
        yield "url", address[1]
    elif found := _HEAD.fullmatch(line):
        yield "title", found[1]
    elif line.strip():
        yield "text", line.strip()


def _document(record: dict[str, str]) -> Document | None:
    title, url, text = record.get("title", ""), record.get("url", ""), record.get("text", "").strip()
    if not title or not url:
        return None
    return Document(text or title, title=title.strip("* "), url=url, published=read_date(record.get("published", "")))
