"""`fanin --install-completion`: have a shell complete commands and options."""

from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.completion.detect import ShellDetectionError

from fanin.errors import ConfigError
from fanin.interfaces.cli.app import build
from fanin.interfaces.cli.terminal import say


def install(
    *,
    shell: Annotated[
        Literal["bash", "zsh", "fish"] | None, Parameter(help="The shell. Default: the one that this command runs in.")
    ] = None,
) -> int:
    """Have your shell complete commands and options, from its next start on."""
    try:
        path = build().install_completion(shell=shell)
    except ShellDetectionError:
        raise ConfigError(
            "fanin cannot find out which shell this is; nothing was changed. Name it with --shell."
        ) from None
    except OSError as error:
        raise ConfigError(
            f"{error.filename}: {error.strerror}; fanin did not install the completion. Make that writable."
        ) from None
    say(f"Wrote {path}. Your shell completes `fanin` from its next start on.")
    return 0
