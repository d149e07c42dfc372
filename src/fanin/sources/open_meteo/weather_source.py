"""The weather from Open-Meteo or a server with the same API: first finds the place, then reads its forecast."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.model import Document, Notice, Question
from fanin.net.client import Client
from fanin.net.http_errors import MALFORMED, redact, wrong_format
from fanin.plan.days import Period
from fanin.plan.planned_question import planned
from fanin.sources.masked_source import mask_source
from fanin.sources.open_meteo.forecast import CURRENT, DAILY, sentences, values
from fanin.sources.open_meteo.geocoding import Place
from fanin.sources.source import Item, Source, digest

FORECAST_URL = "https://api.open-meteo.com"
GEOCODING_URL = "https://geocoding-api.open-meteo.com"

AHEAD = 16
"""Days of the longest forecast, today included (Open-Meteo's documentation, `forecast_days`)."""

BACK = 92
"""Days before today that the forecast API has (Open-Meteo's documentation, `past_days`)."""

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
    """A source that gives the current weather and that of the days that the question names, as one document.

    The place is `place`, or else the one that the question names; without any there is no document. `days` is the
    number of days, from today, if the question names none. `language` is that of names of places; None: the
    question's. `timeout` is for one attempt, in seconds.
    """
    client = client or Client()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        wanted = place or planned(question).place
        if not wanted:
            yield Notice("nothing", message="The question names no place.")
            return
        language_used = language or planned(question).language or "en"
        found = await _find_place(client, geocoding_url, wanted, language_used)
        if found is None:
            yield Notice("nothing", message=f"Open-Meteo knows no place named {wanted!r}.")
            return
        today = _today(found, now())
        when = _day_parameters(planned(question).coming_days(today=today, ahead=AHEAD), today, days)
        if when is None:
            yield Notice("nothing", message="The question names other days than the last 92 and the next 16.")
            return
        yield await _forecast(client, base_url, found, {**when, **(_IMPERIAL if units == "imperial" else {})})

    identity = digest("open-meteo", place, units, language, days, base_url, geocoding_url, client.identity)
    source = Source(name, fetch, timeout=timeout, close=client.close, identity=identity)
    return mask_source(source, client.secrets)


def _today(place: Place, now: datetime) -> date:
    try:
        return now.astimezone(ZoneInfo(place.timezone)).date()
    except KeyError, ValueError, OSError:
        return now.date()


def _day_parameters(named: Period | None, today: date, days: int) -> Mapping[str, str | int] | None:
    """The parameters for the days that a question names; None if Open-Meteo has no data for them."""
    if named is None or named.first == named.last == today:
        return {"forecast_days": days}
    known = available_days(named, today=today)
    return known and {"start_date": known.first.isoformat(), "end_date": known.last.isoformat()}


def available_days(period: Period, *, today: date) -> Period | None:
    """The days of the period for which Open-Meteo has data; None if it has none."""
    first, last = today - timedelta(days=BACK), today + timedelta(days=AHEAD - 1)
    if period.first > last or period.last < first:
        return None
    if period.first < today <= period.last:  # for example "this week": leave out the days before today
        period = Period(today, period.last)
    return Period(max(period.first, first), min(period.last, last))


async def _find_place(client: Client, url: str, place: str, language: str) -> Place | None:
    town, _, region = place.partition(",")
    params = {"name": town.strip(), "count": 10, "language": language, "format": "json"}
    reply = await _get_object(client, f"{url.rstrip('/')}/v1/search", params)
    try:
        results = reply.get("results", [])
        return Place.choose(results, region=region) if results else None
    except MALFORMED as error:
        raise wrong_format("Open-Meteo's API", url, error) from error


async def _forecast(client: Client, url: str, place: Place, options: Mapping[str, str | int]) -> Document:
    address, where = f"{url.rstrip('/')}/v1/forecast", {"latitude": place.latitude, "longitude": place.longitude}
    wanted = {"current": ",".join(CURRENT), "daily": ",".join(DAILY), "timezone": "auto"}
    forecast = await _get_object(client, address, {**where, **wanted, **options})
    try:
        text, found = sentences(place.name, forecast), values(forecast)
        published = str(forecast["current"]["time"])
    except MALFORMED as error:
        raise wrong_format("Open-Meteo's API", url, error) from error
    return Document(
        text,
        title=f"Weather in {place.title}",
        url=str(URL(address).with_query(where)),
        published=published,
        metadata={"place": place.title, "others": list(place.others), **where, **found},
    )


async def _get_object(client: Client, url: str, params: Mapping[str, str | int | float]) -> Mapping[str, Any]:
    """The JSON object of a reply. Raises SourceError (kind "refused") with Open-Meteo's reason if it is an error."""
    reply = await client.get_json(url, params=params, ok_statuses=(400,))
    if not isinstance(reply, dict):
        raise wrong_format(
            "Open-Meteo's API", url, TypeError(f"a JSON object was expected, not {type(reply).__name__}")
        )
    fields = cast("Mapping[str, Any]", reply)
    if fields.get("error"):
        reason = "".join(letter for letter in str(fields.get("reason", "no reason"))[:200] if letter.isprintable())
        raise SourceError(
            f"It refused this question: {reason!r} ({redact(url)}); fanin took nothing from it. Check the place and"
            " the settings of the source.",
            FailureKind.REFUSED,
        )
    return fields
