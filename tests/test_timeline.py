"""The critical path, by hand-made cases and of any schedule, and the time on the clock that intervals cover."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=8), st.integers(0, 40))
def test_covered_time_is_the_instants_that_lie_in_an_interval(drawn: list[tuple[int, int]], until: int) -> None:
    instants = {instant for start, length in drawn for instant in range(start, min(start + length, until))}
    assert covered([(start, start + length) for start, length in drawn], until=until) == len(instants)


def scheduled(sources: Sequence[tuple[int, int]], workers: int) -> Timeline:
    """What (seconds to fetch, seconds of work) take when each document goes to the worker that is free first."""
    free, spans = [0.0] * workers, list[Span]()
    for number, (fetching, working) in sorted(enumerate(sources), key=lambda each: (each[1][0], each[0])):
        worker = free.index(min(free))
        start = max(free[worker], float(fetching))
        free[worker] = start + working
        spans.append(fetch(f"s{number}", 0.0, fetching))
        spans.append(process(f"w{worker}", f"s{number}", start, free[worker], arrived=float(fetching)))
    total = max(span.end for span in spans)
    return Timeline((*spans, answer(total, total + 1)), total + 1, workers)


SOURCES = st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=6)


@given(SOURCES, st.integers(1, 3))
def test_the_critical_path_of_a_schedule_is_a_chain_without_gaps_from_its_start_to_its_end(
    sources: list[tuple[int, int]], workers: int
) -> None:
    timeline = scheduled(sources, workers)
    path = timeline.critical_path()
    assert path[0].start == 0.0
    assert path[-1].kind == "answer"
    assert [span.end for span in path[:-1]] == [span.start for span in path[1:]]
    assert sum(span.seconds for span in path) == timeline.total


@given(SOURCES, st.integers(1, 3))
def test_no_schedule_is_faster_than_its_lower_bound_or_slower_than_one_after_another(
    sources: list[tuple[int, int]], workers: int
) -> None:
    timeline = scheduled(sources, workers)
    assert timeline.lower_bound() <= timeline.total <= timeline.sequential()
    assert timeline.lower_bound(workers + 1) <= timeline.lower_bound(workers)


SPANS = st.builds(
    lambda kind, lane, start, length, arrived: Span(kind, lane, lane, start, start + length, 1, length, arrived),
    st.sampled_from(("fetch", "wait", "model", "process", "answer")),
    st.sampled_from("abc"),
    st.integers(0, 20).map(float),
    st.integers(0, 20).map(float),
    st.integers(0, 20).map(float),
)


@given(st.lists(SPANS, max_size=12), st.integers(0, 40).map(float))
def test_any_spans_have_a_critical_path_without_repetition_and_every_span_has_its_lane(
    spans: list[Span], total: float
) -> None:
    timeline = Timeline(tuple(spans), total)
    path = timeline.critical_path()
    assert len(set(path)) == len(path)
    assert set(path) <= set(spans)
    assert [span.end for span in path[-1:]] == sorted(span.end for span in spans if span.end <= total)[-1:]
    assert sorted(map(repr, spans)) == sorted(repr(span) for lane in timeline.lanes().values() for span in lane)
