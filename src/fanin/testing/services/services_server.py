"""The services on one loopback port, with configurable latencies and faults."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, Self

from aiohttp import web

from fanin.errors import ConfigError
from fanin.testing.services import hacker_news_service, news_service, weather_service, wiki_service

type Fault = Literal["fail", "slow"]
"""`fail`: the connection is closed half-way through the service's usual time. `slow`: nothing ever comes."""

LATENCY: Mapping[str, float] = {"weather": 2.0, "news": 1.5, "knowledge_base": 3.0}
"""Seconds until each service has said everything; the lesson's figures."""

PAGES = 3
"""Pages that the knowledge base hands out within its latency, one after another, after a third of it for the search."""


MONTHS = 1500
"""Half a million characters a page: a third of a second of CPU work, so that there is something to see."""


class Services:
    """A forecast, a news feed, a wiki and Hacker News on 127.0.0.1, while its `async with` block lasts.

    `scale` multiplies every latency, `faults` says which service misbehaves, `months` is the length of the wiki's pages
    (about 350 characters a month). The services' names are those of `LATENCY`; raises ConfigError for any other.
    """

    def __init__(self, *, scale: float = 1.0, faults: Mapping[str, Fault] | None = None, months: int = MONTHS) -> None:
        self._faults = faults or {}
        for name in self._faults:
            if name not in LATENCY:
                raise ConfigError(
                    f"There is no service {name!r}; fanin did not start. There are: {', '.join(LATENCY)}."
                )
        self._scale = scale
        self._pages = wiki_service.pages(months=months)
        self._disk = asyncio.Lock()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The address under which everything is: /v1/search, /v1/forecast, /news.xml, /w/api.php, /api/v1/search."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/v1/search", self._search)
        app.router.add_get("/v1/forecast", self._forecast)
        app.router.add_get("/news.xml", self._news)
        app.router.add_get("/w/api.php", self._wiki)
        app.router.add_get("/api/v1/{order:search|search_by_date}", self._hacker_news)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _search(self, request: web.Request) -> web.StreamResponse:
        await self._pause(request, "weather", 0.25)
        return web.json_response(weather_service.search(request.query["name"]))

    async def _forecast(self, request: web.Request) -> web.StreamResponse:
        await self._pause(request, "weather", 0.75)
        status, content = weather_service.reply(request.query, now=datetime.now(UTC))
        return web.json_response(content, status=status)

    async def _news(self, request: web.Request) -> web.StreamResponse:
        items = news_service.items(now=datetime.now(UTC))
        await self._pause(request, "news", 0.4)
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml; charset=utf-8"})
        await response.prepare(request)
        await response.write(news_service.HEAD.encode())
        for at, item in enumerate(items):
            await self._break(request, "news", now=at >= len(items) // 2)
            await asyncio.sleep(LATENCY["news"] * self._scale * 0.6 / len(items))
            await response.write(item.encode())
        await response.write(news_service.TAIL.encode())
        return response

    async def _wiki(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("list") == "search":
            await self._pause(request, "knowledge_base", 1 / 3)
            terms, limit = request.query["srsearch"], int(request.query.get("srlimit", "10"))
            now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
            return web.json_response(wiki_service.search(self._pages, terms, limit=limit, timestamp=now))
        async with self._disk:
            await self._pause(request, "knowledge_base", 2 / 3 / PAGES)
        return web.json_response(wiki_service.extract(self._pages, int(request.query["pageids"])))

    async def _hacker_news(self, request: web.Request) -> web.StreamResponse:
        newest = request.match_info["order"] == "search_by_date"
        status, content = hacker_news_service.search(request.query, now=datetime.now(UTC), newest=newest)
        return web.json_response(content, status=status)

    async def _pause(self, request: web.Request, name: str, share: float) -> None:
        """Wait for this share of the service's latency, and misbehave where that was asked for."""
        if self._faults.get(name) == "slow":
            await asyncio.Event().wait()
        await asyncio.sleep(LATENCY[name] * self._scale * share)
        await self._break(request, name, now=name != "news")

    async def _break(self, request: web.Request, name: str, *, now: bool) -> None:
        """Close the connection if this service is to fail and its time has come; that cancels its request."""
        if now and self._faults.get(name) == "fail" and request.transport is not None:
            request.transport.abort()
            await asyncio.Event().wait()
