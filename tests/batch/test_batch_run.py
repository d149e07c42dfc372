"""A batch from its first row to its last one, with an engine in this process."""

import asyncio
import json
import os
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from rich.console import Console

import fanin
from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.batch_journal import BatchJournal
from fanin.batch.batch_output import write_output
from fanin.batch.batch_run import BatchOptions, BatchRun
from fanin.batch.batch_statistics import KINDS, SPANS, BatchStatistics, Failures, Times
from fanin.batch.input_rows import InputRows
from fanin.batch.question_template import QuestionTemplate
from fanin.errors import RateLimited
from fanin.interfaces.cli.batch import batch_progress
from fanin.interfaces.cli.batch.batch_progress import progress, screen, summary
from fanin.model import Outcome
from fanin.timeline import Span, Timeline


class Limited:
    """A source that refuses the first calls, and counts all of them."""

    def __init__(self, refused: int) -> None:
        self.calls: list[str] = []
        self._refused = refused

    async def __call__(self, question: fanin.Question) -> str:
        self.calls.append(question.text)
        if len(self.calls) <= self._refused:
            raise RateLimited("slow down", 0.0)
        return f"The answer to {question.text} is nine."


def asked(folder: Path, source: Limited, *, count: int = 6, **options) -> tuple[BatchRun, list[dict]]:
    """Run a batch of so many questions; gives the run, and the rows of its output."""
    (folder / "q.jsonl").write_text("".join(f'{{"id": {n}, "question": "Question {n}?"}}\n' for n in range(count)))
    journal = BatchJournal(folder / "journal", {}, resume=True)
    chosen = BatchOptions(QuestionTemplate(), AdaptiveLimit(first=2, fixed=True), **options)

    async def run() -> BatchRun:
        async with fanin.Engine([fanin.Source("limited", fanin.source(source).fetch)], pool="inline") as engine:
            made = BatchRun(rows, journal, chosen)
            await made.run(engine)
            return made

    try:
        with closing(InputRows(folder / "q.jsonl")) as rows:
            made = asyncio.run(run())
        write_output(journal, folder / "out.jsonl")
    finally:
        journal.close()
    return made, [json.loads(each) for each in (folder / "out.jsonl").read_text().splitlines()]


def test_what_a_source_missed_is_asked_again_at_the_end(tmp_path: Path) -> None:
    source = Limited(3)
    run, rows = asked(tmp_path, source, second_pass=True)
    assert [each["success"] for each in rows] == [True] * 6
    assert [each["id"] for each in rows] == [*range(6)]
    assert sorted(source.calls) == sorted([f"Question {n}?" for n in (*range(6), 0, 1, 2)])
    assert (run.statistics.answered, run.statistics.set_aside) == (6, 3)


def test_without_a_second_pass_it_is_not(tmp_path: Path) -> None:
    source = Limited(3)
    run, rows = asked(tmp_path, source)
    assert [each["success"] for each in rows] == [False] * 3 + [True] * 3
    assert (len(source.calls), run.statistics.answered, run.statistics.unanswered) == (6, 3, 3)
    assert rows[0]["outcomes"] == {"limited": "rate_limited: slow down"}


def test_what_the_second_pass_misses_again_is_an_answer_all_the_same(tmp_path: Path) -> None:
    _, rows = asked(tmp_path, Limited(1_000), second_pass=True)
    assert [each["success"] for each in rows] == [False] * 6


def test_only_so_many_rows_are_asked_and_those_that_are_known_are_not_asked_again(tmp_path: Path) -> None:
    source = Limited(0)
    asked(tmp_path, source, most=4)
    run, rows = asked(tmp_path, source)
    assert sorted(source.calls) == [f"Question {n}?" for n in range(6)]
    assert (len(rows), run.statistics.answered, run.statistics.known) == (6, 6, 4)


def test_progress_and_summary_say_what_happened(tmp_path: Path) -> None:
    run, _ = asked(tmp_path, Limited(3), second_pass=True)
    cores = os.process_cpu_count()
    assert progress(run, 2.0, 1.25) == (f"6 rows, 3.0 a second, 2 at a time, 1.2 of {cores} cores, 3 set aside")
    lines = summary(run.statistics, Path("out.jsonl")).splitlines()
    assert lines[0] == "out.jsonl: 6 answered, 0 without an answer, 0 with an error."
    assert lines[2].startswith("limited: 6 ok, 3 rate limited; ")
    assert summary(BatchStatistics(failed=1_000), Path("o")) == (
        "o: 0 answered, 0 without an answer, 1,000 with an error."
    )


def test_the_screen_shows_each_source_with_its_failures(tmp_path: Path) -> None:
    run, _ = asked(tmp_path, Limited(3), second_pass=True)
    shown = StringIO()
    Console(file=shown, width=100).print(screen(run, 2.0, 1.25))
    *_, heads, row = shown.getvalue().splitlines()
    assert heads.split() == ["source", "asked", "success", "p50", "p95", "failures"]
    assert row.split()[:3] == ["limited", "9", "67%"]
    assert row.split()[-2:] == ["3", "rate_limited"]


async def test_without_a_terminal_it_is_a_line_now_and_then(tmp_path: Path, monkeypatch, capsys) -> None:
    run = BatchRun(
        rows=type("Half", (), {"share": 0.5})(),
        journal=type("Empty", (), {"statistics": ""})(),
        options=BatchOptions(QuestionTemplate(), AdaptiveLimit(first=2, fixed=True)),
    )
    monkeypatch.setattr(batch_progress, "LOG_SECONDS", 0.02)
    async with batch_progress.following(run):
        await asyncio.sleep(0.5)
    first, *more = capsys.readouterr().err.splitlines()
    assert first.startswith("0 rows, 0.0 a second, 2 at a time, ")
    assert more


def test_the_rest_is_estimated_from_what_was_read(tmp_path: Path) -> None:
    run, _ = asked(tmp_path, Limited(0), most=4)
    assert run.left() == 0.0
    run.options = replace(run.options, most=None)
    run.rows = type("Half", (), {"share": 0.5})()
    assert run.left() == 4.0
    assert "6 rows" not in progress(run, 2.0, 0.0)
    assert "about 2 s left" in progress(run, 2.0, 0.0)
    run.rows = type("Unknown", (), {"share": None})()
    assert run.left() is None


def test_statistics_of_a_batch_that_was_stopped_are_those_of_all_its_rows(tmp_path: Path) -> None:
    first, _ = asked(tmp_path, Limited(2), most=4)
    second, _ = asked(tmp_path, Limited(0))
    assert second.before == first.statistics.done == 4
    told = second.statistics
    assert (told.answered, told.unanswered, told.known) == (4, 2, 4)
    assert told.sources["limited"].statuses == {"rate_limited": 2, "ok": 4}
    assert told.sources["limited"].failures == {"rate_limited": Failures(2, "slow down")}
    assert told.times.counts.total() == 6
    assert sorted(each.number for each in told.slowest) == [1, 2, 3, 4, 5, 6]
    assert told.seconds > first.statistics.seconds > 0


def test_half_characters_of_a_source_do_not_stop_a_batch(tmp_path: Path) -> None:
    class Broken(Limited):
        async def __call__(self, question: fanin.Question) -> str:
            raise RateLimited("half \ud83d of one", 0.0)

    run, rows = asked(tmp_path, Broken(0), count=2)
    assert [each["success"] for each in rows] == [False, False]
    assert run.statistics.sources["limited"].failures["rate_limited"].message == "half \ufffd of one"


def run_answer() -> fanin.Answer:
    @fanin.source
    async def nine(question: fanin.Question) -> str:
        return "The answer is nine."

    async def ask() -> fanin.Answer:
        async with fanin.Engine([nine], pool="inline") as engine:
            return await engine.ask("What is the answer?")

    return asyncio.run(ask())


def test_statistics_do_not_grow_with_the_batch() -> None:
    few = BatchStatistics()
    timeline = Timeline(tuple(Span("fetch", f"lane {n}", "x", n / 100, 1.0) for n in range(500)), 1.0)
    given, outcomes = run_answer(), {"x": Outcome("x", "error")}
    for number in range(2_000):
        outcomes["x"] = replace(outcomes["x"], kind=f"kind {number}", message="m" * 1_000)
        answer = replace(given, query="q" * 9_000, timeline=timeline, sources=outcomes, execution_time=number)
        few.see(number, answer)
        few.fail("e" * 9_000)
    assert len(TypeAdapter(BatchStatistics).dump_json(few)) < 150_000
    assert [each.number for each in few.slowest] == [*range(1_999, 1_989, -1)]
    assert {len(each.timeline.spans) for each in few.slowest} == {SPANS}
    assert few.sources["x"].failures["other"].count == 2_000 - KINDS


@pytest.mark.parametrize("share", [0.01, 0.5, 0.95, 1.0])
def test_times_are_counted_in_steps_of_12_percent(share: float) -> None:
    times, values = Times(), [0.001 * number for number in range(1, 1_001)]
    for each in values:
        times.see(each)
    exact = values[max(0, round(share * 1_000) - 1)]
    assert exact <= times.percentile(share) * 1.000_001
    assert times.percentile(share) <= exact * 1.13
