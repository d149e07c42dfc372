"""Does one of the passages that an answer gets from a knowledge base state the fact that was asked for?

Run `python bench/quality/facts.py FOLDER`. The folder has the manuals `cargo`, `rustc`, `rustdoc` and `book` as HTML,
which `rustup component add rust-docs` puts below share/doc/rust/html of a toolchain. The questions are those of
facts.txt.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fanin.embeddings import embedder
from fanin.knowledge.embedding import no_model
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.search import knowledge
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.search_values import SearchMode

MANUALS = ("cargo", "rustc", "rustdoc", "book")
REPEATED = ("*/print.html", "*/toc.html", "book/*-edition/**/*.html")
"""Pages that hold others once more, and editions of the past."""

FIRST = (5, 8, 16)


def questions() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("facts.txt").read_text("utf-8").splitlines()
    pairs = [line.rpartition(" | ") for line in lines if not line.startswith("#")]
    return [(question, fact.casefold()) for question, _, fact in pairs]


def copied(folder: Path, into: Path) -> Path:
    """The pages of the manuals without those that repeat others."""
    repeated = {path for pattern in REPEATED for path in folder.glob(pattern)}
    for manual in MANUALS:
        for page in (folder / manual).rglob("*.html"):
            if page not in repeated:
                copy = into / page.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(page.read_bytes())
    return into


def stated(base: Knowledge, way: SearchMode) -> Sequence[int]:
    """For how many questions the fact is in so many first passages."""
    counts = [0] * len(FIRST)
    for question, fact in questions():
        found = base.find(question, limit=max(FIRST), by_page=False, way=way).passages
        texts = [" ".join(passage.text.split()).casefold() for passage in found]
        counts = [count + any(fact in text for text in texts[:most]) for count, most in zip(counts, FIRST, strict=True)]
    return counts


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "kb.sqlite"
        manuals = copied(folder, Path(temporary) / "manuals")
        asyncio.run(add_paths(file, [manuals], report=lambda _: None))
        print(f"{len(questions())} questions; facts within {', '.join(map(str, FIRST))} passages")
        for name, numpy, way, model in (
            ("words", True, "lexical", no_model),
            ("words and vectors, no numpy", False, "hybrid", no_model),
            ("words and vectors", True, "hybrid", no_model),
            ("then the model on the best 16", True, "hybrid", embedder),
        ):
            knowledge.can_search_all = lambda numpy=numpy: numpy
            print(f"{name:30}", *(f"{count:3}" for count in stated(Knowledge(file, embedder=model), way)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
