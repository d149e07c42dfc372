"""A timeline in the Trace Event Format of Chrome, which Perfetto and speedscope open (pure)."""

from typing import Any

from fanin.timeline import Timeline


def trace_events(timeline: Timeline) -> dict[str, Any]:
    """A thread for each lane; instants and durations are in microseconds."""
    events: list[dict[str, Any]] = []
    for number, (lane, spans) in enumerate(timeline.lanes().items(), 1):
        events.append({"ph": "M", "pid": 1, "tid": number, "name": "thread_name", "args": {"name": lane}})
        events += [
            {
                "ph": "X",
                "pid": 1,
                "tid": number,
                "name": f"{span.kind} {span.source}".strip(),
                "cat": span.kind,
                "ts": round(span.start * 1e6),
                "dur": round(span.seconds * 1e6),
                "args": {"document": span.document, "cpu": span.cpu},
            }
            for span in spans
        ]
    return {"traceEvents": events, "displayTimeUnit": "ms"}
