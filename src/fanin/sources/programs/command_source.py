"""A program as a source: it reads the question from stdin and writes documents to stdout, each as a line of JSON."""

import asyncio
import json
import math
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from functools import partial

from fanin.errors import ConfigError, FailureKind, SourceError, message_of
from fanin.limits import LIMITS, Limits
from fanin.loop_time import ON_LOOP, off_loop
from fanin.model import Document, Question
from fanin.net.secrets import secrets_in
from fanin.sources.json_documents import document_from_json, parse_json
from fanin.sources.masked_source import mask_source
from fanin.sources.programs.child_process import Child
from fanin.sources.programs.environment import Variables, identifying_variables, resolve_folder
from fanin.sources.source import Item, Source, digest


def command(
    arguments: Sequence[str],
    *,
    name: str = "command",
    environment: Variables | None = None,
    folder: str | None = None,
    timeout: float = 5.0,
    limits: Limits = LIMITS,
) -> Source:
    """A source that runs a program for each question, without a shell, and gives each document that it writes at once.

    The program reads one line, `{"question": "…", "deadline": 4.9}` (seconds that it has), and then the end of its
    input. Each line that it writes is a JSON string, or an object with `text` and maybe `title`, `url`, `published`,
    `media_type` and `metadata`. An exit status other than 0 is a failure. It gets a few variables of fanin's
    environment, and those of `environment`. At its deadline, or when the answer is done, its process group is killed.
    """
    if not arguments or not all(arguments[:1]):
        raise ConfigError("The source command names no program; fanin did not add it. Give its name and arguments.")

    async def fetch(question: Question) -> AsyncIterator[Item]:
        longest = limits.line_bytes
        child = await Child.start(arguments, name=name, variables=environment, folder=folder, longest=longest)
        try:
            child.send(_request_line(question, timeout))
            child.finish()
            async with aclosing(_documents(child, limits)) as documents:
                async for each in documents:
                    yield each
            if status := await child.status():
                raise _exit_error(status, child.stderr_tail)
        finally:
            await child.end()

    identity = digest("command", list(arguments), resolve_folder(folder), identifying_variables(environment))
    return mask_source(Source(name, fetch, timeout=timeout, identity=identity), secrets_in(environment))


def _request_line(question: Question, timeout: float) -> bytes:
    left = min(timeout, question.deadline - asyncio.get_running_loop().time())
    line = {"question": question.text, "deadline": round(left, 3) if math.isfinite(left) else None}
    return json.dumps(line).encode() + b"\n"


async def _documents(child: Child, limits: Limits) -> AsyncGenerator[Document]:
    written, number = 0, 0
    async with aclosing(child.lines()) as lines:
        async for line in lines:
            written, number = written + len(line), number + 1
            if written > limits.output_bytes:
                raise _limit_exceeded(f"{limits.output_bytes:,} bytes")
            if number > limits.output_lines:
                raise _limit_exceeded(f"{limits.output_lines:,} lines")
            if not line.isspace():
                read = partial(_document, line, number, limits)
                yield read() if len(line) <= ON_LOOP else await off_loop(read)


def _limit_exceeded(what: str) -> SourceError:
    return SourceError(
        f"It wrote more than {what}; fanin stopped reading it. Let it write less.", FailureKind.TOO_LARGE
    )


def _document(line: bytes, number: int, limits: Limits) -> Document:
    try:
        return document_from_json(parse_json(line, limits))
    except ValueError as error:
        raise SourceError(
            f"Line {number} of its output is not a document: {message_of(error)} ({line[:80]!r}); fanin stopped"
            ' reading it. Let it write {"text": "…"}, or a JSON string, on each line.',
            FailureKind.FORMAT,
        ) from error


def _exit_error(status: int, stderr_tail: str) -> SourceError:
    how = f"ended with status {status}" if status > 0 else f"was ended by {_signal(-status)}"
    quoted = f", after saying {stderr_tail[-500:]!r}" if stderr_tail else ""
    return SourceError(f"It {how}{quoted}; fanin kept what came before. Run it by hand to see why.", FailureKind.EXIT)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
