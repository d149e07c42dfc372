"""Bounds that figures have to keep: kept, broken, or not to be decided with so few questions. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from fanin.arguments import suggest
from fanin.durations import named, seconds
from fanin.errors import ConfigError
from fanin.evaluation.answer_metrics import Estimate, Metric
from fanin.evaluation.comparing import Difference
from fanin.values import value

type Verdict = Literal["kept", "broken", "undecided"]

_GATE = re.compile(r"\s*([\w@]+)\s*(?:(>=|<=)\s*(\S+))?\s*")
_NOTHING = "fanin asked nothing"


@value
class Gate:
    """A bound of a metric. Without one, the second of two configurations must not be worse than the first."""

    text: str
    metric: str
    at_least: bool = True
    bound: float | None = None


@value
class GateResult:
    """What became of a gate, and why, in a sentence."""

    gate: Gate
    verdict: Verdict
    reason: str


def gate(text: str, known: Mapping[str, Metric], *, comparing: bool) -> Gate:
    """The gate of "fact_in_answer>=0.9", or of "fact_in_answer" when two are compared. Raises ConfigError."""
    found = _GATE.fullmatch(text)
    if found is None or (found[2] is None) != comparing:
        form = "a metric, such as right" if comparing else "a metric with its bound, such as right>=0.9"
        raise ConfigError(f"--gate {text!r}: {_NOTHING}. Give {form}.")
    if found[1] not in known:
        raise ConfigError(
            f"--gate {text!r}: there is no metric {found[1]!r}; {_NOTHING}. {suggest(found[1], [*known])}"
        )
    if comparing:
        return Gate(text, found[1])
    return Gate(text, found[1], found[2] == ">=", _bound(text, found[3], known[found[1]]))


def checked(gate: Gate, found: Estimate) -> GateResult:
    """A gate is kept or broken only where all of the interval is on one side of its bound; else it is undecided."""
    if gate.bound is None or not found.count:
        return GateResult(gate, "undecided", "no question counts for it")
    kept, broken = found.low >= gate.bound, found.high < gate.bound
    if not gate.at_least:
        kept, broken = found.high <= gate.bound, found.low > gate.bound
    reason = f"{found.value:.3f}, with 95 % between {found.low:.3f} and {found.high:.3f}, of {found.count} questions"
    return GateResult(gate, "kept" if kept else "broken" if broken else "undecided", reason)


def compared(gate: Gate, metric: Metric, found: Difference) -> GateResult:
    """A gate is broken only where the second is worse and that is hardly chance."""
    worse = found.value < 0 if metric.more_is_better else found.value > 0
    if not found.count or (found.p is None and found.interval is None):
        return GateResult(gate, "undecided", "no test for it" if found.count else "no question counts for it")
    p = f", p = {found.p:.3g}" if found.p is not None else ""
    reason = f"{found.value:+.3f} in {found.count} questions{p}"
    if worse and found.significant:
        return GateResult(gate, "broken", reason)
    return GateResult(gate, "undecided" if worse else "kept", reason)


def worst(results: Sequence[GateResult]) -> Verdict:
    """Broken if any is, else undecided if any is."""
    found = {each.verdict for each in results}
    return "broken" if "broken" in found else "undecided" if "undecided" in found else "kept"


def _bound(text: str, raw: str, metric: Metric) -> float:
    try:
        found = named("--gate", seconds, raw, did=_NOTHING) if metric.unit == "s" else float(raw.removeprefix("$"))
    except ValueError as error:
        raise ConfigError(f"--gate {text!r}: {raw!r} is no number; {_NOTHING}. Write it as right>=0.9.") from error
    if not math.isfinite(found):
        raise ConfigError(f"--gate {text!r}: {raw!r} is no number; {_NOTHING}. Write it as right>=0.9.")
    return found
