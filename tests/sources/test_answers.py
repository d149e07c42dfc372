"""What the kinds of sources say stands in an answer, word for word, with an address to go to."""

from aiohttp import web as server

from fanin.engine import Engine
from fanin.net.client import Client
from fanin.sources.hacker_news import hacker_news
from fanin.sources.http import http
from fanin.sources.web import web
from fanin.sources.wikipedia import wikipedia
from fanin.testing.invariants import check_answer
from fanin.testing.services import Services

LEVELS = {"levels": [{"place": "Port Merrow", "metres": 4.6, "at": 1_795_420_800, "url": "/levels/7"}]}
PAGE = "<title>Harbour</title><nav>Menu</nav><main><p>The storm surge gate of the harbour closes at 18:00.</p></main>"


async def handler(request: server.Request) -> server.Response:
    if request.path == "/levels":
        return server.json_response(LEVELS)
    return server.Response(text=PAGE, content_type="text/html")


async def test_an_answer_quotes_four_kinds_and_leads_to_each(serve) -> None:
    url = await serve(handler)
    async with Services(scale=0.0, months=2) as services:
        sources = [
            http(
                f"{url}/levels?at={{words}}",
                name="levels",
                items="levels",
                text="join('', ['The storm surge in ', place, ' stands at ', to_string(metres), ' metres.'])",
                link="url",
                published="at",
                client=Client(allow_private=True),
            ),
            web(f"{url}/page", client=Client(allow_private=True)),
            hacker_news(base_url=f"{services.url}/api/v1", client=Client(allow_private=True)),
            wikipedia(api_url=f"{services.url}/w/api.php", client=Client(allow_private=True)),
        ]
        async with Engine(sources, deadline=10) as engine:
            answer = await engine.ask("How high is the storm surge in the harbour of Port Merrow?")
    names = ("levels", "web", "hacker_news", "wikipedia")
    check_answer(answer, planned=names, deadline=10, slack=1)
    assert {name: answer.sources[name].status for name in names} == dict.fromkeys(names, "ok")
    assert "The storm surge in Port Merrow stands at 4.6 metres." in answer.text
    assert f"{url}/levels/7" in {citation.url for citation in answer.citations}
