"""How many requests run at the same time, for one host and in all, and how many may wait."""

import asyncio
from collections import deque

from fanin.errors import FailureKind, SourceError
from fanin.limits import LIMITS


class Slots:
    """Slots for requests, first come, first served. For each one that may run `waiting` may wait.

    One beyond that raises SourceError (kind "shed").
    """

    def __init__(self, *, per_host: int, in_all: int, waiting: int = LIMITS.waiting) -> None:
        self._per_host = per_host
        self._queue = waiting
        self._all = _Limit(in_all, waiting)
        self._hosts: dict[str, _Limit] = {}

    async def take(self, host: str) -> None:
        """Wait for a slot of this host; give it back afterwards."""
        limit = self._hosts.get(host)
        if limit is None:
            limit = self._hosts[host] = _Limit(self._per_host, self._queue)
        if not limit.took():
            try:
                await limit.wait(f"{host} has")
            finally:
                self._tidy(host, limit)
        if not self._all.took():
            try:
                await self._all.wait("There are")
            except BaseException:
                limit.give_back()
                self._tidy(host, limit)
                raise

    def give_back(self, host: str) -> None:
        """Give back a slot of this host."""
        self._all.give_back()
        limit = self._hosts[host]
        limit.give_back()
        self._tidy(host, limit)

    def _tidy(self, host: str, limit: _Limit) -> None:
        """Forget a host without requests, unless that was done already."""
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

    def took(self) -> bool:
        """Whether a slot was free, which is taken then; those given back later go to waiting requests."""
        if not self._free:
            return False
        self._free -= 1
        return True

    async def wait(self, who: str) -> None:
        if len(self._waiting) >= self._most:
            raise SourceError(
                f"{who} {self._size} requests under way and {len(self._waiting)} waiting; fanin did not add one."
                " Ask less at a time.",
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
                self.give_back()
            raise

    def give_back(self) -> None:
        """Give the slot to the request that has waited longest."""
        for slot in self._waiting:
            if not slot.done():
                slot.set_result(None)
                self._waiting.remove(slot)
                return
        self._free += 1
