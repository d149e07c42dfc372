"""How many requests there are at a time, for one host and in all, and how many may wait for their turn."""

import asyncio

from fanin.errors import SourceError

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
        lane = self._hosts.get(host) or self._hosts.setdefault(host, _Lane(self._per_host))
        await lane.take(f"{host} has")
        try:
            await self._all.take("There are")
        except BaseException:
            self._give_back(host, lane)
            raise

    def give_back(self, host: str) -> None:
        """End a turn that was taken for this host."""
        self._all.give_back()
        self._give_back(host, self._hosts[host])

    def _give_back(self, host: str, lane: _Lane) -> None:
        lane.give_back()
        if not lane.used:
            del self._hosts[host]


class _Lane:
    def __init__(self, size: int) -> None:
        self._size = size
        self._turns = asyncio.Semaphore(size)
        self.used = 0

    async def take(self, who: str) -> None:
        if self.used >= self._size * (1 + WAITING):
            raise SourceError(
                f"{who} {self._size} requests under way and {self.used - self._size} waiting; fanin did not add one."
                " Ask less at a time.",
                kind="shed",
            )
        self.used += 1
        try:
            await self._turns.acquire()
        except BaseException:
            self.used -= 1
            raise

    def give_back(self) -> None:
        self.used -= 1
        self._turns.release()
