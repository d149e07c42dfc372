"""The policies around a source, in their order."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Unpack

from fanin.background import in_daemon_thread
from fanin.limits import LIMITS, Limits
from fanin.model import Policy
from fanin.policies.attempt import attempt
from fanin.policies.breaker import breaker
from fanin.policies.cache import cache
from fanin.policies.health import Health
from fanin.policies.hedge import hedge
from fanin.policies.identity import make_identity
from fanin.policies.rate import concurrency_limit, rate_limit
from fanin.policies.retry import retry
from fanin.policies.shared_bucket import Sharing, shared_bucket
from fanin.sources.source import Source, digest
from fanin.storage import Store

OFF = Policy()

HEALTH_TTL = 30 * 86_400.0
"""Seconds for which the health of a source is stored."""

type Wrapper = Callable[[Source], Source]


class CacheSettings(Sharing, total=False):
    """The arguments of `cache` that all sources of an engine share, as keywords."""

    limits: Limits


class Stacks:
    """The sources of an engine with their policies and their health; `policy` is for those without their own.

    Health is stored by a source's definition and secrets: another source of the same name starts anew, and so does a
    breaker after a change of its policy or timeout. Sources without a policy have no health. `wall` gives seconds
    since the epoch.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        policy: Policy = OFF,
        store: Store | None = None,
        store_key: str | None = None,
        wall: Callable[[], float] = time.time,
        limits: Limits = LIMITS,
    ) -> None:
        self._sources = {each.name: each for each in sources}
        self._identity = make_identity(store_key, persistent=store is not None)
        self._policy = policy
        self._store = store
        self._wall = wall
        self._health = {
            each.name: Health(settings=digest(each.policy or policy, each.timeout))
            for each in sources
            if (each.policy or policy) != OFF
        }
        shared = CacheSettings(store=store, identity=self._identity, wall=wall, limits=limits)
        self.sources = {
            each.name: stack(each, each.policy or policy, health=self._health.get(each.name, Health()), **shared)
            for each in sources
        }

    def snapshot(self) -> dict[str, dict[str, Any]]:
        """By source: calls, failures, p50 and p95 in seconds, and its breaker."""
        now = asyncio.get_running_loop().time()
        return {name: health.snapshot(now=now) for name, health in self._health.items()}

    def p95(self, name: str) -> float | None:
        """The 95th percentile of a source's latencies in seconds, None where too few are known."""
        return self._health[name].percentile(0.95) if name in self._health else None

    def fresh_seconds(self, name: str) -> float:
        """For how many seconds an answer of a source is used again; 0 for one that this engine does not have."""
        source = self._sources.get(name)
        return 0.0 if source is None else (source.policy or self._policy).cache

    def reset(self, name: str) -> None:
        """Close the breaker of this source, so that it is asked again at once."""
        if name in self._health:
            self._health[name].reset()

    async def restore(self) -> None:
        """Load the health from the store."""
        if self._store is None:
            return
        await in_daemon_thread(self._identity.key)  # it may have to be read from a disk
        for name, health in self._health.items():
            if value := await self._store.get(self._store_key(name)):
                health.load(value, shift=self._shift())

    async def keep(self) -> None:
        """Store the health of the sources that were asked, and close the store."""
        if self._store is None:
            return
        for name, health in self._health.items():
            if health.changed:
                await self._store.put(self._store_key(name), health.dump(shift=self._shift()), seconds=HEALTH_TTL)
            if health.ends_pause:
                await self._end_pause(self._sources[name], health)
        await self._store.close()

    async def _end_pause(self, source: Source, health: Health) -> None:
        if rate := (source.policy or self._policy).rate:
            shared = shared_bucket(source, rate, health, store=self._store, identity=self._identity, wall=self._wall)
            await shared.end_pause()

    def _store_key(self, name: str) -> str:
        return self._identity.storage_key("health", self._sources[name])

    def _shift(self) -> float:
        """The difference of seconds since the epoch and loop time."""
        return self._wall() - asyncio.get_running_loop().time()


def stack(source: Source, policy: Policy, *, health: Health, **shared: Unpack[CacheSettings]) -> Source:
    """The source with the wrappers of the policy; the source itself if there are none."""
    if policy == OFF:
        return source
    for wrap in reversed(layers(policy, health=health, **shared)):
        source = wrap(source)
    return source


def layers(policy: Policy, *, health: Health, **shared: Unpack[CacheSettings]) -> list[Wrapper]:
    """The wrappers of the policy, outermost first."""
    order: list[Wrapper | None] = [
        # A cache hit skips all other policies, and identical questions at the same time share one call.
        partial(cache, fresh=policy.cache, stale=policy.stale, **shared) if policy.cache or policy.stale else None,
        # Each retry passes the breaker, the concurrency limit and the rate limit again.
        partial(retry, retries=policy.retries, budget=policy.retry_budget, fastest=health.fastest)
        if policy.retries
        else None,
        # An open breaker must use no slot and no token.
        partial(breaker, health=health) if policy.breaker else None,
        partial(concurrency_limit, at_once=policy.concurrency, most_waiting=shared.get("limits", LIMITS).waiting)
        if policy.concurrency
        else None,
        # Below the concurrency limit: calls that took tokens before they had a slot could all start at once. A call
        # with a slot that waits for a token blocks nobody, since the next call would need the next token.
        partial(
            rate_limit,
            rate=policy.rate,
            health=health,
            store=shared.get("store"),
            identity=shared.get("identity"),
            wall=shared.get("wall", time.time),
        )
        if policy.rate
        else None,
        # A hedge uses the slot of the call that is late, and does not count as an attempt.
        partial(hedge, health=health) if policy.hedge else None,
        # Innermost, so that the timeout and the latency are those of a call, not of waiting for one.
        partial(attempt, health=health),
    ]
    return [each for each in order if each is not None]
