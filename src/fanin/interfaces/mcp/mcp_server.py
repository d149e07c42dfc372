"""The MCP server: lists the tools, checks what they are given, calls them, and gives text, structure and links."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID, client_supports_apps
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceLink,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError

from fanin.background import in_daemon_thread
from fanin.errors import FaninError
from fanin.interfaces.mcp.tool_calls import Tools, told_to_app
from fanin.interfaces.mcp.tool_models import (
    AskArguments,
    AskResult,
    NoArguments,
    SearchArguments,
    SearchResult,
    SourcesResult,
    WatchArguments,
    Watched,
)
from fanin.interfaces.page.one_file import mcp_app
from fanin.interfaces.render import answer_text, cited_documents, web_address
from fanin.model import Answer
from fanin.sanitize import block, line

INSTRUCTIONS = (
    "fanin asks many sources at once and gives one answer before the deadline, each sentence with its citation."
    " Use `ask` for a question, `search_knowledge` for passages of the user's own documents, `list_sources` for what"
    " can be asked. Numbers in brackets are those of the citations. What is missing, and why, is in `missing`."
)

APP, RUN = "ui://fanin/run", "fanin/run"
"""The address of the app that shows a run, and the name by which it finds the run in the `_meta` of a result."""

type Context = ServerRequestContext[Any]
type UserOf = Callable[[Context], str]


def mcp_server(tools: Tools, *, user_of: UserOf = lambda _: "") -> Server[Any]:
    """A server with the tools and the app; `user_of` says who asks, by the request."""

    async def list_tools(context: Context, _: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[*TOOLS, WATCH] if client_supports_apps(context) else TOOLS)

    async def call_tool(context: Context, called: CallToolRequestParams) -> CallToolResult:
        try:
            return await _call(tools, context, called, user=user_of(context))
        except ValidationError as error:
            return _failed(_what_is_wrong(called.name, error))
        except FaninError as error:
            return _failed(str(error))

    server = Server[Any](
        "fanin",
        version=version("fanin"),
        title="fanin",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
    )
    server.extensions[EXTENSION_ID] = {}
    return server


async def serve_stdio(tools: Tools) -> None:
    """Serve one client over standard input and output, until it closes them."""
    server = mcp_server(tools)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def _call(tools: Tools, context: Context, called: CallToolRequestParams, *, user: str) -> CallToolResult:
    given = called.arguments or {}
    match called.name:
        case "ask":
            asked = AskArguments.model_validate(given)

            async def report(seconds: float, sentence: str) -> None:
                await context.session.report_progress(seconds, None, sentence)

            answer, run = await tools.ask(asked, report, user=user)
            result = _result(AskResult.of(answer), answer_text(answer), _links(answer))
            return result.model_copy(update={"meta": {RUN: told_to_app(run)}} if client_supports_apps(context) else {})
        case "search_knowledge":
            found = await tools.search_knowledge(SearchArguments.model_validate(given))
            return _result(found, _passages_text(found))
        case "list_sources":
            NoArguments.model_validate(given)
            sources = tools.list_sources()
            return _result(sources, _sources_text(sources))
        case "watch_question":
            watched = await tools.watch(WatchArguments.model_validate(given), user=user)
            return _result(watched, f"{len(watched.events)} events")
        case _:
            names = ", ".join(tool.name for tool in TOOLS)
            return _failed(f"There is no tool {line(called.name)!r}; fanin did nothing. Call one of {names}.")


async def _list_resources(_: Context, __: PaginatedRequestParams | None) -> ListResourcesResult:
    about = "Shows an answer while it comes together: each source, each core, and the citations."
    return ListResourcesResult(
        resources=[Resource(uri=APP, name="run", title="A run of fanin", description=about, mime_type=APP_MIME_TYPE)]
    )


async def _read_resource(_: Context, read: ReadResourceRequestParams) -> ReadResourceResult:
    if read.uri != APP:
        raise MCPError(INVALID_PARAMS, f"There is no resource {line(read.uri)!r}; fanin has only {APP}.")
    html = await in_daemon_thread(mcp_app)
    found = TextResourceContents(uri=APP, mime_type=APP_MIME_TYPE, text=html, _meta={"ui": {"prefersBorder": True}})
    return ReadResourceResult(contents=[found])


def _tool(
    name: str,
    title: str,
    description: str,
    takes: type[BaseModel],
    gives: type[BaseModel],
    *,
    open_world: bool,
    ui: Mapping[str, Any] | None = None,
) -> Tool:
    return Tool(
        name=name,
        title=title,
        description=description,
        input_schema=takes.model_json_schema(),
        output_schema=gives.model_json_schema(mode="serialization"),
        annotations=ToolAnnotations(read_only_hint=True, open_world_hint=open_world),
        _meta={"ui": dict(ui)} if ui else None,
    )


TOOLS = [
    _tool(
        "ask",
        "Ask many sources at once",
        "Ask a question of all sources at once. Gives one answer before the deadline: sentences of the sources, word"
        " for word unless a model is set to write them, each with the number of its citation; partial if some sources"
        " fail, with what is missing and why.",
        AskArguments,
        AskResult,
        open_world=True,
        ui={"resourceUri": APP},
    ),
    _tool(
        "search_knowledge",
        "Search the user's own documents",
        "Find the passages of the knowledge base that fit a question best, by their words and their meaning.",
        SearchArguments,
        SearchResult,
        open_world=False,
    ),
    _tool(
        "list_sources",
        "List the sources",
        "Name the sources that `ask` can ask, with their topics and how each has been doing.",
        NoArguments,
        SourcesResult,
        open_world=False,
    ),
]
"""The tools, in a fixed order."""

WATCH = _tool(
    "watch_question",
    "Watch a question",
    "The events of a question that runs now, for the app that shows it.",
    WatchArguments,
    Watched,
    open_world=False,
    ui={"visibility": ["app"]},
)
"""The tool that the app calls; a client that has no apps does not see it."""


def _result(value: BaseModel, text: str, links: Sequence[ContentBlock] = ()) -> CallToolResult:
    content: list[ContentBlock] = [TextContent(type="text", text=text), *links]
    return CallToolResult(content=content, structured_content=value.model_dump(mode="json"))


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=block(message))], is_error=True)


def _links(answer: Answer) -> list[ResourceLink]:
    """A link to each cited document that has an address."""
    return [
        ResourceLink(
            type="resource_link",
            uri=url,
            name=f"[{each.number}] {line(each.title, limit=200) or each.source}",
            description=line(each.quote, limit=500),
        )
        for each in cited_documents(answer)
        if (url := web_address(each))
    ]


def _passages_text(found: SearchResult) -> str:
    if not found.passages:
        return "Nothing fits."
    result = [f'Searched for "{line(found.searched_for)}".'] if found.searched_for else []
    for number, each in enumerate(found.passages, 1):
        result.append(f"[{number}] {line(each.title or each.path)} ({line(each.path)})\n{block(each.text)}")
    return "\n\n".join(result)


def _sources_text(found: SourcesResult) -> str:
    return "\n".join(
        f"{line(each.name)} ({line(each.kind)}): {', '.join(map(line, each.topics)) or 'everything'}"
        f"{'' if each.breaker == 'closed' else f'; circuit breaker {each.breaker}: {line(each.reason)}'}"
        for each in found.sources
    )


def _what_is_wrong(tool: str, error: ValidationError) -> str:
    """What is wrong with the arguments, in one sentence for each."""
    items = [f"{'.'.join(map(str, each['loc'])) or 'arguments'}: {each['msg']}" for each in error.errors()]
    return (
        f"The arguments of {tool} do not fit; fanin did nothing. {'; '.join(items)}. Its input schema says what fits."
    )
