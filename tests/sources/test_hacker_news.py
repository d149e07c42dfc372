import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.errors import RateLimited, SourceError
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.sources.hacker_news import distinctive_words, hacker_news
from fanin.testing.check_source import check_source
from fanin.testing.services import Services
from fanin.testing.services import hacker_news_service as stand_in

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUESTION = "How do small harbours forecast a storm surge?"


class Recited(Client):
    """A client that knows what the search would say, and notes what was asked."""

    def __init__(self, *told: Any) -> None:
        super().__init__()
        self.told = list(told)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def get_json(self, url, *, params, **_):
        self.asked.append((str(url).rpartition("/")[2], dict(params)))
        if self.told:
            return self.told.pop(0) if len(self.told) > 1 else self.told[0]
        query = {name: str(value) for name, value in params.items()}
        return stand_in.search(query, now=NOW, newest=str(url).endswith("search_by_date"))[1]


def asking(client: Client, **given: Any):
    return hacker_news(client=client, today=lambda: date(2026, 11, 23), **given)


async def test_stories_and_comments_come_with_text_title_address_and_date(ask) -> None:
    found = {document.metadata["id"]: document for document in await ask(asking(Recited()), "storm surge")}
    assert set(found) == {45000177, 45000203}
    story, comment = found[45000177], found[45000203]
    assert story.title == "Ask HN: How do small harbours forecast a storm surge?"
    assert story.url == "https://news.ycombinator.com/item?id=45000177"
    assert story.published == "2026-11-21T09:30:00+00:00"
    assert story.media_type == "text/html"
    assert story.text.startswith(
        "<p>“Ask HN: How do small harbours forecast a storm surge?” is a post on Hacker News of 21 November 2026,"
        " with 88 points and 41 comments.</p>\n<p>Port Merrow has one tide gauge"
    )
    assert comment == Document(
        "We run a barotropic model every six hours. It told us of the last storm surge &quot;thirty hours&quot; ahead,"
        " and was 12 centimetres off.<p>The wind is what it gets wrong, not the tide.",
        title="Comment by ines_c on: Ask HN: How do small harbours forecast a storm surge?",
        url="https://news.ycombinator.com/item?id=45000203",
        published="2026-11-21T12:30:00+00:00",
        media_type="text/html",
        metadata={
            "id": 45000203,
            "discussion": "https://news.ycombinator.com/item?id=45000203",
            "author": "ines_c",
            "post": "comment",
        },
    )


async def test_a_story_without_text_is_a_sentence_that_leads_to_what_it_is_about(ask) -> None:
    [document] = await ask(asking(Recited(), posts=["story"]), "Rust in ships")
    assert document.text == (
        "“Rust in the ferry: memory safety for ship automation” is a post on Hacker News of 9 November 2026,"
        " with 655 points and 290 comments."
    )
    assert document.url == "https://skerry.example/blog/rust-on-ferries"
    assert document.metadata == {
        "id": 45000311,
        "discussion": "https://news.ycombinator.com/item?id=45000311",
        "author": "ferrous",
        "points": 655,
        "num_comments": 290,
        "post": "story",
    }


@pytest.mark.parametrize(
    ("question", "given", "path", "filters"),
    [
        ("Rust in ferries", {}, "search", None),
        ("What is the latest on Rust?", {}, "search_by_date", None),
        ("What is new with Rust today?", {}, "search_by_date", None),
        ("What is the latest on Rust?", {"order": "relevance"}, "search", None),
        ("Rust in ferries", {"order": "date"}, "search_by_date", None),
        ("Rust in 2024", {}, "search", "created_at_i>=1704067200,created_at_i<1735689600"),
        ("Rust before 2024-01-01", {}, "search", "created_at_i<1704067200"),
        ("Rust since 2026-11-20", {}, "search", "created_at_i>=1795132800,created_at_i<1795478400"),
    ],
)
async def test_order_and_days_are_those_of_the_question(ask, question, given, path, filters) -> None:
    client = Recited({"hits": []})
    await ask(asking(client, posts=["story"], limit=7, **given), question)
    asked, params = client.asked[0]
    assert (asked, params.get("numericFilters"), params["hitsPerPage"], params["tags"]) == (path, filters, 7, "story")
    assert params["query"] in ("Rust", "Rust ferries")


async def test_posts_with_the_telling_words_are_taken_when_none_has_all(ask) -> None:
    client = Recited()
    documents = await ask(asking(client, posts=["story"]), "Which gates does the controller of Merrow open for Rust?")
    assert [params["query"] for _, params in client.asked] == ["gates controller Merrow open Rust", "Merrow Rust"]
    assert documents == []


@pytest.mark.parametrize(
    ("terms", "expected"),
    [("storm surge harbour", "harbour storm"), ("use of Rust in PostgreSQL 18", "Rust PostgreSQL"), ("surge", "surge")],
)
def test_telling_words_are_names_or_the_longest(terms: str, expected: str) -> None:
    assert distinctive_words(terms) == expected


async def test_the_stand_in_serves_the_same_over_http(ask) -> None:
    async with Services(scale=0.0, months=1) as services:
        url = f"{services.url}/api/v1/"
        source = hacker_news(base_url=url, client=Client(allow_private=True))
        assert {each.metadata["post"] for each in await ask(source, "storm surge")} == {"story", "comment"}
        source = hacker_news(base_url=url, posts=["job"], client=Client(allow_private=True))
        [job] = await ask(source, "flood modeller")
    assert job.text.startswith("“Merrow Works (YC W25) is hiring a flood modeller” is a post on Hacker News of ")


async def test_nothing_found_is_nothing(ask) -> None:
    assert await ask(asking(Recited()), "zzz qqq") == []
    assert await ask(asking(Recited()), "?!") == []


@pytest.mark.parametrize(
    "hit",
    [
        {"objectID": "1"},
        {"objectID": "1", "title": None, "comment_text": None, "_tags": ["comment"]},
        {"objectID": "1", "story_title": "Deleted", "comment_text": "", "_tags": ["comment", "story_2"]},
    ],
)
async def test_a_post_whose_text_is_gone_is_left_out(ask, hit) -> None:
    assert await ask(asking(Recited({"hits": [hit]})), "storm") == []


async def test_a_post_with_only_a_title_is_told_by_it(ask) -> None:
    hit = {"objectID": "1", "title": "A <b>&amp; B", "url": "javascript:alert(1)", "points": None, "created_at": None}
    [document] = await ask(asking(Recited({"hits": [hit]}), posts=["story"]), "storm")
    assert document.text == "“A & B” is a post on Hacker News."
    assert document.url == "https://news.ycombinator.com/item?id=1"


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        "x",
        {},
        {"hits": None},
        {"hits": {"a": 1}},
        {"hits": [None]},
        {"hits": ["x"]},
        {"hits": [{"title": "no id"}]},
        {"hits": [{"objectID": None, "title": "x"}]},
        {"hits": [{"objectID": "x", "title": "x"}]},
        {"hits": [{"objectID": "1", "title": ["x"]}]},
        {"hits": [{"objectID": "1", "comment_text": 5}]},
        {"hits": [{"objectID": "1", "title": "x", "points": "many"}]},
        {"hits": [{"objectID": "1", "title": "x", "created_at": "yesterday"}]},
        {"hits": [{"objectID": "1", "title": "x", "created_at": 5}]},
        {"hits": [{"objectID": "1", "title": "x", "_tags": 5}]},
        {"message": "Invalid syntax", "status": 400},
    ],
)
async def test_what_is_no_search_result_is_a_format_error(ask, reply) -> None:
    with pytest.raises(SourceError, match="not the format of Hacker News's search") as caught:
        await ask(asking(Recited(reply)), "storm")
    assert caught.value.kind == "format"


@pytest.mark.parametrize(
    ("status", "headers", "error", "kind"),
    [
        (400, {}, SourceError, "http_400"),
        (403, {}, SourceError, "http_403"),
        (429, {"Retry-After": "60"}, RateLimited, "rate_limited"),
        (503, {}, SourceError, "http_503"),
    ],
)
async def test_a_refusal_is_an_error_of_its_kind(ask, serve, status, headers, error, kind) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"message": "no", "status": status}, status=status, headers=headers)

    with pytest.raises(error) as caught:
        await ask(hacker_news(base_url=await serve(handler), client=Client(allow_private=True)), "storm")
    assert caught.value.kind == kind


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: asking(Recited()), question=QUESTION)


WHOLE = stand_in.search({"query": "storm"}, now=NOW, newest=False)[1]
values = (
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9) | st.lists(st.integers(), max_size=2)
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_is_documents_or_an_error(data: st.DataObject) -> None:
    import asyncio

    seen = copy.deepcopy(dict(WHOLE))
    hit = data.draw(st.sampled_from(seen["hits"]))
    for name in data.draw(st.lists(st.sampled_from(sorted(hit)), max_size=3)):
        hit[name] = data.draw(values)

    async def all_of_it() -> list[Any]:
        return [each async for each in asking(Recited(seen))(Question("storm"))]

    try:
        for document in asyncio.run(all_of_it()):
            assert document.text.strip()
            assert document.url.startswith(("https://", "http://"))
    except SourceError:
        pass
