"""A question over HTTP goes on with the trace of who asks."""

import pytest

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

TRACE, ABOVE = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def test_a_question_over_http_is_below_the_span_of_its_request(opened, monkeypatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    server = await opened()
    headers = {"traceparent": f"00-{TRACE}-{ABOVE}-01"}
    await server.post("/v1/ask", {"question": "Is the harbour open?"}, headers=headers)
    provider.shutdown()
    spans = {each.context.span_id: each for each in exporter.get_finished_spans() if each.context}
    (span,) = (each for each in spans.values() if each.name == "invoke_workflow fanin")
    above = [span.name]
    while span.parent is not None and span.parent.span_id in spans:
        span = spans[span.parent.span_id]
        above.append(span.name)
    assert above == ["invoke_workflow fanin", "fastapi.endpoint", "POST /v1/ask"]
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, ABOVE)
