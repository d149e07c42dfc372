"""The weather, from Open-Meteo or a server with the same API."""

from fanin.sources.open_meteo.weather_source import open_meteo

__all__ = ["open_meteo"]
