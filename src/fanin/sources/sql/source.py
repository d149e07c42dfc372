"""The source: a query from the settings, a question in its parameters, and rows as they come."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from fanin.errors import ConfigError, SourceError
from fanin.model import Question
from fanin.net.secrets import Secret
from fanin.sources.masked import masked
from fanin.sources.source import Item, Source
from fanin.sources.sql.databases import Database, connected, database, stoppable
from fanin.sources.sql.failures import told_by
from fanin.sources.sql.parameters import NAMES, parameters
from fanin.sources.sql.rows import Form

if TYPE_CHECKING:
    from sqlalchemy import TextClause
    from sqlalchemy.ext.asyncio import AsyncEngine

MOST = 20_000_000
"""Characters that the rows for one question may hold."""

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
    that cannot be meant so, and without the extra `fanin[sql]`.
    """
    address, secrets = (url.reveal(), (url,)) if isinstance(url, Secret) else (url, ())
    asking = _Query(database(address, folder), query, Form.read(text, title, link, published), limit, timeout)
    return masked(Source(name, asking.fetch, timeout=timeout, close=asking.close), secrets)


class _Query:
    def __init__(self, database: Database, query: str, form: Form, limit: int, timeout: float) -> None:
        self._database = database
        self._statement, self._names = _statement(query)
        self._form = form
        self._limit = limit
        self._timeout = timeout
        self._engine: AsyncEngine | None = None

    async def fetch(self, question: Question) -> AsyncIterator[Item]:
        """The rows for one question, each a document."""
        taken = 0
        async with aclosing(self._rows(question)) as rows:
            async for row in rows:
                found = self._form.document(row)
                taken += len(found.text)
                if taken > MOST:
                    raise SourceError(f"Its rows hold over {MOST:,} characters; fanin stopped reading.", "too_large")
                yield found

    async def close(self) -> None:
        """Close every connection."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    async def _rows(self, question: Question) -> AsyncGenerator[Mapping[str, Any]]:
        engine = self._engine = self._engine or self._database.engine()
        told = parameters(question.text, limit=self._limit)
        left = min(self._timeout, question.deadline - asyncio.get_running_loop().time(), LONGEST_LIMIT)
        with told_by(self._database.called):
            async with connected(self._database, engine) as connection:
                await self._database.limit(connection, left)
                stop = await self._database.stop(connection)
                asked = connection.stream(self._statement, {name: told[name] for name in self._names})
                result = (await stoppable(asked, stop)).mappings()
                columns = result.keys()
                self._form.check([str(column) for column in columns])
                for _ in range(self._limit):
                    if (row := await stoppable(result.fetchone(), stop)) is None:
                        return
                    yield {str(column): value for column, value in row.items()}


def _statement(query: str) -> tuple[TextClause, list[str]]:
    from sqlalchemy import text

    statement = text(query)
    names = list(statement.compile().params)
    if strange := [name for name in names if name not in NAMES]:
        raise ConfigError(
            f"The query names :{strange[0]}, which is no parameter; fanin did not add the source. There are:"
            f" {', '.join(f':{name}' for name in NAMES)}. Write \\: for a colon that names none."
        )
    return statement, names
