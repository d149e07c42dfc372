"""A real PostgreSQL server, when its programs are on this machine: in a temporary folder, on a loopback port."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from fanin.model import Question
from fanin.sources.source import Source

ROOT = Path(__file__).parents[3]
PASSWORD = "hunter2"


@dataclass(frozen=True)
class Server:
    """A running server with the user `fanin`, who may do everything, and the database `postgres`."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://fanin:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def do(self, statement: str) -> str:
        """What psql says about a statement."""
        asked = [
            "psql",
            "-XAtq",
            "-h",
            str(self.folder),
            "-p",
            str(self.port),
            "-U",
            "fanin",
            "postgres",
            "-c",
            statement,
        ]
        return ran(self.programs, asked).strip()


def ran(programs: Path, command: Sequence[str], **settings: Any) -> str:
    done = subprocess.run(
        [str(programs / command[0]), *command[1:]],
        check=False,
        capture_output=True,
        text=True,
        **environment(programs, **settings),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(programs: Path, **settings: Any) -> dict[str, Any]:
    """How its programs are run: never as root, which it refuses, and with the libraries that came along."""
    libraries = [str(path) for path in programs.parents[3].glob("lib/*-linux-gnu")]
    own = {"LD_LIBRARY_PATH": ":".join(libraries)} if programs.is_relative_to(ROOT) else {}
    user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    return {"env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **own}, "cwd": "/", **user, **settings}


def programs(absent: Callable[[str], NoReturn]) -> Path:
    """The folder of PostgreSQL's programs: unpacked by scripts/servers, or the system's."""
    places = [
        *(ROOT / ".servers").glob("postgresql/usr/lib/postgresql/*/bin"),
        *Path("/usr/lib/postgresql").glob("*/bin"),
    ]
    if (found := shutil.which("postgres")) is not None:
        places.append(Path(found).resolve().parent)
    for place in places:
        if all((place / program).exists() for program in ("postgres", "initdb", "psql")):
            return place
    return absent("PostgreSQL is not on this machine")


@pytest.fixture(scope="session")
def postgresql(absent: Callable[[str], NoReturn]) -> Iterator[Server]:
    """A server for the whole run of the tests."""
    server = placed(programs(absent))
    try:
        created(server)
        process = started(server)
        try:
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
    finally:
        shutil.rmtree(server.folder)


def placed(place: Path) -> Server:
    """A server that is not there yet, in a folder of its own and on a free port."""
    folder = Path(tempfile.mkdtemp(prefix="fanin-postgresql-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Server(place, folder, free.getsockname()[1])


@dataclass
class Mortal:
    """A server that can be killed with all of its processes, and started again."""

    server: Server
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)

    def start(self) -> None:
        self.process = started(self.server)


@pytest.fixture
def mortal(absent: Callable[[str], NoReturn]) -> Iterator[Mortal]:
    """A server for one test."""
    server = placed(programs(absent))
    try:
        created(server)
        alive = Mortal(server, started(server))
        yield alive
        alive.kill()
    finally:
        shutil.rmtree(server.folder)


def created(server: Server) -> None:
    word = server.folder / "password"
    word.write_text(PASSWORD, "utf-8")
    word.chmod(0o644)
    where = ["-D", str(server.folder / "pg"), "-U", "fanin", "--encoding=UTF8", "--no-locale", "--no-sync"]
    ran(server.programs, ["initdb", *where, "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={word}"])


def started(server: Server) -> subprocess.Popen[bytes]:
    settings = ["-p", str(server.port), "-k", str(server.folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    command = [str(server.programs / "postgres"), "-D", str(server.folder / "pg"), *settings]
    with (server.folder / "log").open("ab") as log:
        process = subprocess.Popen(command, start_new_session=True, **environment(server.programs, stderr=log))
    end = time.monotonic() + 20.0
    while time.monotonic() < end:
        try:
            server.do("SELECT 1")
        except AssertionError:
            time.sleep(0.05)
        else:
            return process
    pytest.fail((server.folder / "log").read_text("utf-8"))


@pytest.fixture
def there() -> Callable[[], tuple[int, int, int]]:
    """How many threads, descriptors and tasks there are."""
    return lambda: (threading.active_count(), len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks()))  # noqa: PTH208


@pytest.fixture
def abuse() -> Callable[[Source, Source], Awaitable[None]]:
    """Ask a source twenty times at once and leave after its first row, leave a slow one half-way, and close both."""

    async def read(source: Source) -> None:
        async with aclosing(cast("Any", source(Question("q")))) as rows:
            async for _ in rows:
                break

    async def abused(source: Source, slow: Source) -> None:
        await asyncio.gather(*(read(source) for _ in range(20)))
        for delay in (0.0, 0.001, 0.003, 0.01, 0.03, 0.1):
            asking = asyncio.create_task(read(slow))
            await asyncio.sleep(delay)
            asking.cancel()
            await asyncio.wait((asking,), timeout=3.0)
            assert asking.done()
        for each in (source, slow):
            assert each.close is not None
            await each.close()

    return abused
