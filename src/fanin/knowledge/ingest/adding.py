"""Updates roots: reads and stores new and changed files, and removes the documents of missing ones."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.knowledge.ingest.file_discovery import FoundFile, Listing, RefusedFile, walk
from fanin.knowledge.ingest.file_reading import FileResult, UnchangedFile, UnreadableFile, read_file
from fanin.knowledge.ingest.parallel_reading import read_files
from fanin.knowledge.ingest.progress import Added, Ignored, Listed, Removed, Report, Skipped, Unchanged
from fanin.knowledge.store import queries
from fanin.knowledge.store.queries import Entry, Root
from fanin.knowledge.store.write_connection import Writer
from fanin.limits import LIMITS, Limits
from fanin.pools.pool import Pool
from fanin.pools.pool_choice import choose

BATCH = 1_000_000
"""Characters of text that are stored in one transaction: less than a second of work, which a kill would lose."""

BATCH_SECONDS = 0.5
"""Seconds after which a smaller batch is stored too."""

type Arrived = asyncio.Queue[tuple[str, FileResult] | None]


async def update_roots(
    writer: Writer, roots: Sequence[Root], *, report: Report, workers: int | None = None, limits: Limits = LIMITS
) -> None:
    """Update the roots on `workers` cores, all if None. Raises KnowledgeError if nothing can be stored.

    `report` is called on the event loop with each step. A bad file is reported and skipped. Cancelling it loses
    nothing that was reported as added.
    """
    pool = choose(None, workers=workers, work=read_file)
    try:
        for root in roots:
            await _Update(writer, pool, root, report, limits).run()
    finally:
        await pool.close()


@dataclass(frozen=True, slots=True)
class _Update:
    writer: Writer
    pool: Pool
    root: Root
    report: Report
    limits: Limits
    arrived: Arrived = field(default_factory=lambda: asyncio.Queue(32))

    async def run(self) -> None:
        known = await self.writer(queries.digests)  # of all roots: a file that another root has is not read again
        documents_of_root = await self.writer(queries.digests, self.root)
        try:
            listed = await in_daemon_thread(_list, self.root)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.report(Skipped(self.root.path, f"cannot be listed ({why}); fanin keeps its documents"))
            return
        found = [each.path for each in listed if isinstance(each, FoundFile)]
        refused = [each for each in listed if isinstance(each, RefusedFile)]
        self.report(Listed(len(found)))
        for each in listed:
            if isinstance(each, Ignored):
                self.report(each)
        for each in refused:
            self.report(Skipped(each.path, each.reason))
        await self._read(found, known)
        await self._remove(
            _missing_documents(documents_of_root, found, [each.path for each in refused]), len(documents_of_root)
        )

    async def _read(self, found: Sequence[str], known: Mapping[str, str]) -> None:
        """Read the files while those that are read already are being stored."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep())
                async with aclosing(read_files(self.pool, self.root, found, known, self.limits)) as stream:
                    async for each in stream:
                        await self.arrived.put(each)
                await self.arrived.put(None)
        except ExceptionGroup as group:
            raise group.exceptions[0] from None  # the error of the writer, which cancelled the reading

    async def _keep(self) -> None:
        """Store the results in batches as they arrive, until there are no more."""
        more = True
        while more:
            batch, more = await self._batch()
            read = {path: reading for path, reading in batch if isinstance(reading, Entry)}
            if read:
                await self.writer(queries.put_documents, self.root, read)
            for path, reading in batch:
                self._report_result(path, reading)

    async def _batch(self) -> tuple[list[tuple[str, FileResult]], bool]:
        """The next batch, ended by its size or by `BATCH_SECONDS`, and whether more results may come."""
        batch, size = list[tuple[str, FileResult]](), 0
        try:
            while size < BATCH:
                wait = BATCH_SECONDS if batch else None
                item = await asyncio.wait_for(self.arrived.get(), wait)
                if item is None:
                    return batch, False
                batch.append(item)
                size += len(item[1].text) if isinstance(item[1], Entry) else 0
        except TimeoutError:
            pass
        return batch, True

    def _report_result(self, path: str, result: FileResult) -> None:
        match result:
            case Entry():
                self.report(Added(path, len(result.spans)))
            case UnchangedFile():
                self.report(Unchanged(path))
            case UnreadableFile():
                self.report(Skipped(path, result.reason))

    async def _remove(self, missing: Sequence[str], known: int) -> None:
        if missing and len(missing) == known:
            why = "holds none of its files any more; fanin keeps their documents until `fanin kb remove`"
            self.report(Skipped(self.root.path, why))
            return
        await self.writer(queries.remove_documents, missing)
        for path in missing:
            self.report(Removed(path))


def _list(root: Root) -> list[Listing]:
    return list(walk(Path(root.path), follow_links=root.follow_links))


def _missing_documents(known: Collection[str], found: Sequence[str], refused: Sequence[str]) -> list[str]:
    """The documents whose files were not found, except in folders that could not be listed."""
    existing, unreadable = set(found), tuple(f"{path}/" for path in refused)
    return [path for path in known if path not in existing and path not in refused and not path.startswith(unreadable)]
