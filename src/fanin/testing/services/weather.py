"""What the weather service says, in the format of Open-Meteo's geocoding and forecast APIs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

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


def search(name: str) -> Mapping[str, object]:
    """The reply of /v1/search: the one town there is, or, as the real one does it, no results at all."""
    known = str(PLACE["name"]).casefold() == name.strip().casefold()
    return {"results": [PLACE], "generationtime_ms": 0.4} if known else {"generationtime_ms": 0.4}


def forecast(current: Sequence[str], daily: Sequence[str], *, days: int, now: datetime) -> Mapping[str, object]:
    """The reply of /v1/forecast with the variables asked for; `now` is the time of the current weather."""
    dates = [f"{now + timedelta(days=day):%Y-%m-%d}" for day in range(days)]
    return {
        "latitude": PLACE["latitude"],
        "longitude": PLACE["longitude"],
        "generationtime_ms": 0.11,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": PLACE["elevation"],
        "current_units": {"time": "iso8601", "interval": "seconds"} | {name: _CURRENT[name][0] for name in current},
        "current": {"time": f"{now:%Y-%m-%dT%H:%M}", "interval": 900} | {name: _CURRENT[name][1] for name in current},
        "daily_units": {"time": "iso8601"} | {name: _DAILY[name][0] for name in daily},
        "daily": {"time": dates} | {name: list(_DAILY[name][1][:days]) for name in daily},
    }
