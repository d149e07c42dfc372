"""`fanin init`: a settings file to start from."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fanin.errors import ConfigError


def init(
    *, config: Annotated[Path | None, Parameter(help="Where to write it; ./fanin.toml if not given.")] = None
) -> int:
    """Write a commented settings file with the sources that are asked without one; never over another file."""
    from fanin.config.settings_file import FILE, STARTER

    path = config or Path(FILE)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER.read_text("utf-8"))
    except FileExistsError as error:
        raise ConfigError(
            f"{path} is there already; fanin left it as it is. Edit it, or move it away first."
        ) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: {why}; fanin wrote nothing. Name a path that can be written.") from error
    print(f"Wrote {path}. `fanin sources check` asks each of its sources once.")  # noqa: T201 - a command's own output
    return 0
