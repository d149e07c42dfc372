"""What sources share: connections that are kept, turns that are limited, and an end when the last one leaves."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.errors import ConfigError, SourceError
from fanin.limits import LIMITS, Limits
from fanin.net.client import Client
from fanin.net.connections.connection_slots import Slots
from fanin.net.network import USER_AGENT, VERSION, Network
from fanin.testing import run_jumping
from fanin.testing.hostile import MISBEHAVIOURS, Asked, Hostile


async def test_the_user_agent_names_fanin_and_its_version_and_can_be_set(serve) -> None:
    from importlib.metadata import version

    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.headers["User-Agent"])
        return web.json_response(1)

    url = await serve(handler)
    for network in (Network(), Network(user_agent="town-hall/2 (mail@town.example)")):
        client = Client(network, allow_private=True)
        await client.get_json(url)
        await client.get_json(url, headers={"User-Agent": "only-here/1"})
        await client.close()
    assert version("fanin") == VERSION
    assert seen == [USER_AGENT, "only-here/1", "town-hall/2 (mail@town.example)", "only-here/1"]


def test_a_user_agent_that_could_end_the_header_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="User-Agent"):
        Network(user_agent="me\r\nX-Key: y")


@pytest.mark.parametrize("name", ["silent", "stalls-in-a-header", "stalls-in-the-body", "a-byte-a-second"])
async def test_one_answer_has_a_time_for_all_of_it(name: str) -> None:
    async with Hostile() as hostile:
        client = Client(Network(limits=Limits(response_seconds=0.1)), allow_private=True)
        with pytest.raises(TimeoutError, match=f"the longest time allowed .*/{name}"):
            await client.get_json(hostile.url(name))
        await client.close()


async def test_sources_share_connections_until_the_last_of_them_is_closed(serve) -> None:
    ports: list[int] = []

    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports.append(request.transport.get_extra_info("peername")[1])
        return web.json_response(1)

    url = await serve(handler)
    network = Network()
    one, two, idle = (Client(network, allow_private=True) for _ in range(3))
    await one.get_json(url)
    await two.get_json(url)
    await one.close()
    await two.get_json(url)
    await two.close()
    await idle.close()
    await two.get_json(url)
    await two.close()
    assert len(set(ports[:3])) == 1
    assert ports[3] != ports[0]


async def test_a_value_is_posted_as_json(serve) -> None:
    seen: list[object] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.method, request.content_type, await request.json(), dict(request.query)))
        return web.json_response({"found": 1})

    url = await serve(handler)
    client = Client(allow_private=True)
    assert await client.post_json(url, {"q": "ü \ud800"}, params={"page": 1}) == {"found": 1}
    await client.close()
    assert seen == [("POST", "application/json", {"q": "ü \ud800"}, {"page": "1"})]


async def test_a_kept_connection_that_was_closed_meanwhile_is_no_failure() -> None:
    async with Hostile() as hostile:
        client = Client(allow_private=True)
        # Its server says nothing of closing, and closes.
        for _ in range(20):
            with pytest.raises(SourceError, match="302"):
                await client.get_json(hostile.url("redirect-to-nothing"))
        await client.close()
    assert hostile.asked["redirect-to-nothing"] == 20


async def test_what_is_posted_is_never_sent_twice() -> None:
    async with Hostile({"once": good_once}) as hostile:
        client = Client(allow_private=True)
        await client.get_json(hostile.url("once"))
        # Over the connection that was kept, which is closed when something is posted.
        with pytest.raises(SourceError) as caught:
            await client.post_json(hostile.url("once"), {"q": 1})
        await client.close()
    assert (caught.value.kind, hostile.asked["once"]) == ("disconnected", 2)


async def good_once(asked: Asked) -> AsyncGenerator[bytes]:
    if asked.number == 1:
        async for piece in MISBEHAVIOURS["good"](asked):
            yield piece


async def test_a_request_that_fails_gives_its_turn_back() -> None:
    async with Hostile() as hostile:
        client = Client(Network(per_host=1, in_all=1), allow_private=True)
        for name in ("refused", "closes", "404", "json-broken-off", "headers-over-32-kb", "redirect-to-file"):
            with pytest.raises(SourceError):
                await client.get_json(hostile.url(name))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.get_json(hostile.url("silent"))
        async with asyncio.timeout(5):
            assert await client.get_json(hostile.url("good"))
        await client.close()


async def test_no_cookie_is_kept(served_as_public) -> None:
    seen: list[str] = []

    async def handler(request: web.BaseRequest) -> web.Response:
        seen.append(request.headers.get("Cookie", ""))
        return web.json_response(1, headers={"Set-Cookie": "a=b; Path=/"})

    names = await served_as_public(handler)
    client = Client(Network(resolver=names))
    for _ in range(2):
        await client.get_json(f"http://public.example:{names.port}/")
    await client.close()
    assert seen == ["", ""]


async def most_at_once(network: Network, urls: list[str], counts: Counter[str]) -> None:
    client = Client(network, allow_private=True)
    await asyncio.gather(*(client.get_json(url) for url in urls))
    await client.close()
    assert counts["now"] == 0


@pytest.mark.parametrize(("per_host", "in_all", "most"), [(3, 100, 3), (100, 4, 4)])
async def test_no_more_are_under_way_than_the_limits_say(serve, per_host: int, in_all: int, most: int) -> None:
    counts: Counter[str] = Counter()

    async def handler(request: web.Request) -> web.Response:
        counts["now"] += 1
        counts["most"] = max(counts["most"], counts["now"])
        await asyncio.sleep(0.01)
        counts["now"] -= 1
        return web.json_response(1)

    url = await serve(handler)
    await most_at_once(Network(per_host=per_host, in_all=in_all), [url] * 20, counts)
    assert counts["most"] == most


async def test_a_body_that_is_being_read_holds_its_turn(serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(1)

    url = await serve(handler)
    client = Client(Network(per_host=1), allow_private=True)
    async with client.open(url) as reply:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.get_json(url)
        assert await reply.json() == 1
    assert await client.get_json(url) == 1
    await client.close()


def test_what_does_not_fit_into_the_queue_is_shed_at_once() -> None:
    async def scenario() -> None:
        slots = Slots(per_host=2, in_all=100)
        for _ in range(2):
            await slots.take("a.example")
        waiting = [asyncio.create_task(slots.take("a.example")) for _ in range(2 * LIMITS.waiting)]
        await asyncio.sleep(0)
        with pytest.raises(SourceError, match=r"a\.example has 2 running and 20 waiting") as caught:
            await slots.take("a.example")
        assert caught.value.kind == "shed"
        await slots.take("b.example")
        for _ in range(2 + len(waiting)):
            slots.release("a.example")
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
        slots.release("b.example")
        assert not slots._hosts

    run_jumping(scenario())


steps = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.integers(0, 9)), max_size=40)


@settings(max_examples=400, deadline=None)
@given(steps=steps, per_host=st.integers(1, 3), in_all=st.integers(1, 5))
def test_whoever_leaves_when_no_turn_is_lost_or_given_twice(steps, per_host: int, in_all: int) -> None:
    async def scenario() -> None:
        slots, now = Slots(per_host=per_host, in_all=in_all), Counter[str]()

        async def ask(host: str, held: float) -> None:
            try:
                await slots.take(host)
            except SourceError:
                return
            now[host] += 1
            assert now[host] <= per_host
            assert now.total() <= in_all
            try:
                await asyncio.sleep(held)
            finally:
                now[host] -= 1
                slots.release(host)

        async def leaving(host: str, held: float, patience: float) -> None:
            try:
                async with asyncio.timeout(patience):
                    await ask(host, held)
            except TimeoutError:
                pass

        await asyncio.gather(*(leaving(*step) for step in steps))
        assert not slots._hosts
        assert slots._all.idle
        assert now.total() == 0

    run_jumping(scenario())


@pytest.mark.parametrize("limits", [{"per_host": 0}, {"in_all": 0}, {"per_host": -1}])
def test_a_limit_below_one_is_a_mistake(limits: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match="Allow at least 1"):
        Network(**limits)


def test_the_page_on_the_network_tells_the_limits_that_hold() -> None:
    from fanin.net.connections import sessions

    page = (Path(__file__).parents[2] / "docs/explanation/network.md").read_text("utf-8")
    for line in (
        f"| a body on the wire | {LIMITS.body_bytes // 1_000_000} MB",
        f"| the same, unpacked | {LIMITS.unpacked_bytes // 1_000_000} MB",
        f"| headers of an answer | {LIMITS.header_bytes // 1024} KB in all",
        f"| redirects | {LIMITS.redirects};",
        f"| JSON | {LIMITS.json_depth} levels",
        f"| one answer | {LIMITS.response_seconds:g} s",
        f"| names | kept for {sessions.DNS_TTL} s; {LIMITS.lookups} look-ups",
        "| requests at a time | 10 to one host and 100 in all",
    ):
        assert line in page
