"""The token bucket of a source's rate, shared by all processes that have the same store."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from functools import partial
from typing import Any, TypedDict, Unpack

from fanin.policies.health import MAX_PAUSE, Bucket, Health
from fanin.policies.identity import Identity
from fanin.sources.source import Source
from fanin.storage import Store

TRIES, PAUSE = 8, 0.01
"""How often a token is tried for while other processes take theirs, and seconds until it is tried for again."""


@dataclass(slots=True)
class SharedBucket:
    """The bucket in `health`. If a store can swap values, its tokens and its pause are those stored under `key`.

    `rate` is (calls, seconds), `wall` gives seconds since the epoch.
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
            if await self._swap(self._bucket.take(self.rate, now=_now())):
                return 0.0
        return PAUSE

    async def pause(self, after: float | None) -> None:
        """Remove all tokens, and begin a pause of `after` seconds."""
        for _ in range(TRIES):
            await self._load()
            self.health.bucket = self._bucket.pause(after, now=_now())
            if await self._swap(self._bucket):
                return

    async def end_pause(self) -> None:
        """End the pause for all processes, if `health` was reset."""
        for _ in range(TRIES):
            await self._load()
            if not self.health.ends_pause or await self._swap(self._bucket):
                return

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
            tokens, at, paused = map(float, json.loads(self._stored))
        except ValueError, TypeError:
            return
        bucket = Bucket(tokens, at, 0.0 if self.health.ends_pause else paused).shift(-self._shift())
        self.health.bucket = Bucket(tokens, min(bucket.at, _now()), min(bucket.paused, _now() + MAX_PAUSE))

    async def _swap(self, bucket: Bucket) -> bool:
        """Set the bucket, also in the store, unless another process was first there."""
        if self.store is not None and self._can_swap:
            swap: Any = getattr(self.store, "swap")  # noqa: B009 - not every store has it
            value = json.dumps(astuple(bucket.shift(self._shift()))).encode()
            # For the longest pause: other processes must still find it when a reset has ended theirs.
            if await swap(self.key(), self._stored, value, seconds=max(self.rate[1], MAX_PAUSE)) is False:
                return False
        self.health.bucket, self.health.ends_pause = bucket, False
        return True

    def _shift(self) -> float:
        """The difference of seconds since the epoch and loop time."""
        return self.wall() - _now()


class Sharing(TypedDict, total=False):
    """Where tokens are shared: in the `store`, for all processes that make the same keys by `identity`.

    `wall` gives seconds since the epoch.
    """

    store: Store | None
    identity: Identity | None
    wall: Callable[[], float]


def shared_bucket(source: Source, rate: tuple[int, float], health: Health, **sharing: Unpack[Sharing]) -> SharedBucket:
    """The bucket of a source, whose tokens are in `health`, and shared."""
    store, identity, wall = sharing.get("store"), sharing.get("identity"), sharing.get("wall", time.time)
    key = str if identity is None else partial(identity.storage_key, "rate", source)
    return SharedBucket(rate, health, store if identity else None, key, wall)


def _now() -> float:
    return asyncio.get_running_loop().time()
