"""Many files read at once by the workers of a pool, each handed over when it is ready."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.knowledge.ingest.file_reading import Reading, Unread, read_file
from fanin.knowledge.store.queries import Root
from fanin.model import Document
from fanin.pools.pool import Done, Pool

PATIENCE = 60.0
"""Seconds that a worker may spend on one file."""


async def readings(
    pool: Pool, root: Root, paths: Sequence[str], known: Mapping[str, str]
) -> AsyncGenerator[tuple[str, Reading]]:
    """Each file with what became of it, in the order in which they are ready; `known` are digests by path."""
    loop, left, work = asyncio.get_running_loop(), deque(paths), dict[asyncio.Future[Done], str]()
    within = root.path if not root.follow_links and await in_daemon_thread(Path(root.path).is_dir) else ""
    while left or work:
        while left and len(work) < 2 * pool.workers:
            path = left.popleft()
            job = Document("", url=path, title=within)
            work[pool.submit(read_file, known.get(path, ""), job, deadline=loop.time() + PATIENCE)] = path
        over, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for future in over:
            path, done = work.pop(future), future.result()
            if _was_cut_short(done):
                left.append(path)
            else:
                yield path, _reading(done)


def _was_cut_short(done: Done) -> bool:
    """Whether its time was over because it waited behind another file, and not because it needs so much."""
    late = done.failure is not None and done.failure.kind in ("deadline", "stuck")
    return late and done.ended - done.started < PATIENCE / 2


def _reading(done: Done) -> Reading:
    match done.failure:
        case None:
            return done.value
        case failure if failure.kind in ("deadline", "stuck"):
            return Unread(f"takes longer than {PATIENCE:g} s to read")
        case failure if failure.kind == "recursion":
            return Unread("is nested too deeply")
        case failure:
            return Unread(f"cannot be read: {failure.message}")
