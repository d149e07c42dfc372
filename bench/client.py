"""What does the guarded client cost, against bare aiohttp?

Run `python bench/client.py [requests]`. The same small JSON answer is fetched over loopback from a server in a process
of its own, one request after another and ten at a time, through fanin's client and through a bare aiohttp session that
reads and decodes it. The two take turns within one run, and the medians of the rounds are compared.
"""

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp

from fanin.net.client import Client

REQUIRED = 1.3
"""Times as long as bare aiohttp that the guarded client may take."""

ROUNDS = 20
"""Turns that each of the two takes; the requests are divided among them."""

ANSWER = json.dumps({"items": [{"title": f"Item {at}", "body": "The harbour is open until nine."} for at in range(20)]})

type Fetch = Callable[[], Awaitable[object]]


async def serve() -> None:
    """The server: it answers whatever is asked, as fast as it can, and says its port."""

    class Answering(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.transport.write(told * data.count(b"\r\n\r\n"))  # pyright: ignore

    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}\r\n\r\n"
    told = (head + ANSWER).encode()
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def seconds(fetch: Fetch, requests: int, at_once: int) -> float:
    """The seconds of this many requests, so many at a time."""

    async def one_after_another() -> None:
        for _ in range(requests // at_once):
            await fetch()

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())
    return time.perf_counter() - start


async def compared(url: str, requests: int, at_once: int) -> tuple[float, float]:
    """The seconds of one request, guarded and bare: the median of the rounds."""
    client = Client(allow_private=True)
    async with aiohttp.ClientSession() as session:

        async def bare() -> object:
            async with session.get(url) as response:
                return await response.json()

        async def guarded() -> object:
            return await client.get_json(url)

        if await bare() != await guarded():
            raise RuntimeError("The two did not fetch the same.")
        for fetch in (bare, guarded):
            await seconds(fetch, 200, at_once)
        few = requests // ROUNDS
        rounds = [(await seconds(guarded, few, at_once), await seconds(bare, few, at_once)) for _ in range(ROUNDS)]
    await client.close()
    guarded_times, bare_times = zip(*rounds, strict=True)
    return statistics.median(guarded_times) / few, statistics.median(bare_times) / few


def main(requests: int) -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}, aiohttp {aiohttp.__version__}")
    command = [sys.executable, __file__, "serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/"
        for at_once in (1, 10):
            guarded, bare = asyncio.run(compared(url, requests, at_once))
            each = [f"{taken * 1e6:.0f} µs" for taken in (guarded, bare)]
            print(f"{requests} requests, {at_once} at a time: guarded {each[0]} each, bare {each[1]}; medians")
            print(f"guarded / bare: {guarded / bare:.2f}; required: at most {REQUIRED}")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
