"""Rows of a database as documents: one read-only query, whose parameters are all that a question can fill."""

from fanin.sources.sql.sql_source import sql

__all__ = ["sql"]
