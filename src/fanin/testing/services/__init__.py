"""Services on loopback that speak real formats: a forecast, a feed, a wiki and Hacker News, about a made-up town."""

from fanin.testing.services.services_server import MONTHS, Fault, Services

__all__ = ["MONTHS", "Fault", "Services"]
