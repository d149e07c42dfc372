"""What of a page is no text of it: menus, dialogs about cookies, links to the next page, what is hidden (pure)."""

import re
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from fanin.documents.page.elements import HEADINGS, Tree, above, attributes_of, names_of, shown, walk
from fanin.text.word_lists import word_set

MAX_CONTROLS = 60
"""Links and buttons of a kind that are looked at: pages have a few."""

SMALL, FEW = 600, 120
"""Characters and elements that a bar of links or a question about cookies has at most."""


DROPPED = word_set(
    """audio canvas dialog footer head iframe input nav noscript object script select style svg template textarea
    video"""
)
DROPPED_OF_PIECES = DROPPED - word_set("footer dialog") | word_set("title button")
_ROLES = word_set("navigation search contentinfo banner dialog alertdialog menu menubar tablist")
_PARTS = word_set(
    """navheader navfooter navbar nav-bar sidebar side-bar sphinxsidebar breadcrumb breadcrumbs pagination pager
    related-posts newsletter newsletter-signup share social-share sharing skip-link skiplink comments comments-area
    comment-list commentlist comment-respond respond disqus_thread headerlink anchorjs-link sr-only visually-hidden
    screen-reader-text mw-editsection mw-jump-link noprint navigation post-navigation page-navigation
    related recommended recommendations recommendation recirc read-next more-stories you-may-also-like also-bought
    reviews review-list customer-reviews product-reviews topbar top-bar site-header site-footer page-footer
    catlinks sitesub contentsub printfooter navbox toc claps reactions advertisement ad-slot"""
)
_BEGINNINGS = tuple(
    word_set(
        """breadcrumb- breadcrumbs- related- recommend share- sharing- social- newsletter- up-sells upsell cross-sell
        crosssell sidebar- site-footer post-nav author-box tag-cloud"""
    )
)
_BLOCKS = word_set("div section p ul ol dl dd li td article table blockquote details")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOLDED = re.compile(
    r"accordion|collaps|panel|\btabs?\b|tab-|faq|answer|toggle|fold|expand|disclosure|spoiler|mwe-math"
)
_MENU = re.compile(r"menu|\bnav|modal|dialog|drawer|search|cookie|popup|overlay|offcanvas|dropdown|login")
_COOKIES = re.compile(
    r"(?:cookie|consent|gdpr|cmp)[\w-]{0,20}?(?:banner|bar|notice|popup|pop-up|dialog|overlay|modal|alert|layer|prompt"
    r"|notification|disclaimer|wall|hint)|onetrust|cybot|usercentrics|didomi|qc-cmp|klaro|truste|iubenda|borlabs|cmplz"
    r"|sp_message|cc-window"
)
_COOKIE_WORDS = re.compile(r"cookie|кук|クッキー|consent|gdpr|dsgvo", re.IGNORECASE)
_ACCEPTS = re.compile(
    r"(?:i )?(?:accept|agree|allow|reject|decline|deny|got it|okay|ok\b|understood|manage|alle[sn]?\b|akzeptieren"
    r"|zustimmen|ablehnen|verstanden|einverstanden|(?:tout )?accepter|(?:tout )?refuser|aceptar|rechazar|accett|rifiut"
    r"|aceitar|rejeitar|accepteren|weigeren|zaakceptuj|akceptuj|принять|同意)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\W{0,5}(?:prev|previous|next|up|home|contents?|index|top|back|older|newer|zurück|vor|weiter|nach oben|inhalt"
    r"|précédent|suivant|sommaire|retour|anterior|siguiente|próximo|arriba|inicio|precedente|successivo|indietro|avanti"
    r"|vorige|volgende|назад|вперёд|вперед|далее|前へ|次へ|上一页|下一页|上一頁|下一頁)"
    r"(?: (?:page|chapter|section|topic|post|article|seite|kapitel|chapitre))?\W{0,5}",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:[^\W\d]+[^\w.!?]+){4,40}?[^\W\d]{2,}\)?[.!?。](?:\s|$)")


class Furniture:
    """Whether an element of one page is left out of its text."""

    def __init__(self, elements: dict[str, list[Any]], tree: Tree) -> None:
        self._tree = tree
        self._out = {id(node) for node in (*_bars(elements["a"], tree), *_consents(elements, tree))}
        controls = (*elements["button"], *elements["a"])
        self._controlled = {name for node in islice(controls, 2_000) if (name := _controls(node))}
        body = elements["body"][:1]
        self._forms = max(1, tree[id(body[0])].size // 2) if body else 1

    def holds(self, node: Any) -> bool:
        """Comments and the like, menus, dialogs, what is hidden and not only folded, and signs beside headings."""
        name = node.name
        if not isinstance(name, str) or name in DROPPED or (name[:1] in "#!" and name != "#document"):
            return True
        if id(node) in self._out or (name == "button" and not _is_control(node)):
            return True
        if name == "form" and not self._is_all(node):
            return True
        attributes = attributes_of(node)
        if not attributes:
            return False
        hidden = is_hidden(node, attributes, self._controlled)
        return hidden or (_is_part(node, attributes) and not self._is_main(node))

    def is_menu(self, node: Any) -> bool:
        """Whether an element holds nothing but several short links, and less than half of the page."""
        facts = self._tree[id(node)]
        is_short = facts.linked < 30 * facts.links and facts.size < self._forms
        return is_short and facts.links > 3 and 10 * facts.linked >= 9 * facts.size

    def _is_main(self, node: Any) -> bool:
        """Whether it holds the heading of the page, or most of its text, so that its names must mean something else."""
        facts = self._tree[id(node)]
        return (facts.h1 or facts.size > self._forms) and attributes_of(node).get("role") not in _ROLES

    def _is_all(self, form: Any) -> bool:
        """Whether a form is around the text of the page, as some frameworks write it."""
        facts = self._tree[id(form)]
        return facts.h1 or facts.size > self._forms


class PieceFurniture:
    """What is left out of a piece of HTML, such as an item of a feed: what is hidden or has one of these names."""

    def __init__(self, dropped: frozenset[str] = DROPPED_OF_PIECES) -> None:
        self._dropped = dropped

    def holds(self, node: Any) -> bool:
        """Whether an element is left out."""
        attributes = attributes_of(node)
        return node.name in self._dropped or (bool(attributes) and is_hidden(node, attributes, frozenset()))

    def is_menu(self, _: Any) -> bool:
        """A piece of HTML has no menus besides those that are named so."""
        return False


def is_hidden(node: Any, attributes: dict[str, str | None], controlled: Collection[str]) -> bool:
    """Whether it is hidden, and no block that a reader unfolds; `controlled` are the ids of what buttons show."""
    hidden = attributes.get("aria-hidden") == "true" or attributes.get("hidden", "until-found") != "until-found"
    if not hidden and not _UNSEEN.search((attributes.get("style") or "")[:2_000]):
        return False
    names = names_of(node)[:500]
    folded = (attributes.get("id") or "") in controlled or _FOLDED.search(names) is not None
    folded = folded or attributes.get("role") == "tabpanel"
    return not folded or _MENU.search(names) is not None or node.name not in (*_BLOCKS, "span")


def _is_part(node: Any, attributes: dict[str, str | None]) -> bool:
    """Whether role or names say that it is a menu, a dialog, a sidebar or the like."""
    if attributes.get("role") in _ROLES or attributes.get("aria-modal") == "true":
        return True
    names = names_of(node)
    if not names or node.name in ("html", "body", "main"):
        return False
    if _is_place(node, attributes):
        names = (attributes.get("class") or "").lower()
    named = names.split()[:50]
    if node.name == "sup" and "reference" in named:  # [1], as MediaWiki writes it; a link may have the name as well
        return True
    if not _PARTS.isdisjoint(named) or any(each.startswith(_BEGINNINGS) for each in named):
        return True
    return _COOKIES.search(names[:500]) is not None


def _is_place(node: Any, attributes: dict[str, str | None]) -> bool:
    """Whether its id is only a place that links lead to, made of the heading of a section: not a name of a part."""
    name = attributes.get("id")
    if not name or node.name not in _BLOCKS:
        return bool(name)
    heading = next((each for each in islice(walk(node), 6) if each.name in HEADINGS), None)
    return heading is not None and re.sub(r"\W+", "-", shown(heading).lower()).strip("-") == name.lower()


def _controls(node: Any) -> str:
    """The id of the block that a button or a link shows and hides, or ""."""
    attributes = attributes_of(node)
    targets = (attributes.get(name) or "" for name in ("aria-controls", "data-target", "data-bs-target"))
    return next((each.lstrip("#") for each in targets if each), "")


def _is_control(button: Any) -> bool:
    """Whether a button is the heading of a block that it unfolds, and not one that does something."""
    if any(each.name in (*HEADINGS, "dt", "summary") for each in above(button, 3)):
        return True
    attributes = attributes_of(button)
    folds = (
        "aria-expanded" in attributes or bool(_controls(button)) or _FOLDED.search(names_of(button)[:500]) is not None
    )
    return folds and len(shown(button)) > 11 and not _MENU.search(names_of(button)[:500])


def is_fold(node: Any) -> bool:
    """Whether an element is the heading of what it unfolds, without being in a heading."""
    if node.name == "summary":
        return True
    return node.name == "button" and _is_control(node) and not any(each.name in HEADINGS for each in above(node, 3))


def _bars(links: Iterable[Any], tree: Tree) -> Iterable[Any]:
    """The blocks that lead to the page before, the next and the like, and say nothing else."""
    found = (link for link in links if tree[id(link)].size < 40 and tree[id(link)].nodes < FEW and _leads_on(link))
    return (bar for link in islice(found, MAX_CONTROLS) if (bar := _around(link, tree)) is not None)


def _leads_on(link: Any) -> bool:
    rel = (attributes_of(link).get("rel") or "").lower().split()
    return not {"prev", "next", "up"}.isdisjoint(rel) or _NEXT.fullmatch(shown(link)) is not None


def _around(link: Any, tree: Tree) -> Any:
    """The largest block around a link that has no sentence, no heading and no code; None if there is none."""
    largest = None
    for each in above(link, 8):
        facts = tree[id(each)]
        if each.name in ("body", "main", "article", "#document") or facts.size > SMALL or facts.nodes > FEW:
            break
        if facts.heading or facts.code or _SENTENCE.search(shown(each)):
            break
        largest = each if each.name in ("div", "p", "table", "ul", "ol", "section", "header") else largest
    return largest


def _consents(elements: dict[str, list[Any]], tree: Tree) -> Iterable[Any]:
    """The blocks that ask about cookies: a button to agree, and a few sentences with the word."""
    controls = (node for name in ("button", "a") for node in elements[name] if tree[id(node)].size < 60)
    for node in islice((each for each in controls if _ACCEPTS.match(shown(each))), MAX_CONTROLS):
        for each in above(node, 5):
            facts = tree[id(each)]
            if each.name in ("body", "main", "article") or facts.h1 or facts.size > 3 * SMALL or facts.nodes > FEW:
                break
            if _COOKIE_WORDS.search(shown(each)):
                yield each
                break
