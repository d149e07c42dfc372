"""Traces of the command `fanin`: sent to a collector, as the variables of OpenTelemetry say, and named in its log."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

from fanin.log import logger

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""The variables that name a collector: one of them lets the command send its traces there."""

FLUSH_MILLISECONDS = 400
"""How long the end of the command waits for the collector."""


@contextmanager
def exporting() -> Generator[None]:
    """Within the block, spans are sent over HTTP to the collector of the environment, if it names one.

    It needs the extra fanin[otel]; without that, a warning says so.
    """
    if not any(map(os.environ.get, ENDPOINTS)):
        yield
        return
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger.warning(
            "%s is set, but the packages of OpenTelemetry are not installed; fanin sends no traces. Install them:"
            " pip install fanin[otel].",
            " or ".join(filter(os.environ.get, ENDPOINTS)),
        )
        yield
        return
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "fanin"}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    try:
        yield
    finally:
        provider.force_flush(FLUSH_MILLISECONDS)


def trace_ids() -> dict[str, str]:
    """The ids of the current trace and span in hexadecimal, as logs have them; none where nothing is traced."""
    trace = sys.modules.get("opentelemetry.trace")
    current = None if trace is None else trace.get_current_span().get_span_context()
    if current is None or not current.is_valid:
        return {}
    return {"trace_id": f"{current.trace_id:032x}", "span_id": f"{current.span_id:016x}"}
