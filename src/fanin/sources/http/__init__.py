"""Any JSON API, declared by an address and a few JMESPath expressions."""

from fanin.sources.http.http_source import http

__all__ = ["http"]
