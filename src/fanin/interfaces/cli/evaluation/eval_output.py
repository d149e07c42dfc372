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


def shown(evaluation: Evaluation, metrics: Mapping[str, Metric]) -> str:
    """Figures, differences, sources, wrong answers and gates, as lines."""
    return "\n\n".join(each for each in _parts(evaluation, metrics) if each)


def _parts(evaluation: Evaluation, metrics: Mapping[str, Metric]) -> Iterator[str]:
    columns = width(sys.stdout)
    heads = [each.name for each in evaluation.configurations] if evaluation.differences else ["value"]
    rows = [
        (
            name,
            *(_estimate(each.figures[name], metric) for each in evaluation.configurations),
            *_difference(evaluation, name, metric),
        )
        for name, metric in metrics.items()
        if any(each.figures[name].count for each in evaluation.configurations)
    ]
    yield table(("metric", *heads, *(("difference",) if evaluation.differences else ())), *rows, columns=columns)
    for each in evaluation.configurations:
        yield _sources(each, columns)
    if evaluation.without:
        found = [(f"without {name}", _shown_difference(each, "share")) for name, each in evaluation.without.items()]
        yield table(("right", "difference"), *found, columns=columns)
    yield _wrong(evaluation.configurations[-1])
    if evaluation.gates:
        lines = [f"{each.gate.text}: {_DOES[each.verdict]} ({each.reason})" for each in evaluation.gates]
        yield "\n".join([*lines, f"Gates: {worst(evaluation.gates)}."])


def _estimate(estimate: Estimate, metric: Metric) -> str:
    if not estimate.count:
        return ""
    value, low, high = (_figure(each, metric) for each in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high}), n = {estimate.count}"


def _figure(number: float, metric: Metric) -> str:
    if math.isinf(number):
        return "?"
    if metric.kind == "share":
        return f"{number:.1%}"
    return f"{metric.unit}{number:.4f}" if metric.unit == "$" else f"{number:.3f}{metric.unit and f' {metric.unit}'}"


def _difference(evaluation: Evaluation, name: str, metric: Metric) -> tuple[str, ...]:
    return (_shown_difference(evaluation.differences[name], metric.kind),) if evaluation.differences else ()


def _shown_difference(each: Difference, kind: str) -> str:
    if not each.count:
        return ""
    value = f"{100 * each.value:+.1f} points" if kind == "share" else f"{each.value:+.3f}"
    if each.p is not None:
        mark = "" if each.significant else ", may be chance"
        return f"{value}, {each.only_first} only before, {each.only_second} only after, p = {each.p:.3g}{mark}"
    if each.interval is not None:
        return f"{value} ({each.interval[0]:+.3f} to {each.interval[1]:+.3f})"
    return value


def _sources(configuration: Configuration, columns: int | None) -> str:
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
    rows = [_source(name, each) for name, each in configuration.sources.items() if each.asked]
    return table(heads, *rows, columns=columns) if rows else ""


def _source(name: str, worth: Worth) -> tuple[str, ...]:
    counts = (worth.asked, worth.failed, worth.facts, worth.only_facts, worth.documents, worth.only_documents)
    ends = (worth.cited_right, worth.cited_wrong)
    return (name, *map(str, (*counts, *ends)), f"{worth.p50:.2f} s", f"{worth.p95:.2f} s", worth.note)


def _wrong(configuration: Configuration) -> str:
    wrong = [each for each in configuration.answers if not each.right]
    lines = [
        f"{each.expected.id}: {line(each.expected.question, limit=200)}\n    {line(why_wrong(each))}" for each in wrong
    ]
    more = [f"and {len(wrong) - WRONG} more"] if len(wrong) > WRONG else []
    return "\n".join(["Wrong answers:", *lines[:WRONG], *more]) if wrong else ""
