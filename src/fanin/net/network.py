"""The network that the sources of one engine share: connections, resolved names, and slots."""

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.limits import LIMITS, Limits
from fanin.net.connections.connection_slots import Slots
from fanin.net.connections.proxy import raise_if_metadata, resolve_target
from fanin.net.connections.sessions import SENDING, SendState, Sessions, check_headers
from fanin.net.http_errors import REQUEST_ERRORS, request_error
from fanin.net.http_log import log_answer, log_failure
from fanin.net.request import Request, check_request_headers
from fanin.net.secrets import Mask, Secret
from fanin.telemetry import http_span

VERSION = "0.1.0"

USER_AGENT = f"fanin/{VERSION}"


@dataclass(slots=True)
class Exchange:
    """A request and its reply with an unread body, which holds a slot and a connection until it is closed."""

    request: Request
    response: aiohttp.ClientResponse = field(repr=False)
    slots: Slots
    host: str
    begun: float
    mask: Mask | None

    def close(self) -> None:
        """Release the slot and the connection, which is closed unless the body was read completely."""
        log_answer(self.request.method, self.request.url, self.response, begun=self.begun, mask=self.mask)
        if self.response.connection is not None:  # after a complete body aiohttp has released it already
            self.response.release()
        self.slots.release(self.host)


class Network:
    """The network of an engine's sources: keep-alive connections, cached names, and limits on concurrent requests.

    It opens at the first request and closes with the last of its clients; it may be used on one event loop after
    another. `per_host` and `in_all` are requests at the same time; `limits.waiting` times as many may wait.
    Environment variables such as HTTPS_PROXY are ignored: `proxy` is an address, http://host:port. `resolver` replaces
    the system's.
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
        self._user_agent = check_request_headers({"User-Agent": user_agent})["User-Agent"]
        self._proxy = _proxy(Secret(proxy) if isinstance(proxy, str) else proxy)
        self.secrets = _passwords(self._proxy)
        """The secrets that its sources must hide: the password of the proxy."""
        self._per_host = per_host
        self._in_all = in_all
        self.limits = limits
        """The limits on all replies."""
        self._resolver = resolver
        self._users: set[object] = set()
        self._opened: tuple[Sessions, Slots] | None = None

    async def send(self, request: Request, *, user: object, allow_private: bool, mask: Mask | None = None) -> Exchange:
        """Send one request once it has a slot, and give its reply with the body unread; close that afterwards.

        Redirects are not followed. `mask` hides secrets of the address in the log. `allow_private` applies only to the
        declared origin. Connections that may lead to private addresses serve no other requests.

        Raises SourceError.
        """
        private = allow_private and request.is_declared_origin
        self._users.add(user)
        sessions, slots = self._open()
        host = request.url.raw_host or ""
        await slots.take(host)
        begun = time.monotonic()
        try:
            response = await self._get_response(sessions, request, allow_private=private)
        except BaseException as error:
            slots.release(host)
            log_failure(request.method, request.url, error, begun=begun, mask=mask)
            raise
        return Exchange(request, response, slots, host, begun, mask)

    async def detach(self, user: object) -> None:
        """Close all connections if this was the last client; the next request opens new ones."""
        self._users.discard(user)
        if not self._users and self._opened is not None:
            (sessions, _), self._opened = self._opened, None
            await sessions.close()

    async def _get_response(
        self, sessions: Sessions, request: Request, *, allow_private: bool
    ) -> aiohttp.ClientResponse:
        if self._proxy is not None and allow_private:
            await raise_if_metadata(request.url, sessions.resolver)
        if self._proxy is None or allow_private:
            url, name, headers = request.url, None, {**request.headers, **request.origin_headers}
        else:
            aim = await resolve_target(request.url, sessions.resolver)
            url, name, headers = (
                aim.url,
                aim.server_hostname,
                {**request.headers, **request.origin_headers, **aim.headers},
            )
        session = sessions.session(allow_private=allow_private)
        while True:
            sending = SendState()
            token = SENDING.set(sending)
            try:
                with http_span(request.method, request.url) as span:
                    response = await session.request(
                        request.method,
                        url,
                        headers=headers,
                        server_hostname=name,
                        data=request.body,
                        allow_redirects=False,
                    )
                    if span is not None:
                        span.set_attribute("http.response.status_code", response.status)
            except SourceError as error:
                # The server closed an idle connection meanwhile: send the request again (RFC 9112, 9.3.1). That
                # happens at most once for each idle connection.
                if error.kind != FailureKind.DISCONNECTED or sending.connected or request.method != "GET":
                    raise
                continue
            except REQUEST_ERRORS as error:
                failure = request_error(error, request.url)
            else:
                check_headers(response, request.url, most=self.limits.header_bytes)
                return response
            finally:
                SENDING.reset(token)
            # Raised outside of `except`: the first error may hold the whole address and all headers.
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
    """The password in the address of a proxy, as written and decoded."""
    url = URL(proxy.reveal()) if proxy else URL()
    return tuple(Secret(each) for each in (url.raw_password, url.password) if each)


def _proxy(address: Secret | None) -> Secret | None:
    """The proxy's address, which may hold a password. Raises ConfigError for what is not an address."""
    try:
        url = URL(address.reveal()) if address else None
        is_valid = url is None or (url.scheme in ("http", "https") and bool(url.host))
    except ValueError:
        is_valid = False
    if not is_valid:
        raise ConfigError("The proxy is not an address; fanin did not start. Write it as http://host:port.")
    return address
