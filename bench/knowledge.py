"""How fast is a knowledge base: searched at 100,000 passages on one core, and filled on one core and on two?

Run `python bench/knowledge.py [folder]`. Searching uses made-up passages with the word frequencies of a language.
Filling uses the Python documentation from the Debian package python3.11-doc (see quality/search.py); the folder keeps
it for the next time.
"""

import asyncio
import itertools
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fanin.knowledge.embedding import no_model
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.search_values import SearchMode
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import open_for_writing
from fanin.knowledge.store.passage_vectors import packed_vector
from fanin.knowledge.store.word_index import index_rows

PASSAGES, WORDS = 100_000, 80
VOCABULARY = 40_000
QUESTIONS = 60


def say(name: str, value: float, unit: str, remark: str = "") -> None:
    print(f"{name:52} {value:9.2f} {unit:4} {remark}".rstrip(), flush=True)


def words(chance: random.Random, count: int) -> list[str]:
    """Words by Zipf's law: the word of rank n is as frequent as 1/n."""
    ranks = range(1, VOCABULARY + 1)
    weights = list(itertools.accumulate(1.0 / rank for rank in ranks))
    return [f"w{rank:x}q" for rank in chance.choices(ranks, cum_weights=weights, k=count)]


def fill(file: Path) -> None:
    """A knowledge base of 1,000 documents with 100 passages each, every one with a vector."""
    chance = random.Random(1)
    each = PASSAGES // 1000
    with open_for_writing(file) as connection:
        root = queries.add_root(connection, "/made-up", name="", follow_links=False)
        for document in range(1000):
            stream = words(chance, each * WORDS)
            pieces = [" ".join(stream[at : at + WORDS]) for at in range(0, len(stream), WORDS)]
            ends = list(itertools.accumulate(len(piece) + 1 for piece in pieces))
            spans = [(end - len(piece) - 1, end - 1, "") for piece, end in zip(pieces, ends, strict=True)]
            text = " ".join(pieces)
            index, spellings = index_rows(("", "", piece) for piece in pieces)
            vectors = [packed_vector("", "", piece) for piece in pieces]
            entry = queries.Entry(str(document), "", "", text, spans, index, vectors, spellings)
            queries.put_documents(connection, root, {f"/made-up/{document}": entry})


def searching(file: Path) -> None:
    """In a process of its own, on one core: each way's times, and the memory that they took."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    knowledge = Knowledge(file, embedder=no_model)
    for way, most in (("lexical", 15), ("semantic", 40), ("hybrid", 40)):
        taken = [seconds(knowledge, question, way) for question in asked()]
        first, rest = taken[0][0], sorted(wall for wall, _ in taken[1:])
        cpu = statistics.median(cpu for _, cpu in taken[1:])
        remark = (
            f"{1e3 * cpu:.1f} ms of CPU, p95 {1e3 * rest[int(0.95 * len(rest))]:.1f} ms, the first {1e3 * first:.0f} ms"
        )
        remark = f"{remark}; wanted {most} ms"
        say(f"search {PASSAGES:,} passages, {way}, p50", 1e3 * statistics.median(rest), "ms", remark)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    say("memory at most, while searching", most / 1024, "MB", "wanted 400 MB")


def asked() -> list[str]:
    """Questions of three to six words that are neither the commonest nor unheard of."""
    chance = random.Random(2)
    return [
        " ".join(f"w{chance.randrange(30, 4000):x}q" for _ in range(chance.randrange(3, 7))) for _ in range(QUESTIONS)
    ]


def seconds(knowledge: Knowledge, question: str, way: SearchMode) -> tuple[float, float]:
    """How long a search took, and how much CPU time: others may use the core as well."""
    begun, cpu = time.perf_counter(), time.process_time()
    knowledge.search(question, way=way)
    return time.perf_counter() - begun, time.process_time() - cpu


def filling(folder: Path) -> None:
    """The Python documentation, on one worker and on two in turn; the best of each counts."""
    sys.path.insert(0, str(Path(__file__).parent / "quality"))
    from search import corpus

    pages, took = corpus(folder), dict[int, list[float]]({1: [], 2: []})
    for workers in (1, 2, 1, 2):
        with tempfile.TemporaryDirectory() as temporary:
            begun = time.perf_counter()
            work = add_paths(Path(temporary) / "kb.sqlite", [pages], report=lambda _: None, workers=workers)
            asyncio.run(work)
            took[workers].append(time.perf_counter() - begun)
    one, two = min(took[1]), min(took[2])
    say("fill with the Python documentation, 1 worker", one, "s")
    say("fill with the Python documentation, 2 workers", two, "s", f"{one / two:.2f} times faster; wanted 1.6")


def main(folder: Path) -> None:
    print(f"{platform.machine()}, {os.process_cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "made-up.sqlite"
        fill(file)
        subprocess.run([sys.executable, __file__, "searching", file], check=True)
    filling(folder)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["searching", file]:
            searching(Path(file))
        case [folder]:
            main(Path(folder).resolve())
        case _:
            with tempfile.TemporaryDirectory() as temporary:
                main(Path(temporary))
