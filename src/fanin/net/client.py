"""The HTTP client: sends requests, follows redirects, and turns errors into SourceError."""

import asyncio
import json as json_format
import time
import warnings
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from yarl import URL

from fanin.errors import FailureKind, RateLimited, SourceError
from fanin.limits import Limits
from fanin.model import JSON
from fanin.net.body.decompression import ACCEPTED
from fanin.net.body.response import Reply
from fanin.net.http_errors import redact, status_error
from fanin.net.network import USER_AGENT, Exchange, Network
from fanin.net.quota import quota_pause
from fanin.net.request import Headers, Method, Params, Request, check_request_headers, next_request, parse_address
from fanin.net.secrets import Mask, Secret, secrets_in
from fanin.telemetry import propagated

__all__ = ["USER_AGENT", "Client", "Reply"]

MOST_EXHAUSTED = 100
"""Origins whose exhausted quotas are remembered; redirects may lead to any number of them."""


class Client:
    """HTTP for one source: only public addresses, unless `allow_private`, and bodies within the network's limits.

    `allow_private` applies to the requested addresses, not to others to which they redirect, and never to those at
    which clouds give a machine its credentials.

    `headers` are sent with each request, but never to another origin after a redirect. No error shows a secret of
    `headers` or `secrets`. It shares the connections and limits of its network, or has a network of its own. While a
    server says that its quota is exhausted, no request is sent, and RateLimited is raised. With `trace_context` each
    request passes the current trace of OpenTelemetry on in its header `traceparent`.
    """

    def __init__(
        self,
        network: Network | None = None,
        *,
        allow_private: bool = False,
        headers: Headers | None = None,
        secrets: Iterable[Secret] = (),
        user_agent: str = USER_AGENT,
        trace_context: bool = False,
    ) -> None:
        self._network = network or Network(user_agent=user_agent)
        self._allow_private = allow_private
        self._headers = dict(headers or {})
        check_request_headers(self._headers)
        self.secrets = (*secrets_in(headers), *self._network.secrets)
        """The secrets that a source with this client must hide."""
        self.identity = (allow_private, {name: str(value) for name, value in self._headers.items()})
        """The settings, without secrets, on which its replies depend besides the address."""
        self._tells_trace = trace_context
        self._exhausted: dict[URL, float] = {}
        self.hide(secrets)

    @property
    def limits(self) -> Limits:
        """How much it takes of an answer."""
        return self._network.limits

    def hide(self, secrets: Iterable[Secret]) -> None:
        """Also hide these secrets, such as those of an address, in errors and in the log."""
        self.secrets = (*self.secrets, *secrets)
        self._mask = Mask(self.secrets)

    def open(
        self,
        url: str | URL,
        *,
        params: Params | None = None,
        accept: str = "*/*",
        method: Method = "GET",
        json: JSON = None,
        headers: Headers | None = None,
        ok_statuses: tuple[int, ...] = (),
        also: tuple[int, ...] = (),
    ) -> AbstractAsyncContextManager[Reply]:
        """Send a request. Raises SourceError or RateLimited for every status but 200 and those of `ok_statuses`.

        `json` is a body for POST. `also` is the deprecated name of `ok_statuses`.
        """
        if also:
            warnings.warn(
                "The argument `also` of Client is called `ok_statuses` now.", DeprecationWarning, stacklevel=2
            )
            ok_statuses = also
        mask = Mask((*self.secrets, *secrets_in(headers))) if headers else self._mask
        own = check_request_headers({**self._headers, **(headers or {})}) if self._headers or headers else {}
        request = self._request(parse_address(url, params), accept, method, json, own)
        return _ReplyContext(self, replace(request, ok_statuses=ok_statuses) if ok_statuses else request, mask)

    async def get_json(
        self,
        url: str | URL,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        ok_statuses: tuple[int, ...] = (),
        also: tuple[int, ...] = (),
    ) -> Any:
        """GET an address and decode its JSON. Raises SourceError (kind "not_json") if it is not JSON.

        A reply with a status of `ok_statuses` is read too: some servers explain an error in JSON.
        """
        async with self.open(
            url, params=params, headers=headers, accept="application/json", ok_statuses=ok_statuses, also=also
        ) as reply:
            return await reply.json()

    async def post_json(
        self, url: str | URL, json: JSON, *, params: Params | None = None, headers: Headers | None = None
    ) -> Any:
        """POST a value as JSON and decode the JSON of the reply."""
        async with self.open(
            url, params=params, headers=headers, accept="application/json", method="POST", json=json
        ) as reply:
            return await reply.json()

    async def close(self) -> None:
        """Close the connections that no other client shares; the next request opens new ones."""
        await self._network.detach(self)

    def _request(self, url: URL, accept: str, method: Method, json: JSON, own: Mapping[str, str]) -> Request:
        headers = {"Accept": accept, "Accept-Encoding": ACCEPTED, **(propagated() if self._tells_trace else {})}
        if method == "GET":
            return Request(method, url, headers, own)
        body = json_format.dumps(json, allow_nan=False).encode()
        return Request(method, url, {**headers, "Content-Type": "application/json"}, own, body)

    async def exchange(self, request: Request, mask: Mask) -> Exchange:
        """The final reply after redirects."""
        for _ in range(1 + self.limits.redirects):
            self._raise_if_exhausted(request.url)
            exchange = await self._send(request, mask)
            try:
                self._note_quota(exchange)
                following = _next_request(exchange)
            except BaseException:
                exchange.close()
                raise
            if following is None:
                return exchange
            exchange.close()
            request = following
        raise SourceError(
            f"It redirects more than {self.limits.redirects} times, or in a loop ({redact(request.url)}); fanin"
            " stopped following. Correct the address in the source's settings.",
            FailureKind.REDIRECTS,
        )

    async def _send(self, request: Request, mask: Mask) -> Exchange:
        try:
            return await self._network.send(request, user=self, allow_private=self._allow_private, mask=mask)
        except SourceError as error:
            if error.kind != FailureKind.PRIVATE or request.is_declared_origin or not self._allow_private:
                raise
        raise SourceError(
            f"It redirects to another address that is not on the public internet ({redact(request.url)}); fanin did not"
            " follow, since allow_private applies only to the scheme, host and port in the settings. Name that address"
            " there if it is intended.",
            FailureKind.PRIVATE,
        )

    def _note_quota(self, exchange: Exchange) -> None:
        """Remember until when the quota is exhausted, if the server says so."""
        if pause := quota_pause(exchange.response.headers, now=time.time()):
            if len(self._exhausted) >= MOST_EXHAUSTED:
                self._exhausted.pop(next(iter(self._exhausted)))
            self._exhausted[exchange.request.url.origin()] = asyncio.get_running_loop().time() + pause

    def _raise_if_exhausted(self, url: URL) -> None:
        until = self._exhausted.get(url.origin()) if self._exhausted else None
        if until is None:
            return
        left = until - asyncio.get_running_loop().time()
        if left > 0:
            raise RateLimited(
                f"It said that its quota is exhausted for another {left:.0f} s ({redact(url)}); fanin did not ask it."
                " Ask again later, or ask it less often.",
                left,
            )
        del self._exhausted[url.origin()]

    def reply(self, exchange: Exchange, mask: Mask) -> Reply:
        """The reply to read, within the limits."""
        url = exchange.request.url
        return Reply(URL(mask(str(url))) if mask else url, self.limits, exchange.response)


class _ReplyContext:
    """Sends the request when the block is entered, and closes the reply when it is left.

    A generator would need half the lines, but take as long as all other checks of the client together.
    """

    __slots__ = ("_client", "_exchange", "_mask", "_request")

    def __init__(self, client: Client, request: Request, mask: Mask) -> None:
        self._client = client
        self._request = request
        self._mask = mask
        self._exchange: Exchange | None = None

    async def __aenter__(self) -> Reply:
        try:
            self._exchange = await self._client.exchange(self._request, self._mask)
        except SourceError as error:
            _hide(error, self._mask)
            raise
        return self._client.reply(self._exchange, self._mask)

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self._exchange is not None:
            self._exchange.close()
        if isinstance(error, SourceError):
            _hide(error, self._mask)


def _hide(error: SourceError, mask: Mask) -> None:
    error.args = (mask.message(str(error)), *error.args[1:])


def _next_request(exchange: Exchange) -> Request | None:
    """The request after a redirect; None for a reply that is to be read. Raises SourceError for any other status."""
    request, response = exchange.request, exchange.response
    if response.status == 200 or response.status in request.ok_statuses:
        return None
    following = next_request(request, response.status, response.headers.get("Location", ""))
    if following is None:
        raise status_error(response, request.url)
    return following
