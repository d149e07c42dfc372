"""The whole way of documents into a knowledge base: first by their words, then by their meaning."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.errors import KnowledgeError
from fanin.knowledge.embedding import Embedder, installed, packed
from fanin.knowledge.ingest.adding import add
from fanin.knowledge.ingest.progress import Embedded, Report
from fanin.knowledge.store import queries
from fanin.knowledge.store.queries import Root
from fanin.knowledge.store.write_connection import Writer, writer

AT_ONCE = 64
"""Passages that are embedded and kept together: a second or two of work, which an end at the wrong moment costs."""


async def add_paths(
    file: Path,
    paths: Sequence[Path],
    *,
    report: Report,
    name: str = "",
    follow_links: bool = False,
    workers: int | None = None,
    embedder: Callable[[], Embedder | None] = installed,
) -> None:
    """Add folders and files to the knowledge base in `file`, or bring them up to date; then embed what has no vector.

    `name` is what they are found and removed under; each one's own last part if "". `workers` are cores for reading,
    all if None. Raises KnowledgeError when a path is not there, or when the file cannot be written.
    """
    resolved = await in_daemon_thread(_resolved, paths)
    async with writer(file) as write:
        roots = [await write(queries.add_root, path, name=name, follow_links=follow_links) for path in resolved]
        await _update(write, roots, report, workers, embedder)


def _resolved(paths: Sequence[Path]) -> list[str]:
    for path in paths:
        if not path.exists():
            raise KnowledgeError(f"There is no {str(path)!r}; fanin added nothing. Name folders and files that exist.")
    return [str(path.resolve()) for path in paths]


async def sync(
    file: Path,
    *,
    report: Report,
    name: str = "",
    workers: int | None = None,
    embedder: Callable[[], Embedder | None] = installed,
) -> None:
    """Bring everything that was added under the name up to date, or all there is; then embed what has no vector."""
    if not await in_daemon_thread(file.exists):
        raise KnowledgeError(
            f"There is no knowledge base at {str(file)!r}; fanin did nothing. Use `fanin kb add PATH`."
        )
    async with writer(file) as write:
        roots = await in_daemon_thread(chosen, await write(queries.roots), name)
        await _update(write, roots, report, workers, embedder)


def chosen(roots: Sequence[Root], name: str) -> Sequence[Root]:
    """The roots of that name, or at that path; all for "". Raises KnowledgeError when there is none."""
    path = str(Path(name).resolve())
    found = [root for root in roots if not name or root.name == name or root.path == path]
    if name and not found:
        known = ", ".join(sorted({root.name for root in roots})) or "nothing"
        raise KnowledgeError(f"Nothing was added as {name!r}; fanin did nothing. There is {known}.")
    return found


async def _update(
    write: Writer,
    roots: Sequence[Root],
    report: Report,
    workers: int | None,
    embedder: Callable[[], Embedder | None],
) -> None:
    await add(write, roots, report=report, workers=workers)
    if (model := await in_daemon_thread(embedder)) is not None:
        await _embed(write, model, report=report)


async def _embed(writer: Writer, embedder: Embedder, *, report: Report) -> None:
    """Give every passage a vector; those that another model made are forgotten first."""
    await writer(queries.use_model, embedder.name)
    counted = await writer(queries.counts)
    total, done, last = counted.passages - counted.vectors, 0, 0
    while texts := await writer(queries.without_vectors, after=last, limit=AT_ONCE):
        await writer(queries.put_vectors, await _vectors(embedder, texts))
        done, last = done + len(texts), max(texts)
        report(Embedded(done, total))


async def _vectors(embedder: Embedder, texts: Mapping[int, str]) -> dict[int, bytes]:
    """A vector for each passage, made in as many threads as there are cores, each with texts of every length."""
    numbers, cores = sorted(texts, key=lambda number: len(texts[number])), os.process_cpu_count() or 1
    parts = [part for core in range(cores) if (part := numbers[core::cores])]
    made = await asyncio.gather(*(in_daemon_thread(_packed, embedder, texts, part) for part in parts))
    return {number: vector for part in made for number, vector in part.items()}


def _packed(embedder: Embedder, texts: Mapping[int, str], part: Sequence[int]) -> dict[int, bytes]:
    return dict(zip(part, packed(embedder.embed([texts[number] for number in part])), strict=True))
