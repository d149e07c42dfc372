"""A question over HTTP or from an agent goes on with the trace of who asks."""

from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext

TRACE, ABOVE = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
QUESTION = {"question": "Is the harbour open?"}


@pytest.fixture
def above_the_question(monkeypatch) -> Iterator[Callable[[], tuple[list[str], SpanContext | None]]]:
    """Traces are kept; gives the names of a question's span and of those above it, and what is above them."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)

    def above() -> tuple[list[str], SpanContext | None]:
        spans = {each.context.span_id: each for each in exporter.get_finished_spans() if each.context}
        (span,) = (each for each in spans.values() if each.name == "invoke_workflow fanin")
        names = [span.name]
        while span.parent is not None and span.parent.span_id in spans:
            span = spans[span.parent.span_id]
            names.append(span.name)
        return names, span.parent

    yield above
    provider.shutdown()


async def test_a_question_over_http_is_below_the_span_of_its_request(opened, above_the_question) -> None:
    server = await opened()
    await server.post("/v1/ask", QUESTION, headers={"traceparent": f"00-{TRACE}-{ABOVE}-01"})
    names, parent = above_the_question()
    assert names == ["invoke_workflow fanin", "fastapi.endpoint", "POST /v1/ask"]
    assert parent is not None
    assert (f"{parent.trace_id:032x}", f"{parent.span_id:016x}") == (TRACE, ABOVE)


@pytest.mark.parametrize("era", ["legacy", "2026-07-28"])
async def test_a_question_of_an_agent_is_below_the_span_that_its_call_names(
    opened, above_the_question, monkeypatch, era: str
) -> None:
    """The agent passes its trace on in `_meta`: over HTTP, a header of the same name would be of the transport."""
    otel = pytest.importorskip("mcp.shared._otel")
    import httpx2
    from mcp.client.client import Client
    from mcp.client.streamable_http import streamable_http_client

    monkeypatch.setattr(otel, "_tracer", trace.get_tracer("mcp"))  # that of the SDK may be one of an earlier test
    server = await opened()
    with trace.get_tracer("agent").start_as_current_span("agent"):
        async with (
            httpx2.AsyncClient(timeout=30) as http,
            Client(streamable_http_client(f"{server.address}/mcp", http_client=http), mode=era) as client,
        ):
            result = await client.call_tool("ask", QUESTION)
    assert not result.is_error
    assert above_the_question() == (
        ["invoke_workflow fanin", "tools/call ask", "MCP send tools/call ask", "agent"],
        None,
    )
