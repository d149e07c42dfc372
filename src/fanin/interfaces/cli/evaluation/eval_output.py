"""What `fanin eval` prints."""

import math
import sys
from collections.abc import Iterator, Mapping

from fanin.evaluation.answer_metrics import Estimate, Metric
from fanin.evaluation.comparing import Difference
from fanin.evaluation.evaluation_result import Configuration, Evaluation
from fanin.evaluation.gates import worst
from fanin.evaluation.junit import why_wrong
from fanin.evaluation.source_worth import Worth
from fanin.interfaces.cli.terminal import table, width
from fanin.sanitize import line

WRONG = 10
"""Wrong answers that are printed."""

_DOES = {"kept": "kept", "broken": "broken", "undecided": "not decided, since the questions are too few"}


def shown(told: Evaluation, metrics: Mapping[str, Metric]) -> str:
    """Figures, differences, sources, wrong answers and gates, as lines."""
    return "\n\n".join(each for each in _parts(told, metrics) if each)


def _parts(told: Evaluation, metrics: Mapping[str, Metric]) -> Iterator[str]:
    columns = width(sys.stdout)
    heads = [each.name for each in told.configurations] if told.differences else ["value"]
    rows = [
        (
            name,
            *(_estimate(each.figures[name], metric) for each in told.configurations),
            *_difference(told, name, metric),
        )
        for name, metric in metrics.items()
        if any(each.figures[name].count for each in told.configurations)
    ]
    yield table(("metric", *heads, *(("difference",) if told.differences else ())), *rows, columns=columns)
    for each in told.configurations:
        yield _sources(each, columns)
    if told.without:
        found = [(f"without {name}", _told(each, "share")) for name, each in told.without.items()]
        yield table(("right", "difference"), *found, columns=columns)
    yield _wrong(told.configurations[-1])
    if told.gates:
        lines = [f"{each.gate.text}: {_DOES[each.verdict]} ({each.reason})" for each in told.gates]
        yield "\n".join([*lines, f"Gates: {worst(told.gates)}."])


def _estimate(told: Estimate, metric: Metric) -> str:
    if not told.count:
        return ""
    value, low, high = (_figure(each, metric) for each in (told.value, told.low, told.high))
    return f"{value} ({low} to {high}), n = {told.count}"


def _figure(number: float, metric: Metric) -> str:
    if math.isinf(number):
        return "?"
    if metric.kind == "share":
        return f"{number:.1%}"
    return f"{metric.unit}{number:.4f}" if metric.unit == "$" else f"{number:.3f}{metric.unit and f' {metric.unit}'}"


def _difference(told: Evaluation, name: str, metric: Metric) -> tuple[str, ...]:
    return (_told(told.differences[name], metric.kind),) if told.differences else ()


def _told(each: Difference, kind: str) -> str:
    if not each.count:
        return ""
    value = f"{100 * each.value:+.1f} points" if kind == "share" else f"{each.value:+.3f}"
    if each.p is not None:
        mark = "" if each.significant else ", may be chance"
        return f"{value}, {each.only_first} only before, {each.only_second} only after, p = {each.p:.3g}{mark}"
    if each.interval is not None:
        return f"{value} ({each.interval[0]:+.3f} to {each.interval[1]:+.3f})"
    return value


def _sources(told: Configuration, columns: int | None) -> str:
    heads = (
        "source",
        "asked",
        "failed",
        "facts",
        "only it",
        "documents",
        "only it",
        "cited right",
        "wrong",
        "p50",
        "p95",
        "",
    )
    rows = [_source(name, each) for name, each in told.sources.items() if each.asked]
    return table(heads, *rows, columns=columns) if rows else ""


def _source(name: str, told: Worth) -> tuple[str, ...]:
    counts = (told.asked, told.failed, told.facts, told.only_facts, told.documents, told.only_documents)
    ends = (told.cited_right, told.cited_wrong)
    return (name, *map(str, (*counts, *ends)), f"{told.p50:.2f} s", f"{told.p95:.2f} s", told.note)


def _wrong(told: Configuration) -> str:
    wrong = [each for each in told.answers if not each.right]
    lines = [
        f"{each.expected.id}: {line(each.expected.question, limit=200)}\n    {line(why_wrong(each))}" for each in wrong
    ]
    more = [f"and {len(wrong) - WRONG} more"] if len(wrong) > WRONG else []
    return "\n".join(["Wrong answers:", *lines[:WRONG], *more]) if wrong else ""
