"""Services on loopback with the formats of real ones: a forecast, a feed, a wiki, Hacker News; about a made-up town."""

from fanin.testing.services.services_server import MONTHS, Fault, Services

__all__ = ["MONTHS", "Fault", "Services"]
