"""All that an evaluation found. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from fanin.evaluation.answer_metrics import Estimate, Metric, estimate
from fanin.evaluation.comparing import Difference, difference
from fanin.evaluation.expected_facts import shown
from fanin.evaluation.gates import Gate, GateResult, checked, compared
from fanin.evaluation.judging import Judged
from fanin.evaluation.source_worth import Worth, worths
from fanin.values import value


@value
class Configuration:
    """One configuration: its name, the answers, its figures, and what each source was worth."""

    name: str
    answers: Sequence[Judged]
    figures: Mapping[str, Estimate]
    sources: Mapping[str, Worth]


@value
class Evaluation:
    """The configurations; differences of two by metric; what leaving out a source changes in what is right; gates."""

    configurations: Sequence[Configuration]
    errors: Sequence[str]
    differences: Mapping[str, Difference] = field(default_factory=dict[str, Difference])
    without: Mapping[str, Difference] = field(default_factory=dict[str, Difference])
    gates: Sequence[GateResult] = ()


def evaluated(
    metrics: Mapping[str, Metric],
    answers: Mapping[str, Sequence[Judged]],
    *,
    errors: Sequence[str] = (),
    gates: Sequence[Gate] = (),
    without: Sequence[Mapping[str, Judged]] = (),
) -> Evaluation:
    """The evaluation of the answers by configuration, one or two; `without` are those without each source."""
    found = [
        Configuration(name, each, {metric: estimate(of, each) for metric, of in metrics.items()}, worths(each))
        for name, each in answers.items()
    ]
    first, *others = answers.values()
    pairs = [*zip(first, others[0], strict=True)] if others else []
    differences = {name: difference(each, pairs) for name, each in metrics.items()} if others else {}
    results = [
        compared(each, metrics[each.metric], differences[each.metric])
        if others
        else checked(each, found[0].figures[each.metric])
        for each in gates
    ]
    return Evaluation(found, errors, differences, _without(metrics["right"], first, without), results)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as values for JSON."""
    return {
        "errors": evaluation.errors,
        "configurations": [*map(_configuration, evaluation.configurations)],
        "differences": evaluation.differences,
        "without": evaluation.without,
        "gates": [
            {"gate": each.gate.text, "verdict": each.verdict, "reason": each.reason} for each in evaluation.gates
        ],
    }  # fmt: skip


def _configuration(each: Configuration) -> dict[str, Any]:
    answers = [*map(_row, each.answers)]
    return {
        "name": each.name,
        "metrics": each.figures,
        "sources": _worths(each),
        "answers": answers,
    }


def _without(metric: Metric, whole: Sequence[Judged], less: Sequence[Mapping[str, Judged]]) -> Mapping[str, Difference]:
    names = dict.fromkeys(name for each in less for name in each)
    pairs = {name: [(one, each[name]) for one, each in zip(whole, less, strict=True) if name in each] for name in names}
    return {name: difference(metric, each) for name, each in pairs.items()}


def _worths(configuration: Configuration) -> dict[str, Any]:
    return {
        name: {**{part: getattr(each, part) for part in Worth.__dataclass_fields__}, "note": each.note}
        for name, each in configuration.sources.items()
    }


def _row(each: Judged) -> dict[str, Any]:
    own = (
        "text",
        "ranks",
        "in_passages",
        "in_answer",
        "in_first_sentence",
        "silent",
        "contradiction",
        "seconds",
        "cost",
    )
    asked = {"id": each.expected.id, "question": each.expected.question, "facts": [*map(shown, each.expected.facts)]}
    return {**asked, "right": each.right, **{name: getattr(each, name) for name in own}}
