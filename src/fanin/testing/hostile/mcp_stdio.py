"""A misbehaving MCP server over stdio: `python -m fanin.testing.hostile.mcp_stdio NAME`.

Names are those of `CALLS` and `TOOLS` in `fanin.testing.hostile.mcp_answers`, and those of `PROCESSES` here.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping

from fanin.testing.hostile.mcp_answers import answer_lines


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _ignore_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _stubborn() -> None:
    """It serves, ignores every signal that can be ignored, and does not end when its input does."""
    _ignore_signals()
    _serve("good")
    time.sleep(600)


def _grandchild() -> None:
    """It serves, and leaves a process of another group that holds its pipes."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(20)
        os._exit(0)
    _serve("good")


def _complain() -> None:
    """It writes on stderr without end."""
    while True:
        sys.stderr.write("e" * 10_000 + "\n" * 10_000)


def _flood(text: str) -> None:
    """It writes on stdout without end, before anybody asks."""
    while True:
        _write(text)


PROCESSES: Mapping[str, Callable[[], None]] = {
    "stubborn": _stubborn,
    "grandchild": _grandchild,
    "silent": lambda: time.sleep(600),
    "ends-at-once": lambda: sys.exit("\x1b[2J\u202e no licence"),
    "flood-of-empty-lines": lambda: _flood("\n" * 1_000_000),
    "flood-of-lines": lambda: _flood("x\n" * 500_000),
    "flood-without-lines": lambda: _flood("x" * 1_000_000),
    "flood-of-complaints": _complain,
}
"""By name: what the process does instead of serving, or besides."""


def _serve(name: str) -> None:
    for line in sys.stdin:
        for answer in answer_lines(name, json.loads(line)):
            _write(answer + "\n")


def main() -> None:
    """Serve, or misbehave, until the input ends or the output is closed."""
    name = sys.argv[1]
    try:
        PROCESSES[name]() if name in PROCESSES else _serve(name)
    except OSError:
        os._exit(0)


if __name__ == "__main__":
    main()
