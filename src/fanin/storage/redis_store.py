"""A store in Redis, which several servers can share."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from fanin.errors import ConfigError

TIMEOUT = 0.5
"""Seconds that a question waits for Redis, far less than for a source; then the value counts as missing."""

PAUSE = 5.0
"""Seconds for which a Redis that does not answer is not asked again, so that a question waits for it only once."""

_SWAP = """
if (redis.call('get', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
return 1
"""
"""A script, since Redis runs one without any other command in between."""

_log = logging.getLogger("fanin")


class RedisStore:
    """Bytes by key in Redis, under the prefix "fanin:". While the server is down, which is logged, it stores nothing.

    Raises ConfigError if the extra fanin[redis] is not installed, or the address is invalid.
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
            # Every server supports the older protocol, also those before Redis 6 and other implementations.
            self._client: Any = cast("Any", Redis).from_url(
                url, protocol=2, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
            )
        except ValueError as error:
            raise ConfigError(
                f"This is not an address of Redis ({error}); fanin did not start. Write redis://HOST:PORT/NUMBER."
            ) from None
        self._down = False
        self._retry_at = 0.0

    async def get(self, key: str) -> bytes | None:
        """The value of the key; None if it has expired or Redis does not answer."""
        return await self._do(lambda: self._client.get(f"fanin:{key}"))

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Store the value for `seconds`."""
        await self._do(lambda: self._client.set(f"fanin:{key}", value, px=max(1, round(seconds * 1000))))

    async def swap(self, key: str, old: bytes | None, new: bytes, *, seconds: float) -> bool | None:
        """Store `new` for `seconds` if the value is `old`, or if there is none for None; None without Redis."""
        arguments = (b"" if old is None else old, new, max(1, round(seconds * 1000)))
        found = await self._do(lambda: self._client.eval(_SWAP, 1, f"fanin:{key}", *arguments))
        return None if found is None else found == 1

    async def close(self) -> None:
        """Close the connections."""
        with contextlib.suppress(*self._failures):
            await self._client.aclose()

    async def _do(self, command: Callable[[], Awaitable[Any]]) -> Any:
        clock = asyncio.get_running_loop().time
        if self._down and clock() < self._retry_at:
            return None
        try:
            value = await command()
        except self._failures as error:
            if not self._down:
                _log.warning("Redis does not answer (%s); fanin goes on without it.", type(error).__name__)
            self._down, self._retry_at = True, clock() + PAUSE
            return None
        self._down = False
        return value
