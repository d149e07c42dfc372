"""What remains of a server's limit, by its headers, and that fanin does not ask while it is nothing."""

import asyncio

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import RateLimited
from fanin.net import client as client_module
from fanin.net.client import Client
from fanin.net.quota import LONGEST, quota_pause

NOW = 1_760_000_000.0


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"RateLimit-Remaining": "1", "RateLimit-Reset": "30"}, None),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "30"}, 30.0),
        ({"RateLimit-Remaining": " 0 ", "RateLimit-Reset": "2.5"}, 2.5),
        ({"RateLimit-Remaining": "0"}, None),
        ({"RateLimit-Reset": "30"}, None),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "soon"}, None),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "-5"}, None),
        ({"RateLimit-Remaining": "none", "RateLimit-Reset": "30"}, None),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "0"}, 0.0),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "99999"}, LONGEST),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1760000042"}, 42.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1759999999"}, 0.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1760000042000"}, 42.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9760000042"}, LONGEST),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"}, 60.0),
        ({"X-RateLimit-Remaining": "59", "X-RateLimit-Reset": "1760000042"}, None),
        ({"X-RateLimit-Remaining": "0, 1000", "X-RateLimit-Reset": "1, 1419704"}, 1.0),
        ({"X-RateLimit-Remaining": "1, 0", "X-RateLimit-Reset": "1, 300"}, 300.0),
        ({"X-RateLimit-Remaining": "0,0", "X-RateLimit-Reset": "1,300"}, 300.0),
        ({"X-RateLimit-Remaining": "1, 1000", "X-RateLimit-Reset": "1, 1419704"}, None),
        ({"X-RateLimit-Remaining": "0, 1000", "X-RateLimit-Reset": "1"}, 1.0),
        ({"X-RateLimit-Remaining": "5, 0", "X-RateLimit-Reset": "1"}, None),
        ({"RateLimit": '"default";r=0;t=30'}, 30.0),
        ({"RateLimit": '"default";r=50;t=30'}, None),
        ({"RateLimit": '"default"; r=0 ; t=30 ;pk=:dXNlcg==:'}, 30.0),
        ({"RateLimit": '"burst";r=0;t=2, "day";r=0;t=600'}, 600.0),
        ({"RateLimit": '"burst";r=0;t=2, "day";r=9;t=600'}, 2.0),
        ({"RateLimit": '"a,b;r=0;t=5";r=3;t=600'}, None),
        ({"RateLimit": '"default";r=0'}, None),
        ({"RateLimit": "default;r=0;t=7"}, 7.0),
        ({"RateLimit": "limit=10, remaining=0, reset=5"}, 5.0),
        ({"RateLimit": "limit=10, remaining=4, reset=5"}, None),
        ({"RateLimit": ""}, None),
        ({"RateLimit": ";;;==,,\"'"}, None),
    ],
)
def test_the_pause_is_what_the_headers_say(headers: dict[str, str], pause: float | None) -> None:
    assert quota_pause(headers, now=NOW) == pause


@given(st.text(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_no_header_breaks_it_or_asks_for_more_than_an_hour(field: str, remaining: str, reset: str) -> None:
    headers = {"RateLimit": field, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset}
    pause = quota_pause(headers, now=NOW)
    if pause is not None:
        assert 0.0 <= pause <= LONGEST


async def test_a_server_whose_limit_is_used_up_is_not_asked_until_it_says(serve) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response(len(asked), headers={"RateLimit": f'"default";r={2 - len(asked)};t=30'})

    url = await serve(handler)
    client = Client(allow_private=True)
    assert [await client.get_json(f"{url}/{n}") for n in range(2)] == [1, 2]
    with pytest.raises(RateLimited, match="its quota is exhausted for another") as caught:
        await client.get_json(f"{url}/2")
    assert caught.value.retry_after == pytest.approx(30.0, abs=5.0)
    await client.close()
    assert len(asked) == 2


async def test_it_is_asked_again_when_the_time_is_over(serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response(1, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "0.5"})

    url = await serve(handler)
    client = Client(allow_private=True)
    assert await client.get_json(url) == 1
    with pytest.raises(RateLimited) as caught:
        await client.get_json(url)
    await asyncio.sleep(caught.value.retry_after or 0.0)
    assert await client.get_json(url) == 1
    await client.close()


async def test_a_refusal_with_a_used_up_limit_is_no_refused_key(serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "50"})

    url = await serve(handler)
    client = Client(allow_private=True)
    with pytest.raises(RateLimited, match="Ask again in 50 s") as caught:
        await client.get_json(url)
    assert caught.value.retry_after == 50.0
    await client.close()


async def test_of_very_many_origins_the_latest_are_remembered(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({}, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "60"})

    monkeypatch.setattr(client_module, "MOST_EXHAUSTED", 2)
    client = Client(allow_private=True)
    for _ in range(4):
        async with client.open(await serve(handler)):
            pass
    assert len(client._exhausted) == 2
    await client.close()
