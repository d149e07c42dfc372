"""A batch from its first row to its last one, with an engine in this process."""

import asyncio
import json
from contextlib import closing
from pathlib import Path

import pytest

import fanin
from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.batch_journal import BatchJournal
from fanin.batch.batch_output import write_output
from fanin.batch.batch_run import BatchOptions, BatchRun
from fanin.batch.batch_statistics import BatchStatistics, Times
from fanin.batch.input_rows import InputRows
from fanin.batch.question_template import QuestionTemplate
from fanin.errors import RateLimited
from fanin.interfaces.cli.batch.batch_progress import progress, summary


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
            made = BatchRun(engine, rows, journal, chosen)
            await made.run()
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
    assert (len(rows), run.statistics.answered, run.statistics.known) == (6, 2, 4)


def test_progress_and_summary_say_what_happened(tmp_path: Path) -> None:
    run, _ = asked(tmp_path, Limited(3), second_pass=True)
    assert progress(run, 2.0) == "6 rows, 3.0 a second, 2 at a time, 3 set aside"
    lines = summary(run.statistics, Path("out.jsonl")).splitlines()
    assert lines[0] == "out.jsonl: 6 answered, 0 without an answer, 0 with an error."
    assert lines[2].startswith("limited: 6 ok; ")
    assert summary(BatchStatistics(failed=1_000), Path("o")) == (
        "o: 0 answered, 0 without an answer, 1,000 with an error."
    )


@pytest.mark.parametrize("share", [0.01, 0.5, 0.95, 1.0])
def test_times_are_counted_in_steps_of_12_percent(share: float) -> None:
    times, values = Times(), [0.001 * number for number in range(1, 1_001)]
    for each in values:
        times.see(each)
    exact = values[max(0, round(share * 1_000) - 1)]
    assert exact <= times.percentile(share) * 1.000_001
    assert times.percentile(share) <= exact * 1.13
