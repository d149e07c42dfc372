"""What the weather service says, in the format of Open-Meteo's geocoding and forecast APIs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

PLACE: Mapping[str, str | int | float] = {
    "id": 9000001,
    "name": "Port Merrow",
    "latitude": 54.71,
    "longitude": 1.93,
    "elevation": 6.0,
    "feature_code": "PPL",
    "timezone": "GMT",
    "population": 28400,
    "admin1": "Merrow Bay",
}

_CURRENT: Mapping[str, tuple[str, float]] = {
    "temperature_2m": ("°C", 7.4),
    "relative_humidity_2m": ("%", 93),
    "apparent_temperature": ("°C", 1.8),
    "precipitation": ("mm", 2.3),
    "weather_code": ("wmo code", 65),
    "wind_speed_10m": ("km/h", 91.4),
    "wind_direction_10m": ("°", 52),
    "wind_gusts_10m": ("km/h", 116.3),
}
_DAILY: Mapping[str, tuple[str, Sequence[float]]] = {
    "weather_code": ("wmo code", (65, 80, 3, 1, 45, 61, 2)),
    "temperature_2m_max": ("°C", (8.1, 9.6, 10.2, 11.0, 8.8, 9.3, 10.7)),
    "temperature_2m_min": ("°C", (5.2, 6.1, 4.4, 3.9, 5.0, 5.7, 6.2)),
    "precipitation_sum": ("mm", (31.5, 9.2, 0.0, 0.0, 0.4, 4.8, 0.1)),
    "precipitation_probability_max": ("%", (100, 78, 8, 4, 20, 61, 15)),
    "wind_gusts_10m_max": ("km/h", (118.8, 71.9, 34.2, 27.7, 19.8, 40.0, 30.2)),
}


_IMPERIAL: Mapping[str, tuple[str, float, float]] = {
    "°C": ("°F", 1.8, 32.0),
    "km/h": ("mp/h", 1 / 1.609344, 0.0),
    "mm": ("inch", 1 / 25.4, 0.0),
}
"""What a unit is when other ones are asked for: its name, factor and offset."""


def search(name: str) -> Mapping[str, object]:
    """The reply of /v1/search: the one town there is, or, as the real one does it, no results at all."""
    known = str(PLACE["name"]).casefold() == name.strip().casefold()
    return {"results": [PLACE], "generationtime_ms": 0.4} if known else {"generationtime_ms": 0.4}


def reply(asked: Mapping[str, str], *, now: datetime) -> tuple[int, Mapping[str, object]]:
    """The status and the reply of /v1/forecast; a refusal has status 400 and says why, as the real one's does."""
    first = date.fromisoformat(asked["start_date"]) if "start_date" in asked else now.date()
    last = date.fromisoformat(asked["end_date"]) if "end_date" in asked else None
    days = (last - first).days + 1 if last else int(asked.get("forecast_days", "7"))
    current, daily = asked["current"].split(","), asked["daily"].split(",")
    if unknown := next((name for name in (*current, *daily) if name not in {**_CURRENT, **_DAILY}), ""):
        return 400, refusal(f"Cannot initialize WeatherVariable from invalid String value {unknown}.")
    if not 1 <= days <= 16 or (first - now.date()).days + days > 16:
        return 400, refusal("Forecast days is invalid. Allowed range 0 to 16.")
    imperial = asked.get("temperature_unit") == "fahrenheit"
    return 200, forecast(current, daily, days=days, now=now, first=first, imperial=imperial)


def refusal(reason: str) -> Mapping[str, object]:
    """What the real one says when it does not understand."""
    return {"error": True, "reason": reason}


def forecast(
    current: Sequence[str],
    daily: Sequence[str],
    *,
    days: int,
    now: datetime,
    first: date | None = None,
    imperial: bool = False,
) -> Mapping[str, object]:
    """The reply of /v1/forecast with the variables asked for; `now` is the time of the current weather."""
    dates = [f"{(first or now.date()) + timedelta(days=day):%Y-%m-%d}" for day in range(days)]
    values = {name: _converted_text(*_CURRENT[name], imperial=imperial) for name in current}
    series = {
        name: [_converted_text(_DAILY[name][0], each, imperial=imperial) for each in _DAILY[name][1]] for name in daily
    }
    return {
        "latitude": PLACE["latitude"],
        "longitude": PLACE["longitude"],
        "generationtime_ms": 0.11,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": PLACE["elevation"],
        "current_units": {"time": "iso8601", "interval": "seconds"}
        | {name: unit for name, (unit, _) in values.items()},
        "current": {"time": f"{now:%Y-%m-%dT%H:%M}", "interval": 900}
        | {name: each for name, (_, each) in values.items()},
        "daily_units": {"time": "iso8601"} | {name: each[0][0] for name, each in series.items()},
        "daily": {"time": dates}
        | {name: [each[day % len(each)][1] for day in range(days)] for name, each in series.items()},
    }


def _converted_text(unit: str, value: float, *, imperial: bool) -> tuple[str, float]:
    if not imperial or unit not in _IMPERIAL:
        return unit, value
    name, factor, offset = _IMPERIAL[unit]
    return name, round(value * factor + offset, 2 if name == "inch" else 1)
