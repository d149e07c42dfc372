"""One item of a feed as a document (pure)."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urljoin

from fanin.model import Document
from fanin.text.dates.date_reading import read_date

LONGEST_LINE = 5_000
"""Characters of a title or a link that are read; the rest is ignored."""

_SEARCHED = 50_000
"""Characters of a text that are searched for markup."""

_TEXTS = (
    "encoded",
    "content",
    "body",
    "description",
    "summary",
    "abstract",
    "media:description",
    "itunes:summary",
    "media:text",
)
_TAG = re.compile(r"<[^<>]*>")
_CDATA, _ESCAPED_CDATA = "<![CDATA[", "&lt;![CDATA["
_ESCAPED_MARKUP = re.compile(r"&lt;[a-zA-Z!][^<]*&gt;")
_DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
_UNREADABLE = re.compile(r"(?!text/)[\w.-]+/(?!.*xml)", re.IGNORECASE)
"""Media types that are not text, such as a picture within an entry."""


@dataclass(slots=True)
class Field:
    """One element of an item: its attributes and its text. Markup inside it, as in XHTML, is kept as HTML.

    `base` is the address to which the addresses in it are relative.
    """

    attributes: Mapping[str, str]
    base: str = ""
    pieces: list[str] = field(default_factory=list[str])
    nested: bool = False
    is_complete: bool = False

    @property
    def text(self) -> str:
        """The complete text without the white space around it, and without what was escaped once too often."""
        if not self.is_complete:
            self.pieces, self.is_complete = [_unescaped("".join(self.pieces).strip())], True
        return self.pieces[0]


def _unescaped(text: str) -> str:
    """Text whose CDATA section, or whose markup as a whole, was escaped twice, with one of these taken away."""
    if text.startswith(_ESCAPED_CDATA) or (text.startswith("&lt;") and _ESCAPED_MARKUP.fullmatch(text)):
        text = html.unescape(text)
    while text.startswith(_CDATA):
        text = text.removeprefix(_CDATA).removesuffix("]]>").strip()
    return text


def to_document(fields: Sequence[tuple[str, Field]], base: str, *, language: str = "") -> Document:
    """One item as a document: its longest form of text (or else its title), its link, and its date in ISO 8601.

    `language` is the tag of the language in which dates may be written.
    """
    named = {name: each for name, each in reversed(fields) if each.text}
    title = next((plain_title(named[name].text) for name in ("title", "media:title") if name in named), "")
    texts = [named[name] for name in _TEXTS if name in named and _is_readable(named[name])]
    text = max(texts, key=_size, default=None) if len(texts) > 1 else next(iter(texts), None)
    dates = (read_date(named[name].text, language=language) for name in _DATES if name in named)
    date = next(filter(None, dates), "")
    return Document(
        text.text if text else title,
        title=title,
        url=_link(fields, base),
        published=date,
        media_type=_media_type(text) if text else "text/plain",
    )


def from_feedparser(entry: Mapping[str, Any], base: str, language: str = "") -> Document:
    """The same document from an entry as feedparser gives it."""
    contents = cast("list[Mapping[str, str]]", entry.get("content") or [entry.get("summary_detail") or {}])
    date = str(entry.get("published", ""))
    if not date and "updated" in entry:  # asked without this check, feedparser warns and gives the published date
        date = str(entry["updated"])
    fields = [
        ("title", Field({}, pieces=[str(entry.get("title", ""))])),
        ("link", Field({}, pieces=[str(entry.get("link", ""))])),
        ("content", Field({"type": contents[0].get("type", "")}, pieces=[contents[0].get("value", "")])),
        ("published", Field({}, pieces=[date])),
    ]
    return to_document(fields, base, language=language)


def _link(fields: Sequence[tuple[str, Field]], base: str) -> str:
    """The first http(s) link: links of RSS come before those of Atom, and a permanent id comes last."""
    links = [each for name, each in fields if name == "link"]
    rss = [(each.base, each.text) for each in links]
    atom = [(each.base, each.attributes["href"]) for each in links if "href" in each.attributes and _is_alternate(each)]
    guids = [(each.base, each.text) for name, each in fields if name == "guid" and _is_permanent(each)]
    return next((url for within, link in (*rss, *atom, *guids) if (url := absolute_url(within or base, link))), "")


def _size(text: Field) -> int:
    """The number of characters that are no markup."""
    return len(_TAG.sub("", text.text[:_SEARCHED])) + max(0, len(text.text) - _SEARCHED)


def _is_permanent(guid: Field) -> bool:
    return guid.attributes.get("isPermaLink", "true").lower() != "false" and "://" in guid.text


def _is_readable(text: Field) -> bool:
    kind = text.attributes.get("type", "")
    return text.attributes.get("mode") != "base64" and not _UNREADABLE.match(kind)


def _is_alternate(link: Field) -> bool:
    return link.attributes.get("rel", "alternate") == "alternate"


def _media_type(text: Field) -> str:
    kind = text.attributes.get("type", "")
    markup = text.nested or (
        kind not in ("text", "text/plain") and re.search(r"<[a-zA-Z/!]|&#?\w+;", text.text[:_SEARCHED]) is not None
    )
    return "text/html" if markup or kind in ("html", "xhtml", "text/html") else "text/plain"


def plain_title(title: str) -> str:
    """The first `LONGEST_LINE` characters of a title, without markup, entities and line breaks."""
    text = html.unescape(title[:LONGEST_LINE])
    return " ".join(html.unescape(re.sub(r"<[/a-zA-Z][^<>]{0,500}>", "", text)).split())


def absolute_url(base: str, link: str) -> str:
    """The link as an absolute http or https address; "" if it is not one, or is longer than `LONGEST_LINE`."""
    if len(link) > LONGEST_LINE:
        return ""
    try:
        joined = urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""
