"""Roots brought up to date: what is new or changed is read and kept, and what is gone is forgotten."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.knowledge.ingest.file_discovery import Found, Listing, Refused, walk
from fanin.knowledge.ingest.file_reading import Read, Reading, Same, Unread, read_file
from fanin.knowledge.ingest.parallel_reading import readings
from fanin.knowledge.ingest.progress import Added, Listed, Passed, Removed, Report, Skipped, Unchanged
from fanin.knowledge.store import queries
from fanin.knowledge.store.queries import Entry, Root
from fanin.knowledge.store.write_connection import Writer
from fanin.pools.pool import Pool
from fanin.pools.pool_choice import choose

BATCH = 1_000_000
"""Characters of text that are kept in one transaction: a fraction of a second of work, which a kill would cost."""

SOON = 0.5
"""Seconds after which what was read is kept, however little it is."""

type Arrived = asyncio.Queue[tuple[str, Reading] | None]


async def add(writer: Writer, roots: Sequence[Root], *, report: Report, workers: int | None = None) -> None:
    """Bring the roots up to date on `workers` cores, all if None; raises KnowledgeError when nothing can be kept.

    `report` is called on the event loop with each step. A bad file is reported and skipped. Cancelling it loses
    nothing that was reported as added.
    """
    pool = choose(None, workers=workers, work=read_file)
    try:
        for root in roots:
            await _Update(writer, pool, root, report).run()
    finally:
        await pool.close()


@dataclass(frozen=True, slots=True)
class _Update:
    writer: Writer
    pool: Pool
    root: Root
    report: Report
    arrived: Arrived = field(default_factory=lambda: asyncio.Queue(32))

    async def run(self) -> None:
        known = await self.writer(queries.digests)  # whichever root a document came by, it need not be read again
        own = await self.writer(queries.digests, self.root)
        try:
            listed = await in_daemon_thread(_list, self.root)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.report(Skipped(self.root.path, f"cannot be listed ({why}); fanin keeps what it knows of it"))
            return
        found = [each.path for each in listed if isinstance(each, Found)]
        refused = [each for each in listed if isinstance(each, Refused)]
        self.report(Listed(len(found)))
        for each in listed:
            if isinstance(each, Passed):
                self.report(each)
        for each in refused:
            self.report(Skipped(each.path, each.reason))
        await self._read(found, known)
        await self._forget(_gone(own, found, [each.path for each in refused]), len(own))

    async def _read(self, found: Sequence[str], known: Mapping[str, str]) -> None:
        """Read the files while those that were read before are being kept."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep())
                async with aclosing(readings(self.pool, self.root, found, known)) as stream:
                    async for each in stream:
                        await self.arrived.put(each)
                await self.arrived.put(None)
        except ExceptionGroup as group:
            raise group.exceptions[0] from None  # the writer's own, which ended the reading

    async def _keep(self) -> None:
        """Keep what arrives, in batches, until there is no more."""
        more = True
        while more:
            batch, more = await self._batch()
            read = [_entry(path, reading) for path, reading in batch if isinstance(reading, Read)]
            if read:
                await self.writer(queries.put, self.root, read)
            for path, reading in batch:
                self._tell(path, reading)

    async def _batch(self) -> tuple[list[tuple[str, Reading]], bool]:
        """What arrives until it is enough or some time has passed, and whether more may come."""
        batch, size = list[tuple[str, Reading]](), 0
        try:
            while size < BATCH:
                wait = SOON if batch else None
                item = await asyncio.wait_for(self.arrived.get(), wait)
                if item is None:
                    return batch, False
                batch.append(item)
                size += len(item[1].text) if isinstance(item[1], Read) else 0
        except TimeoutError:
            pass
        return batch, True

    def _tell(self, path: str, reading: Reading) -> None:
        match reading:
            case Read():
                self.report(Added(path, len(reading.spans)))
            case Same():
                self.report(Unchanged(path))
            case Unread():
                self.report(Skipped(path, reading.reason))

    async def _forget(self, gone: Sequence[str], known: int) -> None:
        if gone and len(gone) == known:
            why = "holds none of its files any more; fanin keeps what it knows of them until `fanin kb remove`"
            self.report(Skipped(self.root.path, why))
            return
        await self.writer(queries.remove, gone)
        for path in gone:
            self.report(Removed(path))


def _list(root: Root) -> list[Listing]:
    return list(walk(Path(root.path), follow_links=root.follow_links))


def _gone(known: Collection[str], found: Sequence[str], refused: Sequence[str]) -> list[str]:
    """The documents whose files were not found, except where fanin could not look."""
    there, unseen = set(found), tuple(f"{path}/" for path in refused)
    return [path for path in known if path not in there and path not in refused and not path.startswith(unseen)]


def _entry(path: str, read: Read) -> Entry:
    return Entry(path, read.title, read.published, read.digest, read.text, read.spans)
