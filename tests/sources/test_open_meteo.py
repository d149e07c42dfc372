from datetime import UTC, datetime

import pytest
from aiohttp import web

from fanin.errors import RateLimited, SourceError
from fanin.net.client import Client
from fanin.sources.open_meteo import open_meteo
from fanin.sources.open_meteo.forecast import CURRENT, DAILY, sentences
from fanin.testing.services import Services
from fanin.testing.services.weather import PLACE, forecast

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
    assert document.metadata == {"latitude": 54.71, "longitude": 1.93}


async def test_a_place_in_the_settings_needs_none_in_the_question(ask) -> None:
    async with Services(scale=0.0) as services:
        source = open_meteo(
            place="Port Merrow", base_url=services.url, geocoding_url=services.url, client=Client(allow_private=True)
        )
        assert len(await ask(source, "What is up?")) == 1


@pytest.mark.parametrize("question", ["What is up?", "What is the weather in Atlantis?"])
async def test_without_a_known_place_there_is_no_document(ask, question: str) -> None:
    async with Services(scale=0.0) as services:
        assert (
            await ask(
                open_meteo(base_url=services.url, geocoding_url=services.url, client=Client(allow_private=True)),
                question,
            )
            == []
        )


async def test_a_region_after_a_comma_chooses_among_places_of_one_name(ask, serve) -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        if request.path == "/v1/search":
            assert request.query["name"] == "Portland"
            places = [{**PLACE, "latitude": 45.5, "admin1": "Oregon"}, {**PLACE, "latitude": 43.7, "admin1": "Maine"}]
            return web.json_response({"results": places})
        seen.append(request.query["latitude"])
        return web.json_response(reply())

    url = await serve(handler)
    await ask(
        open_meteo(base_url=url, geocoding_url=url, client=Client(allow_private=True)), "Is it cold in Portland, Maine?"
    )
    assert seen == ["43.7"]


async def test_a_geocoder_that_says_something_else_is_a_format_error(ask, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(["hello"])

    url = await serve(handler)
    with pytest.raises(SourceError, match="not Open-Meteo's") as caught:
        await ask(open_meteo(base_url=url, geocoding_url=url, client=Client(allow_private=True)))
    assert caught.value.kind == "format"


async def test_a_forecast_without_current_weather_is_a_format_error(ask, serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"results": [PLACE]} if request.path == "/v1/search" else {"error": True})

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
