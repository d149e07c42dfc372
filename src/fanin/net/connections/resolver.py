"""Resolves names in daemon threads, and leaves out addresses that are not allowed."""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import override

from aiohttp.abc import AbstractResolver, ResolveResult

from fanin.errors import message_of
from fanin.limits import LIMITS
from fanin.net.addresses import METADATA, host_refusal_reason, metadata_refusal_reason
from fanin.net.http_errors import AddressForbidden, AddressRefused

type AddrInfo = tuple[int, int, int, str, tuple[str | int, ...]]
"""Family, type, protocol, name and address of a socket, as `socket.getaddrinfo` gives them."""

_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class SystemResolver(AbstractResolver):
    """The system's resolver, for `most` names at the same time, in daemon threads, which keep no process alive."""

    def __init__(self, *, most: int = LIMITS.lookups) -> None:
        self._most = most
        self._lookups = 0

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if self._lookups >= self._most:
            raise OSError(None, f"{self._most} look-ups of names are still unanswered")
        self._lookups += 1

        def look_up() -> list[tuple[int, int, int, str, tuple[str, int]]]:
            return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)  # type: ignore[return-value]

        found = await _in_daemon_thread(look_up, self._lookup_ended)
        return [_result(host, port, family, address[0]) for family, _, _, _, address in found]

    def _lookup_ended(self) -> None:
        self._lookups -= 1

    @override
    async def close(self) -> None:
        return


class PublicResolver(AbstractResolver):
    """The addresses of another resolver that are allowed; raises AddressRefused if there are none."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        reasons = {each["host"]: host_refusal_reason(each["host"]) for each in found}
        allowed = [each for each in found if reasons[each["host"]] is None]
        if found and not allowed:
            reason = next(reason for reason in reasons.values() if reason)
            raise (AddressForbidden if reason.endswith(METADATA) else AddressRefused)(reason)
        return allowed

    @override
    async def close(self) -> None:
        await self._inner.close()


def raise_if_refused(address: AddrInfo, *, private: bool) -> None:
    """Raise AddressRefused for an address that is not allowed; called before every connect."""
    host = str(address[4][0])
    if (reason := metadata_refusal_reason(host)) is not None:
        raise AddressForbidden(reason)
    if not private and (reason := host_refusal_reason(host)) is not None:
        raise AddressRefused(reason)


def _result(name: str, port: int, family: int, host: str) -> ResolveResult:
    return ResolveResult(hostname=name, host=host, port=port, family=family, proto=0, flags=_NUMERIC)


async def _in_daemon_thread[T](function: Callable[[], T], ended: Callable[[], None]) -> T:
    """The result of the function, run in a daemon thread; `ended` is called on the loop when the thread has ended."""
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
