"""The record of one source: each transition under a given clock, with `==`."""

import ast
from pathlib import Path
from typing import Any

import pytest

import fanin
from fanin.errors import CircuitOpen, RateLimited, SourceError
from fanin.events import (
    Cached,
    CircuitOpened,
    Fetched,
    Finished,
    Hedged,
    Processed,
    Processing,
    Retrying,
    Waiting,
)
from fanin.model import Document, Failure, Inference, Notice, Outcome, Processor
from fanin.pools.pool import Done
from fanin.run.source.source_end import OK, STOPPED, End, end_of, failed, outcome_without
from fanin.run.source.source_input import (
    COMPLETE,
    Compared,
    FetchEnded,
    Inferred,
    PartDone,
    Stopped,
    WorkStarted,
)
from fanin.run.source.source_run import SourceRun
from fanin.timeline import Span

ASKED = 100.0
SOURCE = fanin.Source("s", lambda _: None, timeout=2.0)
HELLO = Document("Hello.", source="s", number=1)


def work(_: str, document: Document) -> str:
    return document.text


def started(processor: Processor | None = None) -> SourceRun:
    return SourceRun(SOURCE, processor or Processor(work), ASKED)


def done(value: Any, began: float, ended: float, *, failure: Failure | None = None, worker: str = "w") -> Done:
    return Done(value, failure, worker, began, ended, 0.25)


def test_a_document_is_numbered_told_and_to_be_processed_once() -> None:
    run = started()
    assert run.receive(Document("Hello."), 101.0) == (Fetched(1.0, "s", HELLO),)
    assert tuple(run.take_parts()) == (HELLO,)
    assert tuple(run.take_parts()) == ()


def test_a_document_has_no_half_characters_in_any_of_its_texts() -> None:
    run = started()
    run.receive(
        Document("Hello \ud83d.", title="\udc00 T", url="https://example.com/\ud800", published="\ud800"), 101.0
    )
    (document,) = run.take_parts()
    assert (document.text, document.title) == ("Hello \ufffd.", "\ufffd T")
    assert (document.url, document.published) == ("https://example.com/\ufffd", "\ufffd")


def test_a_processed_document_is_told_with_the_time_that_it_took() -> None:
    run = started()
    run.receive(Document("Hello."), 101.0)
    assert run.receive(WorkStarted(1, "w"), 101.5) == (Processing(1.5, "s", 1, "w"),)
    assert run.receive(WorkStarted(1, "x"), 101.5) == (), "its other parts begin unheard"
    # The worker's clock is 90 seconds behind.
    events = run.receive(PartDone(HELLO, done("HELLO", 11.5, 12.0), 101.0, 90.0), 102.5)
    assert events == (Processed(2.5, "s", 1, "w", 0.5),)
    assert run.receive(FetchEnded(100.5), 103.0) == ()
    assert run.receive(COMPLETE, 103.0) == (
        Finished(3.0, "s", Outcome("s", "ok", waiting=0.5, fetching=2.5, processing=0.5, documents=1, kept=1)),
    )
    result = run.result()
    assert result.values == {1: "HELLO"}
    assert result.inferences == (Inference("s", 1, "HELLO"),)
    assert result.documents == (HELLO,)
    assert result.spans == (Span("process", "w", "s", 1.5, 2.0, 1, 0.25, 1.0), Span("fetch", "s", "s", 0.5, 3.0))
    assert result.ended


def halves(document: Document) -> list[Document]:
    return [Document(half, source="s", number=document.number, part=n, parts=2) for n, half in enumerate("ab", 1)]


def test_parts_make_one_value_in_their_order_and_wait_once_on_the_clock() -> None:
    run = started(Processor(work, split=halves, merge="".join))
    run.receive(Document("ab"), 101.0)
    first, second = run.take_parts()
    assert run.receive(PartDone(second, done("B", 105.0, 106.0), 101.0, 0.0), 106.0) == ()
    assert run.receive(PartDone(first, done("A", 104.0, 105.0), 101.0, 0.0), 106.0) == (
        Processed(6.0, "s", 1, "w", 2.0),
    )
    assert run.result().values == {1: "AB"}
    run.receive(COMPLETE, 106.0)
    assert run.result().outcome.waiting == 4.0, "from 1 to 5 s, not 3 s and 4 s"


def test_a_split_and_a_merge_that_fail_are_failures_of_the_document() -> None:
    def broken(_: Any) -> Any:
        raise ValueError("no")

    run = started(Processor(work, split=broken))
    run.receive(Document("ab"), 101.0)
    assert tuple(run.take_parts()) == ()
    assert run.result().outcome.failures == (Failure("exception", "Its split raised ValueError: no.", 1),)
    run = started(Processor(work, split=halves, merge=broken))
    run.receive(Document("ab"), 101.0)
    for part in run.take_parts():
        run.receive(PartDone(part, done("x", 1.0, 1.0), 101.0, 100.0), 102.0)
    assert run.result().outcome.failures == (Failure("exception", "Its merge raised ValueError: no.", 1),)
    assert run.result().values == {}


def test_a_document_without_text_is_dropped_and_not_processed() -> None:
    run = started()
    run.receive(Document(" \n"), 101.0)
    assert tuple(run.take_parts()) == ()
    assert not run.delivered
    run.receive(COMPLETE, 101.0)
    dropped = (Failure("empty", "Document 1 has no text; fanin left it out.", 1),)
    assert run.result().outcome == Outcome("s", "empty", documents=1, dropped=dropped)
    assert run.result().documents == []


@pytest.mark.parametrize(
    ("notice", "event"),
    [
        (Notice("waiting", after=2.0, message="rate"), Waiting(1.0, "s", "rate", 2.0)),
        (Notice("retrying", attempt=2, after=0.5, message="gone"), Retrying(1.0, "s", 2, 0.5, "gone")),
        (Notice("hedged"), Hedged(1.0, "s")),
        (Notice("cached", after=60.0), Cached(1.0, "s", 60.0)),
        (Notice("opened", after=5.0, message="http_500"), CircuitOpened(1.0, "s", 5.0, "http_500")),
    ],
)
def test_what_policies_do_is_told_while_they_do_it(notice: Notice, event: object) -> None:
    assert started().receive(notice, 101.0) == (event,)


def test_notices_count_in_the_outcome() -> None:
    run = started()
    for notice, now in [
        (Notice("waited", after=0.25), 101.0),
        (Notice("retrying", attempt=2, after=0.5), 102.0),
        (Notice("retrying", attempt=3, after=9.0), 104.0),
        (Notice("hedged"), 104.0),
        (Notice("cached", after=60.0, message="http_500: broken"), 104.0),
    ]:
        run.receive(notice, now)
    run.receive(Document("Hello."), 105.0)
    run.receive(Stopped(OK), 105.0)
    run.receive(COMPLETE, 105.0)
    outcome = run.result().outcome
    assert (outcome.attempts, outcome.hedges, outcome.cached, outcome.age) == (3, 1, True, 60.0)
    assert outcome.waiting == 0.25 + 0.5 + 1.0, "a wait ends with its source"


def test_why_there_is_nothing_is_the_message_of_an_empty_outcome() -> None:
    run = started()
    run.receive(Notice("nothing", message="No such place."), 101.0)
    run.receive(COMPLETE, 101.0)
    assert run.result().outcome == Outcome("s", "empty", "", "No such place.")


def test_a_source_that_is_stopped_gives_up_what_is_not_processed() -> None:
    run = started()
    run.receive(Document("Hello."), 101.0)
    run.receive(Stopped(STOPPED["deadline"]), 102.0)
    run.receive(Stopped(STOPPED["cancelled"]), 102.0)
    run.receive(COMPLETE, 102.0)
    outcome = run.result().outcome
    assert (outcome.status, outcome.kind) == ("partial", "deadline"), "the first reason stands"
    assert outcome.failures == (Failure("deadline", "Document 1 was not processed in time.", 1),)


def test_after_its_end_it_takes_in_nothing_but_what_models_found() -> None:
    run = started()
    run.receive(Document("Hello."), 101.0)
    value = {"passages": [{"start": 0, "text": "Hello."}, {"start": 7, "text": "Bye."}]}
    run.receive(PartDone(HELLO, done(value, 1.0, 1.5), 101.0, 100.0), 102.0)
    run.receive(COMPLETE, 103.0)
    before = run.result()
    for item in (Document("More."), Notice("hedged"), FetchEnded(ASKED), Stopped(End("error")), COMPLETE):
        assert run.receive(item, 104.0) == ()
    assert run.result() == before
    run.receive(Compared({(1, 7): 0.5}, [(1, done(None, 4.0, 4.5))], 104.0, 100.0), 105.0)
    assert run.result().values[1]["passages"] == [
        {"start": 0, "text": "Hello."},
        {"start": 7, "text": "Bye.", "meaning": 0.5},
    ]
    assert "meaning" not in value["passages"][1], "what a worker gave is not changed"
    assert before.values[1] == value


def test_what_a_model_says_of_a_source_comes_first() -> None:
    run = started()
    run.receive(Document("Hello."), 101.0)
    run.receive(PartDone(HELLO, done("x", 1.0, 1.5), 101.0, 100.0), 102.0)
    run.receive(Inferred("a greeting", "model", 102.0), 104.0)
    assert run.result().inferences == (Inference("s", 0, "a greeting"), Inference("s", 1, "x"))
    assert run.result().spans[-1] == Span("model", "model", "s", 2.0, 4.0)


def test_one_document_too_many_and_what_is_none_are_errors() -> None:
    run = SourceRun(SOURCE, Processor(work), ASKED, most=3)
    for _ in range(3):
        run.receive(Document("x"), 101.0)
    with pytest.raises(SourceError, match="More than 3 documents"):
        run.receive(Document("x"), 101.0)
    with pytest.raises(SourceError, match="It gave a str"):
        started().receive("text", 101.0)  # pyright: ignore[reportArgumentType]


BROKEN = (Failure("exception", "It broke.", 1),)


@pytest.mark.parametrize(
    ("end", "usable", "failures", "expected"),
    [
        (OK, 1, (), OK),
        (OK, 0, (), End("empty", "", "nothing")),
        (OK, 2, BROKEN, End("partial", "exception", "1 of 2 documents not processed: It broke.")),
        (End("timeout", "timeout", "late"), 0, BROKEN, End("timeout", "timeout", "late")),
        (End("timeout", "timeout", "late"), 1, (), End("partial", "timeout", "1 document came before this: late")),
        (
            End("error", "http_500", "It answered 500; fanin took nothing from it."),
            2,
            BROKEN,
            End("partial", "http_500", "2 documents came before this: It answered 500; fanin read no further."),
        ),
    ],
)
def test_how_a_source_ended(end: End, usable: int, failures: tuple[Failure, ...], expected: End) -> None:
    assert end_of(end, usable, failures, nothing="nothing") == expected


def test_an_old_answer_says_so() -> None:
    assert end_of(OK, 1, (), stale="old") == End("ok", "stale", "old")
    assert end_of(OK, 1, BROKEN, stale="old").kind == "exception"


def test_what_is_merged_or_unreadable_is_counted_and_may_leave_nothing() -> None:
    run = started()
    run.receive(Document("Hello."), 101.0)
    run.receive(Document("Hello again."), 101.0)
    run.receive(COMPLETE, 101.0)
    result = run.result()
    assert outcome_without(result, merged=0, unreadable=()) is result.outcome
    merged = outcome_without(result, merged=2, unreadable=())
    assert (merged.status, merged.kept, merged.merged) == ("ok", 0, 2)
    unreadable = outcome_without(result, merged=0, unreadable=(1, 2))
    assert (unreadable.status, unreadable.kept, len(unreadable.dropped)) == ("empty", 0, 2)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (RateLimited("Slow down.", 1.0), "rate_limited", "rate_limited"),
        (SourceError("Slow down.", "rate_limited"), "rate_limited", "rate_limited"),
        (CircuitOpen("Not now.", 1.0), "open_circuit", "open_circuit"),
        (SourceError("Too many wait.", "shed"), "shed", "shed"),
        (SourceError("No.", "http_404"), "error", "http_404"),
        (TimeoutError(), "timeout", "timeout"),
        (ExceptionGroup("two", [TimeoutError(), ValueError()]), "timeout", "timeout"),
        (ConnectionResetError(), "error", "connection"),
        (ValueError("no"), "error", "exception"),
    ],
)
def test_how_a_source_ends_that_raised(error: BaseException, status: str, kind: str) -> None:
    end = failed(error, SOURCE)
    assert (end.status, end.kind) == (status, kind)
    assert end.message


def test_nobody_else_writes_the_fields_of_a_source_run() -> None:
    fields = set(SourceRun.__slots__)
    folder = Path(fanin.__file__).parent / "run"
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in fields and path.name != "source_run.py":
                    owner = ast.unparse(target.value)
                    assert owner == "self", f"{path.name} writes {ast.unparse(target)}"


@pytest.mark.parametrize(("seconds", "waiting"), [(0.00005, 0.0), (0.5, 0.5)])
def test_a_document_waits_only_from_the_shortest_wait_on(seconds: float, waiting: float) -> None:
    run = started()
    run.receive(Document("Hello."), 101.0)
    run.receive(PartDone(HELLO, done("x", 101.0 + seconds, 102.0), 101.0, 0.0), 102.0)
    run.receive(COMPLETE, 103.0)
    assert run.result().outcome.waiting == pytest.approx(waiting)


def test_a_quiet_one_tells_only_what_is_a_warning() -> None:
    run = SourceRun(SOURCE, Processor(work), ASKED, quiet=True)
    assert run.receive(Document("Hello."), 101.0) == ()
    assert run.receive(PartDone(HELLO, done("x", 1.0, 1.5), 101.0, 100.0), 102.0) == ()
    run.receive(Document("Bye."), 102.0)
    broken = Failure("exception", "It broke.", 2)
    part = run.take_parts()[1]
    events = run.receive(PartDone(part, done(None, 2.0, 2.5, failure=broken), 102.0, 100.0), 103.0)
    assert events == (Processed(3.0, "s", 2, "w", 0.5, broken),)
    assert [type(event) for event in run.receive(COMPLETE, 103.0)] == [Finished]
