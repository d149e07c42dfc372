"""The kinds of local sources: functions, programs, databases, and tools of MCP servers."""

from pathlib import Path
from typing import Annotated, Any, Literal, override

from pydantic import Field

from fanin import lazy
from fanin.config.kinds.common_settings import Common, Context, Web
from fanin.config.setting_values import Count, Wait
from fanin.sources.source import Source


class Simulated(Common):
    """`kind = "simulated"`: waits `latency`, then gives `text`, or fails with the message `fail`."""

    kind: Literal["simulated"]
    latency: Wait = 1.0
    """How long it takes."""
    text: str | list[str] = ""
    """What it says: one document, or a list of them."""
    fail: str = ""
    """If set, it fails with this message after its latency."""

    @override
    def source(self, name: str, context: Context) -> Source:
        return lazy.simulated.simulated(**self.keywords(name))


class Python(Common):
    """`kind = "python"`: calls `function`, written "package.module:function", with the question and `arguments`."""

    kind: Literal["python"]
    function: str
    """What is called, as `"package.module:function"`."""
    arguments: Annotated[dict[str, Any], Field(default_factory=dict)]
    """Further arguments, by their names."""

    @override
    def source(self, name: str, context: Context) -> Source:
        return lazy.python_function.python(**self.keywords(name, folder=context.beside(".")))


class Knowledge(Common):
    """`kind = "knowledge"`: the passages of the knowledge base in `file`, or of your own one, that fit the question."""

    kind: Literal["knowledge"]
    file: str | None = None
    """Where it is; without it the one that `fanin kb add` fills."""
    added: str = ""
    """Only what was added under this name."""
    path: str = ""
    """Only files whose path contains this, or fits it: `"*/reports/*.pdf"`."""
    passages: Count = 16
    """How many passages it gives at most."""
    cache: Wait = 0.0
    """As for every source; off by default, since a search is quick, and new documents are to be found at once."""
    stale: Wait = 0.0
    """As for every source; off by default, so that your documents are not written into the store."""

    @override
    def source(self, name: str, context: Context) -> Source:
        file = context.beside(self.file)
        return lazy.knowledge_source.knowledge(**self.keywords(name, file=Path(file) if file else None))


class Command(Common):
    """`kind = "command"`: runs `command` in `folder`, with the variables of `environment` and few others."""

    kind: Literal["command"]
    command: Annotated[list[str], Field(min_length=1)]
    """The program and its arguments; no shell reads them."""
    environment: Annotated[dict[str, str], Field(default_factory=dict)]
    """Variables for the program, which sees few of fanin's own."""
    folder: str | None = None
    """Where it runs; the folder of the settings file without it."""

    @override
    def source(self, name: str, context: Context) -> Source:
        environment = context.all_filled(self.environment, key="environment")
        folder = context.beside(self.folder or ".")
        return lazy.command_source.command(
            self.command, name=name, environment=environment, folder=folder, limits=context.limits, timeout=self.timeout
        )


class Sql(Common):
    """`kind = "sql"`: the rows that `query` finds in the database at `url`, at most `limit` of them."""

    kind: Literal["sql"]
    url: str
    """The database, such as `"sqlite:///shop.db"` or `"postgresql://user:${PASSWORD}@host/name"`."""
    query: str
    """One query that reads; `:question` and others are bound parameters."""
    text: str = ""
    """The text of a row, with `{column}` for its values; without it, all of its columns."""
    title: str = ""
    """The title of a row, in the same way."""
    link: str = ""
    """The address of a row, in the same way."""
    published: str = ""
    """When a row was published, in the same way."""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Rows at most."""

    @override
    def source(self, name: str, context: Context) -> Source:
        url = context.filled(self.url, key="url")
        return lazy.sql.sql(**self.keywords(name, url=url, folder=context.beside("."), limits=context.limits))


class Mcp(Web):
    """`kind = "mcp"`: a tool of the MCP server that `command` starts in `folder`, or that listens at `url`."""

    kind: Literal["mcp"]
    tool: str
    """The tool that is called."""
    arguments: Annotated[dict[str, Any], Field(default_factory=dict)]
    """Its arguments; texts in them may hold `{question}`, and `${NAME}` for a secret."""
    command: Annotated[list[str], Field(default_factory=list)]
    """The program that is the server, and its arguments."""
    environment: Annotated[dict[str, str], Field(default_factory=dict)]
    """Variables for the program, which sees few of fanin's own."""
    folder: str | None = None
    """Where it runs; the folder of the settings file without it."""
    url: str = ""
    """Or the address of a server that is running (streamable HTTP)."""

    @override
    def source(self, name: str, context: Context) -> Source:
        return lazy.mcp.mcp(
            **self.keywords(
                name,
                environment=context.all_filled(self.environment, key="environment"),
                folder=context.beside(self.folder or "."),
                headers=context.all_filled(self.headers, key="headers"),
                allow_private=self.allow_private,
                network=context.network,
            )
        )
