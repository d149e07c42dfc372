"""The command `fanin`: its subcommands and its exit status."""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fanin.errors import FaninError, message_of
from fanin.interfaces.cli.options import QUIET, Log
from fanin.interfaces.cli.process_exit import INTERRUPTED, UNREAD, USAGE, raise_on_interrupt
from fanin.interfaces.cli.terminal import note
from fanin.sanitize import line
from fanin.trace_export import exporting

if TYPE_CHECKING:
    from cyclopts import App

COMMANDS = {
    "ask": ("ask:ask", "Ask a question; get one answer with its sources, before the deadline."),
    "demo": ("demo:demo", "See how it works: three test services on this machine, no network needed."),
    "init": ("settings.settings_init:init", "Write a settings file to start from."),
    "batch": ("batch.batch_command:batch", "Ask the questions of a file; what was stopped goes on."),
    "eval": ("evaluation.eval_drafting:app", "Measure how good answers are, with questions whose answers are known."),
    "sources": ("settings.sources_check:app", "List the sources in the settings, or try each of them out."),
    "kb": ("kb.kb_commands:app", "Add your own documents, so that questions are answered from them too."),
    "runs": ("runs.runs_commands:app", "List the runs that were kept, show one again, replay, export and delete."),
    "mcp": ("service.mcp_command:mcp", "Serve one agent over MCP on standard input and output."),
    "serve": ("service.serve:serve", "Answer over HTTP: one address for programs."),
    "keys": ("service.keys_commands:app", "Keys for the HTTP API: add, list and revoke them."),
    "analyze": ("analyze:analyze", "Take one text apart and rank what it says against a question."),
    "bench": ("bench:bench", "Measure what fanin gains on this machine."),
    "--install-completion": ("completion:install", "Have your shell complete commands and options."),
}
"""Where each command is, below this package, and what it does. Only the one that is called is imported."""

_BEGIN = 'Begin with `fanin demo`, or `fanin ask "What is the weather in Paris?"`.'

OBJECTS = 50_000
"""Objects that are made between two searches for garbage: what imports make is none, and a search takes time."""

_OUTPUT_ERRORS = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""How writing to the standard output fails."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status; a mistake in the call is one message, never a traceback."""
    gc.set_threshold(OBJECTS)
    try:
        status = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say("Stopped.")
        return INTERRUPTED
    except OSError as error:
        if error.errno not in _OUTPUT_ERRORS or error.filename is not None:
            raise
        return _give_up_output(error)
    return status


def build(name: str = "") -> App:
    """The commands, only the one of this name if there is one; `meta` of it also takes the options of the log."""
    from cyclopts import App, Parameter

    app = App(
        name="fanin",
        help="Ask many sources at once, think on every core, answer on time.",
        help_format="plaintext",
        help_epilogue=None if name in COMMANDS else _BEGIN,
        version=_version,
        default_parameter=Parameter(show_default=False),
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )
    for order, (each, (place, summary)) in enumerate(COMMANDS.items()):
        if name == each or name not in COMMANDS:
            summary = summary if name != each else None  # its own help says it
            app.command(f"fanin.interfaces.cli.{place}", name=each, help=summary, sort_key=order)

    @app.meta.default
    def logged(
        *arguments: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)], log: Log = QUIET
    ) -> int | None:  # pyright: ignore[reportUnusedFunction]
        with log.shown():
            return app(arguments, exit_on_error=False, print_error=False)

    return app


def _run(arguments: list[str]) -> int:
    from cyclopts import CycloptsError, UnusedCliTokensError

    command = next((each for each in arguments if each in COMMANDS), "")
    if command not in ("ask", "demo", "mcp"):
        raise_on_interrupt()
    try:
        with exporting():
            return build(command).meta(arguments, exit_on_error=False, print_error=False) or 0
    except CycloptsError as error:
        called = " ".join(("fanin", *(error.command_chain or ())))
        unused = error.unused_tokens if isinstance(error, UnusedCliTokensError) else None
        what = f"`{called}` takes no {' '.join(map(repr, unused))}." if unused else message_of(error)
        _say(f"{what} fanin did nothing. `{called} --help` says what there is.")
    except FaninError as error:
        _say(str(error))
    return USAGE


def _give_up_output(error: OSError) -> int:
    """Replace the standard output, so that what is still buffered raises no error at exit."""
    if not isinstance(error, BrokenPipeError):  # else the reader has closed it
        _say(f"The output cannot be written: {error.strerror}; fanin stopped. Make room, or write it elsewhere.")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


def _say(message: str) -> None:
    note("\n".join(f"fanin: {line(each)}" for each in message.splitlines()))


def _version() -> str:
    from importlib.metadata import version

    return f"fanin {version('fanin')}"
