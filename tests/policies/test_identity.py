"""Whose an answer is: no cache, store, call under way or breaker gives one user what another one's key saw."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from memory_store import MemoryStore
from yarl import URL

import fanin
from fanin.config import load
from fanin.engine import Engine
from fanin.errors import ConfigError, SourceError
from fanin.net.client import Client
from fanin.net.secrets import Secret
from fanin.policies.identity import Identity, make_identity, user_key
from fanin.sources.feeds import feeds
from fanin.sources.http import http
from fanin.sources.mcp import mcp
from fanin.sources.programs.command_source import command
from fanin.sources.source import Source
from fanin.sources.sql import sql
from fanin.sources.web import web as pages
from fanin.storage import Store, open_store

KEYS = ("key-of-alice", "key-of-bob", "wrong-key")
QUESTION = "Is the harbour secret open?"

KINDS = {
    "http header": 'kind = "http"\nurl = "https://a.example/x?q={question}"\nheaders = { X-Key = "Bearer ${KEY}" }',
    "http query": 'kind = "http"\nurl = "https://a.example/x?q={question}&key=${KEY}"',
    "http path": 'kind = "http"\nurl = "https://a.example/${KEY}/x?q={question}"',
    "http parameters": 'kind = "http"\nurl = "https://a.example/x"\nparameters = { q = "{question}", key = "${KEY}" }',
    "http body": 'kind = "http"\nurl = "https://a.example/x"\nbody = { q = "{question}", key = ["${KEY}"] }',
    "http file": 'kind = "http"\nurl = "https://a.example/x?q={question}"\nheaders = { X-Key = "${file:key.txt}" }',
    "feeds address": 'kind = "feeds"\nurls = ["https://a.example/${KEY}.xml", "https://b.example/?key=${KEY}"]',
    "feeds header": 'kind = "feeds"\nurls = ["https://a.example/x.xml"]\nheaders = { X-Key = "${KEY}" }',
    "web address": 'kind = "web"\nurls = ["https://a.example/?key=${KEY}"]',
    "web header": 'kind = "web"\nurls = ["https://a.example/"]\nheaders = { Cookie = "session=${KEY}" }',
    "wikipedia header": 'kind = "wikipedia"\nheaders = { X-Key = "${KEY}" }',
    "weather header": 'kind = "open-meteo"\nheaders = { X-Key = "${KEY}" }',
    "hacker-news header": 'kind = "hacker-news"\nheaders = { X-Key = "${KEY}" }',
    "mcp header": 'kind = "mcp"\ntool = "t"\nurl = "https://a.example/mcp"\nheaders = { X-Key = "${KEY}" }',
    "mcp environment": 'kind = "mcp"\ntool = "t"\ncommand = ["server"]\nenvironment = { KEY = "${KEY}" }',
    "mcp arguments": 'kind = "mcp"\ntool = "t"\ncommand = ["server"]\narguments = { q = "{question}", key = "${KEY}" }',
    "sql address": 'kind = "sql"\nurl = "postgresql://user:${KEY}@localhost/db"\nquery = "select 1"',
    "command environment": 'kind = "command"\ncommand = ["program"]\nenvironment = { KEY = "${KEY}" }',
}


def declared(folder: Path, text: str) -> Source:
    (folder / "fanin.toml").write_text(f"[sources.api]\n{text}\n", "utf-8")
    (made,) = load(folder / "fanin.toml").build_sources()
    return made


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_what_is_kept_of_a_declared_source_depends_on_its_keys(text: str, tmp_path: Path, monkeypatch) -> None:
    names: list[str] = []
    for key in (*KEYS, KEYS[0]):
        monkeypatch.setenv("KEY", key)
        (tmp_path / "key.txt").write_text(key)
        source = declared(tmp_path, text)
        names.append(make_identity("a key of many machines").storage_key("answer", source, QUESTION))
        assert key not in repr(source)
    assert names[0] == names[3]
    assert len(set(names)) == 3
    assert all(len(name) == len("answer:") + 64 for name in names)


def of_key(key: str) -> dict[str, Source]:
    """Sources that a program makes, with a key as plain text or as a secret."""
    return {
        "http": http("https://a.example/?q={question}", client=Client(headers={"Authorization": key})),
        "http secret": http("https://a.example/?q={question}", client=Client(headers={"Authorization": Secret(key)})),
        "feeds": feeds(f"https://a.example/?key={key}"),
        "web": pages(Secret(f"https://a.example/?key={key}", parts=[key])),
        "command": command(["program"], environment={"KEY": key}),
        "mcp": mcp(tool="t", command=["server"], environment={"KEY": key}),
        "mcp http": mcp(tool="t", url="https://a.example", headers={"X-Key": Secret(key)}),
        "sql": sql(url=f"postgresql://user:{key}@localhost/db", query="select 1"),
    }


@pytest.mark.parametrize("kind", of_key("k"))
def test_what_is_kept_of_a_source_that_a_program_makes_depends_on_its_keys(kind: str) -> None:
    own = make_identity("a key of many machines")
    names = [own.storage_key("answer", of_key(key)[kind], QUESTION) for key in (*KEYS, KEYS[0])]
    assert names[0] == names[3]
    assert len(set(names)) == 3


def test_two_variables_that_change_places_are_other_secrets() -> None:
    own = make_identity("a key of many machines")
    one = command(["p"], environment={"A": Secret("first"), "B": Secret("second")})
    two = command(["p"], environment={"B": Secret("first"), "A": Secret("second")})
    same = command(["p"], environment={"B": Secret("second"), "A": Secret("first")})
    assert own.storage_key("answer", one) == own.storage_key("answer", same) != own.storage_key("answer", two)


def test_no_two_rows_of_texts_have_one_name() -> None:
    own = make_identity("a key of many machines")
    rows = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("a\0b", "c"), ("a", "b\0c")]
    sources = [replace(fanin.source(_nothing), secrets=tuple(map(Secret, row))) for row in rows]
    names = {own.storage_key("answer", source) for source in sources} | {
        own.storage_key("answer", sources[0], "x", "y")
    }
    names |= {own.storage_key("answer", sources[0], "xy"), own.storage_key("health", sources[0])}
    assert len(names) == len(rows) + 3


def _nothing(_: fanin.Question) -> None:
    """A source that has nothing to say."""


def test_projects_that_name_a_file_alike_do_not_share_its_answers(tmp_path: Path) -> None:
    names: set[str] = set()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for text in (
            'kind = "sql"\nurl = "sqlite:///shop.db"\nquery = "select 1"',
            'kind = "command"\ncommand = ["./program"]',
            'kind = "mcp"\ntool = "t"\ncommand = ["./server"]',
            'kind = "python"\nfunction = "json:dumps"',
        ):
            names.add(make_identity("a key of many machines").storage_key("answer", declared(tmp_path / folder, text)))
    assert len(names) == 8


def test_functions_of_one_name_are_told_apart() -> None:
    def other(_: fanin.Question) -> None:
        """Another one."""

    def keyed(_: fanin.Question, key: str) -> None:
        """One that takes a key."""

    own = make_identity("a key of many machines")
    functions = (_nothing, other, partial(keyed, key="a"), partial(keyed, key="b"), partial(keyed, key={"a": 1}))
    assert len({own.storage_key("answer", fanin.source(name="s")(each)) for each in functions}) == 5
    assert fanin.source(_nothing).identity == fanin.source(_nothing).identity


@asynccontextmanager
async def private_api() -> AsyncIterator[str]:
    """A server that tells each key its own secret, and refuses one."""

    async def handler(request: web.Request) -> web.Response:
        who = request.headers["Authorization"].removeprefix("Bearer ")
        if who == "wrong-key":
            return web.Response(status=401)
        return web.json_response([{"text": f"The harbour secret of {who} is open."}])

    app = web.Application()
    app.router.add_get("/x", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/x?q={{question}}"
    finally:
        await runner.cleanup()


def asking(url: str, key: str, store: Store, **options: Any) -> Engine:
    client = Client(allow_private=True, headers={"Authorization": Secret(f"Bearer {key}", parts=[key])})
    source = replace(http(url, client=client), policy=fanin.Policy(cache=60.0, stale=60.0, breaker=True))
    return Engine([source], pool="inline", store=store, store_key="a key of many machines", **options)


@pytest.mark.parametrize("kind", ["memory", "sqlite", "redis"])
async def test_users_of_a_shared_store_get_what_their_own_keys_see(kind: str, tmp_path: Path, small_redis) -> None:
    remembering = MemoryStore()
    places = {
        "memory": lambda: remembering,
        "sqlite": lambda: open_store(tmp_path / "s"),
        "redis": lambda: open_store(small_redis.url),
    }
    async with private_api() as url:
        for again in (False, True):
            for key in KEYS[:2]:
                async with asking(url, key, places[kind]()) as engine:
                    answer = await engine.ask(QUESTION)
                    assert f"of {key.removeprefix('wrong-')}" in answer.text.replace("***", key)
                    assert answer.sources["http"].cached is again
            async with asking(url, "wrong-key", places[kind]()) as engine:
                answer = await engine.ask(QUESTION)
                assert not answer.citations
                assert answer.sources["http"].status == ("open_circuit" if again else "error")
    kept = json.dumps([repr(remembering.kept), repr(small_redis.kept)])
    kept += "".join(repr(each.read_bytes()) for each in tmp_path.iterdir())
    assert not any(key in kept for key in KEYS)


async def test_machines_share_a_store_if_they_have_one_key(tmp_path: Path, monkeypatch) -> None:
    cached: list[bool] = []
    for machine, key in (("a", None), ("b", None), ("a", None), ("c", "x" * 16), ("d", "x" * 16), ("e", "y" * 16)):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / machine))

        @fanin.source(name="tide", cache=60.0)
        async def tide(_: fanin.Question) -> str:
            return "High tide is at noon."

        async with Engine([tide], pool="inline", store=open_store(tmp_path / "store"), store_key=key) as engine:
            cached.append((await engine.ask("When?")).sources["tide"].cached)
    assert cached == [False, False, True, False, True, False]


async def test_no_user_is_given_what_another_one_was_told() -> None:
    calls: list[str] = []

    @fanin.source(cache=60.0, stale=60.0)
    async def private(question: fanin.Question) -> str:
        calls.append(question.user)
        await asyncio.sleep(0.05)
        return f"The secret of {question.user or 'nobody'} is open."

    async with Engine([private], pool="inline") as engine:
        users = ["alice", "bob", "", "alice", "3:bob"]
        answers = await asyncio.gather(*(engine.ask(QUESTION, user=user) for user in users))
        again = await asyncio.gather(*(engine.ask(QUESTION, user=user) for user in users))
        events = [event async for event in engine.stream(QUESTION, user="carol")]
    for user, first, second in zip(users, answers, again, strict=True):
        name = user or "nobody"
        assert f"of {name} is" in first.text
        assert second.text == first.text
        assert second.sources["private"].cached
    assert sorted(calls) == ["", "3:bob", "alice", "bob", "carol"]
    assert "of carol is" in events[-1].answer.text


async def test_a_key_that_is_refused_opens_the_breaker_for_its_user_alone() -> None:
    @fanin.source(breaker=True)
    async def private(question: fanin.Question) -> str:
        if question.user == "mallory":
            raise SourceError(f"The key of {question.user} is none.", "http_401")
        return "The secret is open."

    async with Engine([private], pool="inline") as engine:
        users = ("mallory", "mallory", "bob")
        outcomes = [(await engine.ask(QUESTION, user=user)).sources["private"] for user in users]
    assert [each.status for each in outcomes] == ["error", "open_circuit", "ok"]
    assert "key of mallory" in outcomes[1].message


async def test_a_source_that_is_down_is_left_alone_by_all_and_tells_none_what_another_one_asked() -> None:
    @fanin.source(breaker=True)
    async def private(question: fanin.Question) -> str:
        raise SourceError(f"It cannot find the files of {question.user}.", "down")

    async with Engine([private], pool="inline") as engine:
        outcomes = [(await engine.ask(QUESTION, user=user)).sources["private"] for user in ("a1", "b2", "c3", "d4")]
    assert [each.status for each in outcomes] == ["error"] * 3 + ["open_circuit"]
    assert "(last failure: down)" in outcomes[3].message
    assert not any(user in outcomes[3].message for user in ("a1", "b2", "c3"))


async def test_health_belongs_to_a_key(tmp_path: Path) -> None:
    async with private_api() as url:
        for key, breaker in (("wrong-key", "open"), ("key-of-bob", "closed"), ("wrong-key", "open")):
            async with asking(url, key, open_store(tmp_path / "store")) as engine:
                await engine.ask(QUESTION)
                assert engine.statistics()["sources"]["http"]["breaker"] == breaker


def test_the_users_key_is_made_once_and_is_his_alone(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    key = user_key()
    path = tmp_path / "state" / "fanin" / "store.key"
    assert (len(key), path.read_bytes(), user_key()) == (32, key, key)
    assert [each.stat().st_mode & 0o777 for each in (path, path.parent)] == [0o600, 0o700]
    assert [each.name for each in path.parent.iterdir()] == ["store.key"]
    path.chmod(0o644)
    path.parent.chmod(0o755)
    assert user_key() == key
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(key[:7])
    other = user_key()
    assert (len(other), other != key, user_key()) == (32, True, other)


def test_programs_that_make_the_users_key_at_the_same_time_get_the_same(tmp_path: Path) -> None:
    program = "import sys; from fanin.policies.identity import user_key; sys.stdout.write(user_key().hex())"
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    keys = {each.communicate(timeout=50)[0] for each in running}
    assert len(keys) == 1
    assert len(keys.pop()) == 64


def test_where_no_key_can_be_kept_each_run_has_its_own_and_says_so(tmp_path: Path, monkeypatch, caplog) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING, "fanin"):
        assert user_key() != user_key()
    assert "Set store_key" in caplog.records[0].message


@pytest.mark.parametrize("key", ["", "key27", "x" * 15])
def test_a_store_key_that_could_be_guessed_is_refused(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="fewer than 16 characters") as caught:
        Engine([fanin.source(_nothing)], store=open_store(tmp_path / "s"), store_key=key)
    assert key not in str(caught.value).split()


def test_the_key_of_a_store_can_be_set(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("FANIN_STORE_KEY", "short")
    path = tmp_path / "fanin.toml"
    path.write_text('store_key = "${FANIN_STORE_KEY}"\n[sources.a]\nkind = "simulated"\n')
    with pytest.raises(ConfigError, match=r"fanin.toml: store_key: "):
        load(path).engine()
    monkeypatch.setenv("FANIN_STORE_KEY", "long enough to be a key")
    assert "long enough" not in repr(load(path).engine())


def test_a_question_to_a_private_address_tells_no_key_in_the_address_of_a_feed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("KEY", "s3cret/&?#x y")
    source = declared(tmp_path, 'kind = "feeds"\nurls = ["http://127.0.0.1:9/a?key=${KEY}&b=1"]')
    (secret,) = source.secrets
    assert URL(secret.reveal()).query == {"key": "s3cret/&?#x y", "b": "1"}
    assert isinstance(make_identity(), Identity)


def test_a_secret_is_no_part_of_a_question() -> None:
    own = make_identity("a key of many machines")
    one = replace(fanin.source(_nothing), secrets=(Secret("a"),))
    two = replace(one, secrets=(Secret("a"), Secret("b")))
    assert own.storage_key("answer", one, "b") != own.storage_key("answer", two)


def test_half_a_character_is_a_part_of_a_name_and_of_a_key() -> None:
    source = fanin.source(_nothing)
    names = {
        make_identity(f"a key of machines {half}").storage_key("answer", source, half) for half in ("\ud800", "\ud801")
    }
    assert len(names) == 2


def test_a_name_is_the_same_in_every_version() -> None:
    source = Source("s", fanin.source(_nothing).fetch, identity="made of this", secrets=(Secret("a"),))
    assert make_identity("a key of many machines").storage_key("answer", source, "Is the harbour open?") == (
        "answer:ebc90c6dd9af986493771a99608540578028059ad9486c25c91c927d8d51aca5"
    )


def test_without_a_store_no_key_is_left_on_the_disk(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert len(make_identity().key()) == 32
    assert [*tmp_path.iterdir()] == []
    key = make_identity(persistent=True).key()
    assert (tmp_path / "fanin" / "store.key").read_bytes() == key
