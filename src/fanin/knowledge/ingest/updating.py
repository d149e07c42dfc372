"""Adds documents to a knowledge base, and brings it up to date."""

from collections.abc import Sequence
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.errors import KnowledgeError
from fanin.knowledge.ingest.adding import update_roots
from fanin.knowledge.ingest.progress import Report
from fanin.knowledge.store import queries
from fanin.knowledge.store.passage_vectors import add_missing_vectors
from fanin.knowledge.store.queries import Root
from fanin.knowledge.store.write_connection import Writer, open_writer
from fanin.limits import LIMITS, Limits


async def add_paths(
    file: Path,
    paths: Sequence[Path],
    *,
    report: Report,
    name: str = "",
    follow_links: bool = False,
    workers: int | None = None,
    limits: Limits = LIMITS,
) -> None:
    """Add folders and files to the knowledge base in `file`, or update them.

    Passages that an older version stored get their vectors.
    `name` is the name under which they are found and removed; "" means the last part of each path. `workers` are cores
    for reading, all if None; `limits` say which files are too large. Raises KnowledgeError if a path does not exist, or
    the file cannot be written.
    """
    resolved = await in_daemon_thread(_resolve_existing, paths)
    async with open_writer(file) as write:
        roots = [await write(queries.add_root, path, name=name, follow_links=follow_links) for path in resolved]
        await _update(write, roots, report, workers, limits)


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
    limits: Limits = LIMITS,
) -> None:
    """Update everything that was added under the name, or all if "".

    Passages that an older version stored get their vectors.
    """
    if not await in_daemon_thread(file.exists):
        raise KnowledgeError(
            f"There is no knowledge base at {str(file)!r}; fanin did nothing. Use `fanin kb add PATH`."
        )
    async with open_writer(file) as write:
        roots = await in_daemon_thread(select_roots, await write(queries.roots), name)
        await _update(write, roots, report, workers, limits)


def select_roots(roots: Sequence[Root], name: str) -> Sequence[Root]:
    """The roots of that name, or at that path; all for "". Raises KnowledgeError if there is none."""
    path = str(Path(name).resolve())
    found = [root for root in roots if not name or root.name == name or root.path == path]
    if name and not found:
        known = ", ".join(sorted({root.name for root in roots})) or "nothing"
        raise KnowledgeError(f"Nothing was added as {name!r}; fanin did nothing. There is {known}.")
    return found


async def _update(write: Writer, roots: Sequence[Root], report: Report, workers: int | None, limits: Limits) -> None:
    await update_roots(write, roots, report=report, workers=workers, limits=limits)
    last: int | None = 0
    while last is not None:
        last = await write(add_missing_vectors, after=last)
