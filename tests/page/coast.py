"""Services of a made-up coast on loopback, over real HTTP: quick ones, slow ones, and such as fail."""

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

QUESTION = "Will the ferry to Skerry Island sail on Saturday morning?"
SHORT = "When does the tide gate close?"


@dataclass(frozen=True)
class Place:
    """One service: seconds until it answers, its documents as (title, text), and the statuses of its first calls.

    `links` are the addresses of its documents, in place of usual ones.
    """

    after: float
    documents: Sequence[tuple[str, str]] = ()
    statuses: Sequence[int] = ()
    settings: str = ""
    links: Sequence[str] = ()


def _long(first: str, seed: int, characters: int) -> str:
    """A text of so many characters that begins with a sentence; the others are about something else."""
    rng, lines, length = random.Random(seed), [first, ""], 0
    things, deeds = (
        ("crane", "rope", "lantern", "ledger", "winch"),
        ("was mended", "stood empty", "was sold", "was painted"),
    )
    while length < characters:
        thing, other = rng.sample(things, 2)
        lines.append(
            f"In {rng.randrange(1700, 1900)} the {thing} by the old {other} {rng.choice(deeds)} for {rng.randrange(9, 80)} days."
        )
        length += len(lines[-1])
    return " ".join(lines)


PLACES: Mapping[str, Place] = {
    "met": Place(0.6, [
        ("Coastal forecast", "On Saturday morning the gusts off Skerry Island will be as strong as 84 km/h, from the north-east. The sea stays rough until the evening."),
        ("Warnings in force", "A yellow warning of strong wind is in force for the bay from 04:00 on Saturday."),
    ]),
    "harbour-office": Place(1.1, [("Notice 212", "The tide gate closes at 05:40 on Saturday and opens again at 10:15. Vessels over 12 metres wait at the outer buoys.")]),
    "ferry-line": Place(2.2, [("Sailings this weekend", "The first ferry to Skerry Island on Saturday morning, the 07:30, is cancelled; the 11:00 will sail if the wind allows it.")]),
    "courier": Place(3.0, [
        ("Wind will ease, says duty forecaster", "The gusts off Skerry Island on Saturday morning will be 61 km/h at the most, according to the duty forecaster."),
        ("Fish market moves indoors", "The fish market is held in the rope hall this week. Stalls open at seven."),
    ]),
    "wiki": Place(1.3, [
        ("Skerry Island ferry", _long("The ferry to Skerry Island does not sail when gusts are stronger than 75 km/h, because the ramp cannot be lowered.", 1, 220_000)),
        ("Tide gate", _long("The tide gate closes two hours before high water when a storm is forecast.", 2, 180_000)),
    ]),
    "buoy-7": Place(0.4, [("Buoy 7", "Buoy 7 off Skerry Island measured gusts of 58 km/h at 17:50 today and a swell of 2.6 metres.")]),
    "islanders": Place(0.3, [("Is the 07:30 running?", "The purser decides at 06:30 whether the ferry to Skerry Island sails on Saturday morning.")], [503, 503], "retries = 3"),
    "tide-gauge": Place(30, settings='timeout = "1.6s"\nretries = 1'),
    "radar": Place(0.4, statuses=[429] * 999),
    "press-archive": Place(0.5, statuses=[403] * 999),
    "almanac": Place(0.8),
}  # fmt: skip
"""What the services of a usual run are."""


def settings(url: str, places: Mapping[str, Place] = PLACES, *, top: str = "") -> str:
    """The settings file of a server that asks these services at this address."""
    tables = [
        f'[sources.{name}]\nkind = "http"\nurl = "{url}/{name}?q={{words}}"\nitems = "items"\ntext = "text"\ntitle = "title"\n'
        f'link = "link"\nallow_private = true\ncache = "0s"\n{each.settings}\n'
        for name, each in places.items()
    ]
    return (
        f'store = "memory"\nrounds = 1\n{top}[process]\nsemantic = false\n[runs]\nfile = "runs.sqlite"\n[server]\nport = 0\nkeys = "keys.json"\n'
        + "\n".join(tables)
    )


def links_of(name: str, place: Place) -> Sequence[str]:
    """The addresses of the documents of a service."""
    return place.links or [f"https://{name}.example/{number}" for number in range(1, len(place.documents) + 1)]


@asynccontextmanager
async def serving(places: Mapping[str, Place] = PLACES) -> AsyncGenerator[str]:
    """The services, running, as the address under which each has its name."""
    calls: dict[str, int] = dict.fromkeys(places, 0)

    async def reply(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        place, number = places[name], calls[name]
        calls[name] += 1
        await asyncio.sleep(place.after)
        if number < len(place.statuses):
            return web.Response(
                status=place.statuses[number], headers={"Retry-After": "60"} if place.statuses[number] == 429 else {}
            )
        items = [
            {"title": title, "text": text, "link": link}
            for (title, text), link in zip(place.documents, links_of(name, place), strict=True)
        ]
        return web.json_response({"items": items})

    app = web.Application()
    app.router.add_get("/{name}", reply)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def writing(sentences: Sequence[str], *, pause: float) -> AsyncGenerator[str]:
    """A language model that writes these sentences with pauses in seconds, as the setting that names it."""

    async def reply(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for content, finish in [*((each, None) for each in sentences), ("", "stop")]:
            choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": finish}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": [choice]}
            await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
            await asyncio.sleep(pause)
        await response.write(b"data: [DONE]\n\n")
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", reply)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"openai-compatible:http://127.0.0.1:{runner.addresses[0][1]}/v1#small"
    finally:
        await runner.cleanup()
