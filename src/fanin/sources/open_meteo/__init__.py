"""The weather, from Open-Meteo or a server that speaks its format."""

from fanin.sources.open_meteo.weather_source import open_meteo

__all__ = ["open_meteo"]
