"""The weather from Open-Meteo (or a server that speaks its format): a place is found, then its forecast read."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from yarl import URL

from fanin.errors import SourceError
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.net.failures import MALFORMED, called
from fanin.plan.places import place_in
from fanin.sources.masked import masked
from fanin.sources.open_meteo.forecast import CURRENT, DAILY, sentences
from fanin.sources.source import Item, Source

FORECAST_URL = "https://api.open-meteo.com"
GEOCODING_URL = "https://geocoding-api.open-meteo.com"


def open_meteo(
    *,
    place: str | None = None,
    base_url: str = FORECAST_URL,
    geocoding_url: str = GEOCODING_URL,
    name: str = "weather",
    days: int = 3,
    timeout: float = 5.0,
    client: Client | None = None,
) -> Source:
    """A source that gives the weather now and for `days` days as one document; nothing when no place is known.

    The place is `place`, or else the one that the question names. `timeout` is seconds for one attempt.
    """
    client = client or Client()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        wanted = place or place_in(question.text)
        found = await _locate(client, geocoding_url, wanted) if wanted else None
        if found is not None:
            yield await _forecast(client, base_url, found, days)

    return masked(Source(name, fetch, timeout=timeout, close=client.close), client.secrets)


async def _locate(client: Client, url: str, place: str) -> Mapping[str, Any] | None:
    town, _, region = place.partition(",")
    params = {"name": town.strip(), "count": 10 if region else 1, "language": "en", "format": "json"}
    reply = await client.get_json(f"{url.rstrip('/')}/v1/search", params=params)
    try:
        results = reply.get("results", [])
        return next((each for each in results if _matches(each, region)), results[0] if results else None)
    except MALFORMED as error:
        raise _odd(url, error) from error


def _matches(result: Mapping[str, Any], region: str) -> bool:
    regions = (result.get("admin1"), result.get("country"), result.get("country_code"))
    return not region or region.strip().casefold() in [str(each).casefold() for each in regions]


async def _forecast(client: Client, url: str, place: Mapping[str, Any], days: int) -> Document:
    address = f"{url.rstrip('/')}/v1/forecast"
    try:
        where = {"latitude": float(place["latitude"]), "longitude": float(place["longitude"])}
        name = str(place["name"])
    except MALFORMED as error:
        raise _odd(url, error) from error
    params = {**where, "current": ",".join(CURRENT), "daily": ",".join(DAILY), "timezone": "auto"}
    forecast = await client.get_json(address, params={**params, "forecast_days": days})
    try:
        text, published = sentences(name, forecast), str(forecast["current"]["time"])
    except MALFORMED as error:
        raise _odd(url, error) from error
    title = ", ".join(dict.fromkeys(str(part) for part in (name, place.get("admin1"), place.get("country")) if part))
    return Document(
        text, title=f"Weather in {title}", url=str(URL(address).with_query(where)), published=published, metadata=where
    )


def _odd(url: str, error: Exception) -> SourceError:
    return SourceError(
        f"It answered in a form that is not Open-Meteo's ({error!r}, {called(url)}); fanin did not use it."
        " Check that the address is that of the API.",
        kind="format",
    )
