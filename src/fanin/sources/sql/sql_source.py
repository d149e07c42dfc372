"""The source: runs the query of the settings with parameters from the question, and gives each row at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fanin.limits import LIMITS, Limits
from fanin.log import logger
from fanin.model import Question
from fanin.net.secrets import Secret
from fanin.sanitize import line
from fanin.sources.masked_source import mask_source
from fanin.sources.source import Item, Source, digest
from fanin.sources.sql.databases import Database, database
from fanin.sources.sql.query_parameters import parameters
from fanin.sources.sql.row_documents import RowMapping, characters
from fanin.sources.sql.sql_errors import too_large

LONGEST_LIMIT = 3600.0
"""Seconds for a statement if neither the question nor the source has a limit."""


def sql(
    *,
    url: str | Secret,
    query: str,
    name: str = "sql",
    text: str = "",
    title: str = "",
    link: str = "",
    published: str = "",
    limit: int = 100,
    folder: str | None = None,
    timeout: float = 5.0,
    limits: Limits = LIMITS,
) -> Source:
    """A source that runs one query of a SQLite or PostgreSQL database, and gives each of the first `limit` rows.

    The query may have the bound parameters `:question`, `:words`, `:like`, `:match` and `:limit`. The connection is
    read-only. `text`, `title`, `link` and `published` are each a column's name, or a text such as "{name} costs
    {price}"; without `text`, all other columns become its lines. A relative path of SQLite starts in `folder`, or in
    the working directory. Raises ConfigError for an invalid address, query or template, and for PostgreSQL without the
    extra `fanin[sql]`.
    """
    address = url.reveal() if isinstance(url, Secret) else url
    read = RowMapping.read(text, title, link, published)
    sql_query = _Query(
        database(address, query, folder, limits),
        read,
        limit,
        timeout,
        limits.row_characters,
        log_label=f"{name}: SQL {line(query)}",
    )
    place = str(Path(folder or "").resolve()) if address.startswith("sqlite") else ""
    identity = digest("sql", place, str(url), query, text, title, link, published, limit)
    source = Source(name, sql_query.fetch, timeout=timeout, close=sql_query.close, identity=identity)
    return mask_source(source, _secrets(url, address))


def _secrets(url: str | Secret, address: str) -> tuple[Secret, ...]:
    """The secrets: the address, if it is one in the settings, and the password as written and as the driver has it."""
    password = urlsplit(address).password or ""
    secrets = (Secret(password), Secret(unquote(password))) if password else ()
    return (url, *secrets) if isinstance(url, Secret) else secrets


class _Query:
    def __init__(
        self,
        database: Database,
        mapping: RowMapping,
        limit: int,
        timeout: float,
        most_characters: int,
        *,
        log_label: str,
    ) -> None:
        self._most_characters = most_characters
        self._log_label = log_label
        self._mapping = mapping
        self._database = database
        self._limit = limit
        self._timeout = timeout

    async def fetch(self, question: Question) -> AsyncIterator[Item]:
        """The rows for one question, each a document."""
        left = min(self._timeout, question.deadline - asyncio.get_running_loop().time(), LONGEST_LIMIT)
        bound_values = parameters(question.text, limit=self._limit)
        characters_read = number = 0
        started_at = asyncio.get_running_loop().time()
        logger.debug("%s with %r", self._log_label, bound_values)
        async with aclosing(self._database.rows(bound_values, most=self._limit, seconds=left)) as rows:
            columns = [str(name) for name in await anext(rows)]
            self._mapping.check(columns)
            async for cells in rows:
                row = dict(zip(columns, cells, strict=True))
                number, characters_read = number + 1, characters_read + characters(row)
                if characters_read > self._most_characters:
                    raise too_large(self._most_characters)
                yield self._mapping.document(row)
        logger.debug("%s: %d rows, %.3f s", self._log_label, number, asyncio.get_running_loop().time() - started_at)

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()
