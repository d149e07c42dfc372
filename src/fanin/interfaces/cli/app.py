"""The command `fanin`: what it understands, and how it ends."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cyclopts import App

USAGE, NO_ANSWER, INTERRUPTED = 2, 3, 130
"""Exit statuses besides 0: a mistake in the call or the settings, no source had an answer, Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status; whatever is wrong with the call is one message, never a traceback."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        _say("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def build() -> App:
    """The commands and their options."""
    from cyclopts import App, Parameter

    from fanin.interfaces.cli.analyze import analyze
    from fanin.interfaces.cli.ask import ask
    from fanin.interfaces.cli.bench import bench
    from fanin.interfaces.cli.demo import demo
    from fanin.interfaces.cli.kb.commands import build as kb
    from fanin.interfaces.cli.settings.check import check
    from fanin.interfaces.cli.settings.init import init
    from fanin.interfaces.cli.settings.sources import sources

    app = App(
        name="fanin",
        help="Ask many sources at once, think on every core, answer on time.",
        help_format="plaintext",
        version=_version,
        default_parameter=Parameter(show_default=False),
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )
    app.command(analyze)
    app.command(ask)
    app.command(bench)
    app.command(demo)
    app.command(init)
    declared = App(name="sources", help_format="plaintext")
    declared.default(sources)
    declared.command(check)
    app.command(declared)
    app.command(kb())
    return app


def _run(arguments: list[str]) -> int:
    from cyclopts import CycloptsError

    from fanin.errors import FaninError, message_of

    app = build()
    try:
        status = app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        what = message_of(error)
        _say(f"{what} Nothing was asked. `fanin --help` and `fanin COMMAND --help` say what there is.")
        return USAGE
    except FaninError as error:
        _say(str(error))
        return USAGE
    return status or 0


def _say(message: str) -> None:
    from fanin.sanitize import line

    sys.stderr.write("".join(f"fanin: {line(each)}\n" for each in message.splitlines()))


def _version() -> str:
    from importlib.metadata import version

    return f"fanin {version('fanin')}"
