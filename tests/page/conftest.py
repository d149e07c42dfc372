"""A real browser, headless, and real servers for it: `fanin serve` as a process, and the services that it asks."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from page.coast import PLACES, Place, serving, settings
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from fanin.storage.api_keys import add_key

ROOT = Path(__file__).parents[2]
UNPACKED = ROOT / ".servers/chromium"
SECONDS = 30_000
"""Milliseconds within which the page shows what a test waits for, on a busy machine."""


def chromium() -> str | None:
    """The program of the browser, as installed or as scripts/servers unpacked it."""
    places = [UNPACKED / "usr/lib/chromium/chromium", Path("/usr/lib/chromium/chromium")]
    return next((str(each) for each in places if each.exists()), shutil.which("chromium"))


@dataclass
class Fanin:
    """`fanin serve` in a folder, on a port that stays the same when it is started again."""

    folder: Path
    port: int
    key: str = ""
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        program = str(Path(sys.executable).with_name("fanin"))
        self.process = await asyncio.create_subprocess_exec(
            program, "serve", "--port", str(self.port), cwd=self.folder, stderr=asyncio.subprocess.PIPE
        )
        assert self.process.stderr is not None
        line = await self.process.stderr.readline()
        assert b"Answering" in line, line

    async def stop(self, *, kill: bool = False) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill() if kill else self.process.send_signal(2)
            await self.process.communicate()


@dataclass
class Seen:
    """What went wrong in the browser: errors of scripts and of the policy, and requests to anybody else."""

    address: str
    errors: list[str] = field(default_factory=list[str])
    foreign: list[str] = field(default_factory=list[str])

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))
        page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text and "net::ERR" not in text:
            self.errors.append(text)

    def _request(self, url: str) -> None:
        if not url.startswith((self.address, "blob:", "data:image/svg+xml")):
            self.foreign.append(url)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def program(absent) -> str:
    found = chromium()
    if found is None:
        absent("Chromium is not on this machine")
    return found


@asynccontextmanager
async def launched(program: str) -> AsyncGenerator[Browser]:
    """The browser, headless, with the libraries that were unpacked beside it."""
    libraries = os.pathsep.join({str(each.parent) for each in UNPACKED.glob("usr/lib/*-linux-gnu/**/*.so*")})
    env: dict[str, Any] = {**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})}
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], env=env
        )
        try:
            yield made
        finally:
            await made.close()


@pytest.fixture
async def browser(program: str) -> AsyncIterator[Browser]:
    async with launched(program) as made:
        yield made


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Start services and a server that asks them."""
    async with AsyncExitStack() as stack:

        async def start(places: Mapping[str, Place] = PLACES, *, top: str = "", server: str = "") -> Fanin:
            url = await stack.enter_async_context(serving(places))
            text = settings(url, places, top=top).replace("[server]\n", f"[server]\n{server}\n")
            (tmp_path / "fanin.toml").write_text(text)
            made = Fanin(tmp_path, free_port())
            made.key, _ = add_key(tmp_path / "keys.json", "anna")
            stack.push_async_callback(made.stop)
            await made.start()
            return made

        yield start


@dataclass
class Visit:
    """A page of the browser at a server, and what went wrong in it."""

    page: Page
    context: BrowserContext
    fanin: Fanin
    seen: Seen

    async def ask(self, question: str) -> str:
        """Ask, wait for the run, and give its id."""
        await self.page.goto(f"{self.fanin.address}/")
        await self.page.wait_for_selector(".chip")
        await self.page.fill("#question", question)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/runs/*")
        return self.page.url.rpartition("/")[2]

    async def ended(self) -> None:
        await self.page.wait_for_selector(".run.is-final")

    async def again(self) -> Page:
        """Another tab of the same browser."""
        page = await self.context.new_page()
        page.set_default_timeout(SECONDS)
        self.seen.watch(page)
        return page


@pytest.fixture
async def visit(browser: Browser, started) -> AsyncIterator[Callable[..., Any]]:
    """Open the page of a server, which is started unless given; fails if a script failed or asked anybody else."""
    all_seen: list[Seen] = []

    async def make(places: Mapping[str, Place] = PLACES, *, fanin: Fanin | None = None, **options: Any) -> Visit:
        server = {name: options.pop(name) for name in ("top", "server") if name in options}
        fanin = fanin or await started(places, **server)
        options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = await browser.new_context(**options)
        page = await context.new_page()
        page.set_default_timeout(SECONDS)
        seen = Seen(fanin.address)
        seen.watch(page)
        all_seen.append(seen)
        return Visit(page, context, fanin, seen)

    yield make
    assert [error for seen in all_seen for error in seen.errors] == []
    assert [url for seen in all_seen for url in seen.foreign] == []
