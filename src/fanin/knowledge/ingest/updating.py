"""Adds documents to a knowledge base: stores their passages first, and then their vectors."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.errors import KnowledgeError
from fanin.knowledge.embedding import Embedder, installed_model, pack_vectors
from fanin.knowledge.ingest.adding import update_roots
from fanin.knowledge.ingest.progress import Embedded, Report
from fanin.knowledge.store import queries
from fanin.knowledge.store.queries import Root
from fanin.knowledge.store.write_connection import Writer, open_writer
from fanin.limits import LIMITS, Limits

AT_ONCE = 64
"""Passages that are embedded and stored together: a second or two of work, which a kill would lose."""


async def add_paths(
    file: Path,
    paths: Sequence[Path],
    *,
    report: Report,
    name: str = "",
    follow_links: bool = False,
    workers: int | None = None,
    embedder: Callable[[], Embedder | None] = installed_model,
    limits: Limits = LIMITS,
) -> None:
    """Add folders and files to the knowledge base in `file`, or update them; then embed passages without a vector.

    `name` is the name under which they are found and removed; "" means the last part of each path. `workers` are cores
    for reading, all if None; `limits` say which files are too large. Raises KnowledgeError if a path does not exist, or
    the file cannot be written.
    """
    resolved = await in_daemon_thread(_resolve_existing, paths)
    async with open_writer(file) as write:
        roots = [await write(queries.add_root, path, name=name, follow_links=follow_links) for path in resolved]
        await _update(write, roots, report, workers, embedder, limits)


def _resolve_existing(paths: Sequence[Path]) -> list[str]:
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
    embedder: Callable[[], Embedder | None] = installed_model,
    limits: Limits = LIMITS,
) -> None:
    """Update everything that was added under the name, or all if ""; then embed passages without a vector."""
    if not await in_daemon_thread(file.exists):
        raise KnowledgeError(
            f"There is no knowledge base at {str(file)!r}; fanin did nothing. Use `fanin kb add PATH`."
        )
    async with open_writer(file) as write:
        roots = await in_daemon_thread(select_roots, await write(queries.roots), name)
        await _update(write, roots, report, workers, embedder, limits)


def select_roots(roots: Sequence[Root], name: str) -> Sequence[Root]:
    """The roots of that name, or at that path; all for "". Raises KnowledgeError if there is none."""
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
    limits: Limits,
) -> None:
    await update_roots(write, roots, report=report, workers=workers, limits=limits)
    if (model := await in_daemon_thread(embedder)) is not None:
        await _embed(write, model, report=report)


async def _embed(writer: Writer, embedder: Embedder, *, report: Report) -> None:
    """Give every passage a vector; vectors of another model are removed first."""
    await writer(queries.use_model, embedder.name)
    counted = await writer(queries.counts)
    total, done, last = counted.passages - counted.vectors, 0, 0
    while texts := await writer(queries.texts_without_vectors, after=last, limit=AT_ONCE):
        await writer(queries.put_vectors, await _embed_texts(embedder, texts))
        done, last = done + len(texts), max(texts)
        report(Embedded(done, total))


async def _embed_texts(embedder: Embedder, texts: Mapping[int, str]) -> dict[int, bytes]:
    """A vector for each passage, from one thread per core; each thread gets texts of all lengths."""
    numbers, cores = sorted(texts, key=lambda number: len(texts[number])), os.process_cpu_count() or 1
    parts = [part for core in range(cores) if (part := numbers[core::cores])]
    embedded = await asyncio.gather(*(in_daemon_thread(_embed_part, embedder, texts, part) for part in parts))
    return {number: vector for part in embedded for number, vector in part.items()}


def _embed_part(embedder: Embedder, texts: Mapping[int, str], part: Sequence[int]) -> dict[int, bytes]:
    return dict(zip(part, pack_vectors(embedder.embed([texts[number] for number in part])), strict=True))
