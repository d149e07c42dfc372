"""Three services on loopback that speak real formats: a forecast, a news feed and a wiki, about a made-up town."""

from fanin.testing.services.server import MONTHS, Fault, Services

__all__ = ["MONTHS", "Fault", "Services"]
