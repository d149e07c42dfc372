"""Turns Open-Meteo's JSON into plain English sentences (pure)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from fanin.model import JSON

CONDITIONS = {
    0: "clear sky",
    1: "mainly clear",
    2: "partly cloudy",
    3: "overcast",
    45: "fog",
    48: "depositing rime fog",
    51: "light drizzle",
    53: "moderate drizzle",
    55: "dense drizzle",
    56: "light freezing drizzle",
    57: "dense freezing drizzle",
    61: "slight rain",
    63: "moderate rain",
    65: "heavy rain",
    66: "light freezing rain",
    67: "heavy freezing rain",
    71: "slight snowfall",
    73: "moderate snowfall",
    75: "heavy snowfall",
    77: "snow grains",
    80: "slight rain showers",
    81: "moderate rain showers",
    82: "violent rain showers",
    85: "slight snow showers",
    86: "heavy snow showers",
    95: "a thunderstorm",
    96: "a thunderstorm with slight hail",
    99: "a thunderstorm with heavy hail",
}
"""The codes of WMO table 4677 that Open-Meteo uses (its documentation, "WMO Weather interpretation codes")."""

CURRENT = (
    "temperature_2m",
    "relative_humidity_2m",
    "apparent_temperature",
    "precipitation",
    "weather_code",
    "wind_speed_10m",
    "wind_direction_10m",
    "wind_gusts_10m",
)
DAILY = (
    "weather_code",
    "temperature_2m_max",
    "temperature_2m_min",
    "precipitation_sum",
    "precipitation_probability_max",
    "wind_gusts_10m_max",
)

_BEAUFORT = (
    (1, "a calm"),
    (6, "a light air"),
    (12, "a light breeze"),
    (20, "a gentle breeze"),
    (29, "a moderate breeze"),
    (39, "a fresh breeze"),
    (50, "a strong breeze"),
    (62, "a near gale"),
    (75, "a gale"),
    (89, "a strong gale"),
    (103, "a storm"),
    (118, "a violent storm"),
)
"""The Beaufort scale: the upper limit of each force in km/h (WMO-No. 8, "wind speed equivalents")."""

_UNIT_NAMES = {"mp/h": "mph", "inch": "in"}
"""Open-Meteo's units as people write them."""

_KMH = {"mph": 1.609344, "mp/h": 1.609344, "m/s": 3.6, "kn": 1.852}
"""Kilometres an hour, by unit of speed (The International System of Units, NIST SP 811)."""

_COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def sentences(place: str, forecast: Mapping[str, Any]) -> str:
    """The weather at a place, one sentence a line: the current weather, if the days include today, and each day's.

    Raises one of `fanin.net.http_errors.MALFORMED` if the forecast has not the format that Open-Meteo documents.
    """
    now = _Readings(forecast["current"], forecast["current_units"])
    days, today = _days(forecast), date.fromisoformat(now.text("time")[:10])
    current = _current_sentences(place, now) if today in [date.fromisoformat(day.text("time")) for day in days] else ()
    return "\n".join([*current, *(_day_sentence(place, today, day) for day in days)])


def values(forecast: Mapping[str, Any]) -> Mapping[str, JSON]:
    """The values in the sentences with their units, by Open-Meteo's names; None for unknown ones.

    Raises what `sentences` does.
    """
    now = _Readings(forecast["current"], forecast["current_units"])
    return {
        "time": now.text("time"),
        "timezone": str(forecast.get("timezone", "")),
        "current": now.values_with_units(CURRENT),
        "days": [{"date": day.text("time"), **day.values_with_units(DAILY)} for day in _days(forecast)],
    }


def _days(forecast: Mapping[str, Any]) -> Sequence[_Readings]:
    daily, units = forecast["daily"], forecast["daily_units"]
    return [_Readings({name: daily[name][at] for name in daily}, units) for at in range(len(daily["time"]))]


class _Readings:
    """Values by name with their units; a missing value is None."""

    def __init__(self, values: Mapping[str, Any], units: Mapping[str, str]) -> None:
        self._values = values
        self._units = units

    def number(self, name: str) -> float | None:
        value = self._values.get(name)
        return None if value is None else float(value)

    def text_of(self, name: str) -> str:
        value, unit = self.number(name), self._units.get(name, "")
        shown = "an unknown" if value is None else f"{value:g}"
        return f"{shown}{'' if unit in ('%', '°') else ' '}{_UNIT_NAMES.get(unit, unit)}"

    def values_with_units(self, names: Sequence[str]) -> dict[str, JSON]:
        """Each of these values with its unit."""
        units = {name: self._units.get(name, "") for name in names}
        return {name: {"value": self.number(name), "unit": _UNIT_NAMES.get(units[name], units[name])} for name in names}

    def condition(self) -> str:
        code = self.number("weather_code")
        return "unknown weather" if code is None else CONDITIONS.get(int(code), f"weather code {int(code)}")

    def unit(self, name: str) -> str:
        return str(self._units.get(name, ""))

    def text(self, name: str) -> str:
        return str(self._values.get(name, ""))


def _current_sentences(place: str, now: _Readings) -> Sequence[str]:
    sky = f"The weather in {place} at {now.text('time').replace('T', ' ')} is {now.condition()}"
    warmth = f"the temperature is {now.text_of('temperature_2m')} and feels like {now.text_of('apparent_temperature')}"
    humidity = f"The humidity in {place} is {now.text_of('relative_humidity_2m')}"
    rain = f"{now.text_of('precipitation')} of precipitation fell in the last interval"
    wind = (
        f"The wind in {place} is {_wind_force(now)} of {now.text_of('wind_speed_10m')} from the {_wind_direction(now)}"
    )
    return (f"{sky}: {warmth}.", f"{humidity}, and {rain}.", f"{wind} with gusts of {now.text_of('wind_gusts_10m')}.")


def _day_sentence(place: str, today: date, day: _Readings) -> str:
    when = date.fromisoformat(day.text("time"))
    name = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((when - today) // timedelta(days=1), f"on {when:%A}")
    outlook, verb = ("The weather in", "was") if when < today else ("The outlook for", "is")
    low, high = day.text_of("temperature_2m_min"), day.text_of("temperature_2m_max")
    chance = "" if when < today else f" (chance {day.text_of('precipitation_probability_max')})"
    return (
        f"{outlook} {place} {name}, {when.day} {when:%B}, {verb} {day.condition()}, {low} to {high},"
        f" with {day.text_of('precipitation_sum')} of precipitation{chance}"
        f" and gusts up to {day.text_of('wind_gusts_10m_max')}."
    )


def _wind_force(now: _Readings) -> str:
    """The name of the wind force."""
    speed = now.number("wind_speed_10m")
    if speed is None:
        return "a wind"
    speed *= _KMH.get(now.unit("wind_speed_10m"), 1.0)
    return next((name for limit, name in _BEAUFORT if speed < limit), "a hurricane")


def _wind_direction(now: _Readings) -> str:
    degrees = now.number("wind_direction_10m")
    return "an unknown direction" if degrees is None else _COMPASS[round(degrees / 45) % 8]
