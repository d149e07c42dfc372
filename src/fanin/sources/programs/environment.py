"""The environment of a child process: only a few of fanin's own variables, so that it gets no key by accident."""

import os
from collections.abc import Mapping
from pathlib import Path

from fanin.net.secrets import Secret

type Variables = Mapping[str, str | Secret]

INHERITED = (
    *("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH"),
    *("SHELL", "TERM", "TMPDIR", "TZ", "USER"),
)
"""Variables that most programs need, and that hold no secret."""

_OWNER = ("HOME", "USER")
"""Variables by which a program finds the files and keys of its user."""


def child_environment(variables: Variables) -> dict[str, str]:
    """The inherited variables, and the given ones."""
    given = {name: value.reveal() if isinstance(value, Secret) else value for name, value in variables.items()}
    return {name: os.environ[name] for name in INHERITED if name in os.environ} | given


def identifying_variables(variables: Variables | None) -> dict[str, str]:
    """The variables on which the answers depend, with secrets masked, and those that name the user."""
    owner = {name: os.environ.get(name, "") for name in _OWNER}
    return owner | {name: str(value) for name, value in (variables or {}).items()}


def resolve_folder(folder: str | None) -> str:
    """The absolute path of the folder in which a program runs."""
    return str(Path(folder or "").resolve())
