"""Long pages for the wiki: the history of a made-up town, month by month, from a seeded grammar."""

import random
import re
from calendar import month_name
from collections.abc import Mapping
from typing import Any

from fanin.testing.services.texts import read

_GAP = re.compile(r"\{(\w+)\}")


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
