"""The weather from Open-Meteo (or a server that speaks its format): a place is found, then its forecast read."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from yarl import URL

from fanin.errors import FailureKind, SourceError, describe
from fanin.model import Document, Notice, Question
from fanin.net.client import Client
from fanin.net.http_errors import MALFORMED, redacted
from fanin.plan.languages import language_in
from fanin.plan.places import place_in
from fanin.sources.masked_source import masked
from fanin.sources.open_meteo.forecast import CURRENT, DAILY, figures, sentences
from fanin.sources.open_meteo.forecast_days import days_in, reachable
from fanin.sources.open_meteo.geocoding import Place
from fanin.sources.source import Item, Source, digest

FORECAST_URL = "https://api.open-meteo.com"
GEOCODING_URL = "https://geocoding-api.open-meteo.com"

type Units = Literal["metric", "imperial"]

_IMPERIAL = {"temperature_unit": "fahrenheit", "wind_speed_unit": "mph", "precipitation_unit": "inch"}


def open_meteo(
    *,
    place: str | None = None,
    units: Units = "metric",
    language: str | None = None,
    base_url: str = FORECAST_URL,
    geocoding_url: str = GEOCODING_URL,
    name: str = "weather",
    days: int = 3,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    timeout: float = 5.0,
    client: Client | None = None,
) -> Source:
    """A source that gives the weather now and on the days that the question names, as one document.

    `place` is asked, or else the place that the question names; without any there is no document. `days` is how many
    days from today are given if the question names none. `language` is what places are named in; None: the
    question's. `timeout` is for one attempt, in seconds.
    """
    client = client or Client()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        wanted = place or place_in(question.text)
        if not wanted:
            yield Notice("nothing", message="The question names no place whose weather could be told.")
            return
        spoken = language or language_in(question.text) or "en"
        found = await _located(client, geocoding_url, wanted, spoken)
        if found is None:
            yield Notice("nothing", message=f"Open-Meteo knows no place named {wanted!r}.")
            return
        when = _when(question.text, _today(found, now()), days)
        if when is None:
            yield Notice("nothing", message="Open-Meteo knows the last 92 days and the next 16, and these are others.")
            return
        yield await _forecast(client, base_url, found, {**when, **(_IMPERIAL if units == "imperial" else {})})

    identity = digest("open-meteo", place, units, language, days, base_url, geocoding_url, client.identity)
    made = Source(name, fetch, timeout=timeout, close=client.close, identity=identity)
    return masked(made, client.secrets)


def _today(place: Place, now: datetime) -> date:
    try:
        return now.astimezone(ZoneInfo(place.timezone)).date()
    except KeyError, ValueError, OSError:
        return now.date()


def _when(question: str, today: date, days: int) -> Mapping[str, str | int] | None:
    """The parameters for the days that the question names; None when they are out of reach."""
    named = days_in(question, today=today)
    if named is None or named.first == named.last == today:
        return {"forecast_days": days}
    known = reachable(named, today=today)
    return known and {"start_date": known.first.isoformat(), "end_date": known.last.isoformat()}


async def _located(client: Client, url: str, place: str, language: str) -> Place | None:
    town, _, region = place.partition(",")
    params = {"name": town.strip(), "count": 10, "language": language, "format": "json"}
    reply = await _asked(client, f"{url.rstrip('/')}/v1/search", params)
    try:
        results = reply.get("results", [])
        return Place.among(results, region=region) if results else None
    except MALFORMED as error:
        raise _odd(url, error) from error


async def _forecast(client: Client, url: str, place: Place, options: Mapping[str, str | int]) -> Document:
    address, where = f"{url.rstrip('/')}/v1/forecast", {"latitude": place.latitude, "longitude": place.longitude}
    wanted = {"current": ",".join(CURRENT), "daily": ",".join(DAILY), "timezone": "auto"}
    forecast = await _asked(client, address, {**where, **wanted, **options})
    try:
        text, told, published = sentences(place.name, forecast), figures(forecast), str(forecast["current"]["time"])
    except MALFORMED as error:
        raise _odd(url, error) from error
    return Document(
        text,
        title=f"Weather in {place.title}",
        url=str(URL(address).with_query(where)),
        published=published,
        metadata={"place": place.title, "others": list(place.others), **where, **told},
    )


async def _asked(client: Client, url: str, params: Mapping[str, str | int | float]) -> Mapping[str, Any]:
    """The JSON of an answer; raises SourceError (kind "refused") with Open-Meteo's reason when it is a refusal."""
    reply = await client.get_json(url, params=params, ok_statuses=(400,))
    if not isinstance(reply, dict):
        raise _odd(url, TypeError(f"a JSON object was expected, not {type(reply).__name__}"))
    told = cast("Mapping[str, Any]", reply)
    if told.get("error"):
        reason = "".join(letter for letter in str(told.get("reason", "no reason"))[:200] if letter.isprintable())
        raise SourceError(
            f"It refused this question: {reason!r} ({redacted(url)}); fanin took nothing from it. Check the place and"
            " the settings of the source.",
            FailureKind.REFUSED,
        )
    return told


def _odd(url: str, error: Exception) -> SourceError:
    return SourceError(
        f"It answered in a form that is not Open-Meteo's ({describe(error)}, {redacted(url)}); fanin did not use it."
        " Check that the address is that of the API.",
        FailureKind.FORMAT,
    )
