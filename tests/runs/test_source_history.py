import pytest

from fanin.runs.source_history import (
    AskedSources,
    Call,
    Futile,
    Hour,
    SourceHistory,
    TimesOf,
    calls_of,
    ending,
    futile,
    history_of,
)

NO_HOURS = (Hour(),) * 24


def outcome(status: str = "ok", kind: str = "", **members) -> Call:
    return Call(status, kind, **members)


def run(name: str, question: str = "Is it open?", **calls) -> AskedSources:
    return AskedSources(name, question, calls)


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        ("ok", "", "ok"),
        ("ok", "stale", "ok"),
        ("partial", "timeout", "ok"),
        ("empty", "", "empty"),
        ("timeout", "deadline", "late"),
        ("timeout", "timeout", "late"),
        ("rate_limited", "rate_limited", "blocked"),
        ("open_circuit", "open_circuit", "blocked"),
        ("shed", "shed", "blocked"),
        ("error", "http_401", "blocked"),
        ("error", "http_403", "blocked"),
        ("error", "http_404", "failed"),
        ("error", "http_503", "failed"),
        ("error", "private", "blocked"),
        ("error", "connection", "failed"),
        ("skipped", "", ""),
        ("cancelled", "enough", ""),
    ],
)
def test_how_a_call_ended(status: str, kind: str, expected: str) -> None:
    assert ending(outcome(status, kind)) == expected


def test_calls_are_counted_by_how_they_ended_and_those_that_were_not_made_are_not() -> None:
    runs = [
        run("5", sea=outcome(fetching=1.5, waiting=0.5, processing=0.25)),
        run("4", sea=outcome("empty", fetching=1.0)),
        run("3", sea=outcome("skipped")),
        run("2", sea=outcome(cached=True)),
        run("1", land=outcome()),
        run("0", sea=outcome("error", "http_403", fetching=9.0)),
    ]
    last = TimesOf(80, 0.5, 1.5, 0.25)
    assert history_of("sea", runs) == SourceHistory(
        "sea",
        4,
        1,
        {"ok": 2, "empty": 1, "blocked": 1},
        (TimesOf(50, 0.0, 1.0, 0.0), last, TimesOf(95, 0.5, 1.5, 0.25)),
        (*NO_HOURS[:-1], Hour(4, 3, 2.25)),
    )
    assert history_of("river", runs) == SourceHistory("river", 0, 0, {}, (), NO_HOURS)


def test_the_last_24_hours_are_told_one_by_one() -> None:
    now = 100 * 3_600.0
    calls = [
        (0, outcome(fetching=1.0)),
        (3_599, outcome("empty", fetching=3.0)),
        (3_600, outcome("error", fetching=2.0)),
    ]
    made = [*calls, (5 * 3_600, outcome(cached=True)), (24 * 3_600 - 1, outcome(waiting=4.0)), (24 * 3_600, outcome())]
    runs = [AskedSources(str(age), "Is it open?", {"sea": call}, now - age) for age, call in made]
    hours = history_of("sea", runs, now=now).hours
    assert {23 - place: each for place, each in enumerate(hours) if each.asked} == {
        0: Hour(2, 2, 3.0),
        1: Hour(1, 0, 2.0),
        5: Hour(1, 1, None),
        23: Hour(1, 1, 4.0),
    }
    assert len(hours) == 24


def test_times_are_those_of_the_call_at_the_rank() -> None:
    runs = [run(str(number), sea=outcome(fetching=float(number))) for number in range(1, 21)]
    assert [each.fetching for each in history_of("sea", runs).times] == [10.0, 16.0, 19.0]


def test_a_question_is_futile_if_all_that_were_asked_had_nothing_to_say() -> None:
    nothing, skipped = outcome("empty"), outcome("skipped")
    runs = [
        run("5", "Where is it? ", sea=nothing, land=nothing, air=skipped),
        run("4", "Who is it?", sea=nothing, land=outcome("timeout")),
        run("3", "where  is it?", sea=nothing, land=nothing),
        run("2", "What is it?", sea=nothing, land=outcome()),
        run("1", "How is it?", sea=skipped),
    ]
    assert futile(runs) == [Futile("Where is it? ", "5", 2, 2)]


def span(kind: str, start: float, end: float) -> dict:
    return {"kind": kind, "source": "sea", "start": start, "end": end}


def events(spans: list[dict], *, end: float, pauses: tuple[tuple[float, float], ...] = ()) -> list[dict]:
    told = {"status": "ok", "kind": "", "cached": False}
    return [
        *({"event": "retrying", "source": "sea", "at": at, "after": after} for at, after in pauses),
        {"event": "finished", "source": "sea", "at": end},
        {"event": "answered", "at": 9.0, "answer": {"sources": {"sea": told}, "timeline": {"spans": spans}}},
    ]


@pytest.mark.parametrize(
    ("spans", "pauses", "end", "expected"),
    [
        ([span("fetch", 0.0, 2.0)], (), 2.0, (0.0, 2.0, 0.0)),
        ([span("fetch", 0.0, 2.0)], ((0.5, 1.0),), 2.0, (1.0, 1.0, 0.0)),
        ([span("fetch", 0.0, 2.0), span("process", 3.0, 4.0)], (), 4.0, (1.0, 2.0, 1.0)),
        ([span("fetch", 0.0, 2.0), span("process", 2.0, 3.0), span("process", 2.0, 3.0)], (), 3.0, (0.0, 2.0, 1.0)),
        ([span("fetch", 0.0, 2.0), span("process", 1.0, 2.0)], (), 2.0, (0.0, 1.0, 1.0)),
        ([], (), 2.0, (0.0, 0.0, 0.0)),
    ],
    ids=["only fetched", "paused", "waited for a worker", "on two workers at once", "while it was fetched", "unasked"],
)
def test_each_instant_of_a_call_counts_once(spans, pauses, end, expected) -> None:
    call = calls_of(events(spans, end=end, pauses=pauses))["sea"]
    assert (call.waiting, call.fetching, call.processing) == expected


@pytest.mark.parametrize("told", [[], [{"event": "finished", "source": "sea", "at": 1.0}]])
def test_a_run_without_an_answer_tells_of_no_source(told: list[dict]) -> None:
    assert calls_of(told) == {}
