"""How often does a search of the knowledge base find the right page of the Python documentation?

Run `python bench/quality/quality.py [work folder]`. The corpus is the Debian package python3.11-doc, which it gets from
the machine's apt into the work folder (a temporary one if absent); a folder that is kept saves the embedding the next
time. The control is FTS5 as it comes, over the same passages.
"""

import math
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

QUESTIONS = Path(__file__).parent / "questions.txt"

type Search = Callable[[str], Sequence[str]]


def questions() -> list[tuple[set[str], str]]:
    lines = [line for line in QUESTIONS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    parts = (line.partition(" | ") for line in lines)
    return [(set(pages.split()), question) for pages, _, question in parts]


def distinct(pages: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(pages))


def ndcg(right: set[str], pages: Sequence[str]) -> float:
    gains = [1.0 / math.log2(rank + 1) for rank, page in enumerate(distinct(pages)[:10], 1) if page in right]
    return sum(gains) / sum(1.0 / math.log2(rank + 1) for rank in range(1, min(len(right), 10) + 1))


def figures(search: Search) -> tuple[float, float, float, list[str]]:
    """hit@1, hit@5, nDCG@10, and the questions whose first five results held no right page."""
    asked = questions()
    found = [(right, question, search(question)) for right, question in asked]
    hit = [sum(not right.isdisjoint(pages[:size]) for right, _, pages in found) / len(asked) for size in (1, 5)]
    missed = [question for right, question, pages in found if right.isdisjoint(pages[:5])]
    return hit[0], hit[1], sum(ndcg(right, pages) for right, _, pages in found) / len(asked), missed


def plain(file: Path) -> Search:
    """FTS5 with its default tokenizer and ranking over the same passages; any word of the question may match."""
    source = sqlite3.connect(file)
    control = sqlite3.connect(":memory:")
    control.execute("CREATE VIRTUAL TABLE words USING fts5 (title, heading, text, path UNINDEXED)")
    rows = source.execute(
        "SELECT p.title, p.heading, p.text, d.path FROM passages p JOIN documents d ON d.id = p.document"
    )
    control.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", rows)

    def search(question: str) -> list[str]:
        words = "".join(each if each.isalnum() else " " for each in question).split()
        wanted = " OR ".join(f'"{word}"' for word in words)
        rows = control.execute("SELECT path FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50", (wanted,))
        return [page(path) for (path,) in rows]

    return search


def page(path: str) -> str:
    return path.partition("/html/")[2].removesuffix(".html")
