"""What the wiki says, in the format of MediaWiki's action API: a search, and the plain text of a page."""

import math
import random
import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fanin.testing.services.texts import read

_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the wiki."""

    id: int
    title: str
    text: str


def pages(*, months: int) -> Sequence[Page]:
    """Every page, with a history of so many months, which makes about 350 characters a month."""
    return [_page(1001 + at, **each, months=months) for at, each in enumerate(read("wiki")["pages"])]


def _page(number: int, *, title: str, text: str, chronicle: str, months: int) -> Page:
    return Page(number, title, f"{text.strip()}\n\n== Chronicle ==\n{history(chronicle, months=months)}")


def search(pages: Sequence[Page], terms: str, *, limit: int, timestamp: str) -> Mapping[str, object]:
    """The reply to list=search: the pages with any of the terms, those with many and rare ones first."""
    stems = {word[:4] for word in re.findall(r"\w{3,}", terms.lower())}
    counts = {page.id: _counts(page, stems) for page in pages}
    rarity = {stem: _rarity(sum(counts[page.id][stem] > 0 for page in pages), len(pages)) for stem in stems}
    scores = {page.id: sum(rarity[stem] * min(5, counts[page.id][stem]) for stem in stems) for page in pages}
    ranked = sorted((page for page in pages if scores[page.id]), key=lambda page: -scores[page.id])
    hits = [{"ns": 0, "title": page.title, "pageid": page.id, "timestamp": timestamp} for page in ranked[:limit]]
    return {"batchcomplete": True, "query": {"searchinfo": {"totalhits": len(hits)}, "search": hits}}


def extract(pages: Sequence[Page], page_id: int) -> Mapping[str, object]:
    """The reply to prop=extracts|info for one page."""
    for page in pages:
        if page.id == page_id:
            address = f"https://wiki.example/wiki/{quote(page.title.replace(' ', '_'))}"
            found = {"pageid": page.id, "ns": 0, "title": page.title, "extract": page.text, "fullurl": address}
            return {"batchcomplete": True, "query": {"pages": [found]}}
    return {"batchcomplete": True, "query": {"pages": [{"pageid": page_id, "missing": True}]}}


def _counts(page: Page, stems: Iterable[str]) -> Mapping[str, int]:
    """How often each stem begins a word of the page's opening; its title counts three times."""
    words = Counter(word[:4] for word in re.findall(r"\w{3,}", f"{3 * (page.title.lower() + ' ')}{_opening(page)}"))
    return {stem: words[stem] for stem in stems}


def _rarity(holding: int, pages: int) -> float:
    return math.log((pages + 1) / max(1, holding))


def _opening(page: Page) -> str:
    return page.text.partition("== Chronicle ==")[0].lower()


def history(kind: str, *, months: int, until: int = 2025, sentences: int = 4) -> str:
    """A paragraph of so many sentences for each month up to the end of a year; the same arguments, the same text."""
    rng = random.Random(kind)
    grammar = read("chronicle")
    first = 12 * (until + 1) - months
    return "\n".join(_month(grammar, kind, month, sentences, rng) for month in range(first, first + months))


def _month(grammar: Mapping[str, Any], kind: str, month: int, sentences: int, rng: random.Random) -> str:
    known = {"year": str(month // 12), "month": month_name[month % 12 + 1]}
    chosen = rng.sample(grammar["sentences"][kind], sentences)
    return " ".join(_GAP.sub(lambda gap: known.get(gap[1]) or _fill(grammar, gap[1], rng), line) for line in chosen)


def _fill(grammar: Mapping[str, Any], gap: str, rng: random.Random) -> str:
    if gap in grammar["words"]:
        return rng.choice(grammar["words"][gap])
    if gap in grammar["numbers"]:
        return str(rng.randint(*grammar["numbers"][gap]))
    return f"{rng.uniform(*grammar['levels'][gap]):.2f}"
