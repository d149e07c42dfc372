"""How often does a search of the knowledge base find the right page of the Python documentation?

Run `python bench/quality/search.py [folder]`. The corpus is the Debian package python3.11-doc, which the machine's
apt gets; it is unpacked into the folder, or into a temporary one, with the knowledge base that is made of it. The
control is FTS5 as it comes, over the same passages. Where the questions and the right pages come from, questions.txt
says; by those of unseen_questions.txt and plain_questions.txt nothing was chosen.
"""

import argparse
import asyncio
import contextlib
import math
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fanin.embeddings import embedder
from fanin.knowledge.embedding import no_model
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.search import knowledge
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import open_for_reading

PACKAGE = "python3.11-doc"
HERE = Path(__file__).parent
SHOWN = 5
"""Results of a search that a person looks at."""

type Search = Callable[[str, int], Sequence[str]]
"""A question and how many passages are wanted: the pages on which they stand."""


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    right: frozenset[str]
    pooled: frozenset[str]


def questions(name: str) -> list[Asked]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [_asked(line) for line in lines if line and not line.startswith("#")]


def _asked(line: str) -> Asked:
    pages, _, question = line.partition(" | ")
    right = frozenset(page for page in pages.split() if not page.startswith("+"))
    return Asked(question, right, right | {page[1:] for page in pages.split() if page.startswith("+")})


def corpus(folder: Path) -> Path:
    """The documentation's pages, below the folder; gets and unpacks the package when they are not there."""
    pages = folder / "usr/share/doc" / PACKAGE.removesuffix("-doc") / "html"
    if not pages.exists():
        apt = shutil.which("apt-get")
        if apt is None:
            raise SystemExit(f"There is no apt-get here, so the corpus {PACKAGE} cannot be had; nothing was measured.")
        done = subprocess.run([apt, "download", PACKAGE], cwd=folder, capture_output=True, text=True)
        packages = sorted(folder.glob(f"{PACKAGE}_*.deb"))
        if not packages:
            raise SystemExit(f"apt-get download {PACKAGE} failed; nothing was measured.\n{done.stderr}")
        subprocess.run(["dpkg", "-x", packages[-1], folder], check=True)
    return pages


def ndcg(right: frozenset[str], pages: Sequence[str]) -> float:
    """By distinct pages, to the tenth: Järvelin and Kekäläinen, Cumulated Gain-Based Evaluation (2002)."""
    distinct = list(dict.fromkeys(pages))[:10]
    gained = sum(1.0 / math.log2(rank + 1) for rank, page in enumerate(distinct, 1) if page in right)
    return gained / sum(1.0 / math.log2(rank + 1) for rank in range(1, min(len(right), 10) + 1))


def measure(search: Search, asked: Sequence[Asked], rights: Sequence[frozenset[str]]) -> tuple[float, float, float]:
    """hit@1 and hit@5, by passages as a person sees them, and nDCG@10, by pages."""
    first = second = gain = 0.0
    for each, right in zip(asked, rights, strict=True):
        shown = search(each.question, SHOWN)
        first += bool(shown) and shown[0] in right
        second += not right.isdisjoint(shown)
        gain += ndcg(right, search(each.question, 50))
    return first / len(asked), second / len(asked), gain / len(asked)


def plain(file: Path) -> Search:
    """FTS5 with its default tokenizer and ranking over the same passages; any word of the question may match."""
    control = sqlite3.connect(":memory:")
    control.execute("CREATE VIRTUAL TABLE words USING fts5 (title, heading, text, path UNINDEXED)")
    with open_for_reading(file) as source:
        rows = source.execute(
            "SELECT p.title, p.heading, p.text, d.path FROM passages p JOIN documents d ON d.id = p.document"
        )
        control.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", rows)

    def search(question: str, limit: int) -> list[str]:
        words = "".join(each if each.isalnum() else " " for each in question).split()
        wanted = " OR ".join(f'"{word}"' for word in words)
        rows = control.execute("SELECT path FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (wanted, limit))
        return [page(path) for (path,) in rows]

    return search


def page(path: str) -> str:
    return path.partition("/html/")[2].removesuffix(".html")


def knowledge_of(folder: Path) -> Path:
    """The knowledge base of the documentation's pages, made when it is not there."""
    file = folder / "knowledge.sqlite"
    asyncio.run(add_paths(file, [corpus(folder)], report=lambda _: None))
    return file


def ways_of(file: Path) -> dict[str, Search]:
    """Each way of searching; numpy is there, so going without it is acted."""

    def searched(base: Knowledge, *, numpy: bool = True, lexical: bool = False) -> Search:
        def search(question: str, limit: int) -> list[str]:
            knowledge.can_search_all = lambda: numpy
            return [
                page(hit.path) for hit in base.search(question, limit=limit, way="lexical" if lexical else "hybrid")
            ]

        return search

    plainly = Knowledge(file, embedder=no_model)
    return {
        "plain FTS5 (control)": plain(file),
        "words": searched(plainly, lexical=True),
        "words and vectors, no numpy": searched(plainly, numpy=False),
        "words and vectors": searched(plainly),
        "then the model on the best 16": searched(Knowledge(file)),
    }


def main(folder: Path) -> None:
    if embedder() is None:
        raise SystemExit("The extra fanin[semantic] is not installed; nothing was measured.")
    file = knowledge_of(folder)
    ways = ways_of(file)
    with open_for_reading(file) as connection:
        held = queries.counts(connection)
    print(f"{held.documents:,} pages, {held.passages:,} passages, {held.vectors:,} vectors")
    for name in ("questions.txt", "unseen_questions.txt", "plain_questions.txt"):
        asked = questions(name)
        for judged in ("right", "pooled"):
            rights = [getattr(each, judged) for each in asked]
            judging = "before tuning" if judged == "right" else "after pooling"
            print(f"\n{len(asked)} of {name}, pages judged {judging}: hit@1, hit@5, nDCG@10")
            for way, search in ways.items():
                hit1, hit5, gain = measure(search, asked, rights)
                print(f"{way:30} {hit1:6.1%} {hit5:6.1%}  {gain:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="where the corpus is, or is unpacked; else a temporary one"
    )
    given = parser.parse_args().folder
    with contextlib.nullcontext(given) if given else tempfile.TemporaryDirectory() as chosen:
        folder = Path(chosen).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        main(folder)
