"""`fanin demo`: a question to real services on this machine, with the lesson's latencies, over real HTTP."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from fanin.engine import Engine
    from fanin.testing.services import Fault

QUESTION = "How strong is the wind, will the storm flood the harbour, and are the ferries running?"

type Service = Literal["weather", "news", "knowledge_base"]
type Services = tuple[Service, ...]


def demo(
    question: Annotated[str, Parameter(help="What you want to know about Port Merrow, a made-up town.")] = QUESTION,
    /,
    *,
    fail: Annotated[Services, Parameter(negative=(), help="Break this service half-way.")] = (),
    slow: Annotated[Services, Parameter(negative=(), help="Let this service hang.")] = (),
    deadline: Annotated[str, Parameter(help='Answer within this time, such as "3s"; 15 s if not given.')] = "",
    json: Annotated[bool, Parameter(negative=(), help="Print the answer as JSON.")] = False,
    events: Annotated[bool, Parameter(negative=(), help="Print what happens as JSON lines.")] = False,
    scale: Annotated[float, Parameter(show=False)] = 1.0,
) -> int:
    """Ask a forecast, a news feed and a wiki on this machine over HTTP; show the answer and where the time went."""
    from fanin.interfaces.cli.ask import answer

    faults: Mapping[str, Fault] = {**dict.fromkeys(slow, "slow"), **dict.fromkeys(fail, "fail")}
    return answer(
        lambda: serving(faults, scale=scale),
        question,
        deadline=deadline,
        json=json,
        events=events,
        timeline=True,
    )


@asynccontextmanager
async def serving(faults: Mapping[str, Fault], *, scale: float) -> AsyncGenerator[Engine]:
    """The demo's services, running, and an engine that asks them."""
    from fanin.engine import Engine
    from fanin.net.client import Client
    from fanin.net.network import Network
    from fanin.sources.feeds import feeds
    from fanin.sources.open_meteo import open_meteo
    from fanin.sources.wikipedia import wikipedia
    from fanin.testing.services import MONTHS, Services

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
