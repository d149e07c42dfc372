"""Parses an RSS or Atom feed while its bytes arrive, one item after another (no network, no tree in memory)."""

import html
from collections.abc import Mapping, Sequence
from xml.parsers.expat import ParserCreate

from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS
from fanin.model import Document
from fanin.net.http_errors import redact
from fanin.sources.feeds.feed_entry import Field, absolute_url, to_document

# Most RSS has no namespace; the others belong to RSS 0.9, 1.0 and 1.1, some of RSS 2.0, Atom 1.0 and 0.3, and the
# modules `content` and `dc` with its terms.
_NAMESPACES = frozenset(
    (
        "",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/",
        "http://purl.org/net/rss1.1#",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/RSS2",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/modules/content/",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
    )
)
_XHTML = "http://www.w3.org/1999/xhtml"
_PREFIXES = {
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.google.com/schemas/play-podcasts/1.0": "media:",
    _XHTML: "",
}
"""Namespaces of which a few elements are known, with what their names begin with here."""

_FEW = frozenset(("media:description", "media:text", "media:title", "itunes:summary", "body"))
_ROOTS = ("rss", "rdf", "feed", "channel")
_LANGUAGE = "http://www.w3.org/XML/1998/namespace}lang"
_BASE = "http://www.w3.org/XML/1998/namespace}base"
_LONGEST_TAG = 35
"""Characters of the tag of a language (RFC 5646, 4.4.1)."""

_DEPTH = 100
_FIELDS = 200
"""Elements of one item that are kept; real items have a dozen."""

_WINDOWS_1252 = {byte: bytes([byte]).decode("windows-1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}
"""The control characters of ISO 8859-1 read as Windows-1252, as browsers do (WHATWG Encoding)."""


class FeedParser:
    """Takes bytes and gives the items that are complete; `base` is the address to which links are relative.

    Raises SourceError for a DOCTYPE that defines something (entities could grow without bound), for markup that is
    nested too deep, and for XML that is not a feed; for other errors what the XML parser raises: ExpatError,
    LookupError or ValueError. An external definition is not read.
    """

    def __init__(self, base: str, *, most: int = LIMITS.feed_elements) -> None:
        self._items = _ParserTarget(base, most)
        self._parser = ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._items.doctype
        self._parser.EntityDeclHandler = self._items.entity
        self._parser.SkippedEntityHandler = self._items.skipped
        self._parser.StartElementHandler = self._items.start
        self._parser.EndElementHandler = self._items.end
        self._parser.CharacterDataHandler = self._items.data

    def feed(self, chunk: bytes) -> None:
        """Parse the next bytes."""
        self._parser.Parse(chunk, False)

    def close(self) -> None:
        """Raise ExpatError unless the feed is complete."""
        self._parser.Parse(b"", True)

    def take_items(self) -> Sequence[Document]:
        """The items that were completed since the last call."""
        done, self._items.done = self._items.done, []
        return done


class _ParserTarget:
    """The target of the XML parser: it receives each start, end and text."""

    def __init__(self, base: str, most: int) -> None:
        self._base = base
        self._most = most
        self._bases = [base]
        self._depth = 0
        self._item_depth = 0
        self._elements = 0
        self._fields: list[tuple[str, Field]] = []
        self._field: Field | None = None
        self._field_depth = 0
        self._in_known = False
        self._language = ""
        self._item_language = ""
        self._says_language = False
        self.done: list[Document] = []

    def doctype(self, name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if name.lower() == "html":
            raise web_page(self._base)
        if has_subset:
            raise doctype_refused(self._base)

    def entity(self, *_: object) -> None:
        raise doctype_refused(self._base)

    def skipped(self, name: str, is_parameter: int) -> None:
        """An entity that only the external definition could define: those of HTML are known."""
        if not is_parameter:
            self.data(html.unescape(f"&{name};"))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        name = _local_name(tag)
        self._bases.append(_join_base(self._bases[-1], attributes.get(_BASE, "")))
        if self._depth == 1 and name.lower() in ("html", "head", "body"):
            raise web_page(self._base)
        if self._depth == 1 and name.lower() not in _ROOTS:
            raise not_a_feed(self._base, f"its outermost element is {name!r}")
        if self._elements > self._most:
            raise not_a_feed(self._base, f"it has more than {self._most:,} elements")
        if self._depth > _DEPTH:
            raise not_a_feed(self._base, f"its elements are nested more than {_DEPTH} deep")
        if not self._item_depth:
            self._item_depth = self._depth if name.lower() in ("item", "entry") else 0
            self._read_language(name.lower(), tag, attributes)
        elif self._depth == self._item_depth + 1 or self._is_grouped(tag):
            name = _known_name(tag)
            self._field, self._field_depth = Field(attributes, self._bases[-1]), self._depth
            self._in_known = name != ""
            if len(self._fields) < _FIELDS:
                self._fields.append((name, self._field))
        else:
            self._mark(f"<{name}>")

    def _read_language(self, name: str, tag: str, attributes: Mapping[str, str]) -> None:
        if name in _ROOTS:
            self._language = attributes.get(_LANGUAGE, self._language)
        self._says_language = _known_name(tag) == "language"
        self._language = "" if self._says_language else self._language
        self._item_language = attributes.get(_LANGUAGE, self._language)

    def end(self, tag: str) -> None:
        if self._depth == self._item_depth:
            self.done.append(to_document(self._fields, self._base, language=self._item_language))
            self._fields, self._item_depth = [], 0
        elif self._depth == self._field_depth:
            self._field, self._in_known = None, False
        else:
            self._mark(f"</{_local_name(tag)}>")
        self._says_language = False
        self._bases.pop()
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._says_language and not self._item_depth:
            self._language = (self._language + text.strip())[:_LONGEST_TAG]
        if self._field is not None:
            text = text if text.isascii() else text.translate(_WINDOWS_1252)
            inside = self._depth > self._field_depth
            self._field.pieces.append(html.escape(text, quote=False) if inside else text)

    def _is_grouped(self, tag: str) -> bool:
        """Whether it is a text of Media RSS, which stands within elements that are not known."""
        return not self._in_known and _known_name(tag).startswith("media:")

    def _mark(self, tag: str) -> None:
        if self._field is not None:
            self._field.nested = True
            self._field.pieces.append(tag)


def doctype_refused(base: str) -> SourceError:
    """The error for a feed whose document type defines something."""
    return not_a_feed(base, "its DOCTYPE defines entities or the like, which feeds do not need and attacks use")


def web_page(base: str) -> SourceError:
    """The error for a web page where a feed was expected."""
    return not_a_feed(base, "it is a web page (HTML)")


def not_a_feed(base: str, why: str) -> SourceError:
    """The error for something that cannot be read as a feed."""
    return SourceError(
        f"It is not a feed that fanin can read: {why} ({redact(base)}); fanin stopped reading it. Check that the"
        " address is that of an RSS, Atom or JSON feed.",
        FailureKind.FORMAT,
    )


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _known_name(tag: str) -> str:
    """The element's name if it belongs to one of the namespaces of feeds, else ""."""
    namespace, _, name = tag.rpartition("}")
    name = name.lower()
    if namespace in _NAMESPACES:
        return name
    known = _PREFIXES.get(namespace.lower(), "?") + name
    return known if known in _FEW else ""


def _join_base(base: str, further: str) -> str:
    """The base address within an element, by its `xml:base`."""
    return (absolute_url(base, further) or base) if further else base
