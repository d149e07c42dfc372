"""Charts of a report, as SVG that needs no script."""

from collections.abc import Mapping

from fanin.batch.batch_statistics import SUCCESS, Times
from fanin.interfaces.report.escaped_html import Html, html
from fanin.timeline import Span, Timeline

ROW, LABEL = 22, 22.0
"""The height of a lane, in pixels, and the width of the names of lanes, in percent."""


def shares(counts: Mapping[str, int]) -> Html:
    """One bar, divided by what is counted."""
    total, left, parts = sum(counts.values()), 0.0, list[Html]()
    for name, count in counts.items():
        width = 100 * count / total if total else 0.0
        kind = "good" if name in (*SUCCESS, "answered") else "none" if name in ("skipped", "unanswered") else "bad"
        parts.append(
            html(
                t'<rect class="{kind}" x="{left:.3f}%" width="{width:.3f}%" height="100%">'
                t"<title>{_words(name)}: {count:,}</title></rect>"
            )
        )
        left += width
    label = ", ".join(f"{count:,} {_words(name)}" for name, count in counts.items())
    return html(t'<svg class="shares" role="img" aria-label="{label}">{parts}</svg>')


def histogram(times: Times) -> Html:
    """How many took how long, on a logarithmic axis, and its ends."""
    steps = [*times.histogram()]
    if not steps:
        return html(t"")
    most, wide = max(count for _, _, count in steps), 100 / len(steps)
    bars = [
        html(
            t'<rect x="{at * wide:.3f}%" y="{100 - 100 * count / most:.2f}%" width="{wide * 0.9:.3f}%"'
            t' height="{100 * count / most:.2f}%"><title>{seconds(low)} to {seconds(high)}: {count:,}</title></rect>'
        )
        for at, (low, high, count) in enumerate(steps)
        if count
    ]
    label = f"{sum(times.counts.values()):,} times from {seconds(steps[0][0])} to {seconds(steps[-1][1])}"
    return html(
        t'<figure><svg class="times" role="img" aria-label="{label}">{bars}</svg>'
        t"<figcaption><span>{seconds(steps[0][0])}</span><span>{seconds(steps[-1][1])}</span></figcaption></figure>"
    )


def lanes(timeline: Timeline) -> Html:
    """The spans of a question, a row for each lane; the critical path is marked."""
    critical, found = {*timeline.critical_path()}, timeline.lanes()
    rows = [
        html(
            t'<text x="0" y="{at * ROW + 15}">{lane[:24]}</text>'
            t"{[_span(each, at, timeline.total, each in critical) for each in spans]}"
        )
        for at, (lane, spans) in enumerate(found.items())
    ]
    height = len(found) * ROW
    return html(t'<svg class="lanes" height="{height}" role="img" aria-label="{len(found)} lanes">{rows}</svg>')


def _span(span: Span, row: int, total: float, critical: bool) -> Html:
    scale = (100 - LABEL) / total if total else 0.0
    start, end = LABEL + min(span.start, total) * scale, LABEL + min(span.end, total) * scale
    kind = f"{span.kind} critical" if critical else span.kind
    title = f"{span.kind} {span.source}: {seconds(span.start)} to {seconds(span.end)}"
    return html(
        t'<rect class="{kind}" x="{start:.3f}%" y="{row * ROW + 5}" width="{max(end - start, 0.2):.3f}%" height="12">'
        t"<title>{title}</title></rect>"
    )


def seconds(time: float) -> str:
    """A time in words, with two digits that matter."""
    if time != time:
        return "-"
    return f"{1_000 * time:.2g} ms" if time < 0.0995 else f"{time:.2f} s" if time < 9.95 else f"{time:.0f} s"


def _words(name: str) -> str:
    return {"unanswered": "without an answer", "failed": "with an error"}.get(name, name.replace("_", " "))
