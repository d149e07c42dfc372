"""`fanin eval`: ask the questions of a file whose answers are known, and say how good the answers are."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, closing
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from fanin.batch.input_rows import InputRows
from fanin.config import Settings, find, load
from fanin.durations import named, whole
from fanin.errors import ConfigError
from fanin.evaluation.answer_metrics import K, metrics
from fanin.evaluation.evaluation_result import Evaluation, as_json, evaluated
from fanin.evaluation.evaluation_run import Questions, judge_all, judge_without, read_questions
from fanin.evaluation.gates import gate, worst
from fanin.evaluation.judging import Judged
from fanin.evaluation.junit import junit
from fanin.interfaces.cli.ask import duration
from fanin.interfaces.cli.evaluation.eval_output import shown
from fanin.interfaces.cli.evaluation.eval_progress import counted
from fanin.interfaces.cli.options import Config, Deadline, Json
from fanin.interfaces.cli.process_exit import BROKEN
from fanin.interfaces.cli.terminal import note, say, say_json
from fanin.streams.event_json import dumps

NOTHING = "fanin asked nothing"

type Asked = Annotated[
    Path,
    Parameter(help="The file of questions: .jsonl, .csv, .tsv or .parquet, with facts, documents or unanswerable."),
]
type Compare = Annotated[
    tuple[Path, Path] | None,
    Parameter(negative=(), help="Ask by two settings files, and compare the second to the first."),
]
type Gates = Annotated[
    tuple[str, ...],
    Parameter(
        name="--gate",
        negative=(),
        allow_leading_hyphen=False,
        help='A bound, such as "right>=0.9"; with --compare, a metric that must not become worse. May be repeated.',
    ),
]

app = App(
    name="eval",
    help="Measure how good answers are, with questions whose answers are known; draft such questions.",
    help_format="plaintext",
    version_flags=(),
)
"""The command `fanin eval`, and those below it."""


@app.default
def evaluate(
    questions: Asked,
    /,
    *,
    compare: Compare = None,
    gates: Gates = (),
    leave_one_out: Annotated[
        bool, Parameter(negative=(), help="Also ask without each source, to see what it changes; takes longer.")
    ] = False,
    k: Annotated[int, Parameter(name="--k", help="Documents that success@k and recall@k look at. Default: 5.")] = K,
    concurrency: Annotated[int, Parameter(help="Questions at a time; more are slower each. Default: 4.")] = 4,
    deadline: Deadline = "",
    limit: Annotated[int | None, Parameter(help="Ask only so many questions.")] = None,
    output: Annotated[
        Path | None, Parameter(name=("-o", "--output"), help="Write all that was found here, as JSON. It is replaced.")
    ] = None,
    junit_xml: Annotated[Path | None, Parameter(help="Write JUnit XML here. It is replaced.")] = None,
    json: Json = False,
    config: Config = None,
) -> int:
    """Ask questions whose answers are known, and say how good the answers are, and what each source is worth.

    Nothing is answered from a cache. Figures have intervals of 95 percent. The exit status is 4 when a gate is broken:
    when all of its interval is on the wrong side of the bound. With too few questions to say so, it is 0.
    """
    known = metrics(whole("--k", k, least=1))
    at_once = whole("--concurrency", concurrency, least=1)
    bounds = [gate(each, known, comparing=compare is not None) for each in gates]
    if compare is not None and leave_one_out:
        raise ConfigError(f"--leave-one-out and --compare; {NOTHING}. Give one of them.")
    paths = [*compare] if compare is not None else [find(config)]
    settings = {str(path): load(path) for path in paths}
    if compare is not None and len(settings) < 2:
        raise ConfigError(f"--compare {paths[0]} with itself; {NOTHING}. Name two settings files.")
    seconds = named("--deadline", duration, deadline, did=NOTHING) if deadline else None
    with closing(InputRows(questions)) as rows:
        read = read_questions(rows, most=limit)
    for error in read.errors:
        note(f"fanin: {error}")
    answers, without = asyncio.run(_asked(settings, read, at_once, seconds, leave_one_out=leave_one_out))
    evaluation = evaluated(known, answers, errors=read.errors, gates=bounds, without=without)
    _write(evaluation, output, junit_xml, name=str(questions))
    say_json(dumps(as_json(evaluation), indent=2)) if json else say(shown(evaluation, known))
    return BROKEN if worst(evaluation.gates) == "broken" else 0


async def _asked(
    settings: Mapping[str, Settings], read: Questions, at_once: int, deadline: float | None, *, leave_one_out: bool
) -> tuple[Mapping[str, Sequence[Judged]], Sequence[Mapping[str, Judged]]]:
    """The answers by configuration, and those without each source."""
    async with AsyncExitStack() as stack:
        engines = [await stack.enter_async_context(each.engine()) for each in settings.values()]
        if leave_one_out:
            both = await _all(judge_without(engines[0], read.questions, at_once=at_once, deadline=deadline), read)
            return {name: [one for one, _ in both] for name in settings}, [less for _, less in both]
        found = await _all(judge_all(engines, read.questions, at_once=at_once, deadline=deadline), read)
        return dict(zip(settings, ([*each] for each in zip(*found, strict=True)), strict=True)), []


async def _all[T](results: AsyncGenerator[T], read: Questions) -> list[T]:
    async with aclosing(results):
        return [each async for each in counted(results, len(read.questions))]


def _write(evaluation: Evaluation, output: Path | None, junit_xml: Path | None, *, name: str) -> None:
    answers, errors = evaluation.configurations[-1].answers, evaluation.errors
    for path, text in (
        (output, dumps(as_json(evaluation), indent=2) + "\n"),
        (junit_xml, junit(name, answers, errors, evaluation.gates)),
    ):
        if path is not None:
            try:
                path.write_text(text, "utf-8")
            except OSError as error:
                raise ConfigError(f"{path} cannot be written: {error.strerror}. Name another file.") from error
