"""Long pages for the wiki: the history of a town that does not exist, year by year, from a seeded grammar."""

import random
import re
from collections.abc import Mapping
from typing import Any

from fanin.testing.services.texts import read


def chronicle(kind: str, *, years: range, sentences: int = 4) -> str:
    """A paragraph of so many sentences for each year; the same text for the same arguments."""
    rng = random.Random(kind)
    grammar = read("chronicle")
    return "\n".join(_year(grammar, kind, year, sentences, rng) for year in years)


def _year(grammar: Mapping[str, Any], kind: str, year: int, sentences: int, rng: random.Random) -> str:
    chosen = rng.sample(grammar["sentences"][kind], sentences)
    return " ".join(re.sub(r"\{(\w+)\}", lambda gap: _fill(grammar, gap[1], year, rng), line) for line in chosen)


def _fill(grammar: Mapping[str, Any], gap: str, year: int, rng: random.Random) -> str:
    if gap in grammar["words"]:
        return rng.choice(grammar["words"][gap])
    if gap in grammar["numbers"]:
        return str(rng.randint(*grammar["numbers"][gap]))
    return str(year) if gap == "year" else f"{rng.uniform(*grammar['levels'][gap]):.2f}"
