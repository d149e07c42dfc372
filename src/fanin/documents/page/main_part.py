"""The element of a page that holds its main text (pure)."""

import re
from collections.abc import Sequence
from typing import Any

from fanin.documents.page.elements import Tree, above, names_of

_TEASER = re.compile(
    r"card|teaser|promo|related|recommend|sidebar|widget|comment|listing|preview|aside|banner|carousel"
)


def main_parts(elements: dict[str, list[Any]], tree: Tree) -> Sequence[Any]:
    """The elements that may be the main part, the best first: what the page says is <main>, its article, and all."""
    article = _article(elements["article"], elements, tree)
    return (*elements["main"][:1], *article, *elements["body"][:1], *elements["#document"][:1])


def _article(articles: Sequence[Any], elements: dict[str, list[Any]], tree: Tree) -> Sequence[Any]:
    """The one article that is the page's own; () if they are teasers of other pages, or several."""
    own = [each for each in articles if not _is_teaser(each)][:2_000]
    titled = [each for each in own if tree[id(each)].h1]
    if len(titled) == 1:
        return titled
    if len(own) != 1 or not elements["body"]:
        return ()
    is_small = 2 * tree[id(own[0])].size < tree[id(elements["body"][0])].size
    return () if is_small and any(not _is_in_header(each) for each in elements["h1"][:9]) else own


def _is_teaser(article: Any) -> bool:
    """Whether it leads to another page: by its names, or since it stands beside the text, or in another article."""
    if _TEASER.search(names_of(article)[:500]):
        return True
    return any(
        each.name in ("aside", "footer", "article") or _TEASER.search(_tokens(each)) for each in above(article, 4)
    )


def _tokens(node: Any) -> str:
    return names_of(node)[:500] if node.name in ("div", "section", "ul", "li") else ""


def _is_in_header(node: Any) -> bool:
    return any(each.name in ("header", "nav") for each in above(node, 6))
