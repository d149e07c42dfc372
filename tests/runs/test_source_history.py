import pytest

from fanin.runs.source_history import AskedSources, Futile, SourceHistory, TimesOf, ending, futile, history_of


def outcome(status: str = "ok", kind: str = "", **members) -> dict:
    return {
        "status": status,
        "kind": kind,
        "cached": False,
        "waiting": 0.0,
        "fetching": 0.0,
        "processing": 0.0,
        **members,
    }


def run(name: str, question: str = "Is it open?", **outcomes) -> AskedSources:
    return AskedSources(name, question, outcomes)


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
        run("5", sea=outcome(fetching=2.0, waiting=0.5, processing=0.25)),
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
    )
    assert history_of("river", runs) == SourceHistory("river", 0, 0, {}, ())


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
