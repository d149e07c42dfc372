"""Limits the requests that run at the same time, per host and in all, and those that wait."""

import asyncio
from collections import deque

from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS


class Slots:
    """Slots for requests, first come, first served; for each one that may run, `waiting` may wait.

    Raises SourceError (kind "shed") for further ones.
    """

    def __init__(self, *, per_host: int, in_all: int, waiting: int = LIMITS.waiting) -> None:
        self._per_host = per_host
        self._queue = waiting
        self._all = _Limit(in_all, waiting)
        self._hosts: dict[str, _Limit] = {}

    async def take(self, host: str) -> None:
        """Wait for a slot of this host, which must be released afterwards."""
        limit = self._hosts.get(host)
        if limit is None:
            limit = self._hosts[host] = _Limit(self._per_host, self._queue)
        if not limit.try_take():
            try:
                await limit.wait(f"{host} has")
            finally:
                self._forget_idle(host, limit)
        if not self._all.try_take():
            try:
                await self._all.wait("There are")
            except BaseException:
                limit.release()
                self._forget_idle(host, limit)
                raise

    def release(self, host: str) -> None:
        """Release a slot of this host."""
        self._all.release()
        limit = self._hosts[host]
        limit.release()
        self._forget_idle(host, limit)

    def _forget_idle(self, host: str, limit: _Limit) -> None:
        """Remove the entry of a host without requests."""
        if limit.idle and self._hosts.get(host) is limit:
            del self._hosts[host]


class _Limit:
    __slots__ = ("_free", "_most", "_size", "_waiting")

    def __init__(self, size: int, waiting: int) -> None:
        self._size = self._free = size
        self._most = size * waiting
        self._waiting = deque[asyncio.Future[None]]()

    @property
    def idle(self) -> bool:
        return self._free == self._size

    def try_take(self) -> bool:
        """Take a slot if one is free, and no request waits."""
        if not self._free:
            return False
        self._free -= 1
        return True

    async def wait(self, who: str) -> None:
        if len(self._waiting) >= self._most:
            raise SourceError(
                f"{who} {self._size} running and {len(self._waiting)} waiting requests; fanin did not add one."
                " Ask less at the same time.",
                FailureKind.SHED,
            )
        slot = asyncio.get_running_loop().create_future()
        self._waiting.append(slot)
        try:
            await slot
        except asyncio.CancelledError:
            if slot.cancelled():
                self._waiting.remove(slot)
            else:  # it got a slot just as it was cancelled
                self.release()
            raise

    def release(self) -> None:
        """Give the slot to the request that has waited longest."""
        for slot in self._waiting:
            if not slot.done():
                slot.set_result(None)
                self._waiting.remove(slot)
                return
        self._free += 1
