"""Figures, intervals, tests and gates: against values that others have computed, and against chance."""

import math
import random
from dataclasses import replace
from statistics import fmean
from xml.etree import ElementTree

import pytest
from hostile_strings import hostile_strings

from fanin.errors import ConfigError
from fanin.evaluation.answer_metrics import Estimate, estimate, metrics
from fanin.evaluation.comparing import Difference, difference
from fanin.evaluation.evaluation_result import evaluated
from fanin.evaluation.expected_answer import Expected
from fanin.evaluation.gates import GateResult, checked, compared, gate, worst
from fanin.evaluation.intervals import bootstrap, mcnemar, percentile, percentile_interval, wilson
from fanin.evaluation.judging import Given, Judged
from fanin.evaluation.junit import junit
from fanin.evaluation.source_worth import worths

METRICS = metrics(5)


def one(*, right: bool = True, **changed) -> Judged:
    asked = Expected("1", "A?", (("nine",),))
    return replace(Judged(asked, "Nine.", (), right, right, right, False, False, 0.5, 0.0), **changed)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(10, 20, 0.2993, 0.7007), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
)
def test_the_interval_of_a_share_is_that_of_the_literature(hits: int, count: int, low: float, high: float) -> None:
    """The last three are table I of Newcombe 1998, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857."""
    assert wilson(hits, count) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("first", "second", "p"), [(0, 0, 1.0), (1, 8, 0.0390625), (8, 1, 0.0390625), (0, 5, 0.0625), (10, 10, 1.0)]
)
def test_the_p_of_a_pair_of_shares_is_that_of_the_binomial_test(first: int, second: int, p: float) -> None:
    assert mcnemar(first, second) == pytest.approx(p)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    chance, held = random.Random(1), {"share": 0, "mean": 0, "p50": 0}
    for _ in range(300):
        drawn = [chance.expovariate(1.0) for _ in range(60)]
        low, high = wilson(sum(each < 1 for each in drawn), 60)
        held["share"] += low <= 1 - math.exp(-1) <= high
        low, high = percentile_interval(drawn, 0.5)
        held["p50"] += low <= math.log(2) <= high
    for _ in range(60):
        low, high = bootstrap([chance.random() for _ in range(40)])
        held["mean"] += low <= 0.5 <= high
    assert held["share"] > 0.91 * 300
    assert held["p50"] > 0.91 * 300
    assert held["mean"] > 0.85 * 60


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile([*range(1, 101)], 0.95) == 95
    assert math.isnan(percentile([], 0.5))
    assert percentile_interval([1.0] * 10, 0.95)[1] == math.inf


def test_figures_are_of_the_answers_that_count_for_them() -> None:
    answers = [
        one(ranks=(1,)),
        one(ranks=(0, 4), right=False),
        one(ranks=(7,), expected=Expected("3", "C?", unanswerable=True), in_answer=None, silent=True),
    ]
    found = {name: estimate(each, answers) for name, each in METRICS.items()}
    values = {name: round(each.value, 3) for name, each in found.items()}
    assert values == {
        "success@1": 0.333,
        "success@5": 0.667,
        "recall@5": 0.5,
        "mrr": round(fmean([1, 1 / 4, 1 / 7]), 3),
        "fact_in_passages": 0.667,
        "fact_in_answer": 0.5,
        "fact_in_first_sentence": 0.667,
        "silence_right": 1.0,
        "silence_wrong": 0.0,
        "right": 0.667,
        "contradictions": 0.0,
        "latency_mean": 0.5,
        "latency_p50": 0.5,
        "latency_p95": 0.5,
        "cost": 0.0,
    }
    assert (found["fact_in_answer"].count, found["silence_right"].count, found["right"].count) == (2, 1, 3)
    assert estimate(METRICS["mrr"], [one()]).count == 0


def test_what_only_one_source_had_is_seen_and_so_is_a_useless_and_a_harmful_one() -> None:
    def given(*facts: int, cited: bool = False, status: str = "ok") -> Given:
        return Given(status, 0.1, frozenset(facts), cited=cited)

    sources = {
        "both": given(0),
        "best": given(0, 1, cited=True),
        "useless": given(),
        "down": given(status="error"),
        "unasked": given(status="skipped"),
    }
    answers = [one(sources=sources)] * 9 + [one(right=False, sources={"liar": given(cited=True)})] * 9
    found = worths(answers)
    assert (found["best"].facts, found["best"].only_facts, found["best"].cited_right) == (18, 9, 9)
    assert {name: each.note.partition(":")[0] for name, each in found.items() if each.asked} == {
        "both": "adds nothing that others lack",
        "best": "",
        "useless": "useless",
        "down": "never answered",
        "liar": "harmful",
    }
    assert found["unasked"].asked == 0
    assert worths(answers[-1:])["liar"].note.startswith("useless")
    few = worths([one(right=False, sources={"liar": given(0, cited=True)})])
    assert few["liar"].note.startswith("perhaps harmful")


def test_two_configurations_are_compared_question_by_question() -> None:
    pairs = [(one(right=False), one())] * 8 + [(one(), one(right=False))] + [(one(), one())] * 11
    found = difference(METRICS["right"], pairs)
    assert (round(found.value, 2), found.only_first, found.only_second, found.p) == (0.35, 1, 8, 0.0390625)
    assert found.significant
    same = difference(METRICS["right"], pairs[8:])
    assert not same.significant
    slower = difference(METRICS["latency_p50"], [(one(), one(seconds=0.9))] * 3)
    assert (round(slower.value, 3), slower.significant) == (0.4, False)
    assert difference(METRICS["latency_mean"], [(one(), one(seconds=0.9))] * 3).significant
    dearer = difference(METRICS["cost"], [(one(), one(cost=0.01 * each)) for each in range(1, 9)])
    assert dearer.significant
    assert difference(METRICS["mrr"], pairs).count == 0


@pytest.mark.parametrize(
    ("text", "found", "verdict"),
    [
        ("right>=0.9", Estimate(0.95, 0.92, 0.97, 200), "kept"),
        ("right>=0.9", Estimate(0.95, 0.75, 0.99, 20), "undecided"),
        ("right>=0.9", Estimate(0.6, 0.3, 0.95, 9), "undecided"),
        ("right >= 0.9", Estimate(0.7, 0.6, 0.8, 90), "broken"),
        ("right>=0.9", Estimate(math.nan, math.nan, math.nan, 0), "undecided"),
        ("silence_wrong<=0.1", Estimate(0.3, 0.2, 0.4, 90), "broken"),
        ("silence_wrong<=0.1", Estimate(0.01, 0.0, 0.05, 90), "kept"),
        ("latency_p95<=500ms", Estimate(0.7, 0.6, math.inf, 90), "broken"),
    ],
)
def test_a_gate_is_decided_only_with_enough_questions(text: str, found: Estimate, verdict: str) -> None:
    assert checked(gate(text, METRICS, comparing=False), found).verdict == verdict


@pytest.mark.parametrize(
    ("metric", "found", "verdict"),
    [
        ("right", Difference(-0.2, 100, 25, 5, 0.001), "broken"),
        ("right", Difference(-0.2, 5, 1, 0, 1.0), "undecided"),
        ("right", Difference(0.2, 100, 5, 25, 0.001), "kept"),
        ("silence_wrong", Difference(0.2, 100, 5, 25, 0.001), "broken"),
        ("latency_p95", Difference(0.2, 100), "undecided"),
        ("right", Difference(math.nan, 0), "undecided"),
    ],
)
def test_a_gate_of_two_is_broken_only_by_more_than_chance(metric: str, found: Difference, verdict: str) -> None:
    assert compared(gate(metric, METRICS, comparing=True), METRICS[metric], found).verdict == verdict


@pytest.mark.parametrize(
    ("text", "comparing"),
    [
        ("rigt>=0.9", False),
        ("right", False),
        ("right>=x", False),
        ("right>=nan", False),
        ("right>=0.9", True),
        ("", True),
    ],
)
def test_a_gate_that_makes_no_sense_is_told(text: str, comparing: bool) -> None:
    with pytest.raises(ConfigError, match="fanin asked nothing"):
        gate(text, METRICS, comparing=comparing)


def test_the_worst_gate_decides() -> None:
    kept, open_, broken = (
        GateResult(gate("right>=0", METRICS, comparing=False), each, "") for each in ("kept", "undecided", "broken")
    )
    assert [worst([]), worst([kept]), worst([kept, open_]), worst([open_, broken, kept])] == [
        "kept", "kept", "undecided", "broken"
    ]  # fmt: skip


@pytest.mark.parametrize("text", [*hostile_strings()])
def test_junit_is_xml_whatever_the_texts_are(text: str) -> None:
    wrong = one(right=False, text=text, expected=Expected(text, text, ((text,),)))
    bound = GateResult(gate("right>=0.9", METRICS, comparing=False), "broken", text)
    suite = ElementTree.fromstring(junit(text, [one(), wrong], [text], [bound]))[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "2", "errors": "1", "skipped": "0"
    }  # fmt: skip
    assert [[part.tag for part in each] for each in suite] == [[], ["failure"], ["error"], ["failure"]]


def test_leaving_out_a_source_is_compared_where_it_was_asked() -> None:
    answers = [one(), one(), one(right=False)]
    without = [{"a": one(right=False)}, {"a": one(), "b": one()}, {}]
    found = evaluated(METRICS, {"x": answers}, without=without).without
    assert {name: (each.value, each.count) for name, each in found.items()} == {"a": (-0.5, 2), "b": (0.0, 1)}
