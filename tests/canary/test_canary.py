"""No key gets out: each kind of source, store and model, with odd keys, against servers that say back what they get."""

import asyncio
import base64
import html
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from canary_servers import MCP, PROGRAM, WAYS, echoing, talking_back

import fanin
from fanin.config import load
from fanin.engine import Engine
from fanin.errors import FaninError
from fanin.events import Answered
from fanin.interfaces.render import to_text
from fanin.storage import open_store
from fanin.streams.event_json import dumps, to_json

CORE = "SECRETKEY12345"
KEYS = {
    "plain": f"sk-{CORE}",
    "letter beyond ASCII": f"sk-{CORE}é",
    "zero-width space": f"sk-{CORE}\u200b",
    "line break": f"sk-{CORE}\nx",
    "carriage return": f"sk-{CORE}\r",
    "percent signs": f"sk%2d%{CORE}%zz%41",
    "quotes": f"sk-\"{CORE}'\\&<>",
    "blanks": f"sk {CORE} + tail",
    "address": f"sk@{CORE}:/?#[]",
    "very long": f"sk-{CORE}" + "0123456789abcdef" * 300,
}
QUESTION = "Is the harbour key open?"


@pytest.fixture(params=KEYS)
def key(request, monkeypatch) -> str:
    monkeypatch.setenv("KEY", KEYS[request.param])
    return KEYS[request.param]


def seen_in(text: str) -> list[str]:
    """Where pieces of the key, eight characters or more, stand in a text however it is encoded: what is around them."""
    readings = [text, text.replace("\\\\", "\\")]
    for _ in range(3):
        readings += [unquote(each) for each in readings[-2:]]
    readings += [html.unescape(each) for each in readings]
    pieces = [CORE[at : at + 8] for at in range(len(CORE) - 7)]
    pieces += [base64.b64encode(bytes(before) + CORE.encode()).decode()[4:-4] for before in range(3)]
    found = ((reading, reading.find(piece)) for reading in dict.fromkeys(readings) for piece in pieces)
    return [reading[max(0, at - 50) : at + 50] for reading, at in found if at >= 0]


@pytest.mark.parametrize(
    "text",
    [
        f"key {CORE}",
        f"cut {CORE[:8]}",
        quote(quote(f"a{CORE}", safe=""), safe=""),
        "".join(f"%{ord(letter):02x}" for letter in CORE),
        base64.b64encode(f"Bearer sk-{CORE}".encode()).decode(),
        base64.urlsafe_b64encode(f"xx{CORE}é".encode()).decode(),
        repr(repr(f"'\\{CORE}")),
    ],
)
def test_the_canary_is_seen(text: str) -> None:
    assert seen_in(text)


class Told:
    """All that fanin says of a run: answer, events, errors, statistics, log."""

    def __init__(self, log: pytest.LogCaptureFixture) -> None:
        self.log = log
        self.texts: list[str] = []
        self.outcomes: list[str] = []

    async def of(self, engine: Engine, *, times: int = 2) -> None:
        """Open it, ask so many times, and listen."""
        async with engine:
            for _ in range(times):
                async for event in engine.stream(QUESTION):
                    self.texts += [repr(event), to_json(event), to_text(event)]
                    if isinstance(event, Answered):
                        self.texts += [repr(event.answer), json.dumps(event.answer.to_dict()), dumps(event.answer)]
                        self.outcomes += [f"{each.status} {each.kind}" for each in event.answer.sources.values()]
            self.texts.append(repr(engine.statistics()))

    def check(self) -> None:
        """Nothing of it holds the key, nor a piece of it."""
        formatter = logging.Formatter("%(message)s")
        texts = [
            *self.texts,
            *(formatter.format(record) for record in self.log.get_records("call")),
            *_kept_in_caches(),
        ]
        assert [seen[0] for text in texts if (seen := seen_in(text))] == []


def _kept_in_caches() -> Iterator[str]:
    for folder in (os.environ["XDG_CACHE_HOME"], os.environ["XDG_STATE_HOME"]):
        for path in (*Path(folder).rglob("*"), *Path(folder).parent.glob("store*")):
            if path.is_file():
                yield path.read_bytes().decode("latin-1")


@pytest.fixture
def told(caplog, tmp_path, monkeypatch) -> Iterator[Told]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    caplog.set_level(logging.DEBUG)
    told = Told(caplog)
    yield told
    told.check()


@pytest.fixture
async def server() -> AsyncIterator[str]:
    async with echoing() as url:
        yield url


def declared(folder: Path, sources: Sequence[str], general: str = "") -> Engine:
    """An engine with those sources, each of them asked twice if it fails."""
    settings = load(written(folder, sources, general))
    return Engine(
        list(settings.build_sources()), deadline=8.0, pool="inline", semantic=False, store=open_store(folder / "store")
    )


def written(folder: Path, sources: Sequence[str], general: str = "") -> Path:
    """A settings file with those sources."""
    tables = "\n".join(f"[sources.s{number}]\nretries = 1\n{text}\n" for number, text in enumerate(sources))
    (folder / "fanin.toml").write_text(f"{general}\n[process]\nsemantic = false\n{tables}", "utf-8")
    return folder / "fanin.toml"


IN_HEADER = 'headers = { X-Key = "Bearer ${KEY}", Authorization = "Basic ${KEY}" }'
WEB = {
    "http": 'kind = "http"\nurl = "{url}/x?q={{question}}"\nallow_private = true',
    "feeds": 'kind = "feeds"\nurls = ["{url}/x"]\nallow_private = true',
    "web": 'kind = "web"\nurls = ["{url}/x"]\nallow_private = true',
    "wikipedia": 'kind = "wikipedia"\napi_url = "{url}/x"\nallow_private = true',
}


@pytest.mark.parametrize("kind", WEB)
async def test_keys_in_headers(kind: str, key: str, server: str, told: Told, tmp_path: Path) -> None:
    sources = [f"{WEB[kind].format(url=f'{server}/{way}')}\n{IN_HEADER}" for way in WAYS]
    if _sendable(key):
        await told.of(declared(tmp_path, sources), times=1)
        assert len(told.outcomes) == len(WAYS)
    else:
        with pytest.raises(FaninError, match="has an invalid character") as refused:
            declared(tmp_path, sources)
        told.texts += [str(refused.value), repr(refused.value)]


def _sendable(key: str) -> bool:
    return key.isascii() and key.isprintable()


IN_ADDRESS = {
    "http query": 'kind = "http"\nurl = "{url}/x?key=${{KEY}}&q={{question}}"\nallow_private = true',
    "http path": 'kind = "http"\nurl = "{url}/${{KEY}}/x"\nallow_private = true',
    "http parameters": 'kind = "http"\nurl = "{url}/x"\nparameters = {{ key = "${{KEY}}" }}\nallow_private = true',
    "http body": 'kind = "http"\nurl = "{url}/x"\nbody = {{ key = ["${{KEY}}"] }}\nallow_private = true',
    "feeds": 'kind = "feeds"\nurls = ["{url}/x?key=${{KEY}}", "{url}/${{KEY}}"]\nallow_private = true',
    "web": 'kind = "web"\nurls = ["{url}/x?key=${{KEY}}"]\nallow_private = true',
}


@pytest.mark.parametrize("kind", IN_ADDRESS)
async def test_keys_in_addresses_and_bodies(kind: str, key: str, server: str, told: Told, tmp_path: Path) -> None:
    await told.of(declared(tmp_path, [IN_ADDRESS[kind].format(url=f"{server}/{way}") for way in WAYS]), times=1)
    assert len(told.outcomes) == len(WAYS)


async def test_keys_of_a_server_that_is_not_there(key: str, told: Told, unused_tcp_port: int, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"
    await told.of(declared(tmp_path, [text.format(url=url) for text in IN_ADDRESS.values()]))
    assert {*told.outcomes} <= {"error unreachable", "open_circuit open_circuit", "error disconnected"}


async def test_keys_of_a_program(key: str, told: Told, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    table = 'kind = "command"\ncommand = ["{python}", "program.py", "{way}"]\nenvironment = {{ KEY = "${{KEY}}" }}'
    ways = ("documents", "garbage", "status")
    await told.of(declared(tmp_path, [table.format(python=sys.executable, way=way) for way in ways]))
    assert told.outcomes[:3] == ["ok ", "error format", "error exit"]


async def test_keys_of_an_mcp_server(key: str, told: Told, tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(MCP)
    table = (
        'kind = "mcp"\ntool = "say"\ncommand = ["{python}", "server.py", "{way}"]\ntimeout = "6s"\n'
        'environment = {{ KEY = "${{KEY}}" }}\narguments = {{ key = "${{KEY}}" }}'
    )
    ways = ("says", "error", "protocol", "toolless", "dies")
    await told.of(declared(tmp_path, [table.format(python=sys.executable, way=way) for way in ways]))
    assert told.outcomes[0] == "ok "


async def test_keys_of_an_mcp_server_over_http(key: str, server: str, told: Told, tmp_path: Path) -> None:
    table = 'kind = "mcp"\ntool = "say"\nurl = "{url}/x"\nallow_private = true\narguments = {{ key = "${{KEY}}" }}\n'
    sources = [table.format(url=f"{server}/{way}") for way in ("items", "reason", "garbage")]
    if _sendable(key):
        sources = [f"{each}{IN_HEADER}" for each in sources]
    await told.of(declared(tmp_path, sources))
    assert told.outcomes[:3] == ["error protocol", "error start", "error protocol"]


async def test_passwords_of_a_database(key: str, told: Told, tmp_path: Path, monkeypatch) -> None:
    table = 'kind = "sql"\nquery = "select 1"\nurl = "postgresql://user:${{KEY}}@127.0.0.1:{port}/db"'
    async with talking_back("E{}") as port:
        for plain in (True, False):
            text = table.format(port=port)
            text = text if plain else text.replace("${KEY}", "${QUOTED}")
            monkeypatch.setenv("QUOTED", quote(key, safe=""))
            await told.of(declared(tmp_path, [text]))
    assert told.outcomes == ["error connection", "open_circuit open_circuit"] * 2


async def test_passwords_of_a_store(key: str, told: Told, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("QUOTED", quote(key, safe=""))
    source = 'kind = "simulated"\nlatency = "0s"\ntext = "The harbour is open."'
    async with talking_back("-ERR invalid password {}") as port:
        for variable in ("KEY", "QUOTED"):
            general = f'store = "redis://user:${{{variable}}}@127.0.0.1:{port}/0"\nstore_key = "${{KEY}}"'
            await told.of(load(written(tmp_path, [source], general)).engine())
    assert told.outcomes == ["ok "] * 4


async def test_the_password_of_a_proxy(key: str, told: Told, tmp_path: Path, server: str, monkeypatch) -> None:
    monkeypatch.setenv("QUOTED", quote(key, safe=""))
    for variable in ("KEY", "QUOTED"):
        general = f'proxy = "{server.replace("://", f"://user:${{{variable}}}@")}/"'
        sources = ['kind = "http"\nurl = "http://192.0.2.1/items"\nallow_private = true']
        try:
            await told.of(declared(tmp_path, sources, general))
        except FaninError as error:
            told.texts += [str(error), repr(error)]
    assert len(told.outcomes) in (2, 4), "with one of the two ways of writing it, the proxy was asked"


async def test_a_store_key(key: str, told: Told, tmp_path: Path) -> None:
    @fanin.source(cache=60.0)
    async def harbour(_: fanin.Question) -> str:
        return "The harbour is open."

    await told.of(
        Engine([harbour], pool="inline", store=open_store(tmp_path / "cache" / "s"), store_key=key.ljust(16, "x"))
    )
    assert told.outcomes == ["ok "] * 2


MODELS = (
    "openai-compatible:{url}#m",
    "openai:gpt-4o",
    "anthropic:claude-haiku-4-5",
    "google:gemini-2.0-flash",
    "ollama:m",
)


@pytest.mark.parametrize("path", ["chat", "chat/fail", "reason"])
async def test_keys_of_models(path: str, key: str, server: str, told: Told, monkeypatch) -> None:
    pytest.importorskip("pydantic_ai", reason="the extra fanin[llm] is not installed")
    services = ("OPENAI_COMPATIBLE", "OPENAI", "ANTHROPIC", "GOOGLE", "OLLAMA")
    for name in services:
        monkeypatch.setenv(f"{name}_API_KEY", key)
        monkeypatch.setenv(f"{name}_BASE_URL", f"{server}/{path}")

    @fanin.source(timeout=2.0)
    async def harbour(_: fanin.Question) -> str:
        return "The harbour is open until nine tonight."

    options = {"pool": "inline", "semantic": False, "deadline": 8.0}
    models = [name.format(url=f"{server}/{path}") for name in MODELS]
    engines = [Engine([harbour], writer=model, process_model=model, **options) for model in models]
    await asyncio.gather(*(told.of(engine, times=1) for engine in engines))
    assert any("harbour is open" in text for text in told.texts)
