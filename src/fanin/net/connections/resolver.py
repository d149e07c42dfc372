"""Where a name leads: looked up in a thread that keeps nobody waiting, and without what may not be reached."""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import override

from aiohttp.abc import AbstractResolver, ResolveResult

from fanin.errors import message_of
from fanin.limits import LIMITS
from fanin.net.addresses import METADATA, metadata_refusal_of_host, refusal_of_host
from fanin.net.http_errors import NeverReached, Refused

type AddrInfo = tuple[int, int, int, str, tuple[str | int, ...]]
"""Family, type, protocol, name and address of a socket, as `socket.getaddrinfo` gives them."""

_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class SystemNames(AbstractResolver):
    """The system's look-up, `most` names at a time. Its threads are daemons: one that hangs keeps no process alive."""

    def __init__(self, *, most: int = LIMITS.lookups) -> None:
        self._most = most
        self._under_way = 0

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if self._under_way >= self._most:
            raise OSError(None, f"{self._most} look-ups of names are still unanswered")
        self._under_way += 1

        def look_up() -> list[tuple[int, int, int, str, tuple[str, int]]]:
            return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)  # type: ignore[return-value]

        found = await _in_daemon(look_up, self._ended)
        return [_result(host, port, family, address[0]) for family, _, _, _, address in found]

    def _ended(self) -> None:
        self._under_way -= 1

    @override
    async def close(self) -> None:
        return


class PublicNames(AbstractResolver):
    """Another resolver's answers without the addresses that may not be reached; Refused when that leaves none."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        reasons = {each["host"]: refusal_of_host(each["host"]) for each in found}
        allowed = [each for each in found if reasons[each["host"]] is None]
        if found and not allowed:
            reason = next(reason for reason in reasons.values() if reason)
            raise (NeverReached if reason.endswith(METADATA) else Refused)(reason)
        return allowed

    @override
    async def close(self) -> None:
        await self._inner.close()


def refuse(address: AddrInfo, *, private: bool) -> None:
    """Raise Refused for an address that may not be reached; aiohttp asks for a socket before every single connect."""
    host = str(address[4][0])
    if (reason := metadata_refusal_of_host(host)) is not None:
        raise NeverReached(reason)
    if not private and (reason := refusal_of_host(host)) is not None:
        raise Refused(reason)


def _result(name: str, port: int, family: int, host: str) -> ResolveResult:
    return ResolveResult(hostname=name, host=host, port=port, family=family, proto=0, flags=_NUMERIC)


async def _in_daemon[T](function: Callable[[], T], ended: Callable[[], None]) -> T:
    """What the function returns, from a thread of its own; `ended` is called on the loop when that thread is done."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: OSError | None) -> None:
        ended()
        if not future.done():
            future.set_exception(error) if error is not None else future.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        value, failure = None, None
        try:
            value = function()
        except (OSError, ValueError) as error:
            failure = error if isinstance(error, OSError) else OSError(None, message_of(error))
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=run, name="fanin names", daemon=True).start()
    return await future
