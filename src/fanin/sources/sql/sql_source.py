"""The source: a query from the settings, a question in its parameters, and rows as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fanin.log import logger
from fanin.model import Question
from fanin.net.secrets import Secret
from fanin.sanitize import line
from fanin.sources.masked_source import masked
from fanin.sources.source import Item, Source, digest
from fanin.sources.sql.databases import Database, database
from fanin.sources.sql.query_parameters import parameters
from fanin.sources.sql.row_documents import Form, characters
from fanin.sources.sql.sql_errors import MOST, too_large

LONGEST_LIMIT = 3600.0
"""Seconds for a statement when neither the question nor the source has a limit."""


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
) -> Source:
    """A source that asks a SQLite or PostgreSQL database one query, and gives each of the first `limit` rows.

    The query may name `:question`, `:words`, `:like`, `:match` and `:limit`; these are bound parameters. The
    connection can only read. `text`, `title`, `link` and `published` are each a column's name, or a text such as
    "{name} costs {price}"; without `text`, the columns that nothing else takes are told as lines. A relative path of
    SQLite starts in `folder`, or in the working directory. Raises ConfigError for an address, a query or a template
    that cannot be meant so, and for PostgreSQL without the extra `fanin[sql]`.
    """
    address = url.reveal() if isinstance(url, Secret) else url
    read = Form.read(text, title, link, published)
    asking = _Query(database(address, query, folder), read, limit, timeout, told=f"{name}: SQL {line(query)}")
    place = str(Path(folder or "").resolve()) if address.startswith("sqlite") else ""
    identity = digest("sql", place, str(url), query, text, title, link, published, limit)
    made = Source(name, asking.fetch, timeout=timeout, close=asking.close, identity=identity)
    return masked(made, _secrets(url, address))


def _secrets(url: str | Secret, address: str) -> tuple[Secret, ...]:
    """What must not be told: what the settings took in, and the password as it is written and as the driver has it."""
    password = urlsplit(address).password or ""
    secrets = (Secret(password), Secret(unquote(password))) if password else ()
    return (url, *secrets) if isinstance(url, Secret) else secrets


class _Query:
    def __init__(self, database: Database, form: Form, limit: int, timeout: float, *, told: str) -> None:
        self._told = told
        self._form = form
        self._database = database
        self._limit = limit
        self._timeout = timeout

    async def fetch(self, question: Question) -> AsyncIterator[Item]:
        """The rows for one question, each a document."""
        left = min(self._timeout, question.deadline - asyncio.get_running_loop().time(), LONGEST_LIMIT)
        asked = parameters(question.text, limit=self._limit)
        taken = number = 0
        begun = asyncio.get_running_loop().time()
        logger.debug("%s with %r", self._told, asked)
        async with aclosing(self._database.rows(asked, most=self._limit, seconds=left)) as rows:
            columns = [str(name) for name in await anext(rows)]
            self._form.check(columns)
            async for cells in rows:
                row = dict(zip(columns, cells, strict=True))
                number, taken = number + 1, taken + characters(row)
                if taken > MOST:
                    raise too_large()
                yield self._form.document(row)
        logger.debug("%s: %d rows, %.3f s", self._told, number, asyncio.get_running_loop().time() - begun)

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()
