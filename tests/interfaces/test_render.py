import json
import math
from dataclasses import replace

import pytest

from fanin.events import Answered, Event, Fetched, Finished, Planned, Processed, Retrying, Revised, Started
from fanin.interfaces.render import answer_text, citation_lines, to_text
from fanin.model import Answer, Citation, Document, Failure, Outcome, Question
from fanin.sanitize import block, line
from fanin.streams.event_json import dumps, to_json
from fanin.timeline import Span, Timeline

NASTY = "a\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b2J\u202eb\u2066c\x00\x7f\u200b\ufeff\U000e0041d"


def answer(**changes: object) -> Answer:
    values: dict[str, object] = {
        "query": "Q?",
        "text": "It rains [1]. Ferries rest [2].",
        "citations": (
            Citation(1, "It rains", "weather", 1, 0, 8, title="Forecast", url="https://w.example/1"),
            Citation(2, "Ferries rest", "news", 3, 0, 12),
        ),
        "passages": (),
        "sources": {
            "weather": Outcome("weather", "ok", documents=1, kept=1),
            "news": Outcome("news", "partial", "truncated", "it broke off", documents=3, kept=3),
            "wiki": Outcome("wiki", "timeout", "timeout", "No answer within 5 s."),
        },
        "inferences": (),
        "errors": (),
        "success": True,
        "coverage": 1 / 3,
        "execution_time": 2.345,
        "cores_used": 2,
        "timeline": Timeline((Span("fetch", "weather", "weather", 0.0, 2.0),), 2.345, 2),
    }
    return Answer(**{**values, **changes})  # pyright: ignore[reportArgumentType]


EVENTS: list[Event] = [
    Planned(0.0, Question("Q?", "a-1", math.inf), ("weather", "news"), 15.0),
    Started(0.001, "weather"),
    Retrying(0.5, "weather", 2, 0.25, "it answered 500"),
    Fetched(1.23456, "news", Document("text", title="Title", source="news", number=3)),
    Processed(1.5, "news", 3, "interpreter-1", 0.125),
    Processed(1.6, "news", 4, "interpreter-1", 0.1, Failure("timeout", "too slow", 4)),
    Finished(2.0, "weather", Outcome("weather", "rate_limited", "rate_limited", "slow down")),
    Revised(2.0, answer(final=False, revision=1)),
    Answered(2.345, answer()),
]


def test_an_event_reads_as_one_line_with_its_time() -> None:
    assert [to_text(event) for event in EVENTS] == [
        "  0.00 s  asking weather, news (deadline in 15 s): Q?",
        "  0.00 s  weather: fetching",
        "  0.50 s  weather: attempt 1 failed, the next one begins in 0.25 s",
        "  1.23 s  news: document 3: Title",
        "  1.50 s  news: document 3 processed in 0.125 s by interpreter-1",
        "  1.60 s  news: document 4 not processed: too slow",
        "  2.00 s  weather: rate limited, 0 documents",
        "  2.00 s  first answer: 2 of 3 sources answered in 2.35 s on 2 cores",
        "  2.35 s  answer: 2 of 3 sources answered in 2.35 s on 2 cores",
    ]


def test_an_event_as_json_is_one_line_with_its_name_first_and_then_its_time() -> None:
    for event in EVENTS:
        text = to_json(event)
        assert len(text.splitlines()) == 1
        assert list(json.loads(text))[:2] == ["event", "at"]
    fetched = json.loads(to_json(EVENTS[3]))
    assert (fetched["event"], fetched["at"], fetched["document"]["title"]) == ("fetched", 1.2346, "Title")
    assert json.loads(to_json(EVENTS[-1]))["answer"]["timeline"]["critical_path"] == [0]


def test_numbers_that_json_lacks_become_null() -> None:
    assert json.loads(to_json(EVENTS[0]))["question"]["deadline"] is None
    assert dumps({"a": [math.nan, -math.inf, 1.5, {"b": math.inf}]}) == '{"a": [null, null, 1.5, {"b": null}]}'


def test_values_that_json_lacks_become_text() -> None:
    assert dumps({1: {2}, "b": b"x"}) == '{"1": "{2}", "b": "b\'x\'"}'


def test_json_keeps_every_character_and_writes_none_that_a_terminal_obeys() -> None:
    text = dumps(f"{NASTY}\u2028\x85ü\ud800")
    assert json.loads(text) == f"{NASTY}\u2028\x85ü\ufffd", "a lone surrogate is no character"
    assert "ü" in text
    assert not set(text) & set("\x1b\x07\x9b\x7f\x85\u202e\u2066\u2028\u200b\ufeff\U000e0041\ud800")
    text.encode("utf-8")


def test_text_for_people_holds_nothing_that_a_terminal_obeys() -> None:
    assert line(NASTY) == "ared" + "bcd"
    assert line("no \x1b[ end") == "no nd"
    assert line("before \x1b]8;;https://evil.example") == "before"
    assert line("lone \ud800") == "lone \ufffd"
    assert block("one\r\ntwo\u2028three\x0bfour\tfive") == "one\ntwo\nthree\nfour    five"


def test_an_unfinished_sequence_cannot_swallow_the_next_line() -> None:
    assert block("a\x1b]0;x\nb\x90y\nc") == "a\nb\nc"


def test_a_line_has_a_limit() -> None:
    assert line("x" * 50, limit=10) == "x" * 9 + "…"
    assert line(" a \n  b ") == "a b"


def test_a_long_text_full_of_escapes_is_cleaned_quickly() -> None:
    assert block("\x1b]" * 500_000) == ""
    assert block("\x1b[" * 500_000) == ""
    assert len(block("\x90" + "a" * 2_000_000)) == 0


def test_the_answer_as_text_has_citations_what_is_missing_and_the_time() -> None:
    assert answer_text(answer()) == (
        "It rains [1]. Ferries rest [2].\n\n"
        "[1] Forecast (weather)\n    https://w.example/1\n"
        "[2] document 3 (news)\n\n"
        "in part: news: it broke off\n"
        "missing: wiki: No answer within 5 s.\n\n"
        "2 of 3 sources answered in 2.35 s on 2 cores"
    )


def test_a_citation_is_shown_with_the_day_of_its_document() -> None:
    seen = Citation(1, "It rains", "news", 1, 0, 8, "Storm", published="2026-11-20T09:30:00Z")
    assert citation_lines(seen) == "[1] Storm (news, 2026-11-20)"
    assert citation_lines(replace(seen, published="")) == "[1] Storm (news)"


def test_an_answer_without_anything_says_so() -> None:
    empty = answer(text="", citations=(), sources={}, cores_used=1)
    assert answer_text(empty) == "No answer.\n\n0 of 0 sources answered in 2.35 s on 1 core"


def test_a_source_with_nothing_to_say_is_not_counted_among_those_that_answered() -> None:
    empty = answer(text="", citations=(), sources={"news": Outcome("news", "empty"), "wiki": Outcome("wiki", "error")})
    assert answer_text(empty).endswith("\n\n0 of 2 sources answered, 1 had nothing to say, in 2.35 s on 2 cores")


@pytest.mark.parametrize("text", [NASTY, "\x1b]52;c;ZXZpbA==\x07", "\u202egnp.exe"])
def test_whatever_sources_say_reaches_no_terminal_raw(text: str) -> None:
    nasty = answer(
        text=text,
        citations=(Citation(1, text, text, 1, 0, 1, title=text, url=f"https://x.example/{text}"),),
        sources={text: Outcome(text, "error", text, text)},
    )
    events = [
        Planned(0.0, Question(text), (text,), 1.0),
        Retrying(0.0, text, 2, 0.1, text),
        Fetched(0.0, text, Document(text, title=text)),
        Processed(0.0, text, 1, text, 0.1, Failure(text, text)),
        Finished(0.0, text, nasty.sources[text]),
    ]
    shown = "\n".join([answer_text(nasty), *map(to_text, events), *map(to_json, events), dumps(nasty)])
    assert not set(shown) & set("\x1b\x07\x9b\x7f\x00\u202e\u2066\u200b\ufeff\U000e0041")
