"""Reads the items of a JSON Feed, version 1 or 1.1 (jsonfeed.org/version/1.1), from its bytes (pure)."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from fanin.errors import SourceError
from fanin.limits import LIMITS, Limits
from fanin.model import Document
from fanin.net.body.json_body import decode_json
from fanin.sources.feeds.feed_entry import absolute_url, plain_title
from fanin.sources.feeds.feed_parser import not_a_feed
from fanin.text.dates.date_reading import read_date

_VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")
_CONTENTS = (("content_html", "text/html"), ("content_text", "text/plain"), ("summary", "text/plain"))


def json_items(body: bytes, base: str, *, charset: str = "", limits: Limits = LIMITS) -> Iterator[Document]:
    """Each item as a document; invalid items are left out. Raises SourceError if it is not a JSON Feed."""
    try:
        feed = decode_json(body, charset=charset, url=base, limits=limits)
    except SourceError as error:
        raise not_a_feed(base, f"it begins as JSON, but {error}") from error
    fields = cast("Mapping[str, object]", feed if isinstance(feed, dict) else {})
    items, version = fields.get("items"), fields.get("version")
    if not isinstance(items, list) or not str(version).startswith(_VERSIONS):
        raise not_a_feed(base, "it is JSON, but no JSON Feed")
    found = cast("list[object]", items)
    language = _text(fields, "language")
    return (_document(cast("Mapping[str, Any]", item), base, language) for item in found if isinstance(item, dict))


def _document(item: Mapping[str, Any], base: str, language: str) -> Document:
    title = plain_title(_text(item, "title"))
    text, kind = next(((text, kind) for name, kind in _CONTENTS if (text := _text(item, name))), (title, "text/plain"))
    addresses = (absolute_url(base, _text(item, name)) for name in ("url", "external_url"))
    language = _text(item, "language") or language
    dates = (read_date(_text(item, name), language=language) for name in ("date_published", "date_modified"))
    return Document(
        text,
        title=title,
        url=next((found for found in addresses if found), ""),
        published=next((found for found in dates if found), ""),
        media_type=kind,
    )


def _text(item: Mapping[str, Any], name: str) -> str:
    """The text of a field; "" if it is missing or not a text."""
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""
