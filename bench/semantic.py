"""What does meaning cost: passages a second on one core and on two, the tokenizer, a question with and without it, and
the analysis of a text with one worker and with two?

Run `python bench/semantic.py`. It needs the extra fanin[semantic]. All ratios are of one run, measured in turns.
"""

import asyncio
import os
import platform
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pydoc_data.topics import topics
from typing import TYPE_CHECKING

from fanin import Document, Engine
from fanin.embeddings import embedder, token_table
from fanin.embeddings.model_loading import SECONDS
from fanin.embeddings.wordpiece import encode, placed
from fanin.process.full_text import analysis_of
from fanin.testing.services.texts import read

if TYPE_CHECKING:
    from fanin.embeddings.minilm import MiniLM

ROUNDS = 5


def passages() -> list[str]:
    """Passages of about a hundred pieces each, of the demonstration's texts."""
    words = " ".join(str(value) for value in _strings(read("wiki"))).split()
    return [" ".join(words[at : at + 80]) for at in range(0, len(words) - 80, 40)][:32]


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for each in value.values() for text in _strings(each)]
        case list():
            return [text for each in value for text in _strings(each)]
        case _:
            return []


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def embedding(texts: list[str]) -> None:
    """The same passages in one thread and shared by two."""
    model = embedder()
    assert model is not None, "the extra fanin[semantic] is not installed"
    print(f"loading the model: {seconds(model.load):.2f} s; taken for at most {SECONDS:g} s")
    encoded = [encode(text) for text in texts]
    model.embed_pieces(encoded[:2])
    halves = (encoded[::2], encoded[1::2])
    with ThreadPoolExecutor(2) as threads:
        pairs = [
            (seconds(lambda: model.embed_pieces(encoded)), seconds(lambda: [*threads.map(model.embed_pieces, halves)]))
            for _ in range(ROUNDS)
        ]
    one, two = (len(texts) / statistics.median(each) for each in zip(*pairs, strict=True))
    pieces = statistics.mean(map(len, encoded))
    print(f"passages of {pieces:.0f} pieces: {one:.0f} a second with one thread, {two:.0f} with two ({two / one:.2f}x)")


def tokenizing() -> None:
    """The tokenizer in pure Python, which runs in every worker, beside the reference in Rust, in one thread each."""
    from tokenizers.implementations import BertWordPieceTokenizer

    text = manual(400_000)
    known = files("fanin.embeddings").joinpath("vocabulary", "vocab.txt").read_text("utf-8").split("\n")[:30_522]
    reference = BertWordPieceTokenizer({piece: number for number, piece in enumerate(known)})
    for name, work in {
        "tokenizer": lambda: encode(text, length=len(text)),
        "tokenizer, with the place of each piece": lambda: list(placed(text)),
        "the reference, tokenizers": lambda: reference.encode(text, add_special_tokens=False).ids,
    }.items():
        work()
        took = statistics.median(seconds(work) for _ in range(ROUNDS))
        print(f"{name}: {len(text) / took / 1e6:.2f} MB/s a core")


def analysing() -> None:
    """The analysis of a text with one worker and one thread that embeds, and with two of each; workers start in it."""
    model = embedder()
    assert model is not None
    model.load()
    for size, used, rounds in ((100, model, 3), (100, None, ROUNDS), (500, None, ROUNDS)):
        text = manual(size * 1000)
        pairs = [tuple(analysis_seconds(text, used, workers=workers) for workers in (1, 2)) for _ in range(rounds)]
        one, two = (statistics.median(each) for each in zip(*pairs, strict=True))
        name = used.name if used else token_table.NAME
        print(f"analyze {size} kB, {name}: {one:.2f} s with one worker, {two:.2f} s with two ({one / two:.2f}x)")


def analysis_seconds(text: str, model: MiniLM | None, *, workers: int) -> float:
    work = analysis_of(text, "How does the import system find modules?", model=model, workers=workers)
    return seconds(lambda: asyncio.run(work))


def manual(size: int) -> str:
    """The beginning of the manual that comes with Python: English with some code."""
    return "\n\n".join(topics[name] for name in sorted(topics))[:size]


async def questions(texts: list[str]) -> None:
    """One question over documents at hand, with and without meaning, the cache of vectors empty each time."""

    async def at_hand(_: object) -> list[Document]:
        return [Document(text, title=f"Passage {number}") for number, text in enumerate(texts[:16])]

    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for semantic in times:
            async with Engine([at_hand], semantic=semantic) as engine:
                await engine.ask("warm?", sources=["at_hand"]) if not semantic else None
                begun = time.perf_counter()
                await engine.ask("How does the tide gate keep the harbour dry?")
                times[semantic].append(time.perf_counter() - begun)
    with_meaning, by_words = (statistics.median(times[each]) for each in (True, False))
    print(f"a question over 16 passages: {with_meaning:.2f} s with meaning, cold; {by_words:.2f} s by words, warm")


def main() -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}")
    texts = passages()
    embedding(texts)
    tokenizing()
    asyncio.run(questions(texts))
    analysing()


if __name__ == "__main__":
    main()
