"""Rows of a database as documents, by one read-only query with parameters that are filled from the question."""

from fanin.sources.sql.sql_source import sql

__all__ = ["sql"]
