"""The critical path, by hand-made cases, and the time on the clock that intervals cover."""

import math

import pytest

from fanin.timeline import Span, Timeline, covered


def fetch(source: str, start: float, end: float) -> Span:
    return Span("fetch", source, source, start, end)


def process(worker: str, source: str, start: float, end: float, *, arrived: float, document: int = 1) -> Span:
    return Span("process", worker, source, start, end, document, end - start, arrived)


def answer(start: float, end: float) -> Span:
    return Span("answer", "answer", "", start, end)


A, B = fetch("a", 0.0, 1.0), fetch("b", 0.0, 2.0)


@pytest.mark.parametrize(
    ("spans", "path"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([A, B, answer(2.0, 2.1)], [1, 2], id="the slowest fetch"),
        pytest.param([A, process("w", "a", 1.0, 3.0, arrived=1.0), B, answer(3.0, 3.1)], [0, 1, 3], id="fetch, work"),
        pytest.param(
            # The document of b came while its worker was busy with that of a.
            [
                A,
                process("w", "a", 1.0, 3.0, arrived=1.0),
                B,
                process("w", "b", 3.0, 4.0, arrived=2.0),
                answer(4.0, 4.1),
            ],
            [0, 1, 3, 4],
            id="work waited for its worker",
        ),
        pytest.param(
            # The worker was idle from 1.5 s on: what it did before held nothing up.
            [
                A,
                process("w", "a", 1.0, 1.5, arrived=1.0),
                B,
                process("w", "b", 2.0, 4.0, arrived=2.0),
                answer(4.0, 4.1),
            ],
            [2, 3, 4],
            id="the worker was idle",
        ),
        pytest.param(
            # b gave its first document at 0.5 s and went on until 2 s; its work began at once.
            [B, process("w", "b", 0.5, 3.0, arrived=0.5), answer(3.0, 3.1)],
            [0, 1, 2],
            id="work began before its fetch ended",
        ),
        pytest.param(
            [
                fetch("a", 0.0, 0.2),
                process("w", "a", 0.2, 0.4, arrived=0.2),
                B,
                process("w", "b", 0.5, 3.0, arrived=0.5),
                answer(3.0, 3.1),
            ],
            [2, 3, 4],
            id="work began before its fetch ended, on a worker that had been idle",
        ),
        pytest.param(
            [A, Span("model", "m", "a", 1.0, 3.0), B, answer(3.0, 3.1), Span("model", "m", "", 3.1, 5.0)],
            [0, 1, 3, 4],
            id="models that read a source, and that write the answer",
        ),
        pytest.param([fetch("a", 0.0, 5.0), answer(4.0, 4.1)], [1], id="the answer did not wait for a source"),
    ],
)
def test_the_critical_path_is_what_the_answer_waited_for(spans: list[Span], path: list[int]) -> None:
    timeline = Timeline(tuple(spans), spans[-1].end if spans else 0.0)
    assert timeline.critical_path() == tuple(spans[place] for place in path)
    assert timeline.to_dict()["critical_path"] == path


@pytest.mark.parametrize(
    ("intervals", "until", "seconds"),
    [
        ([], math.inf, 0.0),
        ([(0.0, 1.0), (2.0, 3.0)], math.inf, 2.0),
        ([(2.0, 3.0), (0.0, 2.5)], math.inf, 3.0),
        ([(0.0, 4.0), (1.0, 2.0)], math.inf, 4.0),
        ([(0.0, 4.0), (5.0, 6.0)], 3.0, 3.0),
    ],
)
def test_time_that_is_covered_twice_counts_once(
    intervals: list[tuple[float, float]], until: float, seconds: float
) -> None:
    assert covered(intervals, until=until) == seconds
