"""Traces for OpenTelemetry: a span for each question, source, HTTP request, call of a model and piece of CPU work.

They follow the semantic conventions for generative AI and for HTTP, as of their release 0.1.0 of 2026. A program that
sets up OpenTelemetry gets them through its API; where none has, nothing is done, and nothing is imported.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any

from fanin.errors import FailureKind, FaninError
from fanin.model import Answer, Document
from fanin.timeline import Span as RunSpan

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from opentelemetry.trace import Span, Tracer
    from yarl import URL

CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""The variable that lets questions and answers be in spans, with the value `true`; without it they are not."""

_NANOSECONDS = 1_000_000_000


def tracer() -> Tracer | None:
    """The tracer of fanin; None unless this program has set up tracing."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:  # whoever sets it up imports it, which takes 40 ms
        return None
    unset = isinstance(trace.get_tracer_provider(), (trace.ProxyTracerProvider, trace.NoOpTracerProvider))
    return None if unset else trace.get_tracer("fanin")


class QuestionTrace:
    """The span of one question, which began to be planned at `began`, and below it those of what it took."""

    def __init__(self, tracing: Tracer, question: str, *, began: int) -> None:
        self._tracer = tracing
        self._began = began
        self._span = tracing.start_span(
            "invoke_workflow fanin",
            start_time=self._began,
            attributes={"gen_ai.operation.name": "invoke_workflow", "gen_ai.agent.name": "fanin"},
        )
        if _captures():
            self._span.set_attribute("gen_ai.input.messages", _message("user", question))
        planned = {"gen_ai.operation.name": "plan", "gen_ai.agent.name": "fanin"}
        self._below("plan", planned, began, time.time_ns())

    async def around[T](self, work: Coroutine[Any, Any, T]) -> T:
        """The result of the work, in which the question's span is the current one."""
        return await asyncio.get_running_loop().create_task(work, context=self.context())

    def context(self) -> Context:
        """A copy of this context in which the question's span is the current one."""
        context = copy_context()
        context.run(self._attach)
        return context

    def _attach(self) -> None:
        from opentelemetry import context, trace

        context.attach(trace.set_span_in_context(self._span))

    def end(self, answer: Answer | None) -> None:
        """End the span; of an answer, with spans of the CPU work, of the models, and of what the answer took."""
        if answer is None:
            _fail(self._span, FailureKind.CANCELLED)
        else:
            self._add(answer)
        self._span.end()

    def _add(self, answer: Answer) -> None:
        self._span.set_attributes(
            {
                "fanin.answered": answer.answered,
                "fanin.coverage": answer.coverage,
                "fanin.sources": len(answer.sources),
                "fanin.missing": [name for name, each in answer.sources.items() if each.status not in ("ok", "empty")],
            }
        )
        if _captures():
            self._span.set_attribute("gen_ai.output.messages", _message("assistant", answer.text))
        for span in answer.timeline.spans:
            if span.kind in ("process", "model", "answer"):
                self._export(span, answer)

    def _export(self, span: RunSpan, answer: Answer) -> None:
        start, end = (self._began + int(at * _NANOSECONDS) for at in (span.start, span.end))
        self._below(*_named(span, answer), start, end)

    def _below(self, name: str, attributes: Mapping[str, str | int | float], start: int, end: int) -> None:
        from opentelemetry import trace

        above = trace.set_span_in_context(self._span)
        self._tracer.start_span(name, context=above, start_time=start, attributes=attributes).end(end)


def _named(span: RunSpan, answer: Answer) -> tuple[str, Mapping[str, str | int | float]]:
    match span.kind:
        case "model":
            writing = answer.writing if not span.source else None
            tokens = (
                {}
                if writing is None
                else {
                    "gen_ai.usage.input_tokens": writing.input_tokens,
                    "gen_ai.usage.output_tokens": writing.output_tokens,
                }
            )
            provider, _, model = span.lane.rpartition(":")
            named = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
            return f"chat {model}", {**named, "gen_ai.provider.name": provider or "unknown", **tokens}
        case "process":
            attributes = {"fanin.source": span.source, "fanin.document": span.document, "fanin.worker": span.lane}
            return f"process {span.source}", {**attributes, "fanin.cpu_seconds": span.cpu}
        case _:
            return "compose answer", {}


def question_trace(question: str, *, began: int) -> QuestionTrace | None:
    """A span for a question that was planned from `began` (nanoseconds since 1970) until now, below the current one.

    None where nothing is traced.
    """
    tracing = tracer()
    return None if tracing is None else QuestionTrace(tracing, question, began=began)


async def traced[T](items: AsyncIterator[T], *, name: str, question: str) -> AsyncIterator[T]:
    """What a source gives, within a span for all of it, its attempts and waits; its requests are below that."""
    with _retrieval(name, question) as span:
        documents = 0
        try:
            async for item in items:
                documents += isinstance(item, Document)
                yield item
        finally:
            span.set_attribute("fanin.documents", documents)
            if (aclose := getattr(items, "aclose", None)) is not None:
                await aclose()


@contextmanager
def _retrieval(name: str, question: str) -> Generator[Span]:
    from opentelemetry.trace import SpanKind, get_tracer

    attributes = {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": name, "gen_ai.agent.name": "fanin"}
    if _captures():
        attributes["gen_ai.retrieval.query.text"] = question
    with (
        get_tracer("fanin").start_as_current_span(
            f"retrieval {name}",
            kind=SpanKind.CLIENT,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span,
        _failures(span),
    ):
        yield span


def http_span(method: str, url: URL) -> AbstractContextManager[Span | None]:
    """A span for one HTTP request, without the query of its address; nothing where nothing is traced."""
    tracing = tracer()
    return nullcontext() if tracing is None else _request(tracing, method, url)


@contextmanager
def _request(tracing: Tracer, method: str, url: URL) -> Generator[Span]:
    from opentelemetry.trace import SpanKind

    attributes = {
        "http.request.method": method,
        "url.full": str(url.with_query(None).with_fragment(None).with_user(None)),
        "server.address": url.host or "",
        "server.port": url.port or 0,
    }
    with (
        tracing.start_as_current_span(
            method, kind=SpanKind.CLIENT, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span,
        _failures(span),
    ):
        yield span


def propagated() -> dict[str, str]:
    """The headers that pass the current trace on to a service; none where nothing is traced."""
    if tracer() is None:
        return {}
    from opentelemetry.propagate import inject

    headers: dict[str, str] = {}
    inject(headers)
    return headers


@contextmanager
def _failures(span: Span) -> Generator[None]:
    """Record an error by its kind: its message may contain the question."""
    try:
        yield
    except FaninError as error:
        _fail(span, error.kind)
        raise
    except GeneratorExit:
        raise
    except BaseException as error:
        _fail(span, type(error).__name__)
        raise


def _fail(span: Span, kind: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR))


def _captures() -> bool:
    return os.environ.get(CAPTURE, "").lower() == "true"


def _message(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}])
