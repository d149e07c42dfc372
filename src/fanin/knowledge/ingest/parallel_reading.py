"""Reads many files at the same time in the workers of a pool, and gives each result when it is ready."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.knowledge.ingest.file_reading import FileResult, UnreadableFile, read_file
from fanin.knowledge.store.queries import Root
from fanin.model import Document
from fanin.pools.pool import Done, Pool

FILE_TIMEOUT = 60.0
"""Seconds for one file."""


async def read_files(
    pool: Pool, root: Root, paths: Sequence[str], known: Mapping[str, str]
) -> AsyncGenerator[tuple[str, FileResult]]:
    """Each file with its result, in the order of completion; `known` are digests by path."""
    loop, remaining, work = asyncio.get_running_loop(), deque(paths), dict[asyncio.Future[Done], str]()
    within = root.path if not root.follow_links and await in_daemon_thread(Path(root.path).is_dir) else ""
    while remaining or work:
        while remaining and len(work) < 2 * pool.workers:
            path = remaining.popleft()
            job = Document("", url=path, title=within)
            work[pool.submit(read_file, known.get(path, ""), job, deadline=loop.time() + FILE_TIMEOUT)] = path
        finished, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for future in finished:
            path, done = work.pop(future), future.result()
            if _timed_out_in_queue(done):
                remaining.append(path)
            else:
                yield path, _result_of(done)


def _timed_out_in_queue(done: Done) -> bool:
    """Whether it timed out because it waited for another file, and not because it takes so long itself."""
    late = done.failure is not None and done.failure.kind in ("deadline", "stuck")
    return late and done.ended - done.started < FILE_TIMEOUT / 2


def _result_of(done: Done) -> FileResult:
    match done.failure:
        case None:
            return done.value
        case failure if failure.kind in ("deadline", "stuck"):
            return UnreadableFile(f"takes longer than {FILE_TIMEOUT:g} s to read")
        case failure if failure.kind == "recursion":
            return UnreadableFile("is nested too deep")
        case failure:
            return UnreadableFile(f"cannot be read: {failure.message}")
