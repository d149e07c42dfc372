"""How the time for a question grows with the number of sources that are asked, all of them equally slow."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from statistics import median

from fanin.engine import Engine
from fanin.interfaces.cli.terminal import note, say, say_json
from fanin.net.client import Client
from fanin.net.network import Network
from fanin.sources.open_meteo import open_meteo
from fanin.streams.event_json import dumps
from fanin.testing.services import Services
from fanin.testing.services.services_server import LATENCY

COUNTS = (5, 10, 20, 50)

ROUNDS = 3
"""Questions for each count; the median is shown, since other programs on the machine disturb single ones."""

QUESTION = "How strong is the wind in Port Merrow?"

_NOTE = (
    "Each source is a forecast over real HTTP on this machine: two requests through the guarded client, with the same"
    " latency for all. Connections and workers are warm. seconds is the median of three questions."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How long questions to so many sources took: the median and the slowest in seconds; `ok` sources answered all."""

    sources: int
    seconds: float
    slowest: float
    ok: int


async def measure(*, scale: float, json: bool) -> None:
    """Print a row for each number of sources, or all of it as JSON; `scale` multiplies the latency of 2 s."""
    latency = LATENCY["weather"] * scale
    rows: list[Asked] = []
    if not json:
        say(f"Questions to many sources that take {latency:g} s each\n{'sources':>8}{'seconds':>11}{'slowest':>11}")
    async with aclosing(asked(scale=scale)) as measured:
        async for row in measured:
            rows.append(row)
            if not json:
                say(f"{row.sources:>8}{row.seconds:>9.3f} s{row.slowest:>9.3f} s")
    grown = growth(rows)
    if json:
        counts = [{"sources": r.sources, "seconds": round(r.seconds, 4), "ok": r.ok} for r in rows]
        say_json(dumps({"latency": latency, "counts": counts, "growth": round(grown, 4)}, indent=2))
    else:
        say(f"From {rows[0].sources} to {rows[-1].sources} sources the time grew by {grown:.1%}.\n{_NOTE}")


def growth(rows: list[Asked]) -> float:
    """How much longer the last row took than the first, as a share (0.1 is 10 %)."""
    return rows[-1].seconds / rows[0].seconds - 1


async def asked(*, scale: float) -> AsyncGenerator[Asked]:
    """Ask each number of sources a few times, after a first question that is not counted."""
    async with Services(scale=scale, months=1) as services:
        for count in COUNTS:
            note(f"asking {count} sources, {1 + ROUNDS} times")
            yield await _ask(services.url, count)


async def _ask(url: str, count: int) -> Asked:
    # In life fifty sources are fifty servers; here all are one, so that it may be asked fifty times at once.
    network = Network(per_host=count, in_all=count)
    sources = [
        open_meteo(
            name=f"weather-{number}",
            base_url=url,
            geocoding_url=url,
            timeout=60.0,
            client=Client(network, allow_private=True),
        )
        for number in range(1, count + 1)
    ]
    async with Engine(sources, deadline=60.0) as engine:
        answers = [await engine.ask(QUESTION) for _ in range(ROUNDS + 1)][1:]
    times = [answer.execution_time for answer in answers]
    ok = min(sum(outcome.status == "ok" for outcome in answer.sources.values()) for answer in answers)
    return Asked(count, median(times), max(times), ok)
