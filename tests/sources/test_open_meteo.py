from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web

from fanin.errors import RateLimited, SourceError
from fanin.model import Document, Notice, Question
from fanin.net.client import Client
from fanin.plan.coming_days import coming_days
from fanin.plan.days import Period
from fanin.sources.open_meteo import open_meteo
from fanin.sources.open_meteo.forecast import CURRENT, DAILY, sentences
from fanin.sources.open_meteo.weather_source import AHEAD, available_days
from fanin.testing.services import Services
from fanin.testing.services.weather_service import PLACE, forecast, refusal, search
from fanin.testing.services.weather_service import reply as weather_reply

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def reply(**changes: object) -> dict[str, object]:
    return {**forecast(CURRENT, DAILY, days=3, now=NOW), **changes}


def test_a_forecast_becomes_sentences_with_units_condition_and_outlook() -> None:
    assert (
        sentences("Port Merrow", reply())
        == """\
The weather in Port Merrow at 2026-11-23 09:30 is heavy rain: the temperature is 7.4 °C and feels like 1.8 °C.
The humidity in Port Merrow is 93%, and 2.3 mm of precipitation fell in the last interval.
The wind in Port Merrow is a storm of 91.4 km/h from the north-east with gusts of 116.3 km/h.
The outlook for Port Merrow today, 23 November, is heavy rain, 5.2 °C to 8.1 °C, \
with 31.5 mm of precipitation (chance 100%) and gusts up to 118.8 km/h.
The outlook for Port Merrow tomorrow, 24 November, is slight rain showers, 6.1 °C to 9.6 °C, \
with 9.2 mm of precipitation (chance 78%) and gusts up to 71.9 km/h.
The outlook for Port Merrow on Wednesday, 25 November, is overcast, 4.4 °C to 10.2 °C, \
with 0 mm of precipitation (chance 8%) and gusts up to 34.2 km/h."""
    )


@pytest.mark.parametrize(
    ("speed", "name"),
    [(0, "a calm"), (1, "a light air"), (28.9, "a moderate breeze"), (89, "a storm"), (130, "a hurricane")],
)
def test_the_wind_has_the_name_that_sailors_give_it(speed: float, name: str) -> None:
    current = {**forecast(CURRENT, DAILY, days=1, now=NOW)["current"], "wind_speed_10m": speed}
    assert f"is {name} of {speed:g} km/h" in sentences("X", reply(current=current))


def test_a_reading_that_the_station_lacks_is_said_to_be_unknown() -> None:
    current = {**dict.fromkeys(CURRENT), "time": "2026-11-23T09:30"}
    first = sentences("X", reply(current=current)).splitlines()[0]
    assert first.endswith("is unknown weather: the temperature is an unknown °C and feels like an unknown °C.")


async def test_the_weather_of_the_place_in_the_question_is_one_document(ask) -> None:
    async with Services(scale=0.0) as services:
        [document] = await ask(
            open_meteo(base_url=services.url, geocoding_url=services.url, client=Client(allow_private=True))
        )
        assert document.title == "Weather in Port Merrow, Merrow Bay"
        assert document.url == f"{services.url}/v1/forecast?latitude=54.71&longitude=1.93"
    assert "the temperature is 7.4 °C" in document.text
    assert document.published.startswith(f"{datetime.now(UTC):%Y-%m-%d}")
    assert (document.metadata["latitude"], document.metadata["longitude"]) == (54.71, 1.93)
    current, days = document.metadata["current"], document.metadata["days"]
    assert isinstance(current, dict)
    assert isinstance(days, list)
    assert current["temperature_2m"] == {"value": 7.4, "unit": "°C"}
    assert current["wind_gusts_10m"] == {"value": 116.3, "unit": "km/h"}
    assert document.metadata["place"] == "Port Merrow, Merrow Bay"
    assert document.metadata["time"] == document.published
    assert [day["precipitation_sum"] for day in days if isinstance(day, dict)] == [
        {"value": value, "unit": "mm"} for value in (31.5, 9.2, 0.0)
    ]


async def test_a_place_in_the_settings_needs_none_in_the_question(ask) -> None:
    async with Services(scale=0.0) as services:
        source = open_meteo(
            place="Port Merrow", base_url=services.url, geocoding_url=services.url, client=Client(allow_private=True)
        )
        assert len(await ask(source, "What is up?")) == 1


async def test_a_place_that_the_real_shape_of_a_reply_does_not_know_gives_a_notice(ask) -> None:
    async with Services(scale=0.0) as services:
        source = open_meteo(base_url=services.url, geocoding_url=services.url, client=Client(allow_private=True))
        assert await ask(source, "What is the weather in Atlantis?") == [
            Notice("nothing", message="Open-Meteo knows no place named 'Atlantis'.")
        ]


OREGON = {**PLACE, "name": "Portland", "latitude": 45.5, "admin1": "Oregon", "country": "United States"}
MAINE = {**OREGON, "latitude": 43.7, "admin1": "Maine"}
DORSET = {**OREGON, "latitude": 50.5, "admin1": "England", "country": "United Kingdom", "country_code": "GB"}


@pytest.mark.parametrize(
    ("wanted", "region", "latitude"),
    [
        ("Portland", "Oregon", 45.5),
        ("Portland, Maine", "Maine", 43.7),
        ("Portland, ME", "Maine", 43.7),
        ("Portland, UK", "England", 50.5),
        ("Portland, united kingdom", "England", 50.5),
        ("Portland, Atlantis", "Oregon", 45.5),
    ],
)
async def test_a_region_chooses_among_places_of_one_name_and_is_told(
    ask, serve, wanted: str, region: str, latitude: float
) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/v1/search":
            assert request.query["name"] == "Portland"
            return web.json_response({"results": [OREGON, MAINE, DORSET]})
        assert float(request.query["latitude"]) == latitude
        return web.json_response(reply())

    url = await serve(handler)
    source = open_meteo(place=wanted, base_url=url, geocoding_url=url, client=Client(allow_private=True))
    [document] = await ask(source)
    assert document.text.startswith(f"The weather in Portland, {region} at ")
    others = document.metadata["others"]
    assert isinstance(others, list)
    assert len(others) == 2


async def told(question: str, **options: str) -> list[Document | Notice]:
    """What the source says on 23 November 2026, asked of a service whose clock says so too."""

    class Recorded(Client):
        async def get_json(self, url: object, *, params: Any = None, **_: Any) -> Any:
            if str(url).endswith("/v1/search"):
                asked.append(params)
                return search(params["name"])
            return weather_reply({name: str(value) for name, value in params.items()}, now=NOW)[1]

    source = open_meteo(client=Recorded(), now=lambda: NOW, **options)  # pyright: ignore
    return [item async for item in source(Question(question))]


asked: list[dict[str, object]] = []


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("Will it rain in Port Merrow tomorrow?", ["The outlook for Port Merrow tomorrow, 24 November, is"]),
        ("Is it windy in Port Merrow on Friday?", ["The outlook for Port Merrow on Friday, 27 November, is"]),
        ("How was the weather in Port Merrow yesterday?", ["The weather in Port Merrow yesterday, 22 November, was"]),
    ],
)
async def test_the_days_that_the_question_names_are_told(question: str, lines: list[str]) -> None:
    [document] = await told(question)
    assert isinstance(document, Document)
    assert [line for line, start in zip(document.text.splitlines(), lines, strict=True) if line.startswith(start)]


async def test_the_longest_forecast_has_sixteen_days() -> None:
    [document] = await told("What is the weather in Port Merrow in the next 20 days?")
    assert isinstance(document, Document)
    days = [line for line in document.text.splitlines() if line.startswith("The outlook")]
    assert (len(days), "Tuesday, 8 December" in days[-1]) == (16, True)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What was the weather in Port Merrow in 2019?", "the last 92 and the next 16"),
        ("What will the weather in Port Merrow be on 2027-03-01?", "the last 92 and the next 16"),
        ("What is the weather in Atlantis?", "knows no place named 'Atlantis'"),
        ("What is up?", "names no place"),
    ],
)
async def test_what_it_does_not_know_it_says_it_does_not_know(question: str, why: str) -> None:
    [notice] = await told(question)
    assert isinstance(notice, Notice)
    assert notice.kind == "nothing"
    assert why in notice.message


async def test_imperial_units_are_asked_for_and_told() -> None:
    [document] = await told("What is the weather in Port Merrow?", units="imperial")
    assert isinstance(document, Document)
    assert "the temperature is 45.3 °F and feels like 35.2 °F" in document.text
    assert "is a storm of 56.8 mph from the north-east" in document.text
    assert "0.09 in of precipitation" in document.text
    current = document.metadata["current"]
    assert isinstance(current, dict)
    assert current["wind_speed_10m"] == {"value": 56.8, "unit": "mph"}


@pytest.mark.parametrize(
    ("question", "options", "language"),
    [
        ("What is the weather in Port Merrow?", {}, "en"),
        ("Wie ist das Wetter in Port Merrow und was sagt der Bericht?", {}, "de"),
        ("Wie ist das Wetter in Port Merrow?", {"language": "fr"}, "fr"),
    ],
)
async def test_places_are_named_in_the_questions_language(
    question: str, options: dict[str, str], language: str
) -> None:
    asked.clear()
    await told(question, place="Port Merrow", **options)
    assert [params["language"] for params in asked] == [language]


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("tomorrow", "2026-11-24", "2026-11-24"),
        ("on Monday", "2026-11-23", "2026-11-23"),
        ("next Sunday", "2026-11-29", "2026-11-29"),
        ("this weekend", "2026-11-28", "2026-11-29"),
        ("at the weekend", "2026-11-28", "2026-11-29"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("in three days", "2026-11-26", "2026-11-26"),
        ("in a week", "2026-11-30", "2026-11-30"),
        ("the next 5 days", "2026-11-23", "2026-11-27"),
        ("a 10-day forecast", "2026-11-23", "2026-12-02"),
        ("2026-12-01", "2026-12-01", "2026-12-01"),
        ("on 25 November", "2026-11-25", "2026-11-25"),
        ("on December 1", "2026-12-01", "2026-12-01"),
        ("on 25 November 2025", "2025-11-25", "2025-11-25"),
        ("on 20 November", "2026-11-20", "2026-11-20"),
        ("last Friday", "2026-11-20", "2026-11-20"),
    ],
)
def test_days_are_taken_to_be_to_come_where_they_can_be(question: str, first: str, last: str) -> None:
    period = coming_days(f"What is the weather in Port Merrow {question}?", today=NOW.date(), ahead=AHEAD)
    assert period is not None
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("first", "last", "known"),
    [
        ("2026-11-23", "2026-12-08", ("2026-11-23", "2026-12-08")),
        ("2026-12-01", "2026-12-31", ("2026-12-01", "2026-12-08")),
        ("2026-12-09", "2026-12-09", None),
        ("2026-11-16", "2026-11-29", ("2026-11-23", "2026-11-29")),
        ("2026-11-16", "2026-11-22", ("2026-11-16", "2026-11-22")),
        ("2026-01-01", "2026-11-22", ("2026-08-23", "2026-11-22")),
        ("0001-01-01", "2020-01-01", None),
        ("9999-01-01", "9999-12-31", None),
    ],
)
def test_only_days_that_open_meteo_knows_are_asked_for(first: str, last: str, known: tuple[str, str] | None) -> None:
    found = available_days(Period(date.fromisoformat(first), date.fromisoformat(last)), today=NOW.date())
    assert (found and (found.first.isoformat(), found.last.isoformat())) == known


async def test_today_is_the_day_of_the_place() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    starts: list[str] = []

    class Recorded(Client):
        async def get_json(self, url: object, *, params: Any = None, **_: Any) -> Any:
            if str(url).endswith("/v1/search"):
                return {"results": [{**PLACE, "timezone": "Pacific/Auckland"}]}
            starts.append(params["start_date"])
            return reply()

    source = open_meteo(client=Recorded(), now=lambda: late)
    assert [item async for item in source(Question("Will it rain in Port Merrow tomorrow?"))]
    assert starts == ["2026-11-25"]


@pytest.mark.parametrize("status", [200, 400])
async def test_a_refusal_says_open_meteos_reason(ask, serve, status: int) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/v1/search":
            return web.json_response({"results": [PLACE]})
        return web.json_response(refusal("Latitude must be in range of -90 to 90°."), status=status)

    url = await serve(handler)
    with pytest.raises(SourceError, match="Latitude must be in range") as caught:
        await ask(open_meteo(base_url=url, geocoding_url=url, client=Client(allow_private=True)))
    assert caught.value.kind == "refused"


async def test_a_geocoder_that_says_something_else_is_a_format_error(ask, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(["hello"])

    url = await serve(handler)
    with pytest.raises(SourceError, match="not the format of Open-Meteo's") as caught:
        await ask(open_meteo(base_url=url, geocoding_url=url, client=Client(allow_private=True)))
    assert caught.value.kind == "format"


async def test_a_forecast_without_current_weather_is_a_format_error(ask, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"results": [PLACE]} if request.path == "/v1/search" else {"hello": True})

    url = await serve(handler)
    with pytest.raises(SourceError, match="KeyError") as caught:
        await ask(open_meteo(base_url=url, geocoding_url=url, client=Client(allow_private=True)))
    assert caught.value.kind == "format"


async def test_too_many_requests_say_when_to_come_back(ask, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "7"})

    url = await serve(handler)
    with pytest.raises(RateLimited, match="in 7 s") as caught:
        await ask(open_meteo(base_url=url, geocoding_url=url, client=Client(allow_private=True)))
    assert caught.value.retry_after == 7.0


async def test_a_service_that_breaks_off_is_told_as_a_closed_connection(ask) -> None:
    async with Services(scale=0.0, faults={"weather": "fail"}) as services:
        with pytest.raises(SourceError, match="connection was closed") as caught:
            await ask(open_meteo(base_url=services.url, geocoding_url=services.url, client=Client(allow_private=True)))
    assert caught.value.kind == "disconnected"
