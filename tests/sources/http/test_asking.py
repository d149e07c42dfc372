"""Any JSON API over true sockets: what is asked, page after page, and how it fails."""

import json
from base64 import b64encode
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from fanin.config.kinds import KINDS
from fanin.config.kinds.common_settings import Context
from fanin.engine import Engine
from fanin.errors import ConfigError, RateLimited, SourceError
from fanin.model import Document, Notice, Question
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.sources.http import http
from fanin.testing.check_source import check_source

ISSUES = [
    {
        "number": number,
        "title": f"Issue {number}",
        "body": f"The harbour lift {number} is stuck.",
        "html_url": f"https://issues.example/{number}",
        "updated_at": f"2026-11-{number:02}T08:00:00Z",
    }
    for number in range(1, 26)
]
ISSUE = {"text": "body", "title": "title", "link": "html_url", "published": "updated_at"}


class Tracker:
    """A tracker of issues as many are: pages by number, by offset, by the header Link, by an address, or by a POST."""

    def __init__(self, *, size: int = 10) -> None:
        self.size = size
        self.asked: list[tuple[str, str, Any]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.method == "POST" else None
        self.asked.append((request.method, str(request.rel_url), body))
        told = {**request.query, **(body or {})}
        start = int(told.get("offset", 0)) or (int(told.get("page", 1)) - 1) * self.size
        found = ISSUES[start : start + self.size]
        page, more = start // self.size + 1, start + self.size < len(ISSUES)
        following = str(request.rel_url.update_query(page=page + 1))
        headers = (
            {"Link": f'<{following}>; rel="next", </last>; rel="last"'} if more and request.path == "/linked" else {}
        )
        told_next = following if more and request.path == "/pointed" else None
        return web.json_response({"total": len(ISSUES), "items": found, "next": told_next}, headers=headers)


@pytest.fixture
async def tracker(serve) -> tuple[Tracker, str]:
    """The tracker and its address."""
    made = Tracker()
    return made, await serve(made.answer)


def declared(url: str, **given: Any):
    return http(url, **({"items": "items[*]"} | ISSUE | given), client=Client(allow_private=True))


async def test_the_items_of_a_reply_are_documents(ask, tracker) -> None:
    seen, url = tracker
    documents = await ask(declared(f"{url}/search?q={{words}}", limit=3), "What is wrong with the lift?")
    assert [document.title for document in documents] == ["Issue 1", "Issue 2", "Issue 3"]
    assert documents[0] == Document(
        "The harbour lift 1 is stuck.",
        title="Issue 1",
        url="https://issues.example/1",
        published="2026-11-01T08:00:00+00:00",
        metadata=ISSUES[0],
    )
    assert seen.asked == [("GET", "/search?q=wrong%20lift", None)]


@pytest.mark.parametrize(
    ("path", "given", "asked"),
    [
        ("/numbered?page={page}", {}, ["?page=1", "?page=2", "?page=3"]),
        ("/numbered?page={page}", {"first_page": 2}, ["?page=2", "?page=3", "?page=4"]),
        ("/numbered?offset={offset}", {}, ["?offset=0", "?offset=10", "?offset=20"]),
        ("/linked?q=x", {}, ["?q=x", "?q=x&page=2", "?q=x&page=3"]),
        ("/pointed", {"next_page": "next"}, ["", "?page=2", "?page=3"]),
        ("/numbered?page={page}", {"pages": 2}, ["?page=1", "?page=2"]),
        ("/numbered?page={page}", {"limit": 11}, ["?page=1", "?page=2"]),
        ("/linked", {"pages": 1}, [""]),
        ("/unlinked", {}, [""]),
    ],
)
async def test_pages_are_asked_one_after_another_up_to_the_limits(ask, tracker, path, given, asked) -> None:
    seen, url = tracker
    documents = await ask(declared(f"{url}{path}", **({"pages": 9, "limit": 100} | given)))
    assert ["?" * ("?" in each) + each.partition("?")[2] for _, each, _ in seen.asked][: len(asked)] == asked
    assert len(seen.asked) - len(asked) in (0, 1)
    first = 10 * (given.get("first_page", 1) - 1)
    wanted = ISSUES[first : first + min(given.get("limit", 100), 10 * len(asked))]
    assert [document.title for document in documents] == [issue["title"] for issue in wanted]


class Feed:
    """A paged API: three pages of one item, whose cursors are those given, and a status for what is asked beyond."""

    def __init__(self, cursors: tuple[Any, ...], *, beyond: int = 404) -> None:
        self.cursors, self.beyond = (None, *cursors), beyond
        self.asked: list[Any] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        told = {**request.query, **(await request.json() if request.method == "POST" else {})}
        self.asked.append(told)
        cursor = told.get("cursor")
        known = [None if each is None else str(each) for each in self.cursors]
        page = int(told["page"]) - 1 if "page" in told else known.index(cursor) if cursor in known else 99
        if page > len(self.cursors) - 1:
            return web.json_response({"error": "no such page"}, status=self.beyond)
        following = self.cursors[page + 1] if page + 1 < len(self.cursors) else None
        return web.json_response({"items": [ISSUES[page]], "meta": {"next": following}})


CURSORS = [
    ("a+b/c==", "z"),
    ("x&cursor=evil", "y#z"),
    ("100%", "%2B"),
    ("ä ö", "日本"),
    (17, 18),
    ("eyJpZCI6MX0=", "eyJpZCI6Mn0="),
    ("?page=9", "{page}"),
    ("a;b", "a,b"),
    ("../x", "/"),
    ("'\"", "\\"),
]


@pytest.mark.parametrize("cursors", CURSORS)
@pytest.mark.parametrize(
    "given",
    [
        {"path": "/x?cursor={cursor}", "next_page": "meta.next"},
        {"path": "/x", "next_page": "meta.next && join('', ['/x?cursor=', to_string(meta.next)])"},
        {"path": "/x", "next_page": "meta.next && join('', ['?a=b&cursor=', to_string(meta.next), '&c=d'])"},
        {"path": "/x", "next_page": "meta.next && join('?cursor=', ['/x', to_string(meta.next)])"},
        {"path": "/x", "body": {"cursor": "{cursor}", "size": 1}, "next_page": "meta.next"},
    ],
)
async def test_a_cursor_reaches_the_server_as_it_came(ask, serve, cursors, given) -> None:
    feed = Feed(cursors)
    source = declared(await serve(feed.answer) + given["path"], pages=9, **{k: given[k] for k in given if k != "path"})
    assert [document.title for document in await ask(source)] == ["Issue 1", "Issue 2", "Issue 3"]
    assert "cursor" not in feed.asked[0]
    assert [str(seen["cursor"]) for seen in feed.asked[1:]] == [str(each) for each in cursors]


def test_a_cursor_that_nothing_finds_is_no_setting() -> None:
    with pytest.raises(ConfigError, match="next_page"):
        http("https://a.example/?after={cursor}")


@pytest.mark.parametrize("beyond", [204, 404, 410, 416])
async def test_a_page_beyond_the_last_one_is_the_end(ask, serve, beyond) -> None:
    feed = Feed((1, 2), beyond=beyond)
    assert len(await ask(declared(f"{await serve(feed.answer)}/x?page={{page}}", pages=9))) == 3
    assert len(feed.asked) == 4


@pytest.mark.parametrize(
    "given", [{"path": "/x?page={page}"}, {"path": "/x?cursor={cursor}", "next_page": "next"}, {"path": "/x"}]
)
async def test_no_content_is_the_end(ask, serve, given) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=204)

    settings = {key: each for key, each in given.items() if key != "path"}
    assert await ask(declared(await serve(handler) + given["path"], pages=9, **settings)) == []


@pytest.mark.parametrize(("beyond", "path"), [(500, "/x?page={page}"), (403, "/x?page={page}"), (404, "/x")])
async def test_what_came_before_a_page_that_fails_is_given_and_counted(serve, beyond, path) -> None:
    url = await serve(Feed((1, 2, "gone") if path == "/x" else (1, 2), beyond=beyond).answer)
    missing = "meta.next && join('', ['/x?cursor=', to_string(meta.next), 'x'])"
    source = declared(url + path, pages=9, next_page="" if "page" in path else missing)
    async with Engine([source]) as engine:
        outcome = (await engine.ask("Which lift is stuck?")).sources["http"]
    came = 1 if path == "/x" else 3
    assert (outcome.status, outcome.kind, outcome.documents) == ("partial", f"http_{beyond}", came)
    assert outcome.message.startswith(f"{came} document{'s' * (came > 1)} came before this: It answered {beyond}")
    assert "fanin read no further" in outcome.message


async def test_an_item_of_another_form_takes_no_other_with_it(serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"items": [ISSUES[0], {"body": "x", "title": ["y"]}, ISSUES[2]]})

    async with Engine([declared(await serve(handler))]) as engine:
        outcome = (await engine.ask("Which lift is stuck?")).sources["http"]
    assert (outcome.status, outcome.kind, outcome.documents) == ("partial", "format", 2)


@pytest.mark.parametrize(
    "body",
    [
        b'{"items": [{"body": "Open.", "depth": NaN}]}',
        b'{"items": [{"body": "Open.", "depth": -Infinity, "a": 1e999}]}',
        b'\xef\xbb\xbf{"items": [{"body": "Open."}]}',
        b'{"items": [{"body": "Open.",},],}',
        b')]}\',\n{"items": [{"body": "Open."}]}',
        '{"items": [{"body": "Open."}]}'.encode("utf-16"),
    ],
)
async def test_usual_departures_from_json_lose_nothing(ask, serve, body) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    assert [document.text for document in await ask(declared(await serve(handler)))] == ["Open."]


async def test_json_lines_are_a_list_of_items(ask, serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(
            body=b'{"body": "Open."}\n{"body": "Shut.", "a": NaN}\n', content_type="application/x-ndjson"
        )

    assert [each.text for each in await ask(declared(await serve(handler), items=""))] == ["Open.", "Shut."]


async def test_with_a_body_it_is_a_post_whose_numbers_stay_numbers(ask, tracker) -> None:
    seen, url = tracker
    body = {"query": "{words}", "since": "{from}", "page": "{page}", "options": {"fuzzy": True, "in": ["title", 5]}}
    documents = await ask(declared(f"{url}/search", body=body, pages=2), 'The "lift" since 2026-11-01?')
    assert len(documents) == 20
    assert [(method, path) for method, path, _ in seen.asked] == [("POST", "/search")] * 2
    assert seen.asked[1][2] == {
        "query": "lift 2026-11-01",
        "since": "2026-11-01",
        "page": 2,
        "options": {"fuzzy": True, "in": ["title", 5]},
    }


async def test_parameters_stand_beside_the_address(ask, tracker) -> None:
    seen, url = tracker
    await ask(declared(f"{url}/search?a=b", parameters={"q": "{question}", "limit": 5}), "a&b=c?")
    assert seen.asked == [("GET", "/search?a=b&q=a%26b%3Dc%3F&limit=5", None)]


async def test_a_page_that_points_to_itself_is_asked_once(ask, serve) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.path_qs)
        return web.json_response({"items": ISSUES[:1], "next": "/search"})

    await ask(declared(f"{await serve(handler)}/search", pages=9, next_page="next"))
    assert asked == ["/search"]


async def test_a_page_at_another_place_is_not_asked_but_what_came_is_kept(serve) -> None:
    asked: list[str] = []

    async def other(request: web.Request) -> web.Response:
        asked.append(request.path_qs)
        return web.json_response({})

    elsewhere = await serve(other)

    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"items": ISSUES[:1], "next": f"{elsewhere}/?page=2"})

    source = declared(await serve(handler), pages=2, next_page="next")
    stream = source(Question("lift"))
    assert isinstance(await anext(stream), Document)
    with pytest.raises(SourceError, match="another origin") as caught:
        await anext(stream)
    assert (caught.value.kind, asked) == ("paging", [])
    await source.close()


async def test_a_page_is_asked_for_only_when_it_is_wanted(tracker) -> None:
    seen, url = tracker
    source = declared(f"{url}/linked", pages=9, limit=100)
    async with aclosing(source(Question("lift"))) as stream:
        for _ in range(10):
            await anext(stream)
        assert len(seen.asked) == 1
    await source.close()


@pytest.mark.parametrize(
    ("reply", "kind", "expected"),
    [
        ({"items": [{"body": {"a": "x"}, "html_url": {}}]}, "format", "its link is"),
        ({"items": [{"body": "x", "title": ["y"]}]}, "format", "its title is"),
        ({"items": [{"title": "x"}, {"body": None}, {}, None, 5]}, "format", "none of its items has a text at 'body'"),
        ({"errors": [{"message": "no such field"}], "data": None}, "refused", "no such field"),
        ({"error": "bad key"}, "refused", "bad key"),
    ],
)
async def test_a_reply_of_another_form_is_told(ask, serve, reply, kind, expected) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response(reply)

    with pytest.raises(SourceError, match=expected) as caught:
        await ask(declared(await serve(handler)))
    assert caught.value.kind == kind


@pytest.mark.parametrize("reply", [{"items": []}, {"items": [], "errors": []}])
async def test_a_reply_without_items_is_empty(ask, serve, reply) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response(reply)

    source = declared(await serve(handler), items="items")
    assert await ask(source) == []


@pytest.mark.parametrize("reply", [{}, {"items": None}, {"hits": [1]}, [], "x", 5, None])
async def test_a_reply_with_nothing_where_items_should_be_says_so(ask, serve, reply) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response(reply)

    [notice] = await ask(declared(await serve(handler)))
    assert notice == Notice("nothing", message="The reply has nothing at 'items[*]'.")


async def test_a_question_without_the_place_that_is_wanted_asks_nothing(ask, tracker) -> None:
    seen, url = tracker
    source = declared(f"{url}/at/{{place}}", limit=1)
    [notice] = await ask(source, "What is up?")
    assert (notice.kind, seen.asked) == ("nothing", [])
    assert len(await ask(source, "What is up in New York?")) == 1
    assert seen.asked[0][1] == "/at/New%20York"


@pytest.mark.parametrize(
    ("status", "headers", "error", "kind"),
    [
        (401, {}, SourceError, "http_401"),
        (404, {}, SourceError, "http_404"),
        (429, {"Retry-After": "3"}, RateLimited, "rate_limited"),
        (500, {}, SourceError, "http_500"),
    ],
)
async def test_a_status_is_an_error_of_its_kind(ask, serve, status, headers, error, kind) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"message": "no"}, status=status, headers=headers)

    with pytest.raises(error) as caught:
        await ask(declared(await serve(handler)))
    assert caught.value.kind == kind


async def test_html_instead_of_json_is_told(ask, serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(text="<html>Sign in</html>", content_type="text/html")

    with pytest.raises(SourceError) as caught:
        await ask(declared(await serve(handler)))
    assert caught.value.kind == "not_json"


async def test_a_secret_goes_to_the_server_and_nowhere_else(serve, ask) -> None:
    async def handler(request: web.Request) -> web.Response:
        seen = {
            "echo": f"{request.path_qs} {await request.text()} {request.headers['X-Key']}",
            "next": "https://x.example/",
        }
        return web.json_response([seen])

    url = await serve(handler)
    environ = {"KEY": "s3cret-key", "TOKEN": "t0ken-of-mine", "BODY": "b0dy-secret"}
    settings = KINDS["http"].model_validate(
        {
            "kind": "http",
            "url": f"{url}/x?key=${{KEY}}",
            "body": {"q": "{question}", "auth": "${BODY}"},
            "headers": {"X-Key": "Bearer ${TOKEN}"},
            "text": "echo",
            "allow_private": True,
        }
    )
    source = settings.source("issues", Context(environ, Path(), Network))
    [document] = await ask(source, "lift")
    assert document.text.count("***") >= 3
    assert not [secret for secret in environ.values() if secret in repr(document)]


async def test_a_user_and_a_password_are_sent_and_never_shown(serve, ask) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        given = request.headers.get("Authorization", "")
        if given != f"Basic {b64encode('harbour-é:s3cret:wörd'.encode()).decode()}":
            return web.Response(status=401)
        return web.json_response([{"echo": f"{given} is s3cret:wörd of harbour-é"}])

    url = await serve(answer)
    given = {"kind": "http", "url": url, "text": "echo", "allow_private": True, "user": "harbour-é"}
    context = Context({"WORD": "s3cret:wörd"}, Path(), Network)
    source = KINDS["http"].model_validate({**given, "password": "${WORD}"}).source("tickets", context)
    [document] = await ask(source, "lift")
    assert document.text == "Basic *** is *** of harbour-é"
    with pytest.raises(SourceError, match="401"):
        await ask(KINDS["http"].model_validate({**given, "password": "wrong"}).source("tickets", context), "lift")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"user": "a:b"}, "It has a colon"),
        ({"user": "a", "password": "${ABSENT}"}, "password: The variable ABSENT is not set"),
        ({"user": "a", "headers": {"authorization": "Bearer x"}}, "headers has an Authorization as well"),
    ],
)
def test_a_user_that_cannot_be_sent_is_named(given: dict[str, Any], expected: str) -> None:
    settings = KINDS["web"].model_validate({"kind": "web", "urls": ["https://a.example/"], **given})
    with pytest.raises(ConfigError, match=expected):
        settings.source("page", Context({}, Path(), Network))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"url": "https://{place}.example.com/"}, "host and port must be written out"),
        ({"url": "https://a.example/{nothing}"}, "not a placeholder"),
        ({"url": "https://a.example/", "body": {"q": "{nothing}"}}, "not a placeholder"),
        ({"url": "https://a.example/", "parameters": {"q": "{"}}, "not a placeholder"),
        ({"url": "https://a.example/", "items": "items["}, "not a JMESPath"),
        ({"url": "ftp://a.example/"}, "http"),
        ({"url": "https://a.example/?key=${MISSING_KEY}"}, "MISSING_KEY"),
    ],
)
def test_settings_that_make_no_sense_are_told_when_they_are_read(given, expected) -> None:
    with pytest.raises(ConfigError, match=expected):
        http(**given)


class Remembering(Client):
    """A client that answers from memory."""

    def open(self, url, **_):
        return _Answer()


class _Answer:
    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.charset = ""
        self.status = 200

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None

    async def body(self):
        return json.dumps({"items": ISSUES}).encode()


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: http("https://a.example/?q={words}", items="items", **ISSUE, client=Remembering()))


async def test_days_of_the_question_are_told_by_the_clock_of_the_source(tracker, ask) -> None:
    seen, url = tracker
    await ask(declared(f"{url}/search?since={{from}}&until={{to}}&lang={{language}}"), "What was in the past two days?")
    query = seen.asked[0][1].partition("?")[2]
    since, until = (date.fromisoformat(part.partition("=")[2]) for part in query.split("&")[:2])
    assert (until - since).days in (1, 2)
    assert query.endswith("lang=en")
