"""What the sources of one engine share: connections, names, and slots."""

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.limits import LIMITS, Limits
from fanin.net.connections.connection_slots import Slots
from fanin.net.connections.proxy import aimed, refuse_metadata
from fanin.net.connections.sessions import SENDING, Sending, Sessions, check_headers
from fanin.net.http_errors import HEARD, failure_of
from fanin.net.http_log import log_answer, log_failure
from fanin.net.request import Request, checked
from fanin.net.secrets import Mask, Secret

VERSION = "0.1.0"

USER_AGENT = f"fanin/{VERSION}"


@dataclass(slots=True)
class Exchange:
    """What was asked, and the answer with its body unread, which holds a turn and a connection until it is closed."""

    request: Request
    response: aiohttp.ClientResponse = field(repr=False)
    slots: Slots
    host: str
    begun: float
    mask: Mask | None

    def close(self) -> None:
        """Give back the turn, and the connection too if the body was read to its end; else that is closed."""
        log_answer(self.request.method, self.request.url, self.response, begun=self.begun, mask=self.mask)
        if self.response.connection is not None:  # after a whole body aiohttp has given it back already
            self.response.release()
        self.slots.give_back(self.host)


class Network:
    """The web as the sources of one engine see it: kept-alive connections, cached names, and a limit on requests.

    It opens at the first request and closes when the last of its clients was closed; it may be used from one event
    loop after the other. `per_host` and `in_all` are requests at a time; `limits.waiting` times as many may wait.
    Variables of the environment such as HTTPS_PROXY are not obeyed: `proxy` is an address, http://host:port. `resolver`
    looks names up instead of the system.
    """

    def __init__(
        self,
        *,
        user_agent: str = USER_AGENT,
        proxy: str | Secret | None = None,
        per_host: int = 10,
        in_all: int = 100,
        limits: Limits = LIMITS,
        resolver: AbstractResolver | None = None,
    ) -> None:
        if per_host < 1 or in_all < 1:
            raise ConfigError(f"{per_host} requests a host and {in_all} in all; fanin did not start. Allow at least 1.")
        self._user_agent = checked({"User-Agent": user_agent})["User-Agent"]
        self._proxy = _proxy(Secret(proxy) if isinstance(proxy, str) else proxy)
        self.secrets = _passwords(self._proxy)
        """What no source that asks over it may tell: the password of the proxy."""
        self._per_host = per_host
        self._in_all = in_all
        self.limits = limits
        """How much is taken of each answer, for all that ask over it."""
        self._resolver = resolver
        self._users: set[object] = set()
        self._opened: tuple[Sessions, Slots] | None = None

    async def send(self, request: Request, *, user: object, allow_private: bool, mask: Mask | None = None) -> Exchange:
        """Send one request when it is its turn, and give its answer with the body unread; close that afterwards.

        Redirects are not followed. `mask` hides secrets of the address in the log. `allow_private` holds for the
        declared origin only. Connections that may lead to private addresses serve no other requests.

        Raises SourceError.
        """
        private = allow_private and request.at_home
        self._users.add(user)
        sessions, slots = self._open()
        host = request.url.raw_host or ""
        await slots.take(host)
        begun = time.monotonic()
        try:
            response = await self._answered(sessions, request, allow_private=private)
        except BaseException as error:
            slots.give_back(host)
            log_failure(request.method, request.url, error, begun=begun, mask=mask)
            raise
        return Exchange(request, response, slots, host, begun, mask)

    async def leave(self, user: object) -> None:
        """Close every connection if this was the last client; the next request opens new ones."""
        self._users.discard(user)
        if not self._users and self._opened is not None:
            (sessions, _), self._opened = self._opened, None
            await sessions.close()

    async def _answered(self, sessions: Sessions, request: Request, *, allow_private: bool) -> aiohttp.ClientResponse:
        if self._proxy is not None and allow_private:
            await refuse_metadata(request.url, sessions.names)
        if self._proxy is None or allow_private:
            url, name, headers = request.url, None, {**request.headers, **request.own}
        else:
            aim = await aimed(request.url, sessions.names)
            url, name, headers = aim.url, aim.server_hostname, {**request.headers, **request.own, **aim.headers}
        session = sessions.session(allow_private=allow_private)
        while True:
            sending = Sending()
            token = SENDING.set(sending)
            try:
                response = await session.request(
                    request.method, url, headers=headers, server_hostname=name, data=request.body, allow_redirects=False
                )
            except SourceError as error:
                # A kept connection that the server closed meanwhile was no attempt (RFC 9112, 9.3.1). The next may be
                # another such one, but each is gone afterwards.
                if error.kind != FailureKind.DISCONNECTED or sending.connected or request.method != "GET":
                    raise
                continue
            except HEARD as error:
                failure = failure_of(error, request.url)
            else:
                check_headers(response, request.url, most=self.limits.header_bytes)
                return response
            finally:
                SENDING.reset(token)
            # Not from within `except`: the first error may quote the whole address and every header.
            raise failure

    def _open(self) -> tuple[Sessions, Slots]:
        loop = asyncio.get_running_loop()
        if self._opened is None or self._opened[0].loop is not loop:
            sessions = Sessions(
                user_agent=self._user_agent, proxy=self._proxy, resolver=self._resolver, limits=self.limits
            )
            self._opened = sessions, Slots(per_host=self._per_host, in_all=self._in_all, waiting=self.limits.waiting)
        return self._opened


def _passwords(proxy: Secret | None) -> tuple[Secret, ...]:
    """The password in the address of a proxy, as it is written and as it is meant."""
    url = URL(proxy.reveal()) if proxy else URL()
    return tuple(Secret(each) for each in (url.raw_password, url.password) if each)


def _proxy(address: Secret | None) -> Secret | None:
    """The proxy's address, which may hold a password; raises ConfigError for what is no address."""
    try:
        url = URL(address.reveal()) if address else None
        sound = url is None or (url.scheme in ("http", "https") and bool(url.host))
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError("The proxy is no address; fanin did not start. Write it as http://host:port.")
    return address
