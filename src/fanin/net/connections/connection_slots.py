"""How many requests there are at a time, for one host and in all, and how many may wait for their turn."""

import asyncio
from collections import deque

from fanin.errors import FailureKind, SourceError

WAITING = 10
"""Requests that may wait for each one that may run; with more than that in front of it, none would be in time."""


class Slots:
    """Turns for requests, first come, first served. What finds too many waiting raises SourceError (kind "shed")."""

    def __init__(self, *, per_host: int, in_all: int) -> None:
        self._per_host = per_host
        self._all = _Lane(in_all)
        self._hosts: dict[str, _Lane] = {}

    async def take(self, host: str) -> None:
        """Wait for a turn to ask this host; give it back afterwards."""
        lane = self._hosts.get(host)
        if lane is None:
            lane = self._hosts[host] = _Lane(self._per_host)
        if not lane.took():
            try:
                await lane.wait(f"{host} has")
            finally:
                self._tidy(host, lane)
        if not self._all.took():
            try:
                await self._all.wait("There are")
            except BaseException:
                lane.give_back()
                self._tidy(host, lane)
                raise

    def give_back(self, host: str) -> None:
        """End a turn that was taken for this host."""
        self._all.give_back()
        lane = self._hosts[host]
        lane.give_back()
        self._tidy(host, lane)

    def _tidy(self, host: str, lane: _Lane) -> None:
        """Forget a host that nobody asks any more, unless another one who left has done so already."""
        if lane.idle and self._hosts.get(host) is lane:
            del self._hosts[host]


class _Lane:
    __slots__ = ("_free", "_size", "_waiting")

    def __init__(self, size: int) -> None:
        self._size = self._free = size
        self._waiting = deque[asyncio.Future[None]]()

    @property
    def idle(self) -> bool:
        return self._free == self._size

    def took(self) -> bool:
        """Whether there was a turn to take at once; whoever waits has been promised the next ones."""
        if not self._free:
            return False
        self._free -= 1
        return True

    async def wait(self, who: str) -> None:
        if len(self._waiting) >= self._size * WAITING:
            raise SourceError(
                f"{who} {self._size} requests under way and {len(self._waiting)} waiting; fanin did not add one."
                " Ask less at a time.",
                FailureKind.SHED,
            )
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.remove(turn)
            else:  # it was given a turn in the moment in which it left
                self.give_back()
            raise

    def give_back(self) -> None:
        """Hand the turn to whoever has waited longest."""
        for turn in self._waiting:
            if not turn.done():
                turn.set_result(None)
                self._waiting.remove(turn)
                return
        self._free += 1
