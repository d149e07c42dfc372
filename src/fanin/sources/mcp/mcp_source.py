"""The source: one call of a tool for each question, with arguments made from the question."""

import importlib
import json
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

from fanin import lazy
from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.limits import Limits
from fanin.log import logger
from fanin.loop_time import off_loop
from fanin.model import Question
from fanin.net.network import VERSION, Network
from fanin.net.request import Headers, check_request_headers
from fanin.net.secrets import Mask, Secret, secrets_in
from fanin.net.url_template import BodyTemplate, TemplateNames
from fanin.plan.search_terms import PLACES, SEARCHING, values
from fanin.sanitize import line
from fanin.sources.masked_source import mask_source
from fanin.sources.mcp.mcp_errors import to_source_error
from fanin.sources.mcp.mcp_session import Connect, Connection, OnLost, Session
from fanin.sources.mcp.tool_results import documents, error_text
from fanin.sources.programs.child_process import Child
from fanin.sources.programs.environment import Variables, identifying_variables, resolve_folder
from fanin.sources.source import Item, Source, digest

UNANSWERED_AFTER = 5.0
"""Seconds after which a cancelled call counts as one that the server did not answer."""

EXIT_GRACE = 0.15
"""Seconds for a server to exit after its input is closed, and as many again after SIGTERM."""


def mcp(
    *,
    tool: str,
    arguments: Mapping[str, Any] | None = None,
    command: Sequence[str] = (),
    url: str = "",
    name: str = "mcp",
    environment: Variables | None = None,
    folder: str | None = None,
    headers: Headers | None = None,
    allow_private: bool = False,
    network: Network | None = None,
    timeout: float = 5.0,
) -> Source:
    """A source that calls a tool of the MCP server that `command` starts, or that listens at `url`.

    Strings in `arguments` may hold the placeholders `PLACES`, such as `{words}`, and `${NAME}` for a secret of fanin's
    environment. The server is started at the first question and kept; it gets a few variables of fanin's environment,
    and those of `environment`. Raises ConfigError for invalid settings, and without the extra `fanin[mcp]`.
    """
    _check(command, url, name)
    network = network or Network()
    template = BodyTemplate.read(dict(arguments or {}), TemplateNames(known=PLACES, environ=os.environ))
    secrets = (*template.secrets, *secrets_in(environment), *secrets_in(headers), *network.secrets)
    mask = Mask(secrets)
    session = Session(
        _over_http(url, headers or {}, network, allow_private=allow_private, name=name, mask=mask)
        if url
        else _over_stdio(command, name, environment, folder, template.secrets, network.limits),
        name=name,
        limits=network.limits,
        unanswered_after=min(0.9 * timeout, UNANSWERED_AFTER),
    )

    async def fetch(question: Question) -> AsyncIterator[Item]:
        question_values = values(question)
        call_arguments = cast("dict[str, Any]", template.fill(question_values))
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug(
                "%s: calls the tool %r with %s", name, tool, mask.message(line(json.dumps(call_arguments), limit=500))
            )
        result = await session.call(tool, call_arguments)
        if result.is_error:
            raise SourceError(
                f"The tool {tool!r} failed: {error_text(result) or 'it did not say why'}; fanin took nothing from it."
                " Check its arguments.",
                FailureKind.TOOL,
            )
        for document in await off_loop(lambda: list(documents(result))):
            yield document

    where = (
        (url, allow_private, identifying_variables(headers))
        if url
        else (list(command), resolve_folder(folder), identifying_variables(environment))
    )
    identity = digest("mcp", tool, arguments, where)
    searches = any(f"{{{each}}}" in str(arguments) for each in SEARCHING)
    source = Source(name, fetch, timeout=timeout, close=session.close, identity=identity, searches=searches)
    return mask_source(source, secrets)


def _check(command: Sequence[str], url: str, name: str) -> None:
    if bool(command) == bool(url):
        raise ConfigError(
            f"The source {name!r} names {'both' if url else 'neither'} a command {'and' if url else 'nor'} a url; fanin"
            " did not add it. Name the command that starts the server, or the url at which it listens."
        )
    try:
        # Imported now, since it takes half a second, which no question should wait for.
        for module in ("mcp", "fanin.sources.mcp.mcp_transports"):
            importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(
            f"The kind mcp needs {error.name!r}, which is not installed; fanin did not add the source. Install"
            " fanin[mcp]."
        ) from error


def _over_stdio(
    command: Sequence[str],
    name: str,
    environment: Variables | None,
    folder: str | None,
    secrets: Sequence[Secret],
    limits: Limits,
) -> Connect:
    @asynccontextmanager
    async def connect(on_lost: OnLost) -> AsyncGenerator[Connection]:
        child = await Child.start(
            command, name=name, variables=environment, folder=folder, secrets=secrets, longest=limits.line_bytes
        )
        try:
            streams = lazy.mcp_transports.stdio_streams(child, name=name, on_lost=on_lost, limits=limits)
            async with _client(streams) as client:
                yield Connection(client, lambda: child.stderr_tail)
        except Exception as error:
            raise to_source_error(error, [], stderr_tail=child.stderr_tail) from error
        finally:
            await child.end(grace=EXIT_GRACE)

    return connect


def _over_http(url: str, headers: Headers, network: Network, *, allow_private: bool, name: str, mask: Mask) -> Connect:
    own = check_request_headers(headers)
    http_client = partial(lazy.mcp_transports.http_client, headers=own, network=network, allow_private=allow_private)

    @asynccontextmanager
    async def connect(_: OnLost) -> AsyncGenerator[Connection]:
        async with (
            http_client(name=name, mask=mask) as http,
            _client(lazy.mcp_transports.http_transport(url, http)) as client,
        ):
            yield Connection(client)

    return connect


def _client(transport: Any) -> Any:
    from mcp.client import Client
    from mcp_types import Implementation

    return Client(transport, client_info=Implementation(name="fanin", version=VERSION))
