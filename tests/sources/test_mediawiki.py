import asyncio

import pytest
from aiohttp import web

from fanin.errors import RateLimited, SourceError
from fanin.model import Question
from fanin.net.client import Client
from fanin.sources.mediawiki import mediawiki, search_terms
from fanin.testing.services import Services

QUESTION = "Will the storm surge flood the harbour, and are the ferries running?"


def test_search_terms_leave_out_words_that_ask_and_operators() -> None:
    assert search_terms(QUESTION) == "storm surge flood harbour ferries running"
    assert search_terms('"intitle:x" -y OR z* ~1.5') == "intitle x y z 1.5"


def test_a_question_of_asking_words_alone_is_searched_as_it_is() -> None:
    assert search_terms("Who are you?") == "Who are you"


def test_search_terms_stay_below_the_limit_of_the_api() -> None:
    terms = search_terms("harbour " * 200)
    assert 280 < len(terms) <= 300
    assert terms.endswith("harbour")


async def test_the_best_pages_come_with_text_title_address_and_date(ask) -> None:
    async with Services(scale=0.0, months=24) as services:
        documents = await ask(
            mediawiki(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True)), QUESTION
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
        source = mediawiki(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True))
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
    [document] = await ask(mediawiki(api_url=url, client=Client(allow_private=True)), "storm in harbour")
    assert searches == ["storm harbour", "storm OR harbour"]
    assert document.text == "Text."


async def test_a_wiki_without_hits_has_nothing_to_say(ask) -> None:
    async with Services(scale=0.0, months=24) as services:
        assert (
            await ask(mediawiki(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True)), "zzz qqq")
            == []
        )


@pytest.mark.parametrize(
    ("told", "error", "kind"),
    [
        ({"error": {"code": "ratelimited", "info": "slow down"}}, RateLimited, "rate_limited"),
        ({"error": {"code": "badvalue", "info": "no"}}, SourceError, "refused"),
        ({"batchcomplete": True}, SourceError, "format"),
        ([], SourceError, "format"),
        ({"query": {"search": [{"title": "no id"}]}}, SourceError, "format"),
        ({"query": {"search": [{"pageid": 1}]}}, SourceError, "format"),
    ],
)
async def test_what_the_api_refuses_or_garbles_is_an_error_of_its_kind(ask, serve, told, error, kind) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(told)

    with pytest.raises(error) as caught:
        await ask(mediawiki(api_url=await serve(handler), client=Client(allow_private=True)), "storm")
    assert caught.value.kind == kind


async def test_a_page_that_fails_leaves_the_others_and_then_fails_the_source(serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        if "srsearch" in request.query:
            return web.json_response({"query": {"search": [{"pageid": 1}, {"pageid": 2}]}})
        if request.query["pageids"] == "1":
            return web.Response(status=500)
        await asyncio.sleep(0.05)
        return web.json_response({"query": {"pages": [{"title": "T", "extract": "Text."}]}})

    source = mediawiki(api_url=await serve(handler), client=Client(allow_private=True))
    stream = source(Question("storm"))
    assert (await anext(stream)).text == "Text."
    with pytest.raises(SourceError, match="500"):
        await anext(stream)
    await source.close()


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

    source = mediawiki(api_url=await serve(handler), client=Client(allow_private=True))
    stream = source(Question("storm"))
    assert (await anext(stream)).text == "Text."
    await stream.aclose()
    await asyncio.wait_for(cancelled.wait(), 5)
    await source.close()
