"""Any JSON API as a source, declared by an address and JMESPath expressions."""

from fanin.sources.http.http_source import http

__all__ = ["http"]
