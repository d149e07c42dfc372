"""The token bucket of a source's rate, which all processes share that have one store."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fanin.policies.health import Bucket, Health
from fanin.storage import Store

TRIES, PAUSE = 8, 0.01
"""How often a token is tried for while other processes take theirs, and seconds until it is tried for again."""


@dataclass(slots=True)
class SharedBucket:
    """The bucket in `health`. Its tokens are those under `key` of a store that can swap values, if there is one.

    `rate` is (calls, seconds), `wall` gives seconds since the epoch. A pause for which the source asked is not shared.
    """

    rate: tuple[int, float]
    health: Health
    store: Store | None = None
    key: Callable[[], str] = str
    wall: Callable[[], float] = time.time
    _stored: bytes | None = field(default=None, init=False)

    async def wait(self, *, ahead: int = 0) -> float:
        """Seconds until a call may start, with `ahead` waiting calls before it."""
        await self._load()
        return self._bucket.wait(self.rate, now=_now(), ahead=ahead)

    async def take(self) -> float:
        """Take a token, and give 0.0; or the seconds to wait if there is none."""
        for _ in range(TRIES):
            if wait := await self.wait():
                return wait
            taken = self._bucket.take(self.rate, now=_now())
            if await self._swap(taken):
                self.health.bucket = taken
                return 0.0
        return PAUSE

    async def pause(self, after: float | None) -> None:
        """Remove all tokens, and begin a pause of `after` seconds."""
        self.health.bucket = self._bucket.pause(after, now=_now())
        if self.store is not None and self._can_swap:
            await self.store.put(self.key(), self._dump(self.health.bucket), seconds=self.rate[1])

    @property
    def _bucket(self) -> Bucket:
        return self.health.bucket or Bucket(float(self.rate[0]))

    @property
    def _can_swap(self) -> bool:
        return hasattr(self.store, "swap")

    async def _load(self) -> None:
        if self.store is None or not self._can_swap:
            return
        self._stored = await self.store.get(self.key())
        if self._stored is None:
            return
        try:
            tokens, at = map(float, json.loads(self._stored))
        except ValueError, TypeError:
            return
        self.health.bucket = replace(self._bucket, tokens=tokens, at=at - self._shift())

    async def _swap(self, taken: Bucket) -> bool:
        """Put the bucket into the store unless another process was first; True without a store that works."""
        if self.store is None or not self._can_swap:
            return True
        swap: Any = getattr(self.store, "swap")  # noqa: B009 - not every store has it
        return await swap(self.key(), self._stored, self._dump(taken), seconds=self.rate[1]) is not False

    def _dump(self, bucket: Bucket) -> bytes:
        return json.dumps([bucket.tokens, bucket.at + self._shift()]).encode()

    def _shift(self) -> float:
        """The difference of seconds since the epoch and loop time."""
        return self.wall() - _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
