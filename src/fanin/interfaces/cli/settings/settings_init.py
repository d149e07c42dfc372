"""`fanin init`: a settings file to start from."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fanin.config import FILE, STARTER
from fanin.errors import ConfigError
from fanin.interfaces.cli.terminal import say


def init(*, config: Annotated[Path | None, Parameter(help="Where to write it. Default: ./fanin.toml.")] = None) -> int:
    """Write a settings file with comments and the built-in sources, to start from. No file is ever overwritten."""
    path = config or Path(FILE)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER.read_text("utf-8"))
    except FileExistsError as error:
        raise ConfigError(
            f"{path} is there already; fanin left it as it is. Edit it, or move it away first."
        ) from error
    except OSError as error:
        with suppress(OSError):
            path.unlink()  # it may have been made, and could not be written
        why = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: {why}; fanin wrote nothing. Name a path that can be written.") from error
    say(f"Wrote {path}. `fanin sources check` asks each of its sources once.")
    return 0
