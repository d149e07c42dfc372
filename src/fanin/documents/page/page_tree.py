"""The tree of a page, nested as browsers nest it as far as its text is concerned, in linear time (pure)."""

from html.parser import HTMLParser

from fanin.text.word_lists import word_set


class Node:
    """An element, or a text, whose name is "#text" and which has `data`; elements of MathML are in a namespace."""

    __slots__ = ("attrs", "children", "data", "name", "namespace", "parent")

    def __init__(self, name: str, parent: Node | None, attrs: dict[str, str | None] | None = None) -> None:
        self.name, self.parent, self.attrs = name, parent, attrs
        self.data = ""
        self.namespace = "math" if name == "math" or (parent is not None and parent.namespace == "math") else ""
        self.children: list[Node] = []
        if parent is not None:
            parent.children.append(self)


def tree_of(markup: str) -> Node:
    """The document that the markup is, whatever it is."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    return builder.root


_FARTHEST = 100
"""Elements around one that are looked at for the one that ends: so that deep nesting takes no more than linear time."""

_VOID = word_set("area base basefont br col embed frame hr img input link meta param source track wbr")
_IN_HEAD = word_set("base basefont bgsound link meta noscript script style template title")
_PARTS = word_set("html head body")
_BLOCKS = word_set(
    """address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table ul dd dt"""
)
_HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
_CELL, _GROUP = word_set("td th"), word_set("tbody thead tfoot")
_TABLE = word_set("table")
_LISTS = word_set("ul ol menu dir")
_CLOSES = {
    "li": (word_set("li"), _LISTS),
    **dict.fromkeys(("dt", "dd"), (word_set("dt dd"), word_set("dl"))),
    **dict.fromkeys(_CELL, (_CELL, word_set("tr"))),
    "tr": (word_set("tr td th caption colgroup"), _GROUP),
    **dict.fromkeys(_GROUP, (_GROUP | word_set("tr td th caption colgroup"), frozenset[str]())),
    "caption": (_GROUP, frozenset[str]()),
    "option": (word_set("option"), word_set("select optgroup datalist")),
    "optgroup": (word_set("optgroup option"), word_set("select")),
    "a": (word_set("a"), frozenset[str]()),
    "button": (word_set("button"), _BLOCKS),
    "main": (word_set("nav"), word_set("main article")),
    "article": (word_set("nav"), word_set("main article section")),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _BLOCKS - _HEADINGS)),
}
"""What an element ends that is still open, and what stops the search for it; a table and its cells always do."""


class _Builder(HTMLParser):
    """Builds the tree while it is fed; an element without its end tag ends where browsers end it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#document", None)
        self._html = Node("html", self.root, {})
        self._body: Node | None = None
        self._head: Node | None = None
        self._at = self._html

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element, and end those that cannot hold it."""
        attributes = dict(reversed(attrs))
        if tag in _PARTS:
            self._begin_part(tag, attributes)
            return
        self._enter(tag)
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in _CLOSES:
            self._end_outermost(*_CLOSES[tag])
        if tag in _CELL or tag == "tr":
            self._begin_row(tag)
        node = Node(tag, self._at, attributes or None)
        self._at = self._at if tag in _VOID else node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that ends itself, which only those of MathML and SVG do."""
        self.handle_starttag(tag, attrs)
        if self._at.name == tag and (self._at.namespace or tag == "path"):
            self._leave(self._at)

    def handle_endtag(self, tag: str) -> None:
        """End the nearest element of this name, and all in it, unless a cell or, for a phrase, a block is between."""
        if tag == "head" and self._at is self._head:
            self._at = self._html
        if tag in _PARTS:
            return
        if tag == "br":
            Node("br", self._at)
            return
        stops = _BLOCKS if tag not in _BLOCKS and tag not in _CELL and tag not in _GROUP and tag != "tr" else _TABLE
        node = self._at
        for _ in range(_FARTHEST):
            if node.name == tag:
                self._leave(node)
                return
            if (
                node.parent is None
                or node.name in stops
                or (node.name in _CELL and tag not in ("tr", "table", *_GROUP))
            ):
                return
            node = node.parent

    def handle_data(self, data: str) -> None:
        """Add a text."""
        if not data.isspace():
            self._enter("#text")
        if self._at.name == "pre" and not self._at.children:
            data = data.removeprefix("\n")
        if self._at is not self._html:
            Node("#text", self._at).data = data

    def _begin_part(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "head":
            self._head = self._head or Node("head", self._html)
            self._at = self._head if self._body is None else self._at
            return
        if tag == "body":
            self._begin_body()
        node = self._html if tag == "html" else self._body
        if node is not None:
            node.attrs = {**attributes, **(node.attrs or {})}

    def _begin_body(self) -> None:
        if self._body is None:
            self._body = self._at = Node("body", self._html)

    def _enter(self, name: str) -> None:
        """Begin the head or the body if this element or text needs it."""
        if self._body is not None:
            return
        if name not in _IN_HEAD:
            if self._at is self._html or self._at is self._head or name != "#text":
                self._begin_body()
        elif self._at is self._html:
            self._head = self._head or Node("head", self._html)
            self._at = self._head

    def _end_paragraph(self) -> None:
        node = self._at
        for _ in range(_FARTHEST):
            if node.name == "p":
                self._leave(node)
                return
            if node.parent is None or node.name in _BLOCKS or node.name in _CELL or node.name in ("button", "object"):
                return
            node = node.parent

    def _end_outermost(self, names: frozenset[str], stops: frozenset[str]) -> None:
        """End the outermost element of these names below the first one that stops the search."""
        node, ends = self._at, None
        for _ in range(_FARTHEST):
            ends = node if node.name in names else ends
            if node.parent is None or node.name in stops or node.name == "table":
                break
            node = node.parent
        if ends is not None:
            self._leave(ends)

    def _begin_row(self, tag: str) -> None:
        """A cell stands in a row, which a page may leave out."""
        if tag in _CELL and self._at.name in ("table", *_GROUP):
            self._at = Node("tr", self._at)

    def _leave(self, node: Node) -> None:
        self._at = node.parent or self._html
