import asyncio

import aiohttp
import pytest

from fanin.errors import ConfigError
from fanin.testing.services import Services


def test_a_fault_of_a_service_that_does_not_exist_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"'wether'.*weather, news, knowledge_base"):
        Services(faults={"wether": "fail"})


async def test_a_slow_service_says_nothing_and_the_others_answer() -> None:
    async with Services(scale=0.0, faults={"news": "slow"}, months=1) as services, aiohttp.ClientSession() as session:
        hanging = asyncio.create_task(_text(session, f"{services.url}/news.xml"))
        assert "Port Merrow" in await _text(session, f"{services.url}/v1/search?name=port+merrow")
        assert not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging


async def test_latencies_follow_the_scale() -> None:
    async with Services(scale=0.05, months=1) as services, aiohttp.ClientSession() as session:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await _text(session, f"{services.url}/news.xml")
        assert 0.07 <= loop.time() - begun < 2.0


async def test_everything_is_gone_after_the_block() -> None:
    async with Services(scale=0.0, months=1) as services:
        pass
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await _text(session, f"{services.url}/news.xml")


async def _text(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as response:
        return await response.text()
