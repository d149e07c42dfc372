"""`fanin demo`: a question to real services on this machine, with the lesson's latencies, over real HTTP."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from cyclopts import Parameter

from fanin.engine import Engine
from fanin.interfaces.cli.ask import answer
from fanin.interfaces.cli.options import AnswerAsJson, Deadline, Events
from fanin.interfaces.cli.output import choose_view
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.sources.feeds import feeds
from fanin.sources.open_meteo import open_meteo
from fanin.sources.wikipedia import wikipedia
from fanin.testing.services import MONTHS, Fault, Services

QUESTION = "How strong is the wind, will the storm flood the harbour, and are the ferries running?"

type Names = tuple[Literal["weather", "news", "knowledge_base"], ...]


def demo(
    question: Annotated[
        str,
        Parameter(help='What you want to know about Port Merrow, a made-up town; "-" reads it from standard input.'),
    ] = QUESTION,
    /,
    *,
    fail: Annotated[
        Names, Parameter(negative=(), help="Let this service break off half-way. Repeat it for several.")
    ] = (),
    slow: Annotated[Names, Parameter(negative=(), help="Let this service hang. Repeat it for several.")] = (),
    deadline: Deadline = "",
    json: AnswerAsJson = False,
    events: Events = False,
    scale: Annotated[float, Parameter(show=False)] = 1.0,
) -> int:
    """Ask three test services on this machine over HTTP: a forecast, a news feed and a wiki. No network is needed.

    It shows the services at work, the answer with its citations, and how long each service and each core worked.
    """
    faults: Mapping[str, Fault] = {**dict.fromkeys(slow, "slow"), **dict.fromkeys(fail, "fail")}
    view = choose_view(json=json, events=events, timeline=True)
    return answer(lambda: serving(faults, scale=scale), question, view, deadline=deadline)


@asynccontextmanager
async def serving(faults: Mapping[str, Fault], *, scale: float) -> AsyncGenerator[Engine]:
    """The demo's services, running, and an engine that asks them."""
    months = max(12, round(MONTHS * min(scale, 1.0)))
    async with Services(scale=scale, faults=faults, months=months) as services:
        network, url = Network(), services.url
        weather, news, wiki = (Client(network, allow_private=True) for _ in range(3))
        sources = [
            open_meteo(place="Port Merrow", base_url=url, geocoding_url=url, client=weather),
            feeds(f"{url}/news.xml", client=news),
            wikipedia(api_url=f"{url}/w/api.php", name="knowledge_base", client=wiki),
        ]
        async with Engine(sources) as engine:
            yield engine
