"""A store in Redis, for several servers that share what they know."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from fanin.errors import ConfigError

TIMEOUT = 0.5
"""Seconds that a question waits for Redis, far less than for a source; then the value counts as unknown."""

PAUSE = 5.0
"""Seconds for which a Redis that does not answer is not asked again: a question waits for it once, not each time."""

_log = logging.getLogger("fanin")


class RedisStore:
    """Bytes by key in Redis, under the prefix "fanin:". A server that is down is logged, and nothing is kept.

    Raises ConfigError when the extra fanin[redis] is not installed, or the address is none.
    """

    def __init__(self, url: str) -> None:
        try:
            from redis.asyncio import Redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
            from redis.exceptions import RedisError
        except ImportError as error:
            raise ConfigError(
                f"The extra fanin[redis] is not installed ({error}); fanin did not start. Install it, or name a file."
            ) from error
        self._failures = (RedisError, OSError, TimeoutError)
        try:
            # The older protocol: every server knows it, those before Redis 6 and those of others included.
            self._client: Any = cast("Any", Redis).from_url(
                url, protocol=2, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
            )
        except ValueError as error:
            raise ConfigError(
                f"This is no address of Redis ({error}); fanin did not start. Write redis://HOST:PORT/NUMBER."
            ) from None
        self._down = False
        self._again_at = 0.0

    async def get(self, key: str) -> bytes | None:
        """What was put last under the key, unless its time is over or Redis cannot be asked."""
        return await self._do(lambda: self._client.get(f"fanin:{key}"))

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep the value for so many seconds."""
        await self._do(lambda: self._client.set(f"fanin:{key}", value, px=max(1, round(seconds * 1000))))

    async def close(self) -> None:
        """Close the connections."""
        with contextlib.suppress(*self._failures):
            await self._client.aclose()

    async def _do(self, command: Callable[[], Awaitable[Any]]) -> Any:
        clock = asyncio.get_running_loop().time
        if self._down and clock() < self._again_at:
            return None
        try:
            value = await command()
        except self._failures as error:
            if not self._down:
                _log.warning("Redis does not answer (%s); fanin goes on without it.", type(error).__name__)
            self._down, self._again_at = True, clock() + PAUSE
            return None
        self._down = False
        return value
