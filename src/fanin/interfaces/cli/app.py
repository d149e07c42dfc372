"""The command `fanin`: what it understands, and how it ends."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from fanin.interfaces.cli.process_exit import INTERRUPTED, UNREAD, give_back

if TYPE_CHECKING:
    from cyclopts import App

USAGE, NO_ANSWER = 2, 3
"""Exit statuses besides 0: a mistake in the call or the settings, no source had an answer."""

COMMANDS = {
    "analyze": "analyze:analyze",
    "ask": "ask:ask",
    "bench": "bench:bench",
    "demo": "demo:demo",
    "init": "settings.settings_init:init",
    "sources": "settings.sources_check:build",
    "kb": "kb.kb_commands:build",
}
"""Where each command is, below this package; `build` gives a command that has others below it."""

OBJECTS = 50_000
"""Objects that are made between two searches for garbage: what imports make is none, and a search takes time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status; whatever is wrong with the call is one message, never a traceback."""
    gc.set_threshold(OBJECTS)
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        _say("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has left; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD


def build(name: str = "") -> App:
    """The commands and their options; only the one of this name, if there is one: the others take time to import."""
    from cyclopts import App, Parameter

    app = App(
        name="fanin",
        help="Ask many sources at once, think on every core, answer on time.",
        help_format="plaintext",
        version=_version,
        default_parameter=Parameter(show_default=False),
        suppress_keyboard_interrupt=False,
        result_action="return_value",
    )
    for each in (name,) if name in COMMANDS else COMMANDS:
        module, _, command = COMMANDS[each].partition(":")
        found = getattr(import_module(f"fanin.interfaces.cli.{module}"), command)
        app.command(found() if command == "build" else found)
    return app


def _run(arguments: list[str]) -> int:
    from cyclopts import CycloptsError

    from fanin.errors import FaninError, message_of

    app = build(arguments[0] if arguments else "")
    if arguments[:1] not in (["ask"], ["demo"]):
        give_back()
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
