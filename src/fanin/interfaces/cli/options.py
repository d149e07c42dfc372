"""Options that several commands share: the settings file, JSON, events, and the log on standard error.

The log is what fanin sends and receives: `-v`, `--log-level` and `--log-format`.
"""

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, override

from cyclopts import Parameter

from fanin.interfaces.cli.terminal import note
from fanin.log import logger
from fanin.sanitize import block
from fanin.trace_export import trace_ids

type Config = Annotated[
    Path | None,
    Parameter(
        help="The settings file. Default: ./fanin.toml, else ~/.config/fanin/fanin.toml, else the built-in sources."
    ),
]
type Json = Annotated[bool, Parameter(negative=(), help="Print JSON.")]
type AnswerAsJson = Annotated[bool, Parameter(negative=(), help="Print the answer as one JSON object.")]
type Events = Annotated[bool, Parameter(negative=(), help="Print each event as it happens, a line of JSON each.")]
type Deadline = Annotated[
    str,
    Parameter(
        allow_leading_hyphen=True,
        help='Answer within this time: "500ms", "3s", "1m", or seconds. Default: that of the settings, or else 15s.',
    ),
]
type Level = Literal["debug", "info", "warning", "error"]

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


@Parameter(name="*", group="Log")
@dataclass(frozen=True, slots=True)
class Log:
    """What of the log is shown, and how."""

    verbose: Annotated[
        int,
        Parameter(
            name=("-v", "--verbose"),
            count=True,
            negative=(),
            help="Log what is sent and received to standard error; -vv also SQL, MCP messages, programs, tracebacks.",
        ),
    ] = 0
    level: Annotated[
        Level | None, Parameter(name="--log-level", help="Log this and worse. Default: warning; -v is info, -vv debug.")
    ] = None
    format: Annotated[
        Literal["text", "json"], Parameter(name="--log-format", help="How the log is written, a line for each entry.")
    ] = "text"

    @property
    def number(self) -> int:
        """The level as `logging` counts it."""
        return (
            _LEVELS[min(self.verbose, 2)] if self.level is None else logging.getLevelNamesMapping()[self.level.upper()]
        )

    @contextmanager
    def shown(self) -> Generator[None]:
        """Within the block, write the log to the standard error."""
        handler, before = _Handler(), logger.level
        is_asked_for = self.verbose or self.level is not None
        handler.setFormatter(_Json() if self.format == "json" else _Text() if is_asked_for else _PLAIN)
        if not is_asked_for:
            handler.addFilter(_is_news)
        logger.addHandler(handler)
        logger.setLevel(self.number)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(before)


QUIET = Log()


class _Handler(logging.Handler):
    @override
    def emit(self, record: logging.LogRecord) -> None:
        note(self.format(record), whole=isinstance(self.formatter, _Json))


class _Text(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        return block(f"{_time(record):%H:%M:%S.%f}"[:-3] + f" {record.levelname.lower():<7} {super().format(record)}")


class _Json(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": f"{_time(record).isoformat(timespec='milliseconds')}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": block(record.getMessage()),
            **trace_ids(),
        }
        if record.exc_info:
            entry["error"] = block(self.formatException(record.exc_info))
        return json.dumps(entry)


_PLAIN = logging.Formatter("fanin: %(message)s")


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC).astimezone()


def _is_news(record: logging.LogRecord) -> bool:
    """Whether an entry says what no answer does: those that `fanin.log` makes of events are in the answer, too."""
    return record.module != "log"
