"""What does meaning cost: passages a second on one core and on two, the tokenizer, and a question with and without it?

Run `python bench/semantic.py`. It needs the extra fanin[semantic]. All ratios are of one run, measured in turns.
"""

import asyncio
import os
import platform
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from fanin import Document, Engine
from fanin.semantic import embedder
from fanin.semantic.wordpiece import encode
from fanin.testing.services.texts import read

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


def tokenizing(texts: list[str]) -> None:
    """The tokenizer in pure Python, which runs in every worker interpreter."""
    text = " ".join(texts)
    encode(text, length=1_000_000)
    took = statistics.median(seconds(lambda: encode(text, length=1_000_000)) for _ in range(20))
    print(f"tokenizer: {len(text) / took / 1e6:.1f} MB/s a core")


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
    tokenizing(texts)
    asyncio.run(questions(texts))


if __name__ == "__main__":
    main()
