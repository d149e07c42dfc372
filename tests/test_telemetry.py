"""Traces: which spans a question has, what is in them, and that a collector gets them."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fanin import Document, Engine, SourceError
from fanin.interfaces.cli.options import Log
from fanin.net.client import Client
from fanin.sources.http import http
from fanin.sources.mcp import mcp
from fanin.telemetry import CAPTURE, propagated, tracer

SECRET = "xyzzy-17"


async def tower(_: object) -> Document:
    return Document("The tower is 300 metres tall.", title="Towers")


async def broken(_: object) -> Document:
    raise SourceError("The disk is gone.", "disk")


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Where the spans go that end meanwhile."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def told(span: ReadableSpan) -> dict[str, object]:
    """The attributes of a span."""
    return dict(span.attributes or {})


def parents(exporter: InMemorySpanExporter) -> dict[str, str]:
    """The name of each span, with that of the span above it."""
    ended = exporter.get_finished_spans()
    names = {span.context.span_id: span.name for span in ended if span.context}
    return {span.name: names.get(span.parent.span_id, "") if span.parent else "" for span in ended}


async def test_a_question_has_spans_of_its_sources_its_cpu_work_and_its_answer(spans: InMemorySpanExporter) -> None:
    async with Engine([tower, broken], rounds=1) as engine:
        answer = await engine.ask("How tall is the tower?")
    root = "invoke_workflow fanin"
    assert parents(spans) == {
        root: "",
        "plan": root,
        "retrieval tower": root,
        "retrieval broken": root,
        "process tower": root,
        "compose answer": root,
    }
    found = by_name(spans)
    assert found["plan"].attributes == {"gen_ai.operation.name": "plan", "gen_ai.agent.name": "fanin"}
    assert found["plan"].start_time == found[root].start_time
    assert found["plan"].end_time <= found["retrieval tower"].start_time
    assert found["retrieval tower"].attributes == {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "tower",
        "gen_ai.agent.name": "fanin",
        "fanin.documents": 1,
    }
    assert told(found["retrieval broken"])["error.type"] == "disk"
    assert told(found[root])["fanin.missing"] == ("broken",)
    (work,) = [each for each in answer.timeline.spans if each.kind == "process"]
    seen = found["process tower"]
    assert seen.start_time is not None
    assert seen.end_time is not None
    assert (seen.end_time - seen.start_time) / 1e9 == pytest.approx(work.seconds, abs=1e-4)


async def test_a_tool_that_a_source_calls_has_a_span_below_that_of_the_source(spans: InMemorySpanExporter) -> None:
    server = Path(__file__).parent / "sources" / "mcp" / "quick_server.py"
    command = [sys.executable, "-I", str(server)]
    source = mcp(command=command, name="quick", tool="echo", arguments={"text": "A tower."})
    async with Engine([source], rounds=1) as engine:
        assert (await engine.ask("How tall is the tower?")).success
    assert parents(spans)["MCP send tools/call echo"] == "retrieval quick"


async def test_a_stream_has_the_same_spans(spans: InMemorySpanExporter) -> None:
    async with Engine([tower], rounds=1) as engine:
        async for _ in engine.stream("How tall is the tower?"):
            pass
    assert parents(spans)["retrieval tower"] == "invoke_workflow fanin"


async def test_a_question_is_below_the_span_of_who_asks(spans: InMemorySpanExporter) -> None:
    async with Engine([tower], rounds=1) as engine:
        with trace.get_tracer("test").start_as_current_span("my program"):
            await engine.ask("How tall is the tower?")
            assert trace.get_current_span() is not trace.INVALID_SPAN
    assert parents(spans)["invoke_workflow fanin"] == "my program"


async def test_a_question_that_is_withdrawn_ends_its_span(spans: InMemorySpanExporter) -> None:
    asked = asyncio.Event()

    async def slow(_: object) -> Document:
        asked.set()
        await asyncio.sleep(60)
        return Document("late")

    async with Engine([slow], rounds=1) as engine:
        asking = asyncio.ensure_future(engine.ask("How tall is the tower?"))
        await asked.wait()
        asking.cancel()
        await asyncio.wait((asking,))
    found = by_name(spans)
    assert {name: told(span).get("error.type") for name, span in found.items() if name != "plan"} == {
        "invoke_workflow fanin": "cancelled",
        "retrieval slow": "CancelledError",
    }


@pytest.mark.parametrize("captured", [False, True])
async def test_what_was_asked_and_said_is_told_only_when_it_is_wanted(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch, captured: bool
) -> None:
    monkeypatch.setenv(CAPTURE, str(captured).lower())
    async with Engine([tower], rounds=1) as engine:
        await engine.ask(f"How tall is the tower {SECRET}?")
    seen = json.dumps([told(span) for span in spans.get_finished_spans()])
    assert (SECRET in seen) is captured
    assert ("300 metres" in seen) is captured


async def test_a_log_entry_in_json_names_its_trace(
    spans: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Engine([tower], rounds=1) as engine:
        with Log(verbose=1, format="json").shown():
            await engine.ask("How tall is the tower?")
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root = by_name(spans)["invoke_workflow fanin"].context
    assert root is not None
    assert {each["trace_id"] for each in entries} == {f"{root.trace_id:032x}"}


async def test_without_tracing_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    assert tracer() is None
    assert propagated() == {}


@contextmanager
def served(received: list[tuple[str, dict[str, str], bytes]], reply: bytes = b"{}") -> Generator[str]:
    """A server on this machine that keeps what it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def do_GET(self) -> None:
            self.answer(b"")

        def answer(self, body: bytes) -> None:
            received.append((self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("passed_on", [False, True])
async def test_a_request_has_a_span_and_tells_its_trace_where_that_is_wanted(
    spans: InMemorySpanExporter, passed_on: bool
) -> None:
    received: list[tuple[str, dict[str, str], bytes]] = []
    with served(received, b'{"text": "The tower is 300 metres tall."}') as address:
        client = Client(allow_private=True, trace_context=passed_on)
        source = http(f"{address}/towers?key={SECRET}", name="towers", text="text", client=client)
        async with Engine([source], rounds=1) as engine:
            answer = await engine.ask("How tall is the tower?")
    assert answer.success
    assert parents(spans)["GET"] == "retrieval towers"
    request = by_name(spans)["GET"]
    assert request.attributes is not None
    assert request.attributes["url.full"] == f"{address}/towers"
    assert request.attributes["http.response.status_code"] == 200
    ((_, headers, _),) = received
    assert ("traceparent" in {name.lower() for name in headers}) is passed_on
    if passed_on:
        assert request.context is not None
        assert f"{request.context.trace_id:032x}" in headers["traceparent"]


def test_the_command_sends_its_traces_to_a_collector(tmp_path: Path) -> None:
    (tmp_path / "my_sources.py").write_text("async def said(question):\n    return 'The tower is 300 metres tall.'\n")
    (tmp_path / "fanin.toml").write_text('[sources.said]\nkind = "python"\nfunction = "my_sources:said"\n')
    received: list[tuple[str, dict[str, str], bytes]] = []
    with served(received, b"") as address:
        subprocess.run(
            [sys.executable, "-m", "fanin", "ask", "How tall is the tower?", "--config", str(tmp_path / "fanin.toml")],
            env=os.environ
            | {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
            check=True,
            capture_output=True,
            timeout=60,
        )
    names: set[str] = set()
    services: set[str] = set()
    for path, _, body in received:
        assert path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            services |= {each.value.string_value for each in resource.resource.attributes if each.key == "service.name"}
            names |= {span.name for scope in resource.scope_spans for span in scope.spans}
    assert services == {"fanin"}
    assert {"invoke_workflow fanin", "retrieval said", "process said"} <= names
