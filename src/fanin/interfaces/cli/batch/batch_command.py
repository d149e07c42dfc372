"""`fanin batch`: the questions of a file, from the options to the exit status."""

import asyncio
import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fanin.batch.adaptive_limit import AdaptiveLimit
from fanin.batch.batch_journal import BatchJournal
from fanin.batch.batch_output import check_output, write_output
from fanin.batch.batch_run import BatchOptions, BatchRun
from fanin.batch.batch_statistics import BatchStatistics
from fanin.batch.input_rows import InputRows
from fanin.batch.question_template import COLUMN, QuestionTemplate
from fanin.config import Settings, find, load
from fanin.durations import named
from fanin.errors import ConfigError, message_of
from fanin.interfaces.cli.ask import duration
from fanin.interfaces.cli.batch.batch_progress import following, summary
from fanin.interfaces.cli.options import Config, Deadline
from fanin.interfaces.cli.process_exit import INTERRUPTED, NO_ANSWER, UNREAD
from fanin.interfaces.cli.terminal import note, say
from fanin.interfaces.report.batch_report import batch_report

NOTHING = "fanin asked nothing"

type Input = Annotated[
    Path,
    Parameter(
        allow_leading_hyphen=True,
        help='The file of questions: .jsonl, .csv, .tsv or .parquet, or "-" for JSON lines on standard input.',
    ),
]
type Output = Annotated[
    Path,
    Parameter(
        name=("-o", "--output"), help="The file that is written: .jsonl, .csv, .tsv or .parquet. It must not exist."
    ),
]
type Concurrency = Annotated[
    str, Parameter(help='Questions at a time. Default: "auto", as many as do not make each other slower.')
]
type Template = Annotated[
    str, Parameter(help='The column of the question, or a text with columns: "{company} news". Default: question.')
]
type Columns = Annotated[
    tuple[str, ...], Parameter(negative=(), help="Keep only this column of the input. Repeat it to keep several.")
]
type Limit = Annotated[int | None, Parameter(help="Ask only so many rows.")]
type Resume = Annotated[bool, Parameter(negative=(), help="Go on with a batch that did not end.")]
type Report = Annotated[
    Path | None,
    Parameter(
        help="Write here what became of the batch, as one page that opens offline. It is replaced if it is there."
    ),
]
type SecondPass = Annotated[
    bool, Parameter(negative=(), help="Ask again at the end what a source missed that was down, limited or late.")
]


def batch(
    input: Input,  # noqa: A002 - the name is shown
    /,
    *,
    output: Output,
    question: Template = COLUMN,
    columns: Columns = (),
    concurrency: Concurrency = "auto",
    deadline: Deadline = "",
    limit: Limit = None,
    second_pass: SecondPass = False,
    resume: Resume = False,
    report: Report = None,
    config: Config = None,
) -> int:
    """Ask the questions of a file, and write its rows with their answers; a batch that was stopped goes on.

    Each row of the output has the columns of the input, and then answer, success, citations, outcomes, execution_time
    and error. Until all are answered they are kept in a journal beside the output. The exit status is 0 with an answer,
    3 without any, 2 for a mistake in the call or the settings, 1 when the disk is full, 130 after Ctrl-C.
    """
    path = find(config)
    settings, template = load(path), QuestionTemplate(question)
    check_output(output)
    _check_report(report, {input, output})
    seconds = named("--deadline", duration, deadline, did=NOTHING) if deadline else None
    options = BatchOptions(template, _limit(concurrency), seconds, limit, columns or None, second_pass)
    rows = InputRows(input)
    kept = {
        "The input": str(input.absolute()) if str(input) != "-" else "-",
        "The settings file": _digest(path),
        "--question": question,
        "--columns": " ".join(columns),
        "--deadline": deadline,
    }
    with closing(rows):
        journal = BatchJournal(output.with_name(f"{output.name}.journal"), kept, resume=resume)
        return _run(settings, BatchRun(rows, journal, options), output, report)


def _run(settings: Settings, run: BatchRun, output: Path, report: Path | None) -> int:
    """Ask, and write; whatever stops it, says what is kept and how to go on."""
    journal, statistics = run.journal, run.statistics
    go_on = f"What was answered is in {journal.path}; the same command with --resume goes on."

    async def ask() -> None:
        async with settings.engine() as engine, following(run):
            await run.run(engine)

    try:
        asyncio.run(ask())
        _write_report(report, statistics, run.rows.name)
        write_output(journal, output, own=run.rows.parquet, columns=run.options.columns)
    except KeyboardInterrupt:
        note(f"Stopped. {go_on}")
        _write_report(report, statistics, run.rows.name)
        journal.close()
        return INTERRUPTED
    except (sqlite3.Error, OSError) as error:
        note(f"fanin: {journal.path} or {output} cannot be written: {message_of(error)}; fanin stopped. {go_on}")
        journal.close()
        return UNREAD
    except ConfigError:
        journal.close(remove=journal.empty)
        raise
    journal.close(remove=True)
    say(summary(statistics, output))
    return 0 if statistics.answered else NO_ANSWER


def _check_report(path: Path | None, others: set[Path]) -> None:
    if path is None:
        return
    if path in others or path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigError(f"--report {path}: no file can be written there; {NOTHING}. Name another one.")


def _write_report(path: Path | None, statistics: BatchStatistics, name: str) -> None:
    if path is not None:
        path.write_text(batch_report(statistics, title=f"Batch of {name}"), "utf-8")


def _limit(text: str) -> AdaptiveLimit:
    if text == "auto":
        return AdaptiveLimit()
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 10_000:
        raise ConfigError(f'--concurrency {text!r}: {NOTHING}. Give a number from 1 to 10000, or "auto".')
    return AdaptiveLimit(first=int(text), fixed=True)


def _digest(path: Path | None) -> str:
    """What the settings file says, in a form that keeps its secrets."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path is not None else "the built-in sources"
