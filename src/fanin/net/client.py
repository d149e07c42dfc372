"""The one HTTP client: it opens an address, follows where it may, and says what went wrong as a SourceError."""

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
from fanin.net.http_errors import for_status, redacted
from fanin.net.network import USER_AGENT, Exchange, Network
from fanin.net.quota import pause_of
from fanin.net.request import Headers, Method, Params, Request, address, checked, redirected
from fanin.net.secrets import Mask, Secret

__all__ = ["USER_AGENT", "Client", "Reply"]

MOST_EXHAUSTED = 100
"""Origins whose used-up limits are remembered; redirects may lead to any number of them."""


class Client:
    """HTTP for one source: public addresses only, unless `allow_private`; nothing beyond the network's limits.

    `allow_private` holds for the addresses that are asked, not for others to which they redirect, and never for those
    at which clouds tell a machine its credentials.

    `headers` are sent with each request, but never to another origin that a redirect leads to. No error tells a secret
    of `headers` or `secrets`. It shares the connections and limits of its network, or has a network of its own. A
    server that says that nothing remains of its limit is not asked until then: RateLimited is raised instead.
    """

    def __init__(
        self,
        network: Network | None = None,
        *,
        allow_private: bool = False,
        headers: Headers | None = None,
        secrets: Iterable[Secret] = (),
        user_agent: str = USER_AGENT,
    ) -> None:
        self._network = network or Network(user_agent=user_agent)
        self._allow_private = allow_private
        self._headers = dict(headers or {})
        checked(self._headers)
        self.secrets = (*_secrets_in(headers), *self._network.secrets)
        """What no source that uses this client may tell."""
        self.identity = (allow_private, {name: str(value) for name, value in self._headers.items()})
        """What else than an address decides about its answers, without secrets."""
        self._exhausted: dict[URL, float] = {}
        self.hide(secrets)

    @property
    def limits(self) -> Limits:
        """How much it takes of an answer."""
        return self._network.limits

    def hide(self, secrets: Iterable[Secret]) -> None:
        """From now on, hide these secrets in errors and in the log, too, as those of an address."""
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
        """Ask an address; raises SourceError or RateLimited for every status but 200 and those of `ok_statuses`.

        `json` is a body for POST. `also` is the former name of `ok_statuses`, and warns.
        """
        if also:
            warnings.warn(
                "The argument `also` of Client is called `ok_statuses` now.", DeprecationWarning, stacklevel=2
            )
            ok_statuses = also
        mask = Mask((*self.secrets, *_secrets_in(headers))) if headers else self._mask
        own = checked({**self._headers, **(headers or {})}) if self._headers or headers else {}
        request = self._request(address(url, params), accept, method, json, own)
        return _Opening(self, replace(request, ok_statuses=ok_statuses) if ok_statuses else request, mask)

    async def get_json(
        self,
        url: str | URL,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        ok_statuses: tuple[int, ...] = (),
        also: tuple[int, ...] = (),
    ) -> Any:
        """GET an address and decode its JSON; raises SourceError (kind "not_json") when it is none.

        An answer with a status of `ok_statuses` is read, too: some servers say in JSON why they refuse.
        """
        async with self.open(
            url, params=params, headers=headers, accept="application/json", ok_statuses=ok_statuses, also=also
        ) as reply:
            return await reply.json()

    async def post_json(
        self, url: str | URL, json: JSON, *, params: Params | None = None, headers: Headers | None = None
    ) -> Any:
        """POST a value as JSON and decode the JSON of the answer."""
        async with self.open(
            url, params=params, headers=headers, accept="application/json", method="POST", json=json
        ) as reply:
            return await reply.json()

    async def close(self) -> None:
        """Close every connection that no other client shares; the next request opens new ones."""
        await self._network.leave(self)

    def _request(self, url: URL, accept: str, method: Method, json: JSON, own: Mapping[str, str]) -> Request:
        headers = {"Accept": accept, "Accept-Encoding": ACCEPTED}
        if method == "GET":
            return Request(method, url, headers, own)
        body = json_format.dumps(json, allow_nan=False).encode()
        return Request(method, url, {**headers, "Content-Type": "application/json"}, own, body)

    async def exchange(self, request: Request, mask: Mask) -> Exchange:
        """The answer with status 200 at the end of the redirects."""
        for _ in range(1 + self.limits.redirects):
            self._refuse_exhausted(request.url)
            exchange = await self._send(request, mask)
            try:
                self._heed(exchange)
                following = _following(exchange)
            except BaseException:
                exchange.close()
                raise
            if following is None:
                return exchange
            exchange.close()
            request = following
        raise SourceError(
            f"It redirects more than {self.limits.redirects} times, or in circles ({redacted(request.url)}); fanin"
            " stopped following. Correct the address in the source's settings.",
            FailureKind.REDIRECTS,
        )

    async def _send(self, request: Request, mask: Mask) -> Exchange:
        try:
            return await self._network.send(request, user=self, allow_private=self._allow_private, mask=mask)
        except SourceError as error:
            if error.kind != FailureKind.PRIVATE or request.at_home or not self._allow_private:
                raise
        raise SourceError(
            f"It redirects to another place that is not on the public internet ({redacted(request.url)}); fanin did not"
            " follow, since allow_private holds for the scheme, host and port in the settings only. Name that address"
            " there if it is meant.",
            FailureKind.PRIVATE,
        )

    def _heed(self, exchange: Exchange) -> None:
        """Remember until when nothing remains, if the server says so."""
        if pause := pause_of(exchange.response.headers, now=time.time()):
            if len(self._exhausted) >= MOST_EXHAUSTED:
                self._exhausted.pop(next(iter(self._exhausted)))
            self._exhausted[exchange.request.url.origin()] = asyncio.get_running_loop().time() + pause

    def _refuse_exhausted(self, url: URL) -> None:
        until = self._exhausted.get(url.origin()) if self._exhausted else None
        if until is None:
            return
        left = until - asyncio.get_running_loop().time()
        if left > 0:
            raise RateLimited(
                f"It said that nothing remains of its limit for {left:.0f} s ({redacted(url)}); fanin did not ask it."
                " Ask again later, or ask it less often.",
                left,
            )
        del self._exhausted[url.origin()]

    def reply(self, exchange: Exchange, mask: Mask) -> Reply:
        """What may be read of an answer."""
        url = exchange.request.url
        return Reply(URL(mask(str(url))) if mask else url, self.limits, exchange.response)


class _Opening:
    """A request that is sent when the block is entered; its answer is closed when the block is left.

    A generator would do the same in half the lines, and cost as much as the rest of what is guarded here.
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


def _following(exchange: Exchange) -> Request | None:
    """The request to send next; None for an answer that is read. Raises SourceError for any other."""
    request, response = exchange.request, exchange.response
    if response.status == 200 or response.status in request.ok_statuses:
        return None
    following = redirected(request, response.status, response.headers.get("Location", ""))
    if following is None:
        raise for_status(response, request.url)
    return following


def _secrets_in(headers: Headers | None) -> tuple[Secret, ...]:
    return tuple(value for _, value in sorted((headers or {}).items()) if isinstance(value, Secret))
