import asyncio

import pytest
from aiohttp import web

from fanin.errors import ConfigError, RateLimited, SourceError
from fanin.model import Question
from fanin.net.client import Client
from fanin.sources.wikipedia import wikipedia
from fanin.testing.check_source import check_source
from fanin.testing.services import Services, wiki_service

QUESTION = "Will the storm surge flood the harbour, and are the ferries running?"


async def test_the_best_pages_come_with_text_title_address_and_date(ask) -> None:
    async with Services(scale=0.0, months=24) as services:
        documents = await ask(
            wikipedia(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True)), QUESTION
        )
    assert {document.title for document in documents} == {
        "Port Merrow tide gate",
        "Skerry Island ferry",
        "Storm surges in Merrow Bay",
    }
    ferry = next(document for document in documents if document.title == "Skerry Island ferry")
    assert ferry.url == "https://wiki.example/wiki/Skerry_Island_ferry"
    assert "The ferries do not sail when gusts exceed 75 kilometres an hour" in ferry.text
    assert ferry.published.endswith("Z")


async def test_pages_come_one_by_one(ask) -> None:
    async with Services(scale=0.1, months=24) as services:
        source = wikipedia(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True))
        loop = asyncio.get_running_loop()
        arrivals = [loop.time() async for _ in source(Question(QUESTION))]
        await source.close()
    assert len(arrivals) == 3
    assert arrivals[2] - arrivals[0] > 0.08


async def test_pages_with_any_term_are_taken_when_none_has_all(ask, serve) -> None:
    searches: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        if "srsearch" in request.query:
            searches.append(request.query["srsearch"])
            hits = [{"pageid": 1, "title": "T"}] if " OR " in request.query["srsearch"] else []
            return web.json_response({"query": {"search": hits}})
        return web.json_response({"query": {"pages": [{"title": "T", "extract": "Text."}]}})

    url = await serve(handler)
    [document] = await ask(wikipedia(api_url=url, client=Client(allow_private=True)), "storm in harbour")
    assert searches == ["storm harbour", "storm OR harbour"]
    assert document.text == "Text."


async def test_a_wiki_without_hits_has_nothing_to_say(ask) -> None:
    async with Services(scale=0.0, months=24) as services:
        assert (
            await ask(wikipedia(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True)), "zzz qqq")
            == []
        )


@pytest.mark.parametrize(
    ("reply", "error", "kind"),
    [
        ({"error": {"code": "ratelimited", "info": "slow down"}}, RateLimited, "rate_limited"),
        ({"error": {"code": "maxlag", "info": "5.2 s lagged"}}, RateLimited, "rate_limited"),
        ({"error": {"code": "cirrussearch-too-busy-error", "info": "busy"}}, RateLimited, "rate_limited"),
        ({"error": {"code": "badvalue", "info": "no"}}, SourceError, "refused"),
        ({"error": {"code": None, "info": ["odd"]}}, SourceError, "refused"),
        ({"error": "no"}, SourceError, "format"),
        ({"query": None}, SourceError, "format"),
        ({"query": {"search": None}}, SourceError, "format"),
        ({"query": {"search": {"pageid": 1}}}, SourceError, "format"),
        ({"query": {"search": [{"pageid": "x"}]}}, SourceError, "format"),
        ({"query": {"search": [{"pageid": 1, "timestamp": 5}], "pages": []}}, SourceError, "format"),
        ({"query": {"search": [{"pageid": 1}], "pages": [{"title": 5, "extract": "x"}]}}, SourceError, "format"),
        ({"query": {"search": [{"pageid": 1}], "pages": [{"title": "T", "extract": 5}]}}, SourceError, "format"),
        ({"batchcomplete": True}, SourceError, "format"),
        ([], SourceError, "format"),
        ({"query": {"search": [{"title": "no id"}]}}, SourceError, "format"),
        ({"query": {"search": [{"pageid": 1}]}}, SourceError, "format"),
    ],
)
async def test_what_the_api_refuses_or_garbles_is_an_error_of_its_kind(ask, serve, reply, error, kind) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(reply)

    with pytest.raises(error) as caught:
        await ask(wikipedia(api_url=await serve(handler), client=Client(allow_private=True)), "storm")
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "page",
    [
        {"pageid": 1, "missing": True},
        {"pageid": 1, "title": "Mercury", "extract": "Mercury may refer to:", "pageprops": {"disambiguation": ""}},
        {"pageid": 1, "title": "Empty", "extract": ""},
        {"pageid": 1, "title": "Null", "extract": None},
        {"pageid": 1, "title": "None"},
    ],
)
async def test_a_page_that_vanished_or_says_nothing_or_only_leads_to_others_is_no_document(ask, serve, page) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"query": {"search": [{"ns": 0, "title": "T", "pageid": 1}], "pages": [page]}})

    assert await ask(wikipedia(api_url=await serve(handler), client=Client(allow_private=True)), "storm") == []


class Seen(Client):
    """A client that notes whom it was to ask."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    async def get_json(self, url, **_):
        self.urls.append(str(url))
        return {"batchcomplete": True, "query": {"search": []}}


@pytest.mark.parametrize(
    ("language", "question", "host"),
    [
        (None, "What is the tide in Port Merrow?", "en.wikipedia.org"),
        (None, "Wie hoch ist die Flut in der Nordsee?", "de.wikipedia.org"),
        (None, "Rust", "en.wikipedia.org"),
        ("fr", "What is the tide in Port Merrow?", "fr.wikipedia.org"),
        ("simple", "Wie hoch ist die Flut?", "simple.wikipedia.org"),
        ("zh-min-nan", "tide", "zh-min-nan.wikipedia.org"),
    ],
)
async def test_the_edition_is_the_one_of_the_settings_or_of_the_question(ask, language, question, host) -> None:
    client = Seen()
    await ask(wikipedia(language=language, client=client), question)
    assert set(client.urls) == {f"https://{host}/w/api.php"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"language": "evil.example/"}, "Name an edition"),
        ({"language": ""}, "Name an edition"),
        ({"language": "German"}, "Name an edition"),
        ({"language": "de", "api_url": "https://wiki.example/w/api.php"}, "take one of the two out"),
    ],
)
def test_an_edition_that_cannot_be_is_a_mistake_in_the_settings(settings, expected) -> None:
    with pytest.raises(ConfigError, match=expected):
        wikipedia(**settings)


class Wiki(Client):
    """A client that knows a small wiki by heart."""

    async def get_json(self, url, *, params, **_):
        pages = wiki_service.pages(months=1)
        await asyncio.sleep(0)
        if "srsearch" in params:
            return wiki_service.search(
                pages, params["srsearch"], limit=params["srlimit"], timestamp="2026-11-23T09:30:00Z"
            )
        return wiki_service.extract(pages, params["pageids"])


async def test_it_behaves_as_a_source() -> None:
    await check_source(lambda: wikipedia(client=Wiki()), question=QUESTION)


async def test_leaving_early_stops_the_requests(serve) -> None:
    cancelled = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        if "srsearch" in request.query:
            return web.json_response({"query": {"search": [{"pageid": 1}, {"pageid": 2}]}})
        if request.query["pageids"] == "1":
            return web.json_response({"query": {"pages": [{"title": "T", "extract": "Text."}]}})
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        raise AssertionError

    source = wikipedia(api_url=await serve(handler), client=Client(allow_private=True))
    stream = source(Question("storm"))
    assert (await anext(stream)).text == "Text."
    await stream.aclose()
    await asyncio.wait_for(cancelled.wait(), 5)
    await source.close()
