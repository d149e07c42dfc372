"""Reads many files at the same time in the workers of a pool, and gives each result when it is ready."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from fanin.background import in_daemon_thread
from fanin.errors import FailureKind
from fanin.knowledge.ingest.file_reading import FileResult, UnreadableFile, read_file
from fanin.knowledge.store.queries import Root
from fanin.limits import LIMITS, Limits
from fanin.model import Document
from fanin.pools.pool import Done, Pool


async def read_files(
    pool: Pool, root: Root, paths: Sequence[str], known: Mapping[str, str], limits: Limits = LIMITS
) -> AsyncGenerator[tuple[str, FileResult]]:
    """Each file with its result, in the order of completion; `known` are digests by path."""
    loop, remaining, work = asyncio.get_running_loop(), deque(paths), dict[asyncio.Future[Done], str]()
    within = root.path if not root.follow_links and await in_daemon_thread(Path(root.path).is_dir) else ""
    changed = limits.changed()
    while remaining or work:
        while remaining and len(work) < 2 * pool.workers:
            path = remaining.popleft()
            job = Document("", url=path, title=within, metadata=changed)
            work[pool.submit(read_file, known.get(path, ""), job, deadline=loop.time() + limits.file_seconds)] = path
        finished, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for future in finished:
            path, done = work.pop(future), future.result()
            if _timed_out_in_queue(done, limits):
                remaining.append(path)
            else:
                yield path, _result_of(done, limits)


def _timed_out_in_queue(done: Done, limits: Limits) -> bool:
    """Whether it timed out because it waited for another file, and not because it takes so long itself."""
    late = done.failure is not None and done.failure.kind in (FailureKind.DEADLINE, FailureKind.STUCK)
    return late and done.ended - done.started < limits.file_seconds / 2


def _result_of(done: Done, limits: Limits) -> FileResult:
    match done.failure:
        case None:
            return done.value
        case failure if failure.kind in (FailureKind.DEADLINE, FailureKind.STUCK):
            return UnreadableFile(f"takes longer than {limits.file_seconds:g} s to read")
        case failure if failure.kind == FailureKind.RECURSION:
            return UnreadableFile("is nested too deep")
        case failure:
            return UnreadableFile(f"cannot be read: {failure.message}")
