"""What is secret is read nowhere: not in what prints it, and not in what a question leaves behind."""

import copy
import json
import logging
import pickle
import traceback
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.engine import Engine
from fanin.errors import ConfigError, RateLimited, SourceError
from fanin.interfaces.render import to_text
from fanin.model import Document, Question
from fanin.net import secrets as secrets_module
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.net.secrets import MASKED, Mask, Secret, fill_secrets
from fanin.net.url_template import AddressTemplate, TemplateNames
from fanin.policies.retry import retry
from fanin.sources.masked_source import mask_source
from fanin.sources.source import Source
from fanin.streams.event_json import dumps, to_json
from fanin.testing.hostile import Hostile

TOKEN = 't0p-s3cr3t/+"<&'
KEY = "k3y-of-the-address%&="
ENVIRON = {"TOKEN": TOKEN, "KEY": KEY}


@dataclass(frozen=True, slots=True)
class Settings:
    token: Secret


def test_a_secret_prints_as_stars_and_cannot_be_sent_away() -> None:
    secret = Secret(TOKEN)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>6}", "%s %r" % (secret, secret)]  # noqa: UP031
    shown += [repr(Settings(secret)), repr([secret]), repr({"a": secret}), json.dumps({"a": secret}, default=str)]
    shown += [str(asdict(Settings(secret)))]
    assert not any(TOKEN in text for text in shown)
    assert all(MASKED in text for text in shown)
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)
    assert copy.deepcopy(secret) is copy.copy(secret) is secret
    assert secret == Secret(TOKEN) != Secret("other")
    assert secret != TOKEN
    assert len({secret, Secret(TOKEN)}) == 1
    assert secret.reveal() == TOKEN


def test_secrets_come_from_variables_and_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n", "utf-8")
    whole = fill_secrets("Bearer ${TOKEN} and ${file:key}", environ=ENVIRON, folder=tmp_path)
    assert isinstance(whole, Secret)
    assert whole.reveal() == f"Bearer {TOKEN} and {KEY}"
    assert whole.reveal_parts() == (TOKEN, KEY)
    assert fill_secrets("costs $$5, {question} $x", environ={}) == "costs $5, {question} $x"


@pytest.mark.parametrize("text", ["${NOT_SET}", "${EMPTY}", "${}", "${a b}", "${file:nothing}", "${file:empty}"])
def test_a_secret_that_is_not_there_is_a_mistake(text: str, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text(" \n", "utf-8")
    with pytest.raises(ConfigError, match="fanin did not start"):
        fill_secrets(text, environ={"EMPTY": ""}, folder=tmp_path)


@given(st.text(min_size=4), st.text(max_size=20), st.text(max_size=20))
def test_a_mask_leaves_nothing_of_a_secret(token: str, before: str, after: str) -> None:
    mask = Mask([Secret(token)])
    looks = [token, quote(token, safe="", errors="replace"), json.dumps(token)[1:-1], repr(token)[1:-1]]
    for look in looks:
        hidden = mask(f"{before}{look}{after}")
        assert MASKED in hidden
        if not set(token) & set("*"):
            assert look not in hidden.replace(MASKED, "")


def test_a_mask_hides_whole_secrets_and_no_short_words() -> None:
    mask = Mask([Secret("secret"), Secret("secret-and-more"), Secret("abc"), Secret("Bearer tok3n", parts=["tok3n"])])
    assert mask("secret-and-more %73ecre%74 abc Bearer tok3n") == "*** *** abc Bearer ***"
    assert mask.mask_value({"secret": ["x secret", 1, None, ("secret",)]}) == {"***": ["x ***", 1, None, ["***"]]}
    assert not Mask([])
    assert Mask([])("anything") == "anything"


def asking(client: Client, template: AddressTemplate, name: str) -> Source:
    async def fetch(question: Question) -> AsyncIterator[Document]:
        value = await client.get_json(template.fill({"question": question.text}))
        yield Document(value["text"], title=value["path"], url=value["path"], metadata={"whole": [value]})

    return Source(name, fetch, timeout=2.0, close=client.close)


def raising(name: str, error: Exception) -> Source:
    async def fetch(_: Question) -> AsyncIterator[Document]:
        yield Document(f"The harbour is open, says {TOKEN}.", title=KEY)
        try:
            raise LookupError(f"while sending {TOKEN}")
        except LookupError as cause:
            error.add_note(f"with the key {KEY}")
            raise error from cause

    return Source(name, fetch)


async def test_a_whole_question_tells_no_secret_to_anybody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    async with Hostile() as hostile:
        network = Network()

        def source(name: str) -> Source:
            template = AddressTemplate.read(f"{hostile.url(name)}/${{KEY}}?q={{question}}&key=${{KEY}}", words)
            client = Client(
                network,
                allow_private=True,
                headers={"Authorization": fill_secrets("Bearer ${TOKEN}", environ=ENVIRON), "X-Plain": "x"},
                secrets=template.secrets,
            )
            seen.extend((repr(template), repr(client), str(vars(client))))
            return asking(client, template, name)

        words = TemplateNames(environ=ENVIRON)
        # Errors of the client tell no secret by themselves; what a server says back in a document is masked around it.
        bare = [source(name) for name in ("echo", "404", "html-for-json", "redirect-loop", "refused", "429", "tls")]
        around = [
            retry(source("parrot"), retries=1),
            raising("key-error", KeyError(TOKEN)),
            raising("own-error", SourceError(f"It failed with {TOKEN}.", kind="odd")),
            raising("limited", RateLimited(f"Slower with {KEY}.", 1.0)),
            raising("slow", TimeoutError(f"Too slow with {KEY}")),
            raising("silent", ValueError("nothing of it in the message itself")),
        ]
        secrets = [Secret(TOKEN), Secret(KEY)]
        sources = [*bare, *(mask_source(each, secrets) for each in around)]
        async with Engine(sources, pool="inline", deadline=5.0) as engine:
            events = [event async for event in engine.stream("Is the harbour open?")]
            answer = await engine.ask("Is the harbour open?")
    seen += [form(event) for event in events for form in (to_json, to_text, repr)]
    seen += [dumps(answer), repr(answer)]
    formatter = logging.Formatter()
    seen += [formatter.format(record) for record in caplog.records]
    seen += [repr(record.__dict__) for record in caplog.records]

    assert answer.sources["parrot"].status == "ok"
    kinds = {name: outcome.kind for name, outcome in answer.sources.items()}
    assert [kinds[each.name] for each in bare] == [
        *("http_400", "http_404", "not_json", "redirects", "unreachable", "rate_limited", "tls")
    ]
    assert [kinds[each.name] for each in around[1:]] == ["exception", "odd", "rate_limited", "timeout", "exception"]
    everything = "\n".join(seen)
    assert len(everything) > 10_000
    assert MASKED in everything
    assert "You asked this" in everything
    for secret in (TOKEN, KEY):
        for look in (secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]):
            assert look not in everything


async def test_no_error_of_the_client_carries_a_secret_in_what_led_to_it() -> None:
    async with Hostile() as hostile:
        client = Client(allow_private=True, headers={"X-Key": Secret(TOKEN)}, secrets=[Secret(KEY)])
        for name in ("echo", "closes", "refused", "tls", "length-negative", "gzip-is-none", "closes-in-the-body"):
            with pytest.raises(SourceError) as caught:
                await client.get_json(f"{hostile.url(name)}/{quote(KEY)}", params={"key": KEY})
            shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
            assert not any(look in shown for look in (TOKEN, KEY, quote(KEY), quote(KEY, safe="")))
            assert caught.value.kind in str(caught.value.args)
        await client.close()


async def test_where_an_answer_came_from_is_told_without_its_secrets() -> None:
    async with Hostile() as hostile:
        client = Client(allow_private=True, secrets=[Secret(KEY)])
        async with client.open(f"{hostile.url('good')}/{quote(KEY, safe='')}", params={"key": KEY, "q": "x"}) as reply:
            assert str(reply.url).endswith("/good/***?key=***&q=x")
            assert await reply.json()
        await client.close()


SECRET_KEY = "sk-Key+1&2%é-secret"
WRITTEN = [SECRET_KEY, quote(SECRET_KEY, safe=""), "".join(f"%{byte:02x}" for byte in SECRET_KEY.encode())]


@given(st.lists(st.sampled_from([*WRITTEN, "%25", "plain words ", "&amp;", "\\u00e9", "x" * 15]), max_size=30))
def test_a_long_text_is_looked_through_in_steps_with_the_same_result(parts: list[str]) -> None:
    mask, text = Mask([Secret(SECRET_KEY)]), "".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets_module, "_STEP", 7)
        assert stepped(mask, text) == mask(text)


def test_no_step_looks_through_all_of_a_long_text() -> None:
    mask = Mask([Secret(SECRET_KEY)])
    text = ("a%41&b+" * 3000 + WRITTEN[1]) * 10
    assert stepped(mask, text) == mask(text)
    assert sum(1 for _ in mask.mask_in_steps(text)) > len(text) / secrets_module._STEP


def stepped(mask: Mask, text: str) -> str:
    steps = mask.mask_in_steps(text)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
