"""A store in Redis, for several servers that share what they know."""

import logging
from typing import Any, cast

from fanin.errors import ConfigError

TIMEOUT = 0.5
"""Seconds that a question waits for Redis, far less than for a source; then the value counts as unknown."""

_log = logging.getLogger("fanin")


class RedisStore:
    """Bytes by key in Redis, under the prefix "fanin:". A server that is down is logged, and nothing is kept.

    Raises ConfigError when the extra fanin[redis] is not installed.
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
        self._client: Any = cast("Any", Redis).from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
        )
        self._down = False

    async def get(self, key: str) -> bytes | None:
        """What was put last under the key, unless its time is over or Redis cannot be asked."""
        try:
            value = await self._client.get(f"fanin:{key}")
        except self._failures as error:
            self._told(error)
            return None
        self._down = False
        return value

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep the value for so many seconds."""
        try:
            await self._client.set(f"fanin:{key}", value, px=max(1, round(seconds * 1000)))
        except self._failures as error:
            self._told(error)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _told(self, error: Exception) -> None:
        if not self._down:
            _log.warning("Redis does not answer (%s); fanin goes on without it.", type(error).__name__)
        self._down = True
