"""The elements of a parsed page: what each holds, found in one pass over all of them (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fanin.text.folding import visible

_SMALL = 300
"""Elements and texts of an element whose text is compared."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTED = (
    "#document",
    "title",
    "meta",
    "link",
    "time",
    "main",
    "article",
    "body",
    "script",
    "a",
    "button",
    "h1",
    "h2",
    "html",
    "form",
)
"""Elements that are listed by their names; what has the role of <main> is one."""


@dataclass(slots=True)
class Facts:
    """How much an element holds: characters of text, elements, links and characters in them; and what it has."""

    size: int = 0
    nodes: int = 1
    links: int = 0
    linked: int = 0
    h1: bool = False
    heading: bool = False
    table: bool = False
    code: bool = False


type Tree = dict[int, Facts]


def attributes_of(node: Any) -> dict[str, str | None]:
    """The attributes of an element; a text has none."""
    return getattr(node, "attrs", None) or {}


def names_of(node: Any) -> str:
    """The classes and the id of an element, in lower case."""
    attributes = attributes_of(node)
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower() if attributes else ""


def elements_of(root: Any) -> dict[str, list[Any]]:
    """The elements that describe the whole page, by their names, in order."""
    found = {name: list[Any]() for name in LISTED}
    for node in walk(root):
        name = "main" if attributes_of(node).get("role") == "main" else node.name
        if name in found:
            found[name].append(node)
    return found


def facts_of(root: Any) -> Tree:
    """What each element of the page holds, by `id(element)`."""
    found: Tree = {}
    for node in reversed(list(walk(root))):  # a child comes before its parent
        facts = found.setdefault(id(node), Facts())
        if node.name == "#text":
            facts.size = len(str(node.data or "").strip())
        if (parent := node.parent) is not None:
            _add(found.setdefault(id(parent), Facts()), node.name, facts)
    return found


def _add(parent: Facts, name: str, facts: Facts) -> None:
    parent.size += facts.size if name not in ("script", "style", "template", "noscript") else 0
    parent.nodes += facts.nodes
    parent.links += 1 if name == "a" else facts.links
    parent.linked += facts.size if name == "a" else facts.linked
    parent.h1 |= facts.h1 or name == "h1"
    parent.heading |= facts.heading or name in HEADINGS
    parent.table |= facts.table or name == "table"
    parent.code |= facts.code or name == "pre"


def walk(root: Any) -> Iterator[Any]:
    """The element and all within it, in order; without recursion, since a page may be nested as deeply as it likes."""
    left = [root]
    while left:
        node = left.pop()
        yield node
        left.extend(reversed(node.children or ()))


def words_of(node: Any, *, most: int | None = None) -> str:
    """All text within an element, or in so many elements and texts of it, in one line."""
    return " ".join(" ".join(each.data for each in islice(walk(node), most) if each.name == "#text").split())


def shown(node: Any) -> str:
    """The text of a small element as it is compared; of a large one how it begins."""
    return visible(words_of(node, most=_SMALL))


def above(node: Any, most: int) -> Iterator[Any]:
    """The elements around an element, the nearest first, at most so many."""
    for _ in range(most):
        node = node.parent
        if node is None:
            return
        yield node
