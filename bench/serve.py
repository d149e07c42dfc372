"""What does a server bear, and what does it cost beside a bare FastAPI route?

Run `scripts/bench serve`, with `--seconds 120` for the steady load. `fanin serve` is a process of its own, and so are
the load, which is here, and the control: a bare route that returns the same JSON. All talk over loopback.

- A steady load of questions to five sources of 50 ms: is anything lost, and how late is the event loop?
- Three times what the server takes: is what it refuses refused at once, does the rest go on, does it live meanwhile,
  and how soon does it take everything again?
- Clients that leave in the middle: does anything remain?
- Many open streams: do they all end, and how much memory do they take? And with slow readers, what do others notice?
- With everything cached: how does `POST /v1/ask` compare with the bare route?
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from measuring import in_turns, machine, medians, verdict

RATE, SOURCES, LATENCY = 50, 5, "50ms"
"""Questions a second of the steady load, sources of each, and what a source takes."""

LAG, SHED, ALIVE, GOODPUT, RECOVERY = 0.05, 0.05, 0.1, 0.9, 5.0
"""Seconds of loop lag at p99; of a refusal at the median and of a check for life at p99; the share of the peak under
overload; seconds until everything is taken again."""

STREAMS, MEGABYTES, SLOW = 1_000, 600, 200
"""Open streams, and memory that they may take; readers that are slow."""

CACHED = 0.5
"""Share of the rate of a bare route that a cached question reaches."""

SETTINGS = """
store = "memory"
[process]
semantic = false
[server]
keys = "keys.json"
rate = "1000000/min"
concurrent = {concurrent}
[runs]
file = "runs.sqlite"
{sources}
"""
SOURCE = """
[sources.harbour{number}]
kind = "simulated"
latency = "{latency}"
text = "The harbour {number} is open until nine tonight."
cache = "{cache}"
"""

BARE = """
import json, sys
from pathlib import Path
import uvicorn
from fastapi import FastAPI, Response
app = FastAPI()
BODY = Path(sys.argv[2]).read_bytes()
@app.post("/v1/ask")
async def ask(asked: dict) -> Response:
    json.loads(BODY)
    return Response(json.dumps(json.loads(BODY)), media_type="application/json")
uvicorn.run(app, port=int(sys.argv[1]), log_config=None, http="httptools", access_log=False)
"""


@dataclass
class Load:
    """What became of the requests of one load."""

    answered: list[float] = field(default_factory=list[float])
    refused: list[float] = field(default_factory=list[float])
    lost: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.answered) / self.seconds


class Server:
    """`fanin serve` as a process, and a client of it."""

    def __init__(self, process: subprocess.Popen[str], address: str, client: aiohttp.ClientSession) -> None:
        self.process, self.address, self.client = process, address, client
        self._words = itertools.count()

    async def ask(self, load: Load, question: str = "") -> None:
        question = question or f"Is the harbour open, {next(self._words)}?"
        begun = time.perf_counter()
        try:
            async with self.client.post(f"{self.address}/v1/ask", json={"question": question}) as reply:
                told = await reply.json()
        except aiohttp.ClientError, TimeoutError, ValueError:
            load.lost += 1
            return
        took = time.perf_counter() - begun
        if reply.status == 200 and told["success"]:
            load.answered.append(took)
        elif reply.status in (429, 503) and "Retry-After" in reply.headers:
            load.refused.append(took)
        else:
            load.lost += 1

    async def steadily(self, rate: float, seconds: float) -> Load:
        """So many questions a second, whatever becomes of those before."""
        load, begun = Load(), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
                group.create_task(self.ask(load))
        load.seconds = max(seconds, time.perf_counter() - begun)
        return load

    async def metric(self, name: str) -> dict[str, float]:
        """The samples of a metric, by their labels."""
        async with self.client.get(f"{self.address}/metrics") as reply:
            text = await reply.text()
        return {labels: float(value) for labels, value in re.findall(rf"^{name}(\S*) (\S+)$", text, re.MULTILINE)}

    async def lag(self, share: float = 0.99) -> float:
        """Within how many seconds the loop was at that share of the measurements: a bound of the histogram."""
        buckets = await self.metric("fanin_loop_lag_seconds_bucket")
        bounds = sorted((float(re.findall(r'le="([^"]+)"', labels)[0]), count) for labels, count in buckets.items())
        return next(bound for bound, count in bounds if count >= share * bounds[-1][1])

    async def until_idle(self) -> None:
        """Wait until no question runs."""
        async with asyncio.timeout(30):
            while (await self.metric("fanin_questions_running"))[""]:
                await asyncio.sleep(0.1)

    def megabytes(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def files(self) -> int:
        return len([*Path(f"/proc/{self.process.pid}/fd").iterdir()])


@asynccontextmanager
async def serving(*, concurrent: int = 64, latency: str = LATENCY, cache: str = "0s") -> AsyncGenerator[Server]:
    sources = "".join(SOURCE.format(number=number, latency=latency, cache=cache) for number in range(SOURCES))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "fanin.toml").write_text(SETTINGS.format(concurrent=concurrent, sources=sources))
        command = [sys.executable, "-m", "fanin", "serve", "--port", "0"]
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = process.stderr.readline()
        connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=60)
        try:
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as client:
                yield Server(process, re.findall(r"http://\S+", said)[0], client)
        finally:
            process.terminate()
            process.wait(30)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values) or [float("inf")]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def steady(seconds: float) -> None:
    async with serving() as server:
        load = await server.steadily(RATE, seconds)
        asked = int(RATE * seconds)
        print(f"{asked:,} questions at {RATE} a second: p50 {percentile(load.answered, 0.5) * 1e3:.0f} ms")
        print(verdict("questions answered / asked", len(load.answered) / asked, least=1.0))
        print(verdict("loop lag p99, s", await server.lag(), most=LAG))


async def overload() -> None:
    async with serving(concurrent=16) as server:
        peak = Load()
        begun = time.perf_counter()

        async def keep_asking() -> None:
            while time.perf_counter() < begun + 3.0:
                await server.ask(peak)

        await asyncio.gather(*(keep_asking() for _ in range(16)))
        peak.seconds = time.perf_counter() - begun
        alive: list[float] = []
        watching = asyncio.create_task(watch(server, alive))
        load = await server.steadily(3 * peak.rate, 5.0)
        watching.cancel()
        ended = time.perf_counter()
        after = Load()
        while not after.answered and time.perf_counter() < ended + 60:
            await server.ask(after)
        print(
            f"peak {peak.rate:.0f} a second; at three times that {load.rate:.0f} answered, {len(load.refused)} refused"
        )
        print(verdict("lost", load.lost + 1.0, most=1.0))
        print(verdict("a refusal, median, s", statistics.median(load.refused or [9.0]), most=SHED))
        print(verdict("goodput / peak", load.rate / peak.rate, least=GOODPUT))
        print(verdict("a check for life, p99, s", percentile(alive, 0.99), most=ALIVE))
        print(verdict("recovery, s", time.perf_counter() - ended, most=RECOVERY))


async def watch(server: Server, alive: list[float]) -> None:
    """Ask whether the server lives, ten times a second."""
    while True:
        begun = time.perf_counter()
        async with server.client.get(f"{server.address}/healthz") as reply:
            await reply.read()
        alive.append(time.perf_counter() - begun)
        await asyncio.sleep(0.1)


async def leaving() -> None:
    async with serving(concurrent=500) as server:
        await server.steadily(20, 1.0)
        files, megabytes = server.files(), server.megabytes()
        for _ in range(5):
            load = Load()
            asking = [asyncio.ensure_future(server.ask(load)) for _ in range(100)]
            await asyncio.sleep(0.02)
            for each in asking[:30]:
                each.cancel()
            await asyncio.wait(asking)
        await server.until_idle()
        await asyncio.sleep(1.0)
        print(verdict("files after 150 of 500 left / before, +10", server.files() / (files + 110), most=1.0))
        print(
            f"memory {megabytes:.0f} MB before, {server.megabytes():.0f} MB after; calls stuck"
            f" {(await server.metric('fanin_calls_stuck'))['']:.0f}"
        )


async def streams() -> None:
    async with serving(concurrent=2 * STREAMS, latency="2s") as server:
        done = await asyncio.gather(*(one_stream(server) for _ in range(STREAMS)))
        print(verdict(f"streams that ended with an answer / {STREAMS}", sum(done) / STREAMS, least=1.0))
        print(verdict("memory, MB", server.megabytes(), most=MEGABYTES))
    async with serving(concurrent=500) as server:
        alone = await server.steadily(20, 5.0)
        slow = [asyncio.ensure_future(one_stream(server, pause=0.3)) for _ in range(SLOW)]
        await asyncio.sleep(1.0)
        await server.until_idle()  # their questions are answered, and wait to be read
        beside = await server.steadily(20, 5.0)
        reading = len([each for each in slow if not each.done()])
        done = await asyncio.gather(*slow)
        print(f"{reading} slow readers read when the others were measured; {sum(done)} got everything")
        share = percentile(beside.answered, 0.99) / percentile(alone.answered, 0.99)
        print(verdict(f"p99 beside {SLOW} slow readers / alone", share, most=2.0))


async def one_stream(server: Server, *, pause: float = 0.0) -> bool:
    """Follow one question; with a pause, wait up to twice as long before each line."""
    body = {"question": "Is the harbour open?", "deadline": "50s"}
    async with server.client.post(f"{server.address}/v1/ask/stream", json=body) as reply:
        last = b""
        async for line in reply.content:
            await asyncio.sleep(2 * pause * random.random())
            last = line if line.startswith(b"event:") else last
    return last.strip() == b"event: answered"


async def cached() -> None:
    async with serving(concurrent=500, latency="0s", cache="1h") as server:
        question = {"question": "Is the harbour open?"}
        async with server.client.post(f"{server.address}/v1/ask", json=question) as reply:
            body = await reply.read()
        with tempfile.NamedTemporaryFile(suffix=".json") as file, bare(body, file.name) as address:
            ways = {"bare": address, "fanin": server.address}

            def rate(where: str) -> Callable[[], object]:
                async def measure() -> float:
                    return await per_second(server.client, where, question)

                return measure

            for where in ways.values():
                await until_up(server.client, where)
            figures = medians(await in_turns({name: rate(where) for name, where in ways.items()}, rounds=5))
    print(f"cached: {figures['fanin']:.0f} a second; a bare route with the same JSON: {figures['bare']:.0f}")
    print(verdict("cached / bare", figures["fanin"] / figures["bare"], least=CACHED))


@contextlib.contextmanager
def bare(body: bytes, name: str):
    Path(name).write_bytes(body)
    json.loads(body)
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", BARE, str(port), name], stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


async def until_up(client: aiohttp.ClientSession, address: str) -> None:
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with client.post(f"{address}/v1/ask", json={"question": "Is the harbour open?"}) as reply:
                    await reply.read()
                    return
            await asyncio.sleep(0.1)


async def per_second(client: aiohttp.ClientSession, address: str, body: object, *, turn: float = 1.5) -> float:
    begun, count = time.perf_counter(), 0

    async def keep_asking() -> None:
        nonlocal count
        while time.perf_counter() < begun + turn:
            async with client.post(f"{address}/v1/ask", json=body) as reply:
                await reply.read()
            count += 1

    await asyncio.gather(*(keep_asking() for _ in range(8)))
    return count / (time.perf_counter() - begun)


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="of the steady load")
    options.add_argument("--only", choices=["steady", "overload", "leaving", "streams", "cached"])
    given = options.parse_args()
    print(machine())
    parts = {
        "steady": lambda: steady(given.seconds),
        "overload": overload,
        "leaving": leaving,
        "streams": streams,
        "cached": cached,
    }
    for name, part in parts.items():
        if given.only in (None, name):
            print(f"-- {name}")
            await part()


if __name__ == "__main__":
    asyncio.run(main())
