"""A Redis server: a small one on loopback that can be told to misbehave, and the real one where it is."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).parents[1]


@dataclass
class SmallRedis:
    """Speaks enough RESP for GET, SET with an expiry, and the script that swaps a value.

    `mood` is what it does instead of answering.
    """

    port: int = 0
    mood: str = ""
    kept: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    asked: list[bytes] = field(default_factory=list[bytes])

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while command := await self._command(reader):
                self.asked.append(command[0].upper())
                writer.write(await self._reply(command))
                await writer.drain()
        except ConnectionError, asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    async def _command(self, reader: asyncio.StreamReader) -> list[bytes]:
        count = int((await reader.readuntil(b"\r\n"))[1:])
        words: list[bytes] = []
        for _ in range(count):
            size = int((await reader.readuntil(b"\r\n"))[1:])
            words.append((await reader.readexactly(size + 2))[:-2])
        return words

    async def _reply(self, command: list[bytes]) -> bytes:
        match [command[0].upper(), *command[1:]]:
            case [b"GET" | b"SET", *_] if self.mood == "silent":
                await asyncio.sleep(3600)
                return b""
            case [b"GET" | b"SET", *_] if self.mood:
                return self.mood.encode()
            case [b"GET", key]:
                value = self.kept.get(key)
                return b"$-1\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value)
            case [b"SET", key, value, b"PX", _]:
                self.kept[key] = value
                return b"+OK\r\n"
            case [b"EVAL", _, b"1", key, old, new, _]:
                same = self.kept.get(key, b"") == old
                self.kept |= {key: new} if same else {}
                return b":%d\r\n" % same
            case [b"HELLO", *_]:
                return b"-ERR unknown command 'HELLO'\r\n"
            case _:
                return b"+OK\r\n"


@pytest.fixture
async def small_redis() -> AsyncIterator[SmallRedis]:
    redis = SmallRedis()
    talks: set[asyncio.Task[Any]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(task := asyncio.current_task())
        try:
            await redis.talk(reader, writer)
        except asyncio.CancelledError:
            writer.close()
        finally:
            talks.discard(task)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    redis.port = server.sockets[0].getsockname()[1]
    yield redis
    server.close()
    for task in tuple(talks):
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    await server.wait_closed()


type StartRedis = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture(scope="session")
def redis_program(absent: Callable[[str], NoReturn], tmp_path_factory) -> tuple[int, StartRedis]:
    """A port, and what starts a real server there."""
    ours = ROOT / ".servers" / "redis" / "usr" / "bin" / "redis-server"
    program = str(ours) if ours.exists() else shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        absent("Redis is not on this machine")
    libraries = ":".join(map(str, ours.parents[1].glob("lib/*-linux-gnu")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = str(tmp_path_factory.mktemp("redis"))
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    environment = {**os.environ, **({"LD_LIBRARY_PATH": libraries} if ours.exists() else {})}

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        _await_port(port)
        return process

    return port, start


@pytest.fixture
def real_redis(redis_program: tuple[int, StartRedis]) -> Iterator[str]:
    """The address of a real server."""
    port, start = redis_program
    process = start()
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(20)


def _await_port(port: int) -> None:
    end = time.monotonic() + 20.0
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("Redis did not start")
