"""The source: runs the query of the settings with parameters from the question, and gives each row at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
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
from fanin.sources.sql.query_parameters import SEARCHING, parameters
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
    found = database(address, query, folder, limits)
    fetch = partial(
        _documents,
        found,
        RowMapping.read(text, title, link, published),
        most=limit,
        timeout=timeout,
        most_characters=limits.row_characters,
        log_label=f"{name}: SQL {line(query)}",
    )
    place = str(Path(folder or "").resolve()) if address.startswith("sqlite") else ""
    identity = digest("sql", place, str(url), query, text, title, link, published, limit)
    searches = any(f":{each}" in query for each in SEARCHING)
    source = Source(name, fetch, timeout=timeout, close=found.close, identity=identity, searches=searches)
    return mask_source(source, _secrets(url, address))


def _secrets(url: str | Secret, address: str) -> tuple[Secret, ...]:
    """The secrets: the address, if it is one in the settings, and the password as written and as the driver has it."""
    password = urlsplit(address).password or ""
    secrets = (Secret(password), Secret(unquote(password))) if password else ()
    return (url, *secrets) if isinstance(url, Secret) else secrets


async def _documents(
    database: Database,
    mapping: RowMapping,
    question: Question,
    *,
    most: int,
    timeout: float,
    most_characters: int,
    log_label: str,
) -> AsyncIterator[Item]:
    """The rows for one question, each a document."""
    started_at = asyncio.get_running_loop().time()
    left = min(timeout, question.deadline - started_at, LONGEST_LIMIT)
    bound_values = parameters(question.text, limit=most)
    characters_read = number = 0
    logger.debug("%s with %r", log_label, bound_values)
    async with aclosing(database.rows(bound_values, most=most, seconds=left)) as rows:
        columns = [str(name) for name in await anext(rows)]
        mapping.check(columns)
        async for cells in rows:
            row = dict(zip(columns, cells, strict=True))
            number, characters_read = number + 1, characters_read + characters(row)
            if characters_read > most_characters:
                raise too_large(most_characters)
            yield mapping.document(row)
    logger.debug("%s: %d rows, %.3f s", log_label, number, asyncio.get_running_loop().time() - started_at)
